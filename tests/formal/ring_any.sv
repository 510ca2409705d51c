// Stand-in for assay_ring in proofs: blocks fill any slot that the layer has, in any order; what
// assay_ring.svh shows of the order is assumed where it is used. No twin.
module assay_ring #(
  parameter int BaseBits = 14,
  parameter int SizeBits = 16
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                fill_load_i,
  input  logic                drop_i,
  input  logic [15:0]         fill_blocks_i,
  input  logic [15:0]         fill_slots_i,
  input  logic [BaseBits-1:0] fill_slot_words_i,
  input  logic [BaseBits-1:0] fill_origin_i,
  input  logic [15:0]         fill_out_y_i,
  input  logic [15:0]         fill_rows_per_group_i,
  output logic                fill_idle_o,
  output logic                fill_ready_o,
  output logic                fill_last_o,
  output logic [BaseBits-1:0] fill_base_o,
  input  logic                fill_done_i,
  input  logic                use_load_i,
  input  logic [15:0]         use_blocks_i,
  input  logic [15:0]         use_slots_i,
  input  logic [BaseBits-1:0] use_slot_words_i,
  input  logic [BaseBits-1:0] use_origin_i,
  output logic                finished_o,
  output logic                use_valid_o,
  output logic                use_last_o,
  output logic [BaseBits-1:0] use_base_o,
  input  logic                use_next_i,
  input  logic                free_i
);

  (* anyseq *) logic                any_ready, any_more, any_last, any_finished, any_valid, any_use_last;
  (* anyseq *) logic [BaseBits-1:0] any_slot, any_base;
  logic                             filling, last;
  logic [BaseBits-1:0]              slot;  // that is filled

  initial filling = 1'b0;
  assign fill_idle_o  = !filling;
  assign fill_ready_o = filling && any_ready;
  assign fill_last_o  = last;
  assign fill_base_o  = fill_origin_i + slot * fill_slot_words_i;
  assign finished_o   = any_finished;
  assign use_valid_o  = any_valid;
  assign use_last_o   = any_use_last;
  assign use_base_o   = any_base;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || drop_i) filling <= 1'b0;
    else if (fill_load_i) filling <= 1'b1;
    else if (fill_done_i) filling <= any_more;
    if (fill_load_i) slot <= '0;
    else if (fill_done_i) slot <= any_slot;
    if (fill_load_i || fill_done_i) last <= any_last;
  end

endmodule
