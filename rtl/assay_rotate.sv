// Rotates lanes: lane j of the result is lane (j + amount) mod Lanes of the input. No twin.
module assay_rotate #(
  parameter int Width    = 64,
  parameter int Lanes    = 8,  // a power of two
  parameter int LaneBits = 3
) (
  input  logic [LaneBits-1:0]    amount_i,
  input  logic [Width*Lanes-1:0] lanes_i,
  output logic [Width*Lanes-1:0] lanes_o
);

  for (genvar s = 0; s < LaneBits; s++) begin : gen_stage
    localparam int By = Width * (1 << s);
    logic [Width*Lanes-1:0] plain;
    logic [Width*Lanes-1:0] rotated;
    if (s == 0) begin : gen_first
      assign plain = lanes_i;
    end else begin : gen_next
      assign plain = gen_stage[s-1].rotated;
    end
    assign rotated = amount_i[s] ? {plain[By-1:0], plain[Width*Lanes-1:By]} : plain;
  end

  assign lanes_o = gen_stage[LaneBits-1].rotated;

endmodule
