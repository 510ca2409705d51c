// Sum of the array's rows for each pixel, modulo 2^AccBits. Twin: golden/array.h.
module assay_row_sum #(
  parameter int Pixels   = 8,
  parameter int Channels = 8,
  parameter int AccBits  = 32
) (
  input  logic                          valid_i,  // else the sums are 0
  input  logic [32*Pixels*Channels-1:0] acc_i,
  output logic [32*Pixels-1:0]          sum_o
);

  for (genvar j = 0; j < Pixels; j++) begin : gen_pixel
    logic [31:0] sum;
    always_comb begin
      sum = 32'd0;
      if (valid_i) begin
        for (int i = 0; i < Channels; i++) sum = sum + acc_i[32*(Channels*j+i)+:32];
      end
    end
    always_comb sum_o[32*j+:32] = 32'($signed(AccBits'(sum)));
  end

endmodule
