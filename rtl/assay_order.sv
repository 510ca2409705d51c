// Order of work: which tap of which tile is at which stage, and where its pixels lie. No twin;
// it connects modules that have one.
module assay_order #(
  parameter int Pixels      = 8,
  parameter int PixelBits   = 3,
  parameter int ChannelBits = 3,
  parameter int WeightBits  = 15,  // of the address of half a word
  parameter int SlotBits    = 4,
  parameter int PosBits     = 13,
  parameter int SizeBits    = 16,
  parameter int StepBits    = 8,
  parameter int RowBits     = 22
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      run_i,
  input  logic                      move_i,  // all stages move

  // The layer //
  input  logic                      reduce_i,
  input  logic                      spread_i,
  input  logic                      int4_i,
  input  logic [SizeBits-1:0]       in_x_i,
  input  logic [SizeBits-1:0]       in_y_i,
  input  logic [SizeBits-1:0]       out_x_i,
  input  logic [SizeBits-1:0]       out_y_i,
  input  logic [SizeBits-1:0]       out_blocks_i,
  input  logic [ChannelBits:0]      last_channels_i,
  input  logic [SizeBits-1:0]       rows_per_group_i,
  input  logic [StepBits-1:0]       kernel_x_i,
  input  logic [StepBits-1:0]       kernel_y_i,
  input  logic [SizeBits-1:0]       count_i,
  input  logic [StepBits-1:0]       stride_x_i,
  input  logic [StepBits-1:0]       stride_y_i,
  input  logic [StepBits-1:0]       dilation_x_i,
  input  logic [StepBits-1:0]       dilation_y_i,
  input  logic [StepBits-1:0]       pad_left_i,
  input  logic [StepBits-1:0]       pad_top_i,
  input  logic [PosBits:0]          pitch_i,
  input  logic [PosBits:0]          plane_i,
  input  logic [PosBits:0]          column_stride_i,
  input  logic [PosBits:0]          block_stride_i,
  input  logic [PosBits:0]          row_slot_start_i,
  input  logic [PosBits:0]          row_plane_start_i,
  input  logic [PosBits:0]          row_slot_step_i,
  input  logic [PosBits:0]          row_plane_step_i,
  input  logic [PosBits-1:0]        column_start_i,
  input  logic [PosBits:0]          column_plane_start_i,
  input  logic [PosBits-1:0]        column_step_i,
  input  logic [PosBits:0]          column_plane_step_i,

  // Rows, weights and parameters that are there //
  input  logic                      rows_ready_i,
  output logic                      group_begin_o,
  input  logic                      weights_valid_i,
  input  logic                      weights_last_i,
  input  logic [WeightBits-1:0]     weights_base_i,
  input  logic                      params_valid_i,
  input  logic [SlotBits-1:0]       params_slot_i,
  output logic                      block_next_o,
  output logic                      first_read_o,
  output logic [ChannelBits-1:0]    first_channel_o,
  input  logic [PosBits-1:0]        first_position_i,
  input  logic [ChannelBits-1:0]    first_lane_i,
  output logic                      block_free_o,
  output logic                      group_free_o,
  output logic                      layer_free_o,

  // Stages //
  output logic                      address_valid_o,
  output logic                      address_first_o,
  output logic [ChannelBits-1:0]    address_channel_o,
  output logic [SlotBits-1:0]       address_slot_o,
  output logic [ChannelBits-1:0]    address_lane_o,
  output logic [WeightBits-1:0]     address_weight_o,
  output logic [Pixels*PosBits-1:0] address_pixel_o,
  output logic [Pixels-1:0]         address_inside_o,
  output logic [PosBits-1:0]        address_base_o,
  output logic                      read_valid_o,
  output logic                      read_first_o,
  output logic                      operand_valid_o,
  output logic                      operand_first_o,
  output logic                      sum_last_o,
  output logic                      sum_end_o,
  output logic [ChannelBits-1:0]    sum_channel_o,
  output logic [PixelBits:0]        sum_count_o
);

  logic                          tile_valid, swap, next_block_end, next_layer_end;
  logic [Pixels*SizeBits-1:0]    tile_x;
  logic [Pixels*RowBits-1:0]     tile_row, tile_column;
  logic [Pixels*PosBits-1:0]     tile_slot;
  logic [PixelBits:0]            tile_count;
  logic                          tile_block_end, tile_group_end, tile_layer_end;
  logic                          pass_valid, pass_ready, pass_begin, pass_end;
  logic [ChannelBits-1:0]        pass_channel;
  logic [WeightBits-1:0]         pass_weights;
  logic [SlotBits-1:0]           pass_slot;

  assay_walker #(
    .Pixels(Pixels), .PixelBits(PixelBits), .PosBits(PosBits),
    .SizeBits(SizeBits), .StepBits(StepBits), .RowBits(RowBits)
  ) u_walker (
    .clk_i, .rst_ni, .run_i, .out_x_i, .out_y_i, .out_blocks_i,
    .rows_per_group_i, .stride_x_i, .stride_y_i,
    .pitch_i, .plane_i, .valid_o(tile_valid), .block_end_o(next_block_end),
    .layer_end_o(next_layer_end), .swap_i(swap), .x_o(tile_x), .row_o(tile_row),
    .column_o(tile_column), .slot_o(tile_slot), .count_o(tile_count),
    .tile_block_end_o(tile_block_end), .tile_group_end_o(tile_group_end),
    .tile_layer_end_o(tile_layer_end)
  );

  assay_sequencer #(
    .ChannelBits(ChannelBits), .WeightBits(WeightBits), .SlotBits(SlotBits)
  ) u_sequencer (
    .clk_i, .rst_ni, .run_i, .reduce_i, .last_channels_i,
    .rows_ready_i, .group_begin_o, .weights_valid_i,
    .weights_last_i, .weights_base_i, .params_valid_i,
    .params_slot_i, .block_next_o, .swap_i(swap),
    .swap_block_end_i(next_block_end), .swap_layer_end_i(next_layer_end),
    .first_read_o, .first_channel_o, .pass_valid_o(pass_valid),
    .pass_ready_i(pass_ready), .pass_begin_o(pass_begin), .pass_end_o(pass_end),
    .pass_channel_o(pass_channel), .pass_weights_o(pass_weights), .pass_slot_o(pass_slot)
  );

  logic                   tap_valid, tap_first, tap_last, tap_fresh, tap_pass_end;
  logic [ChannelBits-1:0] tap_channel, tap_lane;
  logic [SlotBits-1:0]    tap_slot;
  logic [WeightBits-1:0]  tap_weight;
  logic [RowBits-1:0]     tap_row_offset, tap_column_offset;
  logic [PosBits:0]       tap_row_slot;
  logic [PosBits-1:0]     tap_base;

  assay_taps #(
    .ChannelBits(ChannelBits), .WeightBits(WeightBits), .SlotBits(SlotBits), .PosBits(PosBits),
    .SizeBits(SizeBits), .StepBits(StepBits), .RowBits(RowBits)
  ) u_taps (
    .clk_i, .rst_ni, .run_i, .move_i, .spread_i, .int4_i, .kernel_x_i,
    .kernel_y_i, .count_i, .dilation_x_i, .dilation_y_i,
    .pad_left_i, .pad_top_i, .pitch_i, .plane_i,
    .column_stride_i, .block_stride_i,
    .row_slot_start_i, .row_plane_start_i,
    .row_slot_step_i, .row_plane_step_i,
    .column_start_i, .column_plane_start_i,
    .column_step_i, .column_plane_step_i,
    .pass_valid_i(pass_valid), .pass_ready_o(pass_ready), .pass_begin_i(pass_begin),
    .pass_end_i(pass_end), .pass_channel_i(pass_channel), .pass_weights_i(pass_weights),
    .pass_slot_i(pass_slot), .pass_position_i(first_position_i), .pass_lane_i(first_lane_i),
    .tile_valid_i(tile_valid), .swap_o(swap), .valid_o(tap_valid), .first_o(tap_first),
    .last_o(tap_last), .fresh_o(tap_fresh), .pass_end_o(tap_pass_end), .channel_o(tap_channel),
    .slot_o(tap_slot), .weight_addr_o(tap_weight), .lane_o(tap_lane),
    .row_offset_o(tap_row_offset), .column_offset_o(tap_column_offset),
    .row_slot_o(tap_row_slot), .base_o(tap_base)
  );

  assay_pipeline #(
    .ChannelBits(ChannelBits), .PixelBits(PixelBits), .SlotBits(SlotBits), .WeightBits(WeightBits)
  ) u_pipeline (
    .clk_i, .rst_ni, .run_i, .move_i, .valid_i(tap_valid), .first_i(tap_first),
    .last_i(tap_last), .pass_end_i(tap_pass_end), .channel_i(tap_channel), .slot_i(tap_slot),
    .lane_i(tap_lane), .weight_addr_i(tap_weight), .count_i(tile_count),
    .block_end_i(tile_block_end), .group_end_i(tile_group_end),
    .layer_end_i(tile_layer_end), .address_valid_o,
    .address_first_o, .address_channel_o,
    .address_slot_o, .address_lane_o,
    .address_weight_o, .block_free_o, .group_free_o,
    .layer_free_o, .read_valid_o, .read_first_o,
    .operand_valid_o, .operand_first_o, .sum_last_o,
    .sum_end_o, .sum_channel_o, .sum_count_o
  );

  assay_address #(
    .Pixels(Pixels), .PosBits(PosBits), .SizeBits(SizeBits), .RowBits(RowBits)
  ) u_address (
    .clk_i, .move_i, .in_x_i, .in_y_i, .plane_i, .valid_i(tap_valid),
    .fresh_i(tap_fresh), .x_i(tile_x), .row_i(tile_row), .column_i(tile_column),
    .slot_i(tile_slot), .row_offset_i(tap_row_offset), .column_offset_i(tap_column_offset),
    .row_slot_i(tap_row_slot), .base_i(tap_base), .pixel_o(address_pixel_o),
    .inside_o(address_inside_o), .base_o(address_base_o)
  );

endmodule
