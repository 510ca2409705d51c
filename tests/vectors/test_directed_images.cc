// Directed images of layers of every kind: each vector hits its accumulator in the plain
// convolution, and unreachable accumulators are said to be so.
#include "vectors/directed_images.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "golden/contract.h"
#include "golden/reference.h"
#include "golden/run.h"
#include "tests/golden/engine_case.h"

namespace {

// A layer of random weights with its directed images.
struct Layer {
  std::vector<int8_t> weight;
  std::vector<double> w_scale;
  std::vector<float> bias;
  assay_conv conv = {};
  std::vector<assay_lowered_channel> channels;
  std::vector<assay_threshold_list> lists;
  std::vector<assay_lower_result> results;
  assay_directed_images images = {};

  // Weights are multiples of `step`.
  Layer(const assay_conv_shape &shape, uint64_t seed, int32_t step, assay_dtype dtype) {
    assay_test::Random random(seed);
    conv.shape = shape;
    conv.x = {0.02, dtype == ASSAY_QINT8 ? -7 : 121, dtype};
    conv.y = {0.05 * step, dtype == ASSAY_QINT8 ? -20 : 60, dtype};
    for (int64_t i = 0; i < shape.out_c * assay_conv_taps(&shape); i++) {
      weight.push_back(static_cast<int8_t>(random.In(-127 / step, 127 / step) * step));
    }
    for (int32_t oc = 0; oc < shape.out_c; oc++) {
      w_scale.push_back(0.001 * random.In(3, 9));
      bias.push_back(0.01f * static_cast<float>(random.In(-100, 100)));
    }
    conv.per_channel = true;
    conv.weight = weight.data();
    conv.w_scale = w_scale.data();
    conv.bias = bias.data();
  }
  ~Layer() { assay_directed_images_free(&images); }
  Layer(const Layer &) = delete;
  Layer &operator=(const Layer &) = delete;

  const assay_contract *Contract() const {
    return assay_contract_find(conv.x.dtype == ASSAY_QINT8 ? "xnnpack" : "qnnpack");
  }

  void Make(int32_t side) {
    const size_t count = static_cast<size_t>(conv.shape.out_c);
    const assay_lower_options options = assay_lower_defaults();
    assay_lowered lowered;
    assay_error error = {};
    channels.resize(count);
    lists.resize(count);
    results.resize(count);
    ASSERT_EQ(assay_lower_layer(&conv, Contract(), &options, channels.data(), lists.data(),
                                results.data(), &lowered),
              ASSAY_OK);
    ASSERT_TRUE(
        assay_directed_images_make(&conv, lists.data(), results.data(), side, &images, &error))
        << error.text;
  }

  // Hits by the plain convolution and the contract.
  size_t Hits() const {
    const assay_conv_shape &s = images.conv.shape;
    const size_t in = static_cast<size_t>(s.in_y) * static_cast<size_t>(s.in_x * s.in_c);
    const size_t out = static_cast<size_t>(assay_conv_out_y(&s)) *
                       static_cast<size_t>(assay_conv_out_x(&s) * s.out_c);
    std::vector<int32_t> acc(out * static_cast<size_t>(images.n));
    std::vector<uint8_t> y(acc.size());
    for (size_t n = 0; n < static_cast<size_t>(images.n); n++) {
      EXPECT_EQ(assay_reference_conv(&images.conv, images.x + n * in, acc.data() + n * out),
                ASSAY_OK);
      EXPECT_EQ(assay_requantize_layer(&images.conv, Contract(), acc.data() + n * out,
                                       y.data() + n * out),
                ASSAY_OK);
    }
    return assay_directed_images_hits(&images, acc.data(), y.data());
  }
};

// in_y in_x in_c, out_c, kernel, stride, dilation, pads, groups.
constexpr assay_conv_shape kShapes[] = {
    {8, 8, 4, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1},   {9, 30, 4, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1},
    {12, 7, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 6},  {9, 9, 4, 6, 3, 5, 2, 3, 1, 1, 1, 0, 2, 1, 2},
    {20, 20, 3, 2, 3, 2, 1, 2, 2, 3, 2, 2, 3, 3, 1}, {3, 3, 5, 2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1},
};

TEST(DirectedImages, EveryVectorHitsItsTarget) {
  uint64_t seed = 100;
  for (const assay_conv_shape &shape : kShapes) {
    for (const assay_dtype dtype : {ASSAY_QUINT8, ASSAY_QINT8}) {
      for (const int32_t side : {1, 19}) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Layer layer(shape, seed++, 1, dtype);
        layer.Make(side);
        EXPECT_GT(layer.images.answers[ASSAY_REACH_WITNESS], 2u);
        EXPECT_EQ(layer.images.answers[ASSAY_REACH_UNKNOWN], 0u);
        EXPECT_EQ(layer.Hits(), layer.images.answers[ASSAY_REACH_WITNESS]);
      }
    }
  }
}

// With weights that are multiples of 4, only accumulators that are multiples of 4 can occur.
TEST(DirectedImages, UnreachableTargetsAreProved) {
  Layer layer(kShapes[0], 7, 4, ASSAY_QUINT8);
  layer.Make(24);
  size_t never = 0;
  for (size_t i = 0; i < layer.images.count; i++) {
    const assay_directed_vector &v = layer.images.vectors[i];
    if (v.target.acc % 4 == 0) continue;
    EXPECT_EQ(v.reachability, ASSAY_REACH_NEVER);
    never++;
  }
  EXPECT_GT(never, 100u);
  EXPECT_LE(never, layer.images.answers[ASSAY_REACH_NEVER]);
  EXPECT_EQ(layer.Hits(), layer.images.answers[ASSAY_REACH_WITNESS]);
}

// Channels of different groups share windows: as many images as the fullest channel needs.
TEST(DirectedImages, GroupsShareImages) {
  Layer layer(kShapes[2], 9, 1, ASSAY_QUINT8);
  layer.Make(30);  // 100 windows
  std::vector<int32_t> count(6);
  for (size_t i = 0; i < layer.images.count; i++) {
    const assay_directed_vector &v = layer.images.vectors[i];
    count[static_cast<size_t>(v.oc)] += v.reachability == ASSAY_REACH_WITNESS;
  }
  int32_t fullest = 0;
  for (const int32_t c : count) fullest = c > fullest ? c : fullest;
  EXPECT_EQ(layer.images.n, (fullest + 99) / 100);
}

// A value that is off by one at a vector's place is no hit.
TEST(DirectedImages, AMissIsNoHit) {
  Layer layer(kShapes[1], 5, 1, ASSAY_QUINT8);
  layer.Make(40);
  const assay_conv_shape &s = layer.images.conv.shape;
  std::vector<int32_t> acc(static_cast<size_t>(layer.images.n * s.in_y * s.in_x * s.out_c));
  std::vector<uint8_t> y(acc.size());
  for (size_t i = 0; i < layer.images.count; i++) {
    const assay_directed_vector &v = layer.images.vectors[i];
    if (v.reachability != ASSAY_REACH_WITNESS) continue;
    const size_t at = assay_directed_images_index(&layer.images, &v);
    acc[at] = v.target.acc;
    y[at] = static_cast<uint8_t>(v.target.y);
  }
  const size_t all = layer.images.answers[ASSAY_REACH_WITNESS];
  ASSERT_EQ(assay_directed_images_hits(&layer.images, acc.data(), y.data()), all);
  const size_t first = assay_directed_images_index(&layer.images, &layer.images.vectors[0]);
  y[first]++;
  EXPECT_EQ(assay_directed_images_hits(&layer.images, acc.data(), y.data()), all - 1);
  y[first]--;
  acc[first]++;
  EXPECT_EQ(assay_directed_images_hits(&layer.images, acc.data(), y.data()), all - 1);
}

}  // namespace
