// Walks the output pixels of a layer and collects the next tile while one is computed, a pixel a
// cycle. Twin: golden/sequencer.h.
//
// Order: row group, output block, pixels of the group in row-major order; the tiles of every block
// begin at the group's first pixel. Pixels beyond the group's end fill a tile but do not count.
module assay_walker #(
  parameter int Pixels    = 8,
  parameter int PixelBits = 3,
  parameter int PosBits   = 13,
  parameter int SizeBits  = 16,
  parameter int StepBits  = 8,
  parameter int RowBits   = 22
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  input  logic                          run_i,
  input  logic [SizeBits-1:0]           out_x_i,
  input  logic [SizeBits-1:0]           out_y_i,
  input  logic [SizeBits-1:0]           out_blocks_i,
  input  logic [SizeBits-1:0]           rows_per_group_i,
  input  logic [StepBits-1:0]           stride_x_i,
  input  logic [StepBits-1:0]           stride_y_i,
  input  logic [PosBits:0]              pitch_i,
  input  logic [PosBits:0]              plane_i,

  output logic                          valid_o,      // the next tile is complete
  output logic                          block_end_o,  // it is the last of its block and group
  output logic                          layer_end_o,  // ... of the layer
  input  logic                          swap_i,       // it becomes the tile below

  output logic [Pixels*SizeBits-1:0]    x_o,       // per pixel: output column
  output logic [Pixels*RowBits-1:0]     row_o,     // y * stride_y
  output logic [Pixels*RowBits-1:0]     column_o,  // x * stride_x
  output logic [Pixels*PosBits-1:0]     slot_o,    // (y mod ring_rows) * pitch
  output logic [PixelBits:0]            count_o,   // pixels that count
  output logic                          tile_block_end_o,
  output logic                          tile_group_end_o,
  output logic                          tile_layer_end_o
);

  // Place of the walk, and of the group's first pixel //
  logic [SizeBits-1:0] x_q, y_q, group_y_q, group_row_q, block_q;
  logic [RowBits-1:0]  row_q, column_q, group_base_q;
  logic [PosBits-1:0]  slot_q, group_slot_q;
  logic [PixelBits:0]  lane_q;  // pixels collected; Pixels: the tile is complete
  logic [PixelBits:0]  count_q;
  logic                ended_q;  // the group's last pixel is in this tile
  logic                finished_q;

  // Tile being collected //
  logic               group_end_q, layer_end_q;

  logic                 full, step, fresh, tile_done, ended_before, ended;
  logic                 row_end, group_end, last_block;
  logic [PixelBits-1:0] lane;
  logic [SizeBits-1:0]  x_d, y_d;
  logic [RowBits-1:0]   row_d, column_d;
  logic [PosBits-1:0]   slot_d;
  logic [PosBits:0]     slot_next;  // plane_i may be all positions

  assign full         = lane_q == (PixelBits + 1)'(Pixels);
  assign step         = run_i && !finished_q && (!full || swap_i);
  assign lane         = lane_q[PixelBits-1:0];
  assign fresh        = lane == '0;
  assign tile_done    = &lane;
  assign ended_before = !fresh && ended_q;
  assign row_end      = x_q == out_x_i - SizeBits'(1);
  assign group_end    = row_end && (group_row_q == rows_per_group_i - SizeBits'(1) ||
                                    y_q == out_y_i - SizeBits'(1));
  assign ended        = ended_before || group_end;
  assign last_block   = block_q == out_blocks_i - SizeBits'(1);
  assign valid_o      = full;
  assign block_end_o  = ended_q;
  assign layer_end_o  = layer_end_q;

  assign slot_next = {1'b0, slot_q} + pitch_i;
  assign x_d       = row_end ? '0 : x_q + SizeBits'(1);
  assign column_d  = row_end ? '0 : column_q + RowBits'(stride_x_i);
  assign y_d       = row_end ? y_q + SizeBits'(1) : y_q;
  assign row_d     = row_end ? row_q + RowBits'(stride_y_i) : row_q;
  assign slot_d    = !row_end ? slot_q : (slot_next == plane_i) ? '0 : slot_next[PosBits-1:0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      lane_q       <= '0;
      count_q      <= '0;
      ended_q      <= 1'b0;
      finished_q   <= 1'b0;
      block_q      <= '0;
      group_row_q  <= '0;
      x_q          <= '0;
      y_q          <= '0;
      row_q        <= '0;
      column_q     <= '0;
      slot_q       <= '0;
      group_y_q    <= '0;
      group_base_q <= '0;
      group_slot_q <= '0;
      group_end_q  <= 1'b0;
      layer_end_q  <= 1'b0;
    end else if (step) begin
      lane_q  <= {1'b0, lane} + 1'b1;
      count_q <= (fresh ? '0 : count_q) + (PixelBits + 1)'(!ended_before);
      ended_q <= ended;
      if (!ended_before) begin
        x_q      <= x_d;
        column_q <= column_d;
        y_q      <= y_d;
        row_q    <= row_d;
        slot_q   <= slot_d;
        if (row_end) group_row_q <= group_row_q + SizeBits'(1);
      end
      if (tile_done) begin
        group_end_q <= ended && last_block;
        layer_end_q <= ended && last_block && (ended_before ? y_q : y_d) == out_y_i;
      end
      if (tile_done && ended) begin
        group_row_q <= '0;
        block_q     <= last_block ? '0 : block_q + SizeBits'(1);
        if (!last_block) begin
          x_q      <= '0;
          column_q <= '0;
          y_q      <= group_y_q;
          row_q    <= group_base_q;
          slot_q   <= group_slot_q;
        end else begin
          group_y_q    <= ended_before ? y_q : y_d;
          group_base_q <= ended_before ? row_q : row_d;
          group_slot_q <= ended_before ? slot_q : slot_d;
          finished_q   <= (ended_before ? y_q : y_d) == out_y_i;
        end
      end
    end else if (run_i && swap_i) begin
      lane_q <= '0;  // the last tile has gone
    end else if (!run_i) begin
      lane_q       <= '0;
      finished_q   <= 1'b0;
      block_q      <= '0;
      group_row_q  <= '0;
      x_q          <= '0;
      y_q          <= '0;
      row_q        <= '0;
      column_q     <= '0;
      slot_q       <= '0;
      group_y_q    <= '0;
      group_base_q <= '0;
      group_slot_q <= '0;
    end
  end

  for (genvar j = 0; j < Pixels; j++) begin : gen_pixel
    logic [SizeBits-1:0] next_x_q, tile_x_q;
    logic [RowBits-1:0]  next_row_q, tile_row_q;
    logic [RowBits-1:0]  next_column_q, tile_column_q;
    logic [PosBits-1:0]  next_slot_q, tile_slot_q;

    assign x_o[SizeBits*j+:SizeBits]        = tile_x_q;
    assign row_o[RowBits*j+:RowBits]        = tile_row_q;
    assign column_o[RowBits*j+:RowBits]     = tile_column_q;
    assign slot_o[PosBits*j+:PosBits]       = tile_slot_q;

    always_ff @(posedge clk_i) begin
      if (step) begin
        if (lane == PixelBits'(j)) begin
          next_x_q      <= x_q;
          next_row_q    <= row_q;
          next_column_q <= column_q;
          next_slot_q   <= slot_q;
        end
      end
      if (swap_i) begin
        tile_x_q      <= next_x_q;
        tile_row_q    <= next_row_q;
        tile_column_q <= next_column_q;
        tile_slot_q   <= next_slot_q;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (swap_i) begin
      count_o          <= count_q;
      tile_block_end_o <= ended_q;
      tile_group_end_o <= group_end_q;
      tile_layer_end_o <= layer_end_q;
    end
  end

`ifdef FORMAL
  `include "assay_walker.svh"  // tests/formal
`endif

endmodule
