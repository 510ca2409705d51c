// Proof, inside assay_ring_pointer: base = slot * words; blocks and slots come in order, each once
// a round, and stay below their numbers.
//
// The product is taken modulo 2^BaseBits; the test proves it for 5 bits. Slots that do not overlap
// and stay inside the memory: positions.smt2. Assumed: the layer does not change while it runs.

logic         run_q;
logic [127:0] layer, layer_q;
logic [BaseBits-1:0] product;

initial assume (!rst_ni);
initial run_q = 1'b0;
assign layer   = 128'({blocks_i, slots_i, slot_words_i, resident_i});
assign product = slot_q[BaseBits-1:0] * slot_words_i;

always_ff @(posedge clk_i) begin
  run_q   <= rst_ni && run_i;
  layer_q <= layer;
end

always_comb begin
  if (run_i) assume (blocks_i != 16'd0 && slots_i != 16'd0);
  if (run_i) assume (!resident_i || slots_i >= blocks_i);
  if (run_i && run_q) assume (layer == layer_q);
  if (rst_ni && run_i) begin
    if (!run_q) assert ({block_q, slot_q, base_q} == '0);
    assert (block_q < blocks_i && slot_q < slots_i);
    assert (base_q == product);
    if (resident_i) assert (slot_q == block_q);
    assert (last_block_o == (block_q + 16'd1 == blocks_i) && block_o == block_q);
    assert (base_o == base_q);
  end
  cover (rst_ni && run_i && slot_q == 16'd2 && block_q == 16'd0 && slot_words_i == BaseBits'(3));
end
