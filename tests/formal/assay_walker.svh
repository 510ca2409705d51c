// Proof, inside assay_walker: what assay_address.svh assumes of a tile's pixels: x inside the output,
// row = y * stride_y, column = x * stride_x, slot = (y mod ring_rows) * pitch with y the pixel's row. A
// tile stays until swap_i; a complete tile is offered whatever swap_i is. Rows and columns that count
// lie inside the output.
//
// One arbitrary lane stands for all. Rows modulo ring_rows are counted plainly. The test has 2 lanes,
// 2^4 positions, outputs of up to 7 by 7, strides 1..3.
//
// Assumed: the layer does not change; a swap comes only when the tile is complete (assay_taps.svh).

(* anyconst *) logic [2:0]           width, height, rows, blocks;
(* anyconst *) logic [1:0]           stride_x, stride_y;
(* anyconst *) logic [PosBits-1:0]   ring_rows, pitch;
(* anyconst *) logic [PixelBits-1:0] some_lane;

logic [2*PosBits-1:0] plane;
logic [PosBits-1:0]   y_slot, group_slot, next_y_slot, tile_y_slot, y_slot_next, new_slot;
logic [2:0]           next_y, tile_y;
logic                 next_counts, tile_counts, have_next, have_tile;

logic [7:0]           in_row, in_column, in_group, in_slot, in_group_slot;
logic [7:0]           next_in_row, next_in_column, next_in_slot, tile_in_row, tile_in_column;
logic [7:0]           tile_in_slot;

// The tile that is collected, for the chosen lane.
logic [Pixels*16-1:0]          all_x;
logic [Pixels*RowBits-1:0]     all_row, all_column;
logic [Pixels*PosBits-1:0]     all_slot;
logic [15:0]                   next_x;
logic [RowBits-1:0]            next_row, next_column;
logic [PosBits-1:0]            next_slot;

for (genvar j = 0; j < Pixels; j++) begin : gen_proof
  assign all_x[16*j+:16]                    = gen_pixel[j].next_x_q;
  assign all_row[RowBits*j+:RowBits]        = gen_pixel[j].next_row_q;
  assign all_column[RowBits*j+:RowBits]     = gen_pixel[j].next_column_q;
  assign all_slot[PosBits*j+:PosBits]       = gen_pixel[j].next_slot_q;
end

assign next_x      = all_x[16*some_lane+:16];
assign next_row    = all_row[RowBits*some_lane+:RowBits];
assign next_column = all_column[RowBits*some_lane+:RowBits];
assign next_slot   = all_slot[PosBits*some_lane+:PosBits];

assign plane       = (2 * PosBits)'(ring_rows) * (2 * PosBits)'(pitch);
assign y_slot_next = (y_slot + 1'b1 == ring_rows) ? '0 : y_slot + 1'b1;
assign new_slot    = (!ended_before && row_end) ? y_slot_next : y_slot;
assign in_row         = y_q[2:0] * stride_y;
assign in_column      = x_q[2:0] * stride_x;
assign in_group       = group_y_q[2:0] * stride_y;
assign in_slot        = y_slot * pitch;
assign in_group_slot  = group_slot * pitch;
assign next_in_row    = next_y * stride_y;
assign next_in_column = next_x[2:0] * stride_x;
assign next_in_slot   = next_y_slot * pitch;
assign tile_in_row    = tile_y * stride_y;
assign tile_in_column = x_o[16*some_lane+:3] * stride_x;
assign tile_in_slot   = tile_y_slot * pitch;

initial assume (!rst_ni);
initial have_tile = 1'b0;

always_ff @(posedge clk_i) begin
  if (!rst_ni || !run_i) begin
    {y_slot, group_slot} <= '0;
    have_next <= 1'b0;
    have_tile <= 1'b0;
  end else begin
    if (swap_i) begin
      {tile_y, tile_y_slot, tile_counts} <= {next_y, next_y_slot, next_counts};
      have_tile                          <= 1'b1;
    end
    if (step) begin
      if (lane == some_lane) begin
        {next_y, next_y_slot, next_counts} <= {y_q[2:0], y_slot, !ended_before};
      end
      have_next <= (lane == some_lane) || (have_next && !fresh);
      y_slot    <= new_slot;
      if (tile_done && ended) begin
        if (last_block) group_slot <= new_slot;
        else y_slot <= group_slot;
      end
    end else if (swap_i) begin
      have_next <= 1'b0;
    end
  end
end

always_comb begin
  assume (width != '0 && height != '0 && rows != '0 && blocks != '0);
  assume (stride_x != '0 && stride_y != '0 && ring_rows != '0 && pitch != '0);
  assume (plane <= (1 << PosBits));
  assume (out_x_i == 16'(width) && out_y_i == 16'(height) && out_blocks_i == 16'(blocks));
  assume (rows_per_group_i == 16'(rows));
  assume (stride_x_i == 8'(stride_x) && stride_y_i == 8'(stride_y));
  assume (pitch_i == (PosBits + 1)'(pitch) && plane_i == plane[PosBits:0]);
  if (swap_i) assume (valid_o && run_i);
  if (rst_ni && run_i) begin
    // The walk.
    assert (x_q < 16'(width) && y_q <= 16'(height) && group_y_q <= y_q && block_q < 16'(blocks));
    assert (y_slot < ring_rows && group_slot < ring_rows);
    assert (8'(row_q) == in_row && 8'(column_q) == in_column && 8'(group_base_q) == in_group);
    assert (8'(slot_q) == in_slot && 8'(group_slot_q) == in_group_slot);
    assert (row_q < 22'd22 && column_q < 22'd22 && group_base_q < 22'd22);
    if (!finished_q) assert (group_y_q < 16'(height));
    if (!finished_q && !ended_before) assert (y_q < 16'(height));
    assert (lane_q <= (PixelBits + 1)'(Pixels) && valid_o == (lane_q == (PixelBits + 1)'(Pixels)));
    // The tile that is collected, and the one that is computed.
    assert (have_next == ({1'b0, some_lane} < lane_q));
    if (have_next) begin
      assert (next_x < 16'(width) && next_y_slot < ring_rows);
      assert (8'(next_row) == next_in_row && next_row < 22'd22);
      assert (8'(next_column) == next_in_column && next_column < 22'd22);
      assert (8'(next_slot) == next_in_slot);
      if (next_counts) assert (next_y < height);
    end
    if (have_tile) begin
      assert (x_o[16*some_lane+:16] < 16'(width) && tile_y_slot < ring_rows);
      assert (8'(row_o[RowBits*some_lane+:RowBits]) == tile_in_row);
      assert (8'(column_o[RowBits*some_lane+:RowBits]) == tile_in_column);
      assert (8'(slot_o[PosBits*some_lane+:PosBits]) == tile_in_slot);
      if (tile_counts) assert (tile_y < height);
    end
  end
  cover (rst_ni && run_i && have_tile && tile_y == 3'd2 && tile_y_slot == 0 &&
         stride_y == 2'd2 && ring_rows == 2);
end
