// Layers of a shape list with weights and scales as networks have them, lowered for a contract.
#ifndef ASSAY_TESTS_SIM_SHAPE_CASE_H_
#define ASSAY_TESTS_SIM_SHAPE_CASE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "config/suite.h"
#include "golden/contract.h"
#include "golden/lower.h"
#include "golden/reference.h"
#include "tests/golden/engine_case.h"

namespace assay_test {

/** About normal, standard deviation 1: the sum of twelve uniform values. The same everywhere. */
inline double Normal(Random &random) {
  double sum = 0;
  for (int i = 0; i < 12; ++i) sum += random.In(0, 65535) / 65536.0;
  return sum - 6.0;
}

/** A shape without what does not change its mapping's kind: at most so many output pixels. */
inline assay_conv_shape CutDown(assay_conv_shape shape, int32_t most_out_y, int32_t most_out_x) {
  const auto rows = [](int32_t out, int32_t stride, int32_t kernel, int32_t pads) {
    return std::max(1, (out - 1) * stride + kernel - pads);
  };
  if (assay_conv_out_y(&shape) > most_out_y) {
    shape.in_y = rows(most_out_y, shape.stride_y, shape.kernel_y, shape.pad_top + shape.pad_bottom);
  }
  if (assay_conv_out_x(&shape) > most_out_x) {
    shape.in_x = rows(most_out_x, shape.stride_x, shape.kernel_x, shape.pad_left + shape.pad_right);
  }
  return shape;
}

/**
 * A layer as PyTorch's eager-mode quantization leaves it. Weights are normal, with another spread
 * in every channel, as a folded batch-norm gives them; observed per channel and symmetric: scale =
 * max|w| / 127.5. Activations are normal, behind a ReLU or not; both activations are observed by
 * minimum and maximum.
 */
struct ShapeCase {
  assay_suite_layer layer = {};
  assay_conv conv = {};
  std::vector<int8_t> weight;
  std::vector<double> w_scale;
  std::vector<float> bias;
  std::vector<uint8_t> x;
  std::vector<int32_t> acc;  // of the plain reference
  std::vector<uint8_t> y;    // of the contract, on acc
  std::vector<assay_lowered_channel> channels;
  std::vector<assay_threshold_list> lists;
  std::vector<assay_lower_result> results;
  assay_lowered lowered = {};
  ShapeCase() = default;
  ShapeCase(const ShapeCase &) = delete;
  ShapeCase &operator=(const ShapeCase &) = delete;
};

/** MinMaxObserver for quint8: the range is widened to hold 0. */
inline assay_quant Observe(double low, double high) {
  low = std::min(low, 0.0);
  high = std::max(high, 0.0);
  const float scale = std::max(static_cast<float>((high - low) / 255.0), 1e-6f);
  assay_quant quant = {};
  quant.scale = scale;
  quant.dtype = ASSAY_QUINT8;
  quant.zero_point = std::clamp(static_cast<int32_t>(-std::nearbyint(low / scale)), 0, 255);
  return quant;
}

inline void QuantizeWeights(Random &random, ShapeCase *c) {
  const size_t taps = static_cast<size_t>(assay_conv_taps(&c->conv.shape));
  std::vector<double> real(taps);
  for (int32_t oc = 0; oc < c->conv.shape.out_c; ++oc) {
    const double spread = std::sqrt(2.0 / static_cast<double>(taps)) * random.In(20, 200) / 100.0;
    double most = 1e-9;
    for (double &w : real) {
      w = spread * Normal(random);
      most = std::max(most, std::fabs(w));
    }
    const double scale = static_cast<float>(most / 127.5);
    for (const double w : real) {
      const double q = std::nearbyint(w / scale);
      c->weight.push_back(static_cast<int8_t>(std::clamp(q, -128.0, 127.0)));
    }
    c->w_scale.push_back(scale);
    c->bias.push_back(static_cast<float>(0.2 * Normal(random)));
  }
}

inline void QuantizeInput(Random &random, bool behind_relu, ShapeCase *c) {
  const assay_conv_shape &s = c->conv.shape;
  std::vector<double> real(static_cast<size_t>(s.in_y) * static_cast<size_t>(s.in_x * s.in_c));
  for (double &x : real) x = behind_relu ? std::max(0.0, Normal(random)) : Normal(random);
  const auto [low, high] = std::minmax_element(real.begin(), real.end());
  c->conv.x = Observe(*low, *high);
  for (const double x : real) {
    const double q = std::nearbyint(x / c->conv.x.scale) + c->conv.x.zero_point;
    c->x.push_back(static_cast<uint8_t>(std::clamp(q, 0.0, 255.0)));
  }
}

/** Accumulators of the plain reference, and the output's range that an observer sees on them. */
inline bool ObserveOutput(ShapeCase *c) {
  const assay_conv_shape &s = c->conv.shape;
  const size_t pixels =
      static_cast<size_t>(assay_conv_out_y(&s)) * static_cast<size_t>(assay_conv_out_x(&s));
  const size_t out_c = static_cast<size_t>(s.out_c);
  c->acc.resize(pixels * out_c);
  if (assay_reference_conv(&c->conv, c->x.data(), c->acc.data()) != ASSAY_OK) return false;
  double low = 0, high = 0;
  for (size_t i = 0; i < c->acc.size(); ++i) {
    const size_t oc = i % out_c;
    const double real = c->acc[i] * c->conv.x.scale * c->w_scale[oc] + c->bias[oc];
    low = std::min(low, c->conv.relu ? 0.0 : real);
    high = std::max(high, real);
  }
  c->conv.y = Observe(low, high);
  return true;
}

/** Fills everything up to the observed scales; a pure function of seed and layer. */
inline bool MakeShapeCase(const assay_suite_layer &layer, uint64_t seed, ShapeCase *c) {
  Random random(seed);
  c->layer = layer;
  c->conv.shape = layer.shape;
  c->conv.relu = layer.relu;
  c->conv.per_channel = true;
  QuantizeWeights(random, c);
  c->conv.weight = c->weight.data();
  c->conv.w_scale = c->w_scale.data();
  c->conv.bias = c->bias.data();
  QuantizeInput(random, !random.OneIn(3), c);
  return ObserveOutput(c);
}

/** Outputs of the contract on the plain accumulators. */
inline bool ContractOutputs(const assay_contract &contract, ShapeCase *c) {
  const size_t out_c = static_cast<size_t>(c->conv.shape.out_c);
  c->y.resize(c->acc.size());
  for (size_t oc = 0; oc < out_c; ++oc) {
    const assay_channel channel = assay_channel_of(&c->conv, static_cast<int32_t>(oc));
    assay_requantizer requantizer = {};
    if (contract.prepare(&channel, &requantizer) != ASSAY_OK) return false;
    for (size_t i = oc; i < c->acc.size(); i += out_c) {
      c->y[i] = static_cast<uint8_t>(assay_requantize(&requantizer, c->acc[i]));
    }
  }
  return true;
}

/** Lowers for a contract. */
inline bool Lower(const assay_contract &contract, assay_lower_policy policy, ShapeCase *c) {
  const size_t out_c = static_cast<size_t>(c->conv.shape.out_c);
  assay_lower_options options = assay_lower_defaults();
  options.policy = policy;
  options.budget = 0;  // the nearest is of no use here
  c->channels.resize(out_c);
  c->lists.resize(out_c);
  c->results.resize(out_c);
  return assay_lower_layer(&c->conv, &contract, &options, c->channels.data(), c->lists.data(),
                           c->results.data(), &c->lowered) == ASSAY_OK;
}

/** Every channel is proved equal to its contract. */
inline bool IsExact(const ShapeCase &c) {
  return std::all_of(c.results.begin(), c.results.end(),
                     [](const assay_lower_result &r) { return r.differing == 0; });
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_SIM_SHAPE_CASE_H_
