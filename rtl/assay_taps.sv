// Steps through the taps of a pass: ky, kx, then input blocks (reduce) or channels (spread); keeps
// every offset by additions. Twin: golden/sequencer.h.
module assay_taps #(
  parameter int ChannelBits = 3,
  parameter int WeightBits  = 15,  // of the address of half a word
  parameter int SlotBits    = 4,
  parameter int PosBits     = 13,
  parameter int SizeBits    = 16,
  parameter int StepBits    = 8,
  parameter int RowBits     = 22
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   run_i,
  input  logic                   move_i,

  // The layer //
  input  logic                   spread_i,
  input  logic                   int4_i,
  input  logic [StepBits-1:0]    kernel_x_i,
  input  logic [StepBits-1:0]    kernel_y_i,
  input  logic [SizeBits-1:0]    count_i,
  input  logic [StepBits-1:0]    dilation_x_i,
  input  logic [StepBits-1:0]    dilation_y_i,
  input  logic [StepBits-1:0]    pad_left_i,
  input  logic [StepBits-1:0]    pad_top_i,
  input  logic [PosBits:0]       pitch_i,
  input  logic [PosBits:0]       plane_i,
  input  logic [PosBits:0]       column_stride_i,
  input  logic [PosBits:0]       block_stride_i,
  input  logic [PosBits:0]       row_slot_start_i,
  input  logic [PosBits:0]       row_plane_start_i,
  input  logic [PosBits:0]       row_slot_step_i,
  input  logic [PosBits:0]       row_plane_step_i,
  input  logic [PosBits-1:0]     column_start_i,
  input  logic [PosBits:0]       column_plane_start_i,
  input  logic [PosBits-1:0]     column_step_i,
  input  logic [PosBits:0]       column_plane_step_i,

  // The next pass //
  input  logic                   pass_valid_i,
  output logic                   pass_ready_o,
  input  logic                   pass_begin_i,
  input  logic                   pass_end_i,
  input  logic [ChannelBits-1:0] pass_channel_i,
  input  logic [WeightBits-1:0]  pass_weights_i,
  input  logic [SlotBits-1:0]    pass_slot_i,
  input  logic [PosBits-1:0]     pass_position_i,  // first input block * block_stride
  input  logic [ChannelBits-1:0] pass_lane_i,
  input  logic                   tile_valid_i,  // the walker has the next tile
  output logic                   swap_o,        // begin it

  // Stage tap //
  output logic                   valid_o,
  output logic                   first_o,  // first tap of the pass
  output logic                   last_o,   // last tap of the pass
  output logic                   fresh_o,  // ky or kx changed
  output logic                   pass_end_o,
  output logic [ChannelBits-1:0] channel_o,
  output logic [SlotBits-1:0]    slot_o,
  output logic [WeightBits-1:0]  weight_addr_o,    // in half words
  output logic [ChannelBits-1:0] lane_o,           // spread: input channel inside its block
  output logic [RowBits-1:0]     row_offset_o,     // ky*dilation_y - pad_top
  output logic [RowBits-1:0]     column_offset_o,  // kx*dilation_x - pad_left
  output logic [PosBits:0]       row_slot_o,       // ring offset of the row quotient
  output logic [PosBits-1:0]     base_o            // block, phases and column quotient
);

  logic                   valid_q, first_q;
  logic [StepBits-1:0]    kx_q, ky_q;
  logic [SizeBits-1:0]    step_q;
  logic [PosBits-1:0]     block_q, block_start_q;
  logic [ChannelBits-1:0] lane_q, lane_start_q;
  logic [PosBits:0]       row_slot_q, row_plane_q, column_plane_q;
  logic [PosBits-1:0]     column_q;
  logic [RowBits-1:0]     row_offset_q, column_offset_q;

  logic [WeightBits-1:0]  weight_step;
  logic                   load, last_step, last_x, last_y;

  assign weight_step = int4_i ? WeightBits'(1) : WeightBits'(2);

  assign last_step = step_q == count_i - SizeBits'(1);
  assign last_x    = kx_q == kernel_x_i - StepBits'(1);
  assign last_y    = ky_q == kernel_y_i - StepBits'(1);

  assign pass_ready_o = move_i && (!valid_q || last_o) && (!pass_begin_i || tile_valid_i);
  assign load         = pass_valid_i && pass_ready_o;
  assign swap_o       = load && pass_begin_i;

  assign valid_o         = valid_q;
  assign first_o         = first_q;
  assign last_o          = last_step && last_x && last_y;
  assign fresh_o         = step_q == '0;
  assign lane_o          = lane_q;
  assign row_offset_o    = row_offset_q;
  assign column_offset_o = column_offset_q;
  assign row_slot_o      = row_slot_q;
  assign base_o = block_q + row_plane_q[PosBits-1:0] + column_plane_q[PosBits-1:0] + column_q;

  // A phase that passes the stride carries into the quotient; a ring offset closes the ring.
  function automatic logic carry(input logic [PosBits:0] phase, input logic [PosBits:0] around);
    carry = phase >= around;
  endfunction

  function automatic logic [PosBits:0] wrapped(input logic [PosBits+1:0] offset,
                                               input logic [PosBits:0] around);
    wrapped = (PosBits + 1)'((offset >= {1'b0, around}) ? offset - {1'b0, around} : offset);
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (!run_i) valid_q <= 1'b0;
    else if (move_i) valid_q <= load || (valid_q && !last_o);
  end

  always_ff @(posedge clk_i) begin
    if (move_i && valid_q && !load) begin
      first_q       <= 1'b0;
      weight_addr_o <= weight_addr_o + (last_o ? WeightBits'(0) : weight_step);
      if (last_step) block_q <= block_start_q;
      else if (!spread_i || (&lane_q)) block_q <= block_q + block_stride_i[PosBits-1:0];
      step_q        <= last_step ? '0 : step_q + SizeBits'(1);
      lane_q        <= last_step ? lane_start_q : lane_q + ChannelBits'(spread_i);
    end else if (load) begin
      first_q       <= 1'b1;
      step_q        <= '0;
      block_q       <= pass_position_i;
      block_start_q <= pass_position_i;
      lane_q        <= pass_lane_i;
      lane_start_q  <= pass_lane_i;
      pass_end_o    <= pass_end_i;
      channel_o     <= pass_channel_i;
      slot_o        <= pass_slot_i;
      weight_addr_o <= pass_begin_i ? pass_weights_i : weight_addr_o + weight_step;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load || (move_i && valid_q && last_step)) begin
      if (!load && !last_x) begin
        kx_q            <= kx_q + StepBits'(1);
        column_q        <= column_q + column_step_i +
                           PosBits'(carry(column_plane_q + column_plane_step_i, block_stride_i));
        column_plane_q  <= wrapped({1'b0, column_plane_q + column_plane_step_i}, block_stride_i);
        column_offset_q <= column_offset_q + RowBits'(dilation_x_i);
      end else begin
        kx_q            <= '0;
        column_q        <= column_start_i;
        column_plane_q  <= column_plane_start_i;
        column_offset_q <= RowBits'(0) - RowBits'(pad_left_i);
      end
      if (!load && last_x) begin
        ky_q         <= ky_q + StepBits'(1);
        row_slot_q   <= wrapped({1'b0, row_slot_q} + {1'b0, row_slot_step_i} +
                                (carry(row_plane_q + row_plane_step_i, column_stride_i)
                                     ? {1'b0, pitch_i} : '0), plane_i);
        row_plane_q  <= wrapped({1'b0, row_plane_q + row_plane_step_i}, column_stride_i);
        row_offset_q <= row_offset_q + RowBits'(dilation_y_i);
      end else if (load) begin
        ky_q         <= '0;
        row_slot_q   <= row_slot_start_i;
        row_plane_q  <= row_plane_start_i;
        row_offset_q <= RowBits'(0) - RowBits'(pad_top_i);
      end
    end
  end

`ifdef FORMAL
  `include "assay_taps.svh"  // tests/formal
`endif

endmodule
