// Place of a record's word in the memories of a threshold lane's levels. No twin; the order is that
// of assay_threshold.sv.
//
// Word 2 + pair brings t[2*pair] for level 7 and t[2*pair + 1] = T[k] for the level above that k's
// lowest one tells; its entry are the highest bits of k.
module assay_levels (
  input  logic [7:0] word_i,   // place in the record, 0: header
  output logic [6:0] pair_o,
  output logic [5:0] upper_o,  // k / 4
  output logic [7:0] levels_o  // that take a threshold of the word
);

  logic [6:0] half;    // k / 2
  logic [6:0] lowest;  // one of it

  assign pair_o   = 7'(word_i - 8'd2);
  assign half     = 7'(word_i - 8'd1);
  assign upper_o  = half[6:1];
  assign lowest   = half & -half;
  assign levels_o = (word_i < 8'd2) ? 8'd0 : {1'b1, lowest[0], lowest[1], lowest[2], lowest[3],
                                              lowest[4], lowest[5], lowest[6]};

endmodule
