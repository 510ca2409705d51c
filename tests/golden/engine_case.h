// Random layers for the engine's tests: shapes of every kind, small buffers, all requantizers.
#ifndef ASSAY_TESTS_GOLDEN_ENGINE_CASE_H_
#define ASSAY_TESTS_GOLDEN_ENGINE_CASE_H_

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "golden/correct.h"
#include "golden/engine.h"
#include "golden/plan.h"

namespace assay_test {

/** splitmix64: the same numbers on every machine and library. */
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /** Uniform in low..high. */
  int32_t In(int32_t low, int32_t high) {
    const uint64_t count = static_cast<uint64_t>(static_cast<int64_t>(high) - low + 1);
    return static_cast<int32_t>(low + static_cast<int64_t>(Next() % count));
  }
  bool OneIn(int32_t n) { return In(1, n) == 1; }

 private:
  uint64_t state_;
};

/** The seed of a random test: ASSAY_SEED, or a fixed one. */
inline uint64_t Seed() {
  const char *text = std::getenv("ASSAY_SEED");
  return text ? std::strtoull(text, nullptr, 0) : 20221122u;
}

/** One layer with all its tensors and parameters; `conv` and `lowered` point into it. */
struct Case {
  assay_engine_config engine = {};
  assay_conv conv = {};
  assay_lowered lowered = {};
  assay_plan_wish wish = {-1, 0, 0, 0, 0};
  std::vector<int8_t> weight;
  std::vector<uint8_t> x;
  std::vector<assay_lowered_channel> channels;
  std::vector<assay_threshold_list> thresholds;
  Case() = default;
  Case(const Case &) = delete;
  Case &operator=(const Case &) = delete;

  void Link() {
    conv.weight = weight.data();
    lowered.channels = channels.data();
    for (size_t i = 0; i < thresholds.size(); i++) channels[i].threshold = &thresholds[i];
  }
};

inline assay_engine_config Engine(int32_t pixels, int32_t channels, int32_t bank_depth,
                                  int32_t weight_depth, int32_t blocks) {
  assay_engine_config engine = {
      "test", pixels, channels, bank_depth, weight_depth, blocks, blocks, 7,  24, 56,
      true,   true,   32,       false,      channels,     true,   false,  16, 8,  false};
  return engine;
}

inline assay_engine_config RandomEngine(Random &random) {
  const int32_t sizes[4][2] = {{4, 4}, {8, 8}, {16, 8}, {16, 16}};
  const int32_t *size = sizes[random.In(0, 3)];
  const int32_t bank_depth = 1 << random.In(6, 10), weight_depth = 1 << random.In(6, 13);
  assay_engine_config engine =
      Engine(size[0], size[1], bank_depth, weight_depth, 1 << random.In(0, 3));
  engine.packed_multipliers = engine.pixels == 16;
  engine.int4_weights = true;
  return engine;
}

/** Dense, depthwise, grouped or 1x1, at most `most_macs` multiplications. */
inline assay_conv_shape RandomShape(Random &random, int64_t most_macs) {
  for (;;) {
    assay_conv_shape s = {};
    const int32_t kind = random.In(0, 3);
    s.in_y = random.In(1, 20);
    s.in_x = random.In(1, 36);
    s.groups = kind == 2 ? random.In(2, 9) : 1;
    s.in_c = s.groups * random.In(1, 48 / s.groups);
    s.out_c = s.groups * random.In(1, 48 / s.groups);
    if (kind == 1) s.groups = s.out_c = s.in_c;
    s.kernel_y = kind == 3 ? 1 : random.In(1, 7);
    s.kernel_x = kind == 3 ? 1 : random.In(1, 7);
    s.dilation_y = random.In(1, 4);
    s.dilation_x = random.In(1, 4);
    s.stride_y = random.In(1, 4);
    s.stride_x = random.OneIn(2) ? s.stride_y : random.In(1, 4);
    if (!random.OneIn(4)) {
      s.pad_top = random.In(0, 4);
      s.pad_bottom = random.In(0, 4);
      s.pad_left = random.In(0, 4);
      s.pad_right = random.In(0, 4);
    }
    if (assay_conv_shape_check(&s) == ASSAY_OK && assay_conv_macs(&s) <= most_macs) return s;
  }
}

inline void RandomThresholds(Random &random, assay_threshold_list *list) {
  int64_t t = -random.In(0, 200000);
  const int32_t never = random.OneIn(3) ? random.In(0, 254) : 255;
  const int32_t always = random.OneIn(3) ? random.In(0, 60) : 0;
  for (int32_t k = 0; k < 255; k++, t += random.In(0, 2000)) {
    list->t[k] = k < always ? INT32_MIN : k >= never ? INT32_MAX : static_cast<int32_t>(t);
  }
}

inline assay_affine RandomAffine(Random &random) {
  assay_affine affine = {};
  affine.shift = random.In(20, 34);
  affine.multiplier = random.In(1 << 10, (1 << 24) - 1);
  const int64_t middle = random.In(-64, 192) * (int64_t{1} << affine.shift);
  affine.addend = middle + random.In(INT32_MIN / 2, INT32_MAX / 2);
  return affine;
}

/** Output of an accumulator by the plain formulas that golden/lowered.h says. */
inline uint8_t PlainOutput(const assay_lowered &lowered, int32_t oc, int32_t acc) {
  const assay_lowered_channel &channel = lowered.channels[oc];
  int64_t y = lowered.q_low;
  if (lowered.kind != ASSAY_REQUANT_THRESHOLD) {
    const int64_t sum = int64_t{acc} * channel.affine.multiplier + channel.affine.addend;
    y = sum >> channel.affine.shift;
    const bool inside = y >= lowered.out_min && y <= lowered.out_max;
    const bool late = lowered.kind == ASSAY_REQUANT_CORRECTED && inside &&
                      (channel.late.bits[(y & 255) / 64] >> (y & 63) & 1) != 0;
    if (late) y = (sum - channel.affine.multiplier) >> channel.affine.shift;  // that of acc - 1
  } else {
    for (const int32_t t : channel.threshold->t) y += t <= acc;
  }
  return static_cast<uint8_t>(y < lowered.out_min   ? lowered.out_min
                              : y > lowered.out_max ? lowered.out_max
                                                    : y);
}

/** -(x_zp - least input) * sum of the channel's weights. */
inline int32_t AccInit(const assay_conv &conv, int32_t oc) {
  const int8_t *weight = assay_conv_channel_weight(&conv, oc);
  int64_t sum = 0;
  for (int64_t i = 0; i < assay_conv_taps(&conv.shape); i++) sum += weight[i];
  const int32_t low = conv.x.dtype == ASSAY_QINT8 ? -128 : 0;
  return static_cast<int32_t>(-(conv.x.zero_point - low) * sum);
}

inline void RandomTensors(Random &random, Case *c) {
  const assay_conv_shape &s = c->conv.shape;
  const bool extreme = random.OneIn(8);
  c->weight.resize(static_cast<size_t>(s.out_c * assay_conv_taps(&s)));
  c->x.resize(static_cast<size_t>(s.in_y) * static_cast<size_t>(s.in_x * s.in_c));
  for (auto &w : c->weight) w = static_cast<int8_t>(extreme ? -128 : random.In(-128, 127));
  for (auto &x : c->x) x = static_cast<uint8_t>(extreme ? 255 : random.In(0, 255));
}

/** Late levels inside the clamp: none, some, all. */
inline assay_late_levels RandomLate(Random &random, const assay_affine &affine, int32_t out_min,
                                    int32_t out_max) {
  assay_late_levels late = {};
  if (affine.multiplier > int64_t{1} << affine.shift) return late;
  const int32_t percent = random.OneIn(4) ? 100 * random.In(0, 1) : random.In(1, 99);
  for (int32_t level = out_min + 1; level <= out_max; level++) {
    if (random.In(1, 100) <= percent) assay_mark_late(&late, level);
  }
  return late;
}

inline void RandomParameters(Random &random, Case *c) {
  const size_t out_c = static_cast<size_t>(c->conv.shape.out_c);
  const assay_requant_kind kinds[] = {ASSAY_REQUANT_AFFINE, ASSAY_REQUANT_THRESHOLD,
                                      ASSAY_REQUANT_CORRECTED};
  c->lowered.kind = kinds[random.In(0, 2)];
  const bool lists = c->lowered.kind == ASSAY_REQUANT_THRESHOLD;
  c->lowered.q_low = random.OneIn(2) ? -128 : 0;
  c->lowered.out_min = c->lowered.q_low + (random.OneIn(2) ? random.In(0, 100) : 0);
  c->lowered.out_max = c->lowered.q_low + 255 - (random.OneIn(4) ? random.In(0, 100) : 0);
  c->channels.resize(out_c);
  if (lists) c->thresholds.resize(out_c);
  c->Link();
  for (size_t oc = 0; oc < out_c; oc++) {
    c->channels[oc].acc_init = AccInit(c->conv, static_cast<int32_t>(oc));
    c->channels[oc].affine = RandomAffine(random);
    if (lists) RandomThresholds(random, &c->thresholds[oc]);
    if (c->lowered.kind == ASSAY_REQUANT_CORRECTED) {
      c->channels[oc].late =
          RandomLate(random, c->channels[oc].affine, c->lowered.out_min, c->lowered.out_max);
    }
  }
}

/** Affine parameters of a case have 24 bits; narrower ones for an engine that has fewer. */
inline void NarrowParameters(Case *c) {
  const int32_t surplus = 24 - c->engine.multiplier_bits;
  if (surplus <= 0) return;
  for (assay_lowered_channel &channel : c->channels) {
    channel.affine.multiplier >>= surplus;
    channel.affine.addend >>= surplus;
    channel.affine.shift -= surplus;
  }
}

/** Every third case has int4 weights; its own generator leaves all other draws as they are. */
inline void MaybeInt4(uint64_t seed, int32_t id, Case *c) {
  Random random(seed * 2147483647u + static_cast<uint64_t>(id));
  c->conv.int4_weights = random.OneIn(3);
  if (!c->conv.int4_weights) return;
  for (auto &w : c->weight) w = static_cast<int8_t>(w >> 4);
}

/** Case `id` of a seed; a pure function of both. */
inline void MakeCase(uint64_t seed, int32_t id, int64_t most_macs, Case *c) {
  Random random(seed * 1000003u + static_cast<uint64_t>(id));
  c->engine = RandomEngine(random);
  c->conv.shape = RandomShape(random, most_macs);
  c->conv.x.dtype = random.OneIn(2) ? ASSAY_QINT8 : ASSAY_QUINT8;
  c->conv.x.scale = c->conv.y.scale = 1.0;
  c->conv.x.zero_point = random.In(0, 255) + (c->conv.x.dtype == ASSAY_QINT8 ? -128 : 0);
  RandomTensors(random, c);
  MaybeInt4(seed, id, c);
  RandomParameters(random, c);
  const bool depthwise =
      c->conv.shape.groups == c->conv.shape.in_c && c->conv.shape.in_c == c->conv.shape.out_c;
  if (random.OneIn(2)) c->wish.mode = random.In(0, depthwise ? 2 : 1);
  if (random.OneIn(2)) c->wish.rows_per_group = random.In(1, 5);
}

/** One line that identifies a case in a failure. */
inline std::string Describe(const Case &c, const assay_plan &p) {
  const assay_conv_shape &s = c.conv.shape;
  const int32_t numbers[] = {s.in_y,
                             s.in_x,
                             s.in_c,
                             s.out_c,
                             s.kernel_y,
                             s.kernel_x,
                             s.stride_y,
                             s.stride_x,
                             s.dilation_y,
                             s.dilation_x,
                             s.pad_top,
                             s.pad_bottom,
                             s.pad_left,
                             s.pad_right,
                             s.groups,
                             p.engine.pixels,
                             p.engine.channels,
                             p.mode,
                             p.rows_per_group,
                             p.ring_rows,
                             p.pitch,
                             p.count,
                             p.weight_slots,
                             p.param_slots};
  std::string text =
      "in_y in_x in_c out_c k k s s d d p p p p groups | P C mode G N pitch count ws ps:";
  for (const int32_t number : numbers) text += " " + std::to_string(number);
  return text;
}

/** Streams of a case and what the engine makes of them. */
struct EngineRun {
  std::vector<uint8_t> activations, weights, y;
  std::vector<uint64_t> params;
  std::vector<int32_t> acc;
  std::vector<uint64_t> scratch;
  assay_status status = ASSAY_OK;
};

inline void MakeStreams(const Case &c, const assay_plan &plan, EngineRun *run) {
  const size_t word = static_cast<size_t>(plan.engine.channels);
  run->activations.resize(plan.activation_words * word);
  run->weights.resize(plan.weight_words * word);
  run->params.resize(plan.param_words);
  assay_stream_activations(&plan, c.x.data(), run->activations.data());
  assay_stream_weights(&plan, c.weight.data(), run->weights.data());
  assay_stream_params(&plan, &c.lowered, run->params.data());
}

inline void RunEngine(const Case &c, const assay_plan &plan, EngineRun *run) {
  MakeStreams(c, plan, run);
  const assay_conv_shape &s = plan.shape;
  const size_t outputs = static_cast<size_t>(assay_conv_out_y(&s)) *
                         static_cast<size_t>(assay_conv_out_x(&s) * s.out_c);
  run->acc.assign(outputs, 0);
  run->y.assign(outputs, 0);
  run->scratch.resize((assay_engine_scratch(&plan) + 7) / 8 + 2);
  void *aligned =
      reinterpret_cast<void *>((reinterpret_cast<uintptr_t>(run->scratch.data()) + 15) / 16 * 16);
  run->status = assay_engine_run(&plan, run->activations.data(), run->weights.data(),
                                 run->params.data(), aligned, run->acc.data(), run->y.data());
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_GOLDEN_ENGINE_CASE_H_
