// Quantize and dequantize, against values worked out by hand and facts measured on PyTorch.
#include "golden/quantize.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

const assay_quant kHalf = {0.5, 3, ASSAY_QUINT8};

TEST(QuantizeMul, TiesGoToEvenBeforeTheZeroPoint) {
  EXPECT_EQ(assay_quantize_mul(0.25f, &kHalf), 3);   // 0.5 -> 0
  EXPECT_EQ(assay_quantize_mul(0.75f, &kHalf), 5);   // 1.5 -> 2
  EXPECT_EQ(assay_quantize_mul(-0.25f, &kHalf), 3);  // -0.5 -> 0
  EXPECT_EQ(assay_quantize_mul(-0.75f, &kHalf), 1);  // -1.5 -> -2
}

TEST(QuantizeFma, TiesGoToEvenAfterTheZeroPoint) {
  EXPECT_EQ(assay_quantize_fma(0.25f, &kHalf), 4);   // 3.5 -> 4
  EXPECT_EQ(assay_quantize_fma(0.75f, &kHalf), 4);   // 4.5 -> 4
  EXPECT_EQ(assay_quantize_fma(-0.25f, &kHalf), 2);  // 2.5 -> 2
  EXPECT_EQ(assay_quantize_fma(-0.75f, &kHalf), 2);  // 1.5 -> 2
}

// f(1/3) is 1/3 + 2^-25/3. The product 7.5 * f(1/3) rounds to 2.5; unrounded, less 2, it lies above
// the tie 0.5.
TEST(QuantizeFma, IsFused) {
  const assay_quant third = {3.0, -2, ASSAY_QINT8};
  EXPECT_EQ(assay_quantize_fma(7.5f, &third), 1);
  EXPECT_EQ(assay_quantize_mul(7.5f, &third), 0);
}

TEST(Quantize, ClampsToTheDtype) {
  const assay_quant s = {1.0, -5, ASSAY_QINT8};
  for (auto quantize : {assay_quantize_mul, assay_quantize_fma}) {
    EXPECT_EQ(quantize(1000.0f, &kHalf), 255);
    EXPECT_EQ(quantize(-1000.0f, &kHalf), 0);
    EXPECT_EQ(quantize(132.0f, &s), 127);
    EXPECT_EQ(quantize(131.0f, &s), 126);
    EXPECT_EQ(quantize(-123.0f, &s), -128);
    EXPECT_EQ(quantize(-124.0f, &s), -128);
  }
}

// Measured on PyTorch 1.13.1: up to 2^63 the sign decides, from there on everything is q_min.
TEST(QuantizeMul, OutOfRangeAsInPyTorch1) {
  EXPECT_EQ(assay_quantize_mul(0x1p61f, &kHalf), 255);
  EXPECT_EQ(assay_quantize_mul(0x1p62f, &kHalf), 0);
  EXPECT_EQ(assay_quantize_mul(1e30f, &kHalf), 0);
  EXPECT_EQ(assay_quantize_mul(-1e30f, &kHalf), 0);
  EXPECT_EQ(assay_quantize_mul(INFINITY, &kHalf), 0);
  EXPECT_EQ(assay_quantize_mul(NAN, &kHalf), 0);
  const assay_quant s = {1.0, 100, ASSAY_QINT8};
  EXPECT_EQ(assay_quantize_mul(INFINITY, &s), -128);
}

// Measured on PyTorch 2.13.0's CPU build.
TEST(QuantizeFma, OutOfRangeAsInPyTorch2) {
  EXPECT_EQ(assay_quantize_fma(1e30f, &kHalf), 255);
  EXPECT_EQ(assay_quantize_fma(INFINITY, &kHalf), 255);
  EXPECT_EQ(assay_quantize_fma(NAN, &kHalf), 255);
  EXPECT_EQ(assay_quantize_fma(-1e30f, &kHalf), 0);
  EXPECT_EQ(assay_quantize_fma(-INFINITY, &kHalf), 0);
}

TEST(Quantize, IsFoundByName) {
  EXPECT_EQ(assay_quantize_find("mul"), assay_quantize_mul);
  EXPECT_EQ(assay_quantize_find("fma"), assay_quantize_fma);
  EXPECT_EQ(assay_quantize_find("div"), nullptr);
}

TEST(Dequantize, MultipliesTheDifference) {
  EXPECT_EQ(assay_dequantize(5, &kHalf), 1.0f);
  EXPECT_EQ(assay_dequantize(0, &kHalf), -1.5f);
  const assay_quant s = {0.1, -128, ASSAY_QINT8};
  const uint8_t bytes[2] = {0x80, 0x7F};
  float x[2];
  assay_dequantize_array(&s, bytes, x, 2);
  EXPECT_EQ(x[0], 0.0f);
  EXPECT_EQ(x[1], 25.5f);  // f(0.1f * 255)
}

TEST(Quantize, ArrayStoresInt8BitPatterns) {
  const assay_quant s = {1.0, 0, ASSAY_QINT8};
  const float x[3] = {-1.0f, 127.0f, -128.0f};
  uint8_t q[3];
  assay_quantize_array(assay_quantize_mul, &s, x, q, 3);
  EXPECT_EQ(q[0], 0xFF);
  EXPECT_EQ(q[1], 0x7F);
  EXPECT_EQ(q[2], 0x80);
}

}  // namespace
