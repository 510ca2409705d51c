// The planner: registers by hand, mappings of known layers, and the sentence of every refusal.
#include "golden/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "golden/registers.h"
#include "golden/sequence.h"
#include "tests/golden/engine_case.h"

namespace {

using assay_test::Case;

assay_engine_config Default() {
  return {"8x8", 8,    8,  1024,  16384, 16,   4,    7,  24, 56,
          true,  true, 32, false, 8,     true, true, 16, 8,  false};
}

void Fill(Case *c, const assay_conv_shape &shape) {
  c->engine = Default();
  c->conv.shape = shape;
  c->conv.x = {1.0, 3, ASSAY_QUINT8};
  c->lowered.kind = ASSAY_REQUANT_AFFINE;
  c->lowered.out_max = 255;
  c->channels.resize(static_cast<size_t>(shape.out_c > 0 ? shape.out_c : 1));
  c->Link();
}

assay_conv_shape Square(int32_t size, int32_t in_c, int32_t out_c, int32_t kernel, int32_t stride,
                        int32_t pad, int32_t groups) {
  return {size, size, in_c, out_c, kernel, kernel, stride, stride,
          1,    1,    pad,  pad,   pad,    pad,    groups};
}

assay_status Try(const Case &c, assay_plan *plan, std::string *reason) {
  char text[256] = "";
  const assay_status status =
      assay_plan_layer_as(&c.engine, &c.conv, &c.lowered, &c.wish, plan, text);
  *reason = text;
  return status;
}

assay_plan MustPlan(const assay_conv_shape &shape) {
  Case c;
  Fill(&c, shape);
  assay_plan plan = {};
  std::string reason;
  EXPECT_EQ(Try(c, &plan, &reason), ASSAY_OK) << reason;
  return plan;
}

TEST(Plan, RegistersByHand) {
  Case c;
  Fill(&c, {20, 30, 9, 10, 3, 5, 2, 1, 1, 3, 1, 2, 4, 6, 1});
  c.conv.x = {1.0, -100, ASSAY_QINT8};
  c.lowered.q_low = c.lowered.out_min = -128;
  c.lowered.out_max = 127;
  c.wish = {ASSAY_MODE_REDUCE, 1, 3, 1, 2};
  assay_plan plan = {};
  std::string reason;
  ASSERT_EQ(Try(c, &plan, &reason), ASSAY_OK) << reason;
  // out_y = (20 + 3 - 3) / 2 + 1 = 11; out_x = (30 + 10 - 13) + 1 = 28; pitch = 30.
  const std::map<uint32_t, uint32_t> expected = {
      {ASSAY_REG_MODE, 0x30},
      {ASSAY_REG_IN_SIZE, 20u << 16 | 30u},
      {ASSAY_REG_OUT_SIZE, 11u << 16 | 28u},
      {ASSAY_REG_CHANNELS, 10u << 16 | 2u},
      {ASSAY_REG_KERNEL, 2u << 16 | 3u << 8 | 5u},
      {ASSAY_REG_STEP, 1u << 24 | 3u << 16 | 2u << 8 | 1u},
      {ASSAY_REG_PAD, 28u << 16 | 1u << 8 | 4u},
      {ASSAY_REG_CLAMP, 127u << 16 | 0x180u},
      {ASSAY_REG_GROUP, 3u << 16 | 1u},
      {ASSAY_REG_PITCH, 30u},
      {ASSAY_REG_SLOTS, 2u << 16 | 1u},
      {ASSAY_REG_WEIGHT_BASE, 0u},
      {ASSAY_REG_CONTROL, 1u},
  };
  ASSERT_EQ(plan.write_count, 13u);
  EXPECT_EQ(plan.writes[12].address, static_cast<uint32_t>(ASSAY_REG_CONTROL));
  for (size_t i = 0; i < plan.write_count; i++) {
    EXPECT_EQ(plan.writes[i].value, expected.at(plan.writes[i].address)) << plan.writes[i].address;
  }
}

TEST(Plan, StreamLengthsByHand) {
  Case c;
  Fill(&c, {20, 30, 9, 10, 3, 5, 2, 1, 1, 3, 1, 2, 4, 6, 1});
  c.wish = {ASSAY_MODE_REDUCE, 1, 3, 1, 2};
  assay_plan plan = {};
  std::string reason;
  ASSERT_EQ(Try(c, &plan, &reason), ASSAY_OK) << reason;
  EXPECT_EQ(plan.activation_words, 20u * 30u * 2u);
  EXPECT_EQ(plan.weight_words, 11u * 10u * 3u * 5u * 2u);  // again for each of 11 row groups
  EXPECT_EQ(plan.param_words, 10u * 4u);                   // once
  EXPECT_EQ(plan.output_words, 11u * 28u * 2u);
}

uint32_t BaseRegister(const assay_plan &plan) {
  for (size_t i = 0; i < plan.write_count; i++) {
    if (plan.writes[i].address == ASSAY_REG_WEIGHT_BASE) return plan.writes[i].value;
  }
  return UINT32_MAX;
}

// 3x3, 8 -> 8 channels in reduce: one block of 8 * 9 = 72 words of 16,384.
TEST(Plan, WeightsLieAtTheOtherEndThanThoseBefore) {
  const assay_plan first = MustPlan(Square(32, 8, 8, 3, 1, 1, 1));
  assay_plan second = first, third = first;
  ASSERT_EQ(first.weight_base, 0);
  assay_plan_follow(&second, &first);
  EXPECT_EQ(second.weight_base, 16384 - 72);
  EXPECT_EQ(BaseRegister(second), 16384u - 72u);
  EXPECT_TRUE(assay_weights_apart(&first, &second));
  assay_plan_follow(&third, &second);
  EXPECT_EQ(third.weight_base, 0);
  EXPECT_EQ(BaseRegister(third), 0u);
}

TEST(Plan, WeightsThatTouchAreApartAndThatShareAWordAreNot) {
  const assay_plan first = MustPlan(Square(32, 8, 8, 3, 1, 1, 1));
  assay_plan second = first;
  for (const int32_t base : {71, 72}) {
    assay_plan_place(&second, base);
    EXPECT_EQ(assay_weights_apart(&first, &second), base == 72);
    EXPECT_EQ(assay_weights_apart(&second, &first), base == 72);
  }
}

// 1x1, 512 -> 512 in groups of 2 rows, all of 64 blocks of 8 * 64 words would need 32,768 words.
TEST(Plan, WeightsThatDoNotFitBesideThoseBeforeBeginAtZero) {
  assay_plan first = MustPlan(Square(32, 8, 8, 3, 1, 1, 1));
  assay_plan second = MustPlan(Square(8, 512, 512, 1, 1, 0, 1));
  second.weight_slots = 32;
  assay_plan_follow(&second, &first);
  EXPECT_EQ(second.weight_base, 0);
  EXPECT_FALSE(assay_weights_apart(&first, &second));
}

TEST(Plan, ModeIsTheCheaper) {
  EXPECT_EQ(MustPlan(Square(64, 1, 8, 3, 1, 1, 1)).mode, ASSAY_MODE_SPREAD);
  EXPECT_EQ(MustPlan(Square(64, 8, 1, 3, 1, 1, 1)).mode, ASSAY_MODE_REDUCE);
  EXPECT_EQ(MustPlan(Square(112, 3, 64, 7, 2, 3, 1)).mode, ASSAY_MODE_SPREAD);
  EXPECT_EQ(MustPlan(Square(28, 55, 25, 5, 2, 2, 1)).mode, ASSAY_MODE_REDUCE);
  EXPECT_EQ(MustPlan(Square(28, 96, 96, 3, 1, 1, 96)).mode, ASSAY_MODE_DEPTHWISE);
}

// 14 pixels in a row leave 2 of 16 lanes idle unless tiles run on into the next row.
TEST(Plan, OddRowsRunOn) {
  const assay_plan plan = MustPlan(Square(14, 256, 256, 1, 1, 0, 1));
  EXPECT_GT(plan.rows_per_group, 1);
  EXPECT_EQ((plan.pitch - 14) % 8, 0);
  EXPECT_EQ(plan.ring_rows * plan.pitch % 8, 0);
}

// What rtl/README.md and golden/registers.h demand of every accepted layer.
void ExpectLegal(const assay_plan &p) {
  const assay_conv_shape &s = p.shape;
  const int64_t positions = int64_t{p.in_blocks} * s.stride_x * s.stride_y * p.ring_rows * p.pitch;
  EXPECT_LE(positions, int64_t{p.engine.bank_depth} * p.engine.pixels);
  EXPECT_GE(p.pitch * s.stride_x, s.in_x);
  const int32_t window = (p.rows_per_group - 1) * s.stride_y + (s.kernel_y - 1) * s.dilation_y + 1;
  EXPECT_GE(p.ring_rows * s.stride_y, std::min(window, s.in_y));
  if (p.rows_per_group > 1) {
    EXPECT_EQ((p.pitch - assay_conv_out_x(&s)) % p.engine.pixels, 0);
    EXPECT_EQ(p.ring_rows * p.pitch % p.engine.pixels, 0);
  }
  const int32_t channels = p.mode == ASSAY_MODE_REDUCE ? std::min(p.engine.channels, s.out_c) : 1;
  const int32_t steps = channels * s.kernel_y * s.kernel_x * p.count;
  EXPECT_LE(p.weight_slots * (p.int4_weights ? (steps + 1) / 2 : steps), p.engine.weight_depth);
  EXPECT_GE(p.weight_slots, 1);
  EXPECT_GE(p.param_slots, 1);
  EXPECT_LE(p.param_slots,
            p.kind == ASSAY_REQUANT_THRESHOLD ? p.engine.threshold_blocks : p.engine.param_blocks);
}

TEST(Plan, EveryAcceptedLayerIsLegal) {
  const uint64_t seed = assay_test::Seed() + 1;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed - 1));
  int accepted = 0;
  for (int32_t id = 0; id < 1500; id++) {
    SCOPED_TRACE("case " + std::to_string(id));
    Case c;
    assay_test::MakeCase(seed, id, 1000000, &c);
    assay_plan plan = {};
    std::string reason;
    if (Try(c, &plan, &reason) != ASSAY_OK) continue;
    ExpectLegal(plan);
    accepted++;
  }
  EXPECT_GT(accepted, 1000);
}

struct Refusal {
  const char *name;
  void (*spoil)(Case *);
  assay_status status;
  const char *reason;
};

class PlanRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(PlanRefuses, WithOneSentence) {
  Case c;
  Fill(&c, Square(16, 8, 8, 3, 1, 1, 1));
  GetParam().spoil(&c);
  assay_plan plan = {};
  plan.cycles = 12345;
  std::string reason;
  EXPECT_EQ(Try(c, &plan, &reason), GetParam().status);
  EXPECT_EQ(reason, GetParam().reason);
  EXPECT_EQ(plan.cycles, 12345u) << "a refused plan must be left alone";
  EXPECT_EQ(assay_plan_layer_as(&c.engine, &c.conv, &c.lowered, &c.wish, &plan, nullptr),
            GetParam().status);
}

const Refusal kRefusals[] = {
    // 3 rows of 5000 positions in 8 banks: 1875 words.
    {"Width", [](Case *c) { c->conv.shape.in_x = 5000; }, ASSAY_ERROR_CAPACITY,
     "an image 5000 pixels wide needs 1875 words of each activation bank, expected at most 1024 as "
     "engine 8x8 has"},
    // 8 channels * 9 taps * 300 input blocks; 8 * 1 pixels would still fit the banks.
    {"Weights",
     [](Case *c) {
       c->conv.shape = Square(3, 2400, 8, 3, 1, 0, 1);
       c->engine.bank_depth = 4096;
     },
     ASSAY_ERROR_CAPACITY,
     "a block of 8 output channels needs 21600 words of the weight memory, expected at most 16384 "
     "as engine 8x8 has"},
    {"Int4",
     [](Case *c) {
       c->conv.int4_weights = true;
       c->weight.assign(8 * 8 * 9, -8);
       c->weight[8 * 9 + 5] = 8;
       c->conv.weight = c->weight.data();
     },
     ASSAY_ERROR_ARGUMENT, "a weight of channel 1 is 8; declared int4, -8 to 7 was expected"},
    {"Kernel", [](Case *c) { c->conv.shape.kernel_y = 8; }, ASSAY_ERROR_UNSUPPORTED,
     "the kernel height is 8, expected at most 7 as engine 8x8 takes"},
    {"Stride", [](Case *c) { c->conv.shape.stride_x = 5; }, ASSAY_ERROR_UNSUPPORTED,
     "the horizontal stride is 5, expected at most 4 as engine 8x8 takes"},
    {"Dilation", [](Case *c) { c->conv.shape.dilation_y = 5; }, ASSAY_ERROR_UNSUPPORTED,
     "the vertical dilation is 5, expected at most 4 as engine 8x8 takes"},
    {"Empty", [](Case *c) { c->conv.shape.in_y = 0; }, ASSAY_ERROR_ARGUMENT,
     "a size, stride, padding or dilation of the layer is out of range"},
    {"NoOutput", [](Case *c) { c->conv.shape.kernel_y = 60; }, ASSAY_ERROR_SHAPE,
     "a kernel of 60 rows by 3 columns leaves no output of 16 by 16"},
    {"Groups", [](Case *c) { c->conv.shape.groups = 3; }, ASSAY_ERROR_SHAPE,
     "3 groups do not divide 8 input and 8 output channels"},
    {"ZeroPoint", [](Case *c) { c->conv.x.zero_point = 256; }, ASSAY_ERROR_ARGUMENT,
     "the input zero point is 256; 0 to 255 was expected"},
    {"Clamp", [](Case *c) { c->lowered.out_min = 256; }, ASSAY_ERROR_ARGUMENT,
     "the clamp 256..255 is empty or leaves the output type, which begins at 0"},
    {"NoAffine", [](Case *c) { c->engine.affine = c->engine.corrected = false; },
     ASSAY_ERROR_UNSUPPORTED,
     "the layer needs the affine requantizer, which engine 8x8 does not have"},
    {"Multiplier", [](Case *c) { c->channels[5].affine.multiplier = 1 << 24; },
     ASSAY_ERROR_UNSUPPORTED,
     "the multiplier of channel 5 is 16777216; engine 8x8 takes 0 to 16777215"},
    {"Addend", [](Case *c) { c->channels[2].affine.addend = INT64_C(1) << 55; },
     ASSAY_ERROR_UNSUPPORTED,
     "the addend of channel 2 is 36028797018963968; engine 8x8 has 56 bits for it"},
    {"Shift", [](Case *c) { c->channels[7].affine.shift = 56; }, ASSAY_ERROR_ARGUMENT,
     "the shift of channel 7 is 56; 0 to 55 was expected"},
    {"NoCorrection",
     [](Case *c) {
       c->lowered.kind = ASSAY_REQUANT_CORRECTED;
       c->engine.corrected = false;
     },
     ASSAY_ERROR_UNSUPPORTED,
     "the layer needs the corrected requantizer, which engine 8x8 does not have"},
    {"CorrectionAlone", [](Case *c) { c->engine.affine = false; }, ASSAY_ERROR_ARGUMENT,
     "engine 8x8 has a parameter out of range"},
    {"Late",
     [](Case *c) {
       c->lowered.kind = ASSAY_REQUANT_CORRECTED;
       c->channels[3].late.bits[0] = 1;
     },
     ASSAY_ERROR_ARGUMENT,
     "channel 3 has a late level that is not in 1..255, or a multiplier above 2^shift"},
    {"NoList", [](Case *c) { c->lowered.kind = ASSAY_REQUANT_THRESHOLD; }, ASSAY_ERROR_ARGUMENT,
     "channel 0 has no threshold list, or one that decreases"},
    {"Lanes", [](Case *c) { c->engine.pixels = 6; }, ASSAY_ERROR_ARGUMENT,
     "engine 8x8 has a parameter out of range"},
    {"WishedMode", [](Case *c) { c->wish.mode = ASSAY_MODE_DEPTHWISE; }, ASSAY_ERROR_ARGUMENT,
     "the mapping that is asked for does not suit the layer"},
    {"WishedSlots", [](Case *c) { c->wish.weight_slots = 2; }, ASSAY_ERROR_CAPACITY,
     "2 blocks in the weight memory are asked for; 1 fit"},
    {"WishedStreamedSlots",
     [](Case *c) {
       Fill(c, Square(1, 8, 1600, 1, 1, 0, 1));
       c->wish.weight_slots = 65;
     },
     ASSAY_ERROR_CAPACITY, "65 blocks in the weight memory are asked for; 64 fit"},
};

INSTANTIATE_TEST_SUITE_P(All, PlanRefuses, testing::ValuesIn(kRefusals),
                         [](const auto &row) { return std::string(row.param.name); });

}  // namespace
