// Proof, inside assay_threshold: the result is a crossing of an arbitrary list, stalled or not.
//
//   (p == 0 || T[p] <= acc) && (p == 255 || acc < T[p + 1]),   y = clamp(q_low + p)
//
// In a list that does not decrease p is the number of thresholds <= acc. By induction over the
// stages: the prefix that stage l knows is a crossing of the 2^l - 1 thresholds that it has seen.
// One arbitrary threshold stands for all: T[some_k] of list some_slot, with any value. The level
// memories give anything, but that value where its address is read; the writes are proved to put
// each threshold there, when assay_levels tells the place of an arbitrary word.

(* anyconst *) logic [SlotBits-1:0] some_slot;
(* anyconst *) logic [7:0]          some_k;
(* anyconst *) logic signed [31:0]  some_t;

logic [8:0] full;  // stage l holds a search that began after the start
initial full = 9'd0;

// Writes: the half of a word that carries some_k //
(* anyseq *) logic [7:0] some_word;
logic [6:0]  word_pair;
logic [5:0]  word_upper;
logic [7:0]  word_levels;

assay_levels u_levels (
  .word_i(some_word), .pair_o(word_pair), .upper_o(word_upper), .levels_o(word_levels)
);
always_comb begin
  assume (write_pair_i == word_pair && write_upper_i == word_upper);
  assume (write_levels_i == word_levels);
  assume (some_word <= 8'd129);
end

logic [7:0]  some_index;
logic        some_comes;
logic [31:0] some_data;

assign some_index = some_k - 8'd1;
assign some_comes = write_i && select_i && write_slot_i == some_slot &&
                    some_word == 8'd2 + {1'b0, some_index[7:1]};
assign some_data  = some_index[0] ? write_data_i[63:32] : write_data_i[31:0];

for (genvar l = 0; l < 8; l++) begin : gen_proof
  localparam int Step = 1 << (7 - l);
  logic                  here;     // some_k lives in this level
  logic [SlotBits+l-1:0] place;    // and there
  logic                  asked_q;  // it was read
  logic                  hit, mine;
  logic [7:0]            prefix_l, middle;

  assign here = some_k != 8'd0 && (some_k & 8'(2 * Step - 1)) == 8'(Step);
  if (l == 0) begin : gen_root
    assign place = some_slot;
  end else begin : gen_inner
    assign place = {some_slot, some_k[7:8-l]};
  end
  assign hit = write_i && gen_level[l].select && gen_level[l].write_addr == place;

  always_ff @(posedge clk_i) begin
    if (enable_i[l]) begin
      full[l] <= (l == 0) ? 1'b1 : full[(l == 0) ? 0 : l-1];
      asked_q <= here && gen_level[l].read_addr == place;
    end
  end

  assign prefix_l = gen_level[l].prefix_q;
  assign middle   = prefix_l + 8'(Step);
  assign mine     = full[l] && gen_level[l].slot_q == some_slot;

  always_comb begin
    if (asked_q) assume (gen_level[l].threshold == some_t);
    if (here) assert (hit == some_comes);
    if (here && hit) assert (gen_level[l].write_data == some_data);
    // The prefix of stage l is a crossing at distance 2 * Step; the threshold between is read.
    if (full[l]) assert ((prefix_l & 8'(2 * Step - 1)) == 8'd0);
    if (mine) begin
      assert (asked_q == (middle == some_k));
      if (prefix_l == some_k && some_k != 8'd0) assert (some_t <= gen_level[l].acc_q);
      if (9'(prefix_l) + 9'(2 * Step) == 9'(some_k)) assert (gen_level[l].acc_q < some_t);
    end
  end
end

// The result //
logic signed [31:0]  acc_8;
logic [SlotBits-1:0] slot_8;
logic [7:0]          p_8;
logic signed [9:0]   value_8, clamped_8;
logic                signed_8;
logic signed [8:0]   out_min_8, out_max_8;

always_ff @(posedge clk_i) begin
  if (enable_i[8]) begin
    full[8]   <= full[7];
    acc_8     <= gen_level[7].acc_q;
    slot_8    <= gen_level[7].slot_q;
    p_8       <= result;
    signed_8  <= signed_i;
    out_min_8 <= out_min_i;
    out_max_8 <= out_max_i;
  end
end

assign value_8   = 10'(p_8) - (signed_8 ? 10'sd128 : 10'sd0);
assign clamped_8 = (value_8 < 10'(out_min_8)) ? 10'(out_min_8) :
                   (value_8 > 10'(out_max_8)) ? 10'(out_max_8) : value_8;

always_comb begin
  if (full[8]) begin
    if (slot_8 == some_slot && p_8 == some_k && some_k != 8'd0) assert (some_t <= acc_8);
    if (slot_8 == some_slot && 9'(p_8) + 9'd1 == 9'(some_k)) assert (acc_8 < some_t);
    assert (y_q == clamped_8[7:0]);
  end
  cover (full[8] && p_8 == 8'd77 && some_k == 8'd77 && slot_8 == some_slot);
end
