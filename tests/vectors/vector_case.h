// A whole network run on the golden model, ready to be written as vector files.
#ifndef ASSAY_TESTS_VECTORS_VECTOR_CASE_H_
#define ASSAY_TESTS_VECTORS_VECTOR_CASE_H_

#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/engine.h"
#include "golden/lower.h"
#include "golden/quantize.h"
#include "golden/reference.h"
#include "golden/run.h"
#include "vectors/bundle.h"
#include "vectors/vector_files.h"

namespace assay_test {

// Owns what an assay_vector_case borrows. Outputs follow the integer parameters.
class VectorCase {
 public:
  // images: n pictures [y][x] of one channel in real units, one after the other.
  VectorCase(const std::string &bundle, const std::string &engine, int n, int y, int x,
             const std::vector<float> &images, assay_lower_policy policy = ASSAY_LOWER_AUTO) {
    assay_error error = {};
    Demand(assay_bundle_read(bundle.c_str(), y, x, &bundle_, &error), error.text);
    Demand(assay_engine_read(engine.c_str(), &engine_, &error), error.text);
    const assay_network &network = bundle_.network;
    std::vector<uint8_t> x_values(images.size());
    assay_quantize_array(assay_quantize_find(network.quantize), &network.layers[0].quant,
                         images.data(), x_values.data(), images.size());
    for (size_t i = 0; i < network.layer_count; ++i) {
      if (network.layers[i].kind == ASSAY_LAYER_CONV) {
        x_values = AddLayer(network.layers[i], n, x_values, policy);
      }
    }
    for (const Layer &layer : layers_) {
      views_.push_back({layer.layer,
                        nullptr,
                        {},
                        nullptr,
                        &layer.lowered,
                        &layer.plan,
                        layer.x.data(),
                        layer.acc.data(),
                        layer.y.data()});
    }
    value_ = {&network, &engine_, network.contract, "drawn", 7, n, views_.size(), views_.data()};
  }
  ~VectorCase() { assay_bundle_free(&bundle_); }
  VectorCase(const VectorCase &) = delete;
  VectorCase &operator=(const VectorCase &) = delete;

  const assay_vector_case &value() const { return value_; }
  const assay_vector_layer &layer(size_t index) const { return views_[index]; }

 private:
  struct Layer {
    const assay_layer *layer;
    assay_lowered lowered;
    assay_plan plan;
    std::vector<assay_lowered_channel> channels;
    std::vector<assay_threshold_list> lists;
    std::vector<uint8_t> x, y;
    std::vector<int32_t> acc;
  };

  static void Demand(bool ok, const std::string &reason) {
    if (!ok) throw std::runtime_error(reason);
  }

  void Lower(Layer *layer, assay_lower_policy policy) {
    const assay_conv &conv = layer->layer->conv;
    const size_t out_c = static_cast<size_t>(conv.shape.out_c);
    layer->channels.resize(out_c);
    layer->lists.resize(out_c);
    std::vector<assay_lower_result> results(out_c);
    assay_lower_options options = assay_lower_defaults();
    options.policy = policy;
    Demand(assay_lower_layer(&conv, assay_contract_find(bundle_.network.contract), &options,
                             layer->channels.data(), layer->lists.data(), results.data(),
                             &layer->lowered) == ASSAY_OK,
           "lowering");
    char reason[256] = "";
    Demand(assay_plan_layer(&engine_, &conv, &layer->lowered, &layer->plan, reason) == ASSAY_OK,
           reason);
  }

  std::vector<uint8_t> AddLayer(const assay_layer &from, int n, const std::vector<uint8_t> &x,
                                assay_lower_policy policy) {
    layers_.emplace_back();
    Layer &layer = layers_.back();
    layer.layer = &from;
    Lower(&layer, policy);
    const assay_conv &conv = from.conv;
    const size_t in = x.size() / static_cast<size_t>(n);
    const size_t out = static_cast<size_t>(assay_conv_out_y(&conv.shape)) *
                       static_cast<size_t>(assay_conv_out_x(&conv.shape)) *
                       static_cast<size_t>(conv.shape.out_c);
    layer.x = x;
    layer.acc.resize(out * static_cast<size_t>(n));
    layer.y.resize(layer.acc.size());
    for (size_t i = 0; i < static_cast<size_t>(n); ++i) {
      Demand(assay_reference_conv(&conv, x.data() + i * in, layer.acc.data() + i * out) == ASSAY_OK,
             "convolution");
      Demand(assay_requantize_lowered(&conv, &layer.lowered, layer.acc.data() + i * out,
                                      layer.y.data() + i * out) == ASSAY_OK,
             "requantization");
    }
    return layer.y;
  }

  assay_bundle bundle_ = {};
  assay_engine_config engine_ = {};
  std::deque<Layer> layers_;  // addresses stay
  std::vector<assay_vector_layer> views_;
  assay_vector_case value_ = {};
};

// A picture that is not flat: value i is a fixed function of i.
inline std::vector<float> Picture(size_t count) {
  std::vector<float> picture(count);
  uint32_t state = 12345;
  for (float &value : picture) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(static_cast<int>(state >> 20) % 2500 - 200);
  }
  return picture;
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_VECTORS_VECTOR_CASE_H_
