// Pixels x Channels multipliers, unsigned byte by signed byte, each with a sum of AccBits bits that
// wraps. Twin: golden/array.h.
//
// acc[j][i] = (first ? initial[i] : acc[j][i]) + operand[j][i] * weight[i], one tap a cycle.
module assay_array #(
  parameter int Pixels   = 8,
  parameter int Channels = 8,
  parameter int AccBits  = 32,
  parameter bit TreeMultipliers = 1'b0  // of LUTs: assay_tree_multiply
) (
  input  logic                          clk_i,
  input  logic                          move_i,
  input  logic                          valid_i,
  input  logic                          first_i,
  input  logic [8*Pixels*Channels-1:0]  operand_i,
  input  logic [8*Channels-1:0]         weight_i,
  input  logic [32*Channels-1:0]        initial_i,
  output logic [32*Pixels*Channels-1:0] acc_o
);

  for (genvar j = 0; j < Pixels; j++) begin : gen_pixel
    for (genvar i = 0; i < Channels; i++) begin : gen_row
      logic [7:0]                operand;
      logic signed [7:0]         weight;
      logic signed [16:0]        product;
      logic signed [AccBits-1:0] acc_q;

      assign operand = operand_i[8*(Channels*j+i)+:8];
      assign weight  = $signed(weight_i[8*i+:8]);

      if (TreeMultipliers) begin : gen_tree
        logic signed [15:0] y;
        assay_tree_multiply #(.BitsA(8), .BitsB(8)) u_multiply (
          .a_i(weight), .b_i(operand), .y_o(y)
        );
        assign product = 17'(y);
      end else begin : gen_whole
        assign product = $signed({1'b0, operand}) * weight;
      end

      // No assign, here and in the other modules: Icarus gives strengths to every bit of a net that
      // is assigned in parts, and the whole simulation takes ten times as long.
      always_comb acc_o[32*(Channels*j+i)+:32] = 32'(acc_q);

      always_ff @(posedge clk_i) begin
        if (move_i && valid_i) begin
          acc_q <= (first_i ? AccBits'($signed(initial_i[32*i+:32])) : acc_q) + AccBits'(product);
        end
      end
    end
  end

endmodule
