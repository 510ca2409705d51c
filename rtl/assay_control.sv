// Life of a layer: describe, set up, run, done; holds one layer queued behind the running one. No
// twin.
module assay_control (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         start_i,
  input  logic [383:0] describe_i,
  output logic         hold_o,    // a start waits for a free place: keep describe_i
  output logic         busy_o,
  output logic         done_o,
  output logic         queued_o,
  output logic [7:0]   error_o,
  output logic [31:0]  cycles_o,  // of the last finished layer

  output logic         setup_start_o,
  output logic [383:0] next_o,    // the layer that is being set up
  input  logic         setup_done_i,
  input  logic [7:0]   setup_error_i,

  output logic         next_valid_o,  // the next layer is set up, and legal
  output logic         apply_o,   // one cycle: what was set up becomes the active layer
  output logic         load_o,    // the cycle after
  output logic [383:0] active_o,
  output logic         run_o,     // low: all modules hold their initial state
  input  logic         layer_done_i,
  input  logic         record_error_i
);

  localparam logic [7:0] ErrorRecord = 8'd10;

  localparam logic [1:0] StIdle = 2'd0;
  localparam logic [1:0] StLoad = 2'd1;  // one cycle: initial values follow the active layer
  localparam logic [1:0] StRun  = 2'd2;

  logic [1:0]   state_q;
  logic         wanted_q;   // started, waits in the registers
  logic         pending_q;  // copied, being set up or waiting for the running layer
  logic         setup_start_q;
  logic [383:0] next_q;
  logic [383:0] active_q;
  logic         done_q;
  logic [7:0]   error_q;
  logic [31:0]  count_q;
  logic [31:0]  cycles_q;

  logic take;
  logic ready;
  logic settle;
  logic refuse;
  logic abort;

  assign take   = wanted_q && !pending_q;
  assign ready  = pending_q && !setup_start_q && setup_done_i;
  assign settle = ready && state_q == StIdle;
  assign refuse = settle && setup_error_i != 8'd0;
  assign abort  = state_q == StRun && record_error_i;

  assign next_valid_o  = ready && setup_error_i == 8'd0;
  assign apply_o       = settle && !refuse;
  assign load_o        = state_q == StLoad;
  assign hold_o        = wanted_q;
  assign busy_o        = state_q != StIdle || pending_q || wanted_q;
  assign queued_o      = wanted_q || (pending_q && state_q != StIdle);
  assign done_o        = done_q;
  assign error_o       = error_q;
  assign cycles_o      = cycles_q;
  assign setup_start_o = setup_start_q;
  assign next_o        = next_q;
  assign active_o      = active_q;
  assign run_o         = state_q == StRun;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q       <= StIdle;
      wanted_q      <= 1'b0;
      pending_q     <= 1'b0;
      setup_start_q <= 1'b0;
      next_q        <= '0;
      active_q      <= '0;
      done_q        <= 1'b0;
      error_q       <= 8'd0;
      count_q       <= 32'd0;
      cycles_q      <= 32'd0;
    end else begin
      setup_start_q <= take;
      if (take) next_q <= describe_i;
      if (apply_o) active_q <= next_q;

      wanted_q  <= (start_i || (wanted_q && !take)) && !abort;
      pending_q <= (take || (pending_q && !settle)) && !abort;

      if (apply_o) state_q <= StLoad;
      else if (state_q == StLoad) state_q <= StRun;
      else if (state_q == StRun && (layer_done_i || abort)) state_q <= StIdle;

      if (start_i && !busy_o) {done_q, error_q} <= 9'd0;
      else if (apply_o) {done_q, error_q} <= 9'd0;
      else if (refuse) {done_q, error_q} <= {1'b0, setup_error_i};
      else if (abort) {done_q, error_q} <= {1'b0, ErrorRecord};
      else if (state_q == StRun && layer_done_i) done_q <= 1'b1;

      // A queued layer is counted from the end of the one before.
      if (!busy_o || (state_q == StRun && layer_done_i)) count_q <= 32'd1;
      else count_q <= count_q + 32'd1;
      if (state_q == StRun && layer_done_i) cycles_q <= count_q;
    end
  end

`ifdef FORMAL
  `include "assay_control.svh"  // tests/formal
`endif

endmodule
