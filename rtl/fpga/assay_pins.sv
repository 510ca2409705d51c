// The engine behind four pins, for place and route: few devices have a pin for each port, and a
// path without a register at both ends has no part in the clock's frequency. A shift register feeds
// every input, every output goes to a register, and all of these to one pin; the observer's taps
// are left open. No twin.
module assay_pins #(
  parameter int Channels = 8
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic data_i,
  output logic data_o
);

  localparam int InBits  = 133 + 16 * Channels;
  localparam int OutBits = 46 + 8 * Channels;

  logic [InBits-1:0]  in_q;
  logic [OutBits-1:0] out, out_q;

  always_ff @(posedge clk_i) begin
    in_q   <= {in_q[InBits-2:0], data_i};
    out_q  <= out;
    data_o <= ^out_q;
  end

  logic [63:0]           par;
  logic [31:0]           wdata;
  logic [11:0]           awaddr, araddr;
  logic [3:0]            wstrb;
  logic                  awvalid, wvalid, bready, arvalid, rready;
  logic                  act_valid, wgt_valid, par_valid, out_ready;
  logic [8*Channels-1:0] act, wgt;

  assign {par, wdata, awaddr, araddr, wstrb, awvalid, wvalid, bready, arvalid, rready, act_valid,
          wgt_valid, par_valid, out_ready, act, wgt} = in_q;

  logic                   tap_acc_valid, tap_out_valid, unused_taps;
  logic [15:0]            tap_acc_y, tap_acc_x, tap_acc_block, tap_out_y, tap_out_x, tap_out_block;
  logic [32*Channels-1:0] tap_acc;
  logic [8*Channels-1:0]  tap_out;

  assign unused_taps = ^{tap_acc_valid, tap_acc_y, tap_acc_x, tap_acc_block, tap_acc,
                         tap_out_valid, tap_out_y, tap_out_x, tap_out_block, tap_out};

  assay_engine u_engine (
    .clk_i, .rst_ni, .s_axil_awvalid(awvalid), .s_axil_awready(out[0]), .s_axil_awaddr(awaddr),
    .s_axil_wvalid(wvalid), .s_axil_wready(out[1]), .s_axil_wdata(wdata), .s_axil_wstrb(wstrb),
    .s_axil_bvalid(out[2]), .s_axil_bready(bready), .s_axil_bresp(out[4:3]),
    .s_axil_arvalid(arvalid), .s_axil_arready(out[5]), .s_axil_araddr(araddr),
    .s_axil_rvalid(out[6]), .s_axil_rready(rready), .s_axil_rdata(out[38:7]),
    .s_axil_rresp(out[40:39]), .s_axis_act_tvalid(act_valid), .s_axis_act_tready(out[41]),
    .s_axis_act_tdata(act), .s_axis_wgt_tvalid(wgt_valid), .s_axis_wgt_tready(out[42]),
    .s_axis_wgt_tdata(wgt), .s_axis_par_tvalid(par_valid), .s_axis_par_tready(out[43]),
    .s_axis_par_tdata(par), .m_axis_out_tvalid(out[44]), .m_axis_out_tready(out_ready),
    .m_axis_out_tdata(out[46+:8*Channels]), .m_axis_out_tlast(out[45]),
    .tap_acc_valid_o(tap_acc_valid),
    .tap_acc_y_o(tap_acc_y), .tap_acc_x_o(tap_acc_x), .tap_acc_block_o(tap_acc_block),
    .tap_acc_o(tap_acc), .tap_out_valid_o(tap_out_valid), .tap_out_y_o(tap_out_y),
    .tap_out_x_o(tap_out_x), .tap_out_block_o(tap_out_block), .tap_out_o(tap_out)
  );

endmodule
