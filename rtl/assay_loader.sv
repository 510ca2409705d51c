// Writes the activation stream into the banks at consecutive positions per phase. Twin:
// golden/banks.h.
//
// position = ((block*stride_x + x mod stride_x)*stride_y + y mod stride_y)*plane
//          + ((y div stride_y) mod ring_rows)*pitch + x div stride_x, kept by additions only.
module assay_loader #(
  parameter int Channels = 8,
  parameter int PosBits  = 13,
  parameter int SizeBits = 16
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  run_i,
  input  logic                  flip_i,  // qint8: offset binary, so that the array is unsigned
  input  logic [SizeBits-1:0]   in_x_i,
  input  logic [SizeBits-1:0]   in_blocks_i,
  input  logic [PosBits:0]      pitch_i,
  input  logic [PosBits:0]      plane_i,
  input  logic [PosBits:0]      column_stride_i,
  input  logic [PosBits:0]      block_stride_i,

  input  logic                  accept_i,
  output logic                  row_done_o,

  input  logic                  s_axis_tvalid,
  output logic                  s_axis_tready,
  input  logic [8*Channels-1:0] s_axis_tdata,

  output logic                  write_o,
  output logic [PosBits-1:0]    position_o,
  output logic [8*Channels-1:0] data_o
);

  logic [SizeBits-1:0] x_q;
  logic [SizeBits-1:0] block_q;
  logic [PosBits:0]    phase_q;       // (x mod stride_x) * column_stride
  logic [PosBits-1:0]  column_q;      // x div stride_x
  logic [PosBits-1:0]  block_base_q;  // block * block_stride
  logic [PosBits:0]    row_phase_q;   // (y mod stride_y) * plane
  logic [PosBits:0]    slot_q;        // ((y div stride_y) mod ring_rows) * pitch

  logic             last_x, last_block;
  logic [PosBits:0] phase, row_phase, slot;

  assign s_axis_tready = accept_i;
  assign write_o       = s_axis_tvalid && accept_i;
  assign row_done_o    = write_o && last_x && last_block;
  assign last_x        = x_q == in_x_i - SizeBits'(1);
  assign last_block    = block_q == in_blocks_i - SizeBits'(1);
  assign phase         = phase_q + column_stride_i;
  assign row_phase     = row_phase_q + plane_i;
  assign slot          = slot_q + pitch_i;
  assign position_o    = block_base_q + phase_q[PosBits-1:0] + row_phase_q[PosBits-1:0] +
                         slot_q[PosBits-1:0] + column_q;

  assign data_o = flip_i ? s_axis_tdata ^ {Channels{8'h80}} : s_axis_tdata;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      x_q          <= '0;
      block_q      <= '0;
      phase_q      <= '0;
      column_q     <= '0;
      block_base_q <= '0;
      row_phase_q  <= '0;
      slot_q       <= '0;
    end else if (run_i && write_o) begin
      x_q      <= last_x ? '0 : x_q + SizeBits'(1);
      phase_q  <= (last_x || phase == block_stride_i) ? '0 : phase;
      column_q <= last_x ? '0 : (phase == block_stride_i) ? column_q + 1'b1 : column_q;
      if (last_x) begin
        block_q      <= last_block ? '0 : block_q + SizeBits'(1);
        block_base_q <= last_block ? '0 : block_base_q + block_stride_i[PosBits-1:0];
      end
      if (last_x && last_block) begin
        row_phase_q <= (row_phase == column_stride_i) ? '0 : row_phase;
        if (row_phase == column_stride_i) slot_q <= (slot == plane_i) ? '0 : slot;
      end
    end else if (!run_i) begin
      x_q          <= '0;
      block_q      <= '0;
      phase_q      <= '0;
      column_q     <= '0;
      block_base_q <= '0;
      row_phase_q  <= '0;
      slot_q       <= '0;
    end
  end

`ifdef FORMAL
  `include "assay_loader.svh"  // tests/formal
`endif

endmodule
