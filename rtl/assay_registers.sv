// Control registers on AXI4-Lite; a write to CONTROL starts the described layer. Twin:
// golden/registers.h.
module assay_registers #(
  parameter int Pixels          = 8,
  parameter int Channels        = 8,
  parameter int BankDepth       = 1024,
  parameter int WeightDepth     = 16384,
  parameter int ParamBlocks     = 16,
  parameter int ThresholdBlocks = 4,
  parameter int MaxKernel       = 7,
  parameter int MultiplierBits  = 24,
  parameter int AddendBits      = 56,
  parameter int AccBits         = 32,
  parameter int SizeBits        = 16,
  parameter int StepBits        = 8,
  parameter bit WithAffine      = 1'b1,
  parameter bit WithCorrected   = 1'b1,
  parameter bit WithThreshold   = 1'b1,
  parameter bit WithInt4        = 1'b0
) (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         s_axil_awvalid,
  output logic         s_axil_awready,
  input  logic [11:0]  s_axil_awaddr,
  input  logic         s_axil_wvalid,
  output logic         s_axil_wready,
  input  logic [31:0]  s_axil_wdata,
  input  logic [3:0]   s_axil_wstrb,
  output logic         s_axil_bvalid,
  input  logic         s_axil_bready,
  output logic [1:0]   s_axil_bresp,
  input  logic         s_axil_arvalid,
  output logic         s_axil_arready,
  input  logic [11:0]  s_axil_araddr,
  output logic         s_axil_rvalid,
  input  logic         s_axil_rready,
  output logic [31:0]  s_axil_rdata,
  output logic [1:0]   s_axil_rresp,

  output logic         start_o,     // one cycle: start, or queue, the described layer
  output logic [383:0] describe_o,  // registers MODE .. WEIGHT_BASE, 32 bits each, MODE lowest
  input  logic         hold_i,      // a start waits: the description must not change
  input  logic         busy_i,
  input  logic         done_i,
  input  logic         queued_i,
  input  logic [7:0]   error_i,
  input  logic [31:0]  cycles_i
);

  localparam int Words = 12;  // MODE at 0x40 .. WEIGHT_BASE at 0x6C

  // Bits that the description names, WEIGHT_BASE first, and those that this engine keeps.
  localparam logic [31:0]         Size  = (32'd1 << SizeBits) - 32'd1;
  localparam logic [31:0]         Sizes = Size | Size << 16;
  localparam logic [31:0]         Step  = (32'd1 << StepBits) - 32'd1;
  localparam logic [31:0]         Steps = Step | Step << 8;
  localparam logic [32*Words-1:0] Named = {
    32'h000F_FFFF, 32'hFFFF_FFFF, 32'h0000_FFFF, 32'hFFFF_FFFF, 32'h01FF_01FF, 32'h00FF_FFFF,
    32'hFFFF_FFFF, 32'hFFFF_FFFF, 32'hFFFF_FFFF, 32'hFFFF_FFFF, 32'hFFFF_FFFF, 32'h0000_0733};
  localparam logic [32*Words-1:0] Kept = Named & {
    32'hFFFF_FFFF, Sizes, Size, Sizes, 32'hFFFF_FFFF, Steps | 32'h00FF_0000, Steps | Steps << 16,
    Size << 16 | Steps, Sizes, Sizes, Sizes, 32'hFFFF_FFFF};

  // Not written as choices inside {}: Yosys 0.23 gives a size cast in there 32 bits.
  localparam logic [15:0] AffineCount    = WithAffine ? 16'(ParamBlocks) : 16'd0;
  localparam logic [15:0] ThresholdCount = WithThreshold ? 16'(ThresholdBlocks) : 16'd0;

  localparam logic [1:0] RespOkay  = 2'b00;
  localparam logic [1:0] RespError = 2'b10;

  function automatic logic describes(input logic [11:0] address);
    describes = address[11:6] == 6'h01 && address[1:0] == 2'd0 && address[5:2] < 4'(Words);
  endfunction

  // Writes: address and data are taken together //
  logic         write;
  logic         write_control;
  logic         writable;
  logic         bvalid_q;
  logic [1:0]   bresp_q;
  logic [383:0] describe_q;
  logic [11:0]  wide_q;  // a field of the register had a value that it cannot hold
  logic         wide;

  assign write         = s_axil_awvalid && s_axil_wvalid && !bvalid_q;
  assign write_control = s_axil_awaddr == 12'h004;
  assign writable      = !hold_i && s_axil_wstrb == 4'hF;

  assign s_axil_awready = write;
  assign s_axil_wready  = write;
  assign s_axil_bvalid  = bvalid_q;
  assign s_axil_bresp   = bresp_q;
  assign start_o        = write && write_control && writable && s_axil_wdata[0];
  assign describe_o     = describe_q | {352'd0, wide, 31'd0};  // MODE[31]
  assign wide           = wide_q != '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bvalid_q   <= 1'b0;
      bresp_q    <= RespOkay;
      describe_q <= '0;
      wide_q     <= '0;
    end else begin
      if (write) begin
        bvalid_q <= 1'b1;
        bresp_q  <= RespError;
        if (writable) begin
          if (write_control) bresp_q <= RespOkay;
          if (describes(s_axil_awaddr)) begin
            bresp_q <= RespOkay;
            for (int i = 0; i < Words; i++) begin
              if (s_axil_awaddr[5:2] == 4'(i)) begin
                describe_q[32*i+:32] <= s_axil_wdata & Kept[32*i+:32];
                wide_q[i]            <= |(s_axil_wdata & Named[32*i+:32] & ~Kept[32*i+:32]);
              end
            end
          end
        end
      end else if (s_axil_bready) begin
        bvalid_q <= 1'b0;
      end
    end
  end

  // Reads //
  logic        read;
  logic        rvalid_q;
  logic [31:0] rdata_q;
  logic [1:0]  rresp_q;

  assign read           = s_axil_arvalid && !rvalid_q;
  assign s_axil_arready = !rvalid_q;
  assign s_axil_rvalid  = rvalid_q;
  assign s_axil_rdata   = rdata_q;
  assign s_axil_rresp   = rresp_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rvalid_q <= 1'b0;
      rdata_q  <= 32'd0;
      rresp_q  <= RespOkay;
    end else if (read) begin
      rvalid_q <= 1'b1;
      rresp_q  <= RespOkay;
      case (s_axil_araddr)
        12'h000: rdata_q <= 32'h4153_5359;
        12'h004: rdata_q <= 32'd0;
        12'h008: rdata_q <= {16'd0, error_i, 5'd0, queued_i, done_i, busy_i};
        12'h00C: rdata_q <= cycles_i;
        12'h010: rdata_q <= {16'd0, 8'(Channels), 8'(Pixels)};
        12'h014: rdata_q <= 32'(BankDepth);
        12'h018: rdata_q <= 32'(WeightDepth);
        12'h01C: rdata_q <= {ThresholdCount, AffineCount};
        12'h020: rdata_q <= {8'(AddendBits), 8'(MultiplierBits), 8'(MaxKernel), 4'd0, WithInt4,
                             WithCorrected, WithThreshold, WithAffine};
        12'h024: rdata_q <= {8'd0, 8'(AccBits), 8'(StepBits), 8'(SizeBits)};
        default: begin
          if (describes(s_axil_araddr)) begin
            rdata_q <= describe_o[32*s_axil_araddr[5:2]+:32];
          end else begin
            rdata_q <= 32'd0;
            rresp_q <= RespError;
          end
        end
      endcase
    end else if (s_axil_rready) begin
      rvalid_q <= 1'b0;
    end
  end

`ifdef FORMAL
  `include "assay_registers.svh"  // tests/formal
`endif

endmodule
