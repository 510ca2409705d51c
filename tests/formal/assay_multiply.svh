// Proof, inside assay_multiply: when it is not busy, y_o is the product of the factors of the last
// start, modulo 2^BitsY; it is busy for at most BitsB cycles.
//
// The test has factors of 4 bits and a product of 7: each step is the same for any width.
// Assumed: nothing; `*` is trusted.

logic [BitsA-1:0] a;
logic [BitsB-1:0] b;
logic             begun;
logic [7:0]       cycles;   // since the start
logic [BitsY-1:0] product, rest;

initial assume (!rst_ni);
initial begun = 1'b0;
assign product = BitsY'(a) * BitsY'(b);
assign rest    = a_q * BitsY'(b_q);

always_ff @(posedge clk_i) begin
  begun  <= rst_ni && (begun || start_i);
  cycles <= start_i ? 8'd0 : cycles + 8'd1;
  if (start_i) {a, b} <= {a_i, b_i};
end

logic [BitsY-1:0] sum;
assign sum = y_q + rest;

always_comb begin
  if (rst_ni && begun) begin
    assert (sum == product);
    if (!busy_o) assert (y_o == product);
    if (busy_o) assert (cycles < 8'(BitsB) && (b_q >> (8'(BitsB) - cycles)) == '0);
  end
  cover (rst_ni && begun && !busy_o && product == BitsY'(35));
end
