// Memory with one write and one synchronous read port, for block or LUT memory. No twin.
//
// A write goes to the selected one of several memories that share it; a single one is always
// selected. No word is read for use in the cycle in which it is written, so synthesis need not keep
// the old one.
module assay_ram #(
  parameter int Width    = 64,
  parameter int Depth    = 1024,  // words, at most 2^AddrBits
  parameter int AddrBits = 10
) (
  input  logic                clk_i,
  input  logic                write_i,
  input  logic                select_i,
  input  logic [AddrBits-1:0] write_addr_i,
  input  logic [Width-1:0]    write_data_i,
  input  logic                read_i,
  input  logic [AddrBits-1:0] read_addr_i,
  output logic [Width-1:0]    read_data_o  // holds its value while read_i is 0
);

  (* no_rw_check *) logic [Width-1:0] mem[Depth];

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      if (select_i) mem[write_addr_i] <= write_data_i;
    end
    if (read_i) read_data_o <= mem[read_addr_i];
  end

endmodule
