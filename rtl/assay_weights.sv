// Weight stream into the weight memory, block by block, and out again in the order of use. Twin:
// golden/block_ring.h.
module assay_weights #(
  parameter int Channels    = 8,
  parameter int WeightDepth = 16384,
  parameter int WeightBits  = 14
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  run_i,
  input  logic                  move_i,
  input  logic [15:0]           blocks_i,
  input  logic [15:0]           slots_i,
  input  logic [WeightBits:0]   words_full_i,
  input  logic [WeightBits:0]   words_last_i,
  input  logic [15:0]           out_y_i,
  input  logic [15:0]           rows_per_group_i,

  input  logic                  s_axis_tvalid,
  output logic                  s_axis_tready,
  input  logic [8*Channels-1:0] s_axis_tdata,
  output logic                  finished_o,

  output logic                  use_valid_o,
  output logic                  use_last_o,
  output logic [WeightBits-1:0] use_base_o,
  input  logic                  use_next_i,
  input  logic                  free_i,

  input  logic                  read_i,     // stage address
  input  logic [WeightBits-1:0] read_addr_i,
  input  logic                  load_i,     // stage read
  output logic [8*Channels-1:0] weight_o    // stage operand
);

  logic                  write;
  logic                  fill_last;
  logic                  fill_done;
  logic [WeightBits-1:0] fill_base;
  logic [WeightBits:0]   word_q;
  logic [WeightBits:0]   words;
  logic [15:0]           unused_block;
  logic [8*Channels-1:0] read_data;
  logic [8*Channels-1:0] weight_q;

  assign write     = s_axis_tvalid && s_axis_tready;
  assign words     = fill_last ? words_last_i : words_full_i;
  assign fill_done = write && word_q == words - 1'b1;
  assign weight_o  = weight_q;

  assay_ring #(.BaseBits(WeightBits)) u_ring (
    .clk_i, .rst_ni, .run_i, .blocks_i, .slots_i, .slot_words_i(words_full_i[WeightBits-1:0]),
    .out_y_i, .rows_per_group_i, .fill_ready_o(s_axis_tready), .fill_block_o(unused_block),
    .fill_last_o(fill_last), .fill_base_o(fill_base), .fill_done_i(fill_done), .finished_o,
    .use_valid_o, .use_last_o, .use_base_o, .use_next_i, .free_i
  );

  assay_ram #(.Width(8 * Channels), .Depth(WeightDepth), .AddrBits(WeightBits)) u_ram (
    .clk_i, .write_i(write), .select_i(1'b1), .write_addr_i(fill_base + word_q[WeightBits-1:0]),
    .write_data_i(s_axis_tdata), .read_i(move_i && read_i), .read_addr_i(read_addr_i),
    .read_data_o(read_data)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) word_q <= '0;
    else if (!run_i || fill_done) word_q <= '0;
    else if (write) word_q <= word_q + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (move_i && load_i) weight_q <= read_data;
  end

endmodule
