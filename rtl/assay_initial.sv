// Initial sums of a pass: acc_init of one channel in row 0 (reduce), or of each row's channel.
// Twin: golden/array.h.
module assay_initial #(
  parameter int Channels    = 8,
  parameter int ChannelBits = 3,
  parameter int SlotBits    = 4,
  parameter int AccBits     = 32
) (
  input  logic                   clk_i,
  input  logic                   move_i,
  input  logic                   reduce_i,

  input  logic                   write_i,
  input  logic [ChannelBits-1:0] write_lane_i,
  input  logic [SlotBits-1:0]    write_slot_i,
  input  logic [31:0]            write_data_i,

  // Stage address //
  input  logic                   read_i,     // first tap of a pass
  input  logic [SlotBits-1:0]    slot_i,
  input  logic [ChannelBits-1:0] channel_i,

  // Stage operand //
  input  logic                   load_i,     // stage read holds the first tap of a pass
  output logic [32*Channels-1:0] initial_o
);

  logic [ChannelBits-1:0]      channel_q;
  logic [AccBits*Channels-1:0] read_data;
  logic [AccBits*Channels-1:0] initial_q;
  logic                        unused_data;

  assign unused_data = ^write_data_i;

  for (genvar i = 0; i < Channels; i++) begin : gen_lane
    assign initial_o[32*i+:32] = 32'($signed(initial_q[AccBits*i+:AccBits]));

    assay_ram #(.Width(AccBits), .Depth(1 << SlotBits), .AddrBits(SlotBits)) u_ram (
      .clk_i, .write_i, .select_i(write_lane_i == ChannelBits'(i)), .write_addr_i(write_slot_i),
      .write_data_i(write_data_i[AccBits-1:0]), .read_i(move_i && read_i), .read_addr_i(slot_i),
      .read_data_o(read_data[AccBits*i+:AccBits])
    );
  end

  always_ff @(posedge clk_i) begin
    if (move_i && read_i) channel_q <= channel_i;
    if (move_i && load_i) begin
      initial_q <= reduce_i ? (AccBits * Channels)'(read_data[AccBits*channel_q+:AccBits])
                            : read_data;
    end
  end

`ifdef FORMAL
  `include "assay_initial.svh"  // tests/formal
`endif

endmodule
