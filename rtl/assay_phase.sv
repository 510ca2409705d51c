// Splits a padding and a dilation of one axis by the stride: quotient, ring offset, phase offset.
// No twin.
//
//   -pad     = start quotient * stride + start phase     (floor, so 0 <= phase < stride)
//   dilation = step quotient * stride + step phase
//
// Quotients are given modulo 2^PosBits and, for rows, as offsets in the ring: (quotient mod
// ring_rows) * pitch, kept by stepping around the ring. Phases are given as phase * unit. By
// repeated subtraction: about (pad + dilation) / stride + 2 * stride cycles.
module assay_phase #(
  parameter int PosBits  = 13,
  parameter int StepBits = 8
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                start_i,
  output logic                busy_o,
  input  logic [StepBits-1:0] pad_i,
  input  logic [StepBits-1:0] dilation_i,
  input  logic [StepBits-1:0] stride_i,
  input  logic [PosBits:0]    pitch_i,   // ring offset of one quotient
  input  logic [PosBits:0]    around_i,  // ring offset at which the ring closes
  input  logic [PosBits:0]    unit_i,
  output logic [PosBits-1:0]  start_quotient_o,
  output logic [PosBits:0]    start_slot_o,
  output logic [PosBits:0]    start_phase_o,
  output logic [PosBits-1:0]  step_quotient_o,
  output logic [PosBits:0]    step_slot_o,
  output logic [PosBits:0]    step_phase_o
);

  localparam logic [2:0] StIdle       = 3'd0;
  localparam logic [2:0] StStart      = 3'd1;
  localparam logic [2:0] StStartPhase = 3'd2;
  localparam logic [2:0] StStep       = 3'd3;
  localparam logic [2:0] StStepPhase  = 3'd4;

  localparam logic signed [StepBits+1:0] Zero = '0;
  localparam logic signed [StepBits+1:0] One  = 1;

  logic [2:0]                 state_q;
  logic signed [StepBits+1:0] rest_q;
  logic signed [StepBits+1:0] stride;
  logic [PosBits-1:0]         start_quotient_q, step_quotient_q;
  logic [PosBits:0]           start_slot_q, step_slot_q;
  logic [PosBits:0]           start_phase_q, step_phase_q;

  assign stride           = $signed({2'b00, stride_i});
  assign busy_o           = state_q != StIdle;
  assign start_quotient_o = start_quotient_q;
  assign start_slot_o     = start_slot_q;
  assign start_phase_o    = start_phase_q;
  assign step_quotient_o  = step_quotient_q;
  assign step_slot_o      = step_slot_q;
  assign step_phase_o     = step_phase_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q          <= StIdle;
      rest_q           <= Zero;
      start_quotient_q <= '0;
      start_slot_q     <= '0;
      start_phase_q    <= '0;
      step_quotient_q  <= '0;
      step_slot_q      <= '0;
      step_phase_q     <= '0;
    end else if (busy_o && !start_i) begin
      if (state_q == StStart && rest_q > Zero) begin
        start_quotient_q <= start_quotient_q - 1'b1;
        start_slot_q     <= (start_slot_q == '0) ? around_i - pitch_i : start_slot_q - pitch_i;
      end
      if (state_q == StStartPhase && rest_q != Zero) start_phase_q <= start_phase_q + unit_i;
      if (state_q == StStep && rest_q >= stride) begin
        step_quotient_q <= step_quotient_q + 1'b1;
        step_slot_q     <= (step_slot_q + pitch_i == around_i) ? '0 : step_slot_q + pitch_i;
      end
      if (state_q == StStepPhase && rest_q != Zero) step_phase_q <= step_phase_q + unit_i;
      rest_q  <= rest_next(state_q, rest_q);
      state_q <= state_next(state_q, rest_q);
    end else if (start_i) begin
      state_q          <= StStart;
      rest_q           <= $signed({2'b00, pad_i});
      start_quotient_q <= '0;
      start_slot_q     <= '0;
      start_phase_q    <= '0;
      step_quotient_q  <= '0;
      step_slot_q      <= '0;
      step_phase_q     <= '0;
    end
  end

  // What is left of the padding or the dilation //
  function automatic logic signed [StepBits+1:0] rest_next(input logic [2:0] state,
                                                  input logic signed [StepBits+1:0] rest);
    case (state)
      StStart:      rest_next = (rest > Zero) ? rest - stride : -rest;
      StStartPhase: rest_next = (rest != Zero) ? rest - One : $signed({2'b00, dilation_i});
      StStep:       rest_next = (rest >= stride) ? rest - stride : rest;
      default:      rest_next = (rest != Zero) ? rest - One : rest;
    endcase
  endfunction

  function automatic logic [2:0] state_next(input logic [2:0] state,
                                            input logic signed [StepBits+1:0] rest);
    case (state)
      StStart:      state_next = (rest > Zero) ? StStart : StStartPhase;
      StStartPhase: state_next = (rest != Zero) ? StStartPhase : StStep;
      StStep:       state_next = (rest >= stride) ? StStep : StStepPhase;
      default:      state_next = (rest != Zero) ? StStepPhase : StIdle;
    endcase
  endfunction

`ifdef FORMAL
  `include "assay_phase.svh"  // tests/formal
`endif

endmodule
