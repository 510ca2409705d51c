// Proof, inside assay_ring: blocks are used in the order in which they were filled, each where it
// was filled, none twice or never; no slot is filled while its block is held. Also for a layer whose
// blocks arrive while the one before is in use.
//
// One arbitrary block stands for all: the one whose filling ends when `mark` comes is followed until
// it is freed. Shown for up to 7 blocks and slots. Slots are compared; bases belong to slots by
// assay_ring_pointer.svh; places of two layers that do not overlap: assay_weights.
//
// Assumed: a layer does not change from its load to the next one; it is loaded for filling when the
// layer before is all in, at most one ahead, and for use when nothing of the layer before is waiting;
// a block ends only while fill_ready_o is up; the user uses only what use_valid_o offers and frees
// what it has used. Nothing is dropped (a drop ends the layer; both sides are then loaded anew).

(* anyseq *) logic mark;

(* anyconst *) logic [15:0] some_block;

logic        in_fill, in_use;  // some_block of the layer being filled, in use, is in
logic        loaded;        // a layer was loaded
logic        marked;        // a block is followed
logic        marked_passed; // it has been used
logic        marked_early;  // it belongs to the layer that is not in use yet
logic        marked_old;    // the fill side has gone on to another layer
logic [15:0] marked_slot, marked_block;
logic [16:0] elder;         // blocks of its layer in front of it that are not freed
logic [16:0] younger;       // blocks of its layer filled after it
logic [16:0] passed;        // blocks used and not freed
logic [16:0] waits;         // blocks that are used before it
(* hierconn *) logic [15:0] \u_fill.slot_q , \u_use.slot_q ;

logic [63:0] fill_layer, fill_layer_q, use_layer, use_layer_q;

assign fill_layer = {fill_blocks_i, fill_slots_i, fill_out_y_i, fill_rows_per_group_i};
assign use_layer  = {32'd0, use_blocks_i, use_slots_i};
assign waits      = 17'(ahead_q) - younger - 17'd1;

// a = (b + c) mod n for a, b < n, c <= n
`define ASSAY_AROUND(a, b, c, n) \
  (18'(a) == 18'(b) + 18'(c) || 18'(a) + 18'(n) == 18'(b) + 18'(c))

// In the cycle of a load the state still belongs to the layer before.
logic [15:0] fill_n, fill_s, use_n, use_s;
logic        fill_r, use_r;

assign {fill_n, fill_s} = fill_load_i ? fill_layer_q[63:32] : fill_layer[63:32];
assign {use_n, use_s}   = use_load_i ? use_layer_q[31:0] : use_layer[31:0];
assign fill_r           = fill_s >= fill_n;
assign use_r            = use_s >= use_n;

initial assume (!rst_ni);
initial loaded = 1'b0;

always_ff @(posedge clk_i) begin
  fill_layer_q <= fill_layer;
  use_layer_q  <= use_layer;
  loaded       <= rst_ni && (loaded || use_load_i);
  in_fill <= !fill_load_i && (in_fill || (fill_done_i && fill_block == some_block));
  if (use_load_i) in_use <= !fill_load_i && (in_fill || (fill_done_i && fill_block == some_block));
  else if (!early_q && fill_done_i && fill_block == some_block) in_use <= 1'b1;
  if (!rst_ni || use_load_i) passed <= 17'd0;
  else passed <= passed + 17'(use_next_i) - 17'(free_i);
  if (!rst_ni) begin
    marked <= 1'b0;
  end else if (!marked) begin
    if (mark && fill_done_i) begin
      marked        <= 1'b1;
      marked_passed <= 1'b0;
      marked_early  <= early_q && !use_load_i;
      marked_old    <= 1'b0;
      elder         <= 17'(held_q) - 17'(free_i && !early_q);
      younger       <= 17'd0;
      marked_slot   <= u_fill.slot_q;
      marked_block  <= fill_block;
    end
  end else if (use_load_i && !marked_early) begin
    marked <= 1'b0;  // the layer is over
  end else begin
    if (use_load_i) marked_early <= 1'b0;
    if (fill_load_i) marked_old <= 1'b1;
    if (fill_done_i && !marked_old) younger <= younger + 17'd1;
    if (!marked_early && use_next_i && waits == 17'd0) marked_passed <= 1'b1;
    if (!marked_early && free_i) elder <= elder - 17'd1;
    if (!marked_early && !use_resident && free_i && elder == 17'd0) marked <= 1'b0;
  end
end

always_comb begin
  assume (!drop_i);
  assume (fill_blocks_i != 16'd0 && fill_slots_i != 16'd0 && fill_blocks_i < 16'd8);
  assume (use_blocks_i != 16'd0 && use_slots_i != 16'd0 && use_blocks_i < 16'd8);
  assume (fill_slots_i < 16'd8 && use_slots_i < 16'd8);
  if (!fill_load_i) assume (fill_layer == fill_layer_q);
  if (!use_load_i) assume (use_layer == use_layer_q);
  // Loads: both together, or the fill side first and alone.
  if (fill_load_i) assume (!fill_q && !early_q && (use_load_i || loaded));
  if (use_load_i) assume (early_q || fill_load_i);
  if (use_load_i) assume (fill_blocks_i == use_blocks_i && fill_slots_i == use_slots_i);
  if (use_load_i && loaded) assume (ahead_q == 16'd0 || use_r);
  if (use_load_i) assume (!use_next_i && !free_i);
  if (fill_load_i) assume (!fill_done_i);
  if (fill_done_i) assume (fill_ready_o);
  if (use_next_i) assume (use_valid_o && loaded);
  if (free_i && !use_resident) assume (passed != 17'd0);
end

always_comb begin
  if (rst_ni && !loaded) assert (!marked && !early_q && !fill_q);
  if (rst_ni && loaded) begin
    assert (fill_block < fill_n && u_fill.slot_q < fill_s);
    assert (use_block < use_n && u_use.slot_q < use_s);
    if (fill_r) assert (u_fill.slot_q == fill_block);
    if (use_r) assert (u_use.slot_q == use_block);
    if (!fill_r) assert (held_q <= fill_s);
    if (!early_q) assert (fill_n == use_n && fill_s == use_s);
    if (!use_r) begin
      assert (18'(ahead_q) + 18'(passed) <= 18'(use_s));
      if (!early_q) assert (17'(held_q) == 17'(ahead_q) + passed);
      if (!early_q) assert (`ASSAY_AROUND(u_fill.slot_q, u_use.slot_q, ahead_q, use_s));
      if (!early_q) assert (`ASSAY_AROUND(fill_block, use_block, ahead_q, use_n));
    end
    // The layer that comes has not been used.
    if (early_q && !fill_r) begin
      assert (`ASSAY_AROUND(u_fill.slot_q, 16'd0, held_q, fill_s));
      assert (`ASSAY_AROUND(fill_block, 16'd0, held_q, fill_n));
    end
    if (early_q && fill_r) assert (!fill_q || fill_block == held_q);
    if (!fill_q && fill_r) assert (fill_block == 16'd0);
    // No block is used before it is in.
    if (fill_r && some_block < fill_n) assert (in_fill == (!fill_q || fill_block > some_block));
    if (use_r && some_block < use_n) begin
      if (!early_q) assert (in_use == in_fill);
      if (early_q) assert (in_use);
      if (use_valid_o && !use_load_i && !fill_load_i && use_block == some_block) assert (in_use);
    end
    if (marked && marked_early) assert (early_q && !marked_old && !marked_passed);
    if (marked && early_q) assert (marked_early != marked_old);
    if (marked && !early_q) assert (!marked_early && !marked_old);
    // Where the followed block lies, seen from the fill side.
    if (marked && !marked_old) begin
      assert (marked_slot < fill_s && marked_block < fill_n);
      if (fill_r) begin
        assert (marked_slot == marked_block && (!fill_q || fill_block > marked_block));
      end else begin
        assert (17'(held_q) == elder + 17'd1 + younger);
        assert (elder < 17'(fill_s) && younger < 17'(fill_s));
        assert (`ASSAY_AROUND(u_fill.slot_q, marked_slot, younger + 17'd1, fill_s));
        assert (`ASSAY_AROUND(fill_block, marked_block, younger + 17'd1, fill_n));
      end
      // A slot is not filled while its block is held.
      if (fill_ready_o && !fill_load_i) assert (u_fill.slot_q != marked_slot);
    end
    // Seen from the user: it is used in its turn, where it was filled.
    if (marked && !marked_early) begin
      if (use_r) begin
        assert (marked_slot == marked_block && marked_block < use_n);
        if (use_block == marked_block && !use_load_i) assert (use_valid_o && u_use.slot_q == marked_slot);
      end else begin
        assert (younger < 17'(use_s) && elder < 17'(use_s));
        assert (marked_passed == (17'(ahead_q) <= younger));
        assert (marked_slot < use_s && marked_block < use_n);
        assert (17'(ahead_q) + passed == elder + 17'd1 + younger);
        if (!marked_passed) begin
          assert (`ASSAY_AROUND(marked_slot, u_use.slot_q, waits, use_s));
          assert (`ASSAY_AROUND(marked_block, use_block, waits, use_n));
        end
        if (waits == 17'd0 && !use_load_i) begin
          assert (use_valid_o && use_block == marked_block && u_use.slot_q == marked_slot);
        end
      end
    end
    // The ring alone holds up neither the stream nor the user.
    assert (finished_o == (early_q || !fill_q) && fill_idle_o == !fill_q);
    if (!fill_load_i && !use_load_i && !finished_o && !use_valid_o && passed == 17'd0) assert (fill_ready_o);
  end
  cover (rst_ni && loaded && !use_r && marked_passed && marked && younger == 17'd2);
  cover (rst_ni && loaded && marked && marked_passed && marked_old && !use_r);
  cover (rst_ni && loaded && marked && marked_early && !use_r && !fill_r);
end
