// Layers larger than the buffers on the RTL, part by part as queued layers: every stage equals the
// plain reference of the whole layer, and the cycles are those of the model.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "golden/cycles.h"
#include "tests/sim/cosim_case.h"
#include "tests/sim/parts_case.h"

namespace {

using assay_test::Cosim;
using assay_test::PartedLayer;

// What was run, so that no claim stands on nothing.
struct Reached {
  int layers = 0, cut_columns = 0, cut_channels = 0, cut_rows = 0, inside_groups = 0;
  size_t parts = 0;
  uint64_t values = 0, cycles = 0;
};

void Count(const PartedLayer &layer, const std::vector<assay_cosim_result> &results,
           Reached *reached) {
  const assay_parts &p = layer.parts;
  ++reached->layers;
  reached->cut_rows += p.y_count > 1;
  reached->cut_columns += p.x_count > 1;
  reached->cut_channels += p.oc_count > 1;
  reached->inside_groups += p.shape.groups > 1 && p.channels < p.shape.out_c / p.shape.groups;
  reached->parts += layer.jobs.size();
  for (const assay_cosim_result &result : results) {
    for (const assay_stage_count &stage : result.stage) reached->values += stage.compared;
  }
}

// All parts in one run: each is described while the one before computes.
void RunQueued(PartedLayer *layer, Cosim *cosim, Reached *reached) {
  std::vector<assay_cosim_result> results(layer->jobs.size());
  char reason[256] = "";
  std::fill(layer->received.begin(), layer->received.end(), uint8_t{0});
  ASSERT_EQ(
      assay_cosim_run(cosim->get(), layer->jobs.data(), layer->jobs.size(), results.data(), reason),
      ASSAY_OK)
      << reason;
  for (const assay_cosim_result &result : results) {
    ASSERT_TRUE(result.pass) << assay_test::Failures(*layer, results);
  }
  ASSERT_TRUE(layer->received == layer->y);
  Count(*layer, results, reached);
}

// Less of the buffers than the engine has. Every third layer is cut where the test says.
bool MakeSmall(const assay_engine_config &engine, uint64_t seed, int32_t id, PartedLayer *layer) {
  assay_test::Random random(seed * 6151u + static_cast<uint64_t>(id));
  assay_test::MakeCase(seed, id, 30000, &layer->c);
  layer->c.engine = engine;
  layer->c.engine.bank_depth = 1 << random.In(3, 6);
  layer->c.engine.weight_depth = 1 << random.In(5, 9);
  layer->c.engine.param_blocks = layer->c.engine.threshold_blocks = 1 << random.In(0, 1);
  layer->name = "case" + std::to_string(id);
  assay_parts_wish wish = {};
  if (random.OneIn(3)) wish = {random.In(1, 9), random.In(1, 9), random.In(1, 20)};
  char reason[256] = "";
  return layer->Make(&wish, reason) && layer->jobs.size() > 1 && layer->jobs.size() <= 40;
}

TEST(CosimParts, RandomLayersOnSmallBuffers) {
  const uint64_t seed = assay_test::Seed() + 21;
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    const assay_engine_config &engine = *assay_cosim_engine(e);
    Reached reached;
    for (int32_t id = 0; reached.layers < 60; ++id) {
      SCOPED_TRACE("ASSAY_SEED=" + std::to_string(seed - 21) + ", engine " + engine.name +
                   ", case " + std::to_string(id));
      PartedLayer layer;
      if (!MakeSmall(engine, seed, id, &layer)) continue;
      Cosim cosim(assay_test::Options(engine.name, static_cast<uint8_t>(id % 3 * 35)));
      ASSERT_TRUE(cosim.open()) << cosim.reason();
      ASSERT_NO_FATAL_FAILURE(RunQueued(&layer, &cosim, &reached));
    }
    std::printf("seed %llu, engine %s: %d layers in %zu parts, %llu values compared, 0 wrong\n",
                static_cast<unsigned long long>(seed - 21), engine.name, reached.layers,
                reached.parts, static_cast<unsigned long long>(reached.values));
    EXPECT_GT(reached.cut_rows, 3);
    EXPECT_GT(reached.cut_columns, 3);
    EXPECT_GT(reached.cut_channels, 3);
    EXPECT_GT(reached.inside_groups, 0);
  }
}

// The cycle model of a part that runs alone, and of one that was queued.
TEST(CosimParts, CyclesAreThoseOfTheModel) {
  const uint64_t seed = assay_test::Seed() + 22;
  const assay_engine_config &engine = *assay_cosim_engine(0);
  Cosim cosim(assay_test::Options(engine.name, 0));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  int checked = 0;
  for (int32_t id = 0; checked < 25; ++id) {
    SCOPED_TRACE("ASSAY_SEED=" + std::to_string(seed - 22) + ", case " + std::to_string(id));
    PartedLayer layer;
    if (!MakeSmall(engine, seed, id, &layer)) continue;
    for (size_t i = 1; i < layer.jobs.size() && i < 4; ++i) {
      assay_cosim_result results[2] = {};
      char reason[256] = "";
      ASSERT_EQ(assay_cosim_run(cosim.get(), &layer.jobs[i], 1, results, reason), ASSAY_OK);
      EXPECT_EQ(results[0].cycles, layer.runs[i]->plan.cycles);
      // Long enough for the description of the next: a dozen writes and the setup.
      if (layer.runs[i - 1]->plan.cycles < 600) continue;
      ASSERT_EQ(assay_cosim_run(cosim.get(), &layer.jobs[i - 1], 2, results, reason), ASSAY_OK);
      const assay_cycles cycles = assay_predict_cycles(&layer.runs[i]->plan);
      EXPECT_EQ(results[1].cycles, assay_queued_cycles(&cycles));
      ++checked;
    }
  }
}

const assay_engine_config &EngineNamed(const std::string &name) {
  for (size_t i = 0; assay_cosim_engine(i) != nullptr; ++i) {
    if (name == assay_cosim_engine(i)->name) return *assay_cosim_engine(i);
  }
  throw std::runtime_error("engine " + name + " was not built");
}

// Full HD, 16 channels: 3 rows of 2 blocks of 1920 pixels are 1440 words of each bank, which has
// 1024. All 1080 rows with ASSAY_FULL_SIZE, else the first twelve.
TEST(CosimParts, WideImageBitExact) {
  const assay_engine_config &engine = EngineNamed("8x8");
  PartedLayer layer;
  assay_test::Random random(assay_test::Seed());
  layer.name = "wide";
  layer.c.engine = engine;
  const int32_t rows = std::getenv("ASSAY_FULL_SIZE") != nullptr ? 1080 : 12;
  layer.c.conv.shape = {rows, 1920, 16, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  layer.c.conv.x.dtype = ASSAY_QUINT8;
  layer.c.conv.x.zero_point = 114;
  assay_test::RandomTensors(random, &layer.c);
  assay_test::RandomParameters(random, &layer.c);
  char reason[256] = "";
  assay_plan whole = {};
  ASSERT_EQ(assay_plan_layer(&layer.c.engine, &layer.c.conv, &layer.c.lowered, &whole, reason),
            ASSAY_ERROR_CAPACITY);
  ASSERT_TRUE(layer.Make(nullptr, reason)) << reason;
  Cosim cosim(assay_test::Options(engine.name, 0));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  Reached reached;
  ASSERT_NO_FATAL_FAILURE(RunQueued(&layer, &cosim, &reached));
  const double lanes = engine.pixels * engine.channels;
  EXPECT_GT(layer.parts.x_count, 1);
  std::printf("%d x 1920 in %zu parts, %llu values compared, 0 wrong; %.1f %% of the multipliers\n",
              layer.c.conv.shape.in_y, reached.parts,
              static_cast<unsigned long long>(reached.values),
              100.0 * static_cast<double>(assay_conv_macs(&layer.c.conv.shape)) /
                  (static_cast<double>(layer.parts.cycles) * lanes));
}

// A wrong value in a part is reported at its place in the layer, with the part's own sum.
TEST(CosimParts, FailuresNameThePlaceInTheLayer) {
  const assay_engine_config &engine = *assay_cosim_engine(0);
  PartedLayer layer;
  ASSERT_TRUE([&] {
    for (int32_t id = 0; id < 1000; ++id) {
      layer.~PartedLayer();
      new (&layer) PartedLayer;
      if (MakeSmall(engine, assay_test::Seed(), id, &layer) && layer.parts.x_count > 1) return true;
    }
    return false;
  }());
  const size_t last = layer.acc.size() - 1;  // in the last part of all
  const int32_t right = layer.acc[last];
  layer.acc[last] = right + 1;
  Cosim cosim(assay_test::Options(engine.name, 0));
  std::vector<assay_cosim_result> results(layer.jobs.size());
  char reason[256] = "";
  ASSERT_EQ(
      assay_cosim_run(cosim.get(), layer.jobs.data(), layer.jobs.size(), results.data(), reason),
      ASSAY_OK);
  const assay_cosim_result &result = results.back();
  ASSERT_EQ(result.failure_total, 1u);
  EXPECT_EQ(result.failures[0].kind, ASSAY_FAILURE_VALUE);
  EXPECT_EQ(result.failures[0].y, assay_conv_out_y(&layer.c.conv.shape) - 1);
  EXPECT_EQ(result.failures[0].x, assay_conv_out_x(&layer.c.conv.shape) - 1);
  EXPECT_EQ(result.failures[0].c, layer.c.conv.shape.out_c - 1);
  EXPECT_EQ(result.failures[0].actual, right);
  EXPECT_NE(assay_test::Failures(layer, results).find("(" + std::to_string(right) + ")\n"),
            std::string::npos);
}

}  // namespace
