// Test bench: compares vectors of one stage with a vector file, in order. No twin.
module assay_vectors_checker #(
  parameter int LaneBits   = 8,   // bits of one value
  parameter int Channels   = 8,   // values of a vector
  parameter int OutC       = 8,   // channels of the layer; lanes beyond are not compared
  parameter int Words      = 1,   // vectors of the file
  parameter     Name       = "",  // file: +dir=FOLDER, then /Name.mem; places.mem beside it
  parameter bit CheckPlace = 1'b1  // compare coordinates as well
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         valid_i,
  input  logic [15:0]                  y_i,
  input  logic [15:0]                  x_i,
  input  logic [15:0]                  block_i,
  input  logic [LaneBits*Channels-1:0] data_i,
  output integer                       count_o,  // vectors seen
  output integer                       errors_o
);
  localparam int Width = LaneBits * Channels;

  logic [Width-1:0] expected [0:Words-1];
  logic [127:0]     places   [0:Words-1];  // x, y, block, n from bit 0, 32 bits each
  string folder;
  string path;

  initial begin
    if ($value$plusargs("dir=%s", folder) == 0) folder = ".";
    path = $sformatf("%0s/%0s.mem", folder, Name);
    $readmemh(path, expected);
    if ((^expected[Words-1]) === 1'bx) $fatal(1, "TEST FAILED: %0s has too few words", path);
    path = $sformatf("%0s/places.mem", folder);
    $readmemh(path, places);
    if ((^places[Words-1]) === 1'bx) $fatal(1, "TEST FAILED: %0s has too few words", path);
  end

  integer lane;
  logic   wrong, used;

  initial begin
    count_o  = 0;
    errors_o = 0;
  end

  task automatic complain(input [127:0] place, input integer at);
    if (errors_o < 10)
      $display("MISMATCH %0s (n %0d, y %0d, x %0d, c %0d): expected %h, found %h%0s, word %0d", Name,
               place[127:96], place[63:32], place[31:0], place[95:64] * Channels + at,
               expected[count_o][at*LaneBits +: LaneBits], data_i[at*LaneBits +: LaneBits],
               CheckPlace ? $sformatf(" tagged (y %0d, x %0d, block %0d)", y_i, x_i, block_i) : "",
               count_o);
    errors_o = errors_o + 1;
  endtask

  // Unused lanes are compared where they are bytes: the stream promises 0 there.
  task automatic compare(input [127:0] place);
    for (lane = 0; lane < Channels; lane = lane + 1) begin
      used  = LaneBits == 8 || place[95:64] * Channels + lane < OutC;
      wrong = data_i[lane*LaneBits +: LaneBits] !== expected[count_o][lane*LaneBits +: LaneBits];
      if (used && wrong) complain(place, lane);
    end
    if (CheckPlace && {block_i, y_i, x_i} !== {place[79:64], place[47:32], place[15:0]})
      complain(place, 0);
  endtask

  always @(posedge clk_i) begin
    if (rst_ni && valid_i) begin
      if (count_o < Words) begin
        compare(places[count_o]);
      end else begin
        if (errors_o < 10) $display("MISMATCH %0s: vector %0d, expected %0d", Name, count_o, Words);
        errors_o = errors_o + 1;
      end
      count_o = count_o + 1;
    end
  end
endmodule
