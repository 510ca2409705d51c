#include "golden/float_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "tests/golden/contract_channel.h"
#include "tests/golden/random_channel.h"

namespace {

struct Case {
  RandomChannel channel;
  assay_taps taps;
  std::vector<uint8_t> patch;
  std::vector<float> products;  // rounded or not: see Sum
};

Case MakeCase(ChannelMaker *maker) {
  Case c;
  c.channel = maker->Make(576);
  c.taps = c.channel.Taps();
  for (size_t i = 0; i < c.channel.weight.size(); i++) {
    c.patch.push_back(static_cast<uint8_t>(maker->Pick(256)));
  }
  return c;
}

// Float convolution in a random order: terms are shuffled, some are added by fma, and pairs of
// partial sums are merged at random.
float RandomOrder(const Case &c, std::mt19937_64 *random) {
  const float x_scale = static_cast<float>(c.channel.channel.x_scale);
  const float w_scale = static_cast<float>(c.channel.channel.w_scale);
  std::vector<float> terms;
  for (size_t i = 0; i < c.patch.size(); i++) {
    const float x = x_scale * static_cast<float>(c.patch[i] - c.taps.x_zp);
    const float w = w_scale * static_cast<float>(c.channel.weight[i]);
    if (!terms.empty() && (*random)() % 2 == 0) {
      float &sum = terms[(*random)() % terms.size()];
      sum = std::fma(x, w, sum);
    } else {
      terms.push_back(x * w);
    }
  }
  if (c.channel.channel.has_bias) terms.push_back(c.channel.channel.bias);
  std::shuffle(terms.begin(), terms.end(), *random);
  while (terms.size() > 1) {
    const size_t other = (*random)() % (terms.size() - 1);
    const float last = terms.back();
    terms.pop_back();
    terms[other] = terms[other] + last;
  }
  return terms[0];
}

TEST(FloatBound, ThousandRandomOrdersFallInside) {
  constexpr uint64_t kSeed = 123;
  ChannelMaker maker(kSeed);
  std::mt19937_64 random(kSeed);
  for (int32_t i = 0; i < 50; i++) {
    const Case c = MakeCase(&maker);
    const assay_channel &channel = c.channel.channel;
    const assay_float_bound bound =
        assay_float_bound_of(&c.taps, &channel, ASSAY_QUINT8, c.patch.data(), assay_quantize_mul);
    const assay_quant quant = {channel.y_scale, channel.y_zp, channel.dtype};
    for (int32_t order = 0; order < 1000; order++) {
      float sum = RandomOrder(c, &random);
      ASSERT_GE(sum, bound.low) << "seed " << kSeed << " case " << i;
      ASSERT_LE(sum, bound.high) << "seed " << kSeed << " case " << i;
      if (channel.relu && sum < 0) sum = 0;
      const int32_t y = assay_quantize_mul(sum, &quant);
      ASSERT_GE(y, bound.y_low);
      ASSERT_LE(y, bound.y_high);
    }
  }
}

// One tap: the sum is one rounded product, far from a rounding boundary.
TEST(FloatBound, AClearCaseIsProved) {
  const std::vector<int8_t> weight = {3};
  RandomChannel c;
  c.weight = weight;
  c.channel = Channel(0.5, 0.25, 1.0, 10);
  const assay_taps taps = c.Taps();
  const uint8_t patch[] = {9};  // 4.5 * 0.75 = 3.375
  const assay_float_bound bound =
      assay_float_bound_of(&taps, &c.channel, ASSAY_QUINT8, patch, assay_quantize_mul);
  EXPECT_EQ(assay_float_judge(&bound, 13), ASSAY_FLOAT_EQUAL);
  EXPECT_EQ(assay_float_judge(&bound, 14), ASSAY_FLOAT_DIFFERS);
}

TEST(FloatBound, ATieIsOpen) {
  const std::vector<int8_t> weight = {3, 1};
  RandomChannel c;
  c.weight = weight;
  c.channel = Channel(0.5, 0.25, 1.0, 10);
  const assay_taps taps = c.Taps();
  const uint8_t patch[] = {9, 1};  // 3.375 + 0.125 = 3.5
  const assay_float_bound bound =
      assay_float_bound_of(&taps, &c.channel, ASSAY_QUINT8, patch, assay_quantize_mul);
  EXPECT_EQ(bound.y_low, 13);
  EXPECT_EQ(bound.y_high, 14);
  EXPECT_EQ(assay_float_judge(&bound, 14), ASSAY_FLOAT_OPEN);
  EXPECT_EQ(assay_float_judge(&bound, 13), ASSAY_FLOAT_OPEN);
  EXPECT_EQ(assay_float_judge(&bound, 12), ASSAY_FLOAT_DIFFERS);
}

}  // namespace
