// Both arrays side by side, in the widest and the narrowest accumulators, for
// test_array_packed_rtl.cc. No twin.
module assay_arrays #(
  parameter int Pixels   = 4,
  parameter int Channels = 2
) (
  input  logic                          clk_i,
  input  logic                          move_i,
  input  logic                          valid_i,
  input  logic                          first_i,
  input  logic [8*Pixels*Channels-1:0]  operand_i,
  input  logic [8*Channels-1:0]         weight_i,
  input  logic [32*Channels-1:0]        initial_i,
  output logic [32*Pixels*Channels-1:0] packed_32_o,
  output logic [32*Pixels*Channels-1:0] single_32_o,
  output logic [32*Pixels*Channels-1:0] packed_17_o,
  output logic [32*Pixels*Channels-1:0] single_17_o
);

  assay_array_packed #(.Pixels(Pixels), .Channels(Channels), .AccBits(32)) u_packed_32 (
    .clk_i, .move_i, .valid_i, .first_i, .operand_i, .weight_i, .initial_i, .acc_o(packed_32_o)
  );
  assay_array #(.Pixels(Pixels), .Channels(Channels), .AccBits(32)) u_single_32 (
    .clk_i, .move_i, .valid_i, .first_i, .operand_i, .weight_i, .initial_i, .acc_o(single_32_o)
  );
  assay_array_packed #(.Pixels(Pixels), .Channels(Channels), .AccBits(17)) u_packed_17 (
    .clk_i, .move_i, .valid_i, .first_i, .operand_i, .weight_i, .initial_i, .acc_o(packed_17_o)
  );
  assay_array #(.Pixels(Pixels), .Channels(Channels), .AccBits(17)) u_single_17 (
    .clk_i, .move_i, .valid_i, .first_i, .operand_i, .weight_i, .initial_i, .acc_o(single_17_o)
  );

endmodule
