// What is proved about the shipped network: exact requantizers, accumulator bounds, their
// witnesses. All of it against visits of every accumulator or runs of the engine model.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "config/engine.h"
#include "golden/bounds.h"
#include "golden/compare.h"
#include "golden/directed.h"
#include "golden/lower.h"
#include "golden/requantizer.h"
#include "vectors/bundle.h"

namespace {

class SeedNetwork : public ::testing::Test {
 protected:
  void SetUp() override {
    assay_error error = {};
    ASSERT_TRUE(assay_bundle_read(ASSAY_SOURCE_DIR "/config/networks/unet_simplified", 16, 24,
                                  &bundle_, &error))
        << error.text;
    for (size_t i = 0; i < bundle_.network.layer_count; i++) {
      if (bundle_.network.layers[i].kind == ASSAY_LAYER_CONV) {
        layers_.push_back(&bundle_.network.layers[i].conv);
      }
    }
  }
  void TearDown() override { assay_bundle_free(&bundle_); }

  // Lowers a layer for a contract into members.
  void Lower(const assay_conv *conv, const char *contract, assay_lower_policy policy) {
    const size_t count = static_cast<size_t>(conv->shape.out_c);
    channels_.resize(count);
    lists_.resize(count);
    results_.resize(count);
    assay_lower_options options = assay_lower_defaults();
    options.policy = policy;
    ASSERT_EQ(assay_lower_layer(conv, assay_contract_find(contract), &options, channels_.data(),
                                lists_.data(), results_.data(), &lowered_),
              ASSAY_OK);
  }

  // Accumulators on which a lowered channel differs from its contract, by visiting all of them.
  int64_t Visit(const assay_conv *conv, const char *name, int32_t oc) {
    const assay_channel channel = assay_channel_of(conv, oc);
    assay_requantizer contract, lowered;
    EXPECT_EQ(assay_contract_find(name)->prepare(&channel, &contract), ASSAY_OK);
    EXPECT_EQ(assay_requantizer_of_lowered(&lowered_, oc, &lowered), ASSAY_OK);
    return assay_compare_enumerate(&contract, &lowered, results_[static_cast<size_t>(oc)].range,
                                   nullptr, 0)
        .count;
  }

  assay_bundle bundle_ = {};
  std::vector<const assay_conv *> layers_;
  std::vector<assay_lowered_channel> channels_;
  std::vector<assay_threshold_list> lists_;
  std::vector<assay_lower_result> results_;
  assay_lowered lowered_ = {};
};

// The figures of config/networks/unet_simplified, contract by contract.
TEST_F(SeedNetwork, ExactAffineParameters) {
  const struct {
    const char *contract;
    int32_t exact;
  } expected[] = {{"qnnpack", 15}, {"fbgemm", 15}, {"onednn_2", 16}, {"onednn_3_11", 15}};
  for (const auto &e : expected) {
    int32_t exact = 0, bits = 0;
    for (const assay_conv *conv : layers_) {
      Lower(conv, e.contract, ASSAY_LOWER_AFFINE);
      for (int32_t oc = 0; oc < conv->shape.out_c; oc++) {
        const assay_lower_result &r = results_[static_cast<size_t>(oc)];
        EXPECT_EQ(Visit(conv, e.contract, oc), r.differing) << e.contract << " " << oc;
        EXPECT_EQ(r.synthesis.verdict == ASSAY_SYNTHESIS_EXACT, r.differing == 0);
        EXPECT_TRUE(r.synthesis.fewest_proved);
        EXPECT_LE(r.differing, 2);
        if (r.differing == 0) bits = std::max(bits, r.synthesis.multiplier_bits);
        exact += r.differing == 0;
      }
    }
    EXPECT_EQ(exact, e.exact) << e.contract;
    EXPECT_LE(bits, 23) << e.contract;
  }
}

TEST_F(SeedNetwork, WithThresholdsEveryContractIsMetExactly) {
  for (const char *contract : {"qnnpack", "fbgemm", "onednn_2", "onednn_3", "onednn_3_11"}) {
    for (const assay_conv *conv : layers_) {
      Lower(conv, contract, ASSAY_LOWER_THRESHOLD);
      for (int32_t oc = 0; oc < conv->shape.out_c; oc++) {
        EXPECT_EQ(Visit(conv, contract, oc), 0) << contract << " " << oc;
      }
    }
  }
}

// Each bound by an image that holds its witness, through the engine model.
TEST_F(SeedNetwork, WitnessesReachTheBoundsInTheEngine) {
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(ASSAY_SOURCE_DIR "/config/engines/8x8.yaml", &engine, &error))
      << error.text;
  for (const assay_conv *conv : layers_) {
    Lower(conv, "qnnpack", ASSAY_LOWER_THRESHOLD);
    assay_plan plan;
    ASSERT_EQ(assay_plan_layer(&engine, conv, &lowered_, &plan, nullptr), ASSAY_OK);
    const size_t taps = static_cast<size_t>(assay_conv_taps(&conv->shape));
    std::vector<uint8_t> patch(taps);
    std::vector<assay_order_step> steps(taps);
    std::vector<assay_trail_step> trail(taps);
    for (int32_t oc = 0; oc < conv->shape.out_c; oc++) {
      const int32_t init = channels_[static_cast<size_t>(oc)].acc_init;
      assay_taps view;
      ASSERT_TRUE(assay_taps_interior(conv, oc, &view));
      const assay_addition_order order = assay_bounds_engine_order(&plan, oc, init, steps.data());
      assay_partial_bounds bounds;
      ASSERT_EQ(assay_bounds_of_order(&view, &order, nullptr, &bounds), ASSAY_OK);
      EXPECT_EQ(bounds.final.lo, results_[static_cast<size_t>(oc)].range.lo);
      EXPECT_EQ(bounds.final.hi, results_[static_cast<size_t>(oc)].range.hi);
      for (const bool upper : {false, true}) {
        const assay_conv_shape &s = conv->shape;
        std::vector<uint8_t> x(static_cast<size_t>(s.in_y * s.in_x * s.in_c));
        assay_bounds_witness(&view, upper, patch.data());
        assay_directed_paste(conv, oc, {view.y, view.x}, patch.data(), x.data());
        EXPECT_EQ(assay_engine_trail(&plan, x.data(), conv->weight, init, view.y, view.x, oc,
                                     trail.data()),
                  upper ? bounds.final.hi : bounds.final.lo);
        const uint32_t rows = upper ? bounds.hi_rows : bounds.lo_rows;
        const size_t step = upper ? bounds.hi_step : bounds.lo_step;
        if (step == 0 || step > taps) continue;  // reached by acc_init, or in the sum of the rows
        assay_bounds_partial_witness(&view, &order, step, rows, upper, patch.data());
        assay_directed_paste(conv, oc, {view.y, view.x}, patch.data(), x.data());
        assay_engine_trail(&plan, x.data(), conv->weight, init, view.y, view.x, oc, trail.data());
        EXPECT_EQ(trail[step - 1].partial, upper ? bounds.partial.hi : bounds.partial.lo);
      }
    }
  }
}

}  // namespace
