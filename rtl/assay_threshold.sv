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
  input  logic [8:0]          enable_i,      // stage l takes what is in front of it
  input  logic signed [31:0]  acc_i,
  input  logic [SlotBits-1:0] slot_i,
  input  logic                signed_i,      // qint8: q_low is -128
  input  logic signed [8:0]   out_min_i,
  input  logic signed [8:0]   out_max_i,
  output logic [7:0]          y_o,           // low byte of the clamped value

  input  logic                write_i,        // words of a record
  input  logic                select_i,       // ... of this lane
  input  logic [SlotBits-1:0] write_slot_i,
  input  logic [6:0]          write_pair_i,   // assay_levels, of the word
  input  logic [5:0]          write_upper_i,
  input  logic [7:0]          write_levels_i,
  input  logic [63:0]         write_data_i
);

  for (genvar l = 0; l < 8; l++) begin : gen_level
    localparam int AddrBits = SlotBits + l;
    logic [AddrBits-1:0] read_addr;
    logic [AddrBits-1:0] write_addr;
    logic                select;
    logic [31:0]         write_data;
    logic signed [31:0]  threshold;
    logic signed [31:0]  acc_q;
    logic [SlotBits-1:0] slot_q;
    logic [7:0]          prefix_q;  // high bits of the result, known before this level

    assign select = select_i && write_levels_i[l];

    if (l == 7) begin : gen_last
      assign write_addr = {write_slot_i, write_pair_i};
      assign write_data = write_data_i[31:0];
    end else begin : gen_upper
      assign write_data = write_data_i[63:32];
      if (l == 0) begin : gen_root
        assign write_addr = write_slot_i;
      end else begin : gen_inner
        assign write_addr = {write_slot_i, write_upper_i[5:6-l]};
      end
    end

    // The compare stands in both places that take it, so that nothing is compared in idle stages.
    if (l == 0) begin : gen_first
      assign read_addr = slot_i;
      always_ff @(posedge clk_i) begin
        if (enable_i[0]) begin
          acc_q    <= acc_i;
          slot_q   <= slot_i;
          prefix_q <= 8'd0;
        end
      end
    end else begin : gen_next
      if (l == 1) begin : gen_short
        assign read_addr = {gen_level[0].slot_q, gen_level[0].threshold <= gen_level[0].acc_q};
      end else begin : gen_long
        assign read_addr = {gen_level[l-1].slot_q, gen_level[l-1].prefix_q[7:9-l],
                            gen_level[l-1].threshold <= gen_level[l-1].acc_q};
      end
      always_ff @(posedge clk_i) begin
        if (enable_i[l]) begin
          acc_q    <= gen_level[l-1].acc_q;
          slot_q   <= gen_level[l-1].slot_q;
          prefix_q <= gen_level[l-1].prefix_q |
                      (8'(gen_level[l-1].threshold <= gen_level[l-1].acc_q) << (8 - l));
        end
      end
    end

    assay_ram #(.Width(32), .Depth(1 << AddrBits), .AddrBits(AddrBits)) u_ram (
      .clk_i, .write_i, .select_i(select), .write_addr_i(write_addr), .write_data_i(write_data),
      .read_i(enable_i[l]), .read_addr_i(read_addr), .read_data_o(threshold)
    );
  end

  // Clamp //
  logic [7:0]        result;
  logic signed [8:0] y;
  logic [7:0]        y_q;
  logic              unused_slot;

  function automatic logic [7:0] clamped(input logic signed [8:0] value);
    clamped = (value < out_min_i) ? out_min_i[7:0] : (value > out_max_i) ? out_max_i[7:0]
                                                                         : value[7:0];
  endfunction

  assign result      = gen_level[7].prefix_q | 8'(gen_level[7].threshold <= gen_level[7].acc_q);
  assign y           = $signed({1'b0, result}) - (signed_i ? 9'sd128 : 9'sd0);
  assign y_o         = y_q;
  assign unused_slot = ^gen_level[7].slot_q;

  always_ff @(posedge clk_i) begin
    if (enable_i[8]) y_q <= clamped(y);
  end

`ifdef FORMAL
  `include "assay_threshold.svh"  // tests/formal
`endif

endmodule
