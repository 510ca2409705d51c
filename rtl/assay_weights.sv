// Weight stream into the weight memory, block by block, and out again in the order of use. Twin:
// golden/block_ring.h.
//
// The stream runs on into the next layer: as soon as all words of the running layer are in and the
// next one is set up, its words are taken, unless its range of the memory meets the running
// layer's. Then they wait until that one is done.
module assay_weights #(
  parameter int Channels    = 8,
  parameter int WeightDepth = 16384,
  parameter int WeightBits  = 14,
  parameter int SizeBits    = 16,
  parameter bit WithInt4    = 1'b0
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  move_i,

  // The next layer //
  input  logic                  next_valid_i,  // set up, and legal
  input  logic                  apply_i,       // it becomes the running one
  input  logic                  drop_i,        // an error: nothing of any layer is needed
  input  logic [SizeBits-1:0]   next_blocks_i,
  input  logic [SizeBits-1:0]   next_slots_i,
  input  logic [WeightBits:0]   next_words_full_i,
  input  logic [WeightBits:0]   next_words_last_i,
  input  logic [SizeBits-1:0]   next_out_y_i,
  input  logic [SizeBits-1:0]   next_rows_per_group_i,
  input  logic [WeightBits-1:0] next_begin_i,  // range of the memory
  input  logic [WeightBits:0]   next_end_i,

  // The running layer //
  input  logic                  load_i,  // one cycle: it is new
  input  logic                  int4_i,  // two steps' weights in a word
  input  logic [SizeBits-1:0]   blocks_i,
  input  logic [SizeBits-1:0]   slots_i,
  input  logic [WeightBits-1:0] slot_words_i,
  input  logic [WeightBits-1:0] begin_i,
  input  logic [WeightBits:0]   end_i,

  input  logic                  s_axis_tvalid,
  output logic                  s_axis_tready,
  input  logic [8*Channels-1:0] s_axis_tdata,
  output logic                  finished_o,

  output logic                  use_valid_o,
  output logic                  use_last_o,
  output logic [WeightBits:0]   use_base_o,  // in half words, as read_addr_i
  input  logic                  use_next_i,
  input  logic                  free_i,

  input  logic                  read_i,  // stage address
  input  logic [WeightBits:0]   read_addr_i,
  input  logic                  load_weight_i,  // stage read
  output logic [8*Channels-1:0] weight_o        // stage operand
);

  // Which layer is filled //
  logic                  taken_q;  // the next layer is being filled already
  logic                  start_q;  // a cycle after start: the registers below are new
  logic                  fill_idle, start;
  logic [SizeBits-1:0]   blocks_q, slots_q, out_y_q, rows_per_group_q;
  logic [WeightBits:0]   words_full_q, words_last_q;
  logic [WeightBits-1:0] begin_q;

  always_comb begin
    start = 1'b0;
    if (next_valid_i && !taken_q) begin
      start = apply_i || (fill_idle && !start_q && (next_end_i <= {1'b0, begin_i} ||
                                                    end_i <= {1'b0, next_begin_i}));
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      taken_q <= 1'b0;
      start_q <= 1'b0;
    end else begin
      taken_q <= (taken_q || start) && !apply_i && !drop_i;
      start_q <= start && !drop_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start) begin
      blocks_q         <= next_blocks_i;
      slots_q          <= next_slots_i;
      out_y_q          <= next_out_y_i;
      rows_per_group_q <= next_rows_per_group_i;
      words_full_q     <= next_words_full_i;
      words_last_q     <= next_words_last_i;
      begin_q          <= next_begin_i;
    end
  end

  // Filling //
  logic                  write, fill_last, fill_done;
  logic [WeightBits-1:0] fill_base, use_base;
  logic [WeightBits:0]   word_q;
  logic [WeightBits:0]   words;

  assign write     = s_axis_tvalid && s_axis_tready;
  assign words     = fill_last ? words_last_q : words_full_q;
  assign use_base_o = {use_base, 1'b0};

  always_comb begin
    fill_done = 1'b0;
    if (write) fill_done = word_q == words - 1'b1;
  end

  assay_ring #(.BaseBits(WeightBits), .SizeBits(SizeBits)) u_ring (
    .clk_i, .rst_ni, .fill_load_i(start_q), .drop_i, .fill_blocks_i(blocks_q),
    .fill_slots_i(slots_q), .fill_slot_words_i(words_full_q[WeightBits-1:0]),
    .fill_origin_i(begin_q), .fill_out_y_i(out_y_q), .fill_rows_per_group_i(rows_per_group_q),
    .fill_idle_o(fill_idle), .fill_ready_o(s_axis_tready), .fill_last_o(fill_last),
    .fill_base_o(fill_base), .fill_done_i(fill_done), .use_load_i(load_i),
    .use_blocks_i(blocks_i), .use_slots_i(slots_i),
    .use_slot_words_i(slot_words_i), .use_origin_i(begin_i), .finished_o,
    .use_valid_o, .use_last_o, .use_base_o(use_base), .use_next_i, .free_i
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) word_q <= '0;
    else if (start_q || drop_i || fill_done) word_q <= '0;
    else if (write) word_q <= word_q + 1'b1;
  end

  // Memory //
  logic [8*Channels-1:0] read_data, read_weight;
  logic [8*Channels-1:0] weight_q;
  logic                  half_q;  // of the word that was read

  assign weight_o = weight_q;

  assay_ram #(.Width(8 * Channels), .Depth(WeightDepth), .AddrBits(WeightBits)) u_ram (
    .clk_i, .write_i(write), .select_i(1'b1), .write_addr_i(fill_base + word_q[WeightBits-1:0]),
    .write_data_i(s_axis_tdata), .read_i(move_i && read_i), .read_addr_i(read_addr_i[WeightBits:1]),
    .read_data_o(read_data)
  );

  // Lane i has byte i: two nibbles, the first step's in the low one.
  for (genvar i = 0; i < Channels; i++) begin : gen_lane
    logic [7:0] lane;
    logic [3:0] nibble;
    assign lane   = read_data[8*i+:8];
    assign nibble = half_q ? lane[7:4] : lane[3:0];
    assign read_weight[8*i+:8] = (WithInt4 && int4_i) ? {{4{nibble[3]}}, nibble} : lane;
  end

  always_ff @(posedge clk_i) begin
    if (move_i && read_i) half_q <= read_addr_i[0];
    if (move_i && load_weight_i) weight_q <= read_weight;
  end

`ifdef FORMAL
  `include "assay_weights.svh"  // tests/formal
`endif

endmodule
