// Proof, inside assay_requant: a vector that enters leaves once, in order, each lane's result made
// from that lane's sum and the parameters of the vector's slot; it stays while it is not taken;
// ready_o does not depend on valid_i, and nothing stays behind.
//
// One arbitrary vector, lane and slot stand for all. Lanes are stand-ins that tell what went in
// (lanes_any.sv); of each parameter memory one arbitrary word is kept. Two lanes.
//
// Assumed: the kind of the layer stays while it runs; parameters of a slot are not written while a
// vector uses them (assay_ring.svh), and are written before; a record has words 0..129.

(* anyseq *) logic                    mark;
(* anyconst *) logic                  some_lane;
(* anyconst *) logic [SlotBits-1:0]   some_slot;
(* anyconst *) logic [1:0]            some_late;  // word of a correction
(* anyconst *) logic [6:0]            some_pair;  // word of a list

// What the stand-ins keep.
(* hierconn *) logic [AffineBits-1:0]    \gen_affine.gen_lane[0].u_addend.some ;
(* hierconn *) logic [AffineBits-1:0]    \gen_affine.gen_lane[1].u_addend.some ;
(* hierconn *) logic [AffineBits-1:0]    \gen_affine.gen_lane[0].u_multiplier.some ;
(* hierconn *) logic [AffineBits-1:0]    \gen_affine.gen_lane[1].u_multiplier.some ;
(* hierconn *) logic [AffineBits+1:0]    \gen_affine.gen_lane[0].gen_correct.u_correct.some ;
(* hierconn *) logic [AffineBits+1:0]    \gen_affine.gen_lane[1].gen_correct.u_correct.some ;
(* hierconn *) logic [ThresholdBits+6:0] \gen_threshold.gen_lane[0].u_threshold.some ;
(* hierconn *) logic [ThresholdBits+6:0] \gen_threshold.gen_lane[1].u_threshold.some ;
(* hierconn *) logic [AddendBits-1:0]    \gen_affine.gen_lane[0].u_addend.word ;
(* hierconn *) logic [AddendBits-1:0]    \gen_affine.gen_lane[1].u_addend.word ;
(* hierconn *) logic [MultiplierBits+5:0] \gen_affine.gen_lane[0].u_multiplier.word ;
(* hierconn *) logic [MultiplierBits+5:0] \gen_affine.gen_lane[1].u_multiplier.word ;
(* hierconn *) logic                     \gen_affine.gen_lane[0].gen_correct.u_correct.word ;
(* hierconn *) logic                     \gen_affine.gen_lane[1].gen_correct.u_correct.word ;
(* hierconn *) logic                     \gen_affine.gen_lane[0].gen_correct.u_correct.late ;
(* hierconn *) logic                     \gen_affine.gen_lane[1].gen_correct.u_correct.late ;
(* hierconn *) logic [3:0]               \gen_threshold.gen_lane[0].u_threshold.word ;
(* hierconn *) logic [3:0]               \gen_threshold.gen_lane[1].u_threshold.word ;
(* hierconn *) logic [26:0]              \gen_affine.gen_lane[0].u_affine.stages ;
(* hierconn *) logic [26:0]              \gen_affine.gen_lane[1].u_affine.stages ;
(* hierconn *) logic [71:0]              \gen_threshold.gen_lane[0].u_threshold.stages ;
(* hierconn *) logic [71:0]              \gen_threshold.gen_lane[1].u_threshold.stages ;

logic [AddendBits-1:0]     addend_word, addend_read;
logic [MultiplierBits+5:0] multiplier_word, multiplier_read;
logic                      correct_word, correct_late;
logic [3:0]                threshold_word;
logic [26:0]               affine_stages;
logic [71:0]               threshold_stages;
logic [31:0]               acc_read;

assign addend_word      = some_lane ? \gen_affine.gen_lane[1].u_addend.word
                                    : \gen_affine.gen_lane[0].u_addend.word ;
assign addend_read      = some_lane ? gen_affine.gen_lane[1].addend : gen_affine.gen_lane[0].addend;
assign multiplier_word  = some_lane ? \gen_affine.gen_lane[1].u_multiplier.word
                                    : \gen_affine.gen_lane[0].u_multiplier.word ;
assign multiplier_read  = some_lane
                          ? {gen_affine.gen_lane[1].shift, gen_affine.gen_lane[1].multiplier}
                          : {gen_affine.gen_lane[0].shift, gen_affine.gen_lane[0].multiplier};
assign correct_word     = some_lane ? \gen_affine.gen_lane[1].gen_correct.u_correct.word
                                    : \gen_affine.gen_lane[0].gen_correct.u_correct.word ;
assign correct_late     = some_lane ? \gen_affine.gen_lane[1].gen_correct.u_correct.late
                                    : \gen_affine.gen_lane[0].gen_correct.u_correct.late ;
assign threshold_word   = some_lane ? \gen_threshold.gen_lane[1].u_threshold.word
                                    : \gen_threshold.gen_lane[0].u_threshold.word ;
assign affine_stages    = some_lane ? \gen_affine.gen_lane[1].u_affine.stages
                                    : \gen_affine.gen_lane[0].u_affine.stages ;
assign threshold_stages = some_lane ? \gen_threshold.gen_lane[1].u_threshold.stages
                                    : \gen_threshold.gen_lane[0].u_threshold.stages ;
assign acc_read         = gen_affine.acc_q[32*some_lane+:32];

// Parameters of the slot and lane, as they were written //
logic       wrote, enters, leaves, running;
logic       here, here_q;      // a word for the lane and slot; a cycle later
logic [7:0] word_w, half_w;  // half of k of the word's second threshold
logic [63:0] data_w;
logic       has_addend, has_multiplier, has_late, has_pair;
logic [1:0] addend, multiplier;
logic       shift, late;
logic [3:0] pair;

assign half_w  = word_w - 8'd1;
assign here    = write_i && write_lane_i == ChannelBits'(some_lane) && write_slot_i == some_slot;
assign enters  = valid_i && ready_o;
assign leaves  = valid_o && ready_i;
assign running = rst_ni && run_i;

// The vector that is followed //
logic        marked;
logic [3:0]  ahead, inside;  // vectors in front of it, in all
logic [8:0]  at;             // the stage that holds it
logic [3:0]  acc;            // what its lane got
logic        run_q, stalled_q, kind_q, corrected_q, ready_q;
logic [8*Channels-1:0] y_q;
logic [7:0]  affine_y_1, expected;

initial assume (!rst_ni);
initial {here_q, run_q, stalled_q, marked} = '0;
initial {has_addend, has_multiplier, has_late, has_pair} = '0;

always_ff @(posedge clk_i) begin
  here_q    <= rst_ni && here;
  word_w    <= write_word_i;
  data_w    <= write_data_i;
  run_q     <= running;
  stalled_q <= running && valid_o && !ready_i;
  y_q       <= y_o;
  {kind_q, corrected_q} <= {threshold_i, corrected_i};
  if (!running) begin
    {has_addend, has_multiplier, has_late, has_pair} <= '0;
    {marked, inside} <= '0;
  end else begin
    if (here_q && !threshold_i && word_w == 8'd2) {has_addend, addend} <= {1'b1, data_w[1:0]};
    if (here_q && !threshold_i && word_w == 8'd3) begin
      {has_multiplier, multiplier, shift} <= {1'b1, data_w[1:0], data_w[32]};
    end
    if (here_q && !threshold_i && word_w == 8'd4 + 8'(some_late)) {has_late, late} <= {1'b1, data_w[0]};
    if (here_q && threshold_i && word_w == 8'd2 + 8'(some_pair)) {has_pair, pair} <= {1'b1, data_w[3:0]};
    inside <= inside + 4'(enters) - 4'(leaves);
    if (!marked && mark && enters && slot_i == some_slot) begin
      marked <= 1'b1;
      ahead  <= inside - 4'(leaves);
      acc    <= acc_i[32*some_lane+:4];
      at     <= 9'd1;
    end else if (marked) begin
      if (leaves && ahead == 4'd0) marked <= 1'b0;
      if (leaves) ahead <= ahead - 4'd1;
      if (ready_o) at <= at << 1;
    end
  end
end

// What its lane must give //
assign affine_y_1 = {addend, multiplier, shift, acc[2:0]};
assign expected   = threshold_i ? {pair, acc}
                                : affine_y_1 - 8'(corrected_i && acc[3] && late);

logic [8:0] valid;
logic [8:0] older;    // stages in front of the vector's
logic [3:0] number, number_older;
assign valid = threshold_i ? gen_threshold.valid_q : {5'd0, gen_affine.valid_q};
assign older = valid & ~(at | (at - 9'd1));
always_comb begin
  number       = 4'd0;
  number_older = 4'd0;
  for (int s = 0; s < 9; s++) number = number + 4'(valid[s]);
  for (int s = 0; s < 9; s++) number_older = number_older + 4'(older[s]);
end

always_comb begin
  assume (\gen_affine.gen_lane[0].u_addend.some == some_slot[AffineBits-1:0]);
  assume (\gen_affine.gen_lane[1].u_addend.some == some_slot[AffineBits-1:0]);
  assume (\gen_affine.gen_lane[0].u_multiplier.some == some_slot[AffineBits-1:0]);
  assume (\gen_affine.gen_lane[1].u_multiplier.some == some_slot[AffineBits-1:0]);
  assume (\gen_affine.gen_lane[0].gen_correct.u_correct.some == {some_slot[AffineBits-1:0], some_late});
  assume (\gen_affine.gen_lane[1].gen_correct.u_correct.some == {some_slot[AffineBits-1:0], some_late});
  assume (\gen_threshold.gen_lane[0].u_threshold.some == {some_slot[ThresholdBits-1:0], some_pair});
  assume (\gen_threshold.gen_lane[1].u_threshold.some == {some_slot[ThresholdBits-1:0], some_pair});
  if (run_q) assume ({kind_q, corrected_q} == {threshold_i, corrected_i});
  assume (!(threshold_i && corrected_i));
  assume (write_word_i <= 8'd129);
  if (marked || (mark && enters && slot_i == some_slot)) assume (!here && !here_q);
  // The vector has the parameters that are followed.
  if (mark && enters && slot_i == some_slot) begin
    assume (threshold_i ? has_pair : has_addend && has_multiplier && (!corrected_i || has_late));
    if (corrected_i) assume (addend == some_late);
  end
end

always_comb begin
  if (running) begin
    // Writes.
    assert (here_q == (write_q && write_lane_q == ChannelBits'(some_lane) && write_slot_q == some_slot));
    if (here_q) assert (write_word_q == word_w && write_data_q == data_w && word_w <= 8'd129);
    if (here_q) begin
      assert (gen_threshold.pair_q == half_w[6:0] - 7'd1 && gen_threshold.upper_q == half_w[6:1]);
      assert (gen_threshold.levels_q[7] == (word_w >= 8'd2));
      for (int l = 0; l < 7; l++) begin
        assert (gen_threshold.levels_q[l] == (word_w >= 8'd2 &&
                                              (half_w & 8'((2 << (6 - l)) - 1)) == 8'(1 << (6 - l))));
      end
    end
    if (has_addend) assert (addend_word[1:0] == addend);
    if (has_multiplier) assert (multiplier_word[1:0] == multiplier && multiplier_word[MultiplierBits] == shift);
    if (has_late) assert (correct_word == late);
    if (has_pair) assert (threshold_word == pair);
    // Nothing lost or doubled.
    assert (inside == number && (threshold_i ? gen_affine.valid_q == 4'd0 : gen_threshold.valid_q == 9'd0));
    if (leaves) assert (inside != 4'd0);
    assert (ready_o == (!valid_o || ready_i));
    // In order.
    if (marked) begin
      assert (at != 9'd0 && (at & (at - 9'd1)) == 9'd0 && (at & valid) == at);
      assert (ahead == number_older);
      if (valid_o && ahead == 4'd0) assert (at == (threshold_i ? 9'h100 : 9'h8) || !valid_o);
      if (valid_o && ahead == 4'd0) assert (y_o[8*some_lane+:8] == expected);
      if (threshold_i) begin
        for (int s = 0; s < 9; s++) if (at[s]) assert (threshold_stages[8*s+:8] == {pair, acc} && has_pair);
      end else begin
        assert (has_addend && has_multiplier);
        if (corrected_i) assert (has_late && addend == some_late);
        if (at[0]) assert (acc_read[3:0] == acc && addend_read[1:0] == addend);
        if (at[0]) assert (multiplier_read[1:0] == multiplier && multiplier_read[MultiplierBits] == shift);
        for (int s = 0; s < 3; s++) begin
          if (at[s]) assert (gen_affine.slot_q[s] == some_slot[AffineBits-1:0]);
          if (at[s+1]) assert (affine_stages[9*s+:9] == {acc[3], affine_y_1});
        end
        if (at[3] && corrected_i) assert (correct_late == late);
      end
    end
    if (stalled_q) assert (valid_o && y_o == y_q);
  end
  cover (running && marked && stalled_q && ahead == 4'd0 && corrected_i && inside == 4'd4);
  cover (running && marked && leaves && ahead == 4'd0 && threshold_i && inside == 4'd3);
end
