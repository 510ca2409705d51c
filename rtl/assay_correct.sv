// Correction of one affine lane: one bit a level says that the level comes one accumulator later.
// Twin: golden/correct.h.
//
// y_o = y_i - 1 where y_i is reached at this very accumulator (first_i) and is late. The bits of a
// slot are four words of 64 levels, in the order of the level's byte. No latency of its own: the
// word is read while the affine lane writes y_i.
module assay_correct #(
  parameter int SlotBits = 4
) (
  input  logic                clk_i,
  input  logic                enable_i,      // level_i and slot_i count
  input  logic [SlotBits-1:0] slot_i,
  input  logic [7:0]          level_i,       // y_i, a stage earlier
  input  logic [7:0]          y_i,
  input  logic                first_i,
  output logic [7:0]          y_o,

  input  logic                write_i,       // words 4..7 of a record
  input  logic                select_i,      // ... of this lane
  input  logic [SlotBits-1:0] write_slot_i,
  input  logic [1:0]          write_word_i,  // word - 4
  input  logic [63:0]         write_data_i
);

  logic [63:0]         late;
  logic [SlotBits+1:0] write_addr;
  logic                unused_level;

  assign write_addr   = {write_slot_i, write_word_i};
  assign unused_level = ^level_i[5:0];

  assay_ram #(.Width(64), .Depth(4 << SlotBits), .AddrBits(SlotBits + 2)) u_ram (
    .clk_i, .write_i, .select_i, .write_addr_i(write_addr), .write_data_i, .read_i(enable_i),
    .read_addr_i({slot_i, level_i[7:6]}), .read_data_o(late)
  );

  assign y_o = y_i - 8'(first_i && late[y_i[5:0]]);

`ifdef FORMAL
  `include "assay_correct.svh"  // tests/formal
`endif

endmodule
