// Proof: assay_tree_multiply gives the product. The same nodes make any width; 5 bits are no power of
// two, so that a node is empty.
module assay_tree (
  input logic signed [5:0] a_i,
  input logic [4:0]        b_i
);

  logic signed [10:0] y;

  assay_tree_multiply #(.BitsA(6), .BitsB(5)) u_tree (.a_i, .b_i, .y_o(y));

  always_comb assert (y == 11'(a_i) * 11'($signed({1'b0, b_i})));

endmodule
