// Reads parameter records (type, channel, length) and hands their fields to the lanes' memories;
// tells which blocks are complete. Twin: golden/requant.h.
module assay_params #(
  parameter int Channels    = 8,
  parameter int ChannelBits = 3,
  parameter int SlotBits    = 4,
  parameter int PosBits     = 13,
  parameter int SizeBits    = 16
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  input  logic                          run_i,
  input  logic                          load_i,  // one cycle before run_i: the layer is new
  input  logic                          threshold_i,
  input  logic                          corrected_i,
  input  logic                          spread_i,
  input  logic [SizeBits-1:0]           blocks_i,
  input  logic [SizeBits-1:0]           slots_i,
  input  logic [ChannelBits:0]          last_channels_i,
  input  logic [SizeBits-1:0]           out_y_i,
  input  logic [SizeBits-1:0]           rows_per_group_i,
  input  logic [PosBits-1:0]            block_stride_i,
  input  logic [SizeBits+ChannelBits:0] first_max_i,

  input  logic                          s_axis_tvalid,
  output logic                          s_axis_tready,
  input  logic [63:0]                   s_axis_tdata,
  output logic                          finished_o,
  output logic                          error_o,  // the cycle after a word that does not fit

  output logic                          write_o,  // a word of a record, to lane and slot
  output logic [ChannelBits-1:0]        write_lane_o,
  output logic [SlotBits-1:0]           write_slot_o,
  output logic [7:0]                    write_word_o,  // place in the record, 0: header

  output logic                          use_valid_o,
  output logic                          use_last_o,
  output logic [SlotBits-1:0]           use_slot_o,
  input  logic                          use_next_i,
  input  logic                          free_i,

  input  logic                          first_read_i,
  input  logic [ChannelBits-1:0]        first_channel_i,
  output logic [PosBits-1:0]            first_position_o,  // first input block * block_stride
  output logic [ChannelBits-1:0]        first_lane_o       // first input channel inside it (spread)
);

  localparam logic [7:0]  TypeAffine      = 8'd1;
  localparam logic [7:0]  TypeThreshold   = 8'd2;
  localparam logic [7:0]  TypeCorrected   = 8'd3;
  localparam logic [15:0] LengthAffine    = 16'd3;
  localparam logic [15:0] LengthCorrected = 16'd7;
  localparam logic [15:0] LengthThreshold = 16'd129;

  logic                   ready, take;
  logic [7:0]             word_q;
  logic [ChannelBits-1:0] lane_q;
  logic [SizeBits-1:0]    channel_q;
  logic                   misfit, misfit_q;
  logic [7:0]             kind_in;
  logic [15:0]            length_in, length;
  logic                   last_word, last_lane, fill_last, fill_done;
  logic                   unused_fill_idle;
  logic                   unused_data;
  logic [15:0]            first;
  logic                   first_busy, wait_first;

  assign unused_data = ^{s_axis_tdata[63:48], s_axis_tdata[15:8]};

  assign length    = threshold_i ? LengthThreshold : corrected_i ? LengthCorrected : LengthAffine;
  assign kind_in   = s_axis_tdata[7:0];
  assign length_in = s_axis_tdata[31:16];
  assign first     = s_axis_tdata[47:32];
  assign last_word = word_q == length[7:0];
  assign last_lane = fill_last ? ({1'b0, lane_q} == last_channels_i - 1'b1) : (&lane_q);

  // The position that word 1 gives must be stored before the next one and before the block counts.
  assign wait_first    = first_busy && (word_q == 8'd1 || (last_word && last_lane));
  assign s_axis_tready = ready && !misfit_q && !wait_first;
  assign take          = s_axis_tvalid && s_axis_tready;
  assign fill_done     = take && last_word && last_lane;
  assign write_o       = take;
  assign write_lane_o  = lane_q;
  assign write_word_o  = word_q;
  assign error_o       = misfit_q;

  // The word that comes does not fit the layer. Nothing is taken while that is told.
  always_comb begin
    misfit = 1'b0;
    if (take) begin
      if (word_q == 8'd0) begin
        misfit = kind_in != (threshold_i ? TypeThreshold :
                             corrected_i ? TypeCorrected : TypeAffine) ||
                 length_in != length || first != 16'(channel_q);
      end else if (word_q == 8'd1) begin
        misfit = (17 + ChannelBits)'(first) > (17 + ChannelBits)'(first_max_i);
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) misfit_q <= 1'b0;
    else misfit_q <= misfit;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      word_q    <= 8'd0;
      lane_q    <= '0;
      channel_q <= '0;
    end else if (run_i) begin
      if (take) word_q <= last_word ? 8'd0 : word_q + 8'd1;
      if (take && last_word) begin
        lane_q    <= last_lane ? '0 : lane_q + 1'b1;
        channel_q <= (last_lane && fill_last) ? '0 : channel_q + SizeBits'(1);
      end
    end else begin
      word_q    <= 8'd0;
      lane_q    <= '0;
      channel_q <= '0;
    end
  end

  assay_first #(
    .Channels(Channels), .ChannelBits(ChannelBits), .SlotBits(SlotBits), .PosBits(PosBits),
    .SizeBits(SizeBits)
  ) u_first (
    .clk_i, .rst_ni, .run_i, .spread_i, .block_stride_i, .take_i(take && word_q == 8'd1),
    .first_i(first[SizeBits-1:0]), .channel_i(lane_q), .slot_i(write_slot_o),
    .restart_i(fill_done && fill_last),
    .busy_o(first_busy), .read_i(first_read_i), .read_channel_i(first_channel_i),
    .read_slot_i(use_slot_o), .position_o(first_position_o), .lane_o(first_lane_o)
  );

  assay_ring #(.BaseBits(SlotBits), .SizeBits(SizeBits)) u_ring (
    .clk_i, .rst_ni, .fill_load_i(load_i), .drop_i(error_o), .fill_blocks_i(blocks_i),
    .fill_slots_i(slots_i), .fill_slot_words_i(SlotBits'(1)), .fill_origin_i(SlotBits'(0)),
    .fill_out_y_i(out_y_i), .fill_rows_per_group_i(rows_per_group_i),
    .fill_idle_o(unused_fill_idle), .fill_ready_o(ready), .fill_last_o(fill_last),
    .fill_base_o(write_slot_o), .fill_done_i(fill_done), .use_load_i(load_i),
    .use_blocks_i(blocks_i), .use_slots_i(slots_i), .use_slot_words_i(SlotBits'(1)),
    .use_origin_i(SlotBits'(0)), .finished_o, .use_valid_o, .use_last_o, .use_base_o(use_slot_o),
    .use_next_i, .free_i
  );

`ifdef FORMAL
  `include "assay_params.svh"  // tests/formal
`endif

endmodule
