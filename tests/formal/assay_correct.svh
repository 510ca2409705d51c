// Proof, inside assay_correct: y is one less if and only if the vector is the first of its level and
// the level's bit of its slot is set, stalled or not.
//
// One arbitrary level of one arbitrary slot stands for all, with any bit. The memory gives anything,
// but that bit where its word is read; the writes are proved to put each bit there.

(* anyconst *) logic [SlotBits-1:0] some_slot;
(* anyconst *) logic [7:0]          some_level;
(* anyconst *) logic                some_late;

logic                full;     // a vector has entered since the start
logic [SlotBits-1:0] slot_1;
logic [7:0]          level_1;
logic                asked;    // the word of some_level is read
logic                comes;    // ... is written
logic                late_1;

initial full = 1'b0;

assign asked = {slot_i, level_i[7:6]} == {some_slot, some_level[7:6]};
assign comes = write_i && select_i && write_slot_i == some_slot && write_word_i == some_level[7:6];

always_ff @(posedge clk_i) begin
  if (enable_i) begin
    full    <= 1'b1;
    slot_1  <= slot_i;
    level_1 <= level_i;
    late_1  <= asked;
  end
end

always_comb begin
  // assay_affine: y_i is the level that was read for.
  if (full) assume (y_i == level_1);
  if (full && late_1) assume (late[some_level[5:0]] == some_late);
  if (full) assert (late_1 == (slot_1 == some_slot && level_1[7:6] == some_level[7:6]));
  if (full && slot_1 == some_slot && level_1 == some_level) begin
    assert (y_o == ((first_i && some_late) ? some_level - 8'd1 : some_level));
  end
  assert (comes == (write_i && select_i && write_addr == {some_slot, some_level[7:6]}));
  cover (full && level_1 == some_level && slot_1 == some_slot && first_i && some_late);
end
