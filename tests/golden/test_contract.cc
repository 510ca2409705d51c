// The contracts of PyTorch's engines, against values worked out by hand and facts measured on the
// real libraries.
#include "golden/contract.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "contract_channel.h"

namespace {

const std::vector<std::string> kOnednn = {
    "onednn_2",          "onednn_3", "onednn_3_pointwise", "onednn_3_11", "onednn_3_11_pointwise",
    "onednn_3_11_linear"};
const std::vector<std::string> kZeroPointAfter = {"qnnpack", "fbgemm", "fbgemm_per_channel",
                                                  "fbgemm_per_tensor"};

TEST(Registry, NamesAreUniqueAndEveryTextIsThere) {
  std::set<std::string> names;
  for (size_t i = 0; i < assay_contract_count(); i++) {
    const assay_contract *c = assay_contract_at(i);
    EXPECT_TRUE(names.insert(c->name).second) << c->name;
    EXPECT_EQ(assay_contract_find(c->name), c);
    for (const char *text : {c->summary, c->formula, c->source, c->engines, c->pitfalls}) {
      ASSERT_NE(text, nullptr) << c->name;
      EXPECT_STRNE(text, "") << c->name;
    }
  }
  EXPECT_EQ(assay_contract_find("qnnpac"), nullptr);
  EXPECT_EQ(assay_contract_at(assay_contract_count()), nullptr);
}

TEST(Registry, ChannelOfALayerTakesItsOwnScaleAndBias) {
  const double w_scale[2] = {0.25, 0.5};
  const float bias[2] = {1.0f, -2.0f};
  assay_conv conv = {};
  conv.x = {0.125, 7, ASSAY_QUINT8};
  conv.y = {2.0, 11, ASSAY_QUINT8};
  conv.relu = true;
  conv.per_channel = true;
  conv.w_scale = w_scale;
  conv.bias = bias;
  const assay_channel c = assay_channel_of(&conv, 1);
  EXPECT_EQ(c.x_scale, 0.125);
  EXPECT_EQ(c.w_scale, 0.5);
  EXPECT_EQ(c.y_scale, 2.0);
  EXPECT_EQ(c.y_zp, 11);
  EXPECT_TRUE(c.relu && c.has_bias && c.per_channel);
  EXPECT_EQ(c.bias, -2.0f);
  conv.bias = nullptr;
  conv.per_channel = false;
  EXPECT_FALSE(assay_channel_of(&conv, 1).has_bias);
  EXPECT_EQ(assay_channel_of(&conv, 1).w_scale, 0.25);
}

// acc * 0.5 with zero point 3. The zero point comes after rounding: -1.5 -> -2 -> 1.
TEST(Ties, RoundToEvenBeforeAnOddZeroPoint) {
  const assay_channel c = Channel(1.0, 0.5, 1.0, 3);
  const struct {
    int32_t acc, y;
  } cases[] = {{-5, 1}, {-3, 1}, {-1, 3}, {1, 3}, {3, 5}, {5, 5}, {7, 7}};
  for (const std::string &name : kZeroPointAfter) {
    for (const auto &t : cases) EXPECT_EQ(Output(name, c, t.acc), t.y) << name << " " << t.acc;
  }
}

// The same channel where the zero point comes first: 1.5 + 3 = 4.5 -> 4.
TEST(Ties, RoundToEvenAfterAnOddZeroPoint) {
  const assay_channel c = Channel(1.0, 0.5, 1.0, 3);
  const struct {
    int32_t acc, y;
  } cases[] = {{-5, 0}, {-3, 2}, {-1, 2}, {1, 4}, {3, 4}, {5, 6}, {7, 6}};
  for (const std::string &name : kOnednn) {
    for (const auto &t : cases) EXPECT_EQ(Output(name, c, t.acc), t.y) << name << " " << t.acc;
  }
}

TEST(Clamp, BothEndsAndRelu) {
  const assay_channel c = Channel(1.0, 0.5, 1.0, 100);
  for (const auto &names : {kZeroPointAfter, kOnednn}) {
    for (const std::string &name : names) {
      EXPECT_EQ(Output(name, c, -200), 0) << name;   // -100 + 100
      EXPECT_EQ(Output(name, c, -202), 0) << name;   // -101 + 100
      EXPECT_EQ(Output(name, c, 310), 255) << name;  // 155 + 100
      EXPECT_EQ(Output(name, c, 312), 255) << name;
      EXPECT_EQ(Output(name, c, 308), 254) << name;
      EXPECT_EQ(Output(name, Relu(c), -200), 100) << name;
      EXPECT_EQ(Output(name, Relu(c), 2), 101) << name;
    }
  }
}

// bias 0.25 is half an accumulator unit (scale 0.5): an int32 bias rounds it away, a float bias
// keeps it. (1 + 0.5) * 0.5 = 0.75.
TEST(Bias, IntegerInQnnpackFloatElsewhere) {
  const assay_channel c = WithBias(Channel(1.0, 0.5, 1.0, 3), 0.25f);
  EXPECT_EQ(Output("qnnpack", c, 1), 3);
  for (const std::string &name : kOnednn) EXPECT_EQ(Output(name, c, 1), 4) << name;
  EXPECT_EQ(Output("fbgemm_per_channel", c, 1), 4);
  EXPECT_EQ(Output("fbgemm_per_tensor", c, 1), 4);
  // 0.75 is 1.5 units: rounded to 2, so 1 + 2 = 3 -> 1.5 -> 2.
  EXPECT_EQ(Output("qnnpack", WithBias(Channel(1.0, 0.5, 1.0, 3), 0.75f), 1), 5);
}

// n = 2^24 + 2^16 + 1 is not a float32; it rounds to 2^24 + 2^16, and times 2^-17 that is 128.5.
TEST(LargeAccumulators, AreRoundedToFloatFirst) {
  const assay_channel c = Channel(1.0, 1.0 / 131072, 1.0, 0);
  const int32_t tie = (1 << 24) + (1 << 16);
  for (const auto &names : {kZeroPointAfter, kOnednn}) {
    for (const std::string &name : names) {
      EXPECT_EQ(Output(name, c, tie + 1), 128) << name;
      EXPECT_EQ(Output(name, c, tie + 2), 129) << name;
      EXPECT_EQ(Output(name, c, tie + 3), 129) << name;  // a tie of float32 that goes up
    }
  }
}

// Measured on PyTorch 1.13.1: cvtps2dq turns a product of 2^31 and above into -2^31.
TEST(Qnnpack, HugeProductsBecomeZero) {
  EXPECT_EQ(Output("qnnpack", Channel(1.0, 1e4, 1.0, 0), 259080), 0);
  EXPECT_EQ(Output("qnnpack", Channel(1.0, 1e3, 1.0, 0), 259080), 255);
}

// Measured on PyTorch 1.13.1, weight 100, inputs 0, 100 and 255: the bias saturates at 2^31 - 1 and
// acc + bias wraps, so outputs fall while the accumulator rises.
TEST(Qnnpack, DeadChannelIsNotMonotone) {
  const double eps = 1.1920928955078125e-07;
  const assay_channel c = WithBias(Channel(0.02, eps, 0.05, 0), 6.0f);
  EXPECT_EQ(Output("qnnpack", c, 0), 102);
  EXPECT_EQ(Output("qnnpack", c, 10000), 0);
  EXPECT_EQ(Output("qnnpack", c, 25500), 0);
  // The same library: a bias beyond 2^63 accumulator units becomes -2^31 before it is added.
  EXPECT_EQ(Output("qnnpack", WithBias(Channel(0.02, eps, 0.05, 50), 1e12f), 0), 0);
}

// x_scale = 1 + 2^-23, w_scale = 1 - 2^-24: their product rounds to 1, but (3 * x_scale) * w_scale
// rounds to 3 + 2^-22. With bias -2.5 that is a tie, or just above it.
TEST(Onednn3, OneProductOrTwoDecidesATie) {
  const assay_channel c = WithBias(Channel(1.0 + 0x1p-23, 1.0 - 0x1p-24, 1.0, 0), -2.5f);
  EXPECT_EQ(Output("onednn_3", c, 3), 0);
  EXPECT_EQ(Output("onednn_3_pointwise", c, 3), 0);
  EXPECT_EQ(Output("onednn_3_11", c, 3), 1);
  EXPECT_EQ(Output("onednn_3_11_pointwise", c, 3), 1);
}

// aws = 3, M = 1, bias 10.5. Divided: -3 + 3.5 is a tie. f(1/3) is 1/3 + 2^-25/3, and the fused
// product keeps what is above the tie: -3 + 3.5 + 1.75 * 2^-24.
TEST(Fbgemm, DividesPerChannelAndFusesPerTensor) {
  const assay_channel c = WithBias(Channel(1.0, 3.0, 3.0, 0), 10.5f);
  EXPECT_EQ(Output("fbgemm_per_channel", c, -3), 0);
  EXPECT_EQ(Output("fbgemm_per_tensor", c, -3), 1);
  EXPECT_EQ(Output("fbgemm", c, -3), 0);
  EXPECT_EQ(Output("fbgemm", PerTensor(c), -3), 1);
}

TEST(Refusals, ScalesThatTheLibraryRefuses) {
  for (const auto &names : {kZeroPointAfter, kOnednn}) {
    for (const std::string &name : names) {
      EXPECT_EQ(StatusOf(name, Channel(0.0, 1.0, 1.0, 0)), ASSAY_ERROR_SCALE) << name;
      EXPECT_EQ(StatusOf(name, Channel(1.0, -1.0, 1.0, 0)), ASSAY_ERROR_SCALE) << name;
      EXPECT_EQ(StatusOf(name, Channel(1.0, 1.0, NAN, 0)), ASSAY_ERROR_SCALE) << name;
      EXPECT_EQ(StatusOf(name, Channel(1.0, INFINITY, 1.0, 0)), ASSAY_ERROR_SCALE) << name;
      EXPECT_EQ(StatusOf(name, Channel(1.0, 1.0, 1.0, 256)), ASSAY_ERROR_ARGUMENT) << name;
      EXPECT_EQ(StatusOf(name, WithBias(Channel(1.0, 1.0, 1.0, 0), NAN)), ASSAY_ERROR_ARGUMENT);
    }
  }
  // w_scale * x_scale / y_scale below the least normal float32.
  EXPECT_EQ(StatusOf("qnnpack", Channel(1e-20, 1e-20, 1.0, 0)), ASSAY_ERROR_SCALE);
  EXPECT_EQ(StatusOf("qnnpack", Signed(Channel(1.0, 1.0, 1.0, 0))), ASSAY_ERROR_UNSUPPORTED);
}

TEST(Refusals, LeaveTheOutputAlone) {
  assay_requantizer r = {};
  r.qbias = 77;
  const assay_channel c = Channel(1e-20, 1e-20, 1.0, 0);
  EXPECT_EQ(assay_contract_find("qnnpack")->prepare(&c, &r), ASSAY_ERROR_SCALE);
  EXPECT_EQ(r.qbias, 77);
}

// Every contract, every extreme: the sanitizer build fails on undefined behaviour, and the output
// stays inside the clamp.
TEST(Extremes, EveryAccumulatorGivesAnOutputInRange) {
  const int32_t accs[] = {INT32_MIN, INT32_MIN + 1, -16777217,     -1,       0,
                          1,         16777217,      INT32_MAX - 1, INT32_MAX};
  for (size_t i = 0; i < assay_contract_count(); i++) {
    for (double w_scale : {1e-9, 1e-4, 0.5, 1.0, 1e5}) {
      for (float bias : {-1e9f, 0.0f, 1e9f}) {
        for (assay_dtype dtype : {ASSAY_QUINT8, ASSAY_QINT8}) {
          assay_channel c = WithBias(Channel(0.02, w_scale, 0.05, 11), bias);
          c.dtype = dtype;
          assay_requantizer r = {};
          if (assay_contract_at(i)->prepare(&c, &r) != ASSAY_OK) continue;
          for (int32_t acc : accs) {
            const int32_t y = assay_requantize(&r, acc);
            EXPECT_GE(y, assay_dtype_min(dtype)) << assay_contract_at(i)->name;
            EXPECT_LE(y, assay_dtype_max(dtype)) << assay_contract_at(i)->name;
          }
        }
      }
    }
  }
}

}  // namespace
