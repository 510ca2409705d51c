// Stream words and parameter records, byte by byte, worked out by hand from rtl/README.md.
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "golden/block_ring.h"
#include "tests/golden/engine_case.h"

namespace {

using assay_test::Case;
using assay_test::EngineRun;
using Bytes = std::vector<uint8_t>;

// A 4x4 engine with a plain layer; weights count 1, 2, 3, ... in OHWI order, inputs likewise.
void Fill(Case *c, assay_conv_shape shape, assay_engine_config engine) {
  c->engine = engine;
  c->conv.shape = shape;
  c->conv.x.dtype = ASSAY_QUINT8;
  c->weight.resize(static_cast<size_t>(shape.out_c * assay_conv_taps(&shape)));
  c->x.resize(static_cast<size_t>(shape.in_y * shape.in_x * shape.in_c));
  std::iota(c->weight.begin(), c->weight.end(), static_cast<int8_t>(1));
  std::iota(c->x.begin(), c->x.end(), static_cast<uint8_t>(1));
  c->lowered.kind = ASSAY_REQUANT_AFFINE;
  c->lowered.out_max = 255;
  c->channels.resize(static_cast<size_t>(shape.out_c));
  c->Link();
}

void Plan(const Case &c, assay_plan *plan) {
  char reason[256] = "";
  ASSERT_EQ(assay_plan_layer_as(&c.engine, &c.conv, &c.lowered, &c.wish, plan, reason), ASSAY_OK)
      << reason;
}

assay_conv_shape Plain(int32_t in_y, int32_t in_x, int32_t in_c, int32_t out_c, int32_t kernel,
                       int32_t groups) {
  return {in_y, in_x, in_c, out_c, kernel, kernel, 1, 1, 1, 1, 0, 0, 0, 0, groups};
}

TEST(Stream, ActivationsByRowBlockColumn) {
  Case c;
  Fill(&c, Plain(2, 2, 5, 1, 1, 1), assay_test::Engine(4, 4, 64, 64, 1));
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  // Pixels: 1..5, 6..10 / 11..15, 16..20. Row 0 block 0, row 0 block 1, row 1 ...
  EXPECT_EQ(run.activations, (Bytes{1,  2,  3,  4,  6,  7,  8,  9,  5,  0, 0, 0, 10, 0, 0, 0,  //
                                    11, 12, 13, 14, 16, 17, 18, 19, 15, 0, 0, 0, 20, 0, 0, 0}));
}

TEST(Stream, WeightsOfReduceByChannelTapBlock) {
  Case c;
  Fill(&c, Plain(2, 2, 5, 2, 1, 1), assay_test::Engine(4, 4, 64, 64, 1));
  c.wish.mode = ASSAY_MODE_REDUCE;
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  EXPECT_EQ(plan.count, 2);
  // Channel 0: inputs 0..3, then 4; channel 1 likewise. No words for the missing channels 2 and 3.
  EXPECT_EQ(run.weights, (Bytes{1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8, 9, 10, 0, 0, 0}));
}

TEST(Stream, WeightsOfSpreadByTapInputChannel) {
  Case c;
  Fill(&c, {3, 3, 2, 5, 1, 2, 1, 1, 1, 1, 0, 0, 0, 0, 1}, assay_test::Engine(4, 4, 64, 64, 2));
  c.wish.mode = ASSAY_MODE_SPREAD;
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  EXPECT_EQ(plan.count, 2);
  // Channel oc has weights 4*oc + 1 .. 4*oc + 4 in the order (kx, ic) = (0,0) (0,1) (1,0) (1,1).
  EXPECT_EQ(run.weights, (Bytes{1,  5, 9, 13, 2,  6, 10, 14, 3,  7, 11, 15, 4,  8, 12, 16,
                                17, 0, 0, 0,  18, 0, 0,  0,  19, 0, 0,  0,  20, 0, 0,  0}));
}

TEST(Stream, WeightsOfDepthwiseOneAChannel) {
  Case c;
  Fill(&c, {3, 3, 5, 5, 1, 2, 1, 1, 1, 1, 0, 0, 0, 0, 5}, assay_test::Engine(4, 4, 64, 64, 2));
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  EXPECT_EQ(plan.mode, ASSAY_MODE_DEPTHWISE);
  EXPECT_EQ(plan.count, 1);
  EXPECT_EQ(run.weights, (Bytes{1, 3, 5, 7, 2, 4, 6, 8, 9, 0, 0, 0, 10, 0, 0, 0}));
  EXPECT_EQ(run.params[1] >> 32, 0u);
  EXPECT_EQ(run.params[4 * 4 + 1] >> 32, 1u);  // channel 4 reads input block 1
}

// Weights -3 .. 6 on an engine with int4: byte i is lane i, the first of two steps in the low
// nibble.
void FillInt4(Case *c, assay_conv_shape shape, assay_engine_mode mode) {
  Fill(c, shape, assay_test::Engine(4, 4, 64, 64, 2));
  c->engine.int4_weights = c->conv.int4_weights = true;
  c->wish.mode = mode;
  for (auto &w : c->weight) w = static_cast<int8_t>(w - 4);
}

// Channel 0: inputs -3 -2 -1 0, then 1; channel 1: 2 3 4 5, then 6. Steps (0, 1) and (2, 3) share a
// word: -3 | 1 << 4 = 0x1d, -2 = 0xe, -1 = 0xf; 2 | 6 << 4 = 0x62.
TEST(Stream, Int4WeightsOfReduceTwoStepsAWord) {
  Case c;
  FillInt4(&c, Plain(2, 2, 5, 2, 1, 1), ASSAY_MODE_REDUCE);
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  EXPECT_EQ(plan.weight_words, 2u);
  EXPECT_EQ(run.weights, (Bytes{0x1d, 0x0e, 0x0f, 0x00, 0x62, 0x03, 0x04, 0x05}));
  EXPECT_EQ(plan.writes[0].address, 0x40u);
  EXPECT_EQ(plan.writes[0].value >> 10 & 1, 1u);
}

// Three steps a block (one row of three taps): the second word has one step, its high nibbles are
// 0. Channels 0..3 have -3 -2 -1, 0 1 2, 3 4 5, 6 7 -8; the next block is one channel of 7 7 7.
TEST(Stream, Int4WeightsOfDepthwiseEndWithHalfAWord) {
  Case c;
  FillInt4(&c, {3, 3, 5, 5, 1, 3, 1, 1, 1, 1, 0, 0, 0, 0, 5}, ASSAY_MODE_DEPTHWISE);
  c.weight[11] = -8;
  c.weight[12] = c.weight[13] = c.weight[14] = 7;
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  EXPECT_EQ(plan.weight_words, 4u);
  EXPECT_EQ(run.weights, (Bytes{0xed, 0x10, 0x43, 0x76, 0x0f, 0x02, 0x05, 0x08,  //
                                0x77, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00}));
}

// Words of the steps above, read back with their signs.
TEST(Stream, Int4WeightsAreSignExtended) {
  Case c;
  FillInt4(&c, Plain(2, 2, 5, 2, 1, 1), ASSAY_MODE_REDUCE);
  assay_plan plan = {};
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  const Bytes words = {0x1d, 0x0e, 0x0f, 0x00, 0x87, 0x78, 0x00, 0xff};
  const int8_t expected[4][4] = {{-3, -2, -1, 0}, {1, 0, 0, 0}, {7, -8, 0, -1}, {-8, 7, 0, -1}};
  for (int64_t step = 0; step < 4; step++) {
    int8_t weights[16];
    assay_weights_read(&plan, words.data(), step, weights);
    for (size_t i = 0; i < 4; i++) EXPECT_EQ(weights[i], expected[step][i]) << step << " " << i;
  }
}

// The same layer on an engine that has none: int8 words, the same results.
TEST(Stream, Int4WeightsRunAsInt8WhereTheEngineHasNone) {
  Case c;
  FillInt4(&c, Plain(2, 2, 5, 2, 1, 1), ASSAY_MODE_REDUCE);
  c.engine.int4_weights = false;
  assay_plan plan = {};
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  EXPECT_FALSE(plan.int4_weights);
  EXPECT_EQ(plan.weight_words, 4u);
  EXPECT_EQ(plan.writes[0].value >> 10 & 1, 0u);
}

// Two groups of three input channels; channel 1 reads inputs 3..5, which lie in blocks 0 and 1.
TEST(Stream, GroupsCarryZerosAndTheirFirstBlock) {
  Case c;
  Fill(&c, Plain(1, 1, 6, 2, 1, 2), assay_test::Engine(4, 4, 64, 64, 1));
  c.wish.mode = ASSAY_MODE_REDUCE;
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  EXPECT_EQ(plan.count, 2);
  EXPECT_EQ(run.weights, (Bytes{1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 4, 5, 6, 0, 0}));
}

// Eight groups of one input and two output channels: a block of 4 outputs reads 2 inputs.
TEST(Stream, GroupsInSpreadBeginAtTheBlocksFirstGroup) {
  Case c;
  Fill(&c, Plain(1, 1, 8, 16, 1, 8), assay_test::Engine(4, 4, 64, 64, 4));
  c.wish.mode = ASSAY_MODE_SPREAD;
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  EXPECT_EQ(plan.count, 2);
  const Bytes begin(run.weights.begin(), run.weights.begin() + 16);
  EXPECT_EQ(begin, (Bytes{1, 2, 0, 0, 0, 0, 3, 4, 5, 6, 0, 0, 0, 0, 7, 8}));
  const uint32_t firsts[4] = {0, 2, 4, 6};
  for (size_t oc = 0; oc < 16; oc++) EXPECT_EQ(run.params[4 * oc + 1] >> 32, firsts[oc / 4]) << oc;
}

TEST(Stream, WeightsThatDoNotFitComeAgainForEveryRowGroup) {
  Case c;
  Fill(&c, Plain(3, 4, 4, 8, 1, 1), assay_test::Engine(4, 4, 64, 64, 2));
  c.wish = {ASSAY_MODE_REDUCE, 1, 0, 1, 1};  // 3 groups of one row, one slot for two blocks
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  ASSERT_EQ(run.weights.size(), 3u * 32u);
  ASSERT_EQ(run.params.size(), 3u * 32u);
  for (size_t i = 0; i < 96; i++) {
    EXPECT_EQ(run.weights[i], i % 32 + 1);
    EXPECT_EQ(run.params[i], run.params[i % 32]);
  }
}

TEST(Stream, AffineRecord) {
  Case c;
  Fill(&c, Plain(1, 1, 1, 2, 1, 1), assay_test::Engine(4, 4, 64, 64, 1));
  c.channels[1].acc_init = -2;
  c.channels[1].affine = {0x123456, -3, 37};
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  ASSERT_EQ(run.params.size(), 8u);
  EXPECT_EQ(run.params[0], 0x0000000000030001u);
  EXPECT_EQ(run.params[4], 0x0000000100030001u);
  EXPECT_EQ(run.params[5], 0x00000000FFFFFFFEu);
  EXPECT_EQ(run.params[6], 0xFFFFFFFFFFFFFFFDu);
  EXPECT_EQ(run.params[7], 0x0000002500123456u);
}

TEST(Stream, CorrectedRecord) {
  Case c;
  Fill(&c, Plain(1, 1, 1, 1, 1, 1), assay_test::Engine(4, 4, 64, 64, 1));
  c.lowered.kind = ASSAY_REQUANT_CORRECTED;
  c.channels[0].acc_init = 7;
  c.channels[0].affine = {3, -1, 2};
  c.channels[0].late = {{2, 0, 0, uint64_t{1} << 63}};  // levels 1 and 255
  c.Link();
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  ASSERT_EQ(run.params.size(), 8u);
  EXPECT_EQ(run.params[0], 0x0000000000070003u);
  EXPECT_EQ(run.params[1], 7u);
  EXPECT_EQ(run.params[2], 0xFFFFFFFFFFFFFFFFu);
  EXPECT_EQ(run.params[3], 0x0000000200000003u);
  EXPECT_EQ(run.params[4], 2u);
  EXPECT_EQ(run.params[5] | run.params[6], 0u);
  EXPECT_EQ(run.params[7], 0x8000000000000000u);
}

TEST(Stream, ThresholdRecord) {
  Case c;
  Fill(&c, Plain(1, 1, 1, 1, 1, 1), assay_test::Engine(4, 4, 64, 64, 1));
  c.lowered.kind = ASSAY_REQUANT_THRESHOLD;
  c.thresholds.resize(1);
  for (int32_t k = 0; k < 255; k++) c.thresholds[0].t[k] = k - 2;
  c.channels[0].acc_init = 7;
  c.Link();
  assay_plan plan = {};
  EngineRun run;
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  assay_test::MakeStreams(c, plan, &run);
  ASSERT_EQ(run.params.size(), 130u);
  EXPECT_EQ(run.params[0], 0x0000000000810002u);
  EXPECT_EQ(run.params[1], 7u);
  EXPECT_EQ(run.params[2], 0xFFFFFFFFFFFFFFFEu);    // t[1] = -1, t[0] = -2
  EXPECT_EQ(run.params[3], 0x0000000100000000u);    // t[3] = 1, t[2] = 0
  EXPECT_EQ(run.params[129], 0x00000000000000FCu);  // t[254] = 252
}

// 3 rows of 2 pixels, 5 channels, groups of two rows: group 0 gives rows 0, 1 of block 0, then of
// block 1; then row 2 of either.
TEST(Stream, OutputsByGroupBlockRowColumn) {
  Case c;
  Fill(&c, Plain(3, 2, 1, 5, 1, 1), assay_test::Engine(4, 4, 64, 64, 2));
  c.wish.rows_per_group = 2;
  assay_plan plan = {};
  ASSERT_NO_FATAL_FAILURE(Plan(c, &plan));
  ASSERT_EQ(plan.output_words, 12u);
  const int32_t places[12][3] = {{0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {1, 1, 0}, {0, 0, 1}, {0, 1, 1},
                                 {1, 0, 1}, {1, 1, 1}, {2, 0, 0}, {2, 1, 0}, {2, 0, 1}, {2, 1, 1}};
  for (size_t word = 0; word < 12; word++) {
    const assay_place place = assay_output_place(&plan, word);
    EXPECT_EQ(place.y, places[word][0]) << word;
    EXPECT_EQ(place.x, places[word][1]) << word;
    EXPECT_EQ(place.block, places[word][2]) << word;
  }
  Bytes y(30), words(48, 0xEE), back(30);
  std::iota(y.begin(), y.end(), static_cast<uint8_t>(1));
  assay_stream_outputs(&plan, y.data(), words.data());
  EXPECT_EQ(words, (Bytes{1,  2,  3,  4,  6,  7,  8,  9,  11, 12, 13, 14, 16, 17, 18, 19,
                          5,  0,  0,  0,  10, 0,  0,  0,  15, 0,  0,  0,  20, 0,  0,  0,
                          21, 22, 23, 24, 26, 27, 28, 29, 25, 0,  0,  0,  30, 0,  0,  0}));
  assay_unstream_outputs(&plan, words.data(), back.data());
  EXPECT_EQ(back, y);
}

}  // namespace
