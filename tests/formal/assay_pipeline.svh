// Proof, inside assay_pipeline: all stages stand still together. What enters leaves after four
// moves, in order, unchanged, once; nothing changes while move_i is low.
//
// Against a plain queue of four places.

localparam int AllBits = 3 + ChannelBits + PixelBits + 1;

logic [3:0]             there;
logic [AllBits-1:0]     entering, kept_0, kept_1, kept_2, kept_3;
logic                   stood_q;
logic [AllBits+5:0]     outputs, outputs_q;

initial assume (!rst_ni);
initial stood_q = 1'b0;
assign entering = {first_i, last_i, pass_end_i, channel_i, count_i};
assign outputs  = {address_valid_o, read_valid_o, operand_valid_o, sum_last_o, address_first_o,
                   read_first_o, operand_first_o, sum_end_o, sum_channel_o, sum_count_o};

always_ff @(posedge clk_i) begin
  if (!rst_ni || !run_i) begin
    there <= 4'd0;
  end else if (move_i) begin
    there <= {there[2:0], valid_i};
  end
  if (move_i) begin
    kept_0 <= entering;
    kept_1 <= kept_0;
    kept_2 <= kept_1;
    kept_3 <= kept_2;
  end
  stood_q   <= rst_ni && run_i && !move_i;
  outputs_q <= outputs;
end

always_comb begin
  if (rst_ni) begin
    assert ({sum_last_o, operand_valid_o, read_valid_o, address_valid_o} ==
            {there[3] && kept_3[AllBits-2], there[2:0]});
    assert (there == valid_q);
    if (there[0]) begin
      assert (address_first_o == kept_0[AllBits-1] && address_channel_o == channel_0);
      assert (first_q[0] == kept_0[AllBits-1] && last_q[0] == kept_0[AllBits-2]);
      assert (tag_q[TagBits-1:0] == kept_0[AllBits-3:0]);
    end
    if (there[1]) begin
      assert (read_first_o == kept_1[AllBits-1] && last_q[1] == kept_1[AllBits-2]);
      assert (first_q[1] == kept_1[AllBits-1] && tag_q[2*TagBits-1:TagBits] == kept_1[AllBits-3:0]);
    end
    if (there[2]) begin
      assert (operand_first_o == kept_2[AllBits-1] && last_q[2] == kept_2[AllBits-2]);
      assert (tag_q[3*TagBits-1:2*TagBits] == kept_2[AllBits-3:0]);
    end
    if (there[3]) begin
      assert (last_q[3] == kept_3[AllBits-2] && tag_q[4*TagBits-1:3*TagBits] == kept_3[AllBits-3:0]);
      assert ({sum_end_o, sum_channel_o, sum_count_o} == kept_3[AllBits-3:0]);
    end
    // Frozen as a whole.
    if (stood_q) assert (outputs == outputs_q);
    // What is read last is freed once, in the cycle of its read.
    if (!move_i) assert (!block_free_o && !group_free_o && !layer_free_o);
    if (there[0] && (block_end_q || group_end_q || layer_end_q)) assert (kept_0[AllBits-2]);
    if (layer_free_o || group_free_o || block_free_o) assert (there[0] && kept_0[AllBits-2]);
  end
  cover (rst_ni && stood_q && there == 4'hF && sum_last_o && sum_channel_o == ChannelBits'(1));
end

logic [ChannelBits-1:0] channel_0;
assign channel_0 = kept_0[PixelBits+1+:ChannelBits];
