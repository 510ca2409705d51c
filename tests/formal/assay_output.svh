// Proof, inside assay_output: a queue of at most two words; nothing is lost, doubled or reordered,
// and the word on the port stays while it is not taken.

logic [1:0]          held;  // the same queue, written down plainly
logic [8*Channels:0] oldest, second;
logic [8*Channels:0] entering;
logic                stalled_q;
logic [8*Channels:0] stalled_word_q;

initial held = 2'd0;
initial stalled_q = 1'b0;
initial assume (!rst_ni);

assign entering = {last_i, y_o};

always_ff @(posedge clk_i) begin
  if (!rst_ni) begin
    held <= 2'd0;
  end else begin
    held <= held + 2'(take) - 2'(leave);
    if (take && (held == 2'd0 || (held == 2'd1 && leave))) oldest <= entering;
    else if (leave) oldest <= second;
    if (take) second <= entering;
  end
  stalled_q      <= rst_ni && m_axis_tvalid && !m_axis_tready;
  stalled_word_q <= {m_axis_tlast, m_axis_tdata};
end

always_comb begin
  if (rst_ni) begin
    assert (held <= 2'd2);
    assert (valid_q == (held != 2'd0) && spare_q == (held == 2'd2));
    if (held != 2'd0) assert (word_q == oldest);
    if (held == 2'd2) assert (spare_word_q == second);
    if (take) assert (held != 2'd2);
    if (stalled_q) assert (m_axis_tvalid && {m_axis_tlast, m_axis_tdata} == stalled_word_q);
  end
  cover (rst_ni && held == 2'd2 && leave);
end
