// Output port: masks bytes beyond the last channel, marks the last word, registers the handshake.
// No twin; it only hands words over.
//
// Two words are held, so that the ready of the port does not reach the requantizer.
module assay_output #(
  parameter int Channels    = 8,
  parameter int ChannelBits = 3
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic [ChannelBits:0]  last_channels_i,

  input  logic                  valid_i,
  output logic                  ready_o,
  input  logic [8*Channels-1:0] y_i,
  input  logic                  partial_i,  // the layer's last block
  input  logic                  last_i,
  output logic [8*Channels-1:0] y_o,        // the word that is taken, masked; else 0
  output logic                  last_done_o,// one cycle: the last word has been accepted

  output logic                  m_axis_tvalid,
  input  logic                  m_axis_tready,
  output logic [8*Channels-1:0] m_axis_tdata,
  output logic                  m_axis_tlast
);

  logic                  valid_q, spare_q;
  logic [8*Channels:0]   word_q, spare_word_q;  // last, data
  logic                  take, leave;
  logic [8*Channels-1:0] absent;  // bytes beyond the last channel

  assign absent = {8*Channels{1'b1}} << {last_channels_i, 3'd0};
  assign y_o    = take ? y_i & ~(partial_i ? absent : '0) : '0;

  assign ready_o                      = !spare_q;
  assign take                         = valid_i && ready_o;
  assign leave                        = valid_q && m_axis_tready;
  assign m_axis_tvalid                = valid_q;
  assign {m_axis_tlast, m_axis_tdata} = word_q;
  assign last_done_o                  = leave && m_axis_tlast;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q      <= 1'b0;
      spare_q      <= 1'b0;
      word_q       <= '0;
      spare_word_q <= '0;
    end else begin
      if (!valid_q || leave) begin
        valid_q <= spare_q || take;
        spare_q <= 1'b0;
        if (spare_q) word_q <= spare_word_q;
        else if (take) word_q <= {last_i, y_o};
      end else if (take) begin
        spare_q      <= 1'b1;
        spare_word_q <= {last_i, y_o};
      end
    end
  end

`ifdef FORMAL
  `include "assay_output.svh"  // tests/formal
`endif

endmodule
