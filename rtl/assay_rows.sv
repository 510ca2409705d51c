// Says which input rows may be loaded into the ring and when a row group's rows are all in. Twin:
// golden/banks.h.
//
// first(g) = max(0, g * group_in - pad_top);  row r may come while r < first(g) + ring_in
// need(g)  = min(in_y - 1, need_first + g * group_in, need_last)
module assay_rows #(
  parameter int SizeBits = 16,
  parameter int StepBits = 8,
  parameter int RowBits = 22
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      run_i,
  input  logic [SizeBits-1:0]       in_y_i,
  input  logic [StepBits-1:0]       pad_top_i,
  input  logic signed [RowBits-1:0] ring_in_i,
  input  logic signed [RowBits-1:0] group_in_i,
  input  logic signed [RowBits-1:0] need_first_i,
  input  logic signed [RowBits-1:0] need_last_i,

  input  logic                      row_done_i,  // a row is in
  output logic                      accept_o,    // the next row may come
  output logic                      finished_o,  // all rows are in
  output logic                      ready_o,     // the next group to begin has its rows
  input  logic                      group_begin_i,
  input  logic                      group_free_i,  // the oldest group has been read
  input  logic                      layer_free_i   // with group_free_i: it was the last group
);

  logic signed [RowBits-1:0] rows_q;
  logic signed [RowBits-1:0] first_q;
  logic signed [RowBits-1:0] need_q;
  logic                      drain_q;  // nothing is needed any more: take and drop the rest

  assign finished_o = rows_q == $signed(RowBits'(in_y_i));
  assign accept_o   = run_i && !finished_o &&
                      (drain_q || rows_q < ring_in_i ||
                       (!first_q[RowBits-1] && rows_q < first_q + ring_in_i));
  assign ready_o    = finished_o || rows_q > need_q || rows_q > need_last_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rows_q  <= '0;
      first_q <= '0;
      need_q  <= '0;
      drain_q <= 1'b0;
    end else if (run_i) begin
      if (row_done_i) rows_q <= rows_q + RowBits'(1);
      if (group_free_i) first_q <= first_q + group_in_i;
      if (group_begin_i) need_q <= need_q + group_in_i;
      if (layer_free_i) drain_q <= 1'b1;
    end else begin
      rows_q  <= '0;
      first_q <= -$signed(RowBits'(pad_top_i));
      need_q  <= need_first_i;
      drain_q <= 1'b0;
    end
  end

`ifdef FORMAL
  `include "assay_rows.svh"  // tests/formal
`endif

endmodule
