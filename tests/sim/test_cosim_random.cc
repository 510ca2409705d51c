// Many random layers on every built engine, each with its own stalls: the RTL equals the golden
// engine in every stage.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "golden/sequencer.h"
#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Cosim;
using assay_test::Layer;

constexpr int kLayersPerEngine = 500;
constexpr int64_t kMostMacs = 12000;

// The last word of a block has the weights of one step.
bool OddSteps(const assay_plan &plan) {
  return assay_block_passes(&plan, 0) * assay_pass_steps(&plan) % 2 != 0;
}

// What the layers reached; a class that none reached would be a claim without evidence.
struct Reached {
  int layers = 0;
  uint64_t values = 0, cycles = 0;
  std::map<std::string, int> classes;
  std::set<std::pair<int, int>> stalls;  // port, percent

  void Count(const Layer &layer, const assay_cosim_result &result,
             const assay_cosim_options &options) {
    const assay_plan &p = layer.plan;
    const assay_conv_shape &s = p.shape;
    ++layers;
    for (const assay_stage_count &stage : result.stage) values += stage.compared;
    cycles += result.cycles;
    const bool several = p.rows_per_group < assay_conv_out_y(&s);
    ++classes["mode " + std::to_string(p.mode)];
    classes["grouped"] += s.groups > 1 && p.mode != ASSAY_MODE_DEPTHWISE;
    classes["1x1"] += s.kernel_y == 1 && s.kernel_x == 1;
    classes["strided"] += s.stride_y > 1 || s.stride_x > 1;
    classes["dilated"] += s.dilation_y > 1 || s.dilation_x > 1;
    classes["padded on one side"] += s.pad_left != s.pad_right || s.pad_top != s.pad_bottom;
    classes["int8 input"] += p.x_dtype == ASSAY_QINT8;
    classes["affine"] += p.kind == ASSAY_REQUANT_AFFINE;
    classes["corrected"] += p.kind == ASSAY_REQUANT_CORRECTED;
    classes["int4 in mode " + std::to_string(p.mode)] += p.int4_weights;
    classes["int4 with half a word"] += p.int4_weights && OddSteps(p);
    classes["threshold"] += p.kind == ASSAY_REQUANT_THRESHOLD;
    classes["partly filled block"] += s.out_c % p.engine.channels != 0;
    classes["ring wraps"] += p.ring_rows * s.stride_y < s.in_y;
    classes["weights sent again"] += several && p.weight_slots < p.out_blocks;
    classes["parameters sent again"] += several && p.param_slots < p.out_blocks;
    classes["tile runs on"] += p.rows_per_group > 1 && assay_conv_out_x(&s) % p.engine.pixels != 0;
    for (int port = 0; port < ASSAY_PORT_COUNT; ++port) {
      stalls.insert({port, options.stall_percent[port]});
    }
  }
};

// Every port draws its own percentage.
assay_cosim_options RandomStalls(const char *engine, uint64_t seed, int32_t id) {
  constexpr uint8_t kPercent[] = {0, 25, 50, 75, 95};
  assay_test::Random random(seed * 104729u + static_cast<uint64_t>(id));
  assay_cosim_options options = assay_test::Options(engine, 0);
  options.seed = seed + static_cast<uint64_t>(id);
  for (uint8_t &port : options.stall_percent) port = kPercent[random.In(0, 4)];
  return options;
}

void RunEngineOn(const assay_engine_config &engine, uint64_t seed, Reached *reached) {
  for (int32_t id = 0, done = 0; done < kLayersPerEngine; ++id) {
    const auto layer = assay_test::MakeLayer(engine, seed, id, kMostMacs);
    if (layer == nullptr) continue;
    SCOPED_TRACE("replay: ASSAY_SEED=" + std::to_string(seed) + ", engine " + engine.name +
                 ", case " + std::to_string(id));
    const assay_cosim_options options = RandomStalls(engine.name, seed, id);
    Cosim cosim(options);
    ASSERT_TRUE(cosim.open()) << cosim.reason();
    const assay_cosim_result result = cosim.Run(*layer);
    ASSERT_TRUE(result.pass) << assay_test::Failures(*layer, result);
    ASSERT_TRUE(layer->received == layer->golden.y);
    reached->Count(*layer, result, options);
    ++done;
  }
}

TEST(CosimRandom, EveryStageEqualsTheGoldenEngine) {
  const uint64_t seed = assay_test::Seed();
  Reached reached;
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    RunEngineOn(*assay_cosim_engine(e), seed, &reached);
    if (HasFatalFailure()) return;
  }
  std::printf("seed %llu: %d layers, %llu values compared, 0 wrong, %llu cycles\n",
              static_cast<unsigned long long>(seed), reached.layers,
              static_cast<unsigned long long>(reached.values),
              static_cast<unsigned long long>(reached.cycles));
  for (const auto &[name, count] : reached.classes) {
    std::printf("  %-22s %5d\n", name.c_str(), count);
    EXPECT_GT(count, kLayersPerEngine / 50) << name;
  }
  EXPECT_EQ(reached.stalls.size(), 25u);
}

}  // namespace
