// Stand-in for assay_requant in proofs: a queue that takes and offers whenever it likes, as
// assay_requant.svh shows that the module does; results tell sum and slot. No twin.
module assay_requant #(
  parameter int Channels       = 8,
  parameter int ChannelBits    = 3,
  parameter int SlotBits       = 4,
  parameter int AffineBits     = 4,
  parameter int ThresholdBits  = 2,
  parameter int AccBits        = 32,
  parameter int MultiplierBits = 24,
  parameter int AddendBits     = 56,
  parameter bit PackedMultipliers = 1'b0,
  parameter bit TreeMultipliers = 1'b0,
  parameter bit WithAffine     = 1'b1,
  parameter bit WithCorrected  = 1'b1,
  parameter bit WithThreshold  = 1'b1
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   run_i,
  input  logic                   threshold_i,
  input  logic                   corrected_i,
  input  logic                   signed_i,
  input  logic [8:0]             out_min_i,
  input  logic [8:0]             out_max_i,
  input  logic                   write_i,
  input  logic [ChannelBits-1:0] write_lane_i,
  input  logic [SlotBits-1:0]    write_slot_i,
  input  logic [7:0]             write_word_i,
  input  logic [63:0]            write_data_i,
  input  logic                   valid_i,
  output logic                   ready_o,
  input  logic [SlotBits-1:0]    slot_i,
  input  logic [32*Channels-1:0] acc_i,
  output logic                   valid_o,
  input  logic                   ready_i,
  output logic [8*Channels-1:0]  y_o
);

  localparam int Entries = 4;  // the module holds up to 9; nothing here depends on it

  (* anyseq *) logic             any_ready, any_valid;
  logic                          offered_q;
  logic [3:0]                    count;
  logic [Entries*8*Channels-1:0] queue;  // oldest first
  logic [8*Channels-1:0]         entering;

  assign ready_o = any_ready && (count != 4'(Entries) || (valid_o && ready_i));
  assign valid_o = count != 4'd0 && (any_valid || offered_q);
  assign y_o     = queue[8*Channels-1:0];

  for (genvar i = 0; i < Channels; i++) begin : gen_lane
    assign entering[8*i+:8] = {4'(slot_i), acc_i[32*i+:4]};
  end

  logic [3:0] at;  // where the next one goes
  assign at = count - 4'(valid_o && ready_i);

  always_ff @(posedge clk_i) begin
    offered_q <= rst_ni && run_i && valid_o && !ready_i;
    count     <= (rst_ni && run_i) ? at + 4'(valid_i && ready_o) : 4'd0;
    for (int n = 0; n < Entries; n++) begin
      if (valid_i && ready_o && at == 4'(n)) queue[8*Channels*n+:8*Channels] <= entering;
      else if (valid_o && ready_i && n < Entries - 1) begin
        queue[8*Channels*n+:8*Channels] <= queue[8*Channels*((n+1)%Entries)+:8*Channels];
      end
    end
  end

endmodule
