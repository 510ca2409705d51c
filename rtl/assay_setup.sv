// Derives from a layer's description all that the engine needs, with one serial multiplier. No
// twin; golden/plan.c chooses what this checks and derives.
//
// start_i begins; done_o is high while idle, then error_o and the derived values belong to next_i.
// apply_i copies them to the outputs, which belong to the running layer. About 100 cycles.
module assay_setup #(
  parameter int Pixels          = 8,
  parameter int Channels        = 8,
  parameter int BankDepth       = 1024,
  parameter int WeightDepth     = 16384,
  parameter int ParamBlocks     = 16,
  parameter int ThresholdBlocks = 4,
  parameter int MaxKernel       = 7,
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
  input  logic                          start_i,
  input  logic [383:0]                  next_i,
  output logic                          done_o,
  output logic [7:0]                    error_o,
  input  logic                          apply_i,

  // Of next_i: what the weight memory needs to begin early //
  output logic [SizeBits-1:0]           next_blocks_o,
  output logic [SizeBits-1:0]           next_slots_o,
  output logic [WeightBits:0]           next_words_full_o,
  output logic [WeightBits:0]           next_words_last_o,
  output logic [SizeBits-1:0]           next_out_y_o,
  output logic [SizeBits-1:0]           next_rows_per_group_o,
  output logic [WeightBits-1:0]         next_weight_begin_o,
  output logic [WeightBits:0]           next_weight_end_o,

  // Of the running layer //
  output logic [PosBits:0]              plane_o,          // positions of one row and column phase
  output logic [PosBits:0]              column_stride_o,  // positions of one column phase
  output logic [PosBits:0]              block_stride_o,   // positions of one input block
  output logic signed [RowBits-1:0]     ring_in_o,        // input rows that the ring holds
  output logic signed [RowBits-1:0]     group_in_o,       // input rows from group to group
  output logic signed [RowBits-1:0]     need_first_o,     // last input row of the first group
  output logic signed [RowBits-1:0]     need_last_o,      // last input row of the last group
  output logic [PosBits:0]              row_slot_start_o,
  output logic [PosBits:0]              row_plane_start_o,
  output logic [PosBits:0]              row_slot_step_o,
  output logic [PosBits:0]              row_plane_step_o,
  output logic [PosBits-1:0]            column_start_o,
  output logic [PosBits:0]              column_plane_start_o,
  output logic [PosBits-1:0]            column_step_o,
  output logic [PosBits:0]              column_plane_step_o,
  output logic [SizeBits-1:0]           out_blocks_o,
  output logic [ChannelBits:0]          last_channels_o,  // channels of the last output block
  output logic [WeightBits-1:0]         slot_words_o,     // weight words of a slot
  output logic [WeightBits-1:0]         weight_begin_o,   // range of the weight memory
  output logic [WeightBits:0]           weight_end_o,
  output logic [SizeBits+ChannelBits:0] first_max_o  // greatest `first` of a parameter record
);

  // Description //
  logic [1:0]          mode;
  logic                threshold, corrected, int4, wide;
  logic [SizeBits-1:0] in_x, in_y, out_x, out_y, in_blocks, out_c, count;
  logic [StepBits-1:0] kernel_x, kernel_y, stride_x, stride_y, dilation_x, dilation_y;
  logic [StepBits-1:0] pad_left, pad_top;
  logic [8:0]          out_min, out_max;
  logic [SizeBits-1:0] rows_per_group, ring_rows, pitch, weight_slots, param_slots;
  logic [19:0]         weight_base;
  logic                unused_in_signed, unused_out_signed;
  logic [7:0]          unused_x_zp;

  assay_fields #(.SizeBits(SizeBits), .StepBits(StepBits)) u_fields (
    .describe_i(next_i), .mode_o(mode), .in_signed_o(unused_in_signed),
    .out_signed_o(unused_out_signed), .threshold_o(threshold), .corrected_o(corrected),
    .int4_o(int4), .wide_o(wide), .in_x_o(in_x), .in_y_o(in_y),
    .out_x_o(out_x), .out_y_o(out_y), .in_blocks_o(in_blocks), .out_c_o(out_c),
    .kernel_x_o(kernel_x), .kernel_y_o(kernel_y), .count_o(count), .stride_x_o(stride_x),
    .stride_y_o(stride_y), .dilation_x_o(dilation_x), .dilation_y_o(dilation_y),
    .pad_left_o(pad_left), .pad_top_o(pad_top), .x_zp_o(unused_x_zp), .out_min_o(out_min),
    .out_max_o(out_max), .rows_per_group_o(rows_per_group), .ring_rows_o(ring_rows),
    .pitch_o(pitch), .weight_slots_o(weight_slots), .param_slots_o(param_slots),
    .weight_base_o(weight_base)
  );

  // Blocks //
  localparam int CountBits = SizeBits + 1 + ChannelBits;

  logic [SizeBits-1:0]  out_blocks;
  logic [ChannelBits:0] last_channels;
  logic [CountBits-1:0] count_max;  // input blocks, or input channels in spread

  assign out_blocks    = SizeBits'(((SizeBits + 1)'(out_c) + (SizeBits + 1)'(Channels - 1)) >>
                                   ChannelBits);
  assign last_channels = (out_c[ChannelBits-1:0] == '0) ? (ChannelBits + 1)'(Channels)
                                                        : {1'b0, out_c[ChannelBits-1:0]};
  assign count_max     = (mode == 2'd1) ? {1'b0, in_blocks, {ChannelBits{1'b0}}}
                                        : CountBits'(in_blocks);

  // Products, one after the other, each with its check //
  localparam logic [3:0] Steps = 4'd15;

  // Widths of what the checks before have let pass: at most MaxKernel * MaxKernel taps and
  // 2^PosBits positions, hence so many input blocks; a slot inside the weight memory.
  localparam int KernelBits  = $clog2(MaxKernel * MaxKernel + 1);
  localparam int BlockBits   = ((SizeBits < PosBits) ? SizeBits : PosBits) + ChannelBits;
  localparam int TapBits     = KernelBits + SizeBits;
  localparam int PassBits    = KernelBits + ((SizeBits > BlockBits) ? SizeBits : BlockBits) + 1;
  localparam int PlaceBits   = ((PosBits > WeightBits) ? PosBits : WeightBits) + SizeBits + 2;
  localparam int LargerBits  = (PassBits > PlaceBits) ? PassBits : PlaceBits;
  localparam int ProductBits = (LargerBits > 22) ? LargerBits : 22;  // weight_base has 20
  localparam int SpanBits    = StepBits + 4;                         // dilation * (kernel - 1)

  logic                         busy_q;
  logic                         check_q;  // first cycle: plain checks
  logic [3:0]                   step_q;
  logic [7:0]                   error_q;
  logic                         phases_start;
  logic [PosBits:0]             plane_q, column_stride_q, block_stride_q, ring_in_q;
  logic [SizeBits+StepBits-1:0] group_in_q;
  logic [SpanBits-1:0]          span_y_q, span_x_q;
  logic [TapBits-1:0]           taps_q;
  logic [ProductBits-1:0]       words_full, words_last;
  logic [PassBits-1:0]          words_slot_q;
  logic [WeightBits:0]          words_last_q, weight_end_q;
  logic [RowBits-1:0]           need_last_q;
  logic [ProductBits-1:0]       factor_a;
  logic [SizeBits-1:0]          factor_b;
  logic                         multiply;
  logic                         multiplying;
  logic [ProductBits-1:0]       product;
  logic [ProductBits-1:0]       reach_y, reach_x;  // rows, columns up to the last one read
  logic [7:0]                   plain_error, step_error;
  logic                         row_phase_busy, column_phase_busy;
  logic                         next_step;

  // A word of the memory holds the weights of one step, or as int4 those of two.
  function automatic logic [ProductBits-1:0] words(input logic [ProductBits-1:0] steps);
    words = (WithInt4 && int4) ? (steps + ProductBits'(1)) >> 1 : steps;
  endfunction

  assign words_full = words((mode == 2'd0) ? ProductBits'(taps_q) << ChannelBits
                                           : ProductBits'(taps_q));
  assign words_last = words(product);

  assign reach_y    = product - ProductBits'(stride_y) + ProductBits'(span_y_q) + ProductBits'(1);
  assign reach_x    = product - ProductBits'(stride_x) + ProductBits'(span_x_q) + ProductBits'(1);

  always_comb begin
    factor_a = ProductBits'(pitch);
    factor_b = ring_rows;
    if (multiply) begin
      case (step_q)
        4'd1:         factor_a = ProductBits'(plane_q);
        4'd2:         factor_a = ProductBits'(column_stride_q);
        4'd3:         factor_a = ProductBits'(block_stride_q);
        4'd4:         factor_a = ProductBits'(ring_rows);
        4'd5:         factor_a = ProductBits'(rows_per_group);
        4'd6:         factor_a = ProductBits'(dilation_y);
        4'd7:         factor_a = ProductBits'(out_y);
        4'd8:         factor_a = ProductBits'(dilation_x);
        4'd9:         factor_a = ProductBits'(out_x);
        4'd11:        factor_a = ProductBits'(kernel_x);
        4'd12, 4'd13: factor_a = ProductBits'(taps_q);
        4'd14:        factor_a = ProductBits'(words_slot_q);
        default: ;
      endcase
      case (step_q)
        4'd1, 4'd4, 4'd5, 4'd7:  factor_b = SizeBits'(stride_y);
        4'd2, 4'd9, 4'd10:       factor_b = SizeBits'(stride_x);
        4'd3:                    factor_b = in_blocks;
        4'd6:                    factor_b = SizeBits'(kernel_y) - SizeBits'(1);
        4'd8:                    factor_b = SizeBits'(kernel_x) - SizeBits'(1);
        4'd11:                   factor_b = SizeBits'(kernel_y);
        4'd12:                   factor_b = count;
        4'd13: factor_b = (mode == 2'd0) ? SizeBits'(last_channels) : SizeBits'(1);
        4'd14:                   factor_b = weight_slots;
        default: ;
      endcase
    end
  end

  assay_rules #(
    .Pixels(Pixels), .BankDepth(BankDepth), .WeightDepth(WeightDepth), .ParamBlocks(ParamBlocks),
    .ThresholdBlocks(ThresholdBlocks), .MaxKernel(MaxKernel), .WithAffine(WithAffine),
    .WithCorrected(WithCorrected),
    .WithThreshold(WithThreshold), .WithInt4(WithInt4), .PosBits(PosBits),
    .SizeBits(SizeBits), .StepBits(StepBits), .CountBits(CountBits),
    .ProductBits(ProductBits)
  ) u_rules (
    .clk_i, .check_i(start_i), .mode_i(mode), .threshold_i(threshold),
    .corrected_i(corrected), .int4_i(int4), .wide_i(wide), .in_x_i(in_x),
    .in_y_i(in_y), .out_x_i(out_x), .out_y_i(out_y), .in_blocks_i(in_blocks), .out_c_i(out_c),
    .kernel_x_i(kernel_x), .kernel_y_i(kernel_y), .count_i(count), .count_max_i(count_max),
    .stride_x_i(stride_x), .stride_y_i(stride_y), .dilation_x_i(dilation_x),
    .dilation_y_i(dilation_y),
    .pad_left_i(pad_left), .pad_top_i(pad_top), .out_min_i(out_min), .out_max_i(out_max),
    .rows_per_group_i(rows_per_group), .ring_rows_i(ring_rows), .pitch_i(pitch),
    .weight_slots_i(weight_slots), .param_slots_i(param_slots), .weight_base_i(weight_base),
    .plain_error_o(plain_error),
    .judge_i(next_step), .step_i(step_q), .product_i(product),
    .slot_words_i(ProductBits'(words_slot_q)),
    .ring_in_i(ring_in_q), .group_in_i(group_in_q),
    .reach_y_i(reach_y), .reach_x_i(reach_x), .step_error_o(step_error)
  );

  assign next_step = busy_q && !check_q && !multiply && !multiplying && step_q != Steps;
  assign phases_start = next_step && step_q == 4'd2;
  assign done_o    = !busy_q;
  assign error_o   = error_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q           <= 1'b0;
      check_q          <= 1'b0;
      multiply         <= 1'b0;
      step_q           <= 4'd0;
      error_q          <= 8'd0;
    end else if (start_i) begin
      busy_q           <= 1'b1;
      check_q          <= 1'b1;
      multiply         <= 1'b0;
      step_q           <= 4'd0;
      error_q          <= 8'd0;
    end else if (busy_q) begin
      check_q          <= 1'b0;
      multiply         <= check_q || next_step;
      if (check_q || next_step) error_q <= check_q ? plain_error : step_error;
      if (next_step) step_q <= step_q + 4'd1;
      if (error_q != 8'd0) busy_q <= 1'b0;
      if (step_q == Steps && !row_phase_busy && !column_phase_busy) busy_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (next_step) begin
      case (step_q)
        4'd0:         plane_q <= product[PosBits:0];
        4'd1:         column_stride_q <= product[PosBits:0];
        4'd2:         block_stride_q <= product[PosBits:0];
        4'd4:         ring_in_q <= product[PosBits:0];
        4'd5:         group_in_q <= product[SizeBits+StepBits-1:0];
        4'd6:         span_y_q <= product[SpanBits-1:0];
        4'd7:         need_last_q <= RowBits'(product) - RowBits'(stride_y) + RowBits'(span_y_q) -
                                     RowBits'(pad_top);
        4'd8:         span_x_q <= product[SpanBits-1:0];
        4'd11, 4'd12: taps_q <= product[TapBits-1:0];
        4'd13: begin
          words_last_q <= (WeightBits + 1)'(words_last);
          words_slot_q <= PassBits'((out_blocks == SizeBits'(1)) ? words_last : words_full);
        end
        4'd14:        weight_end_q <= (WeightBits + 1)'(product) + (WeightBits + 1)'(weight_base);
        default: ;
      endcase
    end
  end

  assay_multiply #(.BitsA(ProductBits), .BitsB(SizeBits), .BitsY(ProductBits)) u_multiply (
    .clk_i, .rst_ni, .start_i(multiply), .a_i(factor_a), .b_i(factor_b), .busy_o(multiplying),
    .y_o(product)
  );

  // Phases of padding and dilation //
  logic [PosBits-1:0] column_start, column_step;
  logic [PosBits:0]   row_slot_start, row_plane_start, row_slot_step, row_plane_step;
  logic [PosBits:0]   column_plane_start, column_plane_step;
  logic [PosBits-1:0] unused_row_start, unused_row_step;
  logic [PosBits:0]   unused_column_slot_start, unused_column_slot_step;

  assay_phase #(.PosBits(PosBits), .StepBits(StepBits)) u_row_phase (
    .clk_i, .rst_ni, .start_i(phases_start), .busy_o(row_phase_busy),
    .pad_i(pad_top), .dilation_i(dilation_y), .stride_i(stride_y),
    .pitch_i((PosBits + 1)'(pitch)), .around_i(plane_q), .unit_i(plane_q),
    .start_quotient_o(unused_row_start), .start_slot_o(row_slot_start),
    .start_phase_o(row_plane_start), .step_quotient_o(unused_row_step),
    .step_slot_o(row_slot_step), .step_phase_o(row_plane_step)
  );

  assay_phase #(.PosBits(PosBits), .StepBits(StepBits)) u_column_phase (
    .clk_i, .rst_ni, .start_i(phases_start), .busy_o(column_phase_busy),
    .pad_i(pad_left), .dilation_i(dilation_x), .stride_i(stride_x),
    .pitch_i((PosBits + 1)'(pitch)), .around_i(plane_q),
    .unit_i(column_stride_q),
    .start_quotient_o(column_start), .start_slot_o(unused_column_slot_start),
    .start_phase_o(column_plane_start), .step_quotient_o(column_step),
    .step_slot_o(unused_column_slot_step), .step_phase_o(column_plane_step)
  );

  // Values of the next layer //
  assign next_blocks_o         = out_blocks;
  assign next_slots_o          = weight_slots;
  assign next_words_full_o     = (WeightBits + 1)'(words_slot_q);
  assign next_words_last_o     = words_last_q;
  assign next_out_y_o          = out_y;
  assign next_rows_per_group_o = rows_per_group;
  assign next_weight_begin_o   = WeightBits'(weight_base);
  assign next_weight_end_o     = weight_end_q;

  // Values of the running layer //
  localparam int GroupMax = (1 << (RowBits - 4)) - 1;  // more rows than any layer

  logic [RowBits-1:0] group_in, need_first;

  assign group_in   = (32'(group_in_q) > GroupMax) ? RowBits'(GroupMax) : RowBits'(group_in_q);
  assign need_first = group_in - RowBits'(stride_y) + RowBits'(span_y_q) - RowBits'(pad_top);

  always_ff @(posedge clk_i) begin
    if (apply_i) begin
      plane_o              <= plane_q;
      column_stride_o      <= column_stride_q;
      block_stride_o       <= block_stride_q;
      ring_in_o            <= RowBits'(ring_in_q);
      group_in_o           <= group_in;
      need_first_o         <= need_first;
      need_last_o          <= need_last_q;
      row_slot_start_o     <= row_slot_start;
      row_plane_start_o    <= row_plane_start;
      row_slot_step_o      <= row_slot_step;
      row_plane_step_o     <= row_plane_step;
      column_start_o       <= column_start;
      column_plane_start_o <= column_plane_start;
      column_step_o        <= column_step;
      column_plane_step_o  <= column_plane_step;
      out_blocks_o         <= out_blocks;
      last_channels_o      <= last_channels;
      slot_words_o         <= WeightBits'(words_slot_q);
      weight_begin_o       <= next_weight_begin_o;
      weight_end_o         <= weight_end_q;
      first_max_o          <= count_max - CountBits'(count);
    end
  end

`ifdef FORMAL
  `include "assay_setup.svh"  // tests/formal
`endif

endmodule
