#include "golden/lower.h"

#include <gtest/gtest.h>

#include <vector>

#include "golden/compare.h"
#include "golden/requantizer.h"
#include "tests/golden/contract_channel.h"
#include "tests/golden/random_channel.h"

namespace {

const char *const kContracts[] = {"qnnpack", "fbgemm", "onednn_2", "onednn_3", "onednn_3_11"};

// What lowering says about a channel, against a visit of every reachable accumulator.
TEST(Lower, SaysTheTruthAboutRandomChannels) {
  constexpr uint64_t kSeed = 31;
  ChannelMaker maker(kSeed);
  const assay_lower_options options = assay_lower_defaults();
  int32_t exact = 0, inexact = 0;
  for (int32_t i = 0; i < 120; i++) {
    const RandomChannel c = maker.Make(144);
    const assay_contract *contract = assay_contract_find(kContracts[i % 5]);
    assay_requantizer r, lowered;
    assay_threshold_list list;
    assay_affine affine;
    assay_lower_result result;
    if (contract->prepare(&c.channel, &r) != ASSAY_OK) continue;
    if (assay_lower_channel(contract, &c.channel, c.Range(), &options, &list, &affine, &result) !=
        ASSAY_OK) {
      continue;
    }
    ASSERT_EQ(assay_requantizer_from_affine(&affine, assay_lower_out_min(&c.channel), 255, false,
                                            &lowered),
              ASSAY_OK);
    const int64_t differing = assay_compare_enumerate(&r, &lowered, c.Range(), nullptr, 0).count;
    EXPECT_EQ(result.differing, differing) << "seed " << kSeed << " channel " << i;
    (differing == 0 ? exact : inexact)++;
    if (result.monotone == ASSAY_MONOTONE_REFUTED) continue;
    assay_requantizer by_list;
    ASSERT_EQ(assay_requantizer_from_thresholds(&list, 0, &by_list), ASSAY_OK);
    EXPECT_EQ(assay_compare_enumerate(&r, &by_list, c.Range(), nullptr, 0).count, 0);
  }
  EXPECT_GE(exact, 40);
  EXPECT_GE(inexact, 5);
}

// By hand: scale 0.5 * 0.25 / 2 = 1/16, bias 3 / 2, zero point 10: (acc/16 + 1.5 + 10 + 0.5) * 2^S.
TEST(Lower, DirectByHand) {
  const assay_channel channel = WithBias(Channel(0.5, 0.25, 2.0, 10), 3.0f);
  const assay_affine_limits limits = {8, 40, 30};
  assay_affine affine;
  ASSERT_EQ(assay_lower_direct(assay_contract_find("qnnpack"), &channel, &limits, &affine),
            ASSAY_OK);
  EXPECT_EQ(affine.multiplier, 128);
  EXPECT_EQ(affine.shift, 11);
  EXPECT_EQ(affine.addend, 12 * 2048);
}

struct Layer {
  std::vector<int8_t> weight;
  std::vector<double> scale;
  std::vector<float> bias;
  assay_conv conv = {};
  std::vector<assay_lowered_channel> channels;
  std::vector<assay_threshold_list> lists;
  std::vector<assay_lower_result> results;
  assay_lowered lowered = {};

  Layer() : weight(4 * 9), scale(4), bias(4), channels(4), lists(4), results(4) {
    for (size_t i = 0; i < weight.size(); i++) weight[i] = static_cast<int8_t>(i * 57 % 251 - 125);
    for (size_t i = 0; i < 4; i++) {
      scale[i] = static_cast<float>(0.001 * static_cast<double>(i + 1));
      bias[i] = static_cast<float>(0.3 * static_cast<double>(i));
    }
    conv.shape = {8, 8, 1, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    conv.x = {0.05f, 3, ASSAY_QUINT8};
    conv.y = {0.031f, 7, ASSAY_QUINT8};
    conv.relu = conv.per_channel = true;
    conv.weight = weight.data();
    conv.w_scale = scale.data();
    conv.bias = bias.data();
  }
  assay_status Lower(const assay_lower_options &options) {
    return assay_lower_layer(&conv, assay_contract_find("qnnpack"), &options, channels.data(),
                             lists.data(), results.data(), &lowered);
  }
};

TEST(Lower, ALayerEqualsItsContractWithEitherRequantizer) {
  for (const assay_lower_policy policy : {ASSAY_LOWER_AUTO, ASSAY_LOWER_THRESHOLD}) {
    Layer layer;
    assay_lower_options options = assay_lower_defaults();
    options.policy = policy;
    ASSERT_EQ(layer.Lower(options), ASSAY_OK);
    EXPECT_EQ(layer.lowered.out_min, 7);
    EXPECT_EQ(layer.lowered.out_max, 255);
    for (int32_t oc = 0; oc < 4; oc++) {
      const assay_channel channel = assay_channel_of(&layer.conv, oc);
      const assay_requantizer contract = Prepare("qnnpack", channel);
      assay_requantizer lowered;
      ASSERT_EQ(assay_requantizer_of_lowered(&layer.lowered, oc, &lowered), ASSAY_OK);
      const assay_lower_result &result = layer.results[static_cast<size_t>(oc)];
      EXPECT_EQ(result.differing, 0);
      EXPECT_EQ(assay_compare_enumerate(&contract, &lowered, result.range, nullptr, 0).count, 0);
    }
  }
}

TEST(Lower, AccInitIsTheZeroPointTimesTheWeights) {
  Layer layer;
  ASSERT_EQ(layer.Lower(assay_lower_defaults()), ASSAY_OK);
  int32_t sum = 0;
  for (int32_t i = 0; i < 9; i++) sum += layer.weight[static_cast<size_t>(i)];
  EXPECT_EQ(layer.channels[0].acc_init, -3 * sum);
}

TEST(Lower, AutoTakesThresholdsWhereAffineCannotBeExact) {
  Layer layer;
  assay_lower_options options = assay_lower_defaults();
  options.limits.multiplier_bits = 6;
  ASSERT_EQ(layer.Lower(options), ASSAY_OK);
  EXPECT_EQ(layer.lowered.kind, ASSAY_REQUANT_THRESHOLD);
  EXPECT_EQ(layer.results[0].differing, 0);
  EXPECT_NE(layer.results[0].synthesis.verdict, ASSAY_SYNTHESIS_EXACT);
  options.policy = ASSAY_LOWER_AFFINE;
  ASSERT_EQ(layer.Lower(options), ASSAY_OK);
  EXPECT_EQ(layer.lowered.kind, ASSAY_REQUANT_AFFINE);
  EXPECT_GT(layer.results[0].differing, 0);
}

}  // namespace
