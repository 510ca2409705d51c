// Stand-in for assay_ram in proofs: reads give anything, which the proof constrains. No twin.
module assay_ram #(
  parameter int Width    = 64,
  parameter int Depth    = 1024,
  parameter int AddrBits = 10
) (
  input  logic                clk_i,
  input  logic                write_i,
  input  logic                select_i,
  input  logic [AddrBits-1:0] write_addr_i,
  input  logic [Width-1:0]    write_data_i,
  input  logic                read_i,
  input  logic [AddrBits-1:0] read_addr_i,
  output logic [Width-1:0]    read_data_o
);

  (* anyseq *) logic [Width-1:0] any;

  assign read_data_o = any;

endmodule
