// The corrected requantizer: by hand, against its own definition, and as what lowering finds for
// the contracts of real libraries.
#include "golden/correct.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "golden/compare.h"
#include "golden/lower.h"
#include "golden/requantizer.h"
#include "golden/threshold.h"
#include "tests/golden/random_channel.h"

namespace {

// M = 1, B = 2, S = 2: level k from acc 4k - 2 on. Level 3, from 10 on, is late: 11.
TEST(Correct, ByHand) {
  const assay_affine p = {1, 2, 2};
  assay_late_levels late = {};
  assay_mark_late(&late, 3);
  EXPECT_EQ(assay_late_count(&late), 1);
  const int32_t accs[] = {-3, -2, 5, 6, 9, 10, 11, 13, 14, 17, 18, 30};
  const int32_t ys[] = {0, 0, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5};
  for (size_t i = 0; i < 12; i++) {
    EXPECT_EQ(assay_correct_apply(&p, &late, 0, 5, accs[i]), ys[i]) << "acc " << accs[i];
  }
}

// Level 5 is late: acc 18 gives 4. Beyond the clamp nothing is corrected: acc 22 would be level 6.
TEST(Correct, TheGreatestLevelMayBeLateAndTheClampIsNotCorrected) {
  const assay_affine p = {1, 2, 2};
  assay_late_levels late = {};
  assay_mark_late(&late, 5);
  EXPECT_EQ(assay_correct_apply(&p, &late, 0, 5, 18), 4);
  EXPECT_EQ(assay_correct_apply(&p, &late, 0, 5, 19), 5);
  EXPECT_EQ(assay_correct_apply(&p, &late, 0, 5, 22), 5);
}

TEST(Correct, SignedLevelsCountByTheirByte) {
  const assay_affine p = {1, 0, 1};  // level k from acc 2k on
  assay_late_levels late = {};
  assay_mark_late(&late, -100);
  EXPECT_EQ(late.bits[2], uint64_t{1} << (156 - 128));
  EXPECT_EQ(assay_correct_apply(&p, &late, -128, 127, -200), -101);
  EXPECT_EQ(assay_correct_apply(&p, &late, -128, 127, -199), -100);
}

TEST(Correct, RefusesWhatWouldNotKeepTheOrder) {
  assay_late_levels none = {}, low = {}, high = {}, two = {};
  assay_mark_late(&low, 10);
  assay_mark_late(&high, 201);
  assay_mark_late(&two, 11);
  const assay_affine steep = {5, 0, 2}, even = {4, 0, 2};
  EXPECT_EQ(assay_correct_check(&steep, &none, 10, 200), ASSAY_OK);
  EXPECT_EQ(assay_correct_check(&steep, &two, 10, 200), ASSAY_ERROR_ARGUMENT);
  EXPECT_EQ(assay_correct_check(&even, &two, 10, 200), ASSAY_OK);
  EXPECT_EQ(assay_correct_check(&even, &low, 10, 200), ASSAY_ERROR_ARGUMENT);
  EXPECT_EQ(assay_correct_check(&even, &high, 10, 200), ASSAY_ERROR_ARGUMENT);
}

// Thresholds 4k - 2 with that of level 2 a step later than a line can have it: synthesis finds a
// line that is early, and what is late.
TEST(Correct, SynthesisByHand) {
  assay_threshold_list list;
  for (int32_t k = 0; k < 255; k++) list.t[k] = k < 5 ? 4 * k + 2 : INT32_MAX;
  list.t[1] = 7;
  list.t[3] = 14;
  list.t[4] = 19;
  const assay_step_target target = {&list, {-20, 21}, 0, 0, 255};
  const assay_affine_limits limits = {24, 56, ASSAY_MAX_SHIFT};
  assay_synthesis plain;
  ASSERT_EQ(assay_synthesize(&target, &limits, 0, &plain), ASSAY_OK);
  EXPECT_EQ(plain.verdict, ASSAY_SYNTHESIS_IMPOSSIBLE);
  assay_affine affine = {};
  assay_late_levels late = {};
  ASSERT_TRUE(assay_synthesize_corrected(&target, &limits, &affine, &late));
  EXPECT_GT(assay_late_count(&late), 0);
  for (int32_t acc = -20; acc <= 21; acc++) {
    EXPECT_EQ(assay_correct_apply(&affine, &late, 0, 255, acc),
              assay_threshold_apply(&list, 0, acc))
        << "acc " << acc;
  }
}

// A step that is two accumulators out of line cannot be corrected.
TEST(Correct, SynthesisGivesUpOnTwoAccumulators) {
  assay_threshold_list list;
  for (int32_t k = 0; k < 255; k++) list.t[k] = 100 * k - 9000;
  list.t[100] += 2;
  list.t[101] -= 1;
  const assay_step_target target = {&list, {-12000, 18000}, 0, 0, 255};
  const assay_affine_limits limits = {24, 56, ASSAY_MAX_SHIFT};
  assay_affine affine = {7, 7, 7};
  assay_late_levels late = {};
  EXPECT_FALSE(assay_synthesize_corrected(&target, &limits, &affine, &late));
  EXPECT_EQ(affine.multiplier, 7);
  list.t[101] += 1;
  list.t[100] -= 1;
  EXPECT_TRUE(assay_synthesize_corrected(&target, &limits, &affine, &late));
  EXPECT_EQ(assay_corrected_differing(&target, &affine, &late), 0);
}

struct Tally {
  int channels = 0, exact = 0, corrected = 0, visited = 0;
};

// One channel: what is found is legal, proved by thresholds, and true on every accumulator.
void Try(const assay_contract &contract, const RandomChannel &c, Tally *tally) {
  assay_requantizer r, corrected;
  assay_threshold_list list;
  const assay_interval range = c.Range();
  if (contract.prepare(&c.channel, &r) != ASSAY_OK) return;
  const assay_monotone monotone =
      assay_thresholds_of_contract(&contract, &c.channel, &r, range, 1 << 20, &list);
  if (monotone != ASSAY_MONOTONE_BY_RULE && monotone != ASSAY_MONOTONE_ENUMERATED) return;
  tally->channels++;
  const int32_t out_min = assay_lower_out_min(&c.channel);
  const assay_step_target target = {&list, range, 0, out_min, 255};
  const assay_affine_limits limits = assay_lower_defaults().limits;
  assay_synthesis plain;
  ASSERT_EQ(assay_synthesize(&target, &limits, 0, &plain), ASSAY_OK);
  tally->exact += plain.verdict == ASSAY_SYNTHESIS_EXACT;
  assay_affine affine = {};
  assay_late_levels late = {};
  if (plain.verdict == ASSAY_SYNTHESIS_EXACT ||
      !assay_synthesize_corrected(&target, &limits, &affine, &late)) {
    return;
  }
  tally->corrected++;
  ASSERT_EQ(assay_requantizer_from_corrected(&affine, &late, out_min, 255, &corrected), ASSAY_OK);
  EXPECT_EQ(assay_corrected_differing(&target, &affine, &late), 0);
  if (range.hi - range.lo > 8000000) return;
  EXPECT_EQ(assay_compare_enumerate(&r, &corrected, range, nullptr, 0).count, 0);
  tally->visited++;
}

// Every channel of a PyTorch contract is exact, with a correction or without: that is why a layer
// need not take lists of thresholds.
TEST(Correct, CoversTheContractsOfPyTorch) {
  constexpr uint64_t kSeed = 77;
  Tally all;
  for (const char *name : {"qnnpack", "onednn_2", "onednn_3", "onednn_3_11", "fbgemm"}) {
    ChannelMaker maker(kSeed);
    Tally tally;
    for (int32_t i = 0; i < 60; i++) {
      const int32_t taps[] = {144, 576, 1152, 2304};
      Try(*assay_contract_find(name), maker.MakeTypical(taps[i % 4]), &tally);
    }
    std::printf("%-12s seed %d: %d channels, %d exact, %d corrected (%d visited)\n", name,
                static_cast<int>(kSeed), tally.channels, tally.exact, tally.corrected,
                tally.visited);
    EXPECT_EQ(tally.channels, 60) << name;
    EXPECT_EQ(tally.exact + tally.corrected, tally.channels) << name;
    all.corrected += tally.corrected;
    all.visited += tally.visited;
  }
  EXPECT_GE(all.corrected, 60);
  EXPECT_GE(all.visited, 20);
}

// Hard channels too: steep, dead, constant. Nothing wrong is ever claimed.
TEST(Correct, ClaimsNothingWrongOnHardChannels) {
  constexpr uint64_t kSeed = 78;
  ChannelMaker maker(kSeed);
  Tally tally;
  for (int32_t i = 0; i < 200; i++) {
    const char *const names[] = {"qnnpack", "tflite_double", "gemmini", "tvm_tonearest"};
    Try(*assay_contract_find(names[i % 4]), maker.Make(1152), &tally);
  }
  EXPECT_GE(tally.channels, 100);
  EXPECT_GE(tally.corrected, 5);
}

}  // namespace
