// Turns the array's results into vectors of one pixel and Channels output channels. Twin:
// golden/collector.h.
//
// reduce brings a tile as columns (all pixels of one channel), spread and depthwise bring it whole.
// Two tiles are held: one is collected while the other leaves, a vector a cycle.
module assay_collector #(
  parameter int Pixels      = 8,
  parameter int PixelBits   = 3,
  parameter int Channels    = 8,
  parameter int ChannelBits = 3,
  parameter int AccBits     = 32   // of the sums, which come and leave with 32
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  input  logic                          run_i,
  input  logic                          reduce_i,

  // Stage sum //
  input  logic                          last_i,      // the sums are complete
  output logic                          ready_o,
  input  logic                          end_i,       // and with them the tile
  input  logic [ChannelBits-1:0]        channel_i,
  input  logic [PixelBits:0]            count_i,     // pixels that count
  input  logic [32*Pixels*Channels-1:0] acc_i,
  input  logic [32*Pixels-1:0]          sum_i,

  output logic                          valid_o,
  input  logic                          ready_i,
  output logic [32*Channels-1:0]        acc_o        // channels beyond the last one: anything
);

  logic                   fill_q, drain_q;
  logic [1:0]             full_q;
  logic [PixelBits:0]     even_count_q, odd_count_q;
  logic [PixelBits-1:0]   pixel_q;
  logic                   valid_q;
  logic                   take, load, pixel_last;

  assign ready_o    = !full_q[fill_q];
  assign take       = last_i && ready_o;
  assign load       = full_q[drain_q] && (!valid_q || ready_i);
  assign pixel_last = {1'b0, pixel_q} == (drain_q ? odd_count_q : even_count_q) - 1'b1;
  assign valid_o    = valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fill_q  <= 1'b0;
      drain_q <= 1'b0;
      full_q  <= 2'b00;
      pixel_q <= '0;
      valid_q <= 1'b0;
    end else if (run_i) begin
      if (take && end_i) begin
        fill_q         <= !fill_q;
        full_q[fill_q] <= 1'b1;
      end
      if (load) begin
        pixel_q <= pixel_last ? '0 : pixel_q + 1'b1;
        if (pixel_last) begin
          drain_q         <= !drain_q;
          full_q[drain_q] <= 1'b0;
        end
      end
      valid_q <= load || (valid_q && !ready_i);
    end else begin
      fill_q  <= 1'b0;
      drain_q <= 1'b0;
      full_q  <= 2'b00;
      pixel_q <= '0;
      valid_q <= 1'b0;
    end
  end

  // Two tiles of columns: a column is one channel of all pixels //
  logic unused_sums;  // the bits above, copies of the highest one

  assign unused_sums = ^{acc_i, sum_i};

  for (genvar i = 0; i < Channels; i++) begin : gen_column
    logic [AccBits*Pixels-1:0] column, even_q, odd_q;
    logic [AccBits-1:0]        even, odd;  // of the pixel that leaves
    logic signed [AccBits-1:0] acc_q;

    assign even             = even_q[AccBits*pixel_q+:AccBits];
    assign odd              = odd_q[AccBits*pixel_q+:AccBits];
    always_comb acc_o[32*i+:32]  = 32'(acc_q);

    for (genvar j = 0; j < Pixels; j++) begin : gen_pixel
      assign column[AccBits*j+:AccBits] = reduce_i ? sum_i[32*j+:AccBits]
                                                   : acc_i[32*(Channels*j+i)+:AccBits];
    end

    always_ff @(posedge clk_i) begin
      if (take) begin
        if (!reduce_i || channel_i == ChannelBits'(i)) begin
          if (fill_q) odd_q <= column;
          else even_q <= column;
        end
      end
      if (load) acc_q <= drain_q ? odd : even;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      if (fill_q) odd_count_q <= count_i;
      else even_count_q <= count_i;
    end
  end

`ifdef FORMAL
  `include "assay_collector.svh"  // tests/formal
`endif

endmodule
