// Accumulators of every width side by side, all fed alike, for test_accumulator_rtl.cc. No twin.
module assay_widths #(
  parameter int Channels = 8,
  parameter int Least    = 17,
  parameter int Widths   = 16  // Least .. Least + Widths - 1
) (
  input  logic                          clk_i,
  input  logic                          valid_i,
  input  logic                          first_i,
  input  logic [8*Channels-1:0]         operand_i,
  input  logic [8*Channels-1:0]         weight_i,
  input  logic [32*Channels-1:0]        initial_i,
  output logic [32*Channels*Widths-1:0] acc_o,
  output logic [32*Widths-1:0]          sum_o
);

  for (genvar n = 0; n < Widths; n++) begin : gen_width
    assay_array #(.Pixels(1), .Channels(Channels), .AccBits(Least + n)) u_array (
      .clk_i, .move_i(1'b1), .valid_i, .first_i, .operand_i, .weight_i, .initial_i,
      .acc_o(acc_o[32*Channels*n+:32*Channels])
    );
    assay_row_sum #(.Pixels(1), .Channels(Channels), .AccBits(Least + n)) u_row_sum (
      .valid_i(1'b1),
      .acc_i(acc_o[32*Channels*n+:32*Channels]), .sum_o(sum_o[32*n+:32])
    );
  end

endmodule
