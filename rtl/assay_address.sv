// Positions of a tap's pixels, and whether each lies inside the image. Twin: golden/banks.h.
//
// position of pixel j = ((slot[j] + row_slot) mod plane) + x[j] + base
// The part that depends on the pixel changes only with ky and kx. The proof in tests/formal shows
// that the position of a pixel inside the image lies inside the banks.
module assay_address #(
  parameter int Pixels  = 8,
  parameter int PosBits = 13,
  parameter int SizeBits = 16,
  parameter int RowBits = 22
) (
  input  logic                          clk_i,
  input  logic                          move_i,
  input  logic [SizeBits-1:0]           in_x_i,
  input  logic [SizeBits-1:0]           in_y_i,
  input  logic [PosBits:0]              plane_i,

  // Stage tap //
  input  logic                          valid_i,
  input  logic                          fresh_i,
  input  logic [Pixels*SizeBits-1:0]    x_i,
  input  logic [Pixels*RowBits-1:0]     row_i,
  input  logic [Pixels*RowBits-1:0]     column_i,
  input  logic [Pixels*PosBits-1:0]     slot_i,
  input  logic [RowBits-1:0]            row_offset_i,
  input  logic [RowBits-1:0]            column_offset_i,
  input  logic [PosBits:0]              row_slot_i,
  input  logic [PosBits-1:0]            base_i,

  // Stage address //
  output logic [Pixels*PosBits-1:0]     pixel_o,  // add base_o: the position
  output logic [Pixels-1:0]             inside_o,
  output logic [PosBits-1:0]            base_o
);

  logic [PosBits-1:0] base_q;

  assign base_o = base_q;

  always_ff @(posedge clk_i) begin
    if (move_i && valid_i) base_q <= base_i;
  end

  for (genvar j = 0; j < Pixels; j++) begin : gen_pixel
    logic [PosBits:0]   slot;  // both below plane_i, which may be all positions
    logic [PosBits-1:0] wrapped;
    logic [RowBits-1:0] row;
    logic [RowBits-1:0] column;
    logic [PosBits-1:0] pixel_q;
    logic               inside_q;

    assign slot    = {1'b0, slot_i[PosBits*j+:PosBits]} + row_slot_i;
    assign wrapped = PosBits'((slot >= plane_i) ? slot - plane_i : slot);
    assign row     = row_i[RowBits*j+:RowBits] + row_offset_i;        // negative: a large number
    assign column  = column_i[RowBits*j+:RowBits] + column_offset_i;

    always_comb pixel_o[PosBits*j+:PosBits] = pixel_q;  // no assign: assay_array
    always_comb inside_o[j]                 = inside_q;

    always_ff @(posedge clk_i) begin
      if (move_i && valid_i && fresh_i) begin
        pixel_q  <= wrapped + PosBits'(x_i[SizeBits*j+:SizeBits]);
        inside_q <= row < RowBits'(in_y_i) && column < RowBits'(in_x_i);
      end
    end
  end

`ifdef FORMAL
  `include "assay_address.svh"  // tests/formal
`endif

endmodule
