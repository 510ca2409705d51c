// One corrected lane as assay_requant connects it: affine, then its correction.
module assay_corrected_lane (
  input  logic               clk_i,
  input  logic [2:0]         enable_i,
  input  logic signed [31:0] acc_i,
  input  logic [23:0]        multiplier_i,
  input  logic signed [55:0] addend_i,
  input  logic [5:0]         shift_i,
  input  logic signed [8:0]  out_min_i,
  input  logic signed [8:0]  out_max_i,
  input  logic [1:0]         slot_i,  // of the vector that is clamped now
  output logic [7:0]         y_o,

  input  logic               write_i,
  input  logic [1:0]         write_slot_i,
  input  logic [1:0]         write_word_i,
  input  logic [63:0]        write_data_i
);

  logic [7:0] level, y;
  logic       first;

  assay_affine u_affine (
    .clk_i, .enable_i, .acc_i, .multiplier_i, .addend_i, .shift_i, .out_min_i, .out_max_i,
    .level_o(level), .y_o(y), .first_o(first)
  );

  assay_correct #(.SlotBits(2)) u_correct (
    .clk_i, .enable_i(enable_i[2]), .slot_i, .level_i(level), .y_i(y), .first_i(first), .y_o,
    .write_i, .select_i(1'b1), .write_slot_i, .write_word_i, .write_data_i
  );

endmodule
