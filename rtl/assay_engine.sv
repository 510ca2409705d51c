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
  parameter int SizeBits        = 16,     // 8..16, of sizes and numbers in a description
  parameter int StepBits        = 8,      // 4..8, of its kernels, strides, dilations, paddings
  parameter int RequantLanes    = Channels, // of the requantizer, a power of two, 1..Channels
  parameter bit PackedMultipliers = 1'b0,  // two products a multiplier
  parameter bit TreeMultipliers = 1'b0,    // multipliers of LUTs
  parameter bit WithAffine      = 1'b1,
  parameter bit WithCorrected   = 1'b1,
  parameter bit WithThreshold   = 1'b1,
  parameter bit WithInt4        = 1'b0    // layers may have int4 weights
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
  // Input rows and columns, padding and overshoot included; positions and a sign.
  localparam int RowBits       = (SizeBits + 6 > PosBits + 2) ? SizeBits + 6 : PosBits + 2;
  localparam int AffineBits    = (ParamBlocks > 2) ? $clog2(ParamBlocks) : 1;
  localparam int ThresholdBits = (ThresholdBlocks > 2) ? $clog2(ThresholdBlocks) : 1;
  localparam int SlotBits      = (WithAffine && (AffineBits > ThresholdBits || !WithThreshold))
                                 ? AffineBits : ThresholdBits;

  // The layer //
  logic                          run, apply, load, next_valid, layer_done, record_error;
  logic                          reduce, spread, in_signed, out_signed, threshold;
  logic                          corrected, int4;
  logic [SizeBits-1:0]           in_x, in_y, out_x, out_y, in_blocks, count, rows_per_group;
  logic [SizeBits-1:0]           weight_slots, param_slots, out_blocks;
  logic [StepBits-1:0]           kernel_x, kernel_y, stride_x, stride_y;
  logic [StepBits-1:0]           dilation_x, dilation_y, pad_left, pad_top;
  logic [7:0]                    x_zp;
  logic [8:0]                    out_min, out_max;
  logic [PosBits:0]              pitch, plane, column_stride, block_stride, row_slot_start;
  logic [PosBits:0]              row_plane_start, row_slot_step, row_plane_step;
  logic [PosBits:0]              column_plane_start, column_plane_step;
  logic signed [RowBits-1:0]     ring_in, group_in, need_first, need_last;
  logic [PosBits-1:0]            column_start, column_step;
  logic [ChannelBits:0]          last_channels;
  logic [WeightBits:0]           weight_end;
  logic [WeightBits-1:0]         slot_words, weight_begin, next_weight_begin;
  logic [WeightBits:0]           next_words_full, next_words_last, next_weight_end;
  logic [SizeBits-1:0]           next_blocks, next_slots, next_out_y, next_rows_per_group;
  logic [SizeBits+ChannelBits:0] first_max;

  assay_layer #(
    .Pixels(Pixels), .Channels(Channels), .BankDepth(BankDepth), .WeightDepth(WeightDepth),
    .ParamBlocks(ParamBlocks), .ThresholdBlocks(ThresholdBlocks), .MaxKernel(MaxKernel),
    .MultiplierBits(MultiplierBits), .AddendBits(AddendBits), .AccBits(AccBits),
    .WithAffine(WithAffine), .WithCorrected(WithCorrected),
    .WithThreshold(WithThreshold), .WithInt4(WithInt4), .PosBits(PosBits),
    .WeightBits(WeightBits),
    .ChannelBits(ChannelBits), .SizeBits(SizeBits),
    .StepBits(StepBits), .RowBits(RowBits)
  ) u_layer (
    .clk_i, .rst_ni, .s_axil_awvalid, .s_axil_awready, .s_axil_awaddr, .s_axil_wvalid,
    .s_axil_wready, .s_axil_wdata, .s_axil_wstrb, .s_axil_bvalid, .s_axil_bready, .s_axil_bresp,
    .s_axil_arvalid, .s_axil_arready, .s_axil_araddr, .s_axil_rvalid, .s_axil_rready,
    .s_axil_rdata, .s_axil_rresp, .run_o(run), .apply_o(apply), .load_o(load),
    .layer_done_i(layer_done),
    .record_error_i(record_error), .reduce_o(reduce), .spread_o(spread), .in_signed_o(in_signed),
    .out_signed_o(out_signed), .threshold_o(threshold), .corrected_o(corrected), .int4_o(int4),
    .in_x_o(in_x),
    .in_y_o(in_y),
    .out_x_o(out_x), .out_y_o(out_y), .in_blocks_o(in_blocks), .kernel_x_o(kernel_x),
    .kernel_y_o(kernel_y), .count_o(count), .stride_x_o(stride_x), .stride_y_o(stride_y),
    .dilation_x_o(dilation_x), .dilation_y_o(dilation_y), .pad_left_o(pad_left),
    .pad_top_o(pad_top), .x_zp_o(x_zp), .out_min_o(out_min), .out_max_o(out_max),
    .rows_per_group_o(rows_per_group), .pitch_o(pitch), .weight_slots_o(weight_slots),
    .param_slots_o(param_slots), .plane_o(plane), .column_stride_o(column_stride),
    .block_stride_o(block_stride), .ring_in_o(ring_in), .group_in_o(group_in),
    .need_first_o(need_first), .need_last_o(need_last), .row_slot_start_o(row_slot_start),
    .row_plane_start_o(row_plane_start), .row_slot_step_o(row_slot_step),
    .row_plane_step_o(row_plane_step), .column_start_o(column_start),
    .column_plane_start_o(column_plane_start), .column_step_o(column_step),
    .column_plane_step_o(column_plane_step), .out_blocks_o(out_blocks),
    .last_channels_o(last_channels), .slot_words_o(slot_words), .weight_begin_o(weight_begin),
    .weight_end_o(weight_end), .first_max_o(first_max), .next_valid_o(next_valid),
    .next_blocks_o(next_blocks), .next_slots_o(next_slots), .next_words_full_o(next_words_full),
    .next_words_last_o(next_words_last), .next_out_y_o(next_out_y),
    .next_rows_per_group_o(next_rows_per_group), .next_weight_begin_o(next_weight_begin),
    .next_weight_end_o(next_weight_end)
  );

  // Input rows //
  logic                  rows_accept, row_done, rows_finished, rows_ready;
  logic                  group_begin, group_free, layer_free, block_free;
  logic                  bank_write;
  logic [PosBits-1:0]    bank_position;
  logic [8*Channels-1:0] bank_data;

  assay_rows #(.SizeBits(SizeBits), .StepBits(StepBits), .RowBits(RowBits)) u_rows (
    .clk_i, .rst_ni, .run_i(run), .in_y_i(in_y), .pad_top_i(pad_top), .ring_in_i(ring_in),
    .group_in_i(group_in), .need_first_i(need_first), .need_last_i(need_last),
    .row_done_i(row_done), .accept_o(rows_accept), .finished_o(rows_finished),
    .ready_o(rows_ready), .group_begin_i(group_begin), .group_free_i(group_free),
    .layer_free_i(layer_free)
  );

  assay_loader #(.Channels(Channels), .PosBits(PosBits), .SizeBits(SizeBits)) u_loader (
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
  logic [WeightBits:0]    weights_base, address_weight;  // in half words
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
    .Channels(Channels), .WeightDepth(WeightDepth), .WeightBits(WeightBits),
    .SizeBits(SizeBits), .WithInt4(WithInt4)
  ) u_weights (
    .clk_i, .rst_ni, .move_i(move), .next_valid_i(next_valid), .apply_i(apply),
    .drop_i(record_error), .next_blocks_i(next_blocks), .next_slots_i(next_slots),
    .next_words_full_i(next_words_full), .next_words_last_i(next_words_last),
    .next_out_y_i(next_out_y), .next_rows_per_group_i(next_rows_per_group),
    .next_begin_i(next_weight_begin), .next_end_i(next_weight_end), .load_i(load),
    .int4_i(int4), .blocks_i(out_blocks), .slots_i(weight_slots), .slot_words_i(slot_words),
    .begin_i(weight_begin), .end_i(weight_end), .s_axis_tvalid(s_axis_wgt_tvalid),
    .s_axis_tready(s_axis_wgt_tready), .s_axis_tdata(s_axis_wgt_tdata),
    .finished_o(weights_finished), .use_valid_o(weights_valid), .use_last_o(weights_last),
    .use_base_o(weights_base), .use_next_i(block_next), .free_i(block_free),
    .read_i(address_valid), .read_addr_i(address_weight), .load_weight_i(read_valid),
    .weight_o(weight)
  );

  assay_params #(
    .Channels(Channels), .ChannelBits(ChannelBits), .SlotBits(SlotBits), .PosBits(PosBits),
    .SizeBits(SizeBits)
  ) u_params (
    .clk_i, .rst_ni, .run_i(run), .load_i(load), .threshold_i(threshold),
    .corrected_i(corrected), .spread_i(spread),
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
  logic [ChannelBits-1:0]    address_channel, address_lane, sum_channel;
  logic [SlotBits-1:0]       address_slot;
  logic [Pixels*PosBits-1:0] address_pixel;
  logic [Pixels-1:0]         address_inside;
  logic [PosBits-1:0]        address_base;
  logic                      operand_valid, operand_first, sum_last, sum_end;
  logic [PixelBits:0]        sum_count;

  assay_order #(
    .Pixels(Pixels), .PixelBits(PixelBits), .ChannelBits(ChannelBits),
    .WeightBits(WeightBits + 1), .SlotBits(SlotBits), .PosBits(PosBits),
    .SizeBits(SizeBits), .StepBits(StepBits), .RowBits(RowBits)
  ) u_order (
    .clk_i, .rst_ni, .run_i(run), .move_i(move), .reduce_i(reduce), .spread_i(spread),
    .int4_i(int4), .in_x_i(in_x), .in_y_i(in_y), .out_x_i(out_x), .out_y_i(out_y),
    .out_blocks_i(out_blocks),
    .last_channels_i(last_channels), .rows_per_group_i(rows_per_group), .kernel_x_i(kernel_x),
    .kernel_y_i(kernel_y), .count_i(count), .stride_x_i(stride_x), .stride_y_i(stride_y),
    .dilation_x_i(dilation_x), .dilation_y_i(dilation_y), .pad_left_i(pad_left),
    .pad_top_i(pad_top), .pitch_i(pitch), .plane_i(plane), .column_stride_i(column_stride),
    .block_stride_i(block_stride), .row_slot_start_i(row_slot_start),
    .row_plane_start_i(row_plane_start), .row_slot_step_i(row_slot_step),
    .row_plane_step_i(row_plane_step), .column_start_i(column_start),
    .column_plane_start_i(column_plane_start), .column_step_i(column_step),
    .column_plane_step_i(column_plane_step), .rows_ready_i(rows_ready),
    .group_begin_o(group_begin), .weights_valid_i(weights_valid), .weights_last_i(weights_last),
    .weights_base_i(weights_base), .params_valid_i(params_valid), .params_slot_i(params_slot),
    .block_next_o(block_next), .first_read_o(first_read), .first_channel_o(first_channel),
    .first_position_i(first_position), .first_lane_i(first_lane), .block_free_o(block_free),
    .group_free_o(group_free), .layer_free_o(layer_free), .address_valid_o(address_valid),
    .address_first_o(address_first), .address_channel_o(address_channel),
    .address_slot_o(address_slot), .address_lane_o(address_lane),
    .address_weight_o(address_weight), .address_pixel_o(address_pixel),
    .address_inside_o(address_inside), .address_base_o(address_base), .read_valid_o(read_valid),
    .read_first_o(read_first), .operand_valid_o(operand_valid), .operand_first_o(operand_first),
    .sum_last_o(sum_last), .sum_end_o(sum_end), .sum_channel_o(sum_channel),
    .sum_count_o(sum_count)
  );

  // Arithmetic //
  logic                   vector_valid, vector_ready;
  logic [32*Channels-1:0] vector_acc;

  assay_datapath #(
    .Pixels(Pixels), .PixelBits(PixelBits), .Channels(Channels), .ChannelBits(ChannelBits),
    .BankDepth(BankDepth), .WordBits(WordBits), .PosBits(PosBits), .SlotBits(SlotBits),
    .AccBits(AccBits), .PackedMultipliers(PackedMultipliers), .TreeMultipliers(TreeMultipliers)
  ) u_datapath (
    .clk_i, .rst_ni, .run_i(run), .move_o(move), .reduce_i(reduce), .spread_i(spread),
    .x_zp_i(x_zp), .bank_write_i(bank_write),
    .bank_position_i(bank_position), .bank_data_i(bank_data), .param_write_i(param_write),
    .param_lane_i(param_lane), .param_slot_i(param_slot), .param_word_i(param_word),
    .param_data_i(s_axis_par_tdata[31:0]), .address_valid_i(address_valid),
    .address_first_i(address_first), .address_channel_i(address_channel),
    .address_slot_i(address_slot), .address_lane_i(address_lane), .address_pixel_i(address_pixel),
    .address_inside_i(address_inside), .address_base_i(address_base), .read_valid_i(read_valid),
    .read_first_i(read_first), .operand_valid_i(operand_valid), .operand_first_i(operand_first),
    .weight_i(weight), .sum_last_i(sum_last), .sum_end_i(sum_end), .sum_channel_i(sum_channel),
    .sum_count_i(sum_count), .vector_valid_o(vector_valid),
    .vector_ready_i(vector_ready), .vector_acc_o(vector_acc)
  );

  // Requantizer and output port //
  logic                last_done;
  logic [SizeBits-1:0] acc_y, acc_x, acc_block, y_y, y_x, y_block;

  assay_finish #(
    .Channels(Channels), .ChannelBits(ChannelBits), .RequantLanes(RequantLanes),
    .SlotBits(SlotBits), .SizeBits(SizeBits), .AffineBits(AffineBits),
    .ThresholdBits(ThresholdBits), .AccBits(AccBits), .MultiplierBits(MultiplierBits),
    .AddendBits(AddendBits),
    .PackedMultipliers(PackedMultipliers), .TreeMultipliers(TreeMultipliers),
    .WithAffine(WithAffine),
    .WithCorrected(WithCorrected), .WithThreshold(WithThreshold)
  ) u_finish (
    .clk_i, .rst_ni, .run_i(run), .threshold_i(threshold), .corrected_i(corrected),
    .out_signed_i(out_signed),
    .out_min_i(out_min), .out_max_i(out_max), .out_x_i(out_x), .out_y_i(out_y),
    .out_blocks_i(out_blocks), .last_channels_i(last_channels), .rows_per_group_i(rows_per_group),
    .param_slots_i(param_slots), .param_write_i(param_write), .param_lane_i(param_lane),
    .param_slot_i(param_slot), .param_word_i(param_word), .param_data_i(s_axis_par_tdata),
    .params_free_o(params_free), .vector_valid_i(vector_valid), .vector_ready_o(vector_ready),
    .vector_acc_i(vector_acc), .m_axis_out_tvalid, .m_axis_out_tready, .m_axis_out_tdata,
    .m_axis_out_tlast, .last_done_o(last_done), .tap_acc_valid_o, .tap_acc_y_o(acc_y),
    .tap_acc_x_o(acc_x), .tap_acc_block_o(acc_block), .tap_acc_o, .tap_out_valid_o,
    .tap_out_y_o(y_y), .tap_out_x_o(y_x), .tap_out_block_o(y_block), .tap_out_o
  );

  assign tap_acc_y_o     = 16'(acc_y);
  assign tap_acc_x_o     = 16'(acc_x);
  assign tap_acc_block_o = 16'(acc_block);
  assign tap_out_y_o     = 16'(y_y);
  assign tap_out_x_o     = 16'(y_x);
  assign tap_out_block_o = 16'(y_block);

  // A layer is done when all streams are //
  logic out_done_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) out_done_q <= 1'b0;
    else if (!run) out_done_q <= 1'b0;
    else if (last_done) out_done_q <= 1'b1;
  end

  assign layer_done = out_done_q && rows_finished && weights_finished && params_finished;

endmodule
