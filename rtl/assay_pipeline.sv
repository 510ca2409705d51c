// Valid bits and tags that travel beside the data from the taps to the sums; all stages move
// together. No twin.
module assay_pipeline #(
  parameter int ChannelBits = 3,
  parameter int PixelBits   = 3,
  parameter int SlotBits    = 4,
  parameter int WeightBits  = 14
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   run_i,
  input  logic                   move_i,

  // Stage tap //
  input  logic                   valid_i,
  input  logic                   first_i,
  input  logic                   last_i,
  input  logic                   pass_end_i,
  input  logic [ChannelBits-1:0] channel_i,
  input  logic [SlotBits-1:0]    slot_i,
  input  logic [ChannelBits-1:0] lane_i,
  input  logic [WeightBits-1:0]  weight_addr_i,
  input  logic [PixelBits:0]     count_i,
  input  logic                   block_end_i,
  input  logic                   group_end_i,
  input  logic                   layer_end_i,

  // Stage address //
  output logic                   address_valid_o,
  output logic                   address_first_o,
  output logic [ChannelBits-1:0] address_channel_o,
  output logic [SlotBits-1:0]    address_slot_o,
  output logic [ChannelBits-1:0] address_lane_o,
  output logic [WeightBits-1:0]  address_weight_o,
  output logic                   block_free_o,  // one cycle: the block's last tap is being read
  output logic                   group_free_o,
  output logic                   layer_free_o,

  // Stage read //
  output logic                   read_valid_o,
  output logic                   read_first_o,

  // Stage operand //
  output logic                   operand_valid_o,
  output logic                   operand_first_o,

  // Stage sum //
  output logic                   sum_last_o,     // the sums of a pass are complete
  output logic                   sum_end_o,      // of the tile's last pass
  output logic [ChannelBits-1:0] sum_channel_o,
  output logic [PixelBits:0]     sum_count_o
);

  localparam int TagBits = 1 + ChannelBits + PixelBits + 1;

  logic [3:0]         valid_q;  // address, read, operand, sum
  logic [2:0]         first_q;
  logic [3:0]         last_q;
  logic [4*TagBits-1:0] tag_q;  // likewise
  logic               block_end_q, group_end_q, layer_end_q;

  assign address_valid_o = valid_q[0];
  assign address_first_o = valid_q[0] && first_q[0];
  assign read_valid_o    = valid_q[1];
  assign read_first_o    = valid_q[1] && first_q[1];
  assign operand_valid_o = valid_q[2];
  assign operand_first_o = first_q[2];
  assign sum_last_o      = valid_q[3] && last_q[3];
  assign block_free_o    = move_i && valid_q[0] && block_end_q;
  assign group_free_o    = move_i && valid_q[0] && group_end_q;
  assign layer_free_o    = move_i && valid_q[0] && layer_end_q;
  assign {sum_end_o, sum_channel_o, sum_count_o} = tag_q[4*TagBits-1:3*TagBits];
  assign address_channel_o = tag_q[PixelBits+1+:ChannelBits];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= 4'd0;
    else if (!run_i) valid_q <= 4'd0;
    else if (move_i) valid_q <= {valid_q[2:0], valid_i};
  end

  always_ff @(posedge clk_i) begin
    if (move_i) begin
      first_q          <= {first_q[1:0], first_i};
      last_q           <= {last_q[2:0], last_i};
      address_slot_o   <= slot_i;
      address_lane_o   <= lane_i;
      address_weight_o <= weight_addr_i;
      block_end_q      <= last_i && pass_end_i && block_end_i;
      group_end_q      <= last_i && pass_end_i && group_end_i;
      layer_end_q      <= last_i && pass_end_i && layer_end_i;
      tag_q            <= {tag_q[3*TagBits-1:0], pass_end_i, channel_i, count_i};
    end
  end

`ifdef FORMAL
  `include "assay_pipeline.svh"  // tests/formal
`endif

endmodule
