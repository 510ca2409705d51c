// Proof, inside assay_rows: no row of the ring is overwritten before its last use, and a row group
// begins only when its rows are in.
//
// One arbitrary row `some_row` stands for all. A group is known by g * group_in, kept by additions; it
// reads rows g * group_in - pad_top to need(g). Row r lies where row r + ring_in will lie.
//
// Assumed: the layer does not change while it runs, nor in the cycle before, and is one that assay_setup makes; a group begins
// only when ready_o is up and is freed after it began, in order; both end with the last group.

(* anyconst *) logic signed [RowBits-1:0] some_row;
(* anyconst *) logic signed [RowBits-1:0] some_group;  // group * group_in
(* anyconst *) logic signed [RowBits-1:0] last_group;  // of the layer

logic signed [RowBits-1:0] begun, freed;   // the next group to begin, to be freed
logic                      run_q, reset_q;
logic [127:0]              layer, layer_q;
logic signed [RowBits-1:0] bottom;         // the last row that the next group reads

initial assume (!rst_ni);
initial run_q = 1'b0;
assign layer = 128'({in_y_i, pad_top_i, ring_in_i, group_in_i, need_first_i, need_last_i});
assign bottom = (need_first_i + begun < need_last_i) ? need_first_i + begun : need_last_i;

always_ff @(posedge clk_i) begin
  run_q   <= rst_ni && run_i;
  reset_q <= !rst_ni;
  layer_q <= layer;
  if (!rst_ni || !run_i) begin
    begun <= '0;
    freed <= '0;
  end else begin
    if (group_begin_i) begun <= begun + group_in_i;
    if (group_free_i) freed <= freed + group_in_i;
  end
end

always_comb begin
  assume (in_y_i != 16'd0);
  assume (ring_in_i > 0 && ring_in_i <= RowBits'(1 << (RowBits - 2)));
  assume (group_in_i > 0 && group_in_i < RowBits'(1 << (RowBits - 4)));
  assume (need_first_i >= RowBits'(-256) && need_first_i < RowBits'(1 << (RowBits - 3)));
  assume (need_last_i >= RowBits'(-256) && need_last_i < RowBits'(1 << (RowBits - 5)));
  assume (last_group >= 0 && last_group < RowBits'(1 << (RowBits - 5)));
  assume (some_group >= 0 && some_group <= last_group);
  assume (some_row >= 0 && some_row < $signed(RowBits'(in_y_i)));
  if (run_i && rst_ni) assume (!reset_q && layer == layer_q);
  if (row_done_i) assume (accept_o);
  if (group_begin_i) assume (ready_o && begun <= last_group);
  if (group_free_i) assume (freed + group_in_i <= begun);
  assume (layer_free_i == (group_free_i && freed == last_group));
  if (rst_ni && run_i) begin
    if (!run_q) assert ({rows_q, begun, freed, drain_q} == '0);
    assert (rows_q >= 0 && rows_q <= $signed(RowBits'(in_y_i)));
    assert (freed >= 0 && freed <= begun && begun <= last_group + group_in_i);
    assert (first_q == freed - $signed(RowBits'(pad_top_i)));
    assert (need_q == need_first_i + begun);
    if (drain_q) assert (freed > last_group);
    // A row that a group reads stays until that group is freed: the one that takes its place waits.
    if (freed <= some_group && some_row >= some_group - $signed(RowBits'(pad_top_i))) begin
      if (accept_o) assert (rows_q < some_row + ring_in_i);
      assert (rows_q <= some_row + ring_in_i);
    end
    // A group begins when its rows are in.
    if (ready_o && some_row <= bottom) assert (rows_q > some_row);
    assert (finished_o == (rows_q == $signed(RowBits'(in_y_i))));
    // Once nothing is needed any more the rest is taken.
    if (drain_q && !finished_o) assert (accept_o);
  end
  cover (rst_ni && run_i && freed == some_group && begun > some_group && group_in_i == 2 &&
         rows_q == some_row + ring_in_i && some_group == 2);
  cover (rst_ni && run_i && drain_q && finished_o);
end
