// Walks over the slots of a ring in the order of blocks; a resident ring starts again at slot 0
// with block 0. No twin.
module assay_ring_pointer #(
  parameter int BaseBits = 14,
  parameter int SizeBits = 16
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                load_i,    // to slot 0 of a new layer
  input  logic [SizeBits-1:0] blocks_i,  // blocks of a pass
  input  logic [SizeBits-1:0] slots_i,
  input  logic [BaseBits-1:0] slot_words_i,
  input  logic [BaseBits-1:0] origin_i,  // address of slot 0
  input  logic                resident_i,
  input  logic                next_i,
  output logic [SizeBits-1:0] block_o,
  output logic                last_block_o,
  output logic [BaseBits-1:0] base_o  // origin + slot * slot_words
);

  logic [SizeBits-1:0] block_q;
  logic [SizeBits-1:0] slot_q;
  logic [BaseBits-1:0] base_q;
  logic                wrap;

  assign block_o      = block_q;
  assign last_block_o = block_q == blocks_i - SizeBits'(1);
  assign base_o       = base_q;
  assign wrap         = resident_i ? last_block_o : (slot_q == slots_i - SizeBits'(1));

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      block_q <= '0;
      slot_q  <= '0;
      base_q  <= '0;
    end else if (next_i && !load_i) begin
      block_q <= last_block_o ? '0 : block_q + SizeBits'(1);
      slot_q  <= wrap ? '0 : slot_q + SizeBits'(1);
      base_q  <= wrap ? origin_i : base_q + slot_words_i;
    end else if (load_i) begin
      block_q <= '0;
      slot_q  <= '0;
      base_q  <= origin_i;
    end
  end

`ifdef FORMAL
  `include "assay_ring_pointer.svh"  // tests/formal
`endif

endmodule
