// Proof, inside assay_finish: a vector leaves with the place (y, x, block) with which it came, its
// sums and the parameter slot of its block beside it; channels beyond the last are 0; the block's
// parameters are freed with its last vector and the layer's last vector is marked, each once.
//
// Against a plain queue; the requantizer is a queue too (requant_any.sv), of at most 4 vectors.
// The two counters of places are compared with what was kept when the vector came.
//
// Assumed: the layer stays while it runs, and has blocks and slots.

localparam int Entries   = 4;
localparam int StateBits = 80;
localparam int KeptBits  = StateBits + SlotBits + 4;

(* anyconst *) logic [ChannelBits-1:0] some_channel;
(* anyconst *) logic [15:0] width, height, blocks, rows, slots;
(* hierconn *) logic [3:0]                    \u_slices.gen_whole.u_requant.count ;
(* hierconn *) logic [Entries*8*Channels-1:0] \u_slices.gen_whole.u_requant.queue ;
(* hierconn *) logic [15:0] \u_acc_place.x_q , \u_acc_place.y_q , \u_acc_place.block_q ;
(* hierconn *) logic [15:0] \u_acc_place.group_row_q , \u_acc_place.group_y_q ;
(* hierconn *) logic [15:0] \u_out_place.x_q , \u_out_place.y_q , \u_out_place.block_q ;
(* hierconn *) logic [15:0] \u_out_place.group_row_q , \u_out_place.group_y_q ;
(* hierconn *) logic        \u_output.last_i ;
(* hierconn *) logic [15:0] \u_requant_slot.slot_q , \u_requant_slot.block_q ;

// Walk of the outputs: row group, block, row, x. A state is x, y, block, row of the group and the
// group's first row.
logic [StateBits-1:0] state_in, state_out, after_in, after_last;

function automatic logic [StateBits-1:0] after(input logic [StateBits-1:0] s);
  logic [15:0] x, y, block, row, first;
  logic        end_row, end_group;
  {x, y, block, row, first} = s;
  end_row   = x + 16'd1 == width;
  end_group = row + 16'd1 == rows || y + 16'd1 == height;
  if (!end_row) begin
    after = {x + 16'd1, y, block, row, first};
  end else if (!end_group) begin
    after = {16'd0, y + 16'd1, block, row + 16'd1, first};
  end else if (block + 16'd1 != blocks) begin
    after = {16'd0, first, block + 16'd1, 16'd0, first};
  end else begin
    after = {16'd0, y + 16'd1, 16'd0, 16'd0, y + 16'd1};
  end
endfunction

assign state_in  = {\u_acc_place.x_q , \u_acc_place.y_q , \u_acc_place.block_q ,
                    \u_acc_place.group_row_q , \u_acc_place.group_y_q };
assign state_out = {\u_out_place.x_q , \u_out_place.y_q , \u_out_place.block_q ,
                    \u_out_place.group_row_q , \u_out_place.group_y_q };

logic                        running;
logic [3:0]                  inside, at;
logic [KeptBits-1:0]         kept[Entries];
logic [KeptBits-1:0]         coming, oldest;
logic [15:0]                 slot;     // of the block that comes
logic                        slot_next;
logic                        last_x, last_of_block;
logic [7:0]                  result;

assign running   = rst_ni && run_i;
assign coming    = {state_in, slot[SlotBits-1:0], vector_acc_i[32*some_channel+:4]};
assign at        = inside - 4'(tap_out_valid_o);
assign oldest    = kept[0];
assign result    = {4'(oldest[4+:SlotBits]), oldest[3:0]};
assign slot_next = vector_move && after(state_in) != state_in &&
                   tap_acc_x_o + 16'd1 == width &&
                   (\u_acc_place.group_row_q + 16'd1 == rows || tap_acc_y_o + 16'd1 == height);

initial assume (!rst_ni);

always_ff @(posedge clk_i) begin
  if (!running) begin
    inside <= 4'd0;
    slot   <= 16'd0;
  end else begin
    inside <= at + 4'(vector_move);
    for (int n = 0; n < Entries; n++) begin
      if (vector_move && at == 4'(n)) kept[n] <= coming;
      else if (tap_out_valid_o && n < Entries - 1) kept[n] <= kept[(n+1)%Entries];
    end
    if (slot_next) begin
      slot <= ((slots >= blocks) ? tap_acc_block_o + 16'd1 == blocks : slot + 16'd1 == slots)
              ? 16'd0 : slot + 16'd1;
    end
  end
end

assign last_x        = tap_out_x_o + 16'd1 == width;
assign last_of_block = last_x && (\u_out_place.group_row_q + 16'd1 == rows ||
                                  tap_out_y_o + 16'd1 == height);

always_comb begin
  assume (blocks != 16'd0 && slots != 16'd0 && width != 16'd0 && height != 16'd0 && rows != 16'd0);
  assume (out_x_i == width && out_y_i == height && out_blocks_i == blocks);
  assume (rows_per_group_i == rows && param_slots_i == slots);
  if (running) begin
    assert (inside == \u_slices.gen_whole.u_requant.count && inside <= 4'(Entries));
    assert (slot < slots && \u_requant_slot.slot_q == slot);
    assert (requant_slot == slot[SlotBits-1:0] && \u_requant_slot.block_q == tap_acc_block_o);
    assert (tap_acc_block_o < blocks);
    if (slots >= blocks) assert (slot == tap_acc_block_o);
    assert (tap_acc_valid_o == (vector_valid_i && vector_ready_o));
    // What was kept are the places one after the other, from the one that leaves to the one that comes.
    if (inside == 4'd0) assert (state_in == state_out);
    for (int n = 0; n < Entries; n++) begin
      if (4'(n) < inside) begin
        assert (\u_slices.gen_whole.u_requant.queue [8*Channels*n+8*some_channel+:8] ==
                {4'(kept[n][4+:SlotBits]), kept[n][3:0]});
        if (n == 0) assert (kept[0][KeptBits-1-:StateBits] == state_out);
        else assert (kept[n][KeptBits-1-:StateBits] == after(kept[(n+Entries-1)%Entries][KeptBits-1-:StateBits]));
        if (4'(n) + 4'd1 == inside) assert (state_in == after(kept[n][KeptBits-1-:StateBits]));
      end
    end
    // What leaves.
    if (tap_out_valid_o) begin
      assert (inside != 4'd0);
      assert ({tap_out_x_o, tap_out_y_o, tap_out_block_o} == oldest[KeptBits-1-:48]);
      assert (tap_out_o[8*some_channel+:8] ==
              ((tap_out_block_o + 16'd1 == blocks && {1'b0, some_channel} >= last_channels_i) ? 8'd0
                                                                                              : result));
    end
    assert (params_free_o == (tap_out_valid_o && last_of_block));
    assert (\u_output.last_i == (last_of_block && tap_out_block_o + 16'd1 == blocks &&
                              tap_out_y_o + 16'd1 == height));
  end
  cover (running && tap_out_valid_o && out_layer_end && inside == 4'd2 && tap_out_block_o == 16'd1);
end
