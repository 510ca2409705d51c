// Every distinct layer shape of MobileNetV2 and ResNet18 on the RTL: equal to the golden engine in
// every stage, to the contract, and to the cycle model.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "sim/cosim.h"
#include "tests/sim/cosim_case.h"
#include "tests/sim/parts_case.h"
#include "tests/sim/shape_case.h"

namespace {

using assay_test::Cosim;
using assay_test::ShapeCase;

constexpr char kEngine[] = "8x8";

// Output pixels of a layer that is cut down: two row groups and more, and tiles that are not full.
constexpr int32_t kMostOutY = 5, kMostOutX = 9;

bool FullSize() { return std::getenv("ASSAY_FULL_SIZE") != nullptr; }

const assay_engine_config *EngineNamed(const char *name) {
  for (size_t i = 0; assay_cosim_engine(i) != nullptr; ++i) {
    if (std::strcmp(assay_cosim_engine(i)->name, name) == 0) return assay_cosim_engine(i);
  }
  return nullptr;
}

struct Suite {
  explicit Suite(const std::string &name) {
    const std::string path = std::string(ASSAY_SOURCE_DIR) + "/config/suites/" + name + ".yaml";
    assay_error error = {};
    EXPECT_TRUE(assay_suite_read(path.c_str(), &suite, &error)) << error.text;
  }
  ~Suite() { assay_suite_free(&suite); }
  Suite(const Suite &) = delete;
  Suite &operator=(const Suite &) = delete;
  assay_suite suite = {};
};

// Layers that differ in more than their name, in order.
std::vector<assay_suite_layer> DistinctLayers(const assay_suite &suite) {
  std::set<std::string> seen;
  std::vector<assay_suite_layer> layers;
  for (size_t i = 0; i < suite.layer_count; ++i) {
    const assay_suite_layer &layer = suite.layers[i];
    const std::string key(reinterpret_cast<const char *>(&layer.shape), sizeof layer.shape);
    if (seen.insert(key).second) layers.push_back(layer);
  }
  return layers;
}

// What was compared; zero would be no evidence.
struct Tally {
  int layers = 0, affine = 0, corrected = 0, cut = 0;
  uint64_t stage_values = 0, contract_values = 0, cycles = 0;
};

// Where two tensors of outputs differ first; empty where they do not.
std::string Difference(const ShapeCase &c, const std::vector<uint8_t> &actual) {
  if (actual.size() != c.y.size()) return "sizes differ";
  for (size_t i = 0; i < actual.size(); ++i) {
    if (actual[i] == c.y[i]) continue;
    const size_t out_c = static_cast<size_t>(c.conv.shape.out_c);
    return "value " + std::to_string(i) + ", channel " + std::to_string(i % out_c) + ", acc " +
           std::to_string(c.acc[i]) + ": " + std::to_string(actual[i]) +
           ", expected of the contract: " + std::to_string(c.y[i]);
  }
  return "";
}

void RunOnModelAndRtl(const ShapeCase &c, const assay_plan &plan, bool exact, Cosim *cosim,
                      Tally *tally) {
  assay_test::Layer layer;
  layer.c.conv = c.conv;
  layer.c.weight = c.weight;
  layer.c.x = c.x;
  layer.c.lowered = c.lowered;
  layer.plan = plan;
  layer.name = c.layer.name;
  assay_test::RunEngine(layer.c, layer.plan, &layer.golden);
  ASSERT_EQ(layer.golden.status, ASSAY_OK);
  ASSERT_TRUE(layer.golden.acc == c.acc) << "the golden engine differs from the plain reference";
  if (exact) {
    ASSERT_EQ(Difference(c, layer.golden.y), "") << "the golden engine";
  }
  assay_test::MakeJob(&layer);
  const assay_cosim_result result = cosim->Run(layer);
  ASSERT_TRUE(result.pass) << assay_test::Failures(layer, result);
  if (exact) {
    ASSERT_EQ(Difference(c, layer.received), "") << "the RTL";
    tally->contract_values += c.y.size();
  }
  EXPECT_EQ(result.cycles, plan.cycles) << "the cycle model";
  for (const assay_stage_count &stage : result.stage) tally->stage_values += stage.compared;
  tally->cycles += result.cycles;
  tally->affine += plan.kind == ASSAY_REQUANT_AFFINE;
  tally->corrected += plan.kind == ASSAY_REQUANT_CORRECTED;
  ++tally->layers;
}

// The cut that the planner prefers, if it does: the parts as queued layers, without a gap.
void RunParts(const ShapeCase &c, Cosim *cosim, Tally *tally) {
  assay_test::PartedLayer layer;
  layer.c.engine = *EngineNamed(kEngine);
  layer.c.conv = c.conv;
  layer.c.lowered = c.lowered;
  layer.c.x = c.x;
  layer.name = c.layer.name;
  char reason[256] = "";
  ASSERT_TRUE(layer.Make(nullptr, reason)) << reason;
  if (layer.jobs.size() == 1) return;
  ASSERT_TRUE(layer.acc == c.acc);
  std::vector<assay_cosim_result> results(layer.jobs.size());
  ASSERT_EQ(
      assay_cosim_run(cosim->get(), layer.jobs.data(), results.size(), results.data(), reason),
      ASSAY_OK)
      << reason;
  uint64_t cycles = 1;  // from the last word to done
  for (const assay_cosim_result &result : results) {
    ASSERT_TRUE(result.pass) << assay_test::Failures(layer, results);
    cycles += result.cycles_counted;
  }
  ASSERT_TRUE(layer.received == layer.y);
  EXPECT_EQ(cycles, layer.parts.cycles) << "the cycle model, " << results.size() << " parts";
  ++tally->cut;
}

// The certificate's choice of requantizer must be exact, and lists too; `direct` is affine on every
// layer.
struct Sweep {
  const char *suite, *contract;
  assay_lower_policy policy;
  int distinct;
};

void RunShape(assay_suite_layer layer, const Sweep &run, uint64_t seed, Cosim *cosim,
              Tally *tally) {
  SCOPED_TRACE(std::string(layer.name) + ", contract " + run.contract +
               ", ASSAY_SEED=" + std::to_string(assay_test::Seed()));
  const assay_contract *contract = assay_contract_find(run.contract);
  ASSERT_NE(contract, nullptr);
  if (!FullSize()) layer.shape = assay_test::CutDown(layer.shape, kMostOutY, kMostOutX);
  ShapeCase c;
  ASSERT_TRUE(assay_test::MakeShapeCase(layer, seed, &c));
  ASSERT_TRUE(assay_test::ContractOutputs(*contract, &c));
  ASSERT_TRUE(assay_test::Lower(*contract, run.policy, &c));
  const bool exact = run.policy != ASSAY_LOWER_DIRECT;
  if (exact) {
    ASSERT_TRUE(assay_test::IsExact(c)) << "a channel is not proved equal";
  }
  assay_plan plan = {};
  char reason[256] = "";
  ASSERT_EQ(assay_plan_layer(EngineNamed(kEngine), &c.conv, &c.lowered, &plan, reason), ASSAY_OK)
      << reason;
  ASSERT_NO_FATAL_FAILURE(RunOnModelAndRtl(c, plan, exact, cosim, tally));
  RunParts(c, cosim, tally);
}

void Print(const Sweep &run, const Tally &tally) {
  std::printf(
      "%s, %s, seed %llu%s: %d shapes (%d affine, %d corrected, %d cut), %llu values of stages and "
      "%llu against the contract, 0 wrong, %llu cycles as predicted\n",
      run.suite, run.contract, static_cast<unsigned long long>(assay_test::Seed()),
      FullSize() ? ", full size" : ", cut down", tally.layers, tally.affine, tally.corrected,
      tally.cut, static_cast<unsigned long long>(tally.stage_values),
      static_cast<unsigned long long>(tally.contract_values),
      static_cast<unsigned long long>(tally.cycles));
}

class Shapes : public testing::TestWithParam<Sweep> {};

TEST_P(Shapes, EqualContractGoldenEngineAndCycleModel) {
  const Sweep &run = GetParam();
  const Suite suite(run.suite);
  const std::vector<assay_suite_layer> layers = DistinctLayers(suite.suite);
  ASSERT_EQ(static_cast<int>(layers.size()), run.distinct);
  Cosim cosim(assay_test::Options(kEngine, 0));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  Tally tally;
  for (size_t i = 0; i < layers.size() && !HasFailure(); ++i) {
    RunShape(layers[i], run, assay_test::Seed() + i, &cosim, &tally);
  }
  ASSERT_EQ(tally.layers, run.distinct);
  EXPECT_EQ(tally.contract_values == 0, run.policy == ASSAY_LOWER_DIRECT);
  // No layer of these contracts needs lists.
  const int without_lists = tally.affine + tally.corrected;
  EXPECT_EQ(without_lists, run.policy == ASSAY_LOWER_THRESHOLD ? 0 : tally.layers);
  EXPECT_TRUE(run.policy != ASSAY_LOWER_DIRECT || tally.affine == tally.layers);
  if (!HasFailure()) Print(run, tally);
}

std::string NameOf(const testing::TestParamInfo<Sweep> &info) {
  return std::string(info.param.suite) + "_" + info.param.contract +
         (info.param.policy == ASSAY_LOWER_DIRECT      ? "_direct"
          : info.param.policy == ASSAY_LOWER_THRESHOLD ? "_threshold"
                                                       : "");
}

INSTANTIATE_TEST_SUITE_P(Networks, Shapes,
                         testing::Values(Sweep{"mobilenet_v2", "qnnpack", ASSAY_LOWER_AUTO, 31},
                                         Sweep{"mobilenet_v2", "onednn_2", ASSAY_LOWER_AUTO, 31},
                                         Sweep{"mobilenet_v2", "qnnpack", ASSAY_LOWER_DIRECT, 31},
                                         Sweep{"mobilenet_v2", "qnnpack", ASSAY_LOWER_THRESHOLD,
                                               31},
                                         Sweep{"resnet18", "qnnpack", ASSAY_LOWER_AUTO, 12},
                                         Sweep{"resnet18", "onednn_2", ASSAY_LOWER_AUTO, 12},
                                         Sweep{"resnet18", "qnnpack", ASSAY_LOWER_DIRECT, 12},
                                         Sweep{"utilization", "qnnpack", ASSAY_LOWER_AUTO, 10},
                                         Sweep{"utilization", "qnnpack", ASSAY_LOWER_DIRECT, 10}),
                         NameOf);

}  // namespace
