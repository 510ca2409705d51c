// Proof, inside assay_loader: every word of the stream is written in the cycle in which it is taken,
// once, in order, at the position that rtl/README.md gives for its row, block and column, inside the
// banks; the row ends with its last word.
//
// Row, block and column are counted plainly; quotients and remainders by the strides likewise. The
// test has 2^5 positions, and every layer that fits them with strides up to 3.
//
// Assumed: the layer does not change while it runs; what assay_setup makes of a description that it
// does not refuse: the products below, in_x <= pitch * stride_x, block_stride * in_blocks positions.

localparam int Wide = 2 * PosBits;

(* anyconst *) logic [1:0]         stride_x, stride_y;
(* anyconst *) logic [PosBits-1:0] ring_rows, pitch;
(* anyconst *) logic [PosBits-1:0] width, blocks;

logic [PosBits-1:0] x, quotient_x, block, slot_y;
logic [1:0]         phase_x, phase_y;
logic               run_q;
logic [Wide-1:0]    plane, column_stride, block_stride, places;
logic [Wide-1:0]    in_slot, in_plane, in_column, in_block, position;

initial assume (!rst_ni);
initial run_q = 1'b0;
assign plane         = Wide'(ring_rows) * Wide'(pitch);
assign column_stride = plane * Wide'(stride_y);
assign block_stride  = column_stride * Wide'(stride_x);
assign places        = block_stride * Wide'(blocks);
assign in_slot       = Wide'(slot_y) * Wide'(pitch);
assign in_plane      = Wide'(phase_y) * plane;
assign in_column     = Wide'(phase_x) * column_stride;
assign in_block      = Wide'(block) * block_stride;
assign position      = in_block + in_column + in_plane + in_slot + Wide'(quotient_x);

always_ff @(posedge clk_i) begin
  run_q <= rst_ni && run_i;
  if (!rst_ni || !run_i) begin
    {x, quotient_x, block, slot_y, phase_x, phase_y} <= '0;
  end else if (s_axis_tvalid && s_axis_tready) begin
    if (x + 1'b1 != width) begin
      x <= x + 1'b1;
      if (phase_x + 2'd1 == stride_x) begin
        phase_x    <= 2'd0;
        quotient_x <= quotient_x + 1'b1;
      end else begin
        phase_x <= phase_x + 2'd1;
      end
    end else begin
      {x, quotient_x, phase_x} <= '0;
      if (block + 1'b1 != blocks) begin
        block <= block + 1'b1;
      end else begin
        block <= '0;
        if (phase_y + 2'd1 == stride_y) begin
          phase_y <= 2'd0;
          slot_y  <= (slot_y + 1'b1 == ring_rows) ? '0 : slot_y + 1'b1;
        end else begin
          phase_y <= phase_y + 2'd1;
        end
      end
    end
  end
end

always_comb begin
  // A layer that fits the banks; no product overflows its width.
  assume (stride_x != 2'd0 && stride_y != 2'd0 && ring_rows != '0 && pitch != '0);
  assume (width != '0 && blocks != '0);
  assume (plane <= Wide'(1 << PosBits) && column_stride <= Wide'(1 << PosBits));
  assume (block_stride <= Wide'(1 << PosBits) && places <= Wide'(1 << PosBits));
  assume (Wide'(width) <= Wide'(pitch) * Wide'(stride_x));
  assume (in_x_i == 16'(width) && in_blocks_i == 16'(blocks));
  assume (pitch_i == (PosBits + 1)'(pitch) && plane_i == plane[PosBits:0]);
  assume (column_stride_i == column_stride[PosBits:0] && block_stride_i == block_stride[PosBits:0]);
  if (rst_ni && run_i) begin
    if (!run_q) assert ({x, quotient_x, block, slot_y, phase_x, phase_y, x_q, block_q} == '0);
    if (!run_q) assert ({phase_q, column_q, block_base_q, row_phase_q, slot_q} == '0);
    // What the counters of the module stand for.
    assert (x < width && block < blocks && slot_y < ring_rows);
    assert (phase_x < stride_x && phase_y < stride_y);
    assert (x == quotient_x * stride_x + phase_x);
    assert (quotient_x < pitch);
    assert (x_q == 16'(x) && block_q == 16'(block) && column_q == quotient_x);
    assert (Wide'(phase_q) == in_column && Wide'(row_phase_q) == in_plane);
    assert (Wide'(slot_q) == in_slot && Wide'(block_base_q) == in_block);
    // The word is written where it belongs.
    assert (Wide'(position_o) == position && position < places);
  end
  // Nothing is lost or doubled.
  assert (write_o == (s_axis_tvalid && s_axis_tready) && s_axis_tready == accept_i);
  for (int i = 0; i < Channels; i++) begin
    assert (data_o[8*i+:8] == (s_axis_tdata[8*i+:8] ^ {flip_i, 7'd0}));
  end
  if (rst_ni && run_i) begin
    assert (row_done_o == (write_o && x + 1'b1 == width && block + 1'b1 == blocks));
  end
  cover (rst_ni && run_i && phase_x == 2'd1 && slot_y == 1 && block == 1);
end
