// Proof, inside assay_banks with assay_rotate: a lane inside the image gets the word that was written
// last for its position, in spread the tap's channel of it; a lane outside gets the zero point;
// nothing of it changes while move_i is low.
//
// One arbitrary lane and position stand for all. The test has 4 lanes, 2 channels, 16 positions.
//
// Assumed: the mode and the zero point stay; lanes inside lie at consecutive positions modulo their
// number (positions.smt2).

(* anyconst *) logic [PixelBits-1:0] some_lane;
(* anyconst *) logic [PosBits-1:0]   some_position;
(* anyconst *) logic                 some_mode;
(* anyconst *) logic [7:0]           some_zp;
(* hierconn *) logic [WordBits-1:0]  \gen_bank[0].u_ram.some , \gen_bank[1].u_ram.some ;
(* hierconn *) logic [WordBits-1:0]  \gen_bank[2].u_ram.some , \gen_bank[3].u_ram.some ;
(* hierconn *) logic [8*Channels-1:0] \gen_bank[0].u_ram.word , \gen_bank[1].u_ram.word ;
(* hierconn *) logic [8*Channels-1:0] \gen_bank[2].u_ram.word , \gen_bank[3].u_ram.word ;

logic                   known;               // the position was written
logic [8*Channels-1:0]  content;             // last
logic [PosBits-1:0]     position;            // of the lane
logic                   out_1, out_2, hit_1, hit_2;  // outside; at the position: stages read, operand
logic [8*Channels-1:0]  word_1, rows_2, stored, operand;
logic [ChannelBits-1:0] lane_1;
logic [PixelBits-1:0]   bank;
logic                   stood_q;
logic [8*Pixels*Channels-1:0] operand_was_q;

assign bank     = some_position[PixelBits-1:0];
assign position = pixel_i[PosBits*some_lane+:PosBits] + base_i;
assign operand  = operand_o[8*Channels*some_lane+:8*Channels];
assign stored   = bank == 0 ? \gen_bank[0].u_ram.word : bank == 1 ? \gen_bank[1].u_ram.word :
                  bank == 2 ? \gen_bank[2].u_ram.word : \gen_bank[3].u_ram.word ;

initial {known, out_1, out_2, hit_1, hit_2, stood_q} = '0;

always_ff @(posedge clk_i) begin
  stood_q       <= !move_i;
  operand_was_q <= operand_o;
  if (write_i && write_position_i == some_position) {known, content} <= {1'b1, write_data_i};
  if (move_i && valid_i) begin
    out_1  <= !inside_i[some_lane];
    hit_1  <= known && inside_i[some_lane] && position == some_position;
    word_1 <= content;
    lane_1 <= lane_i;
  end
  if (move_i && load_i) begin
    {out_2, hit_2} <= {out_1, hit_1};
    rows_2         <= out_1 ? {Channels{some_zp}} : some_mode ? {Channels{word_1[8*lane_1+:8]}} : word_1;
  end
end

always_comb begin
  assume (\gen_bank[0].u_ram.some == some_position[PosBits-1:PixelBits]);
  assume (\gen_bank[1].u_ram.some == some_position[PosBits-1:PixelBits]);
  assume (\gen_bank[2].u_ram.some == some_position[PosBits-1:PixelBits]);
  assume (\gen_bank[3].u_ram.some == some_position[PosBits-1:PixelBits]);
  assume (spread_i == some_mode && x_zp_i == some_zp);
  if (inside_i[some_lane]) begin
    assume (pixel_i[PosBits*some_lane+:PixelBits] == pixel_i[PixelBits-1:0] + some_lane);
  end
  if (known) assert (stored == content);
  if (out_1) assert (!inside_q[some_lane]);
  if (hit_1) begin
    assert (!out_1 && inside_q[some_lane] && lane_q == lane_1 && rotation_q == bank - some_lane);
    assert (bank_data[8*Channels*bank+:8*Channels] == word_1);
  end
  if (out_2 || hit_2) assert (operand == rows_2);
  if (stood_q) assert (operand_o == operand_was_q);
  cover (hit_2 && stood_q && some_lane == 2 && bank == 1 && some_mode && operand[7:0] == 8'd5);
end
