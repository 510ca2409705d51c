// Names the fields of a layer's description (registers MODE .. WEIGHT_BASE, 32 bits each, MODE
// lowest). No twin.
module assay_fields (
  input  logic [383:0] describe_i,
  output logic [1:0]   mode_o,
  output logic         in_signed_o,
  output logic         out_signed_o,
  output logic         threshold_o,
  output logic         corrected_o,
  output logic         int4_o,
  output logic [15:0]  in_x_o,
  output logic [15:0]  in_y_o,
  output logic [15:0]  out_x_o,
  output logic [15:0]  out_y_o,
  output logic [15:0]  in_blocks_o,
  output logic [15:0]  out_c_o,
  output logic [7:0]   kernel_x_o,
  output logic [7:0]   kernel_y_o,
  output logic [15:0]  count_o,
  output logic [7:0]   stride_x_o,
  output logic [7:0]   stride_y_o,
  output logic [7:0]   dilation_x_o,
  output logic [7:0]   dilation_y_o,
  output logic [7:0]   pad_left_o,
  output logic [7:0]   pad_top_o,
  output logic [7:0]   x_zp_o,
  output logic [8:0]   out_min_o,
  output logic [8:0]   out_max_o,
  output logic [15:0]  rows_per_group_o,
  output logic [15:0]  ring_rows_o,
  output logic [15:0]  pitch_o,
  output logic [15:0]  weight_slots_o,
  output logic [15:0]  param_slots_o,
  output logic [19:0]  weight_base_o
);

  logic [31:0] register[12];
  logic        unused_bits;

  for (genvar i = 0; i < 12; i++) begin : gen_register
    assign register[i] = describe_i[32*i+:32];
  end

  assign mode_o       = register[0][1:0];
  assign in_signed_o  = register[0][4];
  assign out_signed_o = register[0][5];
  assign threshold_o  = register[0][8];
  assign corrected_o  = register[0][9];
  assign int4_o       = register[0][10];

  assign {in_y_o, in_x_o}                                       = register[1];
  assign {out_y_o, out_x_o}                                     = register[2];
  assign {out_c_o, in_blocks_o}                                 = register[3];
  assign {count_o, kernel_y_o, kernel_x_o}                      = register[4];
  assign {dilation_y_o, dilation_x_o, stride_y_o, stride_x_o}   = register[5];
  assign {x_zp_o, pad_top_o, pad_left_o}                        = register[6][23:0];
  assign out_min_o                                              = register[7][8:0];
  assign out_max_o                                              = register[7][24:16];
  assign {ring_rows_o, rows_per_group_o}                        = register[8];
  assign pitch_o                                                = register[9][15:0];
  assign {param_slots_o, weight_slots_o}                        = register[10];
  assign weight_base_o                                          = register[11][19:0];

  assign unused_bits = ^{register[0][31:11], register[0][7:6], register[0][3:2],
                         register[6][31:24], register[7][31:25], register[7][15:9],
                         register[9][31:16], register[11][31:20]};

endmodule
