// Self-checking test bench of assay_engine for a layer's vector files (vectors/README.md): any
// SystemVerilog simulator, nothing of ours beside it. No twin.
//
// Compile with -I FOLDER (for sizes.svh), e.g.
//   iverilog -g2012 -I FOLDER -s assay_vectors_tb -o tb rtl/tb/*.sv rtl/*.sv
// and run with
//   +dir=FOLDER      the layer's folder
//   +seed=N          of the pauses on every port (1)
//   +stall=PERCENT   share of cycles in which a port pauses, 0 to 99 (0)
//   +out=FILE        received output words, for `assay check` (received.mem)
//   +timeout=N       cycles without any transfer before giving up (100000)
// The last line is TEST PASSED, or names TEST FAILED; a failure also ends with an exit code that is
// not 0.
module assay_vectors_tb;
  `include "sizes.svh"

  localparam int WordBits = 8 * Channels;

  logic clk, rst_n;
  initial clk = 1'b0;
  always #5 clk = ~clk;

  // Ports //
  logic        awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  logic [11:0] awaddr, araddr;
  logic [31:0] wdata, rdata;
  logic [1:0]  bresp, rresp;
  logic        act_valid, act_ready, wgt_valid, wgt_ready, par_valid, par_ready;
  logic        out_valid, out_ready, out_last;
  logic [WordBits-1:0]    act_data, wgt_data, out_data, tap_out;
  logic [63:0]            par_data;
  logic                   tap_acc_valid, tap_out_valid;
  logic [15:0]            tap_acc_y, tap_acc_x, tap_acc_block, tap_out_y, tap_out_x, tap_out_block;
  logic [4*WordBits-1:0]  tap_acc;

  assay_engine #(
    .Pixels(Pixels), .Channels(Channels), .BankDepth(BankDepth), .WeightDepth(WeightDepth),
    .ParamBlocks(ParamBlocks), .ThresholdBlocks(ThresholdBlocks), .MaxKernel(MaxKernel),
    .MultiplierBits(MultiplierBits), .AddendBits(AddendBits), .AccBits(AccBits),
    .SizeBits(SizeBits), .StepBits(StepBits), .RequantLanes(RequantLanes),
    .PackedMultipliers(PackedMultipliers != 0), .TreeMultipliers(TreeMultipliers != 0),
    .WithAffine(WithAffine != 0), .WithCorrected(WithCorrected != 0),
    .WithThreshold(WithThreshold != 0), .WithInt4(WithInt4 != 0)
  ) u_engine (
    .clk_i(clk), .rst_ni(rst_n),
    .s_axil_awvalid(awvalid), .s_axil_awready(awready), .s_axil_awaddr(awaddr),
    .s_axil_wvalid(wvalid), .s_axil_wready(wready), .s_axil_wdata(wdata), .s_axil_wstrb(4'hf),
    .s_axil_bvalid(bvalid), .s_axil_bready(bready), .s_axil_bresp(bresp),
    .s_axil_arvalid(arvalid), .s_axil_arready(arready), .s_axil_araddr(araddr),
    .s_axil_rvalid(rvalid), .s_axil_rready(rready), .s_axil_rdata(rdata), .s_axil_rresp(rresp),
    .s_axis_act_tvalid(act_valid), .s_axis_act_tready(act_ready), .s_axis_act_tdata(act_data),
    .s_axis_wgt_tvalid(wgt_valid), .s_axis_wgt_tready(wgt_ready), .s_axis_wgt_tdata(wgt_data),
    .s_axis_par_tvalid(par_valid), .s_axis_par_tready(par_ready), .s_axis_par_tdata(par_data),
    .m_axis_out_tvalid(out_valid), .m_axis_out_tready(out_ready), .m_axis_out_tdata(out_data),
    .m_axis_out_tlast(out_last),
    .tap_acc_valid_o(tap_acc_valid), .tap_acc_y_o(tap_acc_y), .tap_acc_x_o(tap_acc_x),
    .tap_acc_block_o(tap_acc_block), .tap_acc_o(tap_acc),
    .tap_out_valid_o(tap_out_valid), .tap_out_y_o(tap_out_y), .tap_out_x_o(tap_out_x),
    .tap_out_block_o(tap_out_block), .tap_out_o(tap_out)
  );

  // Streams in //
  logic act_empty, wgt_empty, par_empty;

  assay_vectors_source #(
    .Width(WordBits), .Words(ActWords * Images), .Repeats(1), .Name("stream_act"), .Salt(1)
  ) u_act (
    .clk_i(clk), .rst_ni(rst_n), .tvalid_o(act_valid), .tready_i(act_ready), .tdata_o(act_data),
    .empty_o(act_empty)
  );
  assay_vectors_source #(
    .Width(WordBits), .Words(WgtWords), .Repeats(Images), .Name("stream_wgt"), .Salt(2)
  ) u_wgt (
    .clk_i(clk), .rst_ni(rst_n), .tvalid_o(wgt_valid), .tready_i(wgt_ready), .tdata_o(wgt_data),
    .empty_o(wgt_empty)
  );
  assay_vectors_source #(
    .Width(64), .Words(ParWords), .Repeats(Images), .Name("stream_par"), .Salt(3)
  ) u_par (
    .clk_i(clk), .rst_ni(rst_n), .tvalid_o(par_valid), .tready_i(par_ready), .tdata_o(par_data),
    .empty_o(par_empty)
  );

  // Stages compared with their files //
  integer out_count, out_errors, tap_out_count, tap_out_errors, tap_acc_count, tap_acc_errors;

  assay_vectors_checker #(
    .LaneBits(8), .Channels(Channels), .OutC(OutC), .Words(OutWords * Images),
    .Name("stream_out"), .CheckPlace(1'b0)
  ) u_check_out (
    .clk_i(clk), .rst_ni(rst_n), .valid_i(out_valid && out_ready), .y_i(16'd0), .x_i(16'd0),
    .block_i(16'd0), .data_i(out_data), .count_o(out_count), .errors_o(out_errors)
  );
  assay_vectors_checker #(
    .LaneBits(8), .Channels(Channels), .OutC(OutC), .Words(OutWords * Images),
    .Name("stream_out"), .CheckPlace(1'b1)
  ) u_check_tap_out (
    .clk_i(clk), .rst_ni(rst_n), .valid_i(tap_out_valid), .y_i(tap_out_y), .x_i(tap_out_x),
    .block_i(tap_out_block), .data_i(tap_out), .count_o(tap_out_count), .errors_o(tap_out_errors)
  );
  assay_vectors_checker #(
    .LaneBits(32), .Channels(Channels), .OutC(OutC), .Words(OutWords * Images),
    .Name("stream_acc"), .CheckPlace(1'b1)
  ) u_check_tap_acc (
    .clk_i(clk), .rst_ni(rst_n), .valid_i(tap_acc_valid), .y_i(tap_acc_y), .x_i(tap_acc_x),
    .block_i(tap_acc_block), .data_i(tap_acc), .count_o(tap_acc_count), .errors_o(tap_acc_errors)
  );

  // Protocol, unknown bits, the received file //
  integer errors, stall, seed, quiet, timeout, file, cycle, out_taken;
  string  path;

  task automatic fail(input string what);
    begin
      if (errors < 10) $display("ERROR in cycle %0d: %0s", cycle, what);
      errors = errors + 1;
    end
  endtask

  // After reset no control output is unknown in any cycle, and no payload while it is valid. (Data
  // registers have no reset: before their first use they hold what nobody may look at. Accumulators
  // of used lanes are covered by the comparison, in which an unknown bit is a mismatch.)
  logic controls_known, payload_known;
  assign controls_known =
      (^{awready, wready, bvalid, arready, rvalid, act_ready, wgt_ready, par_ready, out_valid,
         tap_acc_valid, tap_out_valid}) !== 1'bx;
  assign payload_known =
      !(out_valid === 1'b1 && (^{out_data, out_last}) === 1'bx) &&
      !(tap_out_valid === 1'b1 && (^{tap_out, tap_out_y, tap_out_x, tap_out_block}) === 1'bx) &&
      !(tap_acc_valid === 1'b1 && (^{tap_acc_y, tap_acc_x, tap_acc_block}) === 1'bx) &&
      !(bvalid === 1'b1 && (^bresp) === 1'bx) && !(rvalid === 1'b1 && (^{rdata, rresp}) === 1'bx);

  logic                held;
  logic [WordBits:0]   held_word;
  logic [31:0]         random, mixed_a, mixed_b, mixed;
  assign mixed_a = random ^ (random << 13);
  assign mixed_b = mixed_a ^ (mixed_a >> 17);
  assign mixed   = mixed_b ^ (mixed_b << 5);

  always @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      held      <= 1'b0;
      held_word <= '0;
      out_ready <= 1'b0;
      random    <= 32'd2463534242 ^ (seed * 32'd40503 + 32'd4 * 32'd9176);
    end else begin
      random    <= mixed;
      cycle = cycle + 1;
      out_ready <= !(32'(random[30:8]) % 32'd100 < stall);
      held      <= out_valid && !out_ready;
      held_word <= {out_last, out_data};
      if (!controls_known) fail("a control output is x or z");
      if (!payload_known) fail("a valid output or tap has an x or z bit");
      if (held && !(out_valid && {out_last, out_data} === held_word))
        fail("m_axis_out changed or withdrew a word that was not taken");
      if (out_valid && out_ready) begin
        $fdisplay(file, "%h", out_data);
        out_taken = out_taken + 1;
        if (out_last !== (out_taken % OutWords == 0)) fail("tlast is wrong");
      end
      quiet = (out_valid && out_ready || act_valid && act_ready || wgt_valid && wgt_ready ||
               par_valid && par_ready) ? 0 : quiet + 1;
      if (quiet > timeout) begin
        $display("act %0d, wgt %0d, par %0d empty; %0d of %0d output words", act_empty, wgt_empty,
                 par_empty, out_count, OutWords * Images);
        $fatal(1, "TEST FAILED: no transfer for %0d cycles", timeout);
      end
    end
  end

  // Control //
  logic        finished, refused;
  logic [7:0]  error;
  logic [31:0] cycles;

  assay_vectors_control #(.Writes(RegisterWrites), .Images(Images)) u_control (
    .clk_i(clk), .rst_ni(rst_n), .awvalid_o(awvalid), .awready_i(awready), .awaddr_o(awaddr),
    .wvalid_o(wvalid), .wready_i(wready), .wdata_o(wdata), .bvalid_i(bvalid), .bready_o(bready),
    .bresp_i(bresp), .arvalid_o(arvalid), .arready_i(arready), .araddr_o(araddr),
    .rvalid_i(rvalid), .rready_o(rready), .rdata_i(rdata), .rresp_i(rresp),
    .drained_i(out_count / OutWords), .finished_o(finished), .refused_o(refused),
    .error_o(error), .cycles_o(cycles)
  );

  task automatic check_count(input integer found, input integer expected, input string what);
    if (found != expected) begin
      $display("ERROR: %0d of %0d %0s", found, expected, what);
      errors = errors + 1;
    end
  endtask

  task automatic conclude;
    begin
      check_count(out_count, OutWords * Images, "output words");
      check_count(tap_out_count, OutWords * Images, "vectors of tap_out");
      check_count(tap_acc_count, OutWords * Images, "vectors of tap_acc");
      if (refused) fail("a register access was refused");
      if (!act_empty) fail("activation words are left over");
      if (!wgt_empty) fail("weight words are left over");
      if (!par_empty) fail("parameter words are left over");
      errors = errors + out_errors + tap_out_errors + tap_acc_errors;
      $display("%0d output words, %0d accumulator vectors, %0d cycles in the last image", out_count,
               tap_acc_count, cycles);
      if (errors != 0) $fatal(1, "TEST FAILED: %0d errors, stall %0d, seed %0d", errors, stall, seed);
      $display("TEST PASSED");
    end
  endtask

  initial begin
    errors = 0;
    quiet = 0;
    cycle = 0;
    out_taken = 0;
    if ($value$plusargs("seed=%d", seed) == 0) seed = 1;
    if ($value$plusargs("stall=%d", stall) == 0) stall = 0;
    if ($value$plusargs("timeout=%d", timeout) == 0) timeout = 100000;
    if ($value$plusargs("out=%s", path) == 0) path = "received.mem";
    file = $fopen(path, "w");
    if (file == 0) $fatal(1, "TEST FAILED: %0s cannot be written", path);
    rst_n = 1'b0;
    repeat (8) @(negedge clk);
    rst_n = 1'b1;
    while (!finished && error == 8'd0) @(negedge clk);
    if (error != 8'd0) $fatal(1, "TEST FAILED: the engine reports error %0d", error);
    repeat (1000) @(negedge clk);  // a word too many would come now
    $fclose(file);
    conclude;
    $finish;
  end
endmodule
