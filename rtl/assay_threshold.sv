// y = clamp(q_low + number of thresholds <= acc): a pipelined binary search, one result a cycle.
// Twin: golden/threshold.h.
//
// T[k] (k = 1..255, the record's t[k-1]) lies in the memory of level 7 - ctz(k), entry
// k >> (ctz(k) + 1): level l holds the 2^l thresholds that step l of the search may ask for, so one
// copy serves all steps at once. Step l knows the l highest bits of the result and compares acc
// with T[prefix + 2^(7-l)]. Latency 9 cycles: 8 reads, each followed by its compare.
module assay_threshold #(
  parameter int SlotBits = 2
) (
  input  logic                clk_i,
  input  logic                move_i,
  input  logic [8:0]          valid_i,       // of the inputs and the eight stages
  input  logic signed [31:0]  acc_i,
  input  logic [SlotBits-1:0] slot_i,
  input  logic                signed_i,      // qint8: q_low is -128
  input  logic signed [8:0]   out_min_i,
  input  logic signed [8:0]   out_max_i,
  output logic [7:0]          y_o,           // low byte of the clamped value

  input  logic                write_i,       // words 2.. of a record
  input  logic [SlotBits-1:0] write_slot_i,
  input  logic [6:0]          write_pair_i,  // word - 2: t[2*pair] and t[2*pair + 1]
  input  logic [63:0]         write_data_i
);

  logic signed [31:0]  acc_q[8];
  logic [SlotBits-1:0] slot_q[8];
  logic [7:0]          prefix[9];  // high bits of the result known before level l
  logic [7:0]          prefix_q[8];
  logic [7:0]          y_q;
  logic signed [8:0]   y;
  logic signed [8:0]   clamped;
  logic                unused_clamped;
  logic [7:0]          upper;      // k of the word's second threshold, halved

  assign prefix[0] = 8'd0;
  assign upper     = {1'b0, write_pair_i} + 8'd1;
  assign y_o       = y_q;

  for (genvar l = 0; l < 8; l++) begin : gen_level
    localparam int AddrBits = SlotBits + l;
    logic [AddrBits-1:0] read_addr;
    logic [AddrBits-1:0] write_addr;
    logic                write;
    logic [31:0]         write_data;
    logic signed [31:0]  threshold;
    logic                reached;

    if (l == 7) begin : gen_last
      assign write      = write_i;
      assign write_addr = {write_slot_i, write_pair_i};
      assign write_data = write_data_i[31:0];
    end else begin : gen_upper
      assign write      = write_i && upper[6-l:0] == (7 - l)'(1 << (6 - l)) && !upper[7];
      assign write_data = write_data_i[63:32];
      if (l == 0) begin : gen_root
        assign write_addr = write_slot_i;
      end else begin : gen_inner
        assign write_addr = {write_slot_i, upper[6:7-l]};
      end
    end

    if (l == 0) begin : gen_first
      assign read_addr = slot_i;
      always_ff @(posedge clk_i) begin
        if (move_i && valid_i[0]) begin
          acc_q[0]    <= acc_i;
          slot_q[0]   <= slot_i;
          prefix_q[0] <= prefix[0];
        end
      end
    end else begin : gen_next
      assign read_addr = {slot_q[l-1], prefix[l][7:8-l]};
      always_ff @(posedge clk_i) begin
        if (move_i && valid_i[l]) begin
          acc_q[l]    <= acc_q[l-1];
          slot_q[l]   <= slot_q[l-1];
          prefix_q[l] <= prefix[l];
        end
      end
    end

    assay_ram #(.Width(32), .Depth(1 << AddrBits), .AddrBits(AddrBits)) u_ram (
      .clk_i, .write_i(write), .write_addr_i(write_addr), .write_data_i(write_data),
      .read_i(move_i && valid_i[l]), .read_addr_i(read_addr), .read_data_o(threshold)
    );

    assign reached     = threshold <= acc_q[l];
    assign prefix[l+1] = prefix_q[l] | (8'(reached) << (7 - l));
  end

  assign y       = $signed({1'b0, prefix[8]}) - (signed_i ? 9'sd128 : 9'sd0);
  assign clamped = (y < out_min_i) ? out_min_i : (y > out_max_i) ? out_max_i : y;
  assign unused_clamped = clamped[8];

  always_ff @(posedge clk_i) begin
    if (move_i && valid_i[8]) y_q <= clamped[7:0];
  end

`ifdef FORMAL
  `include "assay_threshold.svh"  // tests/formal
`endif

endmodule
