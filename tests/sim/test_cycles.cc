// The cycle model against the engine's own CYCLES register, on random layers, streams not stalling.
#include "golden/cycles.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "sim/cosim.h"
#include "tests/golden/engine_case.h"

namespace {

using assay_test::Case;

// A model that is built, opened once for many layers.
class Simulation {
 public:
  explicit Simulation(const char *engine) {
    assay_cosim_options options = {};
    options.engine = engine;
    options.initial_state = ASSAY_INITIAL_RANDOM;
    options.timeout_cycles = 20000;
    char reason[256] = "";
    status = assay_cosim_open(&options, &cosim, reason);
    EXPECT_EQ(status, ASSAY_OK) << reason;
  }
  ~Simulation() { assay_cosim_close(cosim); }
  Simulation(const Simulation &) = delete;
  Simulation &operator=(const Simulation &) = delete;

  assay_cosim *cosim = nullptr;
  assay_status status = ASSAY_OK;
};

void Simulate(const Case &c, const assay_plan &plan, assay_cosim *cosim,
              assay_cosim_result *result) {
  assay_test::EngineRun run;
  assay_test::RunEngine(c, plan, &run);
  ASSERT_EQ(run.status, ASSAY_OK);
  assay_cosim_job job = {};
  job.plan = &plan;
  job.activations = run.activations.data();
  job.weights = run.weights.data();
  job.params = run.params.data();
  job.acc = run.acc.data();
  job.y = run.y.data();
  job.layer = "random";
  char reason[256] = "";
  ASSERT_EQ(assay_cosim_run(cosim, &job, 1, result, reason), ASSAY_OK) << reason;
}

std::string FirstFailure(const assay_cosim_result &result) {
  if (result.failure_count == 0) return "no failure is listed";
  const assay_failure &f = result.failures[0];
  return std::string(assay_failure_name(f.kind)) + " in " + assay_stage_name(f.stage) + " at (" +
         std::to_string(f.y) + ", " + std::to_string(f.x) + ", " + std::to_string(f.c) +
         "): expected " + std::to_string(f.expected) + ", actual " + std::to_string(f.actual) +
         ", failures " + std::to_string(result.failure_total);
}

// Streaming of weights and parameters and small rings, which the engine's own buffers would spare.
void WishSmallBuffers(uint64_t seed, int32_t id, Case *c) {
  assay_test::Random random(seed * 7919u + static_cast<uint64_t>(id));
  if (random.OneIn(2)) c->wish.weight_slots = random.In(1, 3);
  if (random.OneIn(2)) c->wish.param_slots = random.In(1, 3);
  if (random.OneIn(3)) c->wish.ring_rows = random.In(1, 12);
}

// Layers that the engine takes, in the order of their numbers.
bool MakeFor(const assay_engine_config &engine, uint64_t seed, int32_t id, Case *c,
             assay_plan *plan) {
  assay_test::MakeCase(seed, id, 300000, c);
  c->engine = engine;
  assay_test::NarrowParameters(c);
  WishSmallBuffers(seed, id, c);
  return assay_plan_layer_as(&c->engine, &c->conv, &c->lowered, &c->wish, plan, nullptr) ==
         ASSAY_OK;
}

// What the layers reached, so that no part of the model goes unchecked.
struct Reached {
  int int4 = 0, weights_again = 0, params_again = 0, ring_wraps = 0, waits[4] = {0, 0, 0, 0};

  void Count(const assay_plan &plan) {
    const assay_cycles cycles = assay_predict_cycles(&plan);
    const bool several = plan.rows_per_group < assay_conv_out_y(&plan.shape);
    int4 += plan.int4_weights;
    weights_again += several && plan.weight_slots < plan.out_blocks;
    params_again += several && plan.param_slots < plan.out_blocks;
    ring_wraps += plan.ring_rows * plan.shape.stride_y < plan.shape.in_y;
    waits[0] += cycles.wait_rows > 0;
    waits[1] += cycles.wait_weights > 0;
    waits[2] += cycles.wait_params > 0;
    waits[3] += cycles.wait_output > 0;
  }
};

void CompareCycles(const Case &c, const assay_plan &plan, assay_cosim *cosim) {
  assay_cosim_result result = {};
  ASSERT_NO_FATAL_FAILURE(Simulate(c, plan, cosim, &result));
  ASSERT_TRUE(result.pass) << FirstFailure(result) << "; " << assay_test::Describe(c, plan);
  EXPECT_EQ(plan.cycles, result.cycles) << assay_test::Describe(c, plan);
}

TEST(Cycles, EqualTheRegisterOnRandomLayers) {
  const uint64_t seed = assay_test::Seed() + 3;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed - 3));
  const int32_t layers = 120;
  for (size_t i = 0; assay_cosim_engine(i); i++) {
    const assay_engine_config &engine = *assay_cosim_engine(i);
    Simulation simulation(engine.name);
    ASSERT_EQ(simulation.status, ASSAY_OK);
    Reached reached;
    for (int32_t id = 0, done = 0; done < layers; id++) {
      SCOPED_TRACE("engine " + std::string(engine.name) + ", case " + std::to_string(id));
      Case c;
      assay_plan plan = {};
      if (!MakeFor(engine, seed, id, &c, &plan)) continue;
      ASSERT_NO_FATAL_FAILURE(CompareCycles(c, plan, simulation.cosim));
      reached.Count(plan);
      done++;
    }
    EXPECT_GT(reached.weights_again, 3);
    EXPECT_EQ(reached.int4 > 20, engine.int4_weights);
    EXPECT_GT(reached.params_again, 3);
    EXPECT_GT(reached.ring_wraps, 3);
    for (const int count : reached.waits) EXPECT_GT(count, 3);
  }
}

// Layers as networks have them, cut down in space.
TEST(Cycles, EqualTheRegisterOnNetworkLayers) {
  const assay_conv_shape shapes[] = {
      {32, 64, 1, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1},     // conv1 of the seed UNet
      {16, 64, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1},     // conv2
      {32, 64, 8, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1},     // conv3
      {28, 28, 3, 64, 7, 7, 2, 2, 1, 1, 3, 3, 3, 3, 1},    // ResNet18, first
      {7, 7, 64, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1},     // ResNet18, last stage's size
      {14, 14, 64, 128, 1, 1, 2, 2, 1, 1, 0, 0, 0, 0, 1},  // ResNet18, shortcut
      {14, 14, 96, 96, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 96},  // MobileNetV2, depthwise
      {28, 28, 96, 96, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 96},  // ... with stride 2
      {14, 14, 16, 96, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1},   // MobileNetV2, expansion
      {7, 7, 160, 320, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1},   // MobileNetV2, projection
      {16, 16, 55, 25, 5, 5, 2, 2, 1, 1, 2, 2, 2, 2, 1},   // odd channels, stride 2
      {1, 1, 512, 100, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1},   // linear
  };
  Simulation simulation(assay_cosim_engine(0)->name);
  ASSERT_EQ(simulation.status, ASSAY_OK);
  for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
    SCOPED_TRACE("layer " + std::to_string(i));
    assay_test::Random random(i);
    Case c;
    assay_plan plan = {};
    char reason[256] = "";
    c.engine = *assay_cosim_engine(0);
    c.conv.shape = shapes[i];
    assay_test::RandomTensors(random, &c);
    assay_test::RandomParameters(random, &c);
    ASSERT_EQ(assay_plan_layer(&c.engine, &c.conv, &c.lowered, &plan, reason), ASSAY_OK) << reason;
    ASSERT_NO_FATAL_FAILURE(CompareCycles(c, plan, simulation.cosim));
  }
}

}  // namespace
