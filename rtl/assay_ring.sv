// Slots of a memory that is filled and used block by block: loaded once if all blocks fit
// (resident), else streamed again for each row group. Twin: golden/block_ring.h.
//
// The fill side may be a layer ahead: when all blocks of the running layer are in, it may take up
// the next layer. use_load_i makes that layer the one in use.
module assay_ring #(
  parameter int BaseBits = 14,
  parameter int SizeBits = 16
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // The layer whose blocks arrive //
  input  logic                fill_load_i,  // one cycle: it is a new one, described from now on
  input  logic                drop_i,       // nothing more arrives for it
  input  logic [SizeBits-1:0] fill_blocks_i,
  input  logic [SizeBits-1:0] fill_slots_i,
  input  logic [BaseBits-1:0] fill_slot_words_i,
  input  logic [BaseBits-1:0] fill_origin_i,  // address of slot 0
  input  logic [SizeBits-1:0] fill_out_y_i,
  input  logic [SizeBits-1:0] fill_rows_per_group_i,
  output logic                fill_idle_o,   // all its blocks of all passes are in
  output logic                fill_ready_o,  // a slot is free and blocks are missing
  output logic                fill_last_o,   // the block being filled is the pass's last
  output logic [BaseBits-1:0] fill_base_o,
  input  logic                fill_done_i,

  // The layer in use //
  input  logic                use_load_i,  // one cycle: it is a new one, described from now on
  input  logic [SizeBits-1:0] use_blocks_i,
  input  logic [SizeBits-1:0] use_slots_i,
  input  logic [BaseBits-1:0] use_slot_words_i,
  input  logic [BaseBits-1:0] use_origin_i,
  output logic                finished_o,   // all its blocks of all passes are in
  output logic                use_valid_o,  // the block in use is complete
  output logic                use_last_o,
  output logic [BaseBits-1:0] use_base_o,
  input  logic                use_next_i,
  input  logic                free_i  // the oldest block is not needed any more
);

  logic                fill_q;   // blocks are missing
  logic                early_q;  // they belong to the layer after the one in use
  logic [SizeBits-1:0] y_q;      // first output row of the group whose blocks are being filled
  logic [SizeBits-1:0] held_q;   // blocks filled and not freed
  logic [SizeBits-1:0] ahead_q;  // of the layer in use: blocks filled and not yet passed
  logic                fill_resident, use_resident;
  logic [SizeBits-1:0] fill_block, use_block;
  logic [SizeBits:0]   y_next;
  logic [SizeBits-1:0] held;

  assign fill_resident = fill_slots_i >= fill_blocks_i;
  assign use_resident  = use_slots_i >= use_blocks_i;
  assign y_next        = (SizeBits + 1)'(y_q) + (SizeBits + 1)'(fill_rows_per_group_i);
  assign held          = held_q + SizeBits'(fill_done_i);

  assign fill_idle_o  = !fill_q;
  assign fill_ready_o = fill_q && (fill_resident || held_q != fill_slots_i);
  assign finished_o   = early_q || !fill_q;
  assign use_valid_o  = use_resident ? (finished_o || fill_block > use_block) : ahead_q != '0;

  assay_ring_pointer #(.BaseBits(BaseBits), .SizeBits(SizeBits)) u_fill (
    .clk_i, .rst_ni, .load_i(fill_load_i), .blocks_i(fill_blocks_i), .slots_i(fill_slots_i),
    .slot_words_i(fill_slot_words_i), .origin_i(fill_origin_i), .resident_i(fill_resident),
    .next_i(fill_done_i), .block_o(fill_block), .last_block_o(fill_last_o), .base_o(fill_base_o)
  );

  assay_ring_pointer #(.BaseBits(BaseBits), .SizeBits(SizeBits)) u_use (
    .clk_i, .rst_ni, .load_i(use_load_i), .blocks_i(use_blocks_i), .slots_i(use_slots_i),
    .slot_words_i(use_slot_words_i), .origin_i(use_origin_i), .resident_i(use_resident),
    .next_i(use_next_i), .block_o(use_block), .last_block_o(use_last_o), .base_o(use_base_o)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fill_q  <= 1'b0;
      early_q <= 1'b0;
      y_q     <= '0;
      held_q  <= '0;
      ahead_q <= '0;
    end else begin
      if (drop_i) fill_q <= 1'b0;
      else if (fill_load_i) fill_q <= 1'b1;
      else if (fill_done_i && fill_last_o &&
               (fill_resident || y_next >= (SizeBits + 1)'(fill_out_y_i))) begin
        fill_q <= 1'b0;
      end

      if (use_load_i || drop_i) early_q <= 1'b0;
      else if (fill_load_i) early_q <= 1'b1;

      if (fill_load_i) y_q <= '0;
      else if (fill_done_i && fill_last_o) y_q <= y_next[SizeBits-1:0];

      // What is freed belongs to the layer in use.
      if (fill_load_i) held_q <= '0;
      else held_q <= held - SizeBits'(free_i && !early_q);

      if (use_load_i) ahead_q <= fill_load_i ? '0 : held;
      else ahead_q <= ahead_q + SizeBits'(fill_done_i && !early_q) - SizeBits'(use_next_i);
    end
  end

`ifdef FORMAL
  `include "assay_ring.svh"  // tests/formal
`endif

endmodule
