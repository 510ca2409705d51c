// Two products of one multiplication, on every operand and weight.
#include "golden/array_packed.h"

#include <gtest/gtest.h>

namespace {

// Every a_low and a_high from `first` to `first` + 255 with every weight: 2^24 cases.
void ExpectProducts(int32_t first) {
  int64_t wrong = 0, cases = 0;
  for (int32_t low = first; low < first + 256; low++) {
    for (int32_t high = first; high < first + 256; high++) {
      for (int32_t w = -128; w <= 127; w++) {
        const assay_pair pair = assay_pair_multiply(low, high, static_cast<int8_t>(w));
        wrong += pair.low != low * w || pair.high != high * w;
        cases++;
      }
    }
  }
  EXPECT_EQ(cases, int64_t{1} << 24);
  EXPECT_EQ(wrong, 0);
}

TEST(ArrayPacked, EveryUnsignedOperand) { ExpectProducts(0); }

TEST(ArrayPacked, EverySignedOperand) { ExpectProducts(-128); }

// Worked by hand: (3 * 2^18 + 255) * -128 = -100,695,936 = -385 * 2^18 + 229,504; 229,504 has bit
// 17 set and stands for 229,504 - 2^18 = -32,640; -385 + 1 = -384.
TEST(ArrayPacked, ByHand) {
  const assay_pair pair = assay_pair_multiply(255, 3, -128);
  EXPECT_EQ(pair.low, -32640);
  EXPECT_EQ(pair.high, -384);
}

// The widest operands that the header allows, at both ends.
TEST(ArrayPacked, EndsOfTheStatedRange) {
  for (const int32_t low : {-1023, 1023}) {
    for (const int32_t high : {-1023, 1023}) {
      for (const int w : {-128, 127}) {
        const assay_pair pair = assay_pair_multiply(low, high, static_cast<int8_t>(w));
        EXPECT_EQ(pair.low, low * w);
        EXPECT_EQ(pair.high, high * w);
      }
    }
  }
}

}  // namespace
