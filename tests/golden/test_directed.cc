#include "golden/directed.h"

#include <gtest/gtest.h>

#include <vector>

#include "golden/lower.h"
#include "golden/reference.h"
#include "tests/golden/random_channel.h"

namespace {

// A layer of 3x3 kernels with padding, 5 input and 3 output channels.
struct Layer {
  std::vector<int8_t> weight;
  std::vector<double> scale = {0.004, 0.01, 0.003};
  std::vector<float> bias = {0.5f, -1.0f, 0.25f};
  assay_conv conv = {};

  Layer(int32_t size, uint64_t seed) {
    ChannelMaker maker(seed);
    for (int32_t i = 0; i < 3 * 9 * 5; i++) {
      weight.push_back(static_cast<int8_t>(maker.Pick(256) - 128));
    }
    conv.shape = {size, size, 5, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    conv.x = {0.02f, 100, ASSAY_QUINT8};
    conv.y = {0.2f, 60, ASSAY_QUINT8};
    conv.per_channel = true;
    conv.weight = weight.data();
    conv.w_scale = scale.data();
    conv.bias = bias.data();
  }

  // The accumulator that the plain convolution finds at a place when the patch is pasted there.
  int32_t Accumulator(int32_t oc, assay_directed_place place, const std::vector<uint8_t> &patch) {
    const assay_conv_shape &s = conv.shape;
    std::vector<uint8_t> x(static_cast<size_t>(s.in_y * s.in_x * s.in_c), 100);
    std::vector<int32_t> acc(static_cast<size_t>(s.in_y * s.in_x * s.out_c));
    assay_directed_paste(&conv, oc, place, patch.data(), x.data());
    EXPECT_EQ(assay_reference_conv(&conv, x.data(), acc.data()), ASSAY_OK);
    return acc[static_cast<size_t>((place.y * s.in_x + place.x) * s.out_c + oc)];
  }
};

void EveryTargetIsHit(int32_t size) {
  Layer layer(size, 8);
  const assay_contract *contract = assay_contract_find("qnnpack");
  const assay_lower_options options = assay_lower_defaults();
  int32_t hit = 0;
  for (int32_t oc = 0; oc < 3; oc++) {
    const assay_channel channel = assay_channel_of(&layer.conv, oc);
    assay_interval range;
    assay_threshold_list list;
    assay_affine affine;
    assay_lower_result result;
    assay_requantizer r;
    ASSERT_EQ(assay_bounds_of_channel(&layer.conv, oc, &range), ASSAY_OK);
    ASSERT_EQ(contract->prepare(&channel, &r), ASSAY_OK);
    ASSERT_EQ(assay_lower_channel(contract, &channel, range, &options, &list, &affine, &result),
              ASSAY_OK);
    std::vector<assay_directed_target> targets(ASSAY_DIRECTED_MAX);
    targets.resize(assay_directed_targets(&list, range, 0, targets.data()));
    std::vector<uint8_t> patch(9 * 5);
    for (const assay_directed_target &target : targets) {
      assay_directed_place place;
      const assay_reachability answer =
          assay_directed_solve(&layer.conv, oc, target.acc, patch.data(), &place);
      ASSERT_NE(answer, ASSAY_REACH_UNKNOWN);
      if (answer == ASSAY_REACH_NEVER) continue;
      ASSERT_EQ(layer.Accumulator(oc, place, patch), target.acc);
      ASSERT_EQ(assay_requantize(&r, target.acc), target.y);
      hit++;
    }
  }
  EXPECT_GT(hit, 300);
}

TEST(Directed, EveryTargetIsHitInTheInterior) { EveryTargetIsHit(6); }

// On a 2x2 image no position sees the whole kernel.
TEST(Directed, EveryTargetIsHitWithoutAnInterior) { EveryTargetIsHit(2); }

TEST(Directed, TargetsByHand) {
  assay_threshold_list list;
  for (int32_t &t : list.t) t = INT32_MAX;
  list.t[0] = INT32_MIN;
  list.t[1] = 5;
  list.t[2] = 6;  // its T - 1 is the threshold before
  list.t[3] = 10;
  std::vector<assay_directed_target> t(ASSAY_DIRECTED_MAX);
  ASSERT_EQ(assay_directed_targets(&list, {-3, 10}, 0, t.data()), 6u);
  const int32_t acc[] = {-3, 4, 5, 6, 9, 10}, y[] = {1, 1, 2, 3, 3, 4};
  for (size_t i = 0; i < 6; i++) {
    EXPECT_EQ(t[i].acc, acc[i]);
    EXPECT_EQ(t[i].y, y[i]);
  }
}

}  // namespace
