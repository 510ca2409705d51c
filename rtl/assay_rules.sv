// What makes a layer's description illegal, as error codes. No twin.
//
// plain_error_o needs the description alone, in the cycle after check_i; step_error_o judges, with
// judge_i, the product of a step of assay_setup.
module assay_rules #(
  parameter int Pixels          = 8,
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
  parameter int SizeBits        = 16,
  parameter int StepBits        = 8,
  parameter int CountBits       = 20,
  parameter int ProductBits     = 39
) (
  input  logic                         clk_i,
  input  logic                         check_i,
  input  logic [1:0]                   mode_i,
  input  logic                         threshold_i,
  input  logic                         corrected_i,
  input  logic                         int4_i,
  input  logic                         wide_i,  // a field had a value that it cannot hold
  input  logic [SizeBits-1:0]          in_x_i,
  input  logic [SizeBits-1:0]          in_y_i,
  input  logic [SizeBits-1:0]          out_x_i,
  input  logic [SizeBits-1:0]          out_y_i,
  input  logic [SizeBits-1:0]          in_blocks_i,
  input  logic [SizeBits-1:0]          out_c_i,
  input  logic [StepBits-1:0]          kernel_x_i,
  input  logic [StepBits-1:0]          kernel_y_i,
  input  logic [SizeBits-1:0]          count_i,
  input  logic [CountBits-1:0]         count_max_i,  // steps of a tap that the input has
  input  logic [StepBits-1:0]          stride_x_i,
  input  logic [StepBits-1:0]          stride_y_i,
  input  logic [StepBits-1:0]          dilation_x_i,
  input  logic [StepBits-1:0]          dilation_y_i,
  input  logic [StepBits-1:0]          pad_left_i,
  input  logic [StepBits-1:0]          pad_top_i,
  input  logic signed [8:0]            out_min_i,
  input  logic signed [8:0]            out_max_i,
  input  logic [SizeBits-1:0]          rows_per_group_i,
  input  logic [SizeBits-1:0]          ring_rows_i,
  input  logic [SizeBits-1:0]          pitch_i,
  input  logic [SizeBits-1:0]          weight_slots_i,
  input  logic [SizeBits-1:0]          param_slots_i,
  input  logic [19:0]                  weight_base_i,
  output logic [7:0]                   plain_error_o,

  input  logic                         judge_i,
  input  logic [3:0]                   step_i,
  input  logic [ProductBits-1:0]       product_i,
  input  logic [ProductBits-1:0]       slot_words_i,  // words of a weight slot
  input  logic [PosBits:0]             ring_in_i,     // input rows that the ring holds
  input  logic [SizeBits+StepBits-1:0] group_in_i,    // input rows from group to group
  input  logic [ProductBits-1:0]       reach_y_i,     // rows up to the last one read, with padding
  input  logic [ProductBits-1:0]       reach_x_i,
  output logic [7:0]                   step_error_o
);

  localparam logic [7:0] ErrorNone        = 8'd0;
  localparam logic [7:0] ErrorSize        = 8'd1;
  localparam logic [7:0] ErrorStep        = 8'd2;
  localparam logic [7:0] ErrorBanks       = 8'd3;
  localparam logic [7:0] ErrorRing        = 8'd4;
  localparam logic [7:0] ErrorAlignment   = 8'd5;
  localparam logic [7:0] ErrorWeights     = 8'd6;
  localparam logic [7:0] ErrorParams      = 8'd7;
  localparam logic [7:0] ErrorRequantizer = 8'd8;
  localparam logic [7:0] ErrorMode        = 8'd9;
  localparam logic [7:0] ErrorInt4        = 8'd11;
  localparam logic [7:0] ErrorWide        = 8'd12;

  localparam int PixelBits = $clog2(Pixels);
  // Padding at the bottom and on the right has no register.
  localparam logic [ProductBits-1:0] PadMax    = ProductBits'(255);
  localparam logic [ProductBits-1:0] Positions = ProductBits'(BankDepth * Pixels);

  // The description alone //
  logic size_bad, step_bad, mode_bad, requantizer_bad, ring_bad, params_bad;

  assign size_bad = in_x_i == 0 || in_y_i == 0 || out_x_i == 0 || out_y_i == 0 ||
                    in_blocks_i == 0 || out_c_i == 0;
  assign step_bad = kernel_x_i == 0 || 8'(kernel_x_i) > 8'(MaxKernel) || kernel_y_i == 0 ||
                    8'(kernel_y_i) > 8'(MaxKernel) || stride_x_i == 0 || stride_y_i == 0 ||
                    dilation_x_i == 0 || dilation_y_i == 0;
  assign mode_bad = mode_i == 2'd3 || count_i == 0 || CountBits'(count_i) > count_max_i ||
                    (mode_i == 2'd2 && count_i != SizeBits'(1));
  assign requantizer_bad = (threshold_i ? !WithThreshold : !WithAffine) ||
                           (corrected_i && (threshold_i || !WithCorrected)) ||
                           out_min_i > out_max_i;
  assign ring_bad        = rows_per_group_i == 0 || ring_rows_i == 0 || pitch_i == 0;
  assign params_bad      = param_slots_i == 0 ||
                           16'(param_slots_i) > (threshold_i ? 16'(ThresholdBlocks)
                                                             : 16'(ParamBlocks));

  always_ff @(posedge clk_i) begin
    if (check_i) begin
      plain_error_o <= wide_i              ? ErrorWide :
                       size_bad            ? ErrorSize :
                       step_bad            ? ErrorStep :
                       mode_bad            ? ErrorMode :
                       int4_i && !WithInt4 ? ErrorInt4 :
                       requantizer_bad     ? ErrorRequantizer :
                       ring_bad            ? ErrorRing :
                       weight_slots_i == 0 ? ErrorWeights :
                       params_bad          ? ErrorParams : ErrorNone;
    end
  end

  // Products //
  logic aligned;     // tiles may run on into the next row
  logic banks_full, window_bad, row_bad, reach_y_bad, reach_x_bad, weights_full;

  assign aligned      = product_i[PixelBits-1:0] == '0 &&
                        pitch_i[PixelBits-1:0] == out_x_i[PixelBits-1:0];
  assign banks_full   = product_i > Positions;
  assign window_bad   = ProductBits'(ring_in_i) < ProductBits'(in_y_i) &&
                        product_i + ProductBits'(group_in_i) + ProductBits'(1) >
                        ProductBits'(ring_in_i) + ProductBits'(stride_y_i);
  assign row_bad      = product_i < ProductBits'(in_x_i);
  assign reach_y_bad  = reach_y_i > ProductBits'(in_y_i) + ProductBits'(pad_top_i) + PadMax;
  assign reach_x_bad  = reach_x_i > ProductBits'(in_x_i) + ProductBits'(pad_left_i) + PadMax;
  // With a slot that fits, ProductBits hold the product.
  assign weights_full = slot_words_i > ProductBits'(WeightDepth) ||
                        product_i + ProductBits'(weight_base_i) > ProductBits'(WeightDepth);

  always_comb begin
    step_error_o = ErrorNone;
    if (judge_i) begin
      case (step_i)
        4'd0: begin
          if (banks_full) step_error_o = ErrorBanks;
          else if (rows_per_group_i != SizeBits'(1) && !aligned) step_error_o = ErrorAlignment;
        end
        4'd1, 4'd2, 4'd3: if (banks_full) step_error_o = ErrorBanks;
        4'd6:             if (window_bad) step_error_o = ErrorRing;
        4'd7:             if (reach_y_bad) step_error_o = ErrorSize;
        4'd9:             if (reach_x_bad) step_error_o = ErrorSize;
        4'd10:            if (row_bad) step_error_o = ErrorRing;
        4'd14:            if (weights_full) step_error_o = ErrorWeights;
        default: ;
      endcase
    end
  end

endmodule
