// Runs a few layers on every model that was compiled to count its branches: the compiler then lays
// out the real models by what runs (ASSAY_PROFILE in sim/CMakeLists.txt). What the layers compute
// is of no interest here; a broken engine gets a model, too, for tests to find out.
#include <cstdint>
#include <vector>

#include "golden/engine.h"
#include "sim/cosim.h"

namespace {

constexpr uint64_t kTimeoutCycles = 2000;

// Dense, pixel by pixel and depthwise: what networks are made of.
const assay_conv_shape kShapes[] = {
    {28, 28, 24, 24, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1},
    {20, 20, 64, 24, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1},
    {32, 32, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 16},
    {32, 32, 3, 8, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1},
};

const assay_requant_kind kKinds[] = {ASSAY_REQUANT_AFFINE, ASSAY_REQUANT_CORRECTED,
                                     ASSAY_REQUANT_THRESHOLD};

// Any numbers do, as long as outputs differ.
struct Layer {
  std::vector<int8_t> weight;
  std::vector<uint8_t> x;
  std::vector<assay_lowered_channel> channels;
  assay_threshold_list thresholds = {};
  assay_conv conv = {};
  assay_lowered lowered = {};

  Layer(const assay_conv_shape &shape, assay_requant_kind kind) {
    conv.shape = shape;
    conv.x.dtype = ASSAY_QUINT8;
    conv.x.scale = conv.y.scale = 1;
    lowered.kind = kind;
    lowered.out_max = 255;
    fill();
    conv.weight = weight.data();
    lowered.channels = channels.data();
  }

 private:
  void fill() {
    const assay_conv_shape &s = conv.shape;
    uint32_t random = 1;
    const auto next = [&random] { return (random = random * 1664525u + 1013904223u) >> 24; };
    weight.resize(static_cast<size_t>(s.out_c * assay_conv_taps(&s)));
    for (int8_t &w : weight) w = static_cast<int8_t>(next());
    x.resize(static_cast<size_t>(s.in_y) * static_cast<size_t>(s.in_x * s.in_c));
    for (uint8_t &value : x) value = static_cast<uint8_t>(next());
    for (int32_t i = 0; i < 255; ++i) thresholds.t[i] = (i - 128) * 256;
    channels.resize(static_cast<size_t>(s.out_c));
    for (assay_lowered_channel &channel : channels) {
      channel.affine = {1 << 12, int64_t{1} << 27, 20};
      channel.threshold = &thresholds;
    }
  }
};

// What the driver needs to run a layer. The expected values are zeros: nobody looks at the result.
struct Job {
  std::vector<uint8_t> activations, weights, y;
  std::vector<uint64_t> params;
  std::vector<int32_t> acc;
  assay_cosim_job job = {};

  Job(const assay_plan &plan, const Layer &layer) {
    const size_t word = static_cast<size_t>(plan.engine.channels);
    const int64_t outputs = assay_conv_macs(&plan.shape) / assay_conv_taps(&plan.shape);
    activations.resize(plan.activation_words * word);
    weights.resize(plan.weight_words * word);
    params.resize(plan.param_words);
    acc.resize(static_cast<size_t>(outputs));
    y.resize(static_cast<size_t>(outputs));
    assay_stream_activations(&plan, layer.x.data(), activations.data());
    assay_stream_weights(&plan, layer.weight.data(), weights.data());
    assay_stream_params(&plan, &layer.lowered, params.data());
    job.plan = &plan;
    job.activations = activations.data();
    job.weights = weights.data();
    job.params = params.data();
    job.acc = acc.data();
    job.y = y.data();
    job.layer = "training";
  }
};

// False when the simulation could not be run at all.
bool RunLayer(const assay_engine_config &engine, const Layer &layer, uint8_t stall_percent) {
  assay_plan plan = {};
  if (assay_plan_layer(&engine, &layer.conv, &layer.lowered, &plan, nullptr) != ASSAY_OK) {
    return true;  // not for this engine
  }
  const Job job(plan, layer);
  assay_cosim_options options = {};
  options.engine = engine.name;
  options.timeout_cycles = kTimeoutCycles;
  for (uint8_t &port : options.stall_percent) port = stall_percent;
  assay_cosim *cosim = nullptr;
  assay_cosim_result result = {};
  if (assay_cosim_open(&options, &cosim, nullptr) != ASSAY_OK) return false;
  const assay_status status = assay_cosim_run(cosim, &job.job, 1, &result, nullptr);
  assay_cosim_close(cosim);
  return status == ASSAY_OK;
}

}  // namespace

int main() {
  for (size_t i = 0; assay_cosim_engine(i) != nullptr; ++i) {
    for (const assay_conv_shape &shape : kShapes) {
      for (const assay_requant_kind kind : kKinds) {
        const Layer layer(shape, kind);
        if (!RunLayer(*assay_cosim_engine(i), layer, 0)) return 1;
        if (!RunLayer(*assay_cosim_engine(i), layer, 25)) return 1;
      }
    }
  }
  return 0;
}
