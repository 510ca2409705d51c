// Test bench: plays the words of a vector file into a stream, with random pauses. No twin.
module assay_vectors_source #(
  parameter int Width   = 64,  // bits of a word
  parameter int Words   = 1,   // words of the file
  parameter int Repeats = 1,   // times that the file is played
  parameter     Name    = "",  // file: +dir=FOLDER, then /Name.mem
  parameter int Salt    = 1    // makes pauses of different sources differ
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  output logic             tvalid_o,
  input  logic             tready_i,
  output logic [Width-1:0] tdata_o,
  output logic             empty_o    // every word was taken
);
  logic [Width-1:0] memory [0:Words-1];
  string  folder;
  string  path;
  integer seed;
  integer stall;

  initial begin
    if ($value$plusargs("dir=%s", folder) == 0) folder = ".";
    if ($value$plusargs("seed=%d", seed) == 0) seed = 1;
    if ($value$plusargs("stall=%d", stall) == 0) stall = 0;
    path = $sformatf("%0s/%0s.mem", folder, Name);
    $readmemh(path, memory);
    if ((^memory[Words-1]) === 1'bx) $fatal(1, "TEST FAILED: %0s has too few words", path);
  end

  // xorshift32 (Marsaglia 2003): the same pauses in every simulator.
  logic [31:0] random, mixed_a, mixed_b, mixed;
  assign mixed_a = random ^ (random << 13);
  assign mixed_b = mixed_a ^ (mixed_a >> 17);
  assign mixed   = mixed_b ^ (mixed_b << 5);

  logic pause;
  assign pause = 32'(random[30:8]) % 32'd100 < stall;

  // A word stays offered until it is taken; a pause can only begin after that.
  integer index;
  integer played;
  assign empty_o = played == Repeats;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      tvalid_o <= 1'b0;
      tdata_o  <= '0;
      index    <= 0;
      played   <= 0;
      random   <= 32'd2463534242 ^ (seed * 32'd40503 + Salt * 32'd9176);
    end else begin
      random <= mixed;
      if (!tvalid_o || tready_i) begin
        if (tvalid_o && index == 0) played <= played + 1;
        tvalid_o <= 1'b0;
        if (!pause && !(played + (tvalid_o && index == 0 ? 1 : 0) == Repeats)) begin
          tvalid_o <= 1'b1;
          tdata_o  <= memory[index];
          index    <= (index == Words - 1) ? 0 : index + 1;
        end
      end
    end
  end
endmodule
