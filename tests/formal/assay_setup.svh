// Proof, inside assay_setup with assay_rules: what a description that is not refused implies, from
// its registers to the values that the running layer gets. These are what the proofs of addresses, rows,
// weights and parameters assume of a layer:
//
//   - no field that counts something is 0, none is beyond its bound;
//   - the products are those of the fields, exact in 38 bits, and no output cuts one;
//   - the layer lies inside the banks: places = pitch * ring_rows * strides * blocks <= positions;
//   - its rows, its columns and its slots of weights fit; the weights' range is next_begin..next_end.
//
// Products come from a stand-in that gives anything (setup_any.sv); of an exact product only bounds
// are used. The engine is the largest that rtl/assay_engine.sv allows.
//
// Assumed: the description stays from start_i to the next start_i, and only a layer without error is
// applied (assay_control.svh).

localparam logic [39:0] Positions = 40'(BankDepth) * 40'(Pixels);
localparam logic [39:0] Memory    = 40'(WeightDepth);

(* hierconn *) logic [ProductBits-1:0] \u_multiply.a ;
(* hierconn *) logic [15:0] \u_multiply.b ;
(* hierconn *) logic        \u_row_phase.begun , \u_row_phase.busy ;
(* hierconn *) logic        \u_column_phase.begun , \u_column_phase.busy ;
(* hierconn *) logic [3*PosBits+26:0] \u_row_phase.inputs , \u_column_phase.inputs ;

logic         started, applied_q;
logic [383:0] next_q;
logic [39:0]  g[15];      // the product of each step
logic         legal;
logic [39:0]  steps_a_block, steps_last, a_block, last_block, slot_words;
logic [39:0]  a, b;       // factors of the step
logic [6*PosBits+4:0] unused_phases;

assign legal = rst_ni && started && !start_i && done_o && error_o == 8'd0;
assign steps_a_block = (mode == 2'd0) ? g[12] << ChannelBits : g[12];
assign steps_last    = g[13];
assign a_block       = int4 ? (steps_a_block + 40'd1) >> 1 : steps_a_block;
assign last_block    = int4 ? (steps_last + 40'd1) >> 1 : steps_last;
assign slot_words    = (out_c <= 16'(Channels)) ? last_block : a_block;

initial assume (!rst_ni);
initial {started, applied_q} = 2'b00;

always_ff @(posedge clk_i) begin
  started   <= rst_ni && (started || start_i);
  next_q    <= next_i;
  applied_q <= rst_ni && apply_i;
  for (int n = 0; n < 15; n++) if (next_step && step_q == 4'(n)) g[n] <= product;
end

always_comb begin
  {a, b} = '0;
  case (step_q)
    4'd0:  {a, b} = {40'(pitch), 40'(ring_rows)};
    4'd1:  {a, b} = {g[0], 40'(stride_y)};
    4'd2:  {a, b} = {g[1], 40'(stride_x)};
    4'd3:  {a, b} = {g[2], 40'(in_blocks)};
    4'd4:  {a, b} = {40'(ring_rows), 40'(stride_y)};
    4'd5:  {a, b} = {40'(rows_per_group), 40'(stride_y)};
    4'd6:  {a, b} = {40'(dilation_y), 40'(kernel_y) - 40'd1};
    4'd7:  {a, b} = {40'(out_y), 40'(stride_y)};
    4'd8:  {a, b} = {40'(dilation_x), 40'(kernel_x) - 40'd1};
    4'd9:  {a, b} = {40'(out_x), 40'(stride_x)};
    4'd10: {a, b} = {40'(pitch), 40'(stride_x)};
    4'd11: {a, b} = {40'(kernel_x), 40'(kernel_y)};
    4'd12: {a, b} = {g[11], 40'(count)};
    4'd13: {a, b} = {g[12], (mode == 2'd0) ? 40'(last_channels) : 40'd1};
    4'd14: {a, b} = {slot_words, 40'(weight_slots)};
    default: ;
  endcase
end

logic [39:0] y;
logic        exact;  // the product of these factors has at most 38 bits, as ProductBits of this engine
assign y     = product;
assign exact = (a < 40'(1) << 21 && b < 40'(1) << 16) || (a < 40'(1) << 30 && b < 40'd256);

always_comb begin
  if (rst_ni && started && !start_i) assume (next_i == next_q);
  if (apply_i) assume (legal);
  // Bounds of exact products of naturals that are not 0.
  if (next_step && error_q == 8'd0) begin
    case (step_q)
      4'd0:       assume (y >= 40'(pitch) && y >= 40'(ring_rows));
      4'd1:       assume (y >= g[0]);
      4'd2:       assume (y >= g[1]);
      4'd3:       assume (y >= g[2]);
      4'd4:       assume (y >= 40'(ring_rows) && (40'(ring_rows) > g[0] || y <= g[1]));  // g[1] = g[0] * b
      4'd5:       assume (y >= 40'(stride_y) && y < 40'(1) << 24);
      4'd6, 4'd8: assume (y < 40'(1) << 12);
      4'd7:       assume (y >= 40'(stride_y) && y < 40'(1) << 24);
      4'd9:       assume (y >= 40'(stride_x) && y < 40'(1) << 24);
      4'd11:      assume (y != 40'd0 && y < 40'(1) << 7);
      4'd12:      assume (y >= g[11] && y < 40'(1) << 23);
      4'd13:      assume (y >= g[12] && ((mode == 2'd0) ? y <= g[12] << ChannelBits : y == g[12]));
      4'd14:      assume (slot_words > Memory || (y >= slot_words && y < 40'(1) << 37));
      default: ;
    endcase
  end
end

always_comb begin
  if (rst_ni && started && !start_i) begin
    // The factors are the fields and the products before.
    assert (step_q <= 4'd15);
    if (busy_q && !check_q && !multiply && step_q != 4'd15) assert (\u_multiply.a == a && \u_multiply.b == b[15:0]);
    if ((check_q ? plain_error : error_q) == 8'd0 && (busy_q || step_q == 4'd15)) begin
      assert (in_x != 0 && in_y != 0 && out_x != 0 && out_y != 0 && in_blocks != 0 && out_c != 0);
      assert (kernel_x != 0 && kernel_x <= 8'(MaxKernel) && kernel_y != 0 && kernel_y <= 8'(MaxKernel));
      assert (stride_x != 0 && stride_y != 0 && dilation_x != 0 && dilation_y != 0);
      assert (mode != 2'd3 && count != 0 && 40'(count) <= 40'(count_max) && (mode != 2'd2 || count == 1));
      assert (rows_per_group != 0 && ring_rows != 0 && pitch != 0 && weight_slots != 0);
      assert (param_slots != 0 && param_slots <= (threshold ? 16'(ThresholdBlocks) : 16'(ParamBlocks)));
      assert ($signed(out_min) <= $signed(out_max));
    end
    if (check_q) assert (busy_q && step_q == 4'd0 && error_q == 8'd0);
    if (error_q == 8'd0 && busy_q && !check_q && step_q != 4'd15) assert (exact || step_q == 4'd14);
    if (busy_q && error_q != 8'd0) assert (multiply);  // the next step does not end
    if (!busy_q) assert (error_q != 8'd0 || step_q == 4'd15);
    // Each product is kept where it is used, while there is no error.
    if (error_q == 8'd0 && (busy_q || step_q == 4'd15)) begin
      if (step_q > 4'd0) assert (plane_q == g[0] && g[0] <= Positions && g[0] >= 40'(pitch) && g[0] >= 40'(ring_rows));
      if (step_q > 4'd0) begin
        assert (rows_per_group == 16'd1 || (g[0][$clog2(Pixels)-1:0] == '0 &&
                pitch[$clog2(Pixels)-1:0] == out_x[$clog2(Pixels)-1:0]));
      end
      if (step_q > 4'd1) assert (column_stride_q == g[1] && g[1] <= Positions && g[1] >= g[0]);
      if (step_q > 4'd2) assert (block_stride_q == g[2] && g[2] <= Positions && g[2] >= g[1]);
      if (step_q > 4'd3) assert (g[3] <= Positions && g[3] >= g[2]);
      if (step_q > 4'd4) assert (ring_in_q == g[4] && g[4] >= 40'(ring_rows) && g[4] <= g[1]);
      if (step_q > 4'd5) assert (group_in_q == g[5] && g[5] >= 40'(stride_y) && g[5] < 40'(1) << 24);
      if (step_q > 4'd6) begin
        assert (span_y_q == g[6] && g[6] < 40'd4096);
        assert (g[4] >= 40'(in_y) || g[6] + g[5] + 40'd1 <= g[4] + 40'(stride_y));
      end
      if (step_q > 4'd7) begin
        assert (g[7] >= 40'(stride_y) && g[7] - 40'(stride_y) + g[6] + 40'd1 <= 40'(in_y) + 40'(pad_top) + 40'd255);
        assert ($signed(need_last_q) == $signed(RowBits'(g[7] - 40'(stride_y) + g[6] - 40'(pad_top))));
      end
      if (step_q > 4'd8) assert (span_x_q == g[8] && g[8] < 40'd4096);
      if (step_q > 4'd9) begin
        assert (g[9] >= 40'(stride_x) && g[9] - 40'(stride_x) + g[8] + 40'd1 <= 40'(in_x) + 40'(pad_left) + 40'd255);
      end
      if (step_q > 4'd10) assert (g[10] >= 40'(in_x));
      if (step_q == 4'd12) assert (taps_q == g[11]);
      if (step_q > 4'd11) assert (g[11] != 40'd0 && g[11] < 40'd128);
      if (step_q > 4'd12) assert (taps_q == g[12] && g[12] >= g[11] && g[12] < 40'(1) << 23);
      if (step_q > 4'd13) begin
        assert (g[13] >= g[12] && g[13] <= steps_a_block);
        assert (words_slot_q == slot_words && words_last_q == last_block[WeightBits:0]);
      end
      if (step_q > 4'd14) begin
        assert (slot_words <= Memory && g[14] >= slot_words && g[14] + 40'(weight_base) <= Memory);
        assert (40'(weight_end_q) == g[14] + 40'(weight_base));
      end
    end
    // The paddings are split by the products, and that is done.
    if (error_q == 8'd0 && (busy_q || step_q == 4'd15) && step_q > 4'd2) begin
      assert (\u_row_phase.inputs == {pad_top, dilation_y, stride_y, (PosBits+1)'(pitch), g[0][PosBits:0], g[0][PosBits:0]});
      assert (\u_column_phase.inputs == {pad_left, dilation_x, stride_x, (PosBits+1)'(pitch), g[0][PosBits:0], g[1][PosBits:0]});
    end
    if (legal) assert (!\u_row_phase.busy && !\u_column_phase.busy && step_q == 4'd15);
    // What the weight memory gets early.
    if (legal) begin
      assert (40'(next_words_full_o) == slot_words && 40'(next_words_last_o) == last_block);
      assert (last_block != 40'd0 && last_block <= slot_words);
      assert (40'(next_weight_begin_o) == 40'(weight_base) && 40'(next_weight_end_o) == g[14] + 40'(weight_base));
      assert (next_slots_o == weight_slots && next_out_y_o == out_y && next_rows_per_group_o == rows_per_group);
      assert (17'(next_blocks_o) == (17'(out_c) + 17'(Channels) - 17'd1) / 17'(Channels));
    end
  end
  // What the running layer gets.
  if (rst_ni && applied_q && started && !start_i) begin
    assert (40'(plane_o) == g[0] && 40'(column_stride_o) == g[1] && 40'(block_stride_o) == g[2]);
    assert (ring_in_o > 0 && 40'($unsigned(ring_in_o)) == g[4] && ring_in_o <= RowBits'(1 << 20));
    assert (group_in_o > 0 && group_in_o < RowBits'(1 << 18));
    assert (40'($unsigned(group_in_o)) == g[5] || (g[5] >= 40'(1 << 18) && group_in_o == RowBits'((1 << 18) - 1)));
    assert (need_first_o >= RowBits'(-256) && need_first_o < RowBits'(1 << 19));
    assert (need_last_o >= RowBits'(-256) && need_last_o < RowBits'(1 << 17));
    assert (out_blocks_o == next_blocks_o && last_channels_o != '0);
    assert (32'(out_c) == (32'(out_blocks_o) - 32'd1) * 32'(Channels) + 32'(last_channels_o));
    assert (last_channels_o <= (ChannelBits+1)'(Channels));
    assert (40'(slot_words_o) == slot_words || (slot_words == Memory && slot_words_o == '0));
    assert (weight_begin_o == WeightBits'(weight_base) && weight_end_o == weight_end_q);
    assert (40'(first_max_o) + 40'(count) == 40'(count_max));
  end
  cover (rst_ni && started && step_q == 4'd2 && error_q == 8'd0 && g[1] == 40'd6);
end
