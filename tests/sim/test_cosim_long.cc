// The long random run, on every built engine: each layer under stalls of its own on every port,
// again under others, after a reset in mid-layer, and queued between two others. The output is
// always that of the golden engine and of the plain reference.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "tests/sim/cosim_case.h"
#include "tests/sim/coverage.h"

namespace {

using assay_test::Cosim;
using assay_test::Layer;

constexpr int kLayersPerEngine = 600;
constexpr int64_t kMostMacs = 12000;

// What was run.
struct Totals {
  int layers = 0, runs = 0, resets = 0, queued = 0;
  uint64_t values = 0, cycles = 0;
  assay_test::Coverage coverage;

  void Layer(const assay_plan &plan) {
    ++layers;
    coverage.Layer(plan);
  }

  void Run(const assay_cosim_options &options, const std::vector<assay_cosim_result> &results) {
    ++runs;
    for (const assay_cosim_result &result : results) {
      for (const assay_stage_count &stage : result.stage) values += stage.compared;
      cycles += result.cycles_counted;
    }
    coverage.Stalls(options);
  }
};

// Runs layers in one go and compares everything; *cycles receives those of the first.
void RunAll(Cosim *cosim, const assay_cosim_options &options, const std::vector<Layer *> &layers,
            Totals *totals, uint64_t *cycles) {
  std::vector<assay_cosim_job> jobs;
  for (Layer *layer : layers) {
    std::fill(layer->received.begin(), layer->received.end(), uint8_t{0x5A});
    jobs.push_back(layer->job);
  }
  std::vector<assay_cosim_result> results(jobs.size());
  ASSERT_EQ(assay_cosim_run(cosim->get(), jobs.data(), jobs.size(), results.data(), nullptr),
            ASSAY_OK);
  for (size_t i = 0; i < layers.size(); ++i) {
    ASSERT_TRUE(results[i].pass) << assay_test::Failures(*layers[i], results[i]);
    ASSERT_TRUE(layers[i]->received == layers[i]->golden.y);
  }
  totals->Run(options, results);
  *cycles = results[0].cycles_counted;
}

// One layer in three ways.
void RunLayer(const assay_engine_config &engine, uint64_t seed, int32_t id, Layer *layer,
              Layer *before, Totals *totals) {
  assay_test::Random random(seed * 104729u + static_cast<uint64_t>(id));
  const assay_cosim_options first = assay_test::RandomStalls(engine.name, &random);
  Cosim cosim(first);
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  uint64_t cycles = 0;
  ASSERT_NO_FATAL_FAILURE(RunAll(&cosim, first, {layer}, totals, &cycles));
  // A reset anywhere in it, then whole again.
  ASSERT_EQ(assay_cosim_run_partly(cosim.get(), &layer->job, random.Next() % cycles), ASSAY_OK);
  assay_cosim_reset(cosim.get());
  ++totals->resets;
  ASSERT_NO_FATAL_FAILURE(RunAll(&cosim, first, {layer}, totals, &cycles));
  // Other stalls, and another layer queued behind it.
  const assay_cosim_options second = assay_test::RandomStalls(engine.name, &random);
  Cosim other(second);
  ASSERT_TRUE(other.open()) << other.reason();
  const std::vector<Layer *> queue = {layer, before};
  ASSERT_NO_FATAL_FAILURE(RunAll(&other, second, queue, totals, &cycles));
  ++totals->queued;
  totals->Layer(layer->plan);
}

void RunEngineOn(const assay_engine_config &engine, uint64_t seed, Totals *totals) {
  std::unique_ptr<Layer> before;
  Totals own;
  for (int32_t id = 0; own.layers < kLayersPerEngine; ++id) {
    auto layer = assay_test::MakeLayer(engine, seed, id, kMostMacs);
    if (layer == nullptr) continue;
    if (before == nullptr) {
      before = std::move(layer);
      continue;
    }
    SCOPED_TRACE("replay: ASSAY_SEED=" + std::to_string(assay_test::Seed()) + ", engine " +
                 engine.name + ", case " + std::to_string(id));
    ASSERT_NO_FATAL_FAILURE(RunLayer(engine, seed, id, layer.get(), before.get(), &own));
    before = std::move(layer);
  }
  std::printf(
      "engine %-6s %5d layers, %5d runs, %4d resets in mid-layer, %4d queues, "
      "%llu values compared, 0 wrong, %llu cycles\n",
      engine.name, own.layers, own.runs, own.resets, own.queued,
      static_cast<unsigned long long>(own.values), static_cast<unsigned long long>(own.cycles));
  totals->layers += own.layers;
  totals->runs += own.runs;
  totals->resets += own.resets;
  totals->queued += own.queued;
  totals->values += own.values;
  totals->cycles += own.cycles;
  totals->coverage.Add(own.coverage);
}

TEST(CosimLong, OutputsDependOnNothingButTheLayer) {
  const uint64_t seed = assay_test::Seed() + 51;
  Totals totals;
  int engines = 0;
  for (; assay_cosim_engine(static_cast<size_t>(engines)) != nullptr; ++engines) {
    RunEngineOn(*assay_cosim_engine(static_cast<size_t>(engines)), seed, &totals);
    if (HasFatalFailure()) return;
  }
  std::printf(
      "total: seed %llu, %d engines, %d layers, %d runs, %d resets, %d queues, %llu values "
      "compared, 0 wrong, %llu cycles\n",
      static_cast<unsigned long long>(assay_test::Seed()), engines, totals.layers, totals.runs,
      totals.resets, totals.queued, static_cast<unsigned long long>(totals.values),
      static_cast<unsigned long long>(totals.cycles));
  for (const auto &[name, count] : totals.coverage.classes) {
    std::printf("  %-22s %5d layers\n", name.c_str(), count);
    EXPECT_GT(count, kLayersPerEngine / 50) << name;
  }
  EXPECT_EQ(totals.coverage.stalls.size(), 25u);
}

}  // namespace
