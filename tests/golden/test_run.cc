// A small network from float image to float output, against a hand calculation.
#include "golden/run.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

// Two 1x1 convolutions on a 1x2 image with two channels; every scale a power of two.
//   x  = q(image), scale 0.5, zero point 1
//   c1 = relu, weights {1, 2}, {3, -4}, scales {0.5, 0.25}, bias {1, 0}, y_scale 1, y_zp 2
//   c2 = weights {1, -1}, scale 1, no bias, y_scale 2, y_zp 100
class SmallNetwork : public ::testing::Test {
 protected:
  SmallNetwork() {
    const assay_quant x = {0.5, 1, ASSAY_QUINT8}, a = {1.0, 2, ASSAY_QUINT8},
                      y = {2.0, 100, ASSAY_QUINT8};
    const assay_conv_shape s1 = {1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
    const assay_conv_shape s2 = {1, 2, 2, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
    layers_[0] = {"quant", ASSAY_LAYER_QUANTIZE, {}, x};
    layers_[1] = {"c1", ASSAY_LAYER_CONV, {s1, x, a, true, true, w1_, ws1_, b1_, false}, a};
    layers_[2] = {"c2", ASSAY_LAYER_CONV, {s2, a, y, false, false, w2_, ws2_, nullptr, false}, y};
    layers_[3] = {"dequant", ASSAY_LAYER_DEQUANTIZE, {}, y};
    network_.name = "small";
    network_.contract = "qnnpack";
    network_.quantize = "mul";
    network_.layer_count = 4;
    network_.layers = layers_;
  }

  assay_status Run(const assay_run_options &options, std::vector<float> *output) {
    assay_run_sizes sizes;
    const assay_status status = assay_run_sizes_of(&network_, &sizes);
    if (status != ASSAY_OK) return status;
    std::vector<uint8_t> t0(sizes.tensor), t1(sizes.tensor);
    std::vector<int32_t> acc(sizes.acc);
    const assay_run_buffers buffers = {{t0.data(), t1.data()}, acc.data()};
    output->assign(sizes.output, -1.0f);
    return assay_run_network(&network_, &options, image_, &buffers, output->data());
  }

  const int8_t w1_[4] = {1, 2, 3, -4}, w2_[2] = {1, -1};
  const double ws1_[2] = {0.5, 0.25}, ws2_[1] = {1.0};
  const float b1_[2] = {1.0f, 0.0f};
  const float image_[4] = {1.5f, 3.0f, 10.0f, -0.5f};
  assay_layer layers_[4];
  assay_network network_ = {};
};

// x - x_zp: pixel 0 {3, 6}, pixel 1 {20, -1}.
// c1 accumulators: {3 + 12, 9 - 24} = {15, -15}; {20 - 2, 60 + 4} = {18, 64}.
// c1 real: 15/4 + 1 = 4.75, -15/8 -> relu 0; 18/4 + 1 = 5.5, 64/8 = 8. Rounded 5, 0; 6, 8.
// c2: 5 - 0 = 5, 6 - 8 = -2; /2: 2.5 -> 2, -1. Output 2 * {2, -1}.
TEST_F(SmallNetwork, ContractGivesTheHandCalculatedImage) {
  std::vector<float> output;
  ASSERT_EQ(Run({}, &output), ASSAY_OK);
  EXPECT_EQ(output, (std::vector<float>{4.0f, -2.0f}));
}

// The same channels as M / 2^S with half_up: c1 (acc + 4 bias units) / 4 and acc / 8; c2 acc / 2.
TEST_F(SmallNetwork, LoweredLayersRunOnIntegersAlone) {
  const assay_lowered_channel c1[2] = {{0, {1, (2 << 2) + 4 + 2, 2}, nullptr, {}},
                                       {0, {1, (2 << 3) + 4, 3}, nullptr, {}}};
  const assay_lowered_channel c2[1] = {{0, {1, (100 << 1) + 1, 1}, nullptr, {}}};
  const assay_lowered lowered[2] = {{ASSAY_REQUANT_AFFINE, 0, 2, 255, c1},
                                    {ASSAY_REQUANT_AFFINE, 0, 0, 255, c2}};
  assay_run_options options = {};
  options.lowered = lowered;
  std::vector<float> output;
  ASSERT_EQ(Run(options, &output), ASSAY_OK);
  EXPECT_EQ(output, (std::vector<float>{6.0f, -2.0f}));  // 2.5 -> 3 with half_up
}

TEST_F(SmallNetwork, ObserverSeesEveryLayer) {
  std::vector<std::vector<int32_t>> seen;
  assay_run_options options = {};
  options.user = &seen;
  options.observe = [](void *user, const assay_layer *layer, const uint8_t *, const int32_t *acc,
                       const uint8_t *y) {
    auto *list = static_cast<std::vector<std::vector<int32_t>> *>(user);
    const size_t count = 2 * static_cast<size_t>(layer->conv.shape.out_c);
    list->emplace_back(acc, acc + count);
    list->emplace_back(y, y + count);
  };
  std::vector<float> output;
  ASSERT_EQ(Run(options, &output), ASSAY_OK);
  const std::vector<std::vector<int32_t>> expected = {
      {15, -15, 18, 64}, {7, 2, 8, 10}, {5, -2}, {102, 99}};
  EXPECT_EQ(seen, expected);
}

TEST_F(SmallNetwork, ChainsThatDoNotFitAreRefused) {
  std::vector<float> output;
  layers_[2].conv.shape.in_x = 3;
  EXPECT_EQ(Run({}, &output), ASSAY_ERROR_SHAPE);
  layers_[2].conv.shape.in_x = 2;
  layers_[2].conv.x.zero_point = 3;
  EXPECT_EQ(Run({}, &output), ASSAY_ERROR_SHAPE);
  layers_[2].conv.x.zero_point = 2;
  network_.contract = "unheard_of";
  EXPECT_EQ(Run({}, &output), ASSAY_ERROR_ARGUMENT);
  network_.contract = "qnnpack";
  layers_[0].kind = ASSAY_LAYER_CONV;
  EXPECT_EQ(Run({}, &output), ASSAY_ERROR_UNSUPPORTED);
}

}  // namespace
