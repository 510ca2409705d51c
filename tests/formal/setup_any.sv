// Stand-ins for assay_multiply and assay_phase in proofs: any result after any time. No twin.

module assay_multiply #(
  parameter int BitsA = 20,
  parameter int BitsB = 16,
  parameter int BitsY = 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             start_i,
  input  logic [BitsA-1:0] a_i,
  input  logic [BitsB-1:0] b_i,
  output logic             busy_o,
  output logic [BitsY-1:0] y_o
);

  (* anyseq *) logic             any_busy;
  (* anyseq *) logic [BitsY-1:0] any;
  logic                          busy;
  logic [BitsA-1:0]              a;  // the factors
  logic [BitsB-1:0]              b;

  assign busy_o = busy;

  always_ff @(posedge clk_i) begin
    busy <= rst_ni && (start_i ? b_i != '0 : busy && any_busy);
    if (start_i) {a, b, y_o} <= {a_i, b_i, any};
  end

endmodule

module assay_phase #(
  parameter int PosBits = 13,
  parameter int StepBits = 8
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               start_i,
  output logic               busy_o,
  input  logic [7:0]         pad_i,
  input  logic [7:0]         dilation_i,
  input  logic [7:0]         stride_i,
  input  logic [PosBits:0]   pitch_i,
  input  logic [PosBits:0]   around_i,
  input  logic [PosBits:0]   unit_i,
  output logic [PosBits-1:0] start_quotient_o,
  output logic [PosBits:0]   start_slot_o,
  output logic [PosBits:0]   start_phase_o,
  output logic [PosBits-1:0] step_quotient_o,
  output logic [PosBits:0]   step_slot_o,
  output logic [PosBits:0]   step_phase_o
);

  (* anyseq *) logic               any_busy;
  (* anyseq *) logic [6*PosBits+3:0] any;
  logic                            busy;
  logic                            begun;   // with the inputs that are kept
  logic [3*PosBits+26:0]           inputs;
  logic [6*PosBits+3:0]            results;

  assign busy_o = busy;
  assign {start_quotient_o, start_slot_o, start_phase_o, step_quotient_o, step_slot_o, step_phase_o} = results;

  always_ff @(posedge clk_i) begin
    busy  <= rst_ni && (start_i || (busy && any_busy));
    begun <= rst_ni && (begun || start_i);
    if (start_i) {inputs, results} <= {pad_i, dilation_i, stride_i, pitch_i, around_i, unit_i, any};
  end

endmodule
