// Proof, inside assay_control: what the other proofs assume of a layer's life. The active layer stays
// from load_o until it is over; it is the one that was set up, and without error; it runs from the
// cycle after load_o until layer_done_i or record_error_i, at once. A description stays from
// setup_start_o until it is applied, refused or dropped; each is set up once. A layer that was
// started is done, refused, stopped or dropped: none is forgotten, at most two wait.
//
// Assumed: setup is done only after it began (assay_setup.svh); the registers ask only while hold_o is low
// (assay_registers.svh); a layer is done only while it runs.

logic [1:0]   waiting;     // layers asked for and not yet set up or copied: 0..2
logic         set_up;      // the copied one was handed to assay_setup
logic         running;
logic [383:0] copied;      // description of the copied one
logic         have_copy;
logic         run_q, load_q, apply_q, over_q;
logic [383:0] active_was_q, applied_was_q;
logic         settled;

assign settled = have_copy && set_up && setup_done_i && !running && !load_o;

initial assume (!rst_ni);
initial {have_copy, set_up, running, load_q, apply_q, run_q, over_q} = '0;

always_ff @(posedge clk_i) begin
  active_was_q  <= active_o;
  applied_was_q <= next_o;
  {load_q, apply_q, run_q} <= {3{rst_ni}} & {load_o, apply_o, run_o};
  over_q        <= rst_ni && run_o && (layer_done_i || record_error_i);
  if (!rst_ni) begin
    {waiting, have_copy, set_up, running} <= '0;
  end else begin
    running <= load_o || (running && !layer_done_i && !record_error_i);
    set_up  <= (have_copy && setup_start_o) || (set_up && !(apply_o || refuse) && !abort);
    if (abort) begin
      {waiting, have_copy, set_up} <= '0;
    end else begin
      waiting   <= waiting + 2'(start_i) - 2'(apply_o || refuse);
      have_copy <= take || (have_copy && !(apply_o || refuse));
    end
    if (take) copied <= describe_i;
  end
end

always_comb begin
  if (start_i) assume (!hold_o);
  if (layer_done_i || record_error_i) assume (run_o);
  if (rst_ni) begin
    assert (waiting == 2'(wanted_q) + 2'(pending_q) && waiting <= 2'd2);
    assert (have_copy == pending_q && set_up == (have_copy && !setup_start_o));
    if (have_copy) assert (next_o == copied);
    assert (running == run_o && !(load_o && run_o));
    // Applied: what was set up, without error, when nothing runs; then load, then run.
    if (apply_o) assert (settled && setup_error_i == 8'd0 && !run_o && !load_o);
    if (next_valid_o) assert (have_copy && set_up && setup_done_i && setup_error_i == 8'd0);
    assert (load_o == apply_q);
    if (apply_q) assert (active_o == applied_was_q);
    if (load_q) assert (run_o);
    if (run_q && !over_q) assert (run_o);
    if (over_q) assert (!run_o);
    if (run_o) assert (run_q || load_q);
    if (load_q || run_q) assert (active_o == active_was_q);
    // What waits goes on.
    if (wanted_q && !pending_q) assert (take);
    if (settled) assert (apply_o || (refuse && setup_error_i != 8'd0));
    assert (state_q != 2'd3);
    assert (busy_o == (waiting != 2'd0 || running || load_o));
  end
  cover (rst_ni && run_o && waiting == 2'd2);
  cover (rst_ni && run_q && over_q && have_copy && apply_o);
end
