// Proof, inside assay_weights: every word that is taken is written once, in order, at its block's
// first address plus its place in the block, inside the memory and its layer's range; words of the
// next layer never touch the running one's range. Word k of a block is what is read there until the
// block is freed; int4: its half. Nothing that is read changes while move_i is low.
//
// One arbitrary word of one arbitrary block stands for all. Blocks fill any slot (ring_any.sv). Sizes
// are compared as numbers that have bits to spare. The test has 16 words and 2 channels.
//
// Assumed: what assay_setup.svh shows of a layer's range; the next layer stays until it is applied,
// the running one until the next is; it is applied when nothing of the one before is missing or
// held; no slot is filled while its block is held (assay_ring.svh).

localparam int Wide = 2 * WeightBits + 4;

(* anyseq *) logic                  mark, free_mark;
(* anyconst *) logic [WeightBits:0] some_word;    // place in the block
(* hierconn *) logic [WeightBits-1:0] \u_ring.slot ;
(* hierconn *) logic                  \u_ring.filling ;
(* hierconn *) logic                  \u_ram.write_i ;
(* hierconn *) logic [WeightBits-1:0] \u_ram.write_addr_i ;
(* hierconn *) logic [8*Channels-1:0] \u_ram.write_data_i ;
(* hierconn *) logic [WeightBits-1:0] \u_ram.some ;
(* hierconn *) logic [8*Channels-1:0] \u_ram.word ;
(* hierconn *) logic [8*Channels-1:0] \u_ram.read_data_o ;

// The layer that is filled //
logic                  accepted, early;       // early: it is not the running one yet
logic                  loaded;                // there is one
logic [WeightBits:0]   place, full, short;    // words taken of the block; words of a block
logic [WeightBits-1:0] origin, slots;
logic [Wide-1:0]       address, range_begin, range_end, filled_end, next_room, placed;
logic                  ends;

assign accepted    = s_axis_tvalid && s_axis_tready;
assign ends        = accepted && place + 1'b1 == (fill_last ? short : full);
assign address     = Wide'(origin) + Wide'(\u_ring.slot ) * Wide'(full) + Wide'(place);
assign filled_end  = Wide'(origin) + Wide'(slots) * Wide'(full);
assign range_begin = Wide'(begin_i);
assign range_end   = Wide'(end_i);
assign next_room   = Wide'(next_begin_i) + Wide'(next_slots_i[WeightBits-1:0]) * Wide'(next_words_full_i);

// The word that is followed //
logic                  marked, whole, mine;   // its block: begun, all in, of the running layer
logic                  kept;                  // the word is in
logic [WeightBits-1:0] slot;
logic [8*Channels-1:0] data;
logic                  read_hit, out_hit, read_half, out_half;
logic [8*Channels-1:0] expected;
logic                  reset_q, apply_q, stall_q;
logic [8*Channels-1:0] weight_was_q;
logic [127:0]          next_layer, next_layer_q, after_apply_q;
logic [127:0]          running_layer, running_layer_q;
logic                  next_q;

assign next_layer    = 128'({next_words_full_i, next_words_last_i, next_slots_i, next_begin_i, next_end_i});
assign running_layer = 128'({begin_i, end_i, int4_i});

initial assume (!rst_ni);
initial {marked, early, loaded, out_hit, read_hit, stall_q, apply_q, next_q} = '0;
initial reset_q = 1'b1;

always_ff @(posedge clk_i) begin
  reset_q         <= !rst_ni;
  apply_q         <= rst_ni && apply_i;
  next_q          <= rst_ni && next_valid_i && !apply_i;
  next_layer_q    <= next_layer;
  running_layer_q <= running_layer;
  after_apply_q   <= 128'({next_begin_i, next_end_i});
  stall_q         <= rst_ni && !move_i;
  weight_was_q    <= weight_o;
  if (!rst_ni) begin
    {marked, early, loaded, place, read_hit, out_hit} <= '0;
  end else begin
    loaded <= (loaded || start) && !drop_i;
    early <= !drop_i && !apply_i && (early || start);
    if (start) {full, short, origin, slots} <= {next_words_full_i, next_words_last_i, next_begin_i,
                                                next_slots_i[WeightBits-1:0]};
    place <= (start_q || drop_i || ends) ? '0 : place + (WeightBits+1)'(accepted);
    // A block of which some_word lies at the word of the memory that is kept.
    if (drop_i) begin
      marked <= 1'b0;
    end else if (!marked) begin
      if (mark && accepted && place == '0 && placed == Wide'(\u_ram.some )) begin
        marked <= 1'b1;
        kept   <= some_word == '0;
        whole  <= ends;
        mine   <= !early || apply_i;
        slot   <= \u_ring.slot ;
        data   <= s_axis_tdata;
      end
    end else begin
      mine  <= mine || apply_i;
      whole <= whole || ends;
      if (!whole && accepted && place == some_word) {kept, data} <= {1'b1, s_axis_tdata};
      if (whole && free_mark) marked <= 1'b0;
    end
    if (apply_i) begin
      {read_hit, out_hit} <= 2'b00;
    end else if (move_i && read_i) begin
      read_hit  <= marked && whole && !free_mark && !drop_i && read_addr_i[WeightBits:1] == \u_ram.some ;
      read_half <= read_addr_i[0];
      expected  <= data;
    end
    if (move_i && load_weight_i && !apply_i) begin
      out_hit  <= read_hit;
      out_half <= read_half;
    end
  end
end

assign placed = Wide'(origin) + Wide'((marked && whole) ? slot : \u_ring.slot ) * Wide'(full) +
                Wide'(some_word);

logic [8*Channels-1:0] out_expected, read_expected;
always_ff @(posedge clk_i) if (move_i && load_weight_i) out_expected <= read_expected;
for (genvar i = 0; i < Channels; i++) begin : gen_proof
  assign read_expected[8*i+:8] = !(int4_i && WithInt4) ? expected[8*i+:8] :
    read_half ? {{4{expected[8*i+7]}}, expected[8*i+4+:4]} : {{4{expected[8*i+3]}}, expected[8*i+:4]};
end

always_comb begin
  // The next layer and the running one.
  if (next_valid_i) begin
    assume (next_words_last_i != '0 && next_words_last_i <= next_words_full_i);
    assume (next_slots_i != 16'd0 && next_slots_i < 16'(1 << WeightBits));
    assume (next_room == Wide'(next_end_i) && next_room <= Wide'(WeightDepth));
  end
  if (next_q && next_valid_i) assume (next_layer == next_layer_q);
  if (early) assume (next_valid_i);
  if (apply_i) assume (next_valid_i && !apply_q && !drop_i);
  if (apply_q) assume (running_layer[127:1] == after_apply_q[126:0]);
  if (apply_q) assume (!next_valid_i);
  if (!reset_q && !apply_q) assume (running_layer == running_layer_q);
  assume (range_begin <= range_end && range_end <= Wide'(WeightDepth));
  // A layer is applied when the one before is all in and used.
  if (apply_i && !early) assume (!\u_ring.filling && !marked && !start_q);
  if (apply_i && early) assume (!marked || !mine);
  // The ring.
  if (\u_ring.filling ) assume (\u_ring.slot < slots);
  if (marked && whole && \u_ring.filling && mine == !early) assume (\u_ring.slot != slot || !s_axis_tready);
  // The block is the one of the word.
  if (mark && accepted && place == '0 && !marked) assume (some_word < (fill_last ? short : full));
end

always_comb begin
  if (rst_ni) begin
    // The layer that is filled.
    assert (taken_q == early);
    if (early || start_q || \u_ring.filling || marked) assert (loaded);
    if (loaded) begin
      assert (words_full_q == full && words_last_q == short && begin_q == origin);
      assert (slots_q == 16'(slots) && short != '0 && short <= full && filled_end <= Wide'(WeightDepth));
      if (early) begin
        assert (full == next_words_full_i && short == next_words_last_i && 16'(slots) == next_slots_i);
        assert (origin == next_begin_i);
        assert (filled_end <= range_begin || range_end <= Wide'(origin));
      end else begin
        assert (origin == begin_i && filled_end == range_end);
      end
    end
    if (start_q) assert (!\u_ring.filling );
    // Every word once, in order, in its place.
    assert (\u_ram.write_i == accepted);
    assert (word_q == place);
    if (\u_ring.filling ) assert (place < (fill_last ? short : full));
    if (accepted) begin
      assert (Wide'(\u_ram.write_addr_i ) == address && address < filled_end);
      assert (\u_ram.write_data_i == s_axis_tdata);
      if (early) assert (address < range_begin || address >= range_end);
    end
    // What is followed.
    if (marked) begin
      if (!whole) begin
        assert (\u_ring.filling && \u_ring.slot == slot && mine == !early);
        assert (kept == (place > some_word) && place != '0);
        assert (some_word < (fill_last ? short : full));
        assert (placed == Wide'(\u_ram.some ));
      end else begin
        assert (kept);
        if (mine == !early) assert (placed == Wide'(\u_ram.some ) && slot < slots && some_word < full);
        if (mine) assert (Wide'(\u_ram.some ) >= range_begin && Wide'(\u_ram.some ) < range_end);
      end
      if (!mine) assert (early);
      if (kept) assert (\u_ram.word == data);
    end
    if (read_hit) assert (\u_ram.read_data_o == expected && half_q == read_half);
    if (out_hit) assert (weight_o == out_expected);
    if (stall_q) assert (weight_o == weight_was_q);
  end
  cover (rst_ni && out_hit && int4_i && out_half && early);
end
