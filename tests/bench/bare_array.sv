// The engine's arithmetic and nothing around it: banks, rotations, multipliers, row sums and affine
// lanes, all busy in every cycle. What the benchmark measures the whole engine against. No twin.
module bare_array #(
  parameter int Pixels         = 8,
  parameter int PixelBits      = 3,
  parameter int Channels       = 8,
  parameter int ChannelBits    = 3,
  parameter int BankDepth      = 1024,
  parameter int WordBits       = 10,
  parameter int MultiplierBits = 24,
  parameter int AddendBits     = 56
) (
  input  logic                  clk_i,
  input  logic                  first_i,
  input  logic                  write_i,
  input  logic [8*Channels-1:0] data_i,    // activations and weights
  output logic [8*Pixels-1:0]   y_o
);

  localparam int PosBits = WordBits + PixelBits;

  logic [PosBits-1:0]          position_q;
  logic [Pixels*PosBits-1:0]   pixel;
  logic [8*Pixels*Channels-1:0]  operand;
  logic [32*Pixels*Channels-1:0] acc;
  logic [32*Pixels-1:0]          sum;
  logic [32*Pixels-1:0]          sum_q;

  always_ff @(posedge clk_i) position_q <= position_q + PosBits'(Pixels + 1);

  for (genvar j = 0; j < Pixels; j++) begin : gen_pixel
    assign pixel[PosBits*j+:PosBits] = position_q + PosBits'(j);
  end

  assay_banks #(
    .Pixels(Pixels), .PixelBits(PixelBits), .Channels(Channels), .ChannelBits(ChannelBits),
    .BankDepth(BankDepth), .WordBits(WordBits), .PosBits(PosBits)
  ) u_banks (
    .clk_i, .move_i(1'b1), .spread_i(1'b0), .x_zp_i(8'd22),
    .write_i, .write_position_i(position_q), .write_data_i(data_i),
    .valid_i(1'b1), .pixel_i(pixel), .inside_i({Pixels{1'b1}}), .base_i('0), .lane_i('0),
    .load_i(1'b1), .operand_o(operand)
  );

  assay_array #(.Pixels(Pixels), .Channels(Channels)) u_array (
    .clk_i, .move_i(1'b1), .valid_i(1'b1), .first_i, .operand_i(operand), .weight_i(data_i),
    .initial_i('0), .acc_o(acc)
  );

  assay_row_sum #(.Pixels(Pixels), .Channels(Channels)) u_row_sum (
    .valid_i(1'b1), .acc_i(acc), .sum_o(sum)
  );

  always_ff @(posedge clk_i) sum_q <= sum;

  for (genvar j = 0; j < Pixels; j++) begin : gen_lane
    logic [7:0] unused_level;
    logic       unused_first;
    assay_affine #(.MultiplierBits(MultiplierBits), .AddendBits(AddendBits)) u_affine (
      .clk_i, .enable_i(3'b111), .acc_i($signed(sum_q[32*j+:32])),
      .multiplier_i(MultiplierBits'(12345)), .addend_i(AddendBits'(1 << 20)), .shift_i(6'd21),
      .out_min_i(9'sd0), .out_max_i(9'sd255), .level_o(unused_level), .y_o(y_o[8*j+:8]),
      .first_o(unused_first)
    );
  end

endmodule
