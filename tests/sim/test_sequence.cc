// Layers queued behind each other: their weights are loaded while the layer before computes, never
// into words that it still uses, and the cycle model of a series is exact.
#include "golden/sequence.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "golden/registers.h"
#include "golden/sequencer.h"
#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Case;
using assay_test::Cosim;
using assay_test::Failures;
using assay_test::Layer;
using assay_test::Options;
using Series = std::vector<std::unique_ptr<Layer>>;

int32_t Words(const assay_plan &plan) { return plan.weight_slots * assay_slot_words(&plan); }

// Where a layer's weights lie: as the planner places them, at 0 as the layer before may, next to it
// or with one word in common.
void Place(assay_test::Random &random, const assay_plan *before, assay_plan *plan) {
  const int32_t last = plan->engine.weight_depth - Words(*plan);
  assay_plan_follow(plan, before);
  if (before == nullptr || random.OneIn(2)) return;
  const int32_t bases[] = {0,
                           last,
                           before->weight_base + Words(*before),
                           before->weight_base + Words(*before) - 1,
                           before->weight_base - Words(*plan),
                           before->weight_base - Words(*plan) + 1};
  const int32_t base = bases[random.In(0, 5)];
  if (base >= 0 && base <= last) assay_plan_place(plan, base);
}

Series MakeSeries(const assay_engine_config &engine, uint64_t seed, int32_t number) {
  assay_test::Random random(seed * 15485863u + static_cast<uint64_t>(number));
  Series series = assay_test::MakeLayers(engine, seed, 100 * number,
                                         static_cast<size_t>(random.In(2, 5)), 60000);
  for (size_t i = 0; i < series.size(); ++i) {
    Place(random, i > 0 ? &series[i - 1]->plan : nullptr, &series[i]->plan);
  }
  return series;
}

// A small image with many weights: any number of words up to half of the memory.
std::unique_ptr<Layer> ManyWeights(const assay_engine_config &engine, assay_test::Random &random) {
  for (;;) {
    auto layer = std::make_unique<Layer>();
    Case &c = layer->c;
    const int32_t most = 1 << random.In(3, 9);
    c.engine = engine;
    c.conv.shape = {2, 2, random.In(1, most), random.In(1, most), 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
    c.conv.shape.kernel_y = c.conv.shape.in_y = random.In(1, 3);
    c.conv.x = {1.0, 7, ASSAY_QUINT8};
    c.conv.y = {1.0, 0, ASSAY_QUINT8};
    assay_test::RandomTensors(random, &c);
    assay_test::RandomParameters(random, &c);
    layer->name = "weights";
    if (assay_plan_layer(&engine, &c.conv, &c.lowered, &layer->plan, nullptr) != ASSAY_OK ||
        Words(layer->plan) > engine.weight_depth / 2 || !assay_test::ExpectedValues(layer.get())) {
      continue;
    }
    assay_test::MakeJob(layer.get());
    return layer;
  }
}

std::vector<assay_cosim_result> RunSeries(Cosim *cosim, const Series &series, size_t count) {
  std::vector<assay_cosim_job> jobs;
  for (size_t i = 0; i < count; ++i) jobs.push_back(series[i]->job);
  std::vector<assay_cosim_result> results(count);
  EXPECT_EQ(assay_cosim_run(cosim->get(), jobs.data(), count, results.data(), nullptr), ASSAY_OK);
  for (size_t i = 0; i < count; ++i) {
    EXPECT_TRUE(results[i].pass) << Failures(*series[i], results[i]);
  }
  return results;
}

// What the pairs of a test reached.
struct Reached {
  int pairs = 0, early = 0, whole = 0, overlapping = 0;

  void Count(const Series &series, const std::vector<assay_cosim_result> &results) {
    for (size_t i = 1; i < results.size(); ++i) {
      const bool apart = assay_weights_apart(&series[i - 1]->plan, &series[i]->plan);
      ++pairs;
      early += results[i].early_words > 0;
      whole += results[i].early_words == series[i]->plan.weight_words;
      overlapping += !apart;
      // An overlap waits for the layer before, whose last word has left by then.
      if (!apart) {
        EXPECT_EQ(results[i].early_words, 0u);
      }
    }
  }
  void Expect(const char *what, uint64_t seed) const {
    std::printf("%s: seed %llu: %d pairs, %d loaded early, %d of them whole, %d overlap\n", what,
                static_cast<unsigned long long>(seed), pairs, early, whole, overlapping);
    EXPECT_GT(early, pairs / 8);
    EXPECT_GT(whole, pairs / 20);
    EXPECT_GT(overlapping, pairs / 20);
  }
};

// Cycles of the last layer of every beginning of a series, which is all of CYCLES that can be read.
void CompareCycles(Cosim *cosim, const Series &series, Reached *reached) {
  for (size_t count = 1; count <= series.size(); ++count) {
    const std::vector<assay_cosim_result> results = RunSeries(cosim, series, count);
    if (testing::Test::HasFailure()) return;
    std::vector<const assay_plan *> plans;
    std::vector<uint64_t> started;
    std::vector<assay_cycles> cycles(count);
    for (size_t i = 0; i < count; ++i) {
      plans.push_back(&series[i]->plan);
      started.push_back(results[i].control_cycle);
    }
    const uint64_t all = assay_predict_sequence(plans.data(), count, started.data(), cycles.data());
    EXPECT_EQ(cycles.back().total, results.back().cycles)
        << "layer " << count << " of the series; "
        << assay_test::Describe(series[count - 1]->c, series[count - 1]->plan);
    uint64_t sum = 0;
    for (const assay_cycles &c : cycles) sum += c.total;
    EXPECT_LE(sum, all);
    if (count == series.size()) reached->Count(series, results);
  }
}

// Ranges of any size side by side, or with one word in common: every bit of their ends decides
// whether the second layer's weights may come early.
TEST(Sequence, RangesOfAnySizeAreKeptApart) {
  const assay_engine_config &engine = *assay_cosim_engine(0);
  const uint64_t seed = assay_test::Seed() + 17;
  assay_test::Random random(seed);
  Cosim cosim(Options(engine.name, 0));
  Reached reached;
  for (int32_t number = 0; number < 60; ++number) {
    SCOPED_TRACE("pair " + std::to_string(number));
    Series series;
    series.push_back(ManyWeights(engine, random));
    series.push_back(ManyWeights(engine, random));
    const int32_t words = Words(series[0]->plan);
    assay_plan_place(&series[0]->plan, random.In(0, engine.weight_depth - words));
    Place(random, &series[0]->plan, &series[1]->plan);
    CompareCycles(&cosim, series, &reached);
    ASSERT_FALSE(HasFailure());
  }
  reached.Expect(engine.name, seed);
}

TEST(Sequence, CyclesOfQueuedLayersEqualTheRegister) {
  const uint64_t seed = assay_test::Seed() + 11;
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    Cosim cosim(Options(assay_cosim_engine(e)->name, 0));
    Reached reached;
    for (int32_t number = 0; number < 80; ++number) {
      SCOPED_TRACE("series " + std::to_string(number));
      CompareCycles(&cosim, MakeSeries(*assay_cosim_engine(e), seed, number), &reached);
      ASSERT_FALSE(HasFailure());
    }
    reached.Expect("no stalls", seed - 11);
  }
}

TEST(Sequence, StallsOnEveryPortChangeNothing) {
  constexpr uint8_t kPercent[] = {0, 25, 50, 75, 95};
  const uint64_t seed = assay_test::Seed() + 12;
  for (size_t e = 0; assay_cosim_engine(e) != nullptr; ++e) {
    Reached reached;
    for (int32_t number = 0; number < 60; ++number) {
      SCOPED_TRACE("series " + std::to_string(number));
      assay_test::Random random(seed * 32452843u + static_cast<uint64_t>(number));
      assay_cosim_options options = Options(assay_cosim_engine(e)->name, 0);
      options.seed = seed + static_cast<uint64_t>(number);
      for (uint8_t &port : options.stall_percent) port = kPercent[random.In(0, 4)];
      Cosim cosim(options);
      const Series series = MakeSeries(*assay_cosim_engine(e), seed, number);
      reached.Count(series, RunSeries(&cosim, series, series.size()));
      ASSERT_FALSE(HasFailure());
    }
    reached.Expect("stalls", seed - 12);
  }
}

// The driver that is always in time: the sum of the parts is the whole.
TEST(Sequence, LayersFollowWithoutAGap) {
  const auto series = MakeSeries(*assay_cosim_engine(0), assay_test::Seed(), 7);
  std::vector<const assay_plan *> plans;
  for (const auto &layer : series) plans.push_back(&layer->plan);
  std::vector<assay_cycles> cycles(plans.size());
  const uint64_t all = assay_predict_sequence(plans.data(), plans.size(), nullptr, cycles.data());
  uint64_t sum = 0;
  for (size_t i = 0; i < plans.size(); ++i) {
    sum += cycles[i].total;
    EXPECT_GE(cycles[i].setup, 3u);
    EXPECT_LE(cycles[i].total, plans[i]->cycles);
  }
  EXPECT_EQ(sum, all);
  EXPECT_EQ(cycles[0].total, plans[0]->cycles);
}

// A wrong record at the end of a layer's parameter stream, when the weights of the next one are in
// already: both layers are dropped, and the same engine then runs both, with and without a reset.
TEST(Sequence, AnErrorDropsWhatWasLoadedForTheNextLayer) {
  const assay_engine_config &engine = *assay_cosim_engine(0);
  auto first = assay_test::MakeLayer(engine, 1, 0, 60000);
  const auto second = assay_test::MakeLayer(engine, 1, 5, 60000);
  for (int32_t id = 0; first == nullptr || first->plan.param_slots >= first->plan.out_blocks ||
                       assay_group_count(&first->plan) < 3 || first->plan.cycles < 2000;
       ++id) {
    first = assay_test::MakeLayer(engine, 1, id, 60000);
  }
  ASSERT_NE(second, nullptr);
  assay_plan_follow(&second->plan, &first->plan);
  ASSERT_TRUE(assay_weights_apart(&first->plan, &second->plan));
  Cosim cosim(Options(engine.name, 0));
  for (const bool reset : {false, true}) {
    const assay_cosim_job jobs[] = {first->job, second->job};
    assay_cosim_result results[2];
    const size_t record = first->plan.kind == ASSAY_REQUANT_AFFINE ? 4 : 130;
    uint64_t *header = &first->golden.params[first->golden.params.size() - record];
    *header ^= 3;
    ASSERT_EQ(assay_cosim_run(cosim.get(), jobs, 2, results, nullptr), ASSAY_OK);
    *header ^= 3;
    EXPECT_FALSE(results[0].pass);
    EXPECT_FALSE(results[1].pass);
    EXPECT_EQ(results[0].status, static_cast<uint32_t>(ASSAY_ENGINE_ERROR_RECORD) << 8);
    for (size_t i = 0; i < results[1].failure_count; ++i) {
      const assay_failure &f = results[1].failures[i];
      const bool weights = f.kind == ASSAY_FAILURE_UNREAD && f.port == ASSAY_PORT_WGT;
      EXPECT_TRUE(!weights || f.actual > 0) << "no weight was loaded early";
    }
    if (reset) assay_cosim_reset(cosim.get());
    assay_cosim_result again[2];
    ASSERT_EQ(assay_cosim_run(cosim.get(), jobs, 2, again, nullptr), ASSAY_OK);
    EXPECT_TRUE(again[0].pass) << Failures(*first, again[0]);
    EXPECT_TRUE(again[1].pass) << Failures(*second, again[1]);
  }
}

}  // namespace
