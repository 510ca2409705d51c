// Proof, inside assay_ring_pointer: base = origin + slot * words; blocks and slots come in order, each once
// a round, and stay below their numbers.
//
// The product is taken modulo 2^BaseBits; the test proves it for 5 bits. Slots that do not overlap
// and stay inside the memory: positions.smt2. Assumed: the layer does not change between its load and
// the next one.

logic                loaded;  // a layer was loaded
logic [127:0]        layer, layer_q;
logic [BaseBits-1:0] product;

initial assume (!rst_ni);
initial loaded = 1'b0;
assign layer   = 128'({blocks_i, slots_i, slot_words_i, origin_i, resident_i});
assign product = origin_i + slot_q[BaseBits-1:0] * slot_words_i;

always_ff @(posedge clk_i) begin
  loaded  <= rst_ni && (loaded || load_i);
  layer_q <= layer;
end

always_comb begin
  assume (blocks_i != 16'd0 && slots_i != 16'd0 && (!resident_i || slots_i >= blocks_i));
  // In the cycle of the load the layer is the new one.
  if (loaded) assume (layer == layer_q || load_i);
  if (rst_ni && loaded && !load_i) begin
    assert (block_q < blocks_i && slot_q < slots_i);
    assert (base_q == product);
    if (resident_i) assert (slot_q == block_q);
    assert (last_block_o == (block_q + 16'd1 == blocks_i) && block_o == block_q);
    assert (base_o == base_q);
  end
  cover (rst_ni && loaded && slot_q == 16'd2 && block_q == 16'd0 && slot_words_i == BaseBits'(3));
end
