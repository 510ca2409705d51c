// Product of a signed and an unsigned factor by a tree of adders, for devices without multipliers:
// a carry chain each, which takes fewer LUTs than what synthesis makes of `*`. No twin.
//
// A node of level n is a times 2^n bits of b; two of them make one of the next level.
module assay_tree_multiply #(
  parameter int BitsA = 20,
  parameter int BitsB = 16
) (
  input  logic signed [BitsA-1:0]       a_i,
  input  logic [BitsB-1:0]              b_i,
  output logic signed [BitsA+BitsB-1:0] y_o
);

  localparam int Levels = $clog2(BitsB);

  for (genvar n = 0; n <= Levels; n++) begin : gen_level
    localparam int Width = BitsA + (1 << n);
    logic [(Width<<(Levels-n))-1:0] nodes;
    for (genvar i = 0; i < (1 << (Levels - n)); i++) begin : gen_node
      logic signed [Width-1:0] node;
      assign nodes[Width*i+:Width] = node;
      if (n > 0) begin : gen_sum
        localparam int Half = BitsA + (1 << n) / 2;
        logic signed [Half-1:0] low, high, upper;
        assign low   = gen_level[n-1].nodes[Half*(2*i)+:Half];
        assign high  = gen_level[n-1].nodes[Half*(2*i+1)+:Half];
        assign upper = (low >>> (1 << n) / 2) + high;
        assign node  = {upper, low[(1<<n)/2-1:0]};
      end else if (i < BitsB) begin : gen_bit
        assign node = b_i[i] ? Width'(a_i) : '0;
      end else begin : gen_none
        assign node = '0;
      end
    end
  end

  logic unused_bits;  // of a number of bits that is no power of two

  assign y_o         = gen_level[Levels].nodes[BitsA+BitsB-1:0];
  assign unused_bits = ^gen_level[Levels].nodes;

endmodule
