// Cycles per second of the whole engine with driver and checks, beside the bare array's, in one
// run.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "Vbare_array.h"
#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Case;
using assay_test::Layer;

constexpr int kRounds = 15;  // the best of these counts: other work on the machine only slows down

// Processor time: another process that takes the processor away does not count.
double Seconds(std::clock_t since) {
  return static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC;
}

// A layer like those below: dense, quint8, per-channel parameters.
void DescribeLayer(Vbare_array *model) {
  constexpr int kLanes = 8;
  model->spread_i = 0;
  model->x_zp_i = 22;
  model->base_i = 64;
  model->lane_i = 0;
  model->inside_i = 0xFF;
  model->initial_i = 0;
  model->shift_i = 0;
  for (int lane = 0; lane < kLanes; ++lane) {
    model->shift_i |= static_cast<uint64_t>(21 + lane % 3) << (6 * lane);
  }
  for (auto &word : model->multiplier_i.m_storage) word = 0x00C45671;
  for (auto &word : model->addend_i.m_storage) word = 0x00001234;
  model->out_min_i = 0;
  model->out_max_i = 255;
}

// Cycles per second of the array alone, all multipliers busy.
double BareArray() {
  constexpr uint64_t kCycles = 300000;
  VerilatedContext context;
  Vbare_array model(&context);
  DescribeLayer(&model);
  const std::clock_t begin = std::clock();
  for (uint64_t i = 0; i < kCycles; ++i) {
    model.first_i = i % 72 == 0;
    model.write_i = i % 9 == 0;
    model.data_i = i * 0x9E3779B97F4A7C15u;
    model.clk_i = 0;
    model.eval();
    model.clk_i = 1;
    model.eval();
  }
  return kCycles / Seconds(begin);
}

struct Shape {
  const char *name;
  assay_conv_shape shape;
};

const Shape kShapes[] = {
    {"3x3 8->8, 128x128", {128, 128, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"3x3 1->8, 128x128", {128, 128, 1, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"3x3 64->64, 28x28", {28, 28, 64, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"1x1 128->64, 28x28", {28, 28, 128, 64, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}},
    {"depthwise 3x3 64, 56x56", {56, 56, 64, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 64}},
};

std::unique_ptr<Layer> MakeBenchLayer(const assay_engine_config &engine, const Shape &shape) {
  auto layer = std::make_unique<Layer>();
  assay_test::Random random(1);
  layer->c.engine = engine;
  layer->c.conv.shape = shape.shape;
  layer->c.conv.x = {1.0, 22, ASSAY_QUINT8};
  layer->c.conv.y = {1.0, 0, ASSAY_QUINT8};
  assay_test::RandomTensors(random, &layer->c);
  do {
    assay_test::RandomParameters(random, &layer->c);
  } while (layer->c.lowered.kind != ASSAY_REQUANT_AFFINE);
  layer->name = shape.name;
  char reason[256] = "";
  if (assay_plan_layer(&engine, &layer->c.conv, &layer->c.lowered, &layer->plan, reason) !=
      ASSAY_OK) {
    std::printf("%-26s not planned: %s\n", shape.name, reason);
    return nullptr;
  }
  if (!assay_test::ExpectedValues(layer.get())) return nullptr;
  assay_test::MakeJob(layer.get());
  return layer;
}

// Cycles per second of one layer, checks on; negative when it fails.
double WholeEngine(assay_cosim *cosim, const Layer &layer) {
  assay_cosim_result result = {};
  const uint64_t cycle = assay_cosim_cycle(cosim);
  const std::clock_t begin = std::clock();
  if (assay_cosim_run(cosim, &layer.job, 1, &result, nullptr) != ASSAY_OK || !result.pass) {
    std::printf("%s\n", assay_test::Failures(layer, result).c_str());
    return -1;
  }
  return static_cast<double>(assay_cosim_cycle(cosim) - cycle) / Seconds(begin);
}

bool Measure(const assay_engine_config &engine, const Shape &shape) {
  const auto layer = MakeBenchLayer(engine, shape);
  if (layer == nullptr) return true;
  assay_test::Cosim cosim(assay_test::Options(engine.name, 0));
  double bare = 0, whole = 0;
  for (int round = 0; round < kRounds; ++round) {
    bare = std::max(bare, BareArray());
    const double rate = WholeEngine(cosim.get(), *layer);
    if (rate < 0) return false;
    whole = std::max(whole, rate);
  }
  const double macs = static_cast<double>(assay_conv_macs(&layer->plan.shape));
  std::printf("%-26s %8.2f %8.2f %7.2f %9.1f\n", shape.name, whole / 1e6, bare / 1e6, whole / bare,
              whole * macs / static_cast<double>(layer->plan.cycles) / 1e6);
  return true;
}

}  // namespace

int main() {
  const assay_engine_config &engine = *assay_cosim_engine(0);
  std::printf("engine %s, stalls off, all checks on, no trace; best of %d\n", engine.name, kRounds);
  std::printf("%-26s %8s %8s %7s %9s\n", "layer", "Mcycle/s", "bare", "ratio", "M MAC/s");
  bool passed = true;
  for (const Shape &shape : kShapes) passed &= Measure(engine, shape);
  return passed ? 0 : 1;
}
