// The convolution engine: streams in, convolution, requantization, stream out. Twin:
// golden/engine.h. Ports, streams and order of work: README.md.
module assay_engine #(
  parameter int Pixels          = 8,      // lanes along output pixels: 4, 8, 16
  parameter int Channels        = 8,      // lanes along channels: 4, 8, 16
  parameter int BankDepth       = 1024,   // words of an activation bank, a power of two
  parameter int WeightDepth     = 16384,  // words of the weight memory, a power of two
  parameter int ParamBlocks     = 16,     // blocks whose affine parameters fit, a power of two
  parameter int ThresholdBlocks = 4,      // blocks whose threshold lists fit, a power of two
  parameter int MaxKernel       = 7,      // 1..11
  parameter int MultiplierBits  = 24,     // 1..31
  parameter int AddendBits      = 56,     // 1..64
  parameter int AccBits         = 32,     // 17..32, accumulators that wrap
  parameter bit WithAffine      = 1'b1,
  parameter bit WithThreshold   = 1'b1
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic                   s_axil_awvalid,
  output logic                   s_axil_awready,
  input  logic [11:0]            s_axil_awaddr,
  input  logic                   s_axil_wvalid,
  output logic                   s_axil_wready,
  input  logic [31:0]            s_axil_wdata,
  input  logic [3:0]             s_axil_wstrb,
  output logic                   s_axil_bvalid,
  input  logic                   s_axil_bready,
  output logic [1:0]             s_axil_bresp,
  input  logic                   s_axil_arvalid,
  output logic                   s_axil_arready,
  input  logic [11:0]            s_axil_araddr,
  output logic                   s_axil_rvalid,
  input  logic                   s_axil_rready,
  output logic [31:0]            s_axil_rdata,
  output logic [1:0]             s_axil_rresp,

  input  logic                   s_axis_act_tvalid,
  output logic                   s_axis_act_tready,
  input  logic [8*Channels-1:0]  s_axis_act_tdata,
  input  logic                   s_axis_wgt_tvalid,
  output logic                   s_axis_wgt_tready,
  input  logic [8*Channels-1:0]  s_axis_wgt_tdata,
  input  logic                   s_axis_par_tvalid,
  output logic                   s_axis_par_tready,
  input  logic [63:0]            s_axis_par_tdata,
  output logic                   m_axis_out_tvalid,
  input  logic                   m_axis_out_tready,
  output logic [8*Channels-1:0]  m_axis_out_tdata,
  output logic                   m_axis_out_tlast,

  output logic                   tap_acc_valid_o,
  output logic [15:0]            tap_acc_y_o,
  output logic [15:0]            tap_acc_x_o,
  output logic [15:0]            tap_acc_block_o,
  output logic [32*Channels-1:0] tap_acc_o,
  output logic                   tap_out_valid_o,
  output logic [15:0]            tap_out_y_o,
  output logic [15:0]            tap_out_x_o,
  output logic [15:0]            tap_out_block_o,
  output logic [8*Channels-1:0]  tap_out_o
);

  // Widths //
  localparam int PixelBits     = $clog2(Pixels);
  localparam int ChannelBits   = $clog2(Channels);
  localparam int WordBits      = $clog2(BankDepth);
  localparam int PosBits       = WordBits + PixelBits;
  localparam int WeightBits    = $clog2(WeightDepth);
  localparam int RowBits       = 22;  // input rows and columns, padding and overshoot included
  localparam int AffineBits    = (ParamBlocks > 2) ? $clog2(ParamBlocks) : 1;
  localparam int ThresholdBits = (ThresholdBlocks > 2) ? $clog2(ThresholdBlocks) : 1;
  localparam int SlotBits      = (WithAffine && (AffineBits > ThresholdBits || !WithThreshold))
                                 ? AffineBits : ThresholdBits;

  // Control //
  logic         start, hold, busy, done, queued, setup_start, setup_done, apply, run;
  logic         layer_done, record_error;
  logic [7:0]   error, setup_error;
  logic [31:0]  cycles;
  logic [351:0] describe, next, active;

  assay_registers #(
    .Pixels(Pixels), .Channels(Channels), .BankDepth(BankDepth), .WeightDepth(WeightDepth),
    .ParamBlocks(ParamBlocks), .ThresholdBlocks(ThresholdBlocks), .MaxKernel(MaxKernel),
    .MultiplierBits(MultiplierBits), .AddendBits(AddendBits), .WithAffine(WithAffine),
    .WithThreshold(WithThreshold)
  ) u_registers (
    .clk_i, .rst_ni, .s_axil_awvalid, .s_axil_awready, .s_axil_awaddr, .s_axil_wvalid,
    .s_axil_wready, .s_axil_wdata, .s_axil_wstrb, .s_axil_bvalid, .s_axil_bready, .s_axil_bresp,
    .s_axil_arvalid, .s_axil_arready, .s_axil_araddr, .s_axil_rvalid, .s_axil_rready,
    .s_axil_rdata, .s_axil_rresp, .start_o(start), .describe_o(describe), .hold_i(hold),
    .busy_i(busy), .done_i(done), .queued_i(queued), .error_i(error), .cycles_i(cycles)
  );

  assay_control u_control (
    .clk_i, .rst_ni, .start_i(start), .describe_i(describe), .hold_o(hold), .busy_o(busy),
    .done_o(done), .queued_o(queued), .error_o(error), .cycles_o(cycles),
    .setup_start_o(setup_start), .next_o(next), .setup_done_i(setup_done),
    .setup_error_i(setup_error), .apply_o(apply), .active_o(active), .run_o(run),
    .layer_done_i(layer_done), .record_error_i(record_error)
  );

  // The running layer: described and derived values //
  logic [1:0]  mode;
  logic        in_signed, out_signed, threshold, reduce, spread;
  logic [15:0] in_x, in_y, out_x, out_y, in_blocks, count;
  logic [7:0]  kernel_x, kernel_y, stride_x, stride_y, dilation_x, dilation_y;
  logic [7:0]  pad_left, pad_top, x_zp;
  logic [8:0]  out_min, out_max;
  logic [15:0] rows_per_group, weight_slots, param_slots;
  logic [PosBits:0] pitch;
  logic        unused_active;

  assign mode           = active[1:0];
  assign reduce         = mode == 2'd0;
  assign spread         = mode == 2'd1;
  assign in_signed      = active[4];
  assign out_signed     = active[5];
  assign threshold      = active[8];
  assign {in_y, in_x}   = active[63:32];
  assign {out_y, out_x} = active[95:64];
  assign in_blocks      = active[111:96];
  assign {count, kernel_y, kernel_x} = active[159:128];
  assign {dilation_y, dilation_x, stride_y, stride_x} = active[191:160];
  assign {x_zp, pad_top, pad_left} = active[215:192];
  assign out_min        = active[232:224];
  assign out_max        = active[248:240];
  assign rows_per_group = active[271:256];
  assign pitch          = (PosBits + 1)'(active[303:288]);
  assign {param_slots, weight_slots} = active[351:320];
  assign unused_active  = ^{active[31:9], active[7:6], active[3:2], active[127:112],
                            active[223:216], active[239:233], active[255:249], active[287:272],
                            active[319:304]};

  logic [PosBits:0]          plane, column_stride, block_stride;
  logic signed [RowBits-1:0] ring_in, group_in, need_first, need_last;
  logic [PosBits:0]          row_slot_start, row_plane_start, row_slot_step, row_plane_step;
  logic [PosBits-1:0]        column_start, column_step;
  logic [PosBits:0]          column_plane_start, column_plane_step;
  logic [15:0]               out_blocks;
  logic [ChannelBits:0]      last_channels;
  logic [WeightBits:0]       words_full, words_last;
  logic [16+ChannelBits:0]   first_max;

  assay_setup #(
    .Pixels(Pixels), .Channels(Channels), .BankDepth(BankDepth), .WeightDepth(WeightDepth),
    .ParamBlocks(ParamBlocks), .ThresholdBlocks(ThresholdBlocks), .MaxKernel(MaxKernel),
    .WithAffine(WithAffine), .WithThreshold(WithThreshold), .PosBits(PosBits),
    .WeightBits(WeightBits), .ChannelBits(ChannelBits), .RowBits(RowBits)
  ) u_setup (
    .clk_i, .rst_ni, .start_i(setup_start), .next_i(next), .done_o(setup_done),
    .error_o(setup_error), .apply_i(apply), .plane_o(plane), .column_stride_o(column_stride),
    .block_stride_o(block_stride), .ring_in_o(ring_in), .group_in_o(group_in),
    .need_first_o(need_first), .need_last_o(need_last), .row_slot_start_o(row_slot_start),
    .row_plane_start_o(row_plane_start), .row_slot_step_o(row_slot_step),
    .row_plane_step_o(row_plane_step), .column_start_o(column_start),
    .column_plane_start_o(column_plane_start), .column_step_o(column_step),
    .column_plane_step_o(column_plane_step), .out_blocks_o(out_blocks),
    .last_channels_o(last_channels), .words_full_o(words_full), .words_last_o(words_last),
    .first_max_o(first_max)
  );

  // Input rows //
  logic                  rows_accept, row_done, rows_finished, rows_ready;
  logic                  group_begin, group_free, layer_free, block_free;
  logic                  bank_write;
  logic [PosBits-1:0]    bank_position;
  logic [8*Channels-1:0] bank_data;

  assay_rows #(.RowBits(RowBits)) u_rows (
    .clk_i, .rst_ni, .run_i(run), .in_y_i(in_y), .pad_top_i(pad_top), .ring_in_i(ring_in),
    .group_in_i(group_in), .need_first_i(need_first), .need_last_i(need_last),
    .row_done_i(row_done), .accept_o(rows_accept), .finished_o(rows_finished),
    .ready_o(rows_ready), .group_begin_i(group_begin), .group_free_i(group_free),
    .layer_free_i(layer_free)
  );

  assay_loader #(.Channels(Channels), .PosBits(PosBits)) u_loader (
    .clk_i, .rst_ni, .run_i(run), .flip_i(in_signed), .in_x_i(in_x), .in_blocks_i(in_blocks),
    .pitch_i(pitch), .plane_i(plane), .column_stride_i(column_stride),
    .block_stride_i(block_stride), .accept_i(rows_accept), .row_done_o(row_done),
    .s_axis_tvalid(s_axis_act_tvalid), .s_axis_tready(s_axis_act_tready),
    .s_axis_tdata(s_axis_act_tdata), .write_o(bank_write), .position_o(bank_position),
    .data_o(bank_data)
  );

  // Weights and parameters //
  logic                   move;  // the pipeline from taps to sums moves
  logic                   weights_finished, weights_valid, weights_last, block_next;
  logic [WeightBits-1:0]  weights_base, address_weight;
  logic                   address_valid, address_first, read_valid, read_first;
  logic [8*Channels-1:0]  weight;
  logic                   params_finished, params_valid, unused_params_last, params_free;
  logic [SlotBits-1:0]    params_slot;
  logic                   param_write;
  logic [ChannelBits-1:0] param_lane;
  logic [SlotBits-1:0]    param_slot;
  logic [7:0]             param_word;
  logic                   first_read;
  logic [ChannelBits-1:0] first_channel, first_lane;
  logic [PosBits-1:0]     first_position;

  assay_weights #(
    .Channels(Channels), .WeightDepth(WeightDepth), .WeightBits(WeightBits)
  ) u_weights (
    .clk_i, .rst_ni, .run_i(run), .move_i(move), .blocks_i(out_blocks), .slots_i(weight_slots),
    .words_full_i(words_full), .words_last_i(words_last), .out_y_i(out_y),
    .rows_per_group_i(rows_per_group), .s_axis_tvalid(s_axis_wgt_tvalid),
    .s_axis_tready(s_axis_wgt_tready), .s_axis_tdata(s_axis_wgt_tdata),
    .finished_o(weights_finished), .use_valid_o(weights_valid), .use_last_o(weights_last),
    .use_base_o(weights_base), .use_next_i(block_next), .free_i(block_free),
    .read_i(address_valid), .read_addr_i(address_weight), .load_i(read_valid), .weight_o(weight)
  );

  assay_params #(
    .Channels(Channels), .ChannelBits(ChannelBits), .SlotBits(SlotBits), .PosBits(PosBits)
  ) u_params (
    .clk_i, .rst_ni, .run_i(run), .threshold_i(threshold), .spread_i(spread),
    .blocks_i(out_blocks), .slots_i(param_slots), .last_channels_i(last_channels),
    .out_y_i(out_y), .rows_per_group_i(rows_per_group), .block_stride_i(block_stride[PosBits-1:0]),
    .first_max_i(first_max), .s_axis_tvalid(s_axis_par_tvalid),
    .s_axis_tready(s_axis_par_tready), .s_axis_tdata(s_axis_par_tdata),
    .finished_o(params_finished), .error_o(record_error), .write_o(param_write),
    .write_lane_o(param_lane), .write_slot_o(param_slot), .write_word_o(param_word),
    .use_valid_o(params_valid), .use_last_o(unused_params_last), .use_slot_o(params_slot),
    .use_next_i(block_next), .free_i(params_free), .first_read_i(first_read),
    .first_channel_i(first_channel), .first_position_o(first_position), .first_lane_o(first_lane)
  );

  // Order of work //
  logic                          tile_valid, swap, next_block_end, next_layer_end;
  logic [Pixels*16-1:0]          tile_x;
  logic [Pixels*RowBits-1:0]     tile_row, tile_column;
  logic [Pixels*(PosBits+1)-1:0] tile_slot;
  logic [PixelBits:0]            tile_count;
  logic                          tile_block_end, tile_group_end, tile_layer_end, tile_partial;
  logic                          pass_valid, pass_ready, pass_begin, pass_end;
  logic [ChannelBits-1:0]        pass_channel;
  logic [WeightBits-1:0]         pass_weights;
  logic [SlotBits-1:0]           pass_slot;

  assay_walker #(
    .Pixels(Pixels), .PixelBits(PixelBits), .PosBits(PosBits), .RowBits(RowBits)
  ) u_walker (
    .clk_i, .rst_ni, .run_i(run), .out_x_i(out_x), .out_y_i(out_y), .out_blocks_i(out_blocks),
    .rows_per_group_i(rows_per_group), .stride_x_i(stride_x), .stride_y_i(stride_y),
    .pitch_i(pitch), .plane_i(plane), .valid_o(tile_valid), .block_end_o(next_block_end),
    .layer_end_o(next_layer_end), .swap_i(swap), .x_o(tile_x), .row_o(tile_row),
    .column_o(tile_column), .slot_o(tile_slot), .count_o(tile_count),
    .tile_block_end_o(tile_block_end), .tile_group_end_o(tile_group_end),
    .tile_layer_end_o(tile_layer_end), .tile_partial_o(tile_partial)
  );

  assay_sequencer #(
    .ChannelBits(ChannelBits), .WeightBits(WeightBits), .SlotBits(SlotBits)
  ) u_sequencer (
    .clk_i, .rst_ni, .run_i(run), .reduce_i(reduce), .last_channels_i(last_channels),
    .rows_ready_i(rows_ready), .group_begin_o(group_begin), .weights_valid_i(weights_valid),
    .weights_last_i(weights_last), .weights_base_i(weights_base), .params_valid_i(params_valid),
    .params_slot_i(params_slot), .block_next_o(block_next), .swap_i(swap),
    .swap_block_end_i(next_block_end), .swap_layer_end_i(next_layer_end),
    .first_read_o(first_read), .first_channel_o(first_channel), .pass_valid_o(pass_valid),
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
    .RowBits(RowBits)
  ) u_taps (
    .clk_i, .rst_ni, .run_i(run), .move_i(move), .spread_i(spread), .kernel_x_i(kernel_x),
    .kernel_y_i(kernel_y), .count_i(count), .dilation_x_i(dilation_x), .dilation_y_i(dilation_y),
    .pad_left_i(pad_left), .pad_top_i(pad_top), .pitch_i(pitch), .plane_i(plane),
    .column_stride_i(column_stride), .block_stride_i(block_stride),
    .row_slot_start_i(row_slot_start), .row_plane_start_i(row_plane_start),
    .row_slot_step_i(row_slot_step), .row_plane_step_i(row_plane_step),
    .column_start_i(column_start), .column_plane_start_i(column_plane_start),
    .column_step_i(column_step), .column_plane_step_i(column_plane_step),
    .pass_valid_i(pass_valid), .pass_ready_o(pass_ready), .pass_begin_i(pass_begin),
    .pass_end_i(pass_end), .pass_channel_i(pass_channel), .pass_weights_i(pass_weights),
    .pass_slot_i(pass_slot), .pass_position_i(first_position), .pass_lane_i(first_lane),
    .tile_valid_i(tile_valid), .swap_o(swap), .valid_o(tap_valid), .first_o(tap_first),
    .last_o(tap_last), .fresh_o(tap_fresh), .pass_end_o(tap_pass_end), .channel_o(tap_channel),
    .slot_o(tap_slot), .weight_addr_o(tap_weight), .lane_o(tap_lane),
    .row_offset_o(tap_row_offset), .column_offset_o(tap_column_offset),
    .row_slot_o(tap_row_slot), .base_o(tap_base)
  );

  logic [ChannelBits-1:0] address_channel, address_lane, sum_channel;
  logic [SlotBits-1:0]    address_slot;
  logic                   operand_valid, operand_first, sum_last, sum_end, sum_partial;
  logic                   collector_ready;
  logic [PixelBits:0]     sum_count;

  assign move = !sum_last || collector_ready;

  assay_pipeline #(
    .ChannelBits(ChannelBits), .PixelBits(PixelBits), .SlotBits(SlotBits), .WeightBits(WeightBits)
  ) u_pipeline (
    .clk_i, .rst_ni, .run_i(run), .move_i(move), .valid_i(tap_valid), .first_i(tap_first),
    .last_i(tap_last), .pass_end_i(tap_pass_end), .channel_i(tap_channel), .slot_i(tap_slot),
    .lane_i(tap_lane), .weight_addr_i(tap_weight), .count_i(tile_count),
    .partial_i(tile_partial), .block_end_i(tile_block_end), .group_end_i(tile_group_end),
    .layer_end_i(tile_layer_end), .address_valid_o(address_valid),
    .address_first_o(address_first), .address_channel_o(address_channel),
    .address_slot_o(address_slot), .address_lane_o(address_lane),
    .address_weight_o(address_weight), .block_free_o(block_free), .group_free_o(group_free),
    .layer_free_o(layer_free), .read_valid_o(read_valid), .read_first_o(read_first),
    .operand_valid_o(operand_valid), .operand_first_o(operand_first), .sum_last_o(sum_last),
    .sum_end_o(sum_end), .sum_channel_o(sum_channel), .sum_count_o(sum_count),
    .sum_partial_o(sum_partial)
  );

  // Operands and sums //
  logic [Pixels*PosBits-1:0]     address_pixel;
  logic [Pixels-1:0]             address_inside;
  logic [PosBits-1:0]            address_base;
  logic [8*Pixels*Channels-1:0]  operand;
  logic [32*Channels-1:0]        initial_acc;
  logic [32*Pixels*Channels-1:0] acc;
  logic [32*Pixels-1:0]          sum;

  assay_address #(.Pixels(Pixels), .PosBits(PosBits), .RowBits(RowBits)) u_address (
    .clk_i, .move_i(move), .in_x_i(in_x), .in_y_i(in_y), .plane_i(plane), .valid_i(tap_valid),
    .fresh_i(tap_fresh), .x_i(tile_x), .row_i(tile_row), .column_i(tile_column),
    .slot_i(tile_slot), .row_offset_i(tap_row_offset), .column_offset_i(tap_column_offset),
    .row_slot_i(tap_row_slot), .base_i(tap_base), .pixel_o(address_pixel),
    .inside_o(address_inside), .base_o(address_base)
  );

  assay_banks #(
    .Pixels(Pixels), .PixelBits(PixelBits), .Channels(Channels), .ChannelBits(ChannelBits),
    .BankDepth(BankDepth), .WordBits(WordBits), .PosBits(PosBits)
  ) u_banks (
    .clk_i, .move_i(move), .spread_i(spread), .x_zp_i(x_zp), .write_i(bank_write),
    .write_position_i(bank_position), .write_data_i(bank_data), .valid_i(address_valid),
    .pixel_i(address_pixel), .inside_i(address_inside), .base_i(address_base),
    .lane_i(address_lane), .load_i(read_valid), .operand_o(operand)
  );

  assay_initial #(
    .Channels(Channels), .ChannelBits(ChannelBits), .SlotBits(SlotBits)
  ) u_initial (
    .clk_i, .move_i(move), .reduce_i(reduce), .write_i(param_write && param_word == 8'd1),
    .write_lane_i(param_lane), .write_slot_i(param_slot),
    .write_data_i(s_axis_par_tdata[31:0]), .read_i(address_first), .slot_i(address_slot),
    .channel_i(address_channel), .load_i(read_first), .initial_o(initial_acc)
  );

  assay_array #(.Pixels(Pixels), .Channels(Channels), .AccBits(AccBits)) u_array (
    .clk_i, .move_i(move), .valid_i(operand_valid), .first_i(operand_first), .operand_i(operand),
    .weight_i(weight), .initial_i(initial_acc), .acc_o(acc)
  );

  assay_row_sum #(.Pixels(Pixels), .Channels(Channels), .AccBits(AccBits)) u_row_sum (
    .acc_i(acc), .sum_o(sum)
  );

  // Vectors //
  logic                   vector_valid, vector_ready, vector_move;
  logic [32*Channels-1:0] vector_acc;
  logic                   unused_acc_partial, acc_block_end, unused_acc_layer_end;

  assign vector_move = vector_valid && vector_ready;

  assay_collector #(
    .Pixels(Pixels), .PixelBits(PixelBits), .Channels(Channels), .ChannelBits(ChannelBits)
  ) u_collector (
    .clk_i, .rst_ni, .run_i(run), .reduce_i(reduce), .last_channels_i(last_channels),
    .last_i(sum_last), .ready_o(collector_ready), .end_i(sum_end), .channel_i(sum_channel),
    .count_i(sum_count), .partial_i(sum_partial), .acc_i(acc), .sum_i(sum),
    .valid_o(vector_valid), .ready_i(vector_ready), .acc_o(vector_acc)
  );

  assay_place u_acc_place (
    .clk_i, .rst_ni, .run_i(run), .out_x_i(out_x), .out_y_i(out_y), .out_blocks_i(out_blocks),
    .rows_per_group_i(rows_per_group), .next_i(vector_move), .x_o(tap_acc_x_o),
    .y_o(tap_acc_y_o), .block_o(tap_acc_block_o), .partial_o(unused_acc_partial),
    .block_end_o(acc_block_end), .layer_end_o(unused_acc_layer_end)
  );

  assign tap_acc_valid_o = vector_move;
  assign tap_acc_o       = vector_acc;

  // Requantization //
  logic [SlotBits-1:0]   requant_slot;
  logic [15:0]           unused_requant_block;
  logic                  unused_requant_last;
  logic                  y_valid, y_ready, y_move, out_partial, out_block_end, out_layer_end;
  logic [8*Channels-1:0] y;
  logic                  out_last_done;

  assay_ring_pointer #(.BaseBits(SlotBits)) u_requant_slot (
    .clk_i, .rst_ni, .run_i(run), .blocks_i(out_blocks), .slots_i(param_slots),
    .slot_words_i(SlotBits'(1)), .resident_i(param_slots >= out_blocks),
    .next_i(vector_move && acc_block_end), .block_o(unused_requant_block),
    .last_block_o(unused_requant_last), .base_o(requant_slot)
  );

  assay_requant #(
    .Channels(Channels), .ChannelBits(ChannelBits), .SlotBits(SlotBits), .AffineBits(AffineBits),
    .ThresholdBits(ThresholdBits), .MultiplierBits(MultiplierBits), .AddendBits(AddendBits),
    .WithAffine(WithAffine), .WithThreshold(WithThreshold)
  ) u_requant (
    .clk_i, .rst_ni, .run_i(run), .threshold_i(threshold), .signed_i(out_signed),
    .out_min_i(out_min), .out_max_i(out_max), .write_i(param_write), .write_lane_i(param_lane),
    .write_slot_i(param_slot), .write_word_i(param_word), .write_data_i(s_axis_par_tdata),
    .valid_i(vector_valid), .ready_o(vector_ready), .slot_i(requant_slot), .acc_i(vector_acc),
    .valid_o(y_valid), .ready_i(y_ready), .y_o(y)
  );

  assay_place u_out_place (
    .clk_i, .rst_ni, .run_i(run), .out_x_i(out_x), .out_y_i(out_y), .out_blocks_i(out_blocks),
    .rows_per_group_i(rows_per_group), .next_i(y_move), .x_o(tap_out_x_o), .y_o(tap_out_y_o),
    .block_o(tap_out_block_o), .partial_o(out_partial), .block_end_o(out_block_end),
    .layer_end_o(out_layer_end)
  );

  assign y_move          = y_valid && y_ready;
  assign params_free     = y_move && out_block_end;
  assign tap_out_valid_o = y_move;

  assay_output #(.Channels(Channels), .ChannelBits(ChannelBits)) u_output (
    .clk_i, .rst_ni, .last_channels_i(last_channels), .valid_i(y_valid), .ready_o(y_ready),
    .y_i(y), .partial_i(out_partial), .last_i(out_layer_end), .y_o(tap_out_o),
    .last_done_o(out_last_done), .m_axis_tvalid(m_axis_out_tvalid),
    .m_axis_tready(m_axis_out_tready), .m_axis_tdata(m_axis_out_tdata),
    .m_axis_tlast(m_axis_out_tlast)
  );

  // A layer is done when all streams are //
  logic out_done_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) out_done_q <= 1'b0;
    else if (!run) out_done_q <= 1'b0;
    else if (out_last_done) out_done_q <= 1'b1;
  end

  assign layer_done = out_done_q && rows_finished && weights_finished && params_finished;

endmodule
