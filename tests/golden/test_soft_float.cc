// Integer binary32 arithmetic against this machine's floating-point unit.
#include "golden/soft_float.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "golden/rounding.h"

namespace {

float FloatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// One bit pattern stands for every NaN.
uint32_t Canonical(float value) { return std::isnan(value) ? 0x7FC00000u : assay_soft_bits(value); }

// Random bits, often with an exponent near 1 so that sums cancel, sometimes special.
class Operands {
 public:
  uint32_t Next() {
    static const uint32_t special[] = {0x00000000u, 0x80000000u, 0x00000001u, 0x807FFFFFu,
                                       0x00800000u, 0x7F7FFFFFu, 0x7F800000u, 0xFF800000u,
                                       0x7FC00000u, 0x3F800000u, 0x3F7FFFFFu, 0x4B800000u};
    const auto bits = static_cast<uint32_t>(random_());
    switch (random_() % 8) {
      case 0:
        return special[bits % 12];
      case 1:
        return bits;
      case 2:
        return bits & 0x80FFFFFFu;  // near the subnormals
      default:
        return (bits & 0x807FFFFFu) | ((120u + (bits >> 23 & 15u)) << 23);
    }
  }

 private:
  std::mt19937 random_{977};  // seed
};

TEST(SoftFloat, AddsMultipliesAndFusesAsTheProcessor) {
  Operands operands;
  for (int i = 0; i < 400000; i++) {
    const uint32_t a = operands.Next(), b = operands.Next(), c = operands.Next();
    const float fa = FloatOf(a), fb = FloatOf(b), fc = FloatOf(c);
    ASSERT_EQ(assay_soft_add(a, b), Canonical(fa + fb)) << std::hex << a << " + " << b;
    ASSERT_EQ(assay_soft_multiply(a, b), Canonical(fa * fb)) << std::hex << a << " * " << b;
    ASSERT_EQ(assay_soft_fma(a, b, c), Canonical(std::fma(fa, fb, fc)))
        << std::hex << a << " * " << b << " + " << c;
  }
}

// Sums of a product and a number that nearly cancels it: where a wrong sticky bit shows.
TEST(SoftFloat, FusedCancellation) {
  Operands operands;
  for (int i = 0; i < 400000; i++) {
    const uint32_t a = operands.Next(), b = operands.Next();
    const float fa = FloatOf(a), fb = FloatOf(b);
    const uint32_t c = assay_soft_bits(-(fa * fb)) + static_cast<uint32_t>(i % 5) - 2u;
    ASSERT_EQ(assay_soft_fma(a, b, c), Canonical(std::fma(fa, fb, FloatOf(c))))
        << std::hex << a << " * " << b << " + " << c;
  }
}

TEST(SoftFloat, ConvertsFromInt32) {
  std::mt19937 random(5);  // seed
  for (int i = 0; i < 100000; i++) {
    const auto v = static_cast<int32_t>(random() >> (random() % 32));
    ASSERT_EQ(assay_soft_from_int32(v), assay_soft_bits(static_cast<float>(v))) << v;
    ASSERT_EQ(assay_soft_from_int32(-v), assay_soft_bits(static_cast<float>(-v))) << v;
  }
  EXPECT_EQ(assay_soft_from_int32(INT32_MIN), 0xCF000000u);
  EXPECT_EQ(assay_soft_from_int32(INT32_MAX), 0x4F000000u);
  EXPECT_EQ(assay_soft_from_int32((1 << 24) + 1), assay_soft_bits(16777216.0f));
  EXPECT_EQ(assay_soft_from_int32((1 << 24) + 3), assay_soft_bits(16777220.0f));
}

TEST(SoftFloat, RoundsHalfEvenAndSaturates) {
  EXPECT_EQ(assay_soft_round(assay_soft_bits(0.5f)), 0);
  EXPECT_EQ(assay_soft_round(assay_soft_bits(1.5f)), 2);
  EXPECT_EQ(assay_soft_round(assay_soft_bits(-2.5f)), -2);
  EXPECT_EQ(assay_soft_round(assay_soft_bits(-0.50000006f)), -1);
  EXPECT_EQ(assay_soft_round(assay_soft_bits(8388609.0f)), 8388609);
  EXPECT_EQ(assay_soft_round(assay_soft_bits(2147483520.0f)), 2147483520);
  EXPECT_EQ(assay_soft_round(assay_soft_bits(2147483648.0f)), INT32_MAX);
  EXPECT_EQ(assay_soft_round(assay_soft_bits(-INFINITY)), INT32_MIN);
  EXPECT_EQ(assay_soft_cvtps2dq(assay_soft_bits(2147483648.0f)), INT32_MIN);
  EXPECT_EQ(assay_soft_cvtps2dq(assay_soft_bits(-2147483648.0f)), INT32_MIN);
  EXPECT_EQ(assay_soft_cvtps2dq(0x7FC00000u), INT32_MIN);
}

TEST(Cvtps2dq, IsNearbyintInsideInt32) {
  Operands operands;
  for (int i = 0; i < 200000; i++) {
    const uint32_t bits = operands.Next() + (static_cast<uint32_t>(i % 30) << 23);
    const float v = FloatOf(bits);
    const bool fits = v >= -2147483648.0f && v < 2147483648.0f;
    const int32_t expected = fits ? static_cast<int32_t>(std::nearbyint(v)) : INT32_MIN;
    ASSERT_EQ(assay_cvtps2dq(v), expected) << v;
    ASSERT_EQ(assay_soft_cvtps2dq(bits), expected) << v;
  }
}

}  // namespace
