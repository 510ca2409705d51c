// Proof, inside assay_affine: y = clamp(floor((acc * multiplier + addend) / 2^shift)), stalled or
// not; first says that y is not clamped and that acc - 1 has not reached it.
//
// For every acc, multiplier, addend, clamp of a byte and shift 0..55. The product is one term for
// both sides (`*` is trusted here; assay_product shows that its width is enough); all else is stated
// differently: floor by inequalities, widths by sums that have bits to spare.

localparam int WideBits = SumBits + 12;  // 2^8 * 2^55 and a sign

// What travels beside the pipeline //
logic                          full_1, full_2, full_3;
logic signed [ProductBits-1:0] product_1, product_2, product_3;
logic signed [AddendBits-1:0]  addend_1, addend_2, addend_3;
logic [5:0]                    shift_1, shift_2, shift_3;
logic [MultiplierBits-1:0]     multiplier_1, multiplier_2, multiplier_3;
logic signed [8:0]             out_min_3, out_max_3;

initial {full_1, full_2, full_3} = 3'b000;

always_ff @(posedge clk_i) begin
  if (enable_i[0]) begin
    full_1                         <= 1'b1;
    {product_1, addend_1, shift_1} <= {product, addend_i, shift_i};
    multiplier_1                   <= multiplier_i;
  end
  if (enable_i[1]) begin
    full_2                         <= full_1;
    {product_2, addend_2, shift_2} <= {product_1, addend_1, shift_1};
    multiplier_2                   <= multiplier_1;
  end
  if (enable_i[2]) begin
    full_3                         <= full_2;
    {product_3, addend_3, shift_3} <= {product_2, addend_2, shift_2};
    multiplier_3                   <= multiplier_2;
    {out_min_3, out_max_3}         <= {out_min_i, out_max_i};
  end
end

// Exact values //
logic signed [WideBits-1:0] sum_2, sum_3, before_3, y_3;

assign sum_2 = WideBits'(product_2) + WideBits'(addend_2);
assign sum_3 = WideBits'(product_3) + WideBits'(addend_3);
assign before_3 = sum_3 - WideBits'($signed({1'b0, multiplier_3}));  // that of acc - 1
// The byte stands for a value of -128..127 or 0..255, as the clamp does.
assign y_3 = (out_min_3 < 0 && y_q[7]) ? WideBits'($signed({1'b1, y_q}))
                                       : WideBits'($signed({1'b0, y_q}));

always_comb begin
  assume (shift_i <= 6'd55);
  assume (out_min_i <= out_max_i);
  assume (out_min_i >= -9'sd128 && (out_min_i >= 0 || out_max_i <= 9'sd127));
  // The pipeline keeps what entered it, also while it is stalled.
  if (full_1) assert (product_q == product_1 && addend_q == addend_1 && shift_q == shift_1 &&
                      multiplier_q == multiplier_1);
  if (full_1) assert (shift_1 <= 6'd55);
  // The sum does not overflow.
  if (full_2) assert (WideBits'(sum_q) == sum_2);
  if (full_2) assert (sum_shift_q == shift_2 && shift_2 <= 6'd55);
  if (full_2) assert (sum_multiplier_q == multiplier_2);
  // y <= sum / 2^shift < y + 1, or y is the end of the clamp on that side.
  if (full_3) begin
    assert (shift_3 <= 6'd55);
    assert (y_3 >= WideBits'(out_min_3) && y_3 <= WideBits'(out_max_3));
    assert (y_3 == WideBits'(out_min_3) || (y_3 <<< shift_3) <= sum_3);
    assert (y_3 == WideBits'(out_max_3) || sum_3 < ((y_3 + 1) <<< shift_3));
    assert (first_q == ((y_3 <<< shift_3) <= sum_3 && sum_3 < ((y_3 + 1) <<< shift_3) &&
                        before_3 < (y_3 <<< shift_3)));
  end
  cover (full_3 && y_3 > WideBits'(out_min_3) && y_3 < WideBits'(out_max_3));
end
