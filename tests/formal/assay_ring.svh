// Proof, inside assay_ring: blocks are used in the order in which they were filled, each where it
// was filled, none twice or never; no slot is filled while its block is held.
//
// One arbitrary block stands for all: the one whose filling ends when `mark` comes is followed until
// it is freed. Shown for up to 15 blocks and slots. Slots are compared; bases belong to slots by assay_ring_pointer.svh.
//
// Assumed: the layer does not change while it runs; a block ends only while fill_ready_o is up; the
// user uses only what use_valid_o offers (assay_sequencer.svh) and frees what it has used.

(* anyseq *) logic mark;

logic                marked, marked_passed;  // a block is followed; it has been used
logic [15:0]         marked_slot, marked_block;
logic [16:0]         elder;    // blocks in front of it that are not freed
logic [16:0]         younger;  // blocks filled after it
logic [16:0]         passed;   // blocks used and not freed

// a = (b + c) mod n for a, b < n, c <= n
`define ASSAY_AROUND(a, b, c, n) \
  (18'(a) == 18'(b) + 18'(c) || 18'(a) + 18'(n) == 18'(b) + 18'(c))

(* hierconn *) logic [15:0] \u_fill.slot_q , \u_fill.block_q , \u_use.slot_q , \u_use.block_q ;

logic         run_q;
logic [127:0] layer, layer_q;

initial assume (!rst_ni);
initial run_q = 1'b0;
assign layer = 128'({blocks_i, slots_i, slot_words_i, out_y_i, rows_per_group_i});

always_ff @(posedge clk_i) begin
  run_q   <= rst_ni && run_i;
  layer_q <= layer;
  if (!rst_ni || !run_i) begin
    marked <= 1'b0;
    passed <= 17'd0;
  end else begin
    passed <= passed + 17'(use_next_i) - 17'(free_i);
    if (!marked) begin
      if (mark && fill_done_i) begin
        marked        <= 1'b1;
        marked_passed <= 1'b0;
        elder         <= 17'(held_q) - 17'(free_i);
        younger       <= 17'd0;
        marked_slot   <= u_fill.slot_q;
        marked_block  <= fill_block_o;
      end
    end else begin
      younger <= younger + 17'(fill_done_i);
      if (use_next_i && ahead_q == 16'(younger) + 16'd1) marked_passed <= 1'b1;
      if (free_i) elder <= elder - 17'd1;
      if (!resident && free_i && elder == 17'd0) marked <= 1'b0;
    end
  end
end

always_comb begin
  if (run_i) assume (blocks_i != 16'd0 && slots_i != 16'd0);
  if (run_i && run_q) assume (layer == layer_q);
  assume (blocks_i < 16'd16 && slots_i < 16'd16);
  if (fill_done_i) assume (fill_ready_o);
  if (use_next_i) assume (use_valid_o);
  if (free_i && !resident) assume (passed != 17'd0);

  if (rst_ni && run_i) begin
    if (!run_q) assert ({held_q, ahead_q, y_q, finished_q, marked, passed} == '0);
    if (!run_q) assert ({u_fill.slot_q, u_fill.block_q, u_use.slot_q, u_use.block_q} == '0);
    // Pointers.
    assert (u_fill.block_q < blocks_i && u_use.block_q < blocks_i);
    assert (u_fill.slot_q < slots_i && u_use.slot_q < slots_i);
    if (resident) begin
      assert (u_fill.slot_q == u_fill.block_q && u_use.slot_q == u_use.block_q);
      if (marked) begin
        assert (marked_slot == marked_block && marked_block < blocks_i);
        assert (finished_q || fill_block_o > marked_block);
        if (fill_ready_o) assert (u_fill.slot_q != marked_slot);
        if (use_block == marked_block) assert (use_valid_o && u_use.slot_q == marked_slot);
      end
    end else begin
      assert (held_q <= slots_i && ahead_q <= held_q && passed <= 17'(held_q));
      assert (17'(held_q) == 17'(ahead_q) + passed);
      assert (`ASSAY_AROUND(u_fill.slot_q, u_use.slot_q, ahead_q, slots_i));
      assert (`ASSAY_AROUND(u_fill.block_q, u_use.block_q, ahead_q, blocks_i));
      if (marked) begin
        assert (elder < 17'(slots_i) && younger < 17'(slots_i));
        assert (17'(held_q) == elder + 17'd1 + younger);
        assert (marked_slot < slots_i && marked_block < blocks_i);
        assert (`ASSAY_AROUND(u_fill.slot_q, marked_slot, younger + 17'd1, slots_i));
        assert (`ASSAY_AROUND(u_fill.block_q, marked_block, younger + 17'd1, blocks_i));
        // A slot is not filled while its block is held.
        if (fill_ready_o) assert (u_fill.slot_q != marked_slot);
        // It is used in its turn, where it was filled.
        assert (marked_passed == (17'(ahead_q) <= younger));
        if (17'(ahead_q) == younger + 17'd1) begin
          assert (use_valid_o && use_block == marked_block && u_use.slot_q == marked_slot);
        end
      end
    end
    // The user is never held up by the ring alone, nor the stream.
    if (finished_q) assert (!fill_ready_o);
    if (!finished_q && !use_valid_o && passed == 17'd0) assert (fill_ready_o);
  end
  cover (rst_ni && run_i && !resident && marked_passed && younger == 17'd2 && held_q == 16'd3);
  cover (rst_ni && run_i && resident && marked && finished_q && blocks_i == 16'd2);
  cover (rst_ni && run_i && !resident && marked && finished_q);
end
