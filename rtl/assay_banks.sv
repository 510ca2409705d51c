// Activation banks: one word per pixel lane and cycle, by two rotations and no conflict. Twin:
// golden/banks.h.
//
// Neighbouring pixels lie at consecutive positions, hence in different banks (position mod Pixels);
// the bank of pixel j is (bank of pixel 0 + j) mod Pixels. Pixels outside the image take the zero
// point, whatever was read for them. In spread every row takes the same channel.
module assay_banks #(
  parameter int Pixels      = 8,
  parameter int PixelBits   = 3,
  parameter int Channels    = 8,
  parameter int ChannelBits = 3,
  parameter int BankDepth   = 1024,
  parameter int WordBits    = 10,
  parameter int PosBits     = 13
) (
  input  logic                         clk_i,
  input  logic                         move_i,
  input  logic                         spread_i,
  input  logic [7:0]                   x_zp_i,

  input  logic                         write_i,
  input  logic [PosBits-1:0]           write_position_i,
  input  logic [8*Channels-1:0]        write_data_i,

  // Stage address //
  input  logic                         valid_i,
  input  logic [Pixels*PosBits-1:0]    pixel_i,
  input  logic [Pixels-1:0]            inside_i,
  input  logic [PosBits-1:0]           base_i,
  input  logic [ChannelBits-1:0]       lane_i,

  // Stage operand //
  input  logic                         load_i,    // stage read holds a tap
  output logic [8*Pixels*Channels-1:0] operand_o  // pixel, then row of the array
);

  // Position to bank and word //
  logic [PixelBits-1:0]       rotation;
  logic [Pixels*WordBits-1:0] words;
  logic [Pixels*WordBits-1:0] bank_words;

  assign rotation = pixel_i[PixelBits-1:0] + base_i[PixelBits-1:0];

  for (genvar j = 0; j < Pixels; j++) begin : gen_word
    logic [PosBits-1:0] position;
    logic               unused_position;
    assign position                        = pixel_i[PosBits*j+:PosBits] + base_i;
    assign words[WordBits*j+:WordBits]     = position[PosBits-1:PixelBits];
    assign unused_position                 = ^position[PixelBits-1:0];
  end

  assay_rotate #(.Width(WordBits), .Lanes(Pixels), .LaneBits(PixelBits)) u_rotate_words (
    .amount_i(-rotation), .lanes_i(words), .lanes_o(bank_words)
  );

  // Stage read //
  logic [PixelBits-1:0]         rotation_q;
  logic [Pixels-1:0]            inside_q;
  logic [ChannelBits-1:0]       lane_q;
  logic [8*Pixels*Channels-1:0] bank_data;
  logic [8*Pixels*Channels-1:0] pixel_data;

  for (genvar b = 0; b < Pixels; b++) begin : gen_bank
    assay_ram #(.Width(8 * Channels), .Depth(BankDepth), .AddrBits(WordBits)) u_ram (
      .clk_i,
      .write_i,
      .select_i(write_position_i[PixelBits-1:0] == PixelBits'(b)),
      .write_addr_i(write_position_i[PosBits-1:PixelBits]),
      .write_data_i(write_data_i),
      .read_i(move_i && valid_i),
      .read_addr_i(bank_words[WordBits*b+:WordBits]),
      .read_data_o(bank_data[8*Channels*b+:8*Channels])
    );
  end

  always_ff @(posedge clk_i) begin
    if (move_i && valid_i) begin
      rotation_q <= rotation;
      inside_q   <= inside_i;
      lane_q     <= lane_i;
    end
  end

  assay_rotate #(.Width(8 * Channels), .Lanes(Pixels), .LaneBits(PixelBits)) u_rotate_data (
    .amount_i(rotation_q), .lanes_i(bank_data), .lanes_o(pixel_data)
  );

  // Stage operand //
  for (genvar j = 0; j < Pixels; j++) begin : gen_operand
    logic [8*Channels-1:0] word;
    logic [7:0]            channel;
    logic [8*Channels-1:0] rows;
    logic [8*Channels-1:0] operand_q;

    assign word    = pixel_data[8*Channels*j+:8*Channels];
    assign channel = 8'(word >> {lane_q, 3'd0});
    assign rows    = !inside_q[j] ? {Channels{x_zp_i}} : spread_i ? {Channels{channel}} : word;
    always_comb operand_o[8*Channels*j+:8*Channels] = operand_q;

    always_ff @(posedge clk_i) begin
      if (move_i && load_i) operand_q <= rows;
    end
  end

`ifdef FORMAL
  `include "assay_banks.svh"  // tests/formal
`endif

endmodule
