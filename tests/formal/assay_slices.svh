// Proof, inside assay_slices with fewer lanes than channels: a vector that enters leaves once, whole,
// in order, each channel's result made from that channel's sum and the parameters of its slice in the
// vector's slot; it stays while it is not taken. Parameters are written where they are read.
//
// One arbitrary vector and channel stand for all; the requantizer is a queue that takes and offers
// whenever it likes (requant_any.sv, shown by assay_requant.svh).
//
// Assumed: a vector stays while it is not taken (assay_collector.svh).

localparam int Slices = 1 << SliceBits;

(* anyseq *) logic                     mark;
(* anyconst *) logic [ChannelBits-1:0] some_channel;
(* hierconn *) logic [3:0]                    \gen_slices.u_requant.count ;
(* hierconn *) logic [4*8*RequantLanes-1:0]   \gen_slices.u_requant.queue ;
(* hierconn *) logic                          \gen_slices.u_requant.write_i ;
(* hierconn *) logic [LaneBits-1:0]           \gen_slices.u_requant.write_lane_i ;
(* hierconn *) logic [SlotBits+SliceBits-1:0] \gen_slices.u_requant.write_slot_i ;

logic [SliceBits-1:0] slice;     // of the channel
logic [LaneBits-1:0]  lane;
logic                 running, enters, leaves;
logic                 waiting;   // a vector is there and not taken
logic                 marked, came;
logic [3:0]           inside, ahead;  // vectors that are taken and have not left
logic [3:0]           acc;
logic [SlotBits-1:0]  slot;
logic                 stalled_q;
logic [8*Channels-1:0] y_q;
logic [32*Channels-1:0] acc_q;
logic [SlotBits-1:0]  slot_q;
logic [7:0]           expected;
logic signed [7:0]    place;     // of the channel's slice in the queue
logic [8*RequantLanes-1:0] placed;

assign slice    = some_channel[ChannelBits-1-:SliceBits];
assign lane     = (RequantLanes > 1) ? LaneBits'(some_channel) : '0;
assign running  = rst_ni && run_i;
assign enters   = valid_i && ready_o;
assign leaves   = valid_o && ready_i;
assign expected = {4'({slot, slice}), acc};
assign place    = $signed({4'd0, ahead}) * Slices + $signed(8'(slice)) - $signed(8'(gen_slices.out_slice_q));
assign placed   = \gen_slices.u_requant.queue [8*RequantLanes*place[3:0]+:8*RequantLanes];

initial assume (!rst_ni);
initial {waiting, stalled_q, marked} = '0;

always_ff @(posedge clk_i) begin
  waiting   <= running && valid_i && !ready_o;
  stalled_q <= running && valid_o && !ready_i;
  y_q       <= y_o;
  acc_q     <= acc_i;
  slot_q    <= slot_i;
  if (!running) begin
    {inside, marked} <= '0;
  end else begin
    inside <= inside + 4'(enters) - 4'(leaves);
    if (!marked && mark && valid_i && !waiting) begin
      {marked, came} <= {1'b1, ready_o};
      ahead          <= inside - 4'(leaves);
      acc            <= acc_i[32*some_channel+:4];
      slot           <= slot_i;
    end else if (marked) begin
      came <= came || ready_o;
      if (leaves) ahead <= ahead - 4'd1;
      if (leaves && ahead == 4'd0) marked <= 1'b0;
    end
  end
end

always_comb begin
  if (waiting) assume (valid_i && acc_i == acc_q && slot_i == slot_q);
  if (running) begin
    // Slices: as many as there should be.
    assert (\gen_slices.u_requant.count <= 4'd4 && inside <= 4'd4);
    assert (8'(inside) * Slices + 8'(gen_slices.in_slice_q) ==
            8'(\gen_slices.u_requant.count ) + 8'(gen_slices.out_slice_q));
    if (gen_slices.in_slice_q != '0) assert (waiting);
    if (leaves) assert (inside != 4'd0);
    if (marked) begin
      assert (came ? ahead < inside : ahead == inside && waiting);
      if (!came) assert (acc == acc_q[32*some_channel+:4] && slot == slot_q);
      if (place < 0) assert (gen_slices.y_q[8*some_channel+:8] == expected);
      else if (place < $signed({4'd0, \gen_slices.u_requant.count })) begin
        assert (placed[8*lane+:8] == expected);
      end
      if (valid_o && ahead == 4'd0) assert (came && y_o[8*some_channel+:8] == expected);
    end
    if (stalled_q) assert (valid_o && y_o == y_q);
    // A vector is offered whatever ready_i is.
    if (gen_slices.y_valid && !valid_o) assert (gen_slices.y_ready);
  end
  // Parameters.
  assert (\gen_slices.u_requant.write_i == write_i);
  if (write_i && write_lane_i == some_channel) begin
    assert (\gen_slices.u_requant.write_lane_i == lane);
    assert (\gen_slices.u_requant.write_slot_i == {write_slot_i, slice});
  end
  cover (running && marked && stalled_q && ahead == 4'd0 && came && gen_slices.in_slice_q == 2'd3);
end
