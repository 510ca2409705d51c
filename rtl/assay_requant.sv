// Requantizes vectors: one lane per channel of the block, affine (corrected or not) or threshold by
// the layer's choice. Twin: golden/requant.h.
//
// Latency 4 (affine: parameters read, product, sum, clamp) or 9 cycles (threshold), one vector a
// cycle; all stages move when the last one may.
module assay_requant #(
  parameter int Channels       = 8,
  parameter int ChannelBits    = 3,
  parameter int SlotBits       = 4,   // of the parameter ring
  parameter int AffineBits     = 4,   // slots whose affine parameters fit
  parameter int ThresholdBits  = 2,   // slots whose lists fit
  parameter int AccBits        = 32,
  parameter int MultiplierBits = 24,
  parameter int AddendBits     = 56,
  parameter bit PackedMultipliers = 1'b0,
  parameter bit TreeMultipliers = 1'b0,
  parameter bit WithAffine     = 1'b1,
  parameter bit WithCorrected  = 1'b1,
  parameter bit WithThreshold  = 1'b1
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   run_i,
  input  logic                   threshold_i,
  input  logic                   corrected_i,
  input  logic                   signed_i,
  input  logic [8:0]             out_min_i,
  input  logic [8:0]             out_max_i,

  input  logic                   write_i,
  input  logic [ChannelBits-1:0] write_lane_i,
  input  logic [SlotBits-1:0]    write_slot_i,
  input  logic [7:0]             write_word_i,
  input  logic [63:0]            write_data_i,

  input  logic                   valid_i,
  output logic                   ready_o,
  input  logic [SlotBits-1:0]    slot_i,
  input  logic [32*Channels-1:0] acc_i,

  output logic                   valid_o,
  input  logic                   ready_i,
  output logic [8*Channels-1:0]  y_o
);

  logic                  move;
  logic                  affine_valid, threshold_valid;
  logic [8*Channels-1:0] affine_y, threshold_y;

  assign valid_o = affine_valid || threshold_valid;
  assign move    = !valid_o || ready_i;
  assign ready_o = move;
  assign y_o     = threshold_i ? threshold_y : affine_y;

  // Parameters reach the lanes a cycle later, long before the block's first vector.
  logic                   write_q;
  logic [ChannelBits-1:0] write_lane_q;
  logic [SlotBits-1:0]    write_slot_q;
  logic [7:0]             write_word_q;
  logic [63:0]            write_data_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) write_q <= 1'b0;
    else write_q <= write_i;
  end

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      write_lane_q <= write_lane_i;
      write_slot_q <= write_slot_i;
      write_word_q <= write_word_i;
      write_data_q <= write_data_i;
    end
  end

  if (WithAffine) begin : gen_affine
    logic [3:0]             valid_q;
    logic [3:0]             enable;  // of the stages
    logic [32*Channels-1:0] acc_q;
    logic [AffineBits-1:0]  slot_q[3];
    logic                   write;

    assign enable       = {4{move}} & {valid_q[2:0], valid_i && !threshold_i};
    assign affine_valid = valid_q[3];
    assign write        = write_q && !threshold_i;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q <= 4'd0;
      else if (!run_i) valid_q <= 4'd0;
      else if (move) valid_q <= {valid_q[2:0], valid_i && !threshold_i};
    end

    always_ff @(posedge clk_i) begin
      if (enable[0]) acc_q <= acc_i;
      if (enable[0]) slot_q[0] <= slot_i[AffineBits-1:0];
      if (enable[1]) slot_q[1] <= slot_q[0];
      if (enable[2]) slot_q[2] <= slot_q[1];
    end

    for (genvar i = 0; i < Channels; i++) begin : gen_lane
      logic                      select;
      logic [AddendBits-1:0]     addend;
      logic [MultiplierBits-1:0] multiplier;
      logic [5:0]                shift;
      logic [7:0]                level, y;
      logic                      first;

      assign select = write_lane_q == ChannelBits'(i);

      assay_ram #(.Width(AddendBits), .Depth(1 << AffineBits), .AddrBits(AffineBits)) u_addend (
        .clk_i, .write_i(write && write_word_q == 8'd2), .select_i(select),
        .write_addr_i(write_slot_q[AffineBits-1:0]),
        .write_data_i(write_data_q[AddendBits-1:0]), .read_i(enable[0]),
        .read_addr_i(slot_i[AffineBits-1:0]), .read_data_o(addend)
      );

      assay_ram #(
        .Width(MultiplierBits + 6), .Depth(1 << AffineBits), .AddrBits(AffineBits)
      ) u_multiplier (
        .clk_i, .write_i(write && write_word_q == 8'd3), .select_i(select),
        .write_addr_i(write_slot_q[AffineBits-1:0]),
        .write_data_i({write_data_q[37:32], write_data_q[MultiplierBits-1:0]}),
        .read_i(enable[0]), .read_addr_i(slot_i[AffineBits-1:0]),
        .read_data_o({shift, multiplier})
      );

      assay_affine #(
        .AccBits(AccBits), .MultiplierBits(MultiplierBits), .AddendBits(AddendBits),
        .PackedMultipliers(PackedMultipliers), .TreeMultipliers(TreeMultipliers)
      ) u_affine (
        .clk_i, .enable_i(enable[3:1]), .acc_i(acc_q[32*i+:32]),
        .multiplier_i(multiplier), .addend_i(addend), .shift_i(shift), .out_min_i, .out_max_i,
        .level_o(level), .y_o(y), .first_o(first)
      );

      if (WithCorrected) begin : gen_correct
        assay_correct #(.SlotBits(AffineBits)) u_correct (
          .clk_i, .enable_i(enable[3] && corrected_i), .slot_i(slot_q[2]), .level_i(level), .y_i(y),
          .first_i(first && corrected_i), .y_o(affine_y[8*i+:8]),
          .write_i(write && write_word_q[7:2] == 6'd1), .select_i(select),
          .write_slot_i(write_slot_q[AffineBits-1:0]), .write_word_i(write_word_q[1:0]),
          .write_data_i(write_data_q)
        );
      end else begin : gen_plain
        logic unused_correction;
        assign unused_correction = ^{corrected_i, slot_q[2], level, first};
        always_comb affine_y[8*i+:8]  = y;
      end
    end
  end else begin : gen_no_affine
    assign affine_valid = 1'b0;
    assign affine_y     = '0;
    logic unused_corrected;
    assign unused_corrected = corrected_i;
  end

  if (WithThreshold) begin : gen_threshold
    logic [8:0] valid_q;
    logic [8:0] enable;  // of the stages
    logic       write;

    assign enable          = {9{move}} & {valid_q[7:0], valid_i && threshold_i};
    assign threshold_valid = valid_q[8];
    assign write           = write_q && threshold_i;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q <= 9'd0;
      else if (!run_i) valid_q <= 9'd0;
      else if (move) valid_q <= {valid_q[7:0], valid_i && threshold_i};
    end

    logic [6:0] pair, pair_q;
    logic [5:0] upper, upper_q;
    logic [7:0] levels, levels_q;

    assay_levels u_levels (
      .word_i(write_word_i), .pair_o(pair), .upper_o(upper), .levels_o(levels)
    );

    always_ff @(posedge clk_i) begin
      if (write_i) {pair_q, upper_q, levels_q} <= {pair, upper, levels};
    end

    for (genvar i = 0; i < Channels; i++) begin : gen_lane
      assay_threshold #(.SlotBits(ThresholdBits)) u_threshold (
        .clk_i, .enable_i(enable), .acc_i(acc_i[32*i+:32]), .slot_i(slot_i[ThresholdBits-1:0]),
        .signed_i, .out_min_i, .out_max_i, .y_o(threshold_y[8*i+:8]),
        .write_i(write), .select_i(write_lane_q == ChannelBits'(i)),
        .write_slot_i(write_slot_q[ThresholdBits-1:0]),
        .write_pair_i(pair_q), .write_upper_i(upper_q), .write_levels_i(levels_q),
        .write_data_i(write_data_q)
      );
    end
  end else begin : gen_no_threshold
    assign threshold_valid = 1'b0;
    assign threshold_y     = '0;
    logic unused_threshold;
    assign unused_threshold = ^{signed_i, write_data_q};
  end

`ifdef FORMAL
  `include "assay_requant.svh"  // tests/formal
`endif

endmodule
