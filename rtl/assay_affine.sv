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
  parameter int AccBits        = 32,  // of acc_i, sign extended
  parameter int MultiplierBits = 24,
  parameter int AddendBits     = 56,
  parameter bit PackedMultipliers = 1'b0,
  parameter bit TreeMultipliers = 1'b0  // of LUTs: assay_tree_multiply
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

  localparam int ProductBits = AccBits + MultiplierBits;
  localparam int SumBits     = ((ProductBits > AddendBits) ? ProductBits : AddendBits) + 1;

  // Product //
  logic signed [AccBits-1:0]     acc;
  logic                          unused_acc;
  logic signed [ProductBits-1:0] product;
  logic signed [ProductBits-1:0] product_q;
  logic signed [AddendBits-1:0]  addend_q;
  logic [5:0]                    shift_q;
  logic [MultiplierBits-1:0]     multiplier_q;

  assign acc        = acc_i[AccBits-1:0];
  assign unused_acc = ^acc_i;

  if (PackedMultipliers) begin : gen_parts
    logic signed [17:0] low;
    logic signed [14:0] high;

    assign low     = $signed({1'b0, acc[16:0]});
    assign high    = 15'(acc >>> 17);
    assign product = ((ProductBits'(high) * $signed(ProductBits'(multiplier_i))) <<< 17) +
                     ProductBits'(low) * $signed(ProductBits'(multiplier_i));
  end else if (TreeMultipliers) begin : gen_tree
    assay_tree_multiply #(.BitsA(AccBits), .BitsB(MultiplierBits)) u_multiply (
      .a_i(acc), .b_i(multiplier_i), .y_o(product)
    );
  end else begin : gen_whole
    assign product = ProductBits'(acc) * $signed(ProductBits'(multiplier_i));
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

  // Shift and clamp: the low bits of the shifted sum, and whether they are all of it. Computed only
  // when taken, or a simulator would do it in every cycle; between, `level` may be anything.
  logic signed [8:0]  low;
  logic [SumBits-1:0] beyond;  // 1 in the bits that the shift leaves
  logic               whole, negative, under, over, first;
  logic signed [8:0]  level;
  logic               unused_level;
  logic               clamps;
  logic [7:0]         y_q;
  logic               first_q;

  assign negative     = sum_q[SumBits-1];
  assign unused_level = level[8];
  assign clamps       = enable_i[2];

  always_comb begin
    low    = 'x;
    beyond = 'x;
    whole  = 'x;
    under  = 'x;
    over   = 'x;
    level  = 'x;
    first  = 'x;
    if (clamps) begin
      low    = 9'(sum_q >>> sum_shift_q);
      beyond = {SumBits{1'b1}} << sum_shift_q;
      whole  = ((sum_q ^ {SumBits{negative}}) & (beyond << 8)) == '0;
      under  = whole ? low < out_min_i : negative;
      over   = whole ? low > out_max_i : !negative;
      level  = under ? out_min_i : over ? out_max_i : low;
      // Inside the clamp, and sum - multiplier has not the level: sum mod 2^shift < multiplier.
      first  = !under && !over && (sum_q & ~beyond) < SumBits'(sum_multiplier_q);
    end
  end

  assign level_o = level[7:0];
  assign y_o     = y_q;
  assign first_o = first_q;

  always_ff @(posedge clk_i) begin
    if (enable_i[2]) begin
      y_q     <= level[7:0];
      first_q <= first;
    end
  end

`ifdef FORMAL
  `include "assay_affine.svh"  // tests/formal
`endif

endmodule
