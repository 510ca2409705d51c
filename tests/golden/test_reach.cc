#include "golden/reach.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/golden/random_channel.h"
#include "tests/golden/taps.h"

namespace {

// All reachable sums, by adding one tap after the other.
std::vector<bool> AllSums(const assay_taps &taps, assay_interval bounds) {
  std::vector<bool> reached(static_cast<size_t>(bounds.hi - bounds.lo + 1));
  const auto at = [&](int64_t acc) { return static_cast<size_t>(acc - bounds.lo); };
  reached[at(0)] = true;
  for (int32_t i = 0; i < taps.in_c; i++) {
    std::vector<bool> next(reached.size());
    for (int64_t acc = bounds.lo; acc <= bounds.hi; acc++) {
      if (!reached[at(acc)]) continue;
      for (int32_t x = taps.x_min; x <= taps.x_max; x++) {
        next[at(acc + taps.weight[i] * (x - taps.x_zp))] = true;
      }
    }
    reached = next;
  }
  return reached;
}

void ExpectDecided(const std::vector<int8_t> &weight, int32_t x_min, int32_t x_max, int32_t x_zp) {
  const assay_taps taps = Line(weight, x_min, x_max, x_zp);
  assay_reach reach;
  assay_reach_prepare(&taps, &reach);
  ASSERT_TRUE(reach.complete);
  const std::vector<bool> all = AllSums(taps, reach.bounds);
  std::vector<uint8_t> patch(weight.size());
  int64_t count = 0;
  for (int64_t acc = reach.bounds.lo; acc <= reach.bounds.hi; acc++) {
    const bool expected = all[static_cast<size_t>(acc - reach.bounds.lo)];
    const assay_reachability answer = expected ? ASSAY_REACH_WITNESS : ASSAY_REACH_NEVER;
    ASSERT_EQ(assay_reach_query(&reach, acc), answer) << acc;
    ASSERT_EQ(assay_reach_solve(&reach, acc, patch.data()), answer) << acc;
    if (expected) {
      ASSERT_EQ(Accumulate(taps, patch), acc);
    }
    count += expected;
    if (acc % 97 == 0) {
      ASSERT_EQ(assay_reach_count(&reach, reach.bounds.lo, acc), count);
    }
  }
  EXPECT_EQ(assay_reach_count(&reach, INT64_MIN / 2, INT64_MAX / 2), count);
  EXPECT_EQ(assay_reach_query(&reach, reach.bounds.hi + 1), ASSAY_REACH_NEVER);
  EXPECT_EQ(assay_reach_query(&reach, reach.bounds.lo - 1), ASSAY_REACH_NEVER);
}

TEST(Reach, EqualsAllSumsOfSmallChannels) {
  ExpectDecided({127, -128}, 0, 255, 0);
  ExpectDecided({127, -126, 125}, 0, 255, 22);
  ExpectDecided({6, 10, 15}, 0, 255, 3);      // a semigroup with gaps, gcd 1
  ExpectDecided({-64, 96, 32}, 0, 255, 128);  // gcd 32
  ExpectDecided({0, 0, 0}, 0, 255, 7);
  ExpectDecided({-128}, -128, 127, 0);
  ExpectDecided({100, 101, -99}, -128, 127, -7);
  ExpectDecided({3, 5}, 0, 15, 4);  // a narrow input, still decided
  ExpectDecided({43, 86, 86, -86, 85}, 0, 255, 9);
}

TEST(Reach, WitnessesOfLargeChannelsAreRight) {
  constexpr uint64_t kSeed = 3;
  ChannelMaker maker(kSeed);
  int64_t witnesses = 0;
  for (int32_t i = 0; i < 200; i++) {
    const RandomChannel c = maker.Make(4608);
    const assay_taps taps = c.Taps();
    assay_reach reach;
    assay_reach_prepare(&taps, &reach);
    std::vector<uint8_t> patch(c.weight.size());
    for (int32_t k = 0; k < 50; k++) {
      const double width = static_cast<double>(reach.bounds.hi - reach.bounds.lo);
      const int64_t acc = reach.bounds.lo + static_cast<int64_t>(width * maker.Uniform(0, 1));
      const assay_reachability answer = assay_reach_solve(&reach, acc, patch.data());
      ASSERT_NE(answer, ASSAY_REACH_UNKNOWN) << "seed " << kSeed << " channel " << i;
      ASSERT_EQ(answer, assay_reach_query(&reach, acc));
      if (answer != ASSAY_REACH_WITNESS) continue;
      ASSERT_EQ(Accumulate(taps, patch), acc);
      witnesses++;
    }
  }
  EXPECT_GT(witnesses, 5000);
}

// Inputs of few values: an answer is never wrong, though it may be missing.
TEST(Reach, NarrowInputsAreNeverAnsweredWrong) {
  const std::vector<int8_t> weight = {127, 126, -125, 90};
  const assay_taps taps = Line(weight, 0, 20, 5);
  assay_reach reach;
  assay_reach_prepare(&taps, &reach);
  EXPECT_FALSE(reach.complete);
  const std::vector<bool> all = AllSums(taps, reach.bounds);
  std::vector<uint8_t> patch(weight.size());
  for (int64_t acc = reach.bounds.lo; acc <= reach.bounds.hi; acc++) {
    const bool reached = all[static_cast<size_t>(acc - reach.bounds.lo)];
    const assay_reachability answer = assay_reach_solve(&reach, acc, patch.data());
    if (answer == ASSAY_REACH_WITNESS) {
      ASSERT_EQ(Accumulate(taps, patch), acc);
    }
    if (answer == ASSAY_REACH_NEVER) {
      ASSERT_FALSE(reached) << acc;
    }
  }
}

}  // namespace
