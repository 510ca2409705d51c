#include "golden/synthesize.h"

#include <gtest/gtest.h>

#include "golden/affine.h"
#include "golden/lower.h"
#include "golden/threshold.h"
#include "golden/thresholds.h"
#include "tests/golden/random_channel.h"

namespace {

const assay_affine_limits kLimits = {24, 56, ASSAY_MAX_SHIFT};

assay_step_target Target(const assay_threshold_list *list, assay_interval range,
                         int32_t out_max = 255) {
  return {list, range, 0, 0, out_max};
}

// Whether some (M, B) with M < 2^bits at this shift has the wanted outputs, by trying all of them.
bool ExistsByTrial(const assay_threshold_list &list, assay_interval range, int32_t out_max,
                   int32_t shift, int32_t bits) {
  for (int32_t m = 0; m < 1 << bits; m++) {
    int64_t low = INT64_MIN / 2, high = INT64_MAX / 2;  // of the addend
    for (int64_t acc = range.lo; acc <= range.hi; acc++) {
      const int64_t y = assay_threshold_apply(&list, 0, static_cast<int32_t>(acc));
      if (y > 0) low = std::max(low, (y << shift) - m * acc);
      if (y < out_max) high = std::min(high, ((y + 1) << shift) - 1 - m * acc);
    }
    if (low <= high) return true;
  }
  return false;
}

// Thresholds on a straight line, of which a few are then moved by one.
assay_threshold_list RandomList(ChannelMaker *maker, int32_t levels, double spacing,
                                int32_t moved) {
  assay_threshold_list list;
  const double first = maker->Uniform(-30, 0);
  for (int32_t k = 0; k < 255; k++) {
    list.t[k] = k < levels ? static_cast<int32_t>(std::ceil(first + spacing * k)) : INT32_MAX;
  }
  for (int32_t i = 0; i < moved; i++) list.t[maker->Pick(levels)] += maker->Pick(3) - 1;
  return list;
}

// Exactness, least shift and fewest bits against trial of every (M, B, S) on small cases.
TEST(Synthesize, DecidesAsTrialOfAllParametersDoes) {
  constexpr uint64_t kSeed = 5;
  ChannelMaker maker(kSeed);
  int32_t exact = 0, impossible = 0;
  for (int32_t i = 0; i < 120; i++) {
    const assay_threshold_list list = RandomList(&maker, 6, maker.Uniform(3, 12), i % 4);
    const assay_interval range = {-40, 120};
    const assay_step_target target = Target(&list, range, 6);
    assay_synthesis s;
    ASSERT_EQ(assay_synthesize(&target, &kLimits, 0, &s), ASSAY_OK);
    if (s.verdict == ASSAY_SYNTHESIS_EXACT && s.affine.shift <= 9) {
      EXPECT_EQ(assay_affine_differing(&target, &s.affine), 0);
      EXPECT_TRUE(ExistsByTrial(list, range, 6, s.affine.shift, s.multiplier_bits));
      for (int32_t shift = 0; shift < s.affine.shift; shift++) {
        EXPECT_FALSE(ExistsByTrial(list, range, 6, shift, shift + 1)) << "seed " << kSeed;
      }
      exact++;
    } else if (s.verdict == ASSAY_SYNTHESIS_IMPOSSIBLE) {
      EXPECT_FALSE(ExistsByTrial(list, range, 6, 10, 9));
      EXPECT_TRUE(assay_constraints_conflict(s.conflict));
      for (const assay_constraint &c : s.conflict) {  // they are facts about the target
        const int32_t y = assay_threshold_apply(&list, 0, c.acc);
        EXPECT_EQ(y >= c.level, c.at_least);
      }
      impossible++;
    }
  }
  EXPECT_GE(exact, 20);
  EXPECT_GE(impossible, 20);
}

TEST(Synthesize, AnAffineTargetIsFoundAgain) {
  const assay_affine affine = {541813, 5791902590, 27};
  const assay_interval range = {-81377, 42553};
  assay_threshold_list list;
  assay_thresholds_of_affine(&affine, 0, 255, range, 0, &list);
  const assay_step_target target = Target(&list, range);
  assay_synthesis s;
  ASSERT_EQ(assay_synthesize(&target, &kLimits, 0, &s), ASSAY_OK);
  EXPECT_EQ(s.verdict, ASSAY_SYNTHESIS_EXACT);
  EXPECT_LE(s.affine.shift, 27);
  EXPECT_EQ(assay_affine_differing(&target, &s.affine), 0);
}

TEST(Synthesize, AConstantNeedsNoMultiplier) {
  assay_threshold_list list;
  for (int32_t k = 0; k < 255; k++) list.t[k] = k < 77 ? INT32_MIN : INT32_MAX;
  const assay_step_target target = Target(&list, {-1000, 1000});
  assay_synthesis s;
  ASSERT_EQ(assay_synthesize(&target, &kLimits, 0, &s), ASSAY_OK);
  EXPECT_EQ(s.verdict, ASSAY_SYNTHESIS_EXACT);
  EXPECT_EQ(s.affine.multiplier, 0);
  EXPECT_EQ(s.affine.addend >> s.affine.shift, 77);
}

// Fewest differing accumulators against trial of every (M, B) of a small width.
TEST(Synthesize, NearestIsTheBestOfAllParameters) {
  constexpr uint64_t kSeed = 11;
  ChannelMaker maker(kSeed);
  int32_t proved = 0;
  for (int32_t i = 0; i < 20; i++) {
    const assay_threshold_list list = RandomList(&maker, 6, maker.Uniform(14, 19), 3);
    const assay_interval range = {-60, 200};
    const assay_step_target target = Target(&list, range, 6);
    const assay_affine_limits limits = {5, 20, 8};
    assay_synthesis s;
    ASSERT_EQ(assay_synthesize(&target, &limits, 1 << 20, &s), ASSAY_OK);
    if (s.verdict == ASSAY_SYNTHESIS_EXACT || !s.fewest_proved) continue;
    int64_t best = INT64_MAX;
    for (int32_t shift = 0; shift <= 8; shift++) {
      for (int32_t m = 0; m < 32; m++) {
        for (int64_t b = (1 << shift) - 32 * m; b < (7 << shift) + 32 * m; b++) {
          const assay_affine affine = {m, b, shift};
          best = std::min(best, assay_affine_differing(&target, &affine));
        }
      }
    }
    EXPECT_EQ(s.differing, best) << "seed " << kSeed << " case " << i;
    proved++;
  }
  EXPECT_GE(proved, 5);
}

TEST(Synthesize, TooNarrowAMultiplierIsSaid) {
  const assay_affine affine = {541813, 5791902590, 27};
  const assay_interval range = {-81377, 42553};
  assay_threshold_list list;
  assay_thresholds_of_affine(&affine, 0, 255, range, 0, &list);
  const assay_step_target target = Target(&list, range);
  const assay_affine_limits limits = {12, 56, ASSAY_MAX_SHIFT};
  assay_synthesis s;
  ASSERT_EQ(assay_synthesize(&target, &limits, 1000, &s), ASSAY_OK);
  EXPECT_EQ(s.verdict, ASSAY_SYNTHESIS_WIDE);
  EXPECT_GT(s.multiplier_bits, 12);
  EXPECT_LE(s.multiplier_bits, 20);
  EXPECT_GT(s.differing, 0);
  EXPECT_LT(s.affine.multiplier, 1 << 12);
  EXPECT_EQ(assay_affine_differing(&target, &s.affine), s.differing);
}

TEST(Synthesize, BadLimitsAreRefused) {
  assay_threshold_list list = {};
  const assay_step_target target = Target(&list, {0, 1});
  assay_synthesis s;
  const assay_affine_limits wide = {32, 56, 46}, deep = {24, 56, 47};
  EXPECT_EQ(assay_synthesize(&target, &wide, 0, &s), ASSAY_ERROR_ARGUMENT);
  EXPECT_EQ(assay_synthesize(&target, &deep, 0, &s), ASSAY_ERROR_ARGUMENT);
}

}  // namespace
