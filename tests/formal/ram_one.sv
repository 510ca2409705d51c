// Stand-in for assay_ram in proofs: keeps the word of one arbitrary address, gives anything for the
// others. No twin.
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

  (* anyconst *) logic [AddrBits-1:0] some;
  (* anyseq *) logic [Width-1:0]      any;
  logic [Width-1:0]                   word;

  always_ff @(posedge clk_i) begin
    if (write_i && select_i && write_addr_i == some) word <= write_data_i;
    if (read_i) read_data_o <= (read_addr_i == some) ? word : any;
  end

endmodule
