// Orders the passes over the array: row group, block, tile and, in reduce, channel of the block.
// Twin: golden/sequencer.h.
//
// Runs up to two passes ahead of the taps: a pass is asked for while the memory of `first` is read,
// then offered. Waits until the group's rows, the block's weights and its parameters are there.
module assay_sequencer #(
  parameter int ChannelBits = 3,
  parameter int WeightBits  = 14,
  parameter int SlotBits    = 4
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   run_i,
  input  logic                   reduce_i,
  input  logic [ChannelBits:0]   last_channels_i,

  input  logic                   rows_ready_i,
  output logic                   group_begin_o,
  input  logic                   weights_valid_i,
  input  logic                   weights_last_i,   // the block in use is the last one
  input  logic [WeightBits-1:0]  weights_base_i,
  input  logic                   params_valid_i,
  input  logic [SlotBits-1:0]    params_slot_i,
  output logic                   block_next_o,     // on to the next block

  input  logic                   swap_i,           // the taps began a tile
  input  logic                   swap_block_end_i, // which is the last of its block
  input  logic                   swap_layer_end_i,

  output logic                   first_read_o,     // read `first` of the channel below
  output logic [ChannelBits-1:0] first_channel_o,

  output logic                   pass_valid_o,
  input  logic                   pass_ready_i,
  output logic                   pass_begin_o,     // first pass of a tile
  output logic                   pass_end_o,       // last pass of a tile
  output logic [ChannelBits-1:0] pass_channel_o,
  output logic [WeightBits-1:0]  pass_weights_o,   // the block's first weight word
  output logic [SlotBits-1:0]    pass_slot_o
);

  // Next pass to ask for //
  logic [ChannelBits-1:0] channel_q;
  logic                   block_begin_q;  // the tile is the first of its block
  logic                   group_begin_q;
  logic                   asked_q;        // all passes of the tile are asked for
  logic                   swapped_q;      // the taps have begun it
  logic                   block_end_q;
  logic                   layer_end_q;
  logic                   finished_q;

  logic                   pass_valid_q;
  logic [ChannelBits-1:0] channel_last;
  logic                   ask, ask_last, tile_end, block_end, layer_end;

  assign channel_last = !reduce_i ? '0 :
                        weights_last_i ? ChannelBits'(last_channels_i - 1'b1) : '1;

  always_comb begin
    ask = 1'b0;
    if (run_i && !finished_q && !asked_q && (!pass_valid_q || pass_ready_i)) begin
      ask = !block_begin_q || (weights_valid_i && params_valid_i &&
                               (!group_begin_q || rows_ready_i));
    end
  end

  assign ask_last = ask && channel_q == channel_last;

  assign tile_end  = (asked_q || ask_last) && (swapped_q || swap_i);
  assign block_end = tile_end && (swapped_q ? block_end_q : swap_block_end_i);
  assign layer_end = tile_end && (swapped_q ? layer_end_q : swap_layer_end_i);

  assign first_read_o    = ask;
  assign first_channel_o = channel_q;
  assign group_begin_o   = ask && block_begin_q && group_begin_q;
  assign block_next_o    = block_end;
  assign pass_valid_o    = pass_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      channel_q     <= '0;
      block_begin_q <= 1'b1;
      group_begin_q <= 1'b1;
      asked_q       <= 1'b0;
      swapped_q     <= 1'b0;
      block_end_q   <= 1'b0;
      layer_end_q   <= 1'b0;
      finished_q    <= 1'b0;
      pass_valid_q  <= 1'b0;
    end else if (run_i) begin
      if (ask) channel_q <= ask_last ? '0 : channel_q + 1'b1;
      if (block_end) block_begin_q <= 1'b1;
      else if (ask) block_begin_q <= 1'b0;
      if (block_end) group_begin_q <= weights_last_i;
      else if (ask) group_begin_q <= 1'b0;
      asked_q   <= (asked_q || ask_last) && !tile_end;
      swapped_q <= (swapped_q || swap_i) && !tile_end;
      if (swap_i) begin
        block_end_q <= swap_block_end_i;
        layer_end_q <= swap_layer_end_i;
      end
      if (layer_end) finished_q <= 1'b1;
      pass_valid_q <= ask || (pass_valid_q && !pass_ready_i);
    end else begin
      channel_q     <= '0;
      block_begin_q <= 1'b1;
      group_begin_q <= 1'b1;
      asked_q       <= 1'b0;
      swapped_q     <= 1'b0;
      finished_q    <= 1'b0;
      pass_valid_q  <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (ask) begin
      pass_begin_o   <= channel_q == '0;
      pass_end_o     <= ask_last;
      pass_channel_o <= channel_q;
      pass_weights_o <= weights_base_i;
      pass_slot_o    <= params_slot_i;
    end
  end

`ifdef FORMAL
  `include "assay_sequencer.svh"  // tests/formal
`endif

endmodule
