// The RTL engine on random layers of every kind, all ports stalled, against the plain convolution.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "golden/reference.h"
#include "golden/requant.h"
#include "sim/cosim.h"
#include "tests/golden/engine_case.h"

namespace {

using assay_test::Case;
using assay_test::EngineRun;

struct Close {
  void operator()(assay_cosim *cosim) const { assay_cosim_close(cosim); }
};
using Cosim = std::unique_ptr<assay_cosim, Close>;

// Stall patterns: none, moderate everywhere, one port nearly stopped.
void ChooseStalls(assay_test::Random &random, assay_cosim_options *options) {
  const int32_t slow = random.In(0, 2 * ASSAY_PORT_COUNT);
  const int32_t base = random.OneIn(3) ? 0 : random.In(0, 60);
  for (int32_t port = 0; port < ASSAY_PORT_COUNT; port++) {
    options->stall_percent[port] = static_cast<uint8_t>(port == slow ? 92 : base);
  }
}

Cosim Open(const assay_engine_config &engine, uint64_t seed, int32_t id) {
  assay_test::Random random(seed ^ (static_cast<uint64_t>(id) << 20));
  assay_cosim_options options = {};
  options.engine = engine.name;
  options.seed = seed + static_cast<uint64_t>(id);
  options.initial_state = ASSAY_INITIAL_RANDOM;
  options.trace_path = std::getenv("ASSAY_TRACE");
  ChooseStalls(random, &options);
  assay_cosim *cosim = nullptr;
  char reason[256] = "";
  EXPECT_EQ(assay_cosim_open(&options, &cosim, reason), ASSAY_OK) << reason;
  return Cosim(cosim);
}

// Accumulators from the plain convolution; outputs by the golden requantizer.
void Expect(const Case &c, const assay_plan &plan, EngineRun *run) {
  assay_test::RunEngine(c, plan, run);
  ASSERT_EQ(run->status, ASSAY_OK);
  std::vector<int32_t> acc(run->acc.size());
  ASSERT_EQ(assay_reference_conv(&c.conv, c.x.data(), acc.data()), ASSAY_OK);
  ASSERT_EQ(acc, run->acc);
}

std::string Text(const assay_failure &f) {
  char text[200];
  std::snprintf(text, sizeof(text), "%s %s y %d x %d c %d cycle %llu: expected %lld, got %lld",
                assay_failure_name(f.kind), assay_stage_name(f.stage), f.y, f.x, f.c,
                static_cast<unsigned long long>(f.layer_cycle), static_cast<long long>(f.expected),
                static_cast<long long>(f.actual));
  return text;
}

// Runs a case on the RTL; false when the engine cannot hold the layer.
bool RunCase(const assay_engine_config &engine, uint64_t seed, int32_t id, uint64_t *values) {
  SCOPED_TRACE("replay: ASSAY_SEED=" + std::to_string(seed) + ", case " + std::to_string(id));
  Case c;
  assay_test::MakeCase(seed, id, 60000, &c);
  assay_plan plan = {};
  if (assay_plan_layer_as(&engine, &c.conv, &c.lowered, &c.wish, &plan, nullptr) != ASSAY_OK) {
    return false;
  }
  EngineRun run;
  Expect(c, plan, &run);
  const Cosim cosim = Open(engine, seed, id);
  assay_cosim_job job = {};
  job.plan = &plan;
  job.activations = run.activations.data();
  job.weights = run.weights.data();
  job.params = run.params.data();
  job.acc = run.acc.data();
  job.y = run.y.data();
  job.layer = "random";
  assay_cosim_result result = {};
  char reason[256] = "";
  EXPECT_EQ(assay_cosim_run(cosim.get(), &job, 1, &result, reason), ASSAY_OK) << reason;
  EXPECT_TRUE(result.pass) << assay_test::Describe(c, plan) << "\n" << Text(result.failures[0]);
  *values += result.stage[ASSAY_STAGE_ACC].compared;
  return true;
}

TEST(EngineRtl, EqualsThePlainConvolutionOnRandomLayers) {
  const uint64_t seed = assay_test::Seed();
  const char *count = std::getenv("ASSAY_LAYERS");
  const char *only = std::getenv("ASSAY_CASE");
  const int32_t layers = count ? std::atoi(count) : 150;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (size_t e = 0; const assay_engine_config *engine = assay_cosim_engine(e); e++) {
    uint64_t values = 0;
    int32_t done = 0;
    for (int32_t id = only ? std::atoi(only) : 0; done < layers && !HasFailure(); id++) {
      done += RunCase(*engine, seed, id, &values);
      if (only) break;
    }
    std::printf("engine %s: %d layers, %llu values\n", engine->name, done,
                static_cast<unsigned long long>(values));
    EXPECT_GT(values, 0u);
  }
}

}  // namespace
