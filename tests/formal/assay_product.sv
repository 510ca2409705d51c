// Proof: an accumulator times a multiplier fits the width that assay_affine gives the product.
module assay_product #(
  parameter int MultiplierBits = 24
) (
  input logic signed [31:0]        acc_i,
  input logic [MultiplierBits-1:0] multiplier_i
);

  localparam int ProductBits = 32 + MultiplierBits;

  logic signed [79:0] exact;

  assign exact = 80'(acc_i) * 80'($signed({1'b0, multiplier_i}));

  always_comb begin
    assert (exact >= -(80'sd1 <<< (ProductBits - 1)));
    assert (exact < (80'sd1 <<< (ProductBits - 1)));
  end

endmodule
