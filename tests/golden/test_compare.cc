#include "golden/compare.h"

#include <gtest/gtest.h>

#include <vector>

#include "golden/requantizer.h"
#include "golden/thresholds.h"
#include "tests/golden/random_channel.h"

namespace {

assay_threshold_list Never() {
  assay_threshold_list list;
  for (int32_t &t : list.t) t = INT32_MAX;
  return list;
}

TEST(Compare, ByHand) {
  assay_threshold_list a = Never(), b = Never();
  a.t[0] = 10;
  b.t[0] = 13;  // 10, 11, 12 differ: 1 against 0
  a.t[1] = 20;
  b.t[1] = 20;
  a.t[2] = 25;  // 25 to 27 differ by 1, 28 to 29 by 2
  a.t[3] = 28;
  b.t[2] = 30;
  b.t[3] = 30;
  std::vector<assay_difference> d(10);
  const assay_comparison c = assay_compare_lists(&a, &b, 0, {-100, 100}, d.data(), d.size());
  EXPECT_EQ(c.count, 8);
  EXPECT_EQ(c.nearest, 10);
  EXPECT_EQ(c.max_lsb, 2);
  ASSERT_EQ(c.intervals, 3u);
  EXPECT_EQ(d[0].first, 10);
  EXPECT_EQ(d[0].last, 12);
  EXPECT_EQ(d[0].y_a, 1);
  EXPECT_EQ(d[0].y_b, 0);
  EXPECT_EQ(d[2].first, 28);
  EXPECT_EQ(d[2].last, 29);
  EXPECT_EQ(d[2].y_a, 4);
  EXPECT_EQ(d[2].y_b, 2);
}

TEST(Compare, OutsideTheRangeNothingCounts) {
  assay_threshold_list a = Never(), b = Never();
  a.t[0] = 10;
  b.t[0] = 13;
  EXPECT_EQ(assay_compare_lists(&a, &b, 0, {13, 100}, nullptr, 0).count, 0);
  EXPECT_EQ(assay_compare_lists(&a, &b, 0, {12, 100}, nullptr, 0).count, 1);
  EXPECT_EQ(assay_compare_lists(&a, &b, 0, {-5, 9}, nullptr, 0).count, 0);
}

TEST(Compare, NearestToZeroPrefersThePositiveOne) {
  assay_threshold_list a = Never(), b = Never();
  a.t[0] = -7;
  b.t[0] = -6;  // differs at -7
  a.t[1] = 7;
  b.t[1] = 8;  // differs at 7
  EXPECT_EQ(assay_compare_lists(&a, &b, 0, {-100, 100}, nullptr, 0).nearest, 7);
}

TEST(Compare, ListsEqualEnumerationOnRandomChannels) {
  constexpr uint64_t kSeed = 77;
  ChannelMaker maker(kSeed);
  const char *const names[] = {"qnnpack", "fbgemm", "onednn_2", "onednn_3", "onednn_3_11"};
  int32_t compared = 0, unequal = 0;
  for (int32_t i = 0; i < 150; i++) {
    const RandomChannel c = maker.Make(64);
    const assay_interval range = c.Range();
    assay_requantizer r[2];
    assay_threshold_list list[2];
    bool known = true;
    for (int32_t side = 0; side < 2; side++) {
      const assay_contract *contract = assay_contract_find(names[(i + side * (1 + i % 4)) % 5]);
      known = known && contract->prepare(&c.channel, &r[side]) == ASSAY_OK &&
              assay_thresholds_of_contract(contract, &c.channel, &r[side], range, 1 << 22,
                                           &list[side]) == ASSAY_MONOTONE_BY_RULE;
    }
    if (!known) continue;
    std::vector<assay_difference> a(ASSAY_MAX_DIFFERENCES), b(ASSAY_MAX_DIFFERENCES);
    const assay_comparison by_list =
        assay_compare_lists(&list[0], &list[1], 0, range, a.data(), a.size());
    const assay_comparison by_visit =
        assay_compare_enumerate(&r[0], &r[1], range, b.data(), b.size());
    ASSERT_EQ(by_list.count, by_visit.count) << "seed " << kSeed << " channel " << i;
    ASSERT_EQ(by_list.intervals, by_visit.intervals);
    ASSERT_EQ(by_list.nearest, by_visit.nearest);
    ASSERT_EQ(by_list.max_lsb, by_visit.max_lsb);
    for (size_t k = 0; k < by_list.intervals; k++) {
      ASSERT_EQ(a[k].first, b[k].first);
      ASSERT_EQ(a[k].last, b[k].last);
      ASSERT_EQ(a[k].y_a, b[k].y_a);
      ASSERT_EQ(a[k].y_b, b[k].y_b);
    }
    compared++;
    unequal += by_list.count > 0;
  }
  EXPECT_GE(compared, 120);
  EXPECT_GE(unequal, 30) << "a test of equal pairs only proves little";
}

}  // namespace
