// The RTL against the golden models, through the driver: every kind of layer, stalls, resets.
#include "sim/cosim.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "golden/registers.h"
#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Cosim;
using assay_test::Failures;
using assay_test::Layer;
using assay_test::MakeLayer;
using assay_test::MakeLayers;
using assay_test::Options;

constexpr const char *kEngine = "8x8";

const assay_engine_config &EngineNamed(const std::string &name) {
  for (size_t i = 0; assay_cosim_engine(i) != nullptr; ++i) {
    if (name == assay_cosim_engine(i)->name) return *assay_cosim_engine(i);
  }
  throw std::runtime_error("engine " + name + " was not built");
}

// Stalls in percent on act, wgt, par, out, axil.
using Stalls = std::array<uint8_t, ASSAY_PORT_COUNT>;
const Stalls kStalls[] = {{0, 0, 0, 0, 0},    {30, 30, 30, 30, 30}, {90, 90, 90, 90, 90},
                          {95, 0, 0, 0, 0},   {0, 95, 0, 0, 0},     {0, 0, 95, 0, 0},
                          {0, 0, 0, 95, 0},   {25, 50, 75, 95, 50}, {75, 25, 0, 50, 95},
                          {50, 95, 50, 0, 75}};

assay_cosim_options WithStalls(const char *engine, const Stalls &stalls) {
  assay_cosim_options options = Options(engine, 0);
  std::copy(stalls.begin(), stalls.end(), options.stall_percent);
  return options;
}

void ExpectPass(const Layer &layer, const assay_cosim_result &result) {
  EXPECT_TRUE(result.pass) << Failures(layer, result);
  for (const assay_stage_count &stage : result.stage) {
    EXPECT_EQ(stage.compared, layer.golden.y.size());
  }
  EXPECT_TRUE(layer.received == layer.golden.y);
}

TEST(Cosim, EveryBuiltEngineRunsRandomLayersUnderStalls) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    const assay_engine_config &engine = *assay_cosim_engine(e);
    const auto layers = MakeLayers(engine, seed, 0, 12, 30000);
    std::set<int> modes;
    for (const auto &layer : layers) modes.insert(layer->plan.mode);
    EXPECT_EQ(modes.size(), 3u);
    for (const Stalls &stalls : kStalls) {
      Cosim cosim(WithStalls(engine.name, stalls));
      ASSERT_TRUE(cosim.open()) << cosim.reason();
      for (const auto &layer : layers) {
        const assay_cosim_result result = cosim.Run(*layer);
        ExpectPass(*layer, result);
        if (!result.pass) assay_cosim_reset(cosim.get());
        if (HasFailure()) return;
      }
    }
  }
}

TEST(Cosim, CyclesAreThoseOfThePlanWithoutStalls) {
  // The plan does not count how a layer is set up before its first row is taken (rtl/README.md).
  constexpr uint64_t kSetup = 128;
  const auto layers = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 1000, 100, 60000, false);
  Cosim cosim(Options(kEngine, 0));
  for (const auto &layer : layers) {
    const assay_cosim_result result = cosim.Run(*layer);
    ExpectPass(*layer, result);
    EXPECT_GE(result.cycles, layer->plan.cycles) << Failures(*layer, result);
    EXPECT_LE(result.cycles, layer->plan.cycles + kSetup) << Failures(*layer, result);
    // The last word leaves before done; rows that nothing needs may be taken in between.
    EXPECT_LE(result.cycles_counted, result.cycles + 1);
  }
}

TEST(Cosim, InitialStateOfRegistersDoesNotMatter) {
  const auto layers = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 2000, 10, 30000);
  struct State {
    assay_initial_state state;
    uint64_t seed;
  };
  for (const State &state :
       {State{ASSAY_INITIAL_ZEROS, 1}, State{ASSAY_INITIAL_ONES, 1}, State{ASSAY_INITIAL_RANDOM, 1},
        State{ASSAY_INITIAL_RANDOM, 2}, State{ASSAY_INITIAL_RANDOM, 3}}) {
    assay_cosim_options options = Options(kEngine, 30);
    options.initial_state = state.state;
    options.seed = state.seed;
    Cosim cosim(options);
    for (const auto &layer : layers) ExpectPass(*layer, cosim.Run(*layer));
  }
}

TEST(Cosim, JobsRunBackToBack) {
  const auto layers = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 3000, 12, 30000);
  std::vector<assay_cosim_job> jobs;
  for (const auto &layer : layers) jobs.push_back(layer->job);
  for (const uint8_t percent : {uint8_t{0}, uint8_t{50}}) {
    std::vector<assay_cosim_result> results(jobs.size());
    Cosim cosim(Options(kEngine, percent));
    ASSERT_EQ(assay_cosim_run(cosim.get(), jobs.data(), jobs.size(), results.data(), nullptr),
              ASSAY_OK);
    for (size_t i = 0; i < jobs.size(); ++i) ExpectPass(*layers[i], results[i]);
  }
}

TEST(Cosim, ResetInMidLayerRecovers) {
  const auto layers = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 4000, 8, 30000);
  for (const uint8_t percent : {uint8_t{0}, uint8_t{50}}) {
    Cosim cosim(Options(kEngine, percent));
    for (size_t i = 0; i + 1 < layers.size(); ++i) {
      for (const uint64_t part : {1u, 37u, 211u, 1000u}) {
        ASSERT_EQ(assay_cosim_run_partly(cosim.get(), &layers[i]->job, part), ASSAY_OK);
        assay_cosim_reset(cosim.get());
        ExpectPass(*layers[i + 1], cosim.Run(*layers[i + 1]));
      }
    }
  }
}

TEST(Cosim, OneFlippedBitInAnExpectationIsFoundThere) {
  const auto layers = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 5000, 6, 30000);
  Cosim cosim(Options(kEngine, 30));
  uint64_t bit = 0;
  for (const auto &layer : layers) {
    const assay_conv_shape &s = layer->plan.shape;
    const size_t at = layer->golden.acc.size() * 2 / 3;
    layer->golden.acc[at] ^= int32_t{1} << (bit++ * 5 % 31);
    const assay_cosim_result result = cosim.Run(*layer);
    EXPECT_FALSE(result.pass);
    ASSERT_EQ(result.failure_total, 1u);
    const assay_failure &f = result.failures[0];
    EXPECT_EQ(f.kind, ASSAY_FAILURE_VALUE);
    EXPECT_EQ(f.stage, ASSAY_STAGE_ACC);
    const auto found = static_cast<size_t>((f.y * assay_conv_out_x(&s) + f.x) * s.out_c + f.c);
    EXPECT_EQ(found, at);
    EXPECT_EQ(f.expected, layer->golden.acc[at]);
    EXPECT_EQ(result.stage[ASSAY_STAGE_ACC].mismatched, 1u);
    EXPECT_EQ(result.stage[ASSAY_STAGE_REQUANT].mismatched, 0u);
    EXPECT_STREQ(f.layer, layer->name.c_str());
  }
}

TEST(Cosim, FlippedOutputIsFoundInBothStagesThatCarryIt) {
  const auto layers = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 5500, 1, 30000);
  Cosim cosim(Options(kEngine, 0));
  layers[0]->golden.y.back() ^= 0x80;
  const assay_cosim_result result = cosim.Run(*layers[0]);
  ASSERT_EQ(result.failure_total, 2u);
  EXPECT_EQ(result.failures[0].stage, ASSAY_STAGE_REQUANT);
  EXPECT_EQ(result.failures[1].stage, ASSAY_STAGE_OUTPUT);
  EXPECT_EQ(result.stage[ASSAY_STAGE_ACC].mismatched, 0u);
}

TEST(Cosim, WrongStreamIsNoticed) {
  auto layer = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 6000, 1, 30000);
  Cosim cosim(Options(kEngine, 0));
  layer[0]->golden.weights[0] ^= 1;
  const assay_cosim_result result = cosim.Run(*layer[0]);
  EXPECT_FALSE(result.pass);
  EXPECT_GT(result.stage[ASSAY_STAGE_ACC].mismatched, 0u);
  EXPECT_EQ(result.failures[0].stage, ASSAY_STAGE_ACC);
}

TEST(Cosim, StreamThatIsTooLongIsNoticed) {
  auto layer = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 6100, 1, 30000);
  Cosim cosim(Options(kEngine, 0));
  layer[0]->plan.activation_words += 1;
  layer[0]->golden.activations.resize(layer[0]->golden.activations.size() + 8);
  layer[0]->job.activations = layer[0]->golden.activations.data();
  const assay_cosim_result result = cosim.Run(*layer[0]);
  EXPECT_FALSE(result.pass);
  ASSERT_EQ(result.failure_total, 1u);
  EXPECT_EQ(result.failures[0].kind, ASSAY_FAILURE_UNREAD);
  EXPECT_EQ(result.failures[0].port, ASSAY_PORT_ACT);
  EXPECT_EQ(result.failures[0].expected - result.failures[0].actual, 1);
}

TEST(Cosim, StreamThatIsTooShortTimesOut) {
  auto layer = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 6200, 1, 30000);
  assay_cosim_options options = Options(kEngine, 0);
  options.timeout_cycles = 5000;
  Cosim cosim(options);
  layer[0]->plan.param_words -= 1;
  const assay_cosim_result result = cosim.Run(*layer[0]);
  EXPECT_FALSE(result.pass);
  ASSERT_GE(result.failure_count, 1u);
  EXPECT_EQ(result.failures[0].kind, ASSAY_FAILURE_TIMEOUT);
  layer[0]->plan.param_words += 1;
  assay_cosim_reset(cosim.get());
  ExpectPass(*layer[0], cosim.Run(*layer[0]));
}

TEST(Cosim, IllegalLayerIsRefusedByTheHardware) {
  auto layer = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 6300, 1, 30000);
  const assay_plan legal = layer[0]->plan;
  Cosim cosim(Options(kEngine, 0));
  for (size_t i = 0; i < layer[0]->plan.write_count; ++i) {
    if (layer[0]->plan.writes[i].address == ASSAY_REG_OUT_SIZE) layer[0]->plan.writes[i].value = 0;
  }
  const uint64_t begin = assay_cosim_cycle(cosim.get());
  const assay_cosim_result result = cosim.Run(*layer[0]);
  EXPECT_FALSE(result.pass);
  ASSERT_GE(result.failure_count, 1u);
  EXPECT_EQ(result.failures[0].kind, ASSAY_FAILURE_STATUS);
  EXPECT_EQ(result.status >> 8, static_cast<uint32_t>(ASSAY_ENGINE_ERROR_SIZE));
  EXPECT_LT(assay_cosim_cycle(cosim.get()) - begin, 10000u);  // no timeout was needed
  layer[0]->plan = legal;
  ExpectPass(*layer[0], cosim.Run(*layer[0]));
}

TEST(Cosim, RegistersTellTheConfiguration) {
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    const assay_engine_config &engine = *assay_cosim_engine(e);
    Cosim cosim(Options(engine.name, 0));
    uint32_t value = 0;
    ASSERT_TRUE(assay_cosim_read(cosim.get(), ASSAY_REG_ID, &value));
    EXPECT_EQ(value, ASSAY_ID_VALUE);
    ASSERT_TRUE(assay_cosim_read(cosim.get(), ASSAY_REG_LANES, &value));
    EXPECT_EQ(value, static_cast<uint32_t>(engine.pixels | engine.channels << 8));
    ASSERT_TRUE(assay_cosim_read(cosim.get(), ASSAY_REG_BANK_DEPTH, &value));
    EXPECT_EQ(value, static_cast<uint32_t>(engine.bank_depth));
    ASSERT_TRUE(assay_cosim_read(cosim.get(), ASSAY_REG_WEIGHT_DEPTH, &value));
    EXPECT_EQ(value, static_cast<uint32_t>(engine.weight_depth));
    ASSERT_TRUE(assay_cosim_read(cosim.get(), ASSAY_REG_PARAM_BLOCKS, &value));
    EXPECT_EQ(value, static_cast<uint32_t>(engine.param_blocks |
                                           (engine.threshold ? engine.threshold_blocks << 16 : 0)));
    ASSERT_TRUE(assay_cosim_read(cosim.get(), ASSAY_REG_FEATURES, &value));
    EXPECT_EQ(value & 0xFF, (engine.affine ? 1u : 0u) | (engine.threshold ? 2u : 0u) |
                                (engine.corrected ? 4u : 0u) | (engine.int4_weights ? 8u : 0u));
    ASSERT_TRUE(assay_cosim_read(cosim.get(), ASSAY_REG_WIDTHS, &value));
    EXPECT_EQ(value, static_cast<uint32_t>(engine.size_bits | engine.step_bits << 8 |
                                           engine.acc_bits << 16));
  }
}

TEST(Cosim, TracedModelGivesTheSameAndWritesItsFile) {
  const auto layers = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 7000, 2, 30000);
  const std::string path = testing::TempDir() + "assay_cosim_test.fst";
  assay_cosim_options options = Options(kEngine, 30);
  uint64_t counted[2][2] = {};
  for (const bool traced : {false, true}) {
    options.trace_path = traced ? path.c_str() : nullptr;
    Cosim cosim(options);
    ASSERT_TRUE(cosim.open()) << cosim.reason();
    for (size_t i = 0; i < layers.size(); ++i) {
      const assay_cosim_result result = cosim.Run(*layers[i]);
      ExpectPass(*layers[i], result);
      counted[traced][i] = result.cycles_counted;
    }
  }
  EXPECT_EQ(counted[0][0], counted[1][0]);
  EXPECT_EQ(counted[0][1], counted[1][1]);
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  EXPECT_GT(file.tellg(), 1000);
  std::remove(path.c_str());
}

TEST(Cosim, BadOptionsAreRefusedWithAReason) {
  Cosim unknown(Options("3x3", 0));
  EXPECT_FALSE(unknown.open());
  EXPECT_STREQ(unknown.reason(), "engine \"3x3\" was not built (CMake variable ASSAY_ENGINES)");
  Cosim stalled(Options(kEngine, 100));
  EXPECT_FALSE(stalled.open());
  assay_cosim_options options = Options(kEngine, 0);
  options.trace_path = "/nonexistent/folder/x.fst";
  Cosim trace(options);
  EXPECT_FALSE(trace.open());
}

TEST(Cosim, PlanOfAnotherEngineIsRefused) {
  auto layer = MakeLayers(EngineNamed(kEngine), assay_test::Seed(), 8000, 1, 30000);
  Cosim cosim(Options(kEngine, 0));
  layer[0]->plan.engine.bank_depth *= 2;
  assay_cosim_result result = {};
  char reason[256] = "";
  EXPECT_EQ(assay_cosim_run(cosim.get(), &layer[0]->job, 1, &result, reason), ASSAY_ERROR_ARGUMENT);
  EXPECT_STRNE(reason, "");
}

}  // namespace
