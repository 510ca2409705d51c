// Requantizes vectors with fewer lanes than channels: RequantLanes. A vector enters the requantizer
// in Channels / RequantLanes slices, one a cycle, and leaves whole. No twin: only the order in time
// differs from golden/requant.h.
//
// A vector is taken with its last slice, so it must stay while it waits; so do its results, of
// which only the last slice's are not held here. The parameters of slice s of parameter slot n lie
// in slot n * slices + s of the lanes.
module assay_slices #(
  parameter int Channels       = 8,
  parameter int ChannelBits    = 3,
  parameter int RequantLanes   = 8,
  parameter int SlotBits       = 4,
  parameter int AffineBits     = 4,
  parameter int ThresholdBits  = 2,
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

  localparam int SliceBits = ChannelBits - $clog2(RequantLanes);
  localparam int LaneBits  = (RequantLanes > 1) ? $clog2(RequantLanes) : 1;

  if (SliceBits == 0) begin : gen_whole
    assay_requant #(
      .Channels(Channels), .ChannelBits(ChannelBits), .SlotBits(SlotBits),
      .AffineBits(AffineBits), .ThresholdBits(ThresholdBits), .AccBits(AccBits),
      .MultiplierBits(MultiplierBits), .AddendBits(AddendBits),
      .PackedMultipliers(PackedMultipliers), .TreeMultipliers(TreeMultipliers),
      .WithAffine(WithAffine),
      .WithCorrected(WithCorrected), .WithThreshold(WithThreshold)
    ) u_requant (
      .clk_i, .rst_ni, .run_i, .threshold_i, .corrected_i, .signed_i, .out_min_i, .out_max_i,
      .write_i,
      .write_lane_i, .write_slot_i, .write_word_i, .write_data_i, .valid_i, .ready_o, .slot_i,
      .acc_i, .valid_o, .ready_i, .y_o
    );
  end else begin : gen_slices
    logic [SliceBits-1:0]                 in_slice_q, out_slice_q;
    logic                                 in_last, out_last;
    logic                                 lanes_ready, y_valid, y_ready;
    logic [LaneBits-1:0]                  write_lane;
    logic [8*RequantLanes-1:0]            y;
    logic [8*(Channels-RequantLanes)-1:0] y_q;  // all slices but the last

    assign in_last  = &in_slice_q;
    assign out_last = &out_slice_q;
    assign ready_o  = lanes_ready && in_last;
    assign valid_o  = y_valid && out_last;
    assign y_ready  = ready_i || !out_last;
    assign y_o      = {y, y_q};

    if (RequantLanes > 1) begin : gen_lanes
      assign write_lane = write_lane_i[LaneBits-1:0];
    end else begin : gen_lane
      assign write_lane = 1'b0;
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        in_slice_q  <= '0;
        out_slice_q <= '0;
      end else if (run_i) begin
        if (valid_i && lanes_ready) in_slice_q <= in_slice_q + 1'b1;
        if (y_valid && y_ready) out_slice_q <= out_slice_q + 1'b1;
      end else begin
        in_slice_q  <= '0;
        out_slice_q <= '0;
      end
    end

    for (genvar s = 0; s < (1 << SliceBits) - 1; s++) begin : gen_slice
      always_ff @(posedge clk_i) begin
        if (y_valid && out_slice_q == SliceBits'(s)) y_q[8*RequantLanes*s+:8*RequantLanes] <= y;
      end
    end

    assay_requant #(
      .Channels(RequantLanes), .ChannelBits(LaneBits), .SlotBits(SlotBits + SliceBits),
      .AffineBits(AffineBits + SliceBits), .ThresholdBits(ThresholdBits + SliceBits),
      .AccBits(AccBits), .MultiplierBits(MultiplierBits), .AddendBits(AddendBits),
      .PackedMultipliers(PackedMultipliers), .TreeMultipliers(TreeMultipliers),
      .WithAffine(WithAffine),
      .WithCorrected(WithCorrected), .WithThreshold(WithThreshold)
    ) u_requant (
      .clk_i, .rst_ni, .run_i, .threshold_i, .corrected_i, .signed_i, .out_min_i, .out_max_i,
      .write_i,
      .write_lane_i(write_lane),
      .write_slot_i({write_slot_i, write_lane_i[ChannelBits-1-:SliceBits]}),
      .write_word_i, .write_data_i, .valid_i, .ready_o(lanes_ready),
      .slot_i({slot_i, in_slice_q}), .acc_i(acc_i[32*RequantLanes*in_slice_q+:32*RequantLanes]),
      .valid_o(y_valid), .ready_i(y_ready), .y_o(y)
    );
  end

`ifdef FORMAL
  `include "assay_slices.svh"  // tests/formal
`endif

endmodule
