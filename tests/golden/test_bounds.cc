#include "golden/bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/golden/taps.h"

namespace {

TEST(Bounds, AreTheExtremesOfAllInputs) {
  const std::vector<int8_t> weight = {7, -3};
  const assay_taps taps = Line(weight, 0, 255, 22);
  int64_t low = 0, high = 0;
  for (int32_t a = 0; a < 256; a++) {
    for (int32_t b = 0; b < 256; b++) {
      const int64_t acc = 7 * (a - 22) - 3 * (b - 22);
      low = std::min(low, acc);
      high = std::max(high, acc);
    }
  }
  const assay_interval bounds = assay_bounds_of_taps(&taps);
  EXPECT_EQ(bounds.lo, low);
  EXPECT_EQ(bounds.hi, high);
}

TEST(Bounds, WitnessesReachThem) {
  const std::vector<int8_t> weight = {127, -128, 0, 1, -1, 55};
  for (const bool is_signed : {false, true}) {
    const assay_taps taps = is_signed ? Line(weight, -128, 127, -5) : Line(weight, 0, 255, 200);
    const assay_interval bounds = assay_bounds_of_taps(&taps);
    std::vector<uint8_t> patch(weight.size());
    assay_bounds_witness(&taps, true, patch.data());
    EXPECT_EQ(Accumulate(taps, patch), bounds.hi);
    assay_bounds_witness(&taps, false, patch.data());
    EXPECT_EQ(Accumulate(taps, patch), bounds.lo);
  }
}

assay_conv SmallConv(const std::vector<int8_t> &weight, const double *scale, int32_t size) {
  assay_conv conv = {};
  conv.shape = {size, size, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  conv.x = {1.0, 10, ASSAY_QUINT8};
  conv.y = {1.0, 0, ASSAY_QUINT8};
  conv.weight = weight.data();
  conv.w_scale = scale;
  return conv;
}

// A 3x3 kernel with padding on a 1x1 image sees one pixel, through its centre.
TEST(Bounds, PaddedTapsDoNotCount) {
  const std::vector<int8_t> weight = {100, 100, 100, 100, 2, 100, 100, 100, 100};
  const double scale = 1;
  const assay_conv conv = SmallConv(weight, &scale, 1);
  assay_interval bounds;
  ASSERT_EQ(assay_bounds_of_channel(&conv, 0, &bounds), ASSAY_OK);
  EXPECT_EQ(bounds.lo, 2 * (0 - 10));
  EXPECT_EQ(bounds.hi, 2 * (255 - 10));
}

// On a 2x2 image each of the four positions sees another quarter of the kernel.
TEST(Bounds, WithoutAnInteriorAllPositionsCount) {
  const std::vector<int8_t> weight = {1, 0, 0, 0, 0, 0, 0, 0, 9};
  const double scale = 1;
  const assay_conv conv = SmallConv(weight, &scale, 2);
  assay_interval bounds;
  ASSERT_EQ(assay_bounds_of_channel(&conv, 0, &bounds), ASSAY_OK);
  EXPECT_EQ(bounds.lo, 9 * -10);
  EXPECT_EQ(bounds.hi, 9 * 245);
}

TEST(Bounds, AnInteriorPositionSeesTheWholeKernel) {
  const std::vector<int8_t> weight = {1, 0, 0, 0, 0, 0, 0, 0, 9};
  const double scale = 1;
  const assay_conv conv = SmallConv(weight, &scale, 3);
  assay_taps taps;
  ASSERT_TRUE(assay_taps_interior(&conv, 0, &taps));
  EXPECT_EQ(taps.y, 1);
  EXPECT_EQ(taps.x, 1);
  EXPECT_EQ(assay_bounds_of_taps(&taps).hi, 10 * 245);
}

TEST(Bounds, OverflowOfInt32IsRefused) {
  std::vector<int8_t> weight(70000, 127);
  const double scale = 1;
  assay_conv conv = SmallConv(weight, &scale, 1);
  conv.shape.in_c = 70000;
  conv.shape.kernel_y = conv.shape.kernel_x = 1;
  conv.shape.pad_top = conv.shape.pad_bottom = conv.shape.pad_left = conv.shape.pad_right = 0;
  assay_interval bounds = {1, 2};
  EXPECT_EQ(assay_bounds_of_channel(&conv, 0, &bounds), ASSAY_ERROR_OVERFLOW);
  EXPECT_EQ(bounds.lo, 1);
}

// Additions of a plain order: tap i goes to row i mod rows.
std::vector<assay_order_step> InOrder(size_t taps, int32_t rows) {
  std::vector<assay_order_step> steps;
  for (int32_t i = 0; i < static_cast<int32_t>(taps); i++) steps.push_back({i, i % rows});
  return steps;
}

// By hand: acc_init -10*(3-4+5) = -40; row 0 takes 3x and 5x, row 1 takes -4x.
TEST(Bounds, PartialSumsByHand) {
  const std::vector<int8_t> weight = {3, -4, 5};
  const assay_taps taps = Line(weight, 0, 255, 10);
  const std::vector<assay_order_step> in_order = InOrder(3, 2);
  const assay_addition_order order = {in_order.data(), 3, 2, 0, -40, 0, false};
  std::vector<assay_interval> steps(3);
  assay_partial_bounds bounds;
  ASSERT_EQ(assay_bounds_of_order(&taps, &order, steps.data(), &bounds), ASSAY_OK);
  EXPECT_EQ(steps[0].lo, -40);
  EXPECT_EQ(steps[0].hi, -40 + 3 * 255);
  EXPECT_EQ(steps[1].lo, -4 * 255);
  EXPECT_EQ(steps[1].hi, 0);
  EXPECT_EQ(steps[2].hi, -40 + 8 * 255);
  EXPECT_EQ(bounds.final.lo, -40 - 4 * 255);
  EXPECT_EQ(bounds.final.hi, -40 + 8 * 255);
  EXPECT_EQ(bounds.partial.lo, -40 - 4 * 255);
  EXPECT_EQ(bounds.lo_rows, 3u);
  EXPECT_EQ(bounds.partial.hi, 2000);
  EXPECT_EQ(bounds.hi_step, 3u);
  EXPECT_EQ(bounds.hi_rows, 1u);
  EXPECT_EQ(bounds.wrap_bits, 12);
}

// Signed activations are added as x + 128: -128 as 0, the zero point -5 as 123.
TEST(Bounds, SignedActivationsAreAddedUnsigned) {
  const std::vector<int8_t> weight = {3, -4};
  const assay_taps taps = Line(weight, -128, 127, -5);
  const std::vector<assay_order_step> in_order = InOrder(2, 1);
  const assay_addition_order order = {in_order.data(), 2, 1, 0, 123, -128, false};
  assay_partial_bounds bounds;
  ASSERT_EQ(assay_bounds_of_order(&taps, &order, nullptr, &bounds), ASSAY_OK);
  const assay_interval corrected = assay_bounds_of_taps(&taps);
  EXPECT_EQ(bounds.final.lo, corrected.lo);
  EXPECT_EQ(bounds.final.hi, corrected.hi);
  EXPECT_EQ(bounds.partial.hi, 123 + 3 * 255);
}

// Large partial sums that cancel: a wrapping adder needs fewer bits than a saturating one.
TEST(Bounds, PartialSumsNeedMoreBitsThanTheFinalSum) {
  const std::vector<int8_t> weight = {127, 127, -127, -127};
  const assay_taps taps = Line(weight, 255, 255, 255);  // a constant input
  const std::vector<assay_order_step> in_order = InOrder(4, 1);
  const assay_addition_order order = {in_order.data(), 4, 1, 0, 0, 0, false};
  assay_partial_bounds bounds;
  ASSERT_EQ(assay_bounds_of_order(&taps, &order, nullptr, &bounds), ASSAY_OK);
  EXPECT_EQ(bounds.wrap_bits, 1);
  EXPECT_EQ(bounds.partial.hi, 2 * 127 * 255);
  EXPECT_EQ(bounds.saturate_bits, 17);
}

int64_t PartialSum(const assay_taps &taps, const assay_addition_order &order, size_t step,
                   uint32_t rows, const std::vector<uint8_t> &patch) {
  int64_t sum = (rows >> order.init_row & 1u) != 0 ? order.acc_init : 0;
  for (size_t i = 0; i < step && i < order.count; i++) {
    const assay_order_step a = order.steps[i];
    if ((rows >> a.row & 1u) == 0) continue;
    sum += taps.weight[a.tap] * patch[static_cast<size_t>(a.tap)];
  }
  return sum;
}

TEST(Bounds, PartialWitnessesReachTheirBounds) {
  std::vector<int8_t> weight(40);
  for (size_t i = 0; i < weight.size(); i++) weight[i] = static_cast<int8_t>((i * 73) % 256 - 128);
  const assay_taps taps = Line(weight, 0, 255, 131);
  const std::vector<assay_order_step> in_order = InOrder(weight.size(), 8);
  for (const bool tree : {false, true}) {
    const assay_addition_order order = {in_order.data(), in_order.size(), 8, 0, -12345, 0, tree};
    assay_partial_bounds b;
    ASSERT_EQ(assay_bounds_of_order(&taps, &order, nullptr, &b), ASSAY_OK);
    std::vector<uint8_t> patch(weight.size());
    assay_bounds_partial_witness(&taps, &order, b.hi_step, b.hi_rows, true, patch.data());
    EXPECT_EQ(PartialSum(taps, order, b.hi_step, b.hi_rows, patch), b.partial.hi);
    assay_bounds_partial_witness(&taps, &order, b.lo_step, b.lo_rows, false, patch.data());
    EXPECT_EQ(PartialSum(taps, order, b.lo_step, b.lo_rows, patch), b.partial.lo);
  }
}

TEST(Bounds, SignedBits) {
  EXPECT_EQ(assay_signed_bits({0, 0}), 1);
  EXPECT_EQ(assay_signed_bits({-1, 0}), 1);
  EXPECT_EQ(assay_signed_bits({0, 1}), 2);
  EXPECT_EQ(assay_signed_bits({-128, 127}), 8);
  EXPECT_EQ(assay_signed_bits({-129, 0}), 9);
  EXPECT_EQ(assay_signed_bits({INT64_MIN, 0}), 64);
}

}  // namespace
