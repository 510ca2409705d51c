// Random layers with streams and expected values, ready to be run on the RTL.
#ifndef ASSAY_TESTS_SIM_COSIM_CASE_H_
#define ASSAY_TESTS_SIM_COSIM_CASE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "golden/reference.h"
#include "sim/cosim.h"
#include "sim/mismatch.h"
#include "tests/golden/engine_case.h"

namespace assay_test {

/** One layer, mapped to an engine, with what it must give. `job` points into it. */
struct Layer {
  Case c;
  assay_plan plan = {};
  EngineRun golden;               // streams, and what the golden engine makes of them
  std::vector<uint8_t> received;  // from the RTL
  assay_cosim_job job = {};
  std::string name;
};

/** Expected accumulators come from two models that must agree: the engine's and the plain one. */
inline bool ExpectedValues(Layer *layer) {
  RunEngine(layer->c, layer->plan, &layer->golden);
  std::vector<int32_t> plain(layer->golden.acc.size());
  return layer->golden.status == ASSAY_OK &&
         assay_reference_conv(&layer->c.conv, layer->c.x.data(), plain.data()) == ASSAY_OK &&
         plain == layer->golden.acc;
}

inline void MakeJob(Layer *layer) {
  assay_cosim_job &job = layer->job;
  layer->received.assign(layer->golden.y.size(), 0);
  job.plan = &layer->plan;
  job.activations = layer->golden.activations.data();
  job.weights = layer->golden.weights.data();
  job.params = layer->golden.params.data();
  job.acc = layer->golden.acc.data();
  job.y = layer->golden.y.data();
  job.layer = layer->name.c_str();
  job.received = layer->received.data();
}

/** Wishes for few slots and a small ring, so that full-size buffers wrap and are refilled, too. */
inline assay_plan_wish TightBuffers(const assay_plan_wish &wish, uint64_t seed, int32_t id) {
  Random random(seed * 7919u + static_cast<uint64_t>(id));
  assay_plan_wish tight = wish;
  tight.ring_rows = random.OneIn(2) ? random.In(1, 12) : 0;
  tight.weight_slots = random.OneIn(2) ? random.In(1, 2) : 0;
  tight.param_slots = random.OneIn(2) ? random.In(1, 2) : 0;
  return tight;
}

/** Maps the layer's case to its engine, with tight buffers if wanted and granted. */
inline bool MakePlan(uint64_t seed, int32_t id, bool tight_buffers, Layer *layer) {
  const assay_plan_wish tight = TightBuffers(layer->c.wish, seed, id);
  const assay_plan_wish *const wishes[] = {tight_buffers ? &tight : &layer->c.wish, &layer->c.wish};
  for (const assay_plan_wish *wish : wishes) {
    if (assay_plan_layer_as(&layer->c.engine, &layer->c.conv, &layer->c.lowered, wish, &layer->plan,
                            nullptr) == ASSAY_OK) {
      return true;
    }
  }
  return false;
}

/**
 * The case of this number, mapped to the engine; null when it does not fit.
 * @param most_macs  bound on the layer's size
 */
inline std::unique_ptr<Layer> MakeLayer(const assay_engine_config &engine, uint64_t seed,
                                        int32_t id, int64_t most_macs, bool tight_buffers = true) {
  auto layer = std::make_unique<Layer>();
  MakeCase(seed, id, most_macs, &layer->c);
  layer->c.engine = engine;
  NarrowParameters(&layer->c);
  layer->name = "case" + std::to_string(id);
  if (!MakePlan(seed, id, tight_buffers, layer.get()) || !ExpectedValues(layer.get()))
    return nullptr;
  MakeJob(layer.get());
  layer->job.layer_index = id;
  return layer;
}

/** The first `count` cases that fit, from number `first` on. */
inline std::vector<std::unique_ptr<Layer>> MakeLayers(const assay_engine_config &engine,
                                                      uint64_t seed, int32_t first, size_t count,
                                                      int64_t most_macs,
                                                      bool tight_buffers = true) {
  std::vector<std::unique_ptr<Layer>> layers;
  for (int32_t id = first; layers.size() < count; ++id) {
    auto layer = MakeLayer(engine, seed, id, most_macs, tight_buffers);
    if (layer != nullptr) layers.push_back(std::move(layer));
  }
  return layers;
}

/** The first `most` failures of a result, as a user reads them; `part` null for a whole layer. */
inline std::string FailureTexts(const Case &c, const assay_plan &plan, const assay_part *part,
                                const assay_cosim_result &result, size_t most) {
  std::string all = Describe(c, plan) + "\n";
  assay_mismatch_context context = {};
  context.plan = &plan;
  context.part = part;
  context.x = c.x.data();
  context.weight = c.weight.data();
  context.lowered = &c.lowered;
  for (size_t i = 0; i < result.failure_count && i < most; ++i) {
    char text[4096];
    assay_mismatch_text(&result.failures[i], &context, text, sizeof text);
    all += text;
  }
  return all;
}

/** First failures of a result, for a test's message. */
inline std::string Failures(const Layer &layer, const assay_cosim_result &result) {
  return FailureTexts(layer.c, layer.plan, nullptr, result, 3);
}

/** An opened simulation that closes itself. */
class Cosim {
 public:
  explicit Cosim(const assay_cosim_options &options) {
    if (assay_cosim_open(&options, &cosim_, reason_) != ASSAY_OK) cosim_ = nullptr;
  }
  ~Cosim() { assay_cosim_close(cosim_); }
  Cosim(const Cosim &) = delete;
  Cosim &operator=(const Cosim &) = delete;

  assay_cosim *get() { return cosim_; }
  const char *reason() const { return reason_; }
  bool open() const { return cosim_ != nullptr; }

  assay_cosim_result Run(const Layer &layer) {
    assay_cosim_result result = {};
    if (assay_cosim_run(cosim_, &layer.job, 1, &result, reason_) != ASSAY_OK) result.pass = false;
    return result;
  }

 private:
  assay_cosim *cosim_ = nullptr;
  char reason_[256] = "";
};

/** Options with one stall percentage on every port. */
inline assay_cosim_options Options(const char *engine, uint8_t percent) {
  assay_cosim_options options = {};
  options.engine = engine;
  options.seed = Seed();
  options.initial_state = ASSAY_INITIAL_RANDOM;
  options.timeout_cycles = 20000;  // far above any of these layers' pauses: a hang ends soon
  for (uint8_t &port : options.stall_percent) port = percent;
  return options;
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_SIM_COSIM_CASE_H_
