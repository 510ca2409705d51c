// What the mapping promises: utilization of layers and networks on the default engine. That the
// cycles are the engine's own is shown in tests/sim/test_cycles.cc.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "golden/cycles.h"
#include "tests/golden/engine_case.h"

namespace {

constexpr double kMultipliers = 64;

assay_conv_shape Square(int32_t size, int32_t in_c, int32_t out_c, int32_t kernel, int32_t stride,
                        int32_t pad, int32_t groups = 1) {
  return {size, size, in_c, out_c, kernel, kernel, stride, stride,
          1,    1,    pad,  pad,   pad,    pad,    groups};
}

assay_plan MustPlan(const assay_conv_shape &shape, assay_requant_kind kind) {
  static const assay_threshold_list list = {};
  assay_lowered_channel channel = {};
  channel.threshold = &list;
  const std::vector<assay_lowered_channel> channels(static_cast<size_t>(shape.out_c), channel);
  const assay_engine_config engine = {"8x8", 8,    8,  1024,  16384, 16,   4,    7,  24, 56,
                                      true,  true, 32, false, 8,     true, true, 16, 8,  false};
  const assay_lowered lowered = {kind, 0, 0, 255, channels.data()};
  assay_conv conv = {};
  conv.shape = shape;
  assay_plan plan = {};
  char reason[256] = "";
  EXPECT_EQ(assay_plan_layer(&engine, &conv, &lowered, &plan, reason), ASSAY_OK) << reason;
  return plan;
}

double Utilization(const std::vector<assay_conv_shape> &shapes, assay_requant_kind kind) {
  double macs = 0, cycles = 0;
  for (const assay_conv_shape &shape : shapes) {
    macs += static_cast<double>(assay_conv_macs(&shape));
    cycles += static_cast<double>(MustPlan(shape, kind).cycles);
  }
  return 100 * macs / (kMultipliers * cycles);
}

std::vector<assay_conv_shape> ResNet18() {
  std::vector<assay_conv_shape> layers = {Square(224, 3, 64, 7, 2, 3)};
  int32_t size = 56, in_c = 64;
  for (int32_t stage = 0; stage < 4; stage++) {
    const int32_t out_c = 64 << stage;
    for (int32_t block = 0; block < 2; block++) {
      const int32_t stride = stage > 0 && block == 0 ? 2 : 1;
      layers.push_back(Square(size, in_c, out_c, 3, stride, 1));
      if (stride == 2) layers.push_back(Square(size, in_c, out_c, 1, 2, 0));
      size /= stride;
      layers.push_back(Square(size, out_c, out_c, 3, 1, 1));
      in_c = out_c;
    }
  }
  return layers;
}

std::vector<assay_conv_shape> MobileNetV2() {
  struct Stage {
    int32_t expansion, out_c, blocks, stride;
  };
  const Stage stages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                          {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  std::vector<assay_conv_shape> layers = {Square(224, 3, 32, 3, 2, 1)};
  int32_t size = 112, in_c = 32;
  for (const Stage &stage : stages) {
    for (int32_t block = 0; block < stage.blocks; block++) {
      const int32_t stride = block == 0 ? stage.stride : 1, inner = in_c * stage.expansion;
      if (stage.expansion != 1) layers.push_back(Square(size, in_c, inner, 1, 1, 0));
      layers.push_back(Square(size, inner, inner, 3, stride, 1, inner));
      size = (size - 1) / stride + 1;
      layers.push_back(Square(size, inner, stage.out_c, 1, 1, 0));
      in_c = stage.out_c;
    }
  }
  layers.push_back(Square(7, 320, 1280, 1, 1, 0));
  return layers;
}

TEST(Utilization, NetworkShapesAreComplete) {
  EXPECT_EQ(ResNet18().size(), 20u);
  EXPECT_EQ(MobileNetV2().size(), 52u);
}

struct Promise {
  const char *name;
  std::vector<assay_conv_shape> shapes;
  double affine, corrected, threshold;  // at least, in percent
};

// Lists cost 130 words a channel. Layers with many channels and few cycles a channel wait for
// them: depthwise ones, and so MobileNetV2.
TEST(Utilization, OfLayersAndNetworks) {
  const Promise promises[] = {
      {"3x3, 128 to 32, 56x56", {Square(56, 128, 32, 3, 1, 1)}, 97, 97, 97},
      {"5x5 stride 2, 55 to 25, 31x31", {Square(31, 55, 25, 5, 2, 2)}, 95, 95, 95},
      {"1x1, 256 to 64, 56x56", {Square(56, 256, 64, 1, 1, 0)}, 95, 95, 95},
      {"7x7 stride 2, 3 to 64, 224x224", {Square(224, 3, 64, 7, 2, 3)}, 95, 95, 95},
      {"depthwise 3x3, 96, 56x56", {Square(56, 96, 96, 3, 1, 1, 96)}, 90, 90, 40},
      {"seed UNet, 256x256",
       {Square(256, 1, 8, 3, 1, 1), Square(256, 8, 8, 3, 1, 1), Square(256, 8, 1, 3, 1, 1)},
       97,
       97,
       97},
      {"ResNet18, 224x224", ResNet18(), 95, 95, 95},
      {"MobileNetV2, 224x224", MobileNetV2(), 90, 90, 60},
  };
  for (const Promise &promise : promises) {
    const double affine = Utilization(promise.shapes, ASSAY_REQUANT_AFFINE);
    const double corrected = Utilization(promise.shapes, ASSAY_REQUANT_CORRECTED);
    const double threshold = Utilization(promise.shapes, ASSAY_REQUANT_THRESHOLD);
    std::printf("%-32s affine %5.1f %%, corrected %5.1f %%, threshold %5.1f %%\n", promise.name,
                affine, corrected, threshold);
    EXPECT_GE(affine, promise.affine) << promise.name;
    EXPECT_GE(corrected, promise.corrected) << promise.name;
    EXPECT_GE(threshold, promise.threshold) << promise.name;
  }
}

// Stride 2 needs 3.6 input words for every cycle of the array: the input stream is the bound, and
// it is kept busy but for 1 % of the cycles.
TEST(Utilization, StridedDepthwiseReachesTheBoundOfItsInputStream) {
  const assay_plan plan = MustPlan(Square(112, 96, 96, 3, 2, 1, 96), ASSAY_REQUANT_AFFINE);
  const assay_cycles cycles = assay_predict_cycles(&plan);
  EXPECT_EQ(plan.activation_words, 112u * 112u * 12u);
  EXPECT_EQ(assay_bound_of(&cycles), ASSAY_BOUND_INPUT);
  EXPECT_LE(static_cast<double>(cycles.total), 1.01 * static_cast<double>(plan.activation_words));
}

TEST(Cycles, PartsAddUp) {
  const uint64_t seed = assay_test::Seed() + 4;
  int planned = 0;
  for (int32_t id = 0; id < 300; id++) {
    assay_test::Case c;
    assay_test::MakeCase(seed, id, 1000000, &c);
    assay_plan plan = {};
    if (assay_plan_layer(&c.engine, &c.conv, &c.lowered, &plan, nullptr) != ASSAY_OK) continue;
    const assay_cycles y = assay_predict_cycles(&plan);
    EXPECT_EQ(y.total, plan.cycles);
    EXPECT_EQ(y.total, y.setup + y.compute + y.wait_rows + y.wait_weights + y.wait_params +
                           y.wait_output + y.rest);
    EXPECT_LT(y.rest, y.total) << "a part is larger than the whole";
    planned++;
  }
  EXPECT_GT(planned, 200);
}

}  // namespace
