// Proof, inside assay_phase: when it is done, what assay_taps.svh assumes of the split padding and
// dilation holds.
//
//   -pad = start quotient * stride + start phase, dilation = step quotient * stride + step phase,
//   0 <= phases < stride; slots are (quotient mod ring_rows) * pitch, phases phase * unit.
//
// Quotients, ring slots and phases are counted plainly. Shown for paddings, dilations and
// strides below 16 and 2^4 positions. Assumed: the inputs stay while it is busy; around = ring_rows * pitch, which
// with the phases fits the positions.

localparam int Limit = 16;  // paddings, dilations and strides below it

(* anyconst *) logic [PosBits-1:0] ring_rows;

logic               begun;   // there was a start
logic signed [8:0]  quotient_start, quotient_step;
logic [PosBits-1:0] slot_start, slot_step;
logic [7:0]         phase_start, phase_step;
logic [127:0]       layer, layer_q;

assign layer = 128'({pad_i, dilation_i, stride_i, pitch_i, around_i, unit_i});

initial assume (!rst_ni);
initial begun = 1'b0;

always_ff @(posedge clk_i) begin
  layer_q <= layer;
  begun   <= rst_ni && (begun || start_i);
  if (start_i) begin
    {quotient_start, quotient_step, slot_start, slot_step, phase_start, phase_step} <= '0;
  end else begin
    if (state_q == StStart && rest_q > 0) begin
      quotient_start <= quotient_start - 9'sd1;
      slot_start     <= (slot_start == '0) ? ring_rows - 1'b1 : slot_start - 1'b1;
    end
    if (state_q == StStartPhase && rest_q != 0) phase_start <= phase_start + 8'd1;
    if (state_q == StStep && rest_q >= stride) begin
      quotient_step <= quotient_step + 9'sd1;
      slot_step     <= (slot_step + 1'b1 == ring_rows) ? '0 : slot_step + 1'b1;
    end
    if (state_q == StStepPhase && rest_q != 0) phase_step <= phase_step + 8'd1;
  end
end

logic signed [10:0] start_sum, step_sum;  // what the quotients stand for
logic signed [10:0] pad, dilation, rest, width;
logic [7:0]         in_start_slot, in_step_slot, in_start_phase, in_step_phase, around;

assign pad       = $signed({3'd0, pad_i});
assign dilation  = $signed({3'd0, dilation_i});
assign width     = $signed({3'd0, stride_i});
assign rest      = 11'(rest_q);
assign start_sum = quotient_start * width;
assign step_sum  = quotient_step * width;
assign in_start_slot  = slot_start * pitch_i;
assign in_step_slot   = slot_step * pitch_i;
assign in_start_phase = phase_start * unit_i;
assign in_step_phase  = phase_step * unit_i;
assign around         = ring_rows * pitch_i;

always_comb begin
  assume (stride_i != 8'd0 && dilation_i != 8'd0 && ring_rows != '0 && pitch_i != '0);
  assume (pad_i < 8'(Limit) && dilation_i < 8'(Limit) && stride_i < 8'(Limit));
  assume (8'(around_i) == around && pitch_i <= (1 << PosBits));
  assume (around <= (1 << PosBits) && {4'd0, ring_rows} * {3'd0, pitch_i} <= (1 << PosBits));
  if (begun) assume (start_i || layer == layer_q);
  if (rst_ni && begun && !start_i) begin
    assert (slot_start < ring_rows && slot_step < ring_rows && state_q <= StStepPhase);
    assert (8'(start_slot_o) == in_start_slot && 8'(step_slot_o) == in_step_slot);
    assert (start_quotient_o == quotient_start[PosBits-1:0]);
    assert (step_quotient_o == quotient_step[PosBits-1:0]);
    assert (start_phase_o == in_start_phase[PosBits:0] && step_phase_o == in_step_phase[PosBits:0]);
    assert (quotient_start <= 0 && quotient_start >= -9'sd16);
    assert (quotient_step >= 0 && quotient_step <= 9'sd16);
    if (state_q == StStart) begin
      assert (rest == pad + start_sum && rest > -width && phase_start == 8'd0);
    end else if (state_q == StStartPhase) begin
      assert (rest >= 0 && rest + $signed({3'd0, phase_start}) == -pad - start_sum);
      assert (-pad - start_sum < width);
    end else begin
      assert ($signed({3'd0, phase_start}) == -pad - start_sum && phase_start < stride_i);
    end
    if (state_q == StStart || state_q == StStartPhase) begin
      assert (quotient_step == 0 && slot_step == '0 && phase_step == 8'd0);
    end else if (state_q == StStep) begin
      assert (rest == dilation - step_sum && rest >= 0 && phase_step == 8'd0);
    end else if (state_q == StStepPhase) begin
      assert (rest >= 0 && rest + $signed({3'd0, phase_step}) == dilation - step_sum);
      assert (dilation - step_sum < width);
    end else begin
      // Done.
      assert (!busy_o && $signed({3'd0, phase_step}) == dilation - step_sum);
      assert (phase_step < stride_i);
    end
  end
  cover (rst_ni && begun && !start_i && state_q == StIdle && phase_start == 8'd1 &&
         phase_step == 8'd1 && slot_start == 1 && slot_step == 1);
end
