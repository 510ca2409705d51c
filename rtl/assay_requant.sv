// Requantizes vectors: one lane per channel of the block, affine or threshold by the layer's
// choice. Twin: golden/requant.h.
//
// Latency 4 (affine: parameters read, product, sum, clamp) or 9 cycles (threshold), one vector a
// cycle; all stages move when the last one may.
module assay_requant #(
  parameter int Channels       = 8,
  parameter int ChannelBits    = 3,
  parameter int SlotBits       = 4,   // of the parameter ring
  parameter int AffineBits     = 4,   // slots whose affine parameters fit
  parameter int ThresholdBits  = 2,   // slots whose lists fit
  parameter int MultiplierBits = 24,
  parameter int AddendBits     = 56,
  parameter bit WithAffine     = 1'b1,
  parameter bit WithThreshold  = 1'b1
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   run_i,
  input  logic                   threshold_i,
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

  if (WithAffine) begin : gen_affine
    logic [3:0]             valid_q;
    logic [32*Channels-1:0] acc_q;
    logic                   enter;

    assign enter        = valid_i && !threshold_i;
    assign affine_valid = valid_q[3];

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q <= 4'd0;
      else if (!run_i) valid_q <= 4'd0;
      else if (move) valid_q <= {valid_q[2:0], enter};
    end

    always_ff @(posedge clk_i) begin
      if (move && enter) acc_q <= acc_i;
    end

    for (genvar i = 0; i < Channels; i++) begin : gen_lane
      logic                      write;
      logic [AddendBits-1:0]     addend;
      logic [MultiplierBits-1:0] multiplier;
      logic [5:0]                shift;

      assign write = write_i && !threshold_i && write_lane_i == ChannelBits'(i);

      assay_ram #(.Width(AddendBits), .Depth(1 << AffineBits), .AddrBits(AffineBits)) u_addend (
        .clk_i, .write_i(write && write_word_i == 8'd2),
        .write_addr_i(write_slot_i[AffineBits-1:0]),
        .write_data_i(write_data_i[AddendBits-1:0]), .read_i(move && enter),
        .read_addr_i(slot_i[AffineBits-1:0]), .read_data_o(addend)
      );

      assay_ram #(
        .Width(MultiplierBits + 6), .Depth(1 << AffineBits), .AddrBits(AffineBits)
      ) u_multiplier (
        .clk_i, .write_i(write && write_word_i == 8'd3),
        .write_addr_i(write_slot_i[AffineBits-1:0]),
        .write_data_i({write_data_i[37:32], write_data_i[MultiplierBits-1:0]}),
        .read_i(move && enter), .read_addr_i(slot_i[AffineBits-1:0]),
        .read_data_o({shift, multiplier})
      );

      assay_affine #(.MultiplierBits(MultiplierBits), .AddendBits(AddendBits)) u_affine (
        .clk_i, .move_i(move), .valid_i(valid_q[2:0]), .acc_i(acc_q[32*i+:32]),
        .multiplier_i(multiplier), .addend_i(addend), .shift_i(shift), .out_min_i, .out_max_i,
        .y_o(affine_y[8*i+:8])
      );
    end
  end else begin : gen_no_affine
    assign affine_valid = 1'b0;
    assign affine_y     = '0;
  end

  if (WithThreshold) begin : gen_threshold
    logic [8:0] valid_q;
    logic       enter;

    assign enter           = valid_i && threshold_i;
    assign threshold_valid = valid_q[8];

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q <= 9'd0;
      else if (!run_i) valid_q <= 9'd0;
      else if (move) valid_q <= {valid_q[7:0], enter};
    end

    for (genvar i = 0; i < Channels; i++) begin : gen_lane
      logic write;

      assign write = write_i && threshold_i && write_lane_i == ChannelBits'(i) &&
                     write_word_i >= 8'd2;

      assay_threshold #(.SlotBits(ThresholdBits)) u_threshold (
        .clk_i, .move_i(move), .valid_i({valid_q[7:0], enter}), .acc_i(acc_i[32*i+:32]),
        .slot_i(slot_i[ThresholdBits-1:0]), .signed_i,
        .out_min_i, .out_max_i, .y_o(threshold_y[8*i+:8]),
        .write_i(write), .write_slot_i(write_slot_i[ThresholdBits-1:0]),
        .write_pair_i(7'(write_word_i - 8'd2)), .write_data_i
      );
    end
  end else begin : gen_no_threshold
    assign threshold_valid = 1'b0;
    assign threshold_y     = '0;
    logic unused_threshold;
    assign unused_threshold = ^{signed_i, write_data_i};
  end

endmodule
