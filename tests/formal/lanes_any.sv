// Stand-ins for assay_affine, assay_correct and assay_threshold in proofs: as many stages, arithmetic
// that tells what went in. No twin.
//
// Each keeps one parameter word, at an arbitrary address, and gives anything for the others.

module assay_affine #(
  parameter int AccBits           = 32,
  parameter int MultiplierBits    = 24,
  parameter int AddendBits        = 56,
  parameter bit PackedMultipliers = 1'b0,
  parameter bit TreeMultipliers   = 1'b0
) (
  input  logic                      clk_i,
  input  logic [2:0]                enable_i,
  input  logic signed [31:0]        acc_i,
  input  logic [MultiplierBits-1:0] multiplier_i,
  input  logic [AddendBits-1:0]     addend_i,
  input  logic [5:0]                shift_i,
  input  logic signed [8:0]         out_min_i,
  input  logic signed [8:0]         out_max_i,
  output logic [7:0]                level_o,
  output logic [7:0]                y_o,
  output logic                      first_o
);

  logic [26:0] stages;  // of 9 bits: first, y

  assign level_o        = stages[16:9];
  assign {first_o, y_o} = stages[26:18];

  always_ff @(posedge clk_i) begin
    if (enable_i[0]) stages[8:0]   <= {acc_i[3], addend_i[1:0], multiplier_i[1:0], shift_i[0], acc_i[2:0]};
    if (enable_i[1]) stages[17:9]  <= stages[8:0];
    if (enable_i[2]) stages[26:18] <= stages[17:9];
  end

endmodule

module assay_correct #(
  parameter int SlotBits = 4
) (
  input  logic                clk_i,
  input  logic                enable_i,
  input  logic [SlotBits-1:0] slot_i,
  input  logic [7:0]          level_i,
  input  logic [7:0]          y_i,
  input  logic                first_i,
  output logic [7:0]          y_o,
  input  logic                write_i,
  input  logic                select_i,
  input  logic [SlotBits-1:0] write_slot_i,
  input  logic [1:0]          write_word_i,
  input  logic [63:0]         write_data_i
);

  (* anyconst *) logic [SlotBits+1:0] some;
  (* anyseq *) logic                  any;
  logic                               word, late;  // one bit stands for a word

  assign y_o = y_i - 8'(first_i && late);

  always_ff @(posedge clk_i) begin
    if (write_i && select_i && {write_slot_i, write_word_i} == some) word <= write_data_i[0];
    if (enable_i) late <= ({slot_i, level_i[7:6]} == some) ? word : any;
  end

endmodule

module assay_threshold #(
  parameter int SlotBits = 2
) (
  input  logic                clk_i,
  input  logic [8:0]          enable_i,
  input  logic signed [31:0]  acc_i,
  input  logic [SlotBits-1:0] slot_i,
  input  logic                signed_i,
  input  logic signed [8:0]   out_min_i,
  input  logic signed [8:0]   out_max_i,
  output logic [7:0]          y_o,
  input  logic                write_i,
  input  logic                select_i,
  input  logic [SlotBits-1:0] write_slot_i,
  input  logic [6:0]          write_pair_i,
  input  logic [5:0]          write_upper_i,
  input  logic [7:0]          write_levels_i,
  input  logic [63:0]         write_data_i
);

  (* anyconst *) logic [SlotBits+6:0] some;
  (* anyseq *) logic [3:0]            any;
  logic [3:0]                         word;    // four bits stand for a word
  logic [71:0]                        stages;  // of 8 bits: word, acc

  assign y_o = stages[71:64];

  always_ff @(posedge clk_i) begin
    if (write_i && select_i && write_levels_i[7] && {write_slot_i, write_pair_i} == some) word <= write_data_i[3:0];
    if (enable_i[0]) stages[7:0] <= {(slot_i == some[SlotBits+6:7]) ? word : any, acc_i[3:0]};
    for (int l = 1; l < 9; l++) if (enable_i[l]) stages[8*l+:8] <= stages[8*(l-1)+:8];
  end

endmodule
