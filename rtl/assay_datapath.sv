// The arithmetic in front of the requantizer: banks, array, row sum, collector. No twin; it
// connects modules that have one.
module assay_datapath #(
  parameter int Pixels      = 8,
  parameter int PixelBits   = 3,
  parameter int Channels    = 8,
  parameter int ChannelBits = 3,
  parameter int BankDepth   = 1024,
  parameter int WordBits    = 10,
  parameter int PosBits     = 13,
  parameter int SlotBits    = 4,
  parameter int AccBits     = 32,
  parameter bit PackedMultipliers = 1'b0,  // two products a multiplier
  parameter bit TreeMultipliers   = 1'b0   // multipliers of LUTs
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        run_i,
  output logic                        move_o,  // the stages from taps to sums move

  // The layer //
  input  logic                        reduce_i,
  input  logic                        spread_i,
  input  logic [7:0]                  x_zp_i,

  // Streams //
  input  logic                        bank_write_i,
  input  logic [PosBits-1:0]          bank_position_i,
  input  logic [8*Channels-1:0]       bank_data_i,
  input  logic                        param_write_i,
  input  logic [ChannelBits-1:0]      param_lane_i,
  input  logic [SlotBits-1:0]         param_slot_i,
  input  logic [7:0]                  param_word_i,
  input  logic [31:0]                 param_data_i,

  // Stages //
  input  logic                        address_valid_i,
  input  logic                        address_first_i,
  input  logic [ChannelBits-1:0]      address_channel_i,
  input  logic [SlotBits-1:0]         address_slot_i,
  input  logic [ChannelBits-1:0]      address_lane_i,
  input  logic [Pixels*PosBits-1:0]   address_pixel_i,
  input  logic [Pixels-1:0]           address_inside_i,
  input  logic [PosBits-1:0]          address_base_i,
  input  logic                        read_valid_i,
  input  logic                        read_first_i,
  input  logic                        operand_valid_i,
  input  logic                        operand_first_i,
  input  logic [8*Channels-1:0]       weight_i,
  input  logic                        sum_last_i,
  input  logic                        sum_end_i,
  input  logic [ChannelBits-1:0]      sum_channel_i,
  input  logic [PixelBits:0]          sum_count_i,

  // Vectors //
  output logic                        vector_valid_o,
  input  logic                        vector_ready_i,
  output logic [32*Channels-1:0]      vector_acc_o
);

  logic                          move, collector_ready;
  logic [8*Pixels*Channels-1:0]  operand;
  logic [32*Channels-1:0]        initial_acc;
  logic [32*Pixels*Channels-1:0] acc;
  logic [32*Pixels-1:0]          sum;

  assay_banks #(
    .Pixels(Pixels), .PixelBits(PixelBits), .Channels(Channels), .ChannelBits(ChannelBits),
    .BankDepth(BankDepth), .WordBits(WordBits), .PosBits(PosBits)
  ) u_banks (
    .clk_i, .move_i(move), .spread_i, .x_zp_i, .write_i(bank_write_i),
    .write_position_i(bank_position_i), .write_data_i(bank_data_i), .valid_i(address_valid_i),
    .pixel_i(address_pixel_i), .inside_i(address_inside_i), .base_i(address_base_i),
    .lane_i(address_lane_i), .load_i(read_valid_i), .operand_o(operand)
  );

  assay_initial #(
    .Channels(Channels), .ChannelBits(ChannelBits), .SlotBits(SlotBits), .AccBits(AccBits)
  ) u_initial (
    .clk_i, .move_i(move), .reduce_i, .write_i(param_write_i && param_word_i == 8'd1),
    .write_lane_i(param_lane_i), .write_slot_i(param_slot_i),
    .write_data_i(param_data_i), .read_i(address_first_i), .slot_i(address_slot_i),
    .channel_i(address_channel_i), .load_i(read_first_i), .initial_o(initial_acc)
  );

  if (PackedMultipliers) begin : gen_packed
    assay_array_packed #(.Pixels(Pixels), .Channels(Channels), .AccBits(AccBits)) u_array (
      .clk_i, .move_i(move), .valid_i(operand_valid_i), .first_i(operand_first_i),
      .operand_i(operand), .weight_i, .initial_i(initial_acc), .acc_o(acc)
    );
  end else begin : gen_single
    assay_array #(
      .Pixels(Pixels), .Channels(Channels), .AccBits(AccBits), .TreeMultipliers(TreeMultipliers)
    ) u_array (
      .clk_i, .move_i(move), .valid_i(operand_valid_i), .first_i(operand_first_i),
      .operand_i(operand), .weight_i, .initial_i(initial_acc), .acc_o(acc)
    );
  end

  assay_row_sum #(.Pixels(Pixels), .Channels(Channels), .AccBits(AccBits)) u_row_sum (
    .valid_i(sum_last_i && reduce_i), .acc_i(acc), .sum_o(sum)
  );

  assay_collector #(
    .Pixels(Pixels), .PixelBits(PixelBits), .Channels(Channels), .ChannelBits(ChannelBits),
    .AccBits(AccBits)
  ) u_collector (
    .clk_i, .rst_ni, .run_i, .reduce_i,
    .last_i(sum_last_i), .ready_o(collector_ready), .end_i(sum_end_i), .channel_i(sum_channel_i),
    .count_i(sum_count_i), .acc_i(acc), .sum_i(sum),
    .valid_o(vector_valid_o), .ready_i(vector_ready_i), .acc_o(vector_acc_o)
  );

  // All stages stand still while the collector cannot take a finished sum.
  assign move   = !sum_last_i || collector_ready;
  assign move_o = move;

endmodule
