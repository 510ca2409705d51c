// Requantizers as a user might have them, for the tests of `assay sweep`. No twin.

// Multiply, add, shift, clamp; combinational.
module user_requant (
    input  logic signed [31:0] acc,
    input  logic        [23:0] mult,
    output logic        [ 7:0] y
);
  logic signed [63:0] scaled;
  assign scaled = (64'(acc) * 64'(signed'({1'b0, mult})) + 64'sd777777) >>> 20;
  assign y = scaled < 0 ? 8'd0 : scaled > 255 ? 8'd255 : scaled[7:0];
endmodule

// The same in two registers, with valid bits and an active-low reset. With Wrong its output is one
// too small at a single accumulator.
module user_requant_valid #(
    parameter int Mult  = 1,
    parameter int Wrong = 32'h7fffffff
) (
    input  logic               clk,
    input  logic               rst_n,
    input  logic               vi,
    input  logic signed [23:0] sum,
    output logic               vo,
    output logic        [ 8:0] q
);
  logic signed [63:0] scaled;
  logic wrong, valid;
  always_ff @(posedge clk) begin
    scaled <= (64'(sum) * 64'(Mult) + 64'sd777777) >>> 20;
    wrong <= 32'(sum) == Wrong;
    q <= (scaled < 0 ? 9'd0 : scaled > 255 ? 9'd255 : scaled[8:0]) - 9'(wrong);
    valid <= rst_n && vi;
    vo <= rst_n && valid;
  end
endmodule

// One register, no valid bits, a signed output: floor(acc / 256), clamped.
module user_requant_signed (
    input  logic               clk,
    input  logic signed [19:0] acc,
    output logic signed [ 7:0] y
);
  always_ff @(posedge clk) begin
    y <= acc < -32768 ? -8'sd128 : acc > 32767 ? 8'sd127 : acc[15:8];
  end
endmodule
