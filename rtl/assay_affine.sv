// y = clamp((acc * multiplier + addend) >>> shift, out_min, out_max), one result a cycle. Twin:
// golden/affine.h.
//
// The shift is arithmetic (floor: -1 >>> 1 = -1). Latency 3 cycles: product, sum, shift and clamp.
// Nothing overflows for any acc, multiplier >= 0 and addend of the stated widths; the shift is
// 0..55.
//
// PackedMultipliers: acc = high * 2^17 + low, and each part takes one multiplier of 27 x 18 bits if
// MultiplierBits is at most 26; Yosys gives the whole product four.
module assay_affine #(
  parameter int MultiplierBits = 24,
  parameter int AddendBits     = 56,
  parameter bit PackedMultipliers = 1'b0
) (
  input  logic                         clk_i,
  input  logic [2:0]                   enable_i,      // product, sum, clamp: takes its input
  input  logic signed [31:0]           acc_i,
  input  logic [MultiplierBits-1:0]    multiplier_i,
  input  logic signed [AddendBits-1:0] addend_i,
  input  logic [5:0]                   shift_i,
  input  logic signed [8:0]            out_min_i,
  input  logic signed [8:0]            out_max_i,
  output logic [7:0]                   level_o,       // y_o, a stage earlier
  output logic [7:0]                   y_o,           // low byte of the clamped value
  output logic                         first_o        // not clamped, and acc - 1 is a level lower
);

  localparam int ProductBits = 32 + MultiplierBits;
  localparam int SumBits     = ((ProductBits > AddendBits) ? ProductBits : AddendBits) + 1;

  // Product //
  logic signed [MultiplierBits:0]  multiplier;
  logic signed [ProductBits-1:0]   product;
  logic signed [ProductBits-1:0]   product_q;
  logic signed [AddendBits-1:0]    addend_q;
  logic [5:0]                      shift_q;
  logic [MultiplierBits-1:0]       multiplier_q;

  assign multiplier = $signed({1'b0, multiplier_i});

  if (PackedMultipliers) begin : gen_parts
    logic signed [17:0] low;
    logic signed [14:0] high;

    assign low     = $signed({1'b0, acc_i[16:0]});
    assign high    = $signed(acc_i[31:17]);
    assign product = ((ProductBits'(high) * ProductBits'(multiplier)) <<< 17) +
                     ProductBits'(low) * ProductBits'(multiplier);
  end else begin : gen_whole
    assign product = ProductBits'(acc_i) * ProductBits'(multiplier);
  end

  always_ff @(posedge clk_i) begin
    if (enable_i[0]) begin
      product_q    <= product;
      addend_q     <= addend_i;
      shift_q      <= shift_i;
      multiplier_q <= multiplier_i;
    end
  end

  // Sum //
  logic signed [SumBits-1:0] sum_q;
  logic [5:0]                sum_shift_q;
  logic [MultiplierBits-1:0] sum_multiplier_q;

  always_ff @(posedge clk_i) begin
    if (enable_i[1]) begin
      sum_q            <= SumBits'(product_q) + SumBits'(addend_q);
      sum_shift_q      <= shift_q;
      sum_multiplier_q <= multiplier_q;
    end
  end

  // Shift and clamp //
  logic signed [SumBits-1:0] shifted;
  logic [7:0]                y_q;
  logic                      first_q;

  function automatic logic [7:0] clamped(input logic signed [SumBits-1:0] value);
    clamped = (value < SumBits'(out_min_i)) ? out_min_i[7:0] :
              (value > SumBits'(out_max_i)) ? out_max_i[7:0] : value[7:0];
  endfunction

  // Inside the clamp, and sum - multiplier has not the level: sum mod 2^shift < multiplier.
  function automatic logic first(input logic signed [SumBits-1:0] value);
    first = value >= SumBits'(out_min_i) && value <= SumBits'(out_max_i) &&
            (sum_q & ~({SumBits{1'b1}} << sum_shift_q)) < SumBits'(sum_multiplier_q);
  endfunction

  assign shifted = sum_q >>> sum_shift_q;
  assign level_o = (shifted < SumBits'(out_min_i)) ? out_min_i[7:0] :
                   (shifted > SumBits'(out_max_i)) ? out_max_i[7:0] : shifted[7:0];
  assign y_o     = y_q;
  assign first_o = first_q;

  always_ff @(posedge clk_i) begin
    if (enable_i[2]) begin
      y_q     <= clamped(shifted);
      first_q <= first(shifted);
    end
  end

`ifdef FORMAL
  `include "assay_affine.svh"  // tests/formal
`endif

endmodule
