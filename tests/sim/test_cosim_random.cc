// Many random layers on every built engine, each with its own stalls: the RTL equals the golden
// engine in every stage.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/sim/cosim_case.h"
#include "tests/sim/coverage.h"

namespace {

using assay_test::Cosim;
using assay_test::Layer;

constexpr int kLayersPerEngine = 500;
constexpr int64_t kMostMacs = 12000;

struct Totals {
  int layers = 0;
  uint64_t values = 0, cycles = 0;
  assay_test::Coverage coverage;

  void Count(const Layer &layer, const assay_cosim_result &result,
             const assay_cosim_options &options) {
    ++layers;
    for (const assay_stage_count &stage : result.stage) values += stage.compared;
    cycles += result.cycles;
    coverage.Layer(layer.plan);
    coverage.Stalls(options);
  }
};

void RunEngineOn(const assay_engine_config &engine, uint64_t seed, Totals *totals) {
  for (int32_t id = 0, done = 0; done < kLayersPerEngine; ++id) {
    const auto layer = assay_test::MakeLayer(engine, seed, id, kMostMacs);
    if (layer == nullptr) continue;
    SCOPED_TRACE("replay: ASSAY_SEED=" + std::to_string(seed) + ", engine " + engine.name +
                 ", case " + std::to_string(id));
    assay_test::Random random(seed * 104729u + static_cast<uint64_t>(id));  // a case replays alone
    const assay_cosim_options options = assay_test::RandomStalls(engine.name, &random);
    Cosim cosim(options);
    ASSERT_TRUE(cosim.open()) << cosim.reason();
    const assay_cosim_result result = cosim.Run(*layer);
    ASSERT_TRUE(result.pass) << assay_test::Failures(*layer, result);
    ASSERT_TRUE(layer->received == layer->golden.y);
    totals->Count(*layer, result, options);
    ++done;
  }
}

TEST(CosimRandom, EveryStageEqualsTheGoldenEngine) {
  const uint64_t seed = assay_test::Seed();
  Totals totals;
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    RunEngineOn(*assay_cosim_engine(e), seed, &totals);
    if (HasFatalFailure()) return;
  }
  std::printf("seed %llu: %d layers, %llu values compared, 0 wrong, %llu cycles\n",
              static_cast<unsigned long long>(seed), totals.layers,
              static_cast<unsigned long long>(totals.values),
              static_cast<unsigned long long>(totals.cycles));
  for (const auto &[name, count] : totals.coverage.classes) {
    std::printf("  %-22s %5d\n", name.c_str(), count);
    EXPECT_GT(count, kLayersPerEngine / 50) << name;
  }
  EXPECT_EQ(totals.coverage.stalls.size(), 25u);
}

}  // namespace
