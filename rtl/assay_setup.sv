// Checks a layer's description and derives everything else from it, with one serial multiplier. No
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
  parameter bit WithThreshold   = 1'b1,
  parameter int PosBits         = 13,
  parameter int WeightBits      = 14,
  parameter int ChannelBits     = 3,
  parameter int RowBits         = 22
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      start_i,
  input  logic [351:0]              next_i,
  output logic                      done_o,
  output logic [7:0]                error_o,
  input  logic                      apply_i,

  output logic [PosBits:0]          plane_o,          // positions of one row and column phase
  output logic [PosBits:0]          column_stride_o,  // positions of one column phase
  output logic [PosBits:0]          block_stride_o,   // positions of one input block
  output logic signed [RowBits-1:0] ring_in_o,        // input rows that the ring holds
  output logic signed [RowBits-1:0] group_in_o,       // input rows from group to group
  output logic signed [RowBits-1:0] need_first_o,     // last input row of the first group
  output logic signed [RowBits-1:0] need_last_o,      // last input row of the last group
  output logic [PosBits:0]          row_slot_start_o,
  output logic [PosBits:0]          row_plane_start_o,
  output logic [PosBits:0]          row_slot_step_o,
  output logic [PosBits:0]          row_plane_step_o,
  output logic [PosBits-1:0]        column_start_o,
  output logic [PosBits:0]          column_plane_start_o,
  output logic [PosBits-1:0]        column_step_o,
  output logic [PosBits:0]          column_plane_step_o,
  output logic [15:0]               out_blocks_o,
  output logic [ChannelBits:0]      last_channels_o,  // channels of the last output block
  output logic [WeightBits:0]       words_full_o,     // weight words of an output block
  output logic [WeightBits:0]       words_last_o,
  output logic [16+ChannelBits:0]   first_max_o       // greatest `first` of a parameter record
);

  localparam int PixelBits = $clog2(Pixels);
  localparam logic [39:0] Positions = 40'(BankDepth) * 40'(Pixels);

  // Description //
  logic [1:0]  mode;
  logic        threshold;
  logic [15:0] in_x, in_y, out_x, out_y, in_blocks, out_c, count;
  logic [7:0]  kernel_x, kernel_y, stride_x, stride_y, dilation_x, dilation_y, pad_left, pad_top;
  logic [8:0]  out_min, out_max;
  logic [15:0] rows_per_group, ring_rows, pitch, weight_slots, param_slots;
  logic        unused_next;

  assign mode                                           = next_i[1:0];
  assign threshold                                      = next_i[8];
  assign {in_y, in_x}                                   = next_i[63:32];
  assign {out_y, out_x}                                 = next_i[95:64];
  assign {out_c, in_blocks}                             = next_i[127:96];
  assign {count, kernel_y, kernel_x}                    = next_i[159:128];
  assign {dilation_y, dilation_x, stride_y, stride_x}   = next_i[191:160];
  assign {pad_top, pad_left}                            = next_i[207:192];
  assign out_min                                        = next_i[232:224];
  assign out_max                                        = next_i[248:240];
  assign {ring_rows, rows_per_group}                    = next_i[287:256];
  assign pitch                                          = next_i[303:288];
  assign {param_slots, weight_slots}                    = next_i[351:320];
  assign unused_next = ^{next_i[31:9], next_i[7:2], next_i[223:208], next_i[239:233],
                         next_i[255:249], next_i[319:304]};

  // Simple checks and sums //
  logic [15:0]             out_blocks;
  logic [ChannelBits:0]    last_channels;
  logic [16+ChannelBits:0] steps_max;  // greatest count of the mode
  logic [7:0]              plain_error;

  assign out_blocks    = 16'((17'(out_c) + 17'(Channels - 1)) >> ChannelBits);
  assign last_channels = (out_c[ChannelBits-1:0] == '0) ? (ChannelBits + 1)'(Channels)
                                                        : {1'b0, out_c[ChannelBits-1:0]};
  assign steps_max     = (mode == 2'd1) ? {1'b0, in_blocks, {ChannelBits{1'b0}}}
                                        : (17 + ChannelBits)'(in_blocks);

  function automatic logic kernel_bad(input logic [7:0] kernel);
    kernel_bad = kernel == 8'd0 || kernel > 8'(MaxKernel);
  endfunction

  always_comb begin
    plain_error = 8'd0;
    if (in_x == 0 || in_y == 0 || out_x == 0 || out_y == 0 || in_blocks == 0 || out_c == 0) begin
      plain_error = 8'd1;
    end else if (kernel_bad(kernel_x) || kernel_bad(kernel_y) || stride_x == 0 || stride_y == 0 ||
                 dilation_x == 0 || dilation_y == 0) begin
      plain_error = 8'd2;
    end else if (mode == 2'd3 || count == 0 || (17 + ChannelBits)'(count) > steps_max ||
                 (mode == 2'd2 && count != 16'd1)) begin
      plain_error = 8'd9;
    end else if ((threshold ? !WithThreshold : !WithAffine) ||
                 $signed(out_min) > $signed(out_max)) begin
      plain_error = 8'd8;
    end else if (rows_per_group == 0 || ring_rows == 0 || pitch == 0) begin
      plain_error = 8'd4;
    end else if (weight_slots == 0) begin
      plain_error = 8'd6;
    end else if (param_slots == 0 ||
                 param_slots > (threshold ? 16'(ThresholdBlocks) : 16'(ParamBlocks))) begin
      plain_error = 8'd7;
    end
  end

  // Products, one after the other, each with its check //
  localparam logic [3:0] Steps = 4'd15;

  logic        busy_q;
  logic        check_q;  // first cycle: plain checks
  logic [3:0]  step_q;
  logic [7:0]  error_q;
  logic        phases_start;
  logic [39:0] plane_q, column_stride_q, block_stride_q, ring_in_q, group_in_q;
  logic [39:0] span_y_q, span_x_q, taps_q, words_last_q;
  logic [RowBits-1:0] need_last_q;
  logic        aligned;  // tiles may run on into the next row
  logic [39:0] words_full;
  logic [39:0] words_slot;
  logic [39:0] factor_a;
  logic [15:0] factor_b;
  logic        multiply;
  logic        multiplying;
  logic [39:0] product;
  logic [39:0] reach_y, reach_x;  // rows and columns up to the last one that is read
  logic [7:0]  step_error;
  logic        row_phase_busy, column_phase_busy;
  logic        next_step;

  assign aligned    = product[PixelBits-1:0] == '0 && pitch[PixelBits-1:0] == out_x[PixelBits-1:0];
  assign words_full = (mode == 2'd0) ? taps_q << ChannelBits : taps_q;
  assign words_slot = (out_blocks == 16'd1) ? words_last_q : words_full;
  assign reach_y    = product - 40'(stride_y) + span_y_q + 40'd1;
  assign reach_x    = product - 40'(stride_x) + span_x_q + 40'd1;

  always_comb begin
    factor_a = 40'(pitch);
    factor_b = ring_rows;
    case (step_q)
      4'd1:    {factor_a, factor_b} = {plane_q, 8'd0, stride_y};
      4'd2:    {factor_a, factor_b} = {column_stride_q, 8'd0, stride_x};
      4'd3:    {factor_a, factor_b} = {block_stride_q, in_blocks};
      4'd4:    {factor_a, factor_b} = {40'(ring_rows), 8'd0, stride_y};
      4'd5:    {factor_a, factor_b} = {40'(rows_per_group), 8'd0, stride_y};
      4'd6:    {factor_a, factor_b} = {40'(dilation_y), 8'd0, kernel_y - 8'd1};
      4'd7:    {factor_a, factor_b} = {40'(out_y), 8'd0, stride_y};
      4'd8:    {factor_a, factor_b} = {40'(dilation_x), 8'd0, kernel_x - 8'd1};
      4'd9:    {factor_a, factor_b} = {40'(out_x), 8'd0, stride_x};
      4'd10:   {factor_a, factor_b} = {40'(pitch), 8'd0, stride_x};
      4'd11:   {factor_a, factor_b} = {40'(kernel_x), 8'd0, kernel_y};
      4'd12:   {factor_a, factor_b} = {taps_q, count};
      4'd13:   {factor_a, factor_b} = {taps_q, (mode == 2'd0) ? 16'(last_channels) : 16'd1};
      4'd14:   {factor_a, factor_b} = {words_slot, weight_slots};
      default: ;
    endcase
  end

  always_comb begin
    step_error = 8'd0;
    case (step_q)
      4'd0: begin
        if (product > Positions) step_error = 8'd3;
        else if (rows_per_group != 16'd1 && !aligned) step_error = 8'd5;
      end
      4'd1, 4'd2, 4'd3: if (product > Positions) step_error = 8'd3;
      4'd6: begin
        if (ring_in_q < 40'(in_y) && product + group_in_q + 40'd1 > ring_in_q + 40'(stride_y)) begin
          step_error = 8'd4;
        end
      end
      4'd7:    if (reach_y > 40'(in_y) + 40'(pad_top) + 40'd255) step_error = 8'd1;
      4'd9:    if (reach_x > 40'(in_x) + 40'(pad_left) + 40'd255) step_error = 8'd1;
      4'd10:   if (product < 40'(in_x)) step_error = 8'd4;
      4'd14:   if (product > 40'(WeightDepth)) step_error = 8'd6;
      default: ;
    endcase
  end

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
        4'd0:         plane_q <= product;
        4'd1:         column_stride_q <= product;
        4'd2:         block_stride_q <= product;
        4'd4:         ring_in_q <= product;
        4'd5:         group_in_q <= product;
        4'd6:         span_y_q <= product;
        4'd7:         need_last_q <= RowBits'(reach_y - 40'(pad_top) - 40'd1);
        4'd8:         span_x_q <= product;
        4'd11, 4'd12: taps_q <= product;
        4'd13:        words_last_q <= product;
        default: ;
      endcase
    end
  end

  assay_multiply #(.BitsA(40), .BitsB(16), .BitsY(40)) u_multiply (
    .clk_i, .rst_ni, .start_i(multiply), .a_i(factor_a), .b_i(factor_b), .busy_o(multiplying),
    .y_o(product)
  );

  // Phases of padding and dilation //
  logic [PosBits-1:0] column_start, column_step;
  logic [PosBits:0]   row_slot_start, row_plane_start, row_slot_step, row_plane_step;
  logic [PosBits:0]   column_plane_start, column_plane_step;
  logic [PosBits-1:0] unused_row_start, unused_row_step;
  logic [PosBits:0]   unused_column_slot_start, unused_column_slot_step;

  assay_phase #(.PosBits(PosBits)) u_row_phase (
    .clk_i, .rst_ni, .start_i(phases_start), .busy_o(row_phase_busy),
    .pad_i(pad_top), .dilation_i(dilation_y), .stride_i(stride_y),
    .pitch_i((PosBits + 1)'(pitch)), .around_i(plane_q[PosBits:0]), .unit_i(plane_q[PosBits:0]),
    .start_quotient_o(unused_row_start), .start_slot_o(row_slot_start),
    .start_phase_o(row_plane_start), .step_quotient_o(unused_row_step),
    .step_slot_o(row_slot_step), .step_phase_o(row_plane_step)
  );

  assay_phase #(.PosBits(PosBits)) u_column_phase (
    .clk_i, .rst_ni, .start_i(phases_start), .busy_o(column_phase_busy),
    .pad_i(pad_left), .dilation_i(dilation_x), .stride_i(stride_x),
    .pitch_i((PosBits + 1)'(pitch)), .around_i(plane_q[PosBits:0]),
    .unit_i(column_stride_q[PosBits:0]),
    .start_quotient_o(column_start), .start_slot_o(unused_column_slot_start),
    .start_phase_o(column_plane_start), .step_quotient_o(column_step),
    .step_slot_o(unused_column_slot_step), .step_phase_o(column_plane_step)
  );

  // Values of the running layer //
  localparam logic [39:0] GroupMax = (40'd1 << (RowBits - 4)) - 40'd1;  // more rows than any layer

  logic [39:0] group_in;
  logic [RowBits-1:0] need_first;

  assign group_in   = (group_in_q > GroupMax) ? GroupMax : group_in_q;
  assign need_first = RowBits'(group_in - 40'(stride_y) + span_y_q - 40'(pad_top));

  always_ff @(posedge clk_i) begin
    if (apply_i) begin
      plane_o              <= plane_q[PosBits:0];
      column_stride_o      <= column_stride_q[PosBits:0];
      block_stride_o       <= block_stride_q[PosBits:0];
      ring_in_o            <= ring_in_q[RowBits-1:0];
      group_in_o           <= group_in[RowBits-1:0];
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
      words_full_o         <= words_slot[WeightBits:0];
      words_last_o         <= words_last_q[WeightBits:0];
      first_max_o          <= steps_max - (17 + ChannelBits)'(count);
    end
  end

endmodule
