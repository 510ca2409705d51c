// Position of the first input block of every channel, by additions while records arrive. No twin.
//
// One cycle for each input block between a channel's first and the one before it; from 0 again
// where a channel begins before the one in front of it.
module assay_first #(
  parameter int Channels    = 8,
  parameter int ChannelBits = 3,
  parameter int SlotBits    = 4,
  parameter int PosBits     = 13,
  parameter int SizeBits    = 16
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   run_i,
  input  logic                   spread_i,
  input  logic [PosBits-1:0]     block_stride_i,

  input  logic                   take_i,  // `first` of a channel; not while busy_o
  input  logic [SizeBits-1:0]    first_i,
  input  logic [ChannelBits-1:0] channel_i,
  input  logic [SlotBits-1:0]    slot_i,
  input  logic                   restart_i,  // the next channel is the layer's first
  output logic                   busy_o,     // the position is not in the memory yet

  input  logic                   read_i,
  input  logic [ChannelBits-1:0] read_channel_i,
  input  logic [SlotBits-1:0]    read_slot_i,
  output logic [PosBits-1:0]     position_o,  // first input block * block_stride
  output logic [ChannelBits-1:0] lane_o       // first input channel inside it (spread)
);

  logic                   busy_q;
  logic [SizeBits-1:0]    block_q, target_q;
  logic [PosBits-1:0]     position_q;  // block_q * block_stride
  logic [ChannelBits-1:0] lane_q, channel_q;
  logic [SlotBits-1:0]    slot_q;
  logic                   arrived;

  assign busy_o  = busy_q;
  assign arrived = block_q == target_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q     <= 1'b0;
      block_q    <= '0;
      position_q <= '0;
    end else if (run_i && !restart_i) begin
      if (busy_q) begin
        if (block_q < target_q) begin
          block_q    <= block_q + SizeBits'(1);
          position_q <= position_q + block_stride_i;
        end else if (!arrived) begin
          block_q    <= '0;
          position_q <= '0;
        end
      end
      busy_q <= take_i || (busy_q && !arrived);
    end else begin
      busy_q     <= 1'b0;
      block_q    <= '0;
      position_q <= '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take_i) begin
      target_q  <= spread_i ? first_i >> ChannelBits : first_i;
      lane_q    <= spread_i ? first_i[ChannelBits-1:0] : '0;
      channel_q <= channel_i;
      slot_q    <= slot_i;
    end
  end

  assay_ram #(
    .Width(PosBits + ChannelBits), .Depth(Channels << SlotBits), .AddrBits(SlotBits + ChannelBits)
  ) u_ram (
    .clk_i, .write_i(busy_q && arrived), .select_i(1'b1),
    .write_addr_i({slot_q, channel_q}),
    .write_data_i({position_q, lane_q}), .read_i, .read_addr_i({read_slot_i, read_channel_i}),
    .read_data_o({position_o, lane_o})
  );

`ifdef FORMAL
  `include "assay_first.svh"  // tests/formal
`endif

endmodule
