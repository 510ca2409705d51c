// The plain convolution, against sums worked out by hand.
#include "golden/reference.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace {

TEST(Reference, PaddingAddsNothingWhateverTheZeroPoint) {
  const std::array<int8_t, 9> weight = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::array<uint8_t, 4> x = {10, 20, 30, 40};  // 2x2
  assay_conv conv = {};
  conv.shape = {2, 2, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  conv.x = {1.0, 22, ASSAY_QUINT8};
  conv.weight = weight.data();
  std::array<int32_t, 4> acc = {};
  ASSERT_EQ(assay_reference_conv(&conv, x.data(), acc.data()), ASSAY_OK);
  // Centred on (0,0): taps 5 6 / 8 9 meet -12 -2 / 8 18.
  EXPECT_EQ(acc[0], -12 * 5 - 2 * 6 + 8 * 8 + 18 * 9);
  // Centred on (1,1): taps 1 2 / 4 5.
  EXPECT_EQ(acc[3], -12 * 1 - 2 * 2 + 8 * 4 + 18 * 5);
}

TEST(Reference, GroupsReadTheirOwnChannels) {
  const std::array<int8_t, 2> weight = {3, -5};
  const std::array<uint8_t, 2> x = {7, 11};
  assay_conv conv = {};
  conv.shape = {1, 1, 2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 2};
  conv.weight = weight.data();
  std::array<int32_t, 2> acc = {};
  ASSERT_EQ(assay_reference_conv(&conv, x.data(), acc.data()), ASSAY_OK);
  EXPECT_EQ(acc[0], 21);
  EXPECT_EQ(acc[1], -55);
}

TEST(Reference, SignedActivationsAreSignExtended) {
  const std::array<int8_t, 1> weight = {-128};
  const std::array<uint8_t, 1> x = {0x80};
  assay_conv conv = {};
  conv.shape = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
  conv.x.dtype = ASSAY_QINT8;
  conv.weight = weight.data();
  int32_t acc = 0;
  ASSERT_EQ(assay_reference_conv(&conv, x.data(), &acc), ASSAY_OK);
  EXPECT_EQ(acc, 16384);
}

TEST(Reference, SumBeyondInt32IsReported) {
  const int taps = 70000;  // 255 * 127 * 70000 > 2^31
  const std::vector<int8_t> weight(taps, 127);
  const std::vector<uint8_t> x(taps, 255);
  assay_conv conv = {};
  conv.shape = {1, 1, taps, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
  conv.weight = weight.data();
  int32_t acc = 0;
  EXPECT_EQ(assay_reference_conv(&conv, x.data(), &acc), ASSAY_ERROR_OVERFLOW);
}

}  // namespace
