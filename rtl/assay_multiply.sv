// Unsigned product by shift and add, one bit of the second factor a cycle, ends early. No twin.
module assay_multiply #(
  parameter int BitsA = 20,
  parameter int BitsB = 16,
  parameter int BitsY = 32  // the product is taken modulo 2^BitsY
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             start_i,  // also while busy: begins anew
  input  logic [BitsA-1:0] a_i,
  input  logic [BitsB-1:0] b_i,
  output logic             busy_o,
  output logic [BitsY-1:0] y_o       // valid while busy_o is 0
);

  logic [BitsY-1:0] a_q;
  logic [BitsB-1:0] b_q;
  logic [BitsY-1:0] y_q;

  assign busy_o = b_q != '0;
  assign y_o    = y_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      a_q <= '0;
      b_q <= '0;
      y_q <= '0;
    end else if (busy_o || start_i) begin
      y_q <= start_i ? '0 : b_q[0] ? y_q + a_q : y_q;
      a_q <= start_i ? BitsY'(a_i) : a_q << 1;
      b_q <= start_i ? b_i : b_q >> 1;
    end
  end

`ifdef FORMAL
  `include "assay_multiply.svh"  // tests/formal
`endif

endmodule
