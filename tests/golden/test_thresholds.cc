#include "golden/thresholds.h"

#include <gtest/gtest.h>

#include "golden/requantizer.h"
#include "tests/golden/contract_channel.h"
#include "tests/golden/random_channel.h"

namespace {

constexpr uint64_t kSeed = 20240611;

// Every contract that has scales, in turn; some channels are qint8.
const assay_contract *ContractFor(int32_t i, RandomChannel *c) {
  const assay_contract *contract =
      assay_contract_at(static_cast<size_t>(i) % assay_contract_count());
  assay_requantizer r;
  if (contract->prepare(&c->channel, &r) == ASSAY_ERROR_UNSUPPORTED) {
    c->channel.dtype = ASSAY_QINT8;
    c->channel.y_zp -= 128;
  }
  return contract;
}

// y = acc / 4 rounded down, clamped to 0..255.
int32_t Quarter(const assay_requantizer *, int32_t acc) {
  const int32_t y = acc >= 0 ? acc / 4 : -1;
  return y < 0 ? 0 : y > 255 ? 255 : y;
}

TEST(Thresholds, ByHand) {
  assay_requantizer r = {};
  r.apply = Quarter;
  assay_threshold_list list;
  assay_thresholds_find(&r, {-10, 2000}, 0, &list);
  for (int32_t k = 0; k < 255; k++) EXPECT_EQ(list.t[k], 4 * (k + 1)) << k;
}

TEST(Thresholds, EndsAreClipped) {
  assay_requantizer r = {};
  r.apply = Quarter;
  assay_threshold_list list;
  assay_thresholds_find(&r, {8, 21}, 0, &list);  // outputs 2 to 5
  EXPECT_EQ(list.t[0], INT32_MIN);
  EXPECT_EQ(list.t[1], INT32_MIN);
  EXPECT_EQ(list.t[2], 12);
  EXPECT_EQ(list.t[4], 20);
  EXPECT_EQ(list.t[5], INT32_MAX);
  EXPECT_EQ(list.t[254], INT32_MAX);
}

TEST(Thresholds, EnumerationFindsADecrease) {
  assay_requantizer r = {};
  r.apply = [](const assay_requantizer *, int32_t acc) { return acc == 77 ? 4 : 5; };
  assay_threshold_list list = {};
  EXPECT_FALSE(assay_thresholds_enumerate(&r, {0, 100}, 0, &list));
  EXPECT_EQ(list.t[0], 0);
  EXPECT_TRUE(assay_thresholds_enumerate(&r, {77, 100}, 0, &list));
  EXPECT_EQ(list.t[3], INT32_MIN);
  EXPECT_EQ(list.t[4], 78);
  EXPECT_EQ(list.t[5], INT32_MAX);
}

// 300 random channels and more against a visit of every reachable accumulator. This is also the
// test of the rules: what a rule calls monotone must be so.
TEST(Thresholds, EqualEnumerationOnRandomChannels) {
  RecordProperty("seed", std::to_string(kSeed));
  ChannelMaker maker(kSeed);
  int32_t compared = 0;
  for (int32_t i = 0; i < 600; i++) {
    RandomChannel c = maker.Make(64);
    const assay_contract *contract = ContractFor(i, &c);
    assay_requantizer r;
    if (contract->prepare(&c.channel, &r) != ASSAY_OK) continue;
    const assay_interval range = c.Range();
    const int32_t q_low = assay_dtype_min(c.channel.dtype);
    assay_threshold_list found, enumerated;
    const assay_monotone how =
        assay_thresholds_of_contract(contract, &c.channel, &r, range, 0, &found);
    if (how != ASSAY_MONOTONE_BY_RULE) continue;
    ASSERT_TRUE(assay_thresholds_enumerate(&r, range, q_low, &enumerated)) << contract->name;
    for (int32_t k = 0; k < 255; k++) {
      ASSERT_EQ(found.t[k], enumerated.t[k]) << contract->name << " " << i;
    }
    compared++;
  }
  EXPECT_GE(compared, 300) << "seed " << kSeed;
}

// Every threshold of 10,000 channels is a crossing, by the contract itself.
TEST(Thresholds, AreCrossingsOnTenThousandChannels) {
  ChannelMaker maker(kSeed + 1);
  int64_t crossings = 0;
  for (int32_t i = 0; i < 10000; i++) {
    RandomChannel c = maker.Make(4608);
    const assay_contract *contract = ContractFor(i, &c);
    assay_requantizer r;
    if (contract->prepare(&c.channel, &r) != ASSAY_OK) continue;
    const assay_interval range = c.Range();
    if (assay_is_monotone(contract, &c.channel, range) != ASSAY_MONOTONE_BY_RULE) continue;
    const int32_t q_low = assay_dtype_min(c.channel.dtype);
    assay_threshold_list list;
    assay_thresholds_find(&r, range, q_low, &list);
    for (int32_t k = 0; k < 255; k++) {
      const int32_t level = q_low + k + 1;
      if (list.t[k] == INT32_MIN) {
        ASSERT_GE(assay_requantize(&r, static_cast<int32_t>(range.lo)), level);
      } else if (list.t[k] == INT32_MAX) {
        ASSERT_LT(assay_requantize(&r, static_cast<int32_t>(range.hi)), level);
      } else {
        ASSERT_GE(assay_requantize(&r, list.t[k]), level) << i;
        ASSERT_LT(assay_requantize(&r, list.t[k] - 1), level) << i;
        crossings++;
      }
    }
  }
  EXPECT_GT(crossings, 1000000) << "seed " << kSeed + 1;
}

TEST(Thresholds, OfAffineEqualTheAffineRequantizer) {
  const assay_affine cases[] = {{13, 1000, 4}, {0, 80, 3},          {0, -80, 3},
                                {1, 0, 0},     {4096, -123456, 12}, {7, 3, 30}};
  for (const assay_affine &affine : cases) {
    assay_requantizer r;
    ASSERT_EQ(assay_requantizer_from_affine(&affine, 3, 200, false, &r), ASSAY_OK);
    const assay_interval range = {-3000, 5000};
    assay_threshold_list list, expected;
    assay_thresholds_of_affine(&affine, 3, 200, range, 0, &list);
    ASSERT_TRUE(assay_thresholds_enumerate(&r, range, 0, &expected));
    for (int32_t k = 0; k < 255; k++) EXPECT_EQ(list.t[k], expected.t[k]) << affine.multiplier;
  }
}

// qnnpack on a dead channel: w_scale = eps, bias 6. Its integer bias saturates, the sum wraps, and
// the output falls from 102 to 0 (a measurement of the real library).
TEST(Thresholds, ADeadChannelIsNotClaimedMonotone) {
  const assay_channel channel = WithBias(Channel(0.02, 1.1920928955078125e-07, 0.05, 0), 6.0f);
  const assay_contract *contract = assay_contract_find("qnnpack");
  const assay_requantizer r = Prepare("qnnpack", channel);
  EXPECT_EQ(assay_requantize(&r, 0), 102);
  EXPECT_EQ(assay_requantize(&r, 10000), 0);
  EXPECT_EQ(assay_is_monotone(contract, &channel, {0, 25500}), ASSAY_MONOTONE_UNKNOWN);
  assay_threshold_list list;
  EXPECT_EQ(assay_thresholds_of_contract(contract, &channel, &r, {0, 25500}, 100000, &list),
            ASSAY_MONOTONE_REFUTED);
  EXPECT_EQ(assay_thresholds_of_contract(contract, &channel, &r, {0, 25500}, 25500, &list),
            ASSAY_MONOTONE_UNKNOWN);
}

}  // namespace
