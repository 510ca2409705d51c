// Proof, inside assay_params: every word that is taken is written once, in the order of the stream, at
// its place: word w of the record of channel c goes to lane c mod Channels, in the slot of block
// c div Channels. A record is an error exactly when its header or its `first` does not fit the
// layer; that is told in the next cycle, in which nothing is taken. A block counts when its last word
// is taken, and its positions are stored before.
//
// Words, channels and slots are counted plainly. Assumed: what assay_setup makes of the number of
// channels; the layer stays while it runs; it runs from the cycle after load_i until all words are in
// or one is wrong (assay_control).

(* anyconst *) logic some_threshold, some_corrected;
(* anyconst *) logic [15:0] channels, blocks, slots;  // of the layer
(* hierconn *) logic [15:0] \u_ring.u_fill.slot_q , \u_ring.u_fill.block_q ;
(* hierconn *) logic        \u_ring.fill_q , \u_ring.early_q ;

logic        running, run_q, load_q, error_q, accepted, over;
logic [7:0]  word;      // of the record
logic [15:0] channel;
logic [15:0] slot;
logic [7:0]  record_words;
logic        ends_record, ends_block, ends_pass, wrong, wrong_q;

assign running      = rst_ni && run_i;
assign accepted     = s_axis_tvalid && s_axis_tready;
assign record_words = some_threshold ? 8'd130 : some_corrected ? 8'd8 : 8'd4;
assign ends_record  = word + 8'd1 == record_words;
assign ends_pass    = ends_record && channel + 16'd1 == channels;
assign ends_block   = ends_pass || (ends_record && (&channel[ChannelBits-1:0]));
assign wrong = (word == 8'd0 && (s_axis_tdata[7:0] != (some_threshold ? 8'd2 : some_corrected ? 8'd3 : 8'd1) ||
                                 s_axis_tdata[31:16] != 16'(record_words) - 16'd1 ||
                                 s_axis_tdata[47:32] != channel)) ||
               (word == 8'd1 && {{ChannelBits+1{1'b0}}, s_axis_tdata[47:32]} > first_max_i);

initial assume (!rst_ni);
initial {run_q, load_q, error_q, wrong_q, over} = 5'b00001;

always_ff @(posedge clk_i) begin
  run_q   <= running;
  load_q  <= rst_ni && load_i;
  error_q <= running && error_o;
  wrong_q <= running && accepted && wrong;
  over    <= !rst_ni || (load_i ? 1'b0 : over || (running && (error_o || finished_o)));
  if (!running) begin
    {word, channel, slot} <= '0;
  end else if (accepted) begin
    word <= ends_record ? 8'd0 : word + 8'd1;
    if (ends_record) channel <= ends_pass ? 16'd0 : channel + 16'd1;
    if (ends_block) slot <= ((slots >= blocks) ? ends_pass : slot + 16'd1 == slots) ? 16'd0 : slot + 16'd1;
  end
end

always_comb begin
  assume (threshold_i == some_threshold && corrected_i == some_corrected);
  assume (!(some_threshold && some_corrected));
  assume (channels != 16'd0 && slots != 16'd0);
  assume ({1'b0, blocks} == ({1'b0, channels} + 17'(Channels) - 17'd1) >> ChannelBits);
  assume (blocks_i == blocks && slots_i == slots);
  assume (16'(last_channels_i) == channels - ((blocks - 16'd1) << ChannelBits));
  if (load_i) assume (!run_i && over);
  if (run_i) assume (run_q ? !error_q : load_q);
  if (load_q) assume (run_i);
  if (run_q && !run_i) assume (over);
  if (rst_ni && !run_i && !load_q) assert (over && !\u_ring.fill_q && !s_axis_tready);
  if (rst_ni && over) assert (!\u_ring.fill_q );
  if (running) begin
    assert (!\u_ring.early_q );
    // What the module's counters stand for.
    assert (word < record_words && channel < channels && slot < slots);
    assert (word_q == word && channel_q == channel && lane_q == channel[ChannelBits-1:0]);
    assert (\u_ring.u_fill.block_q == channel >> ChannelBits && \u_ring.u_fill.slot_q == slot);
    if (slots >= blocks) assert (slot == channel >> ChannelBits);
    // Every word to its place, once.
    assert (write_o == accepted);
    if (write_o) begin
      assert (write_word_o == word && write_lane_o == channel[ChannelBits-1:0]);
      assert (ready);
    end
    assert (write_slot_o == slot[SlotBits-1:0]);
    assert (error_o == wrong_q && !(error_o && accepted));
    assert (fill_done == (accepted && ends_block));
    // Positions: one at a time, and before the block counts.
    if (accepted && (word == 8'd1 || ends_block)) assert (!first_busy);
    if (ready && !first_busy && !error_o) assert (s_axis_tready);
  end
  cover (running && accepted && ends_pass && channel == 16'd2 && slot == 16'd0 && slots == 16'd1);
  cover (running && error_o && word == 8'd2 && channel == 16'd1);
end
