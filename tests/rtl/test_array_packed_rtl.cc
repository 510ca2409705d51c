// Two products a multiplier, in RTL: every product of bytes, and sums beside those of the plain
// array.
#include <gtest/gtest.h>

#include <cstdio>

#include "Vassay_arrays.h"
#include "golden/array_packed.h"
#include "tests/rtl/unit.h"

namespace {

constexpr int kPixels = 4, kChannels = 2, kSums = kPixels * kChannels;

class Arrays : public assay_test::Unit<Vassay_arrays> {
 public:
  Arrays() {
    Unit &arrays = *this;
    arrays->move_i = 1;
    arrays->valid_i = 1;
    arrays->first_i = 1;
    arrays->initial_i = 0;
  }
};

template <class Port>
int32_t Sum(const Port &port, int pixel, int row) {
  return static_cast<int32_t>(port[kChannels * pixel + row]);
}

// Pixels 0, 1 read `low` and `high`, pixels 2, 3 `low` and `high` + 1; rows have two weights.
TEST(ArrayPackedRtl, EveryProduct) {
  Arrays arrays;
  int64_t wrong = 0, cases = 0;
  for (uint32_t low = 0; low < 256; low++) {
    for (uint32_t high = 0; high < 256; high += 2) {
      const uint64_t pair = low * 0x0101u, next = pair;
      arrays->operand_i =
          pair | uint64_t{high * 0x0101u} << 16 | next << 32 | uint64_t{(high + 1) * 0x0101u} << 48;
      for (int w = -128; w < 128; w += 2) {
        arrays->weight_i = static_cast<uint16_t>((w & 0xff) | ((w + 1) & 0xff) << 8);
        arrays.Cycle();
        for (int k = 0; k < 4; k++) {  // second pair, second row
          const int row = k & 1, pixel = k & 2;
          const int a = static_cast<int>(high) + (pixel != 0), weight = w + row;
          wrong += Sum(arrays->packed_32_o, pixel, row) != static_cast<int>(low) * weight ||
                   Sum(arrays->packed_32_o, pixel + 1, row) != a * weight;
          cases++;
        }
      }
    }
  }
  EXPECT_EQ(cases, int64_t{1} << 24);
  EXPECT_EQ(wrong, 0);
}

// Chains of products with initial sums, gaps and stalls, in accumulators that wrap.
TEST(ArrayPackedRtl, SumsAreThoseOfThePlainArray) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  assay_test::Random random(seed);
  Arrays arrays;
  arrays.Cycle();
  uint32_t expected[kSums] = {};  // by the golden twin
  for (int k = 0; k < kSums; k++) expected[k] = arrays->packed_32_o[k];
  int64_t wrong = 0, wraps = 0;
  for (int cycle = 0; cycle < 200000; cycle++) {
    arrays->operand_i = random.OneIn(8) ? ~uint64_t{0} : random.Next();
    arrays->weight_i = random.OneIn(8) ? 0x8080 : static_cast<uint16_t>(random.Next());
    arrays->initial_i = random.Next();
    arrays->first_i = random.OneIn(40);
    arrays->move_i = !random.OneIn(5);
    arrays->valid_i = !random.OneIn(5);
    for (int j = 0; arrays->move_i && arrays->valid_i && j < kPixels; j += 2) {
      for (int i = 0; i < kChannels; i++) {
        const auto byte = [&](int pixel) {
          return static_cast<uint8_t>(arrays->operand_i >> (8 * (kChannels * pixel + i)));
        };
        const auto weight = static_cast<int8_t>(arrays->weight_i >> (8 * i));
        const assay_pair pair = assay_pair_multiply(byte(j), byte(j + 1), weight);
        const auto initial = static_cast<uint32_t>(arrays->initial_i >> (32 * i));
        uint32_t *low = &expected[kChannels * j + i], *high = &expected[kChannels * (j + 1) + i];
        *low = (arrays->first_i ? initial : *low) + static_cast<uint32_t>(pair.low);
        *high = (arrays->first_i ? initial : *high) + static_cast<uint32_t>(pair.high);
      }
    }
    arrays.Cycle();
    for (int k = 0; k < kSums; k++) {
      wrong += arrays->packed_32_o[k] != expected[k] ||
               arrays->packed_32_o[k] != arrays->single_32_o[k] ||
               arrays->packed_17_o[k] != arrays->single_17_o[k];
      wraps += arrays->packed_17_o[k] != arrays->packed_32_o[k];
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(wraps, 1000);
}

}  // namespace
