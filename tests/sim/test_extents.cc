// Layers at the ends of what registers and memories hold: the longest and widest images, the most
// channels, blocks, slots and padding. Every bit of every counter of the engine is in use in one.
// And random layers that are large in any way, whose counters stop at any number.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>

#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Cosim;
using assay_test::Layer;
using assay_test::Random;

struct Extent {
  const char *name;
  assay_conv_shape shape;  // in y x c, out c, kernel, stride, dilation y x, padding t b l r, groups
  assay_requant_kind kind;
  assay_plan_wish wish;
};

constexpr auto kAffine = ASSAY_REQUANT_AFFINE;
constexpr auto kThreshold = ASSAY_REQUANT_THRESHOLD;

const Extent kExtents[] = {
    {"Tall", {65535, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {-1, 0, 0, 0, 0}},
    {"TallPadded",
     {65025, 1, 1, 1, 1, 1, 1, 1, 1, 1, 255, 255, 0, 0, 1},
     kAffine,
     {-1, 0, 0, 0, 0}},
    {"TallPaddedGroup",
     {65025, 1, 1, 1, 1, 1, 1, 1, 1, 1, 255, 255, 0, 0, 1},
     kAffine,
     {-1, 8, 0, 0, 0}},
    {"TallStrided",
     {65533, 2, 3, 2, 7, 2, 4, 1, 4, 1, 9, 3, 0, 0, 1},
     kThreshold,
     {-1, 3, 0, 0, 0}},
    {"TallGroup", {8192, 1, 1, 9, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {-1, 8192, 0, 0, 0}},
    {"TallRing", {2040, 4, 1, 2, 3, 1, 4, 1, 1, 1, 1, 1, 0, 0, 1}, kAffine, {-1, 510, 0, 0, 0}},
    {"TallStreamed", {32767, 1, 1, 9, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {-1, 4, 0, 1, 1}},
    {"WideRing", {12, 1024, 1, 1, 3, 3, 1, 1, 2, 1, 2, 2, 1, 1, 1}, kAffine, {-1, 2, 0, 0, 0}},
    // A column at a ring offset of one less than a ring of an odd number of rows, in every lane.
    {"NarrowRing", {30, 1, 3, 5, 3, 7, 1, 1, 1, 1, 1, 1, 7, 7, 1}, kAffine, {-1, 1, 3, 0, 0}},
    {"Wide", {2, 8192, 2, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {-1, 0, 0, 0, 0}},
    {"WidePadded",
     {1, 8180, 1, 1, 1, 7, 1, 1, 1, 4, 0, 0, 255, 255, 1},
     kThreshold,
     {-1, 0, 0, 0, 0}},
    {"WideStrided", {2, 8190, 1, 1, 1, 7, 1, 4, 1, 3, 0, 0, 2, 30, 1}, kAffine, {-1, 0, 0, 0, 0}},
    {"Large", {60, 70, 3, 5, 7, 7, 4, 4, 4, 4, 100, 9, 90, 50, 1}, kThreshold, {-1, 0, 0, 0, 0}},
    {"ManyInputs", {1, 1, 65535, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {0, 0, 0, 0, 0}},
    {"ManyInputsSpread",
     {1, 1, 16384, 9, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1},
     kAffine,
     {1, 0, 0, 0, 0}},
    {"ManyOutputs", {1, 1, 1, 65535, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {1, 0, 0, 0, 0}},
    {"ManyOutputsButOneBlock",
     {1, 1, 1, 65525, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1},
     kAffine,
     {1, 0, 0, 0, 0}},
    {"ManySlots", {2, 1, 1, 16384, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {1, 1, 0, 0, 0}},
    {"ManyGroups",
     {1, 1, 65528, 8191, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 8191},
     kAffine,
     {0, 0, 0, 0, 0}},
    {"ManyGroupsSpread",
     {1, 1, 65528, 8191, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 8191},
     kAffine,
     {1, 0, 0, 0, 0}},
    // From channel to channel more blocks than a record has words: the records must wait.
    {"WideGroups", {3, 3, 1024, 16, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 16}, kAffine, {0, 0, 0, 0, 0}},
    {"ManyDepthwise",
     {1, 1, 8192, 8192, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 8192},
     kAffine,
     {2, 0, 0, 0, 0}},
};

void FillCase(Random &random, const assay_conv_shape &shape, const assay_plan_wish &wish,
              const assay_quant &x, Layer *layer) {
  layer->c.engine = *assay_cosim_engine(0);
  layer->c.conv.shape = shape;
  layer->c.conv.x = x;
  layer->c.conv.y = {1.0, 0, ASSAY_QUINT8};
  layer->c.wish = wish;
  assay_test::RandomTensors(random, &layer->c);
}

void MakeExtent(int32_t number, Layer *layer) {
  const Extent &extent = kExtents[number];
  Random random(assay_test::Seed() + static_cast<uint64_t>(number));
  assay_quant x = {1.0, number + 3, ASSAY_QUINT8};
  if (number % 2 == 1) x = {1.0, -number, ASSAY_QINT8};
  FillCase(random, extent.shape, extent.wish, x, layer);
  do {
    layer->c.thresholds.clear();
    assay_test::RandomParameters(random, &layer->c);
  } while (layer->c.lowered.kind != extent.kind);
  layer->name = extent.name;
}

bool Plan(Layer *layer, char reason[256]) {
  return assay_plan_layer_as(&layer->c.engine, &layer->c.conv, &layer->c.lowered, &layer->c.wish,
                             &layer->plan, reason) == ASSAY_OK;
}

/** Runs a planned layer, with a stall percentage on the activations. */
void RunLayer(Layer *layer, uint8_t stall) {
  ASSERT_TRUE(assay_test::ExpectedValues(layer));
  assay_test::MakeJob(layer);
  assay_cosim_options options = assay_test::Options(layer->c.engine.name, 0);
  options.stall_percent[ASSAY_PORT_ACT] = stall;
  Cosim cosim(options);
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  const assay_cosim_result result = cosim.Run(*layer);
  ASSERT_TRUE(result.pass) << assay_test::Failures(*layer, result);
  EXPECT_TRUE(layer->received == layer->golden.y);
  if (stall == 0) {
    EXPECT_EQ(result.cycles, layer->plan.cycles);
  }
  std::printf("%llu cycles\n", static_cast<unsigned long long>(result.cycles));
}

class Extents : public testing::TestWithParam<int32_t> {};

TEST_P(Extents, EqualGoldenEngineAndCycleModel) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(assay_test::Seed()));
  Layer layer;
  char reason[256] = "";
  MakeExtent(GetParam(), &layer);
  ASSERT_TRUE(Plan(&layer, reason)) << reason;
  RunLayer(&layer, 0);
}

// The sums wait for every row: one that is taken too early is missed.
TEST(SlowRows, AreWaitedFor) {
  for (int32_t i = 0; i < static_cast<int32_t>(std::size(kExtents)); ++i) {
    const std::string name = kExtents[i].name;
    if (name != "Tall" && name != "TallGroup" && name != "TallRing") continue;
    SCOPED_TRACE(name);
    Layer layer;
    char reason[256] = "";
    MakeExtent(i, &layer);
    ASSERT_TRUE(Plan(&layer, reason)) << reason;
    RunLayer(&layer, 90);
  }
}

// Behind a pass the counter of kernel rows stands at their number: the last row of a kernel with
// one more. Nothing may take that for the end of a pass.
TEST(Kernels, GrowFromLayerToLayer) {
  Cosim cosim(assay_test::Options(assay_cosim_engine(0)->name, 0));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  for (const bool columns : {false, true}) {
    for (int32_t kernel = 1; kernel <= 7; ++kernel) {
      SCOPED_TRACE(std::to_string(kernel) + (columns ? " columns" : " rows"));
      Random random(assay_test::Seed() + static_cast<uint64_t>(kernel));
      const int32_t y = columns ? 1 : kernel, x = columns ? kernel : 1;
      Layer layer;
      char reason[256] = "";
      FillCase(random, {9, 9, 8, 8, y, x, 1, 1, 1, 1, 0, 0, 0, 0, 1}, {-1, 0, 0, 0, 0},
               {1.0, kernel, ASSAY_QUINT8}, &layer);
      assay_test::RandomParameters(random, &layer.c);
      layer.name = "kernel";
      ASSERT_TRUE(Plan(&layer, reason)) << reason;
      ASSERT_TRUE(assay_test::ExpectedValues(&layer));
      assay_test::MakeJob(&layer);
      const assay_cosim_result result = cosim.Run(layer);
      ASSERT_TRUE(result.pass) << assay_test::Failures(layer, result);
    }
  }
}

/** Any length in bits is as likely as any other. */
int32_t AnySize(Random &random, int32_t most_bits) {
  return random.In(1, (1 << random.In(1, most_bits)) - 1);
}

/** A layer that is large in some way, of at most this work; its ring and slots have any size. */
bool MakeLarge(Random &random, Layer *layer) {
  constexpr int64_t kMacs = 4000000, kValues = 400000;
  assay_conv_shape s = {};
  s.groups = random.OneIn(3) ? AnySize(random, 9) : 1;
  const int32_t in_group = AnySize(random, 11), out_group = AnySize(random, 11);
  if (int64_t{s.groups} * std::max(in_group, out_group) > 65535) return false;
  s.in_c = s.groups * in_group;
  s.out_c = s.groups * out_group;
  s.in_y = AnySize(random, 14);
  s.in_x = AnySize(random, 13);
  s.kernel_y = random.OneIn(2) ? 1 : random.In(1, 7);
  s.kernel_x = random.OneIn(2) ? 1 : random.In(1, 7);
  s.stride_y = random.In(1, 4);
  s.stride_x = random.In(1, 4);
  s.dilation_y = random.In(1, 4);
  s.dilation_x = random.In(1, 4);
  for (int32_t *pad : {&s.pad_top, &s.pad_bottom, &s.pad_left, &s.pad_right}) {
    *pad = random.OneIn(2) ? 0 : AnySize(random, 8);
  }
  if (assay_conv_shape_check(&s) != ASSAY_OK || assay_conv_macs(&s) > kMacs ||
      int64_t{s.in_y} * s.in_x * s.in_c > kValues ||
      int64_t{assay_conv_out_y(&s)} * assay_conv_out_x(&s) * s.out_c > kValues / 4) {
    return false;
  }
  assay_plan_wish wish = {-1, 0, 0, 0, 0};
  if (random.OneIn(2)) wish.rows_per_group = AnySize(random, 12);
  if (random.OneIn(2)) wish.ring_rows = AnySize(random, 13);
  if (random.OneIn(2)) wish.weight_slots = AnySize(random, 13);
  if (random.OneIn(2)) wish.param_slots = random.In(1, 16);
  FillCase(random, s, wish, {1.0, random.In(0, 255), ASSAY_QUINT8}, layer);
  assay_test::RandomParameters(random, &layer->c);
  layer->name = "large";
  return Plan(layer, nullptr) && layer->plan.cycles < 150000;
}

TEST(Large, RandomLayersEqualGoldenEngineAndCycleModel) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  for (int32_t found = 0; found < 40;) {
    Layer layer;
    if (!MakeLarge(random, &layer)) continue;
    SCOPED_TRACE("layer " + std::to_string(found++) + ": " +
                 assay_test::Describe(layer.c, layer.plan));
    RunLayer(&layer, 0);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, Extents,
                         testing::Range(0, static_cast<int32_t>(std::size(kExtents))),
                         [](const auto &test) { return std::string(kExtents[test.param].name); });

}  // namespace
