// The engine's arithmetic and nothing around it: banks, rotations, multipliers, row sums and affine
// lanes, all busy in every cycle. What the benchmark measures the whole engine against. No twin.
//
// A layer's numbers are inputs, as they are signals in the engine: constants would be folded into
// the arithmetic.
module bare_array #(
  parameter int Pixels         = 8,
  parameter int PixelBits      = 3,
  parameter int Channels       = 8,
  parameter int ChannelBits    = 3,
  parameter int BankDepth      = 1024,
  parameter int WordBits       = 10,
  parameter int MultiplierBits = 24,
  parameter int AddendBits     = 56,
  parameter int PosBits        = 13
) (
  input  logic                             clk_i,

  // A layer's numbers, one multiplier, addend and shift a lane //
  input  logic                             spread_i,
  input  logic [7:0]                       x_zp_i,
  input  logic [PosBits-1:0]               base_i,
  input  logic [ChannelBits-1:0]           lane_i,
  input  logic [Pixels-1:0]                inside_i,
  input  logic [31:0]                      initial_i,
  input  logic [MultiplierBits*Pixels-1:0] multiplier_i,
  input  logic [AddendBits*Pixels-1:0]     addend_i,
  input  logic [6*Pixels-1:0]              shift_i,
  input  logic signed [8:0]                out_min_i,
  input  logic signed [8:0]                out_max_i,

  // What changes in every cycle //
  input  logic                             first_i,
  input  logic                             write_i,
  input  logic [8*Channels-1:0]            data_i,   // activations and weights
  output logic [8*Pixels-1:0]              y_o
);

  logic [PosBits-1:0]            position_q;
  logic [Pixels*PosBits-1:0]     pixel;
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
    .clk_i, .move_i(1'b1), .spread_i, .x_zp_i,
    .write_i, .write_position_i(position_q), .write_data_i(data_i),
    .valid_i(1'b1), .pixel_i(pixel), .inside_i, .base_i, .lane_i,
    .load_i(1'b1), .operand_o(operand)
  );

  assay_array #(.Pixels(Pixels), .Channels(Channels)) u_array (
    .clk_i, .move_i(1'b1), .valid_i(1'b1), .first_i, .operand_i(operand), .weight_i(data_i),
    .initial_i({Channels{initial_i}}), .acc_o(acc)
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
      .multiplier_i(multiplier_i[MultiplierBits*j+:MultiplierBits]),
      .addend_i($signed(addend_i[AddendBits*j+:AddendBits])), .shift_i(shift_i[6*j+:6]),
      .out_min_i, .out_max_i, .level_o(unused_level), .y_o(y_o[8*j+:8]), .first_o(unused_first)
    );
  end

endmodule
