// The affine and threshold requantizers, against hand calculation and a count written out.
#include "golden/affine.h"

#include <gtest/gtest.h>

#include <random>

#include "golden/requantizer.h"
#include "golden/threshold.h"

namespace {

TEST(Affine, ShiftIsFloorAndTheAddendRounds) {
  const assay_affine floor = {1, 0, 1};
  EXPECT_EQ(assay_affine_apply(&floor, -128, 127, -3), -2);
  EXPECT_EQ(assay_affine_apply(&floor, -128, 127, 3), 1);
  const assay_affine half_up = {1, 1, 1};
  EXPECT_EQ(assay_affine_apply(&half_up, -128, 127, -3), -1);
  EXPECT_EQ(assay_affine_apply(&half_up, -128, 127, 3), 2);
  EXPECT_EQ(assay_affine_apply_half_even(&floor, -128, 127, -3), -2);
  EXPECT_EQ(assay_affine_apply_half_even(&floor, -128, 127, 1), 0);
  EXPECT_EQ(assay_affine_apply_half_even(&floor, -128, 127, 3), 2);
}

TEST(Affine, ClampsAndCarriesZeroPointInTheAddend) {
  const assay_affine p = {3, (INT64_C(10) << 4) + 8, 4};  // 3/16, zero point 10, half up
  EXPECT_EQ(assay_affine_apply(&p, 0, 255, 8), 12);       // 1.5 -> 2
  EXPECT_EQ(assay_affine_apply(&p, 0, 255, 100000), 255);
  EXPECT_EQ(assay_affine_apply(&p, 10, 255, -100), 10);
}

TEST(Affine, WidestLegalParametersDoNotOverflow) {
  const int64_t b = (INT64_C(1) << 55) - 1;
  const assay_affine high = {INT32_MAX, b, 55};
  const assay_affine low = {INT32_MAX, -b, 55};
  ASSERT_EQ(assay_affine_check(&high, 31, 56), ASSAY_OK);
  ASSERT_EQ(assay_affine_check(&low, 31, 56), ASSAY_OK);
  // (2^31 - 1)^2 = 2^62 - 2^32 + 1, and 2^55 - 1 more: 2^62 / 2^55 = 128 is reached.
  EXPECT_EQ(assay_affine_apply(&high, 0, 255, INT32_MAX), 128);
  // -2^31 (2^31 - 1) - 2^55 + 1 = -2^62 + 2^31 - 2^55 + 1: floor is -129.
  EXPECT_EQ(assay_affine_apply(&low, -255, 255, INT32_MIN), -129);
}

TEST(AffineCheck, NamesWhatIsTooWide) {
  const assay_affine p = {255, -128, 8};
  EXPECT_EQ(assay_affine_check(&p, 8, 9), ASSAY_OK);
  EXPECT_EQ(assay_affine_check(&p, 7, 9), ASSAY_ERROR_OVERFLOW);
  EXPECT_EQ(assay_affine_check(&p, 8, 8), ASSAY_ERROR_OVERFLOW);  // |addend| < 2^7
  EXPECT_EQ(assay_affine_check(&p, 32, 9), ASSAY_ERROR_ARGUMENT);
  EXPECT_EQ(assay_affine_check(&p, 8, 57), ASSAY_ERROR_ARGUMENT);
  const assay_affine negative = {-1, 0, 0}, deep = {1, 0, 56};
  EXPECT_EQ(assay_affine_check(&negative, 8, 9), ASSAY_ERROR_OVERFLOW);
  EXPECT_EQ(assay_affine_check(&deep, 8, 9), ASSAY_ERROR_ARGUMENT);
}

assay_threshold_list RandomList(std::mt19937 &random, int32_t spread) {
  assay_threshold_list list;
  std::uniform_int_distribution<int32_t> gap(0, spread);
  int32_t t = -spread * 100;
  for (int32_t &value : list.t) value = t += gap(random);
  list.t[0] = INT32_MIN;
  list.t[254] = INT32_MAX;
  return list;
}

int32_t CountReached(const assay_threshold_list &list, int32_t acc) {
  int32_t count = 0;
  for (int32_t t : list.t) count += t <= acc;
  return count;
}

TEST(Threshold, SearchCountsTheReachedThresholds) {
  std::mt19937 random(20240607);         // seed
  for (int32_t spread : {0, 1, 2, 7}) {  // 0 and 1: many equal thresholds
    const assay_threshold_list list = RandomList(random, spread);
    for (int32_t acc = -1000; acc <= 1500; acc++) {
      ASSERT_EQ(assay_threshold_apply(&list, -128, acc), CountReached(list, acc) - 128) << acc;
    }
    EXPECT_EQ(assay_threshold_apply(&list, 0, INT32_MIN), CountReached(list, INT32_MIN));
    EXPECT_EQ(assay_threshold_apply(&list, 0, INT32_MAX - 1), 254);
  }
}

TEST(Requantizer, FromAffineAndFromThresholdsAgreeOnTheSameFunction) {
  const assay_affine p = {1, 0, 3};  // y = acc >> 3: threshold k is 8 (k + 1)
  assay_threshold_list list;
  for (int32_t k = 0; k < 255; k++) list.t[k] = 8 * (k + 1);
  assay_requantizer affine, thresholds;
  ASSERT_EQ(assay_requantizer_from_affine(&p, 0, 255, false, &affine), ASSAY_OK);
  ASSERT_EQ(assay_requantizer_from_thresholds(&list, 0, &thresholds), ASSAY_OK);
  for (int32_t acc = -20; acc < 2100; acc++) {
    ASSERT_EQ(assay_requantize(&affine, acc), assay_requantize(&thresholds, acc)) << acc;
  }
}

TEST(Requantizer, RefusesParametersThatAreNotLegal) {
  assay_requantizer r;
  const assay_affine deep = {1, 0, 56}, fine = {1, 0, 1};
  EXPECT_EQ(assay_requantizer_from_affine(&deep, 0, 255, false, &r), ASSAY_ERROR_ARGUMENT);
  EXPECT_EQ(assay_requantizer_from_affine(&fine, 1, 0, false, &r), ASSAY_ERROR_ARGUMENT);
  assay_threshold_list list = {};
  list.t[7] = -1;
  EXPECT_EQ(assay_requantizer_from_thresholds(&list, 0, &r), ASSAY_ERROR_ARGUMENT);
}

}  // namespace
