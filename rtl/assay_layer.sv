// The layer that runs: registers, life of a layer, described and derived values. No twin.
module assay_layer #(
  parameter int Pixels          = 8,
  parameter int Channels        = 8,
  parameter int BankDepth       = 1024,
  parameter int WeightDepth     = 16384,
  parameter int ParamBlocks     = 16,
  parameter int ThresholdBlocks = 4,
  parameter int MaxKernel       = 7,
  parameter int MultiplierBits  = 24,
  parameter int AddendBits      = 56,
  parameter int AccBits         = 32,
  parameter bit WithAffine      = 1'b1,
  parameter bit WithCorrected   = 1'b1,
  parameter bit WithThreshold   = 1'b1,
  parameter bit WithInt4        = 1'b0,
  parameter int PosBits         = 13,
  parameter int WeightBits      = 14,
  parameter int ChannelBits     = 3,
  parameter int SizeBits        = 16,
  parameter int StepBits        = 8,
  parameter int RowBits         = 22
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          s_axil_awvalid,
  output logic                          s_axil_awready,
  input  logic [11:0]                   s_axil_awaddr,
  input  logic                          s_axil_wvalid,
  output logic                          s_axil_wready,
  input  logic [31:0]                   s_axil_wdata,
  input  logic [3:0]                    s_axil_wstrb,
  output logic                          s_axil_bvalid,
  input  logic                          s_axil_bready,
  output logic [1:0]                    s_axil_bresp,
  input  logic                          s_axil_arvalid,
  output logic                          s_axil_arready,
  input  logic [11:0]                   s_axil_araddr,
  output logic                          s_axil_rvalid,
  input  logic                          s_axil_rready,
  output logic [31:0]                   s_axil_rdata,
  output logic [1:0]                    s_axil_rresp,

  output logic                          run_o,    // low: all modules hold their first state
  output logic                          apply_o,  // the next layer becomes the running one
  output logic                          load_o,   // the cycle after
  input  logic                          layer_done_i,
  input  logic                          record_error_i,

  // Described: assay_fields //
  output logic                          reduce_o,
  output logic                          spread_o,
  output logic                          in_signed_o,
  output logic                          out_signed_o,
  output logic                          threshold_o,
  output logic                          corrected_o,
  output logic                          int4_o,
  output logic [SizeBits-1:0]           in_x_o,
  output logic [SizeBits-1:0]           in_y_o,
  output logic [SizeBits-1:0]           out_x_o,
  output logic [SizeBits-1:0]           out_y_o,
  output logic [SizeBits-1:0]           in_blocks_o,
  output logic [StepBits-1:0]           kernel_x_o,
  output logic [StepBits-1:0]           kernel_y_o,
  output logic [SizeBits-1:0]           count_o,
  output logic [StepBits-1:0]           stride_x_o,
  output logic [StepBits-1:0]           stride_y_o,
  output logic [StepBits-1:0]           dilation_x_o,
  output logic [StepBits-1:0]           dilation_y_o,
  output logic [StepBits-1:0]           pad_left_o,
  output logic [StepBits-1:0]           pad_top_o,
  output logic [7:0]                    x_zp_o,
  output logic [8:0]                    out_min_o,
  output logic [8:0]                    out_max_o,
  output logic [SizeBits-1:0]           rows_per_group_o,
  output logic [PosBits:0]              pitch_o,
  output logic [SizeBits-1:0]           weight_slots_o,
  output logic [SizeBits-1:0]           param_slots_o,

  // Derived: assay_setup //
  output logic [PosBits:0]              plane_o,
  output logic [PosBits:0]              column_stride_o,
  output logic [PosBits:0]              block_stride_o,
  output logic signed [RowBits-1:0]     ring_in_o,
  output logic signed [RowBits-1:0]     group_in_o,
  output logic signed [RowBits-1:0]     need_first_o,
  output logic signed [RowBits-1:0]     need_last_o,
  output logic [PosBits:0]              row_slot_start_o,
  output logic [PosBits:0]              row_plane_start_o,
  output logic [PosBits:0]              row_slot_step_o,
  output logic [PosBits:0]              row_plane_step_o,
  output logic [PosBits-1:0]            column_start_o,
  output logic [PosBits:0]              column_plane_start_o,
  output logic [PosBits-1:0]            column_step_o,
  output logic [PosBits:0]              column_plane_step_o,
  output logic [SizeBits-1:0]           out_blocks_o,
  output logic [ChannelBits:0]          last_channels_o,
  output logic [WeightBits-1:0]         slot_words_o,
  output logic [WeightBits-1:0]         weight_begin_o,
  output logic [WeightBits:0]           weight_end_o,
  output logic [SizeBits+ChannelBits:0] first_max_o,

  // The next layer, for the weight memory //
  output logic                          next_valid_o,
  output logic [SizeBits-1:0]           next_blocks_o,
  output logic [SizeBits-1:0]           next_slots_o,
  output logic [WeightBits:0]           next_words_full_o,
  output logic [WeightBits:0]           next_words_last_o,
  output logic [SizeBits-1:0]           next_out_y_o,
  output logic [SizeBits-1:0]           next_rows_per_group_o,
  output logic [WeightBits-1:0]         next_weight_begin_o,
  output logic [WeightBits:0]           next_weight_end_o
);

  logic         start, hold, busy, done, queued, setup_start, setup_done;
  logic [7:0]   error, setup_error;
  logic [31:0]  cycles;
  logic [383:0] describe, next, active;

  assay_registers #(
    .Pixels(Pixels), .Channels(Channels), .BankDepth(BankDepth), .WeightDepth(WeightDepth),
    .ParamBlocks(ParamBlocks), .ThresholdBlocks(ThresholdBlocks), .MaxKernel(MaxKernel),
    .MultiplierBits(MultiplierBits), .AddendBits(AddendBits), .AccBits(AccBits),
    .SizeBits(SizeBits), .StepBits(StepBits), .WithAffine(WithAffine),
    .WithCorrected(WithCorrected),
    .WithThreshold(WithThreshold), .WithInt4(WithInt4)
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
    .setup_error_i(setup_error), .next_valid_o, .apply_o, .load_o, .active_o(active), .run_o,
    .layer_done_i, .record_error_i
  );

  logic [1:0]          mode;
  logic                unused_pitch, unused_wide;
  logic [SizeBits-1:0] pitch, unused_out_c, unused_ring_rows;
  logic [19:0]         unused_weight_base;

  assign reduce_o = mode == 2'd0;
  assign spread_o = mode == 2'd1;
  assign pitch_o  = (PosBits + 1)'(pitch);
  assign unused_pitch = ^pitch;

  assay_fields #(.SizeBits(SizeBits), .StepBits(StepBits)) u_fields (
    .describe_i(active), .mode_o(mode), .in_signed_o, .out_signed_o, .threshold_o, .corrected_o,
    .int4_o, .wide_o(unused_wide), .in_x_o,
    .in_y_o, .out_x_o, .out_y_o, .in_blocks_o, .out_c_o(unused_out_c), .kernel_x_o, .kernel_y_o,
    .count_o, .stride_x_o, .stride_y_o, .dilation_x_o, .dilation_y_o, .pad_left_o, .pad_top_o,
    .x_zp_o, .out_min_o, .out_max_o, .rows_per_group_o, .ring_rows_o(unused_ring_rows),
    .pitch_o(pitch), .weight_slots_o, .param_slots_o,
    .weight_base_o(unused_weight_base)
  );

  assay_setup #(
    .Pixels(Pixels), .Channels(Channels), .BankDepth(BankDepth), .WeightDepth(WeightDepth),
    .ParamBlocks(ParamBlocks), .ThresholdBlocks(ThresholdBlocks), .MaxKernel(MaxKernel),
    .WithAffine(WithAffine), .WithCorrected(WithCorrected), .WithThreshold(WithThreshold),
    .WithInt4(WithInt4), .PosBits(PosBits),
    .WeightBits(WeightBits), .ChannelBits(ChannelBits), .SizeBits(SizeBits),
    .StepBits(StepBits), .RowBits(RowBits)
  ) u_setup (
    .clk_i, .rst_ni, .start_i(setup_start), .next_i(next), .done_o(setup_done),
    .error_o(setup_error), .apply_i(apply_o), .next_blocks_o, .next_slots_o, .next_words_full_o,
    .next_words_last_o, .next_out_y_o, .next_rows_per_group_o, .next_weight_begin_o,
    .next_weight_end_o, .plane_o, .column_stride_o, .block_stride_o,
    .ring_in_o, .group_in_o, .need_first_o, .need_last_o, .row_slot_start_o, .row_plane_start_o,
    .row_slot_step_o, .row_plane_step_o, .column_start_o, .column_plane_start_o, .column_step_o,
    .column_plane_step_o, .out_blocks_o, .last_channels_o, .slot_words_o, .weight_begin_o,
    .weight_end_o, .first_max_o
  );

endmodule
