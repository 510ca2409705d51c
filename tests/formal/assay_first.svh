// Proof, inside assay_first: what is read for a channel of a slot is the position of the first input
// block that its record gave, block * block_stride, and the channel inside it; it is stored when
// busy_o falls, at latest after as many cycles as there are blocks up to it, and one.
//
// One arbitrary channel and slot stand for all; the product is taken modulo 2^PosBits, the test has 4.
// Assumed: mode and stride stay while the layer runs; a record's `first` comes, and the layer's first
// channel follows, only while busy_o is low, not at once (assay_params.svh).

(* anyconst *) logic                   some_spread;
(* anyconst *) logic [PosBits-1:0]     some_stride;
(* anyconst *) logic [SlotBits-1:0]    some_slot;
(* anyconst *) logic [ChannelBits-1:0] some_channel;
(* hierconn *) logic [SlotBits+ChannelBits-1:0] \u_ram.some ;
(* hierconn *) logic [PosBits+ChannelBits-1:0]  \u_ram.word ;

logic                   running, came, pending, read_q;
logic [15:0]            block;   // of the chosen channel
logic [ChannelBits-1:0] lane;
logic [17:0]            cycles;  // that busy_o may last
logic [PosBits-1:0]     position, walked;

assign running  = rst_ni && run_i;
assign position = block[PosBits-1:0] * some_stride;
assign walked   = block_q[PosBits-1:0] * some_stride;

initial assume (!rst_ni);
initial {came, pending, read_q} = 3'b000;

always_ff @(posedge clk_i) begin
  read_q <= running && came && !pending && read_i && {read_slot_i, read_channel_i} == {some_slot, some_channel} &&
            !(take_i && {slot_i, channel_i} == {some_slot, some_channel});
  if (!running) begin
    {came, pending} <= 2'b00;
  end else begin
    if (take_i) cycles <= 18'(spread_i ? first_i >> ChannelBits : first_i) + 18'd2;
    else cycles <= cycles - 18'd1;
    if (take_i && {slot_i, channel_i} == {some_slot, some_channel}) begin
      {came, pending} <= 2'b11;
      block           <= some_spread ? first_i >> ChannelBits : first_i;
      lane            <= some_spread ? first_i[ChannelBits-1:0] : '0;
    end else if (busy_q && arrived) begin
      pending <= 1'b0;
    end
  end
end

always_comb begin
  assume (\u_ram.some == {some_slot, some_channel});
  assume (spread_i == some_spread && block_stride_i == some_stride);
  if (take_i || restart_i) assume (!busy_o && run_i);
  assume (!(take_i && restart_i));
  if (running) begin
    assert (position_q == walked);
    if (pending) assert (busy_q && {slot_q, channel_q} == {some_slot, some_channel});
    if (pending) assert (target_q == block && lane_q == lane);
    if (busy_q && {slot_q, channel_q} == {some_slot, some_channel} && came) assert (pending);
    if (came && !pending) assert (\u_ram.word == {position, lane});
    if (read_q && came && !pending) assert ({position_o, lane_o} == {position, lane});
    if (busy_q) begin
      assert (cycles != 18'd0);
      assert (block_q > target_q ? cycles == 18'(target_q) + 18'd2
                                 : cycles >= 18'(target_q) - 18'(block_q) + 18'd1);
    end
  end
  cover (running && read_q && block == 16'd2 && some_stride == PosBits'(3) && some_spread);
end
