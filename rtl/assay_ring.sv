// Slots of a memory that is filled and used block by block: loaded once if all blocks fit
// (resident), else streamed again for each row group. Twin: golden/block_ring.h.
module assay_ring #(
  parameter int BaseBits = 14
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                run_i,
  input  logic [15:0]         blocks_i,
  input  logic [15:0]         slots_i,
  input  logic [BaseBits-1:0] slot_words_i,
  input  logic [15:0]         out_y_i,
  input  logic [15:0]         rows_per_group_i,

  output logic                fill_ready_o,     // a slot is free and blocks are missing
  output logic [15:0]         fill_block_o,
  output logic                fill_last_o,      // the block being filled is the pass's last
  output logic [BaseBits-1:0] fill_base_o,
  input  logic                fill_done_i,
  output logic                finished_o,       // all blocks of all passes are in

  output logic                use_valid_o,      // the block in use is complete
  output logic                use_last_o,
  output logic [BaseBits-1:0] use_base_o,
  input  logic                use_next_i,
  input  logic                free_i            // the oldest block is not needed any more
);

  logic        resident;
  logic [15:0] y_q;      // first output row of the group whose blocks are being filled
  logic        finished_q;
  logic [15:0] held_q;   // blocks filled and not freed
  logic [15:0] ahead_q;  // blocks filled and not yet passed by the user
  logic [15:0] use_block;
  logic [16:0] y_next;

  assign resident     = slots_i >= blocks_i;
  assign y_next       = 17'(y_q) + 17'(rows_per_group_i);
  assign fill_ready_o = run_i && !finished_q && (resident || held_q != slots_i);
  assign finished_o   = finished_q;
  assign use_valid_o  = resident ? (finished_q || fill_block_o > use_block) : ahead_q != 16'd0;

  assay_ring_pointer #(.BaseBits(BaseBits)) u_fill (
    .clk_i, .rst_ni, .run_i, .blocks_i, .slots_i, .slot_words_i, .resident_i(resident),
    .next_i(fill_done_i), .block_o(fill_block_o), .last_block_o(fill_last_o), .base_o(fill_base_o)
  );

  assay_ring_pointer #(.BaseBits(BaseBits)) u_use (
    .clk_i, .rst_ni, .run_i, .blocks_i, .slots_i, .slot_words_i, .resident_i(resident),
    .next_i(use_next_i), .block_o(use_block), .last_block_o(use_last_o), .base_o(use_base_o)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      y_q        <= 16'd0;
      finished_q <= 1'b0;
      held_q     <= 16'd0;
      ahead_q    <= 16'd0;
    end else if (!run_i) begin
      y_q        <= 16'd0;
      finished_q <= 1'b0;
      held_q     <= 16'd0;
      ahead_q    <= 16'd0;
    end else begin
      if (fill_done_i && fill_last_o) begin
        y_q        <= y_next[15:0];
        finished_q <= resident || y_next >= 17'(out_y_i);
      end
      held_q  <= held_q + 16'(fill_done_i) - 16'(free_i);
      ahead_q <= ahead_q + 16'(fill_done_i) - 16'(use_next_i);
    end
  end

endmodule
