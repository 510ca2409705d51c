// Proof, inside assay_collector: every sum that counts leaves once, in order, in the vector of its
// pixel, at its channel; a tile gives exactly its count of vectors. A vector stays while it is not
// taken; one is offered as soon as a tile is complete, whatever ready_i is.
//
// One arbitrary pixel and channel stand for all; their values are kept in a plain queue of tiles.
// The test has 2 pixels and 2 channels; sums have 32 bits.
//
// Assumed: the mode stays while the layer runs; a tile counts 1..Pixels pixels. In reduce a tile may
// end without the chosen channel, as a layer's last block does: then nothing is said of that lane.

(* anyconst *) logic [PixelBits-1:0]   some_pixel;
(* anyconst *) logic [ChannelBits-1:0] some_channel;
(* anyconst *) logic                   some_mode;

logic [1:0]         tiles;                       // complete, not yet handed out
logic [PixelBits:0] left;                        // vectors of the oldest tile to be loaded
logic [31:0]        value_0, value_1, value_new; // oldest, second, the tile that is collected
logic               known_new;                   // has brought the value
logic [PixelBits:0] count_0, count_1;
logic               absent_0, absent_1, absent;  // the tile has not brought it
logic               comes, offered, offered_some;
logic [31:0]        coming, offered_value;
logic               stalled_q;
logic [32*Channels-1:0] stalled_acc_q;
logic               out_0;                       // the oldest tile is handed out

assign comes  = take && (!reduce_i || channel_i == some_channel);
assign coming = reduce_i ? sum_i[32*some_pixel+:32]
                         : acc_i[32*(Channels*some_pixel+some_channel)+:32];
assign absent = !known_new && !comes;
assign out_0  = load && left == 1;

initial assume (!rst_ni);
initial stalled_q = 1'b0;

always_ff @(posedge clk_i) begin
  stalled_q     <= rst_ni && run_i && valid_o && !ready_i;
  stalled_acc_q <= acc_o;
  if (!rst_ni || !run_i) begin
    tiles     <= 2'd0;
    offered   <= 1'b0;
    known_new <= 1'b0;
  end else begin
    tiles <= tiles + 2'(take && end_i) - 2'(out_0);
    if (comes) value_new <= coming;
    known_new <= (known_new || comes) && !(take && end_i);
    if (take && end_i && (tiles == 2'd0 || (tiles == 2'd1 && out_0))) begin
      {value_0, count_0, absent_0} <= {comes ? coming : value_new, count_i, absent};
      left <= count_i;
    end else if (out_0) begin
      {value_0, count_0, absent_0} <= {value_1, count_1, absent_1};
      left <= count_1;
    end else if (load) begin
      left <= left - 1'b1;
    end
    if (take && end_i) {value_1, count_1, absent_1} <= {comes ? coming : value_new, count_i, absent};
    offered <= load || (offered && !ready_i);
    if (load) begin
      offered_some  <= !absent_0 && count_0 - left == {1'b0, some_pixel};
      offered_value <= value_0;
    end
  end
end

// What the two halves hold for the chosen pixel and channel.
logic [32*Pixels*Channels-1:0] even_all, odd_all;
logic [31:0]                   stored_even, stored_odd, drained, other, filled;
logic [PixelBits:0]            drained_count, other_count;

for (genvar i = 0; i < Channels; i++) begin : gen_proof
  assign even_all[32*Pixels*i+:32*Pixels] = gen_column[i].even_q;
  assign odd_all[32*Pixels*i+:32*Pixels]  = gen_column[i].odd_q;
end

assign stored_even   = even_all[32*(Pixels*some_channel+some_pixel)+:32];
assign stored_odd    = odd_all[32*(Pixels*some_channel+some_pixel)+:32];
assign drained       = drain_q ? stored_odd : stored_even;
assign other         = drain_q ? stored_even : stored_odd;
assign filled        = fill_q ? stored_odd : stored_even;
assign drained_count = drain_q ? odd_count_q : even_count_q;
assign other_count   = drain_q ? even_count_q : odd_count_q;

always_comb begin
  assume (reduce_i == some_mode);
  if (take) assume (count_i != '0 && count_i <= (PixelBits + 1)'(Pixels));
  if (rst_ni && run_i) begin
    assert (tiles <= 2'd2 && offered == valid_o);
    assert (full_q[drain_q] == (tiles != 2'd0) && full_q[!drain_q] == (tiles == 2'd2));
    assert ((fill_q == drain_q) == (tiles != 2'd1));
    assert (ready_o == (tiles != 2'd2));
    if (tiles != 2'd0) begin
      assert (count_0 != '0 && count_0 <= (PixelBits + 1)'(Pixels) && left != '0 && left <= count_0);
      assert (drained_count == count_0 && {1'b0, pixel_q} == count_0 - left);
      if (!absent_0) assert (drained == value_0);
    end else begin
      assert (pixel_q == '0);
    end
    if (tiles == 2'd2) begin
      assert (count_1 != '0 && count_1 <= (PixelBits + 1)'(Pixels) && other_count == count_1);
      if (!absent_1) assert (other == value_1);
      assert (!known_new);
    end else if (known_new) begin
      assert (filled == value_new);
    end
    // What leaves.
    if (offered && offered_some) assert (acc_o[32*some_channel+:32] == offered_value);
    if (stalled_q) assert (valid_o && acc_o == stalled_acc_q);
    if (tiles != 2'd0 && !valid_o) assert (load);
  end
  cover (rst_ni && run_i && reduce_i && tiles == 2'd2 && stalled_q && offered_some &&
         count_0 == 2 && count_1 == 1 && value_0 == 32'd5 && value_1 == 32'd6);
  cover (rst_ni && run_i && reduce_i && offered && absent_0 && tiles != 2'd0);
end
