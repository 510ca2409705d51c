// The array with two products a multiplier: PackedMultipliers. Same ports and sums as assay_array.
// Twin: golden/array_packed.h.
//
// Pixels j and j+1 share the weight of a row, so one 27 x 18 multiplier (DSP48E2) serves both:
//
//   wide = (a[j+1] * 2^18 + a[j]) * w = high * 2^18 + low,   low = a[j] * w,  high = a[j+1] * w
//
// |low| <= 255 * 128 < 2^17, so the 18 low bits of wide are low in two's complement. A negative low
// borrows 1 from the bits above, and then its sign, wide[17], is 1:
//
//   low = signed(wide[17:0]),   high = wide >>> 18 + wide[17]
//
// The correction costs no adder: it is the carry into the sum of high. Products are parted before
// they are added, so that every partial sum is that of assay_array. Idea: two int8 products in a
// DSP48E2, AMD's white paper WP486.
module assay_array_packed #(
  parameter int Pixels   = 8,  // even
  parameter int Channels = 8,
  parameter int AccBits  = 32
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

  for (genvar j = 0; j < Pixels; j = j + 2) begin : gen_pair
    for (genvar i = 0; i < Channels; i++) begin : gen_row
      logic signed [26:0]        operands;
      logic signed [7:0]         weight;
      logic signed [34:0]        wide;
      logic signed [AccBits-1:0] initial_acc, low_base, high_base;
      logic signed [AccBits-1:0] low_q, high_q;
      logic signed [AccBits:0]   high_sum;  // one bit below the sum, which carries wide[17] into it
      logic                      unused_high_sum;

      assign operands = $signed({1'b0, operand_i[8*(Channels*(j+1)+i)+:8], 10'd0,
                                 operand_i[8*(Channels*j+i)+:8]});
      assign weight   = $signed(weight_i[8*i+:8]);
      assign wide     = operands * weight;

      assign initial_acc = AccBits'($signed(initial_i[32*i+:32]));
      assign low_base    = first_i ? initial_acc : low_q;
      assign high_base   = first_i ? initial_acc : high_q;
      assign high_sum    = $signed({high_base, 1'b1}) + (AccBits + 1)'($signed(wide[34:17]));
      assign unused_high_sum = high_sum[0];

      always_comb acc_o[32*(Channels*j+i)+:32]     = 32'(low_q);
      always_comb acc_o[32*(Channels*(j+1)+i)+:32] = 32'(high_q);

      always_ff @(posedge clk_i) begin
        if (move_i && valid_i) begin
          low_q  <= low_base + AccBits'($signed(wide[17:0]));
          high_q <= high_sum[AccBits:1];
        end
      end
    end
  end

endmodule
