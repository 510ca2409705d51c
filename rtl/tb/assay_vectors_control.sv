// Test bench: an AXI4-Lite master that starts the layer once for each image and waits for it. No
// twin.
module assay_vectors_control #(
  parameter int Writes = 1,  // words of registers.mem: address in bits 43..32, value in 31..0
  parameter int Images = 1
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  output logic        awvalid_o,
  input  logic        awready_i,
  output logic [11:0] awaddr_o,
  output logic        wvalid_o,
  input  logic        wready_i,
  output logic [31:0] wdata_o,
  input  logic        bvalid_i,
  output logic        bready_o,
  input  logic [1:0]  bresp_i,
  output logic        arvalid_o,
  input  logic        arready_i,
  output logic [11:0] araddr_o,
  input  logic        rvalid_i,
  output logic        rready_o,
  input  logic [31:0] rdata_i,
  input  logic [1:0]  rresp_i,
  input  logic [31:0] drained_i,   // images whose outputs were all taken
  output logic        finished_o,  // every image is done
  output logic        refused_o,   // an access was answered with an error
  output logic [7:0]  error_o,     // STATUS[15:8] when it is not 0
  output logic [31:0] cycles_o     // CYCLES after the last image
);
  localparam logic [11:0] RegStatus = 12'h008;
  localparam logic [11:0] RegCycles = 12'h00C;
  localparam int          PollGap   = 32;  // cycles between two reads of STATUS

  localparam logic [2:0] StWrite = 3'd0, StResponse = 3'd1, StWait = 3'd2, StRead = 3'd3,
                         StData = 3'd4, StFinished = 3'd5;

  logic [63:0] writes [0:Writes-1];
  string folder;
  string path;

  initial begin
    if ($value$plusargs("dir=%s", folder) == 0) folder = ".";
    path = $sformatf("%0s/registers.mem", folder);
    $readmemh(path, writes);
    if ((^writes[Writes-1]) === 1'bx) $fatal(1, "TEST FAILED: %0s has too few words", path);
  end

  logic [2:0] state;
  integer     index, image, gap;
  logic       idle, done;

  assign bready_o   = state == StResponse;
  assign rready_o   = state == StData;
  assign finished_o = state == StFinished;
  assign done       = rdata_i[1] && !rdata_i[0] && drained_i > 32'(image);
  assign idle       = !awvalid_o && !wvalid_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {awvalid_o, wvalid_o, arvalid_o, refused_o} <= '0;
      {awaddr_o, araddr_o} <= '0;
      {wdata_o, cycles_o}  <= '0;
      error_o <= '0;
      state   <= StWrite;
      index   <= 0;
      image   <= 0;
      gap     <= 0;
    end else begin
      if (awready_i) awvalid_o <= 1'b0;
      if (wready_i) wvalid_o <= 1'b0;
      if (arready_i) arvalid_o <= 1'b0;
      case (state)
        StWrite: if (idle) begin
          awvalid_o <= 1'b1;
          wvalid_o  <= 1'b1;
          awaddr_o  <= writes[index][43:32];
          wdata_o   <= writes[index][31:0];
          state     <= StResponse;
        end
        StResponse: if (bvalid_i) begin
          if (bresp_i != 2'b00) refused_o <= 1'b1;
          index <= (index == Writes - 1) ? 0 : index + 1;
          state <= (index == Writes - 1) ? StWait : StWrite;
        end
        StWait: begin
          gap <= gap + 1;
          if (gap == PollGap) begin
            gap       <= 0;
            araddr_o  <= (image == Images) ? RegCycles : RegStatus;
            arvalid_o <= 1'b1;
            state     <= StRead;
          end
        end
        StRead: if (arvalid_o && arready_i) state <= StData;
        StData: if (rvalid_i) begin
          if (rresp_i != 2'b00) refused_o <= 1'b1;
          state <= StWait;
          if (araddr_o == RegCycles) begin
            cycles_o <= rdata_i;
            state    <= StFinished;
          end else begin
            error_o <= rdata_i[15:8];
            if (done) begin
              image <= image + 1;
              state <= (image + 1 == Images) ? StWait : StWrite;
            end
          end
        end
        default: state <= StFinished;
      endcase
    end
  end
endmodule
