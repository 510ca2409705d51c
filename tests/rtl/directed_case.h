// Directed vectors of a bundle's layers, lowered for a contract, on the engine model and the RTL.
#ifndef ASSAY_TESTS_RTL_DIRECTED_CASE_H_
#define ASSAY_TESTS_RTL_DIRECTED_CASE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "golden/engine.h"
#include "golden/lower.h"
#include "sim/cosim.h"
#include "tests/sim/cosim_case.h"
#include "vectors/bundle.h"
#include "vectors/directed_images.h"

namespace assay_test {

enum { kDirectedSide = 64 };  // rows and columns of a directed image

/** A bundle that frees itself. */
class Bundle {
 public:
  explicit Bundle(const char *folder) {
    ok_ = assay_bundle_read(folder, kDirectedSide, kDirectedSide, &bundle_, &error_);
  }
  ~Bundle() {
    if (ok_) assay_bundle_free(&bundle_);
  }
  Bundle(const Bundle &) = delete;
  Bundle &operator=(const Bundle &) = delete;

  bool ok() const { return ok_; }
  const char *error() const { return error_.text; }
  std::vector<const assay_layer *> Convolutions() const {
    std::vector<const assay_layer *> found;
    for (size_t i = 0; i < bundle_.network.layer_count; i++) {
      const assay_layer *layer = &bundle_.network.layers[i];
      if (layer->kind == ASSAY_LAYER_CONV) found.push_back(layer);
    }
    return found;
  }

 private:
  assay_bundle bundle_ = {};
  assay_error error_ = {};
  bool ok_ = false;
};

/** One layer's directed vectors with all that an engine needs; outputs are image after image. */
struct DirectedLayer {
  std::string name;
  assay_directed_images images = {};
  std::vector<assay_lowered_channel> channels;
  std::vector<assay_threshold_list> lists;
  std::vector<assay_lower_result> results;
  assay_lowered lowered = {};
  assay_plan plan = {};
  std::vector<std::vector<uint8_t>> activations;  // stream of each image
  std::vector<uint8_t> weights;
  std::vector<uint64_t> params;
  std::vector<int32_t> acc;       // of the engine model
  std::vector<uint8_t> y;         // of the engine model
  std::vector<uint8_t> received;  // of the RTL
  std::vector<assay_cosim_result> cosim;

  DirectedLayer() = default;
  ~DirectedLayer() { assay_directed_images_free(&images); }
  DirectedLayer(const DirectedLayer &) = delete;
  DirectedLayer &operator=(const DirectedLayer &) = delete;

  size_t ImageBytes() const {
    const assay_conv_shape &s = images.conv.shape;
    return static_cast<size_t>(s.in_y) * static_cast<size_t>(s.in_x * s.in_c);
  }
  size_t OutputSize() const {
    const assay_conv_shape &s = images.conv.shape;
    return static_cast<size_t>(assay_conv_out_y(&s)) *
           static_cast<size_t>(assay_conv_out_x(&s) * s.out_c);
  }
};

inline bool LowerLayer(const assay_layer *layer, const char *contract, DirectedLayer *d) {
  const size_t count = static_cast<size_t>(layer->conv.shape.out_c);
  const assay_lower_options options = assay_lower_defaults();
  d->channels.resize(count);
  d->lists.resize(count);
  d->results.resize(count);
  return assay_lower_layer(&layer->conv, assay_contract_find(contract), &options,
                           d->channels.data(), d->lists.data(), d->results.data(),
                           &d->lowered) == ASSAY_OK;
}

inline void MakeStreams(DirectedLayer *d) {
  const size_t word = static_cast<size_t>(d->plan.engine.channels);
  d->weights.resize(d->plan.weight_words * word);
  d->params.resize(d->plan.param_words);
  assay_stream_weights(&d->plan, d->images.conv.weight, d->weights.data());
  assay_stream_params(&d->plan, &d->lowered, d->params.data());
  for (int32_t n = 0; n < d->images.n; n++) {
    std::vector<uint8_t> words(d->plan.activation_words * word);
    const uint8_t *x = d->images.x + static_cast<size_t>(n) * d->ImageBytes();
    assay_stream_activations(&d->plan, x, words.data());
    d->activations.push_back(std::move(words));
  }
}

/** The engine model on every image. */
inline assay_status RunModel(DirectedLayer *d) {
  d->acc.resize(static_cast<size_t>(d->images.n) * d->OutputSize());
  d->y.resize(d->acc.size());
  std::vector<uint64_t> scratch((assay_engine_scratch(&d->plan) + 7) / 8 + 2);
  const uintptr_t start = (reinterpret_cast<uintptr_t>(scratch.data()) + 15) / 16 * 16;
  for (size_t n = 0; n < static_cast<size_t>(d->images.n); n++) {
    const assay_status status =
        assay_engine_run(&d->plan, d->activations[n].data(), d->weights.data(), d->params.data(),
                         reinterpret_cast<void *>(start), d->acc.data() + n * d->OutputSize(),
                         d->y.data() + n * d->OutputSize());
    if (status != ASSAY_OK) return status;
  }
  return ASSAY_OK;
}

/** Lowers a layer for a contract (policy auto), solves, and runs the engine model. Null: failed. */
inline std::unique_ptr<DirectedLayer> MakeDirected(const assay_layer *layer, const char *contract,
                                                   const assay_engine_config &engine) {
  auto d = std::make_unique<DirectedLayer>();
  assay_error error = {};
  d->name = layer->name;
  if (!LowerLayer(layer, contract, d.get()) ||
      !assay_directed_images_make(&layer->conv, d->lists.data(), d->results.data(), kDirectedSide,
                                  &d->images, &error) ||
      assay_plan_layer(&engine, &d->images.conv, &d->lowered, &d->plan, nullptr) != ASSAY_OK) {
    return nullptr;
  }
  MakeStreams(d.get());
  return RunModel(d.get()) == ASSAY_OK ? std::move(d) : nullptr;
}

/** All images on the RTL, every stage compared. False when the run did not take place. */
inline bool RunRtl(assay_cosim *cosim, DirectedLayer *d) {
  const size_t count = static_cast<size_t>(d->images.n);
  std::vector<assay_cosim_job> jobs(count);
  d->received.assign(d->y.size(), 0);
  d->cosim.resize(count);
  for (size_t n = 0; n < count; n++) {
    assay_cosim_job &job = jobs[n];
    job.plan = &d->plan;
    job.activations = d->activations[n].data();
    job.weights = d->weights.data();
    job.params = d->params.data();
    job.acc = d->acc.data() + n * d->OutputSize();
    job.y = d->y.data() + n * d->OutputSize();
    job.received = d->received.data() + n * d->OutputSize();
    job.layer = d->name.c_str();
    job.n = static_cast<int32_t>(n);
  }
  return assay_cosim_run(cosim, jobs.data(), count, d->cosim.data(), nullptr) == ASSAY_OK;
}

/** Images whose every accumulator and output the RTL gave as expected. */
inline size_t Passed(const DirectedLayer &d) {
  size_t passed = 0;
  for (const assay_cosim_result &result : d.cosim) passed += result.pass ? 1 : 0;
  return passed;
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_RTL_DIRECTED_CASE_H_
