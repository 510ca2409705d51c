// Proof, inside assay_initial: row i starts a pass from the acc_init that was written last for the
// pass's slot: in reduce that of its channel in row 0 and 0 in the others, else that of channel i.
// Nothing changes while move_i is low.
//
// One arbitrary channel and slot stand for all. Two channels. Assumed: the mode stays.

(* anyconst *) logic [ChannelBits-1:0] some_channel;
(* anyconst *) logic [SlotBits-1:0]    some_slot;
(* anyconst *) logic                   some_mode;
(* hierconn *) logic [SlotBits-1:0]    \gen_lane[0].u_ram.some , \gen_lane[1].u_ram.some ;
(* hierconn *) logic [31:0]            \gen_lane[0].u_ram.word , \gen_lane[1].u_ram.word ;

logic                   known, hit_1, hit_2, mine_2, stood_q;
logic [31:0]            content, init_1, init_2, stored;
logic [ChannelBits-1:0] channel_1;
logic [32*Channels-1:0] initial_was_q;

assign stored = some_channel == 0 ? \gen_lane[0].u_ram.word : \gen_lane[1].u_ram.word ;

initial {known, hit_1, hit_2, stood_q} = '0;

always_ff @(posedge clk_i) begin
  stood_q       <= !move_i;
  initial_was_q <= initial_o;
  if (write_i && write_lane_i == some_channel && write_slot_i == some_slot) {known, content} <= {1'b1, write_data_i};
  if (move_i && read_i) begin
    hit_1     <= known && slot_i == some_slot;
    init_1    <= content;
    channel_1 <= channel_i;
  end
  if (move_i && load_i) begin
    {hit_2, init_2} <= {hit_1, init_1};
    mine_2          <= channel_1 == some_channel;
  end
end

always_comb begin
  assume (\gen_lane[0].u_ram.some == some_slot && \gen_lane[1].u_ram.some == some_slot);
  assume (reduce_i == some_mode);
  if (known) assert (stored == content);
  if (hit_1) assert (read_data[32*some_channel+:32] == init_1 && channel_q == channel_1);
  if (hit_2 && !some_mode) assert (initial_o[32*some_channel+:32] == init_2);
  if (hit_2 && some_mode && mine_2) assert (initial_o[31:0] == init_2);
  if (hit_2 && some_mode) assert (initial_o[32*Channels-1:32] == '0);
  if (stood_q) assert (initial_o == initial_was_q);
  cover (hit_2 && stood_q && some_mode && mine_2 && some_channel == 1 && init_2 == 32'd5);
end
