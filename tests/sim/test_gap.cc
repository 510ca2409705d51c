// Layers queued behind each other: from the last output of one to the first activation word of the
// next pass as many cycles as the cycle model says, whatever the layers are.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "golden/cycles.h"
#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Cosim;
using assay_test::Layer;

// Rows beyond the last that an output reads are taken after the last output, perhaps: such a layer
// is not done when its last output has left.
bool EveryRowIsRead(const assay_conv_shape &s) {
  const int32_t last =
      (assay_conv_out_y(&s) - 1) * s.stride_y + (s.kernel_y - 1) * s.dilation_y - s.pad_top;
  return last >= s.in_y - 1;
}

std::unique_ptr<Layer> NextLayer(const assay_engine_config &engine, uint64_t seed, int32_t *id) {
  for (;; ++*id) {
    auto layer = assay_test::MakeLayer(engine, seed, *id, 60000);
    // Long enough for the description of the one behind it: a dozen writes and the setup.
    if (layer == nullptr || layer->plan.cycles < 600) continue;
    if (EveryRowIsRead(layer->plan.shape)) return layer;
  }
}

TEST(Gap, IsSmallAndTheSameForAllLayers) {
  const uint64_t seed = assay_test::Seed() + 41;
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    const assay_engine_config &engine = *assay_cosim_engine(e);
    Cosim cosim(assay_test::Options(engine.name, 0));
    ASSERT_TRUE(cosim.open()) << cosim.reason();
    int gaps = 0, modes[3] = {0, 0, 0};
    for (int32_t id = 0; gaps < 60; ++id) {
      SCOPED_TRACE("ASSAY_SEED=" + std::to_string(seed - 41) + ", engine " + engine.name +
                   ", before case " + std::to_string(id));
      std::vector<std::unique_ptr<Layer>> layers;
      std::vector<assay_cosim_job> jobs;
      for (int i = 0; i < 3; ++i, ++id) {
        layers.push_back(NextLayer(engine, seed, &id));
        jobs.push_back(layers.back()->job);
      }
      std::vector<assay_cosim_result> results(jobs.size());
      ASSERT_EQ(assay_cosim_run(cosim.get(), jobs.data(), jobs.size(), results.data(), nullptr),
                ASSAY_OK);
      for (size_t i = 0; i < jobs.size(); ++i) {
        ASSERT_TRUE(results[i].pass) << assay_test::Failures(*layers[i], results[i]);
        ++modes[layers[i]->plan.mode];
        if (i == 0) continue;
        EXPECT_EQ(results[i].first_activation - results[i - 1].last_output,
                  uint64_t{ASSAY_QUEUED_GAP});
        ++gaps;
      }
    }
    std::printf("seed %llu, engine %s: %d gaps of %d cycles\n",
                static_cast<unsigned long long>(seed - 41), engine.name, gaps,
                static_cast<int>(ASSAY_QUEUED_GAP));
    for (const int count : modes) EXPECT_GT(count, 3);
  }
}

}  // namespace
