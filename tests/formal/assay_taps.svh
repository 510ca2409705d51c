// Proof, inside assay_taps: the taps of a pass come in order, each once, the last one marked; every
// offset is the one that assay_address.svh needs; the weight addresses count up from the block's first
// word, by halves of a word if the weights are int4. A tap stays while move_i is low.
//
// Kernel column and row, step, input block and channel are counted plainly. Row offset
// ky * dilation_y - pad_top = tap_y * stride_y + phase_y with 0 <= phase_y < stride_y; its ring slot is
// tap_y mod ring_rows; columns likewise. The test has 2^4 positions, kernels and strides up to 3,
// dilations and paddings up to 7, every layer that fits.
//
// Assumed: the layer does not change; what assay_phase.svh proves of the split paddings and
// dilations; first input block + blocks read stay inside the input (assay_params refuses others); a
// pass that waits does not change (assay_sequencer.svh).

localparam int Wide = 2 * PosBits + 2;

// The layer //
(* anyconst *) logic [1:0]         stride_x, stride_y, kernel_x, kernel_y;
(* anyconst *) logic [2:0]         dilation_x, dilation_y, pad_left, pad_top;
(* anyconst *) logic [PosBits-1:0] ring_rows, pitch, blocks;
(* anyconst *) logic [3:0]         count;
// -pad = start * stride + start_phase, dilation = step * stride + step_phase, and modulo ring_rows
(* anyconst *) logic signed [3:0]  start_x, start_y;
(* anyconst *) logic [2:0]         step_x, step_y;
(* anyconst *) logic [1:0]         start_phase_x, start_phase_y, step_phase_x, step_phase_y;
(* anyconst *) logic [PosBits-1:0] start_slot, step_slot;
// The pass that comes //
(* anyseq *) logic [PosBits-1:0]   first_block;

logic [Wide-1:0]   plane, column_stride, block_stride, places;
logic signed [7:0] offset_y, offset_x, pad_y, pad_x, dilated_y, dilated_x;

assign plane         = Wide'(ring_rows) * Wide'(pitch);
assign column_stride = plane * Wide'(stride_y);
assign block_stride  = column_stride * Wide'(stride_x);
assign places        = block_stride * Wide'(blocks);
assign pad_y     = start_y * $signed({1'b0, stride_y}) + $signed({1'b0, start_phase_y});
assign pad_x     = start_x * $signed({1'b0, stride_x}) + $signed({1'b0, start_phase_x});
assign dilated_y = $signed({1'b0, step_y}) * $signed({1'b0, stride_y}) +
                   $signed({1'b0, step_phase_y});
assign dilated_x = $signed({1'b0, step_x}) * $signed({1'b0, stride_x}) +
                   $signed({1'b0, step_phase_x});

// The tap //
logic                   there, begun;  // begun: there was a pass that begins a tile
logic [1:0]             kx, ky, phase_x, phase_y;
logic [3:0]             step;
logic [PosBits-1:0]     block, block_first, slot;
logic [ChannelBits-1:0] lane, lane_first;
logic signed [5:0]      tap_x, tap_y;
logic [WeightBits-1:0]  weight;
logic [WeightBits-1:0]  halves;  // words of int8 weights have two halves, each a step of int4
logic                   end_x, end_y, end_step, ends, enters, carry_x, carry_y;
logic [PosBits+1:0]     slot_next;
logic [Wide-1:0]        base, in_block;
logic [7:0]             in_slot, in_plane, in_column;

assign end_x     = kx + 2'd1 == kernel_x;
assign end_y     = ky + 2'd1 == kernel_y;
assign end_step  = step + 4'd1 == count;
assign ends      = end_x && end_y && end_step;
assign enters    = pass_valid_i && pass_ready_o;
assign carry_x   = 3'(phase_x) + 3'(step_phase_x) >= 3'(stride_x);
assign carry_y   = 3'(phase_y) + 3'(step_phase_y) >= 3'(stride_y);
assign slot_next = (PosBits + 2)'(slot) + (PosBits + 2)'(step_slot) + (PosBits + 2)'(carry_y);
assign in_block  = Wide'(block) * block_stride;
assign base      = in_block + Wide'(phase_x) * column_stride + Wide'(phase_y) * plane + Wide'(tap_x);
assign offset_y  = tap_y * $signed({1'b0, stride_y}) + $signed({1'b0, phase_y});
assign offset_x  = tap_x * $signed({1'b0, stride_x}) + $signed({1'b0, phase_x});

always_ff @(posedge clk_i) begin
  if (!rst_ni || !run_i) begun <= 1'b0;
  else if (swap_o) begun <= 1'b1;
  if (!rst_ni || !run_i) there <= 1'b0;
  else if (enters) there <= 1'b1;
  else if (move_i && ends) there <= 1'b0;
  if (enters) begin
    {kx, ky, step}      <= '0;
    {block, lane}       <= {first_block, pass_lane_i};
    {block_first, lane_first} <= {first_block, pass_lane_i};
    {tap_x, phase_x}    <= {6'(start_x), start_phase_x};
    {tap_y, phase_y}    <= {6'(start_y), start_phase_y};
    slot                <= start_slot;
    weight              <= pass_begin_i ? pass_weights_i : weight + halves;
  end else if (move_i && there && !ends) begin
    weight <= weight + halves;
    step   <= end_step ? 4'd0 : step + 4'd1;
    if (end_step) {block, lane} <= {block_first, lane_first};
    else if (!spread_i) block <= block + 1'b1;
    else begin
      lane <= lane + 1'b1;
      if (&lane) block <= block + 1'b1;
    end
    if (end_step) begin
      kx      <= end_x ? 2'd0 : kx + 2'd1;
      tap_x   <= end_x ? 6'(start_x) : tap_x + $signed({3'd0, step_x}) + $signed({5'd0, carry_x});
      phase_x <= end_x ? start_phase_x
                       : phase_x + step_phase_x - (carry_x ? stride_x : 2'd0);
    end
    if (end_step && end_x) begin
      ky      <= ky + 2'd1;
      tap_y   <= tap_y + $signed({3'd0, step_y}) + $signed({5'd0, carry_y});
      phase_y <= phase_y + step_phase_y - (carry_y ? stride_y : 2'd0);
      slot    <= PosBits'((slot_next >= (PosBits + 2)'(ring_rows)) ?
                          slot_next - (PosBits + 2)'(ring_rows) : slot_next);
    end
  end
end

// Steps to the end of the input blocks, from the first one and from the tap's.
logic [15:0] room_first;
assign halves = int4_i ? WeightBits'(1) : WeightBits'(2);
assign room_first = spread_i ? 16'({first_block, pass_lane_i}) + 16'(count)
                             : 16'(first_block) + 16'(count);
logic [15:0] rest;
assign rest = spread_i ? 16'({block, lane}) + 16'(count) - 16'(step)
                       : 16'(block) + 16'(count) - 16'(step);
logic [15:0] rest_first;
assign rest_first = spread_i ? 16'({block_first, lane_first}) + 16'(count)
                             : 16'(block_first) + 16'(count);
logic [15:0] room;
assign room = spread_i ? 16'(blocks) << ChannelBits : 16'(blocks);

logic                   stood_q, waits_q;
logic [127:0]           tap_all, tap_all_q;
assign tap_all = 128'({valid_o, first_o, last_o, fresh_o, pass_end_o, channel_o, slot_o,
                       weight_addr_o, lane_o, row_offset_o, column_offset_o, row_slot_o, base_o});
assign in_slot   = 8'(slot) * 8'(pitch);
assign in_plane  = 8'(phase_y) * 8'(plane);
assign in_column = 8'(phase_x) * 8'(column_stride);

initial assume (!rst_ni);
initial stood_q = 1'b0;
always_ff @(posedge clk_i) begin
  stood_q   <= rst_ni && run_i && !move_i;
  tap_all_q <= tap_all;
end

logic spread;
(* anyconst *) logic spread_layer;
assign spread = spread_layer;
(* anyconst *) logic int4_layer;

always_comb begin
  // The layer.
  assume (spread_i == spread && int4_i == int4_layer);
  assume (stride_x != 2'd0 && stride_y != 2'd0 && ring_rows != '0 && pitch != '0);
  assume (kernel_x != 2'd0 && kernel_y != 2'd0 && count != 4'd0 && blocks != '0);
  assume (dilation_x != 3'd0 && dilation_y != 3'd0);
  assume (plane <= Wide'(1 << PosBits) && column_stride <= Wide'(1 << PosBits));
  assume (block_stride <= Wide'(1 << PosBits) && places <= Wide'(1 << PosBits));
  assume (kernel_x_i == 8'(kernel_x) && kernel_y_i == 8'(kernel_y) && count_i == 16'(count));
  assume (dilation_x_i == 8'(dilation_x) && dilation_y_i == 8'(dilation_y));
  assume (pad_left_i == 8'(pad_left) && pad_top_i == 8'(pad_top));
  assume (pitch_i == (PosBits + 1)'(pitch) && plane_i == plane[PosBits:0]);
  assume (column_stride_i == column_stride[PosBits:0] && block_stride_i == block_stride[PosBits:0]);
  assume (start_phase_x < stride_x && start_phase_y < stride_y && start_slot < ring_rows);
  assume (step_phase_x < stride_x && step_phase_y < stride_y && step_slot < ring_rows);
  assume (pad_y == -$signed({5'd0, pad_top}) && pad_x == -$signed({5'd0, pad_left}));
  assume (dilated_y == $signed({5'd0, dilation_y}) && dilated_x == $signed({5'd0, dilation_x}));
  assume (row_slot_start_i == (PosBits + 1)'(start_slot) * (PosBits + 1)'(pitch));
  assume (row_slot_step_i == (PosBits + 1)'(step_slot) * (PosBits + 1)'(pitch));
  assume (row_plane_start_i == (PosBits + 1)'(start_phase_y) * plane[PosBits:0]);
  assume (row_plane_step_i == (PosBits + 1)'(step_phase_y) * plane[PosBits:0]);
  assume (column_plane_start_i == (PosBits + 1)'(start_phase_x) * column_stride[PosBits:0]);
  assume (column_plane_step_i == (PosBits + 1)'(step_phase_x) * column_stride[PosBits:0]);
  assume (column_start_i == PosBits'(start_x) && column_step_i == PosBits'(step_x));
  // The pass. The first one begins a tile.
  if (pass_valid_i && !pass_begin_i) assume (begun);
  assume (room_first <= room);
  assume (pass_position_i == first_block * block_stride[PosBits-1:0]);
  if (!spread_i) assume (pass_lane_i == '0);
end

always_comb begin
  if (rst_ni) begin
    assert (valid_o == there);
    if (there) begin
      // The tap's place among the taps of the pass.
      assert (kx < kernel_x && ky < kernel_y && step < count);
      assert (kx_q == 8'(kx) && ky_q == 8'(ky) && step_q == 16'(step));
      assert (first_o == (kx == 2'd0 && ky == 2'd0 && step == 4'd0));
      assert (last_o == ends && fresh_o == (step == 4'd0));
      // Its input block and channel.
      assert (lane_o == lane && lane_start_q == lane_first);
      assert (rest == rest_first && rest_first <= room && block < blocks && block_first < blocks);
      assert (block_q == in_block[PosBits-1:0]);
      assert (block_start_q == block_first * block_stride[PosBits-1:0]);
      // Its offsets.
      assert (phase_x < stride_x && phase_y < stride_y && slot < ring_rows);
      assert (tap_x >= -6'sd8 && tap_x <= $signed({1'b0, 5'd7} * {4'd0, kx}));
      assert (tap_y >= -6'sd8 && tap_y <= $signed({1'b0, 5'd7} * {4'd0, ky}));
      assert (offset_y == $signed({6'd0, ky} * {5'd0, dilation_y}) - $signed({5'd0, pad_top}));
      assert (offset_x == $signed({6'd0, kx} * {5'd0, dilation_x}) - $signed({5'd0, pad_left}));
      assert ($signed(row_offset_o) == RowBits'(offset_y));
      assert ($signed(column_offset_o) == RowBits'(offset_x));
      assert (8'(row_slot_o) == in_slot && 8'(row_plane_q) == in_plane);
      assert (8'(column_plane_q) == in_column && column_q == tap_x[PosBits-1:0]);
      assert (base_o == base[PosBits-1:0]);
    end
    if (there) assert (begun);
    if (begun) assert (weight_addr_o == weight);
    // A pass is taken when the one before has ended, and with its tile.
    assert (pass_ready_o == (move_i && (!there || ends) && (!pass_begin_i || tile_valid_i)));
    assert (swap_o == (enters && pass_begin_i));
    if (stood_q) assert (tap_all == tap_all_q);
  end
  cover (rst_ni && there && ends && kernel_x == 2'd2 && kernel_y == 2'd2 && carry_y && slot == 1);
end
