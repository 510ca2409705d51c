// Layers at the ends of what registers and memories hold: the longest and widest images, the most
// channels, blocks, slots and padding. Every bit of every counter of the engine is in use in one.
#include <gtest/gtest.h>

#include <cstdio>
#include <iterator>
#include <string>

#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Cosim;
using assay_test::Layer;

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
    {"TallStrided",
     {65533, 2, 3, 2, 7, 2, 4, 1, 4, 1, 9, 3, 0, 0, 1},
     kThreshold,
     {-1, 3, 0, 0, 0}},
    {"TallGroup", {8192, 1, 1, 9, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {-1, 8192, 0, 0, 0}},
    {"TallRing", {2040, 4, 1, 2, 3, 1, 4, 1, 1, 1, 1, 1, 0, 0, 1}, kAffine, {-1, 510, 0, 0, 0}},
    {"WideRing", {12, 1024, 1, 1, 3, 3, 1, 1, 2, 1, 2, 2, 1, 1, 1}, kAffine, {-1, 2, 0, 0, 0}},
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
    {"ManySlots", {2, 1, 1, 16384, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, kAffine, {1, 1, 0, 0, 0}},
    {"ManyGroups",
     {1, 1, 65528, 8191, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 8191},
     kAffine,
     {0, 0, 0, 0, 0}},
    {"ManyGroupsSpread",
     {1, 1, 65528, 8191, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 8191},
     kAffine,
     {1, 0, 0, 0, 0}},
    {"ManyDepthwise",
     {1, 1, 8192, 8192, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 8192},
     kAffine,
     {2, 0, 0, 0, 0}},
};

void MakeExtent(int32_t number, const assay_engine_config &engine, Layer *layer) {
  const Extent &extent = kExtents[number];
  assay_test::Random random(assay_test::Seed() + static_cast<uint64_t>(number));
  layer->c.engine = engine;
  layer->c.conv.shape = extent.shape;
  layer->c.conv.x = {1.0, number + 3, ASSAY_QUINT8};
  if (number % 2 == 1) layer->c.conv.x = {1.0, -number, ASSAY_QINT8};
  layer->c.conv.y = {1.0, 0, ASSAY_QUINT8};
  layer->c.wish = extent.wish;
  assay_test::RandomTensors(random, &layer->c);
  do {
    layer->c.thresholds.clear();
    assay_test::RandomParameters(random, &layer->c);
  } while (layer->c.lowered.kind != extent.kind);
  layer->name = extent.name;
}

class Extents : public testing::TestWithParam<int32_t> {};

TEST_P(Extents, EqualGoldenEngineAndCycleModel) {
  const assay_engine_config &engine = *assay_cosim_engine(0);
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Layer layer;
  char reason[256] = "";
  MakeExtent(GetParam(), engine, &layer);
  ASSERT_EQ(assay_plan_layer_as(&engine, &layer.c.conv, &layer.c.lowered, &layer.c.wish,
                                &layer.plan, reason),
            ASSAY_OK)
      << reason;
  ASSERT_TRUE(assay_test::ExpectedValues(&layer));
  assay_test::MakeJob(&layer);
  Cosim cosim(assay_test::Options(engine.name, 0));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  const assay_cosim_result result = cosim.Run(layer);
  ASSERT_TRUE(result.pass) << assay_test::Failures(layer, result);
  EXPECT_TRUE(layer.received == layer.golden.y);
  EXPECT_EQ(result.cycles, layer.plan.cycles);
  std::printf("%llu cycles\n", static_cast<unsigned long long>(result.cycles));
}

INSTANTIATE_TEST_SUITE_P(Layers, Extents,
                         testing::Range(0, static_cast<int32_t>(std::size(kExtents))),
                         [](const auto &test) { return std::string(kExtents[test.param].name); });

}  // namespace
