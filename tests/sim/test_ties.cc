// Accumulators exactly where a requantizer steps and one below it: there every bit of accumulator,
// multiplier, addend, shift and threshold decides. Through the whole engine, in every mode.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Case;
using assay_test::Cosim;
using assay_test::Layer;
using assay_test::Random;

constexpr int32_t kPixels = 24;

int32_t AnyBits(Random &random, int32_t most) {
  const uint64_t bits = random.Next() >> 32;
  return static_cast<int32_t>(bits & ((uint64_t{1} << random.In(1, most)) - 1));
}

// Any sign, any length; a pixel may add 255.
int32_t AnyAccumulator(Random &random) {
  const int32_t size = std::min(AnyBits(random, 31), INT32_MAX - 255);
  return random.OneIn(2) ? size : -size;
}

// y steps from k - 1 to k at acc = tie if `exact`, else one above it.
bool AffineTie(Random &random, int32_t tie, bool exact, assay_affine *affine) {
  const int32_t shift = random.In(0, 55);
  const int32_t multiplier = std::max(1, AnyBits(random, 24));
  const int32_t k = random.In(-127, 127);
  const auto product = static_cast<__int128>(multiplier) * tie;
  const __int128 addend = static_cast<__int128>(k) * (__int128{1} << shift) - product - !exact;
  if (addend <= -(__int128{1} << 55) || addend >= (__int128{1} << 55)) return false;
  *affine = {multiplier, static_cast<int64_t>(addend), shift};
  return true;
}

// 255 thresholds of any size with a dense stretch that begins at the tie.
void ThresholdTie(Random &random, int32_t tie, bool exact, assay_threshold_list *list) {
  const int32_t at = random.In(0, 254);
  const int32_t first = exact ? tie : tie + 1;
  list->t[at] = first;
  for (int32_t i = at + 1; i < 255; i++) {
    const int64_t next = int64_t{list->t[i - 1]} + (i < at + 8 ? i % 3 : AnyBits(random, 24));
    list->t[i] = static_cast<int32_t>(std::min<int64_t>(next, INT32_MAX));
  }
  for (int32_t i = at - 1; i >= 0; i--) {
    const int64_t next = int64_t{list->t[i + 1]} - (i > at - 8 ? i % 3 : AnyBits(random, 24));
    list->t[i] = static_cast<int32_t>(std::max<int64_t>(next, INT32_MIN));
  }
}

// One pixel of every channel's accumulators is its tie.
void SetChannels(Random &random, Case *c, std::vector<int32_t> *offset) {
  const size_t out_c = static_cast<size_t>(c->conv.shape.out_c);
  const bool threshold = c->lowered.kind == ASSAY_REQUANT_THRESHOLD;
  c->channels.assign(out_c, {});
  c->thresholds.assign(threshold ? out_c : 0, {});
  c->Link();
  for (size_t oc = 0; oc < out_c; oc++) {
    const int32_t ic = c->conv.shape.in_c == 1 ? 0 : static_cast<int32_t>(oc);
    const int32_t pixel = random.In(0, kPixels - 1);
    const int32_t x = c->x[static_cast<size_t>(pixel * c->conv.shape.in_c + ic)];
    int32_t tie = AnyAccumulator(random);
    while (!threshold && !AffineTie(random, tie, oc % 2 == 0, &c->channels[oc].affine)) {
      tie = AnyAccumulator(random);
    }
    if (threshold) ThresholdTie(random, tie, oc % 2 == 0, &c->thresholds[oc]);
    if (c->lowered.kind == ASSAY_REQUANT_CORRECTED) {
      c->channels[oc].late = assay_test::RandomLate(random, c->channels[oc].affine,
                                                    c->lowered.out_min, c->lowered.out_max);
    }
    c->channels[oc].acc_init = tie - x * c->weight[oc];
    offset->push_back(c->channels[oc].acc_init -
                      assay_test::AccInit(c->conv, static_cast<int32_t>(oc)));
  }
}

// The plain convolution knows no offset: the golden engine's accumulators must be its sums plus it.
bool GoldenIsPlain(const Layer &layer, const std::vector<int32_t> &offset) {
  std::vector<int32_t> plain(layer.golden.acc.size());
  if (layer.golden.status != ASSAY_OK ||
      assay_reference_conv(&layer.c.conv, layer.c.x.data(), plain.data()) != ASSAY_OK) {
    return false;
  }
  for (size_t i = 0; i < plain.size(); i++) plain[i] += offset[i % offset.size()];
  return plain == layer.golden.acc;
}

void RunTies(int32_t mode, assay_requant_kind kind, int32_t out_c, uint64_t seed) {
  const assay_engine_config &engine = *assay_cosim_engine(0);
  Random random(seed);
  Layer layer;
  Case &c = layer.c;
  const int32_t in_c = mode == ASSAY_MODE_DEPTHWISE ? out_c : 1;
  c.conv.shape = {1, kPixels, in_c, out_c, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, in_c};
  c.conv.x = {1.0, 3, ASSAY_QUINT8};
  c.engine = engine;
  c.wish.mode = mode;
  c.lowered = {kind, -128, -128, 127, nullptr};
  assay_test::RandomTensors(random, &c);
  for (auto &w : c.weight) w = static_cast<int8_t>(random.OneIn(2) ? 1 : -1);
  std::vector<int32_t> offset;
  SetChannels(random, &c, &offset);
  layer.name = "ties";
  char reason[256] = "";
  ASSERT_EQ(assay_plan_layer_as(&engine, &c.conv, &c.lowered, &c.wish, &layer.plan, reason),
            ASSAY_OK)
      << reason;
  assay_test::RunEngine(c, layer.plan, &layer.golden);
  ASSERT_TRUE(GoldenIsPlain(layer, offset));
  assay_test::MakeJob(&layer);
  Cosim cosim(assay_test::Options(engine.name, 20));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  const assay_cosim_result result = cosim.Run(layer);
  ASSERT_TRUE(result.pass) << assay_test::Failures(layer, result);
}

TEST(Ties, EveryBitDecides) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (const int32_t mode : {ASSAY_MODE_REDUCE, ASSAY_MODE_SPREAD, ASSAY_MODE_DEPTHWISE}) {
    for (uint64_t i = 0; i < 3; i++) {
      SCOPED_TRACE("mode " + std::to_string(mode) + ", layer " + std::to_string(i));
      ASSERT_NO_FATAL_FAILURE(RunTies(mode, ASSAY_REQUANT_AFFINE, 512, seed + i));
      ASSERT_NO_FATAL_FAILURE(RunTies(mode, ASSAY_REQUANT_CORRECTED, 512, seed + i));
      ASSERT_NO_FATAL_FAILURE(RunTies(mode, ASSAY_REQUANT_THRESHOLD, 64, seed + i));
    }
  }
}

}  // namespace
