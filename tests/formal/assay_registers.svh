// Proof, inside assay_registers: AXI4-Lite. One response to every request and none without one,
// payload stable while it is not taken, a response is never late or withheld, every register reads
// back what was written to it last.
//
// One arbitrary register of the description, some_word, stands for all.

(* anyconst *) logic [3:0] some_word;

logic [1:0]  writes, reads;      // requests taken, responses not yet
logic [31:0] value;              // of register some_word
logic        wider;              // it was written with more than it holds
logic        accepts;            // the write below is legal
logic [1:0]  answer_b, answer_r; // the responses that are due
logic [31:0] data_r;
logic        checked_r;          // the response carries data_r, not a constant
logic        stalled_b, stalled_r;
logic [1:0]  stalled_bresp, stalled_rresp;
logic [31:0] stalled_rdata;

// Bits that golden/registers.h names, and those of a value that fields of SizeBits and StepBits hold.
function automatic logic [31:0] named(input logic [3:0] word);
  case (word)
    4'd0:    named = 32'h0000_0733;
    4'd6:    named = 32'h00FF_FFFF;
    4'd7:    named = 32'h01FF_01FF;
    4'd9:    named = 32'h0000_FFFF;
    4'd11:   named = 32'h000F_FFFF;
    default: named = 32'hFFFF_FFFF;
  endcase
endfunction

function automatic logic [31:0] fits(input logic [31:0] data, input logic [3:0] word);
  logic [15:0] low, high;  // halves, as sizes
  logic [7:0]  byte_0, byte_1, byte_2, byte_3;  // as steps
  low    = data[15:0] % (17'd1 << SizeBits);
  high   = data[31:16] % (17'd1 << SizeBits);
  byte_0 = data[7:0] % (9'd1 << StepBits);
  byte_1 = data[15:8] % (9'd1 << StepBits);
  byte_2 = data[23:16] % (9'd1 << StepBits);
  byte_3 = data[31:24] % (9'd1 << StepBits);
  case (word)
    4'd1, 4'd2, 4'd3, 4'd8, 4'd10: fits = {high, low};
    4'd4:                          fits = {high, byte_1, byte_0};
    4'd5:                          fits = {byte_3, byte_2, byte_1, byte_0};
    4'd6:                          fits = {8'd0, data[23:16], byte_1, byte_0};
    4'd9:                          fits = {16'd0, low};
    default:                       fits = data & named(word);
  endcase
endfunction

initial assume (!rst_ni);
initial {stalled_b, stalled_r} = 2'b00;

assign accepts = !hold_i && s_axil_wstrb == 4'hF &&
                 (s_axil_awaddr == 12'h004 ||
                  (s_axil_awaddr >= 12'h040 && s_axil_awaddr <= 12'h06C &&
                   s_axil_awaddr[1:0] == 2'd0));

always_ff @(posedge clk_i) begin
  if (!rst_ni) begin
    writes <= 2'd0;
    reads  <= 2'd0;
    value  <= 32'd0;
    wider  <= 1'b0;
  end else begin
    writes <= writes + 2'(s_axil_awvalid && s_axil_awready) - 2'(s_axil_bvalid && s_axil_bready);
    reads  <= reads + 2'(s_axil_arvalid && s_axil_arready) - 2'(s_axil_rvalid && s_axil_rready);
    if (s_axil_awvalid && s_axil_awready) begin
      answer_b <= accepts ? 2'b00 : 2'b10;
      if (accepts && s_axil_awaddr == 12'h040 + {6'd0, some_word, 2'd0}) begin
        value <= fits(s_axil_wdata, some_word);
        wider <= (s_axil_wdata & named(some_word)) != fits(s_axil_wdata, some_word);
      end
    end
    if (s_axil_arvalid && s_axil_arready) begin
      answer_r <= (s_axil_araddr[1:0] == 2'd0 &&
                   (s_axil_araddr <= 12'h024 ||
                    (s_axil_araddr >= 12'h040 && s_axil_araddr <= 12'h06C))) ? 2'b00 : 2'b10;
      checked_r <= 1'b1;
      case (s_axil_araddr)
        12'h008: data_r <= {16'd0, error_i, 5'd0, queued_i, done_i, busy_i};
        12'h00C: data_r <= cycles_i;
        12'h040 + {6'd0, some_word, 2'd0}: data_r <= some_word == 4'd0 ? {describe_o[31], value[30:0]} : value;
        default: checked_r <= 1'b0;  // the constants: test_engine_rtl
      endcase
    end
  end
  stalled_b     <= rst_ni && s_axil_bvalid && !s_axil_bready;
  stalled_r     <= rst_ni && s_axil_rvalid && !s_axil_rready;
  stalled_bresp <= s_axil_bresp;
  stalled_rresp <= s_axil_rresp;
  stalled_rdata <= s_axil_rdata;
end

always_comb begin
  assume (some_word < 4'd12);
  if (rst_ni) begin
    // Address and data of a write are taken in the same cycle, and only when both are there.
    assert (s_axil_awready == s_axil_wready);
    if (s_axil_awready) assert (s_axil_awvalid && s_axil_wvalid);
    // One response to each request, at once; the next request waits until it has been taken.
    assert (writes == 2'(s_axil_bvalid) && reads == 2'(s_axil_rvalid));
    if (s_axil_bvalid) assert (!s_axil_awready && s_axil_bresp == answer_b);
    if (s_axil_rvalid) assert (!s_axil_arready && s_axil_rresp == answer_r);
    if (s_axil_rvalid && checked_r) assert (s_axil_rdata == data_r);
    if (!s_axil_bvalid && s_axil_awvalid && s_axil_wvalid) assert (s_axil_awready);
    if (!s_axil_rvalid) assert (s_axil_arready);
    if (stalled_b) assert (s_axil_bvalid && s_axil_bresp == stalled_bresp);
    if (stalled_r) assert (s_axil_rvalid && s_axil_rresp == stalled_rresp);
    if (stalled_r) assert (s_axil_rdata == stalled_rdata);
    // A start comes from a legal write to CONTROL; the description changes by legal writes only.
    assert (start_o == (s_axil_awvalid && s_axil_awready && accepts &&
                        s_axil_awaddr == 12'h004 && s_axil_wdata[0]));
    for (int i = 0; i < 12; i++) begin
      if (some_word == 4'(i)) begin
        assert (describe_q[32*i+:32] == value);
        assert (wide_q[i] == wider);
      end
    end
    assert (!describe_q[31] && describe_o == (describe_q | {352'd0, wide_q != 12'd0, 31'd0}));
  end else begin
    assert (!s_axil_bvalid && !s_axil_rvalid);
  end
  cover (rst_ni && stalled_b && stalled_r && checked_r && value == 32'h1234_5678 &&
         data_r == value);
  cover (rst_ni && start_o);
end
