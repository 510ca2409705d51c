// Proof, inside assay_sequencer: a pass stays while it is not taken; the passes of a tile come in the
// order of the channels, each once; nothing is asked for before its weights, parameters and rows are
// there, and the user moves on from a block only while that block is valid.
//
// Assumed: the layer stays while it runs; a block, once valid, stays until block_next_o; the taps
// begin a tile when they take its first pass (assay_taps.svh).

localparam int PassBits = 2 + ChannelBits + WeightBits + SlotBits;

(* anyconst *) logic               some_mode;
(* anyconst *) logic [ChannelBits:0] some_last;

logic [ChannelBits-1:0] next_channel, last_channel;
logic                   waiting, whole, taken;  // a pass waits; the tile is asked for; it is begun
logic [PassBits-1:0]    pass, pass_kept;
logic                   moved_q, weights_q, params_q, block_last_q;
logic [WeightBits-1:0]  base_q;
logic [SlotBits-1:0]    slot_was_q;

assign pass = {pass_begin_o, pass_end_o, pass_channel_o, pass_weights_o, pass_slot_o};
assign last_channel = !reduce_i ? '0 : ChannelBits'((weights_last_i ? some_last
                                       : (ChannelBits + 1)'(1 << ChannelBits)) - 1'b1);

initial assume (!rst_ni);
initial {moved_q, weights_q, params_q} = 3'b100;

always_ff @(posedge clk_i) begin
  moved_q      <= !rst_ni || !run_i || block_next_o;
  weights_q    <= weights_valid_i;
  params_q     <= params_valid_i;
  block_last_q <= weights_last_i;
  base_q       <= weights_base_i;
  slot_was_q   <= params_slot_i;
  if (!rst_ni || !run_i) begin
    {next_channel, waiting, whole, taken} <= '0;
  end else begin
    waiting <= first_read_o || (waiting && !pass_ready_i);
    if (first_read_o) begin
      next_channel <= (next_channel == last_channel) ? '0 : next_channel + 1'b1;
      pass_kept    <= {next_channel == '0, next_channel == last_channel, next_channel,
                       weights_base_i, params_slot_i};
    end
    whole <= whole;
    if (first_read_o && next_channel == last_channel) whole <= 1'b1;
    taken <= taken || swap_i;
    if ((whole || (first_read_o && next_channel == last_channel)) && (taken || swap_i)) begin
      {whole, taken} <= 2'b00;
    end
  end
end

always_comb begin
  assume (some_last != '0 && some_last <= (ChannelBits + 1)'(1 << ChannelBits));
  assume (reduce_i == some_mode && last_channels_i == some_last);
  if (!moved_q) begin
    assume (!weights_q || (weights_valid_i && weights_last_i == block_last_q));
    assume (!weights_q || weights_base_i == base_q);
    assume (!params_q || (params_valid_i && params_slot_i == slot_was_q));
  end
  assume (swap_i == (run_i && pass_valid_o && pass_ready_i && pass_begin_o));
  if (rst_ni && run_i) begin
    // What waits is what was asked for, unchanged.
    assert (pass_valid_o == waiting);
    if (waiting) assert (pass == pass_kept);
    if (first_read_o) assert (!waiting || pass_ready_i);
    // In order.
    assert (channel_q == next_channel && asked_q == whole && swapped_q == taken);
    if (first_read_o) assert (first_channel_o == next_channel && !whole);
    if (waiting && pass_begin_o) assert (!taken);
    if (whole) assert (next_channel == '0);
    if (waiting && pass_begin_o) assert (whole || next_channel == ChannelBits'(1));
    if (next_channel > '0 && !block_begin_q) assert (next_channel <= last_channel);
    if (taken) assert (whole || next_channel != '0);
    if (!taken && (whole || next_channel != '0)) assert (waiting && pass_begin_o);
    if (whole || next_channel != '0) assert (!block_begin_q);
    // Only what is there.
    if (first_read_o) assert (weights_valid_i && params_valid_i);
    if (block_next_o) assert (weights_valid_i && params_valid_i);
    if (!block_begin_q) assert (weights_valid_i && params_valid_i);
    if (group_begin_o) assert (rows_ready_i && first_read_o && next_channel == '0);
    if (group_begin_q) assert (block_begin_q);
    if (moved_q) assert (block_begin_q);
  end
  cover (rst_ni && run_i && reduce_i && waiting && pass_end_o && !pass_begin_o && !pass_ready_i);
  cover (rst_ni && run_i && block_next_o && weights_last_i);
end
