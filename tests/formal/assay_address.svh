// Proof, inside assay_address: a pixel inside the image is read where assay_loader.svh writes it,
// inside the banks; inside_o tells exactly the pixels that are inside.
//
// The tap lies (tap_y * stride_y + phase_y) rows and (tap_x * stride_x + phase_x) columns from the
// pixel's corner y * stride_y, x * stride_x, 0 <= phase < stride. So it is row
// (y + tap_y) * stride_y + phase_y, and likewise the column. The test has 2^5 positions, strides up
// to 3, and every layer that fits them.
//
// Assumed of a tap: what assay_taps.svh and assay_walker.svh prove, with the same names; of the layer:
// what assay_setup makes of a description that it does not refuse.

localparam int Wide = 2 * PosBits + 2;

(* anyconst *) logic [1:0]         stride_x, stride_y;
(* anyconst *) logic [PosBits-1:0] ring_rows, pitch, blocks, width;
(* anyconst *) logic [5:0]         height;

// The tap that comes, and the one that is held //
(* anyseq *) logic [PosBits-1:0] block, tap_slot;
(* anyseq *) logic signed [5:0]  tap_x, tap_y;  // quotients of the offsets, floor
(* anyseq *) logic [1:0]         phase_x, phase_y;
logic [PosBits-1:0]              block_h, tap_slot_h;
logic signed [5:0]               tap_x_h, tap_y_h;
logic [1:0]                      phase_x_h, phase_y_h;
logic                            held, same;

logic [Wide-1:0]   plane, column_stride, block_stride, places, base, base_h;
logic signed [8:0] offset_y, offset_x, offset_y_h, offset_x_h;

assign plane         = Wide'(ring_rows) * Wide'(pitch);
assign column_stride = plane * Wide'(stride_y);
assign block_stride  = column_stride * Wide'(stride_x);
assign places        = block_stride * Wide'(blocks);
assign base          = Wide'(block) * block_stride + Wide'(phase_x) * column_stride +
                       Wide'(phase_y) * plane + Wide'(tap_x);
assign base_h        = Wide'(block_h) * block_stride + Wide'(phase_x_h) * column_stride +
                       Wide'(phase_y_h) * plane + Wide'(tap_x_h);
assign offset_y      = tap_y * $signed({1'b0, stride_y}) + $signed({1'b0, phase_y});
assign offset_x      = tap_x * $signed({1'b0, stride_x}) + $signed({1'b0, phase_x});
assign offset_y_h    = tap_y_h * $signed({1'b0, stride_y}) + $signed({1'b0, phase_y_h});
assign offset_x_h    = tap_x_h * $signed({1'b0, stride_x}) + $signed({1'b0, phase_x_h});
assign same = {tap_x, tap_y, phase_x, phase_y, tap_slot} ==
              {tap_x_h, tap_y_h, phase_x_h, phase_y_h, tap_slot_h};

initial held = 1'b0;
always_ff @(posedge clk_i) begin
  if (move_i && valid_i) begin
    held                              <= 1'b1;
    {block_h, tap_slot_h}             <= {block, tap_slot};
    {tap_x_h, tap_y_h}                <= {tap_x, tap_y};
    {phase_x_h, phase_y_h}            <= {phase_x, phase_y};
  end
end

always_comb begin
  assume (stride_x != 2'd0 && stride_y != 2'd0 && ring_rows != '0 && pitch != '0);
  assume (width != '0 && blocks != '0 && height != '0);
  assume (plane <= Wide'(1 << PosBits) && column_stride <= Wide'(1 << PosBits));
  assume (block_stride <= Wide'(1 << PosBits) && places <= Wide'(1 << PosBits));
  assume (Wide'(width) <= Wide'(pitch) * Wide'(stride_x));
  assume (in_x_i == 16'(width) && in_y_i == 16'(height) && plane_i == plane[PosBits:0]);
  assume (phase_x < stride_x && phase_y < stride_y && block < blocks && tap_slot < ring_rows);
  assume (tap_x >= -6'sd12 && tap_x < 6'sd12 && tap_y >= -6'sd12 && tap_y < 6'sd12);
  assume (row_slot_i == (PosBits + 1)'(tap_slot) * (PosBits + 1)'(pitch));
  assume (base_i == base[PosBits-1:0]);
  assume (row_offset_i == RowBits'(offset_y) && column_offset_i == RowBits'(offset_x));
  // A tap that is not fresh differs from the one before in its block alone.
  if (move_i && valid_i && !fresh_i) assume (held && same);
  if (held) begin
    assert (phase_x_h < stride_x && phase_y_h < stride_y && block_h < blocks);
    assert (tap_slot_h < ring_rows && base_o == base_h[PosBits-1:0]);
    assert (tap_x_h >= -6'sd12 && tap_x_h < 6'sd12 && tap_y_h >= -6'sd12 && tap_y_h < 6'sd12);
  end
end

for (genvar j = 0; j < Pixels; j++) begin : gen_proof
  (* anyseq *) logic [4:0]         x, y;
  (* anyseq *) logic [PosBits-1:0] y_slot;  // y mod ring_rows
  logic [4:0]                      x_h, y_h;
  logic [PosBits-1:0]              y_slot_h;
  logic [PosBits:0]                slots;
  logic signed [8:0]               row, column;
  logic                            inside;
  logic [Wide-1:0]                 part, position;
  logic [PosBits-1:0]              read;

  assign slots  = (PosBits + 1)'(y_slot_h) + (PosBits + 1)'(tap_slot_h);
  assign row    = $signed({1'b0, y_h}) * $signed({1'b0, stride_y}) + offset_y_h;
  assign column = $signed({1'b0, x_h}) * $signed({1'b0, stride_x}) + offset_x_h;
  assign inside = row >= 0 && row < $signed({1'b0, height}) && column >= 0 &&
                  column < $signed({1'b0, width});
  // The formula of rtl/README.md: column div stride_x is x + tap_x.
  assign part     = ((slots >= (PosBits + 1)'(ring_rows)) ? Wide'(slots) - Wide'(ring_rows)
                                                          : Wide'(slots)) * Wide'(pitch) +
                    Wide'(x_h);
  assign position = part + base_h;
  assign read     = pixel_o[PosBits*j+:PosBits] + base_o;

  always_ff @(posedge clk_i) if (move_i && valid_i) {x_h, y_h, y_slot_h} <= {x, y, y_slot};

  always_comb begin
    assume (y_slot < ring_rows);
    assume (x_i[16*j+:16] == 16'(x));
    assume ({1'b0, slot_i[PosBits*j+:PosBits]} == (PosBits + 1)'(y_slot) * (PosBits + 1)'(pitch));
    assume (row_i[RowBits*j+:RowBits] == RowBits'(y) * RowBits'(stride_y));
    assume (column_i[RowBits*j+:RowBits] == RowBits'(x) * RowBits'(stride_x));
    if (move_i && valid_i && !fresh_i) assume ({x, y, y_slot} == {x_h, y_h, y_slot_h});
    if (held) begin
      assert (y_slot_h < ring_rows && inside_o[j] == inside);
      assert (pixel_o[PosBits*j+:PosBits] == part[PosBits-1:0]);
      if (inside) assert (Wide'(read) == position && position < places);
    end
    cover (held && inside && tap_x_h < 0 && tap_y_h < 0 && position == 7 && phase_y_h == 1);
  end
end
