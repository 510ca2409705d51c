// Counts vectors in the order in which they leave: row group, output block, row, x. Twin:
// golden/sequencer.h.
module assay_place #(
  parameter int SizeBits = 16
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                run_i,
  input  logic [SizeBits-1:0] out_x_i,
  input  logic [SizeBits-1:0] out_y_i,
  input  logic [SizeBits-1:0] out_blocks_i,
  input  logic [SizeBits-1:0] rows_per_group_i,
  input  logic                next_i,
  output logic [SizeBits-1:0] x_o,
  output logic [SizeBits-1:0] y_o,
  output logic [SizeBits-1:0] block_o,
  output logic                partial_o,    // the layer's last block
  output logic                block_end_o,  // the last vector of the block in this row group
  output logic                layer_end_o
);

  logic [SizeBits-1:0] x_q, y_q, block_q, group_row_q, group_y_q;
  logic                row_end, group_end;

  assign x_o         = x_q;
  assign y_o         = y_q;
  assign block_o     = block_q;
  assign row_end     = x_q == out_x_i - SizeBits'(1);
  assign group_end   = group_row_q == rows_per_group_i - SizeBits'(1) ||
                       y_q == out_y_i - SizeBits'(1);
  assign partial_o   = block_q == out_blocks_i - SizeBits'(1);
  assign block_end_o = row_end && group_end;
  assign layer_end_o = block_end_o && partial_o && y_q == out_y_i - SizeBits'(1);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      x_q         <= '0;
      y_q         <= '0;
      block_q     <= '0;
      group_row_q <= '0;
      group_y_q   <= '0;
    end else if (run_i && next_i) begin
      x_q <= row_end ? '0 : x_q + SizeBits'(1);
      if (row_end) begin
        group_row_q <= group_end ? '0 : group_row_q + SizeBits'(1);
        if (group_end) block_q <= partial_o ? '0 : block_q + SizeBits'(1);
        if (group_end && !partial_o) begin
          y_q <= group_y_q;
        end else begin
          if (group_end) group_y_q <= y_q + SizeBits'(1);
          y_q <= y_q + SizeBits'(1);
        end
      end
    end else if (!run_i) begin
      x_q         <= '0;
      y_q         <= '0;
      block_q     <= '0;
      group_row_q <= '0;
      group_y_q   <= '0;
    end
  end

endmodule
