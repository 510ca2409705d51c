// Failures as text: place, values in both notations, accumulator trail, replay command.
#include "sim/mismatch.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace {

assay_failure Failure(assay_failure_kind kind, assay_stage stage) {
  assay_failure f = {};
  f.kind = kind;
  f.stage = stage;
  f.layer = "conv2";
  f.layer_index = 1;
  f.n = 0;
  f.y = 3;
  f.x = 17;
  f.c = 5;
  f.cycle = 1234;
  f.layer_cycle = 800;
  return f;
}

std::string Line(const assay_failure &failure) {
  char text[512];
  EXPECT_LE(assay_mismatch_line(&failure, text, sizeof text), sizeof text);
  return text;
}

TEST(Mismatch, ValueIsGivenInHexadecimalAndSignedDecimal) {
  assay_failure f = Failure(ASSAY_FAILURE_VALUE, ASSAY_STAGE_ACC);
  f.expected = -2;
  f.actual = 1023;
  EXPECT_EQ(Line(f),
            "acc: value in layer conv2 (1) at n 0, y 3, x 17, c 5, cycle 1234 (800 of the layer): "
            "expected 0xfffffffe (-2), found 0x000003ff (1023)");
  f.stage = ASSAY_STAGE_OUTPUT;
  f.expected = 255;
  f.actual = 7;
  EXPECT_EQ(Line(f),
            "output: value in layer conv2 (1) at n 0, y 3, x 17, c 5, cycle 1234 (800 of the "
            "layer): expected 0xff (255), found 0x07 (7)");
}

TEST(Mismatch, KindsWithoutAPlaceNameNone) {
  assay_failure f = Failure(ASSAY_FAILURE_UNREAD, ASSAY_STAGE_NONE);
  f.port = ASSAY_PORT_WGT;
  f.expected = 100;
  f.actual = 99;
  EXPECT_EQ(Line(f),
            "unread in layer conv2 (1) at n 0, cycle 1234 (800 of the layer): port wgt took 99 of "
            "100 words");
}

TEST(Mismatch, EveryKindHasItsOwnLine) {
  std::array<std::string, ASSAY_FAILURE_TIMEOUT + 1> lines;
  for (size_t i = 0; i < lines.size(); ++i) {
    lines[i] = Line(Failure(static_cast<assay_failure_kind>(i), ASSAY_STAGE_OUTPUT));
    EXPECT_EQ(lines[i].find("unknown"), std::string::npos);
    for (size_t j = 0; j < i; ++j) EXPECT_NE(lines[i], lines[j]);
  }
}

TEST(Mismatch, ShortBufferIsTerminatedAndTheNeedIsReturned) {
  const assay_failure f = Failure(ASSAY_FAILURE_MISSING, ASSAY_STAGE_ACC);
  char text[8] = "1234567";
  const size_t need = assay_mismatch_line(&f, text, sizeof text);
  EXPECT_EQ(need, Line(f).size() + 1);
  EXPECT_STREQ(text, "acc: mi");
}

// One 1x3 kernel with one channel on a row of two pixels, padded left and right:
// acc = init + 22*3 + 10*(-4) + 20*5, in this order, with x_zp 22.
class MismatchTrailTest : public testing::Test {
 protected:
  MismatchTrailTest() {
    conv_.shape = {1, 2, 1, 1, 1, 3, 1, 1, 1, 1, 0, 0, 1, 1, 1};
    conv_.x = {1.0, 22, ASSAY_QUINT8};
    conv_.weight = weight_.data();
    channel_.acc_init = -22 * (3 - 4 + 5);
    channel_.affine = {3, 100, 2};
    lowered_ = {ASSAY_REQUANT_AFFINE, 0, 0, 255, &channel_};
    const assay_engine_config engine = {"8x8", 8,    8,  1024,  16384, 16,   4,    7,  24, 56,
                                        true,  true, 32, false, 8,     true, true, 16, 8,  false};
    EXPECT_EQ(assay_plan_layer(&engine, &conv_, &lowered_, &plan_, nullptr), ASSAY_OK);
    context_.plan = &plan_;
    context_.x = x_.data();
    context_.weight = weight_.data();
    context_.lowered = &lowered_;
    context_.replay = "assay replay 7";
    failure_ = Failure(ASSAY_FAILURE_VALUE, ASSAY_STAGE_ACC);
    failure_.y = failure_.x = failure_.c = 0;
  }
  std::string Text() {
    char text[2048];
    EXPECT_LE(assay_mismatch_text(&failure_, &context_, text, sizeof text), sizeof text);
    return text;
  }

  const std::array<int8_t, 3> weight_ = {3, -4, 5};
  const std::array<uint8_t, 2> x_ = {10, 20};
  assay_conv conv_ = {};
  assay_lowered_channel channel_ = {};
  assay_lowered lowered_ = {};
  assay_plan plan_ = {};
  assay_mismatch_context context_ = {};
  assay_failure failure_ = {};
};

TEST_F(MismatchTrailTest, ShowsEveryProductPaddingAndTheSum) {
  const std::string text = Text();
  // (22-22)*3 + (10-22)*(-4) + (20-22)*5 = 38
  EXPECT_NE(text.find("accumulator: starts at -88, 3 products"), std::string::npos) << text;
  EXPECT_NE(text.find("x   22 (padded) * w    3"), std::string::npos) << text;
  EXPECT_NE(text.find("x   10 * w   -4"), std::string::npos) << text;
  EXPECT_NE(text.find("x   20 * w    5"), std::string::npos) << text;
  EXPECT_NE(text.find("acc = 0x00000026 (38)"), std::string::npos) << text;
  EXPECT_NE(text.find("clamp((acc * 3 + 100) >> 2, 0, 255)"), std::string::npos) << text;
  EXPECT_NE(text.find("replay: assay replay 7\n"), std::string::npos) << text;
}

TEST_F(MismatchTrailTest, LongTrailsAreCutInTheMiddle) {
  context_.trail_head = context_.trail_tail = 1;
  const std::string text = Text();
  EXPECT_NE(text.find("... 1 more"), std::string::npos) << text;
  EXPECT_EQ(text.find("x   10 * w"), std::string::npos) << text;
  EXPECT_NE(text.find("x   20 * w"), std::string::npos) << text;
}

TEST_F(MismatchTrailTest, NoTrailForWhatHasNoAccumulator) {
  failure_.kind = ASSAY_FAILURE_MISSING;
  EXPECT_EQ(Text().find("accumulator"), std::string::npos);
}

}  // namespace
