// Names the fields of a layer's description (registers MODE .. WEIGHT_BASE, 32 bits each, MODE
// lowest). No twin.
module assay_fields #(
  parameter int SizeBits = 16,
  parameter int StepBits = 8
) (
  input  logic [383:0]        describe_i,
  output logic [1:0]          mode_o,
  output logic                in_signed_o,
  output logic                out_signed_o,
  output logic                threshold_o,
  output logic                corrected_o,
  output logic                int4_o,
  output logic                wide_o,  // a field had a value that it cannot hold
  output logic [SizeBits-1:0] in_x_o,
  output logic [SizeBits-1:0] in_y_o,
  output logic [SizeBits-1:0] out_x_o,
  output logic [SizeBits-1:0] out_y_o,
  output logic [SizeBits-1:0] in_blocks_o,
  output logic [SizeBits-1:0] out_c_o,
  output logic [StepBits-1:0] kernel_x_o,
  output logic [StepBits-1:0] kernel_y_o,
  output logic [SizeBits-1:0] count_o,
  output logic [StepBits-1:0] stride_x_o,
  output logic [StepBits-1:0] stride_y_o,
  output logic [StepBits-1:0] dilation_x_o,
  output logic [StepBits-1:0] dilation_y_o,
  output logic [StepBits-1:0] pad_left_o,
  output logic [StepBits-1:0] pad_top_o,
  output logic [7:0]          x_zp_o,
  output logic [8:0]          out_min_o,
  output logic [8:0]          out_max_o,
  output logic [SizeBits-1:0] rows_per_group_o,
  output logic [SizeBits-1:0] ring_rows_o,
  output logic [SizeBits-1:0] pitch_o,
  output logic [SizeBits-1:0] weight_slots_o,
  output logic [SizeBits-1:0] param_slots_o,
  output logic [19:0]         weight_base_o
);

  logic unused_bits;

  assign mode_o           = describe_i[1:0];  // MODE
  assign in_signed_o      = describe_i[4];
  assign out_signed_o     = describe_i[5];
  assign threshold_o      = describe_i[8];
  assign corrected_o      = describe_i[9];
  assign int4_o           = describe_i[10];
  assign wide_o           = describe_i[31];
  assign in_x_o           = describe_i[32*1+:SizeBits];
  assign in_y_o           = describe_i[32*1+16+:SizeBits];
  assign out_x_o          = describe_i[32*2+:SizeBits];
  assign out_y_o          = describe_i[32*2+16+:SizeBits];
  assign in_blocks_o      = describe_i[32*3+:SizeBits];
  assign out_c_o          = describe_i[32*3+16+:SizeBits];
  assign kernel_x_o       = describe_i[32*4+:StepBits];
  assign kernel_y_o       = describe_i[32*4+8+:StepBits];
  assign count_o          = describe_i[32*4+16+:SizeBits];
  assign stride_x_o       = describe_i[32*5+:StepBits];
  assign stride_y_o       = describe_i[32*5+8+:StepBits];
  assign dilation_x_o     = describe_i[32*5+16+:StepBits];
  assign dilation_y_o     = describe_i[32*5+24+:StepBits];
  assign pad_left_o       = describe_i[32*6+:StepBits];
  assign pad_top_o        = describe_i[32*6+8+:StepBits];
  assign x_zp_o           = describe_i[32*6+16+:8];
  assign out_min_o        = describe_i[32*7+:9];
  assign out_max_o        = describe_i[32*7+16+:9];
  assign rows_per_group_o = describe_i[32*8+:SizeBits];
  assign ring_rows_o      = describe_i[32*8+16+:SizeBits];
  assign pitch_o          = describe_i[32*9+:SizeBits];
  assign weight_slots_o   = describe_i[32*10+:SizeBits];
  assign param_slots_o    = describe_i[32*10+16+:SizeBits];
  assign weight_base_o    = describe_i[32*11+:20];

  assign unused_bits = ^describe_i;

endmodule
