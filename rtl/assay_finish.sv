// From vectors of sums to the output port: requantizer, places, taps for an observer. No twin;
// it connects modules that have one.
module assay_finish #(
  parameter int Channels       = 8,
  parameter int ChannelBits    = 3,
  parameter int RequantLanes   = 8,
  parameter int SlotBits       = 4,
  parameter int SizeBits       = 16,
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

  // The layer //
  input  logic                   threshold_i,
  input  logic                   corrected_i,
  input  logic                   out_signed_i,
  input  logic [8:0]             out_min_i,
  input  logic [8:0]             out_max_i,
  input  logic [SizeBits-1:0]    out_x_i,
  input  logic [SizeBits-1:0]    out_y_i,
  input  logic [SizeBits-1:0]    out_blocks_i,
  input  logic [ChannelBits:0]   last_channels_i,
  input  logic [SizeBits-1:0]    rows_per_group_i,
  input  logic [SizeBits-1:0]    param_slots_i,

  // Parameters //
  input  logic                   param_write_i,
  input  logic [ChannelBits-1:0] param_lane_i,
  input  logic [SlotBits-1:0]    param_slot_i,
  input  logic [7:0]             param_word_i,
  input  logic [63:0]            param_data_i,
  output logic                   params_free_o,  // the oldest block's have been used

  // Vectors //
  input  logic                   vector_valid_i,
  output logic                   vector_ready_o,
  input  logic [32*Channels-1:0] vector_acc_i,

  output logic                   m_axis_out_tvalid,
  input  logic                   m_axis_out_tready,
  output logic [8*Channels-1:0]  m_axis_out_tdata,
  output logic                   m_axis_out_tlast,
  output logic                   last_done_o,  // one cycle: the last word has been taken

  output logic                   tap_acc_valid_o,
  output logic [SizeBits-1:0]    tap_acc_y_o,
  output logic [SizeBits-1:0]    tap_acc_x_o,
  output logic [SizeBits-1:0]    tap_acc_block_o,
  output logic [32*Channels-1:0] tap_acc_o,
  output logic                   tap_out_valid_o,
  output logic [SizeBits-1:0]    tap_out_y_o,
  output logic [SizeBits-1:0]    tap_out_x_o,
  output logic [SizeBits-1:0]    tap_out_block_o,
  output logic [8*Channels-1:0]  tap_out_o
);

  logic vector_move;
  logic unused_acc_partial, acc_block_end, unused_acc_layer_end;

  assign vector_move = vector_valid_i && vector_ready_o;

  assay_place #(.SizeBits(SizeBits)) u_acc_place (
    .clk_i, .rst_ni, .run_i, .out_x_i, .out_y_i, .out_blocks_i,
    .rows_per_group_i, .next_i(vector_move), .x_o(tap_acc_x_o),
    .y_o(tap_acc_y_o), .block_o(tap_acc_block_o), .partial_o(unused_acc_partial),
    .block_end_o(acc_block_end), .layer_end_o(unused_acc_layer_end)
  );

  assign tap_acc_valid_o = vector_move;
  assign tap_acc_o       = vector_acc_i;

  // Requantization //
  logic [SlotBits-1:0]   requant_slot;
  logic [SizeBits-1:0]   unused_requant_block;
  logic                  unused_requant_last;
  logic                  y_valid, y_ready, y_move, out_partial, out_block_end, out_layer_end;
  logic [8*Channels-1:0] y;

  assay_ring_pointer #(.BaseBits(SlotBits), .SizeBits(SizeBits)) u_requant_slot (
    .clk_i, .rst_ni, .load_i(!run_i), .blocks_i(out_blocks_i), .slots_i(param_slots_i),
    .slot_words_i(SlotBits'(1)), .origin_i(SlotBits'(0)),
    .resident_i(param_slots_i >= out_blocks_i),
    .next_i(vector_move && acc_block_end), .block_o(unused_requant_block),
    .last_block_o(unused_requant_last), .base_o(requant_slot)
  );

  assay_slices #(
    .Channels(Channels), .ChannelBits(ChannelBits), .RequantLanes(RequantLanes),
    .SlotBits(SlotBits), .AffineBits(AffineBits), .ThresholdBits(ThresholdBits),
    .AccBits(AccBits), .MultiplierBits(MultiplierBits), .AddendBits(AddendBits),
    .PackedMultipliers(PackedMultipliers), .TreeMultipliers(TreeMultipliers),
    .WithAffine(WithAffine),
    .WithCorrected(WithCorrected), .WithThreshold(WithThreshold)
  ) u_slices (
    .clk_i, .rst_ni, .run_i, .threshold_i, .corrected_i, .signed_i(out_signed_i),
    .out_min_i, .out_max_i, .write_i(param_write_i), .write_lane_i(param_lane_i),
    .write_slot_i(param_slot_i), .write_word_i(param_word_i), .write_data_i(param_data_i),
    .valid_i(vector_valid_i), .ready_o(vector_ready_o), .slot_i(requant_slot), .acc_i(vector_acc_i),
    .valid_o(y_valid), .ready_i(y_ready), .y_o(y)
  );

  assay_place #(.SizeBits(SizeBits)) u_out_place (
    .clk_i, .rst_ni, .run_i, .out_x_i, .out_y_i, .out_blocks_i,
    .rows_per_group_i, .next_i(y_move), .x_o(tap_out_x_o), .y_o(tap_out_y_o),
    .block_o(tap_out_block_o), .partial_o(out_partial), .block_end_o(out_block_end),
    .layer_end_o(out_layer_end)
  );

  assign y_move          = y_valid && y_ready;
  assign params_free_o   = y_move && out_block_end;
  assign tap_out_valid_o = y_move;

  assay_output #(.Channels(Channels), .ChannelBits(ChannelBits)) u_output (
    .clk_i, .rst_ni, .last_channels_i, .valid_i(y_valid), .ready_o(y_ready),
    .y_i(y), .partial_i(out_partial), .last_i(out_layer_end), .y_o(tap_out_o),
    .last_done_o, .m_axis_tvalid(m_axis_out_tvalid),
    .m_axis_tready(m_axis_out_tready), .m_axis_tdata(m_axis_out_tdata),
    .m_axis_tlast(m_axis_out_tlast)
  );

`ifdef FORMAL
  `include "assay_finish.svh"  // tests/formal
`endif

endmodule
