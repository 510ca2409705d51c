// Bundles: the shipped one with printed numbers, a small one with every kind of damage.
#include "vectors/bundle.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "tests/temporary.h"
#include "vectors/npy.h"

namespace {

using assay_test::TemporaryFolder;

const std::string kSeed = std::string(ASSAY_SOURCE_DIR) + "/config/networks/unet_simplified";

const char kNetwork[] =
    "format: 1\n"
    "name: tiny\n"
    "provenance: {pytorch: 2.1.0, engine: onednn}\n"
    "contract: qnnpack\n"
    "quantize: fma\n"
    "layers:\n"
    "  - {name: q, type: Quantize, scale: 0.5, zero_point: 3}\n"
    "  - name: a\n"
    "    type: ConvReLU2d\n"
    "    in_channels: 2\n"
    "    out_channels: 3\n"
    "    kernel_size: [1, 2]\n"
    "    qscheme: per_channel_affine\n"
    "    weight: a.weight.npy\n"
    "    weight_scale: a.scale.npy\n"
    "    bias: a.bias.npy\n"
    "    scale: 0.25\n"
    "    zero_point: 7\n"
    "  - name: b\n"
    "    type: Conv2d\n"
    "    in_channels: 3\n"
    "    out_channels: 3\n"
    "    kernel_size: [3, 3]\n"
    "    stride: [2, 1]\n"
    "    padding: [1, 1, 0, 2]\n"
    "    groups: 3\n"
    "    qscheme: per_tensor_affine\n"
    "    weight: b.weight.npy\n"
    "    weight_scale: b.scale.npy\n"
    "    scale: 0.125\n"
    "    zero_point: 1\n"
    "  - {name: d, type: DeQuantize}\n";

template <typename T>
void WriteTensor(const std::string &path, assay_element element, std::vector<int64_t> shape,
                 std::vector<T> values) {
  assay_tensor tensor = {element, shape.size(), {}, values.data()};
  for (size_t i = 0; i < shape.size(); ++i) tensor.shape[i] = shape[i];
  ASSERT_EQ(assay_tensor_count(&tensor), values.size());
  assay_error error = {};
  ASSERT_TRUE(assay_npy_write(path.c_str(), &tensor, &error)) << error.text;
}

class TinyBundle : public testing::Test {
 protected:
  void SetUp() override {
    folder_.Write("network.yaml", kNetwork);
    std::vector<int8_t> weight = {0,  1,  10, 11, 20, 21,
                                  30, 31, 40, 41, 50, 51};  // [oc][ic][ky][kx]
    WriteTensor(folder_.path("a.weight.npy"), ASSAY_INT8, {3, 2, 1, 2}, weight);
    WriteTensor<double>(folder_.path("a.scale.npy"), ASSAY_FLOAT64, {3}, {0.1, 0.2, 0.3});
    WriteTensor<float>(folder_.path("a.bias.npy"), ASSAY_FLOAT32, {3}, {1, -2, 3});
    WriteTensor(folder_.path("b.weight.npy"), ASSAY_INT8, {3, 1, 3, 3}, std::vector<int8_t>(27, 5));
    WriteTensor<double>(folder_.path("b.scale.npy"), ASSAY_FLOAT64, {1}, {0.7});
  }

  // Error text after one piece of network.yaml is replaced, without the folder.
  std::string Refusal(const std::string &piece, const std::string &replacement) {
    folder_.Write("network.yaml", assay_test::Replaced(kNetwork, piece, replacement));
    return Refusal();
  }

  std::string Refusal(int32_t in_y = 4, int32_t in_x = 5) {
    assay_bundle bundle = {};
    assay_error error = {};
    EXPECT_FALSE(assay_bundle_read(folder_.path().c_str(), in_y, in_x, &bundle, &error));
    EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
    EXPECT_EQ(bundle.layers, nullptr);
    return std::string(error.text).substr(folder_.path().size() + 1);
  }

  TemporaryFolder folder_;
};

TEST_F(TinyBundle, IsReadWithDefaultsAndShapes) {
  assay_bundle bundle = {};
  assay_error error = {};
  ASSERT_TRUE(assay_bundle_read(folder_.path().c_str(), 4, 5, &bundle, &error)) << error.text;
  const assay_network &network = bundle.network;
  EXPECT_STREQ(network.name, "tiny");
  EXPECT_STREQ(network.contract, "qnnpack");
  EXPECT_STREQ(network.quantize, "fma");
  EXPECT_STREQ(network.provenance, "PyTorch 2.1.0 onednn");
  ASSERT_EQ(network.layer_count, 4u);
  const assay_conv &a = network.layers[1].conv;
  EXPECT_TRUE(a.relu && a.per_channel);
  EXPECT_EQ(a.x.scale, 0.5);
  EXPECT_EQ(a.x.zero_point, 3);
  EXPECT_EQ(a.y.zero_point, 7);
  EXPECT_EQ(a.shape.in_y, 4);
  EXPECT_EQ(a.shape.stride_y, 1);
  EXPECT_EQ(a.bias[1], -2.0f);
  const std::vector<int8_t> ohwi = {0, 10, 1, 11, 20, 30, 21, 31, 40, 50, 41, 51};
  EXPECT_EQ(std::vector<int8_t>(a.weight, a.weight + 12), ohwi);
  const assay_conv &b = network.layers[2].conv;
  EXPECT_FALSE(b.relu || b.per_channel);
  EXPECT_EQ(b.bias, nullptr);
  EXPECT_EQ(b.x.scale, 0.25);
  EXPECT_EQ(b.shape.in_x, 4);  // 5 - 2 + 1
  EXPECT_EQ(b.shape.pad_left, 0);
  EXPECT_EQ(b.shape.pad_right, 2);
  EXPECT_EQ(assay_conv_out_y(&b.shape), 2);
  EXPECT_EQ(assay_conv_out_x(&b.shape), 4);
  EXPECT_EQ(network.layers[3].kind, ASSAY_LAYER_DEQUANTIZE);
  EXPECT_EQ(network.layers[3].quant.scale, 0.125);
  assay_bundle_free(&bundle);
}

TEST_F(TinyBundle, CanBeResized) {
  assay_bundle bundle = {};
  assay_error error = {};
  ASSERT_TRUE(assay_bundle_read(folder_.path().c_str(), 4, 5, &bundle, &error)) << error.text;
  ASSERT_TRUE(assay_bundle_resize(&bundle, 9, 7, &error)) << error.text;
  EXPECT_EQ(bundle.network.layers[2].conv.shape.in_y, 9);
  EXPECT_EQ(bundle.network.layers[2].conv.shape.in_x, 6);
  EXPECT_FALSE(assay_bundle_resize(&bundle, 9, 1, &error));
  EXPECT_EQ(bundle.network.layers[2].conv.shape.in_x, 6) << "a failure must change nothing";
  assay_bundle_free(&bundle);
}

TEST_F(TinyBundle, RefusesBadKeysAndValues) {
  EXPECT_EQ(Refusal("groups: 3", "group: 3"),
            "network.yaml:26:5: unknown key 'group', expected one of: name, type, in_channels, "
            "out_channels, kernel_size, stride, padding, dilation, groups, qscheme, weight, "
            "weight_scale, bias, scale, zero_point, dtype, weight_dtype");
  EXPECT_EQ(Refusal("scale: 0.25", "scale: 0"),
            "network.yaml:17:12: scale is '0', expected a finite number above 0");
  EXPECT_EQ(Refusal("scale: 0.25", "scale: .nan"),
            "network.yaml:17:12: scale is '.nan', expected a finite number above 0");
  EXPECT_EQ(Refusal("zero_point: 7", "zero_point: 256"),
            "network.yaml:18:17: '256' is not usable here, expected an integer from 0 to 255");
  EXPECT_EQ(Refusal("groups: 3", "groups: 2"),
            "network.yaml:26:13: groups is 2, expected a divisor of in_channels 3 and "
            "out_channels 3");
  EXPECT_EQ(Refusal("type: Conv2d", "type: MaxPool2d"),
            "network.yaml:20:11: 'MaxPool2d' is not known here, expected one of: Quantize, "
            "Conv2d, ConvReLU2d, DeQuantize");
  EXPECT_EQ(Refusal("padding: [1, 1, 0, 2]", "padding: [1, 1, 0]"),
            "network.yaml:25:14: the list has 3 values, expected 2 or 4");
  EXPECT_EQ(
      Refusal("contract: qnnpack", "contract: qnnpak"),
      "network.yaml:4:11: contract 'qnnpak' is not known, expected one that 'assay contracts' "
      "lists");
  EXPECT_EQ(Refusal("format: 1", "format: 2"),
            "network.yaml:1:9: '2' is not usable here, expected an integer from 1 to 1");
}

TEST_F(TinyBundle, RefusesBrokenChains) {
  EXPECT_EQ(Refusal("    in_channels: 3\n", "    in_channels: 6\n"),
            "network.yaml:21:18: in_channels is 6, expected 3, the out_channels of 'a'");
  EXPECT_EQ(Refusal("name: b\n", "name: a\n"),
            "network.yaml:19:11: a second layer is named 'a', expected unique names");
  EXPECT_EQ(Refusal("{name: q, type: Quantize, scale: 0.5, zero_point: 3}",
                    "{name: q, type: DeQuantize}"),
            "network.yaml:7:21: layer 1 is not a Quantize, expected a Quantize first");
  EXPECT_EQ(
      Refusal("{name: d, type: DeQuantize}", "{name: d, type: Quantize, scale: 1, zero_point: 0}"),
      "network.yaml:32:21: layer 4 is a Quantize, expected none but the first");
  EXPECT_EQ(Refusal("name: b\n", "name: a/b\n"),
            "network.yaml:19:11: name 'a/b' is not usable in file names, expected up to 64 "
            "letters, digits, '.', '_', '-', not starting with '.'");
  EXPECT_EQ(Refusal("b.weight.npy", "../b.weight.npy"),
            "network.yaml:28:13: '../b.weight.npy' leaves the bundle's folder, expected a file "
            "inside it");
}

TEST_F(TinyBundle, RefusesTensorsThatBreakAPromise) {
  WriteTensor(folder_.path("b.weight.npy"), ASSAY_INT8, {3, 1, 3, 2}, std::vector<int8_t>(18, 5));
  EXPECT_EQ(Refusal(),
            "network.yaml:28:13: 'b.weight.npy' is int8 [3, 1, 3, 2], expected int8 [3, 1, 3, 3] "
            "(out_channels, in_channels / groups, kernel_size)");
  std::filesystem::remove(folder_.path("a.bias.npy"));
  EXPECT_EQ(Refusal(),
            "network.yaml:16:11: 'a.bias.npy' is not in the bundle, expected an .npy file");
  WriteTensor<double>(folder_.path("a.scale.npy"), ASSAY_FLOAT64, {3}, {0.1, 0.2, std::nan("")});
  EXPECT_EQ(Refusal(),
            "network.yaml:15:19: scale of channel 2 in 'a.scale.npy' is nan, expected a finite "
            "number above 0");
  WriteTensor<double>(folder_.path("a.scale.npy"), ASSAY_FLOAT64, {3}, {0.1, 0, 0.2});
  EXPECT_EQ(Refusal(),
            "network.yaml:15:19: scale of channel 1 in 'a.scale.npy' is 0, expected a finite "
            "number above 0");
  WriteTensor<float>(folder_.path("a.scale.npy"), ASSAY_FLOAT32, {3}, {1, 1, 1});
  EXPECT_EQ(Refusal(),
            "network.yaml:15:19: 'a.scale.npy' is float32 [3], expected float64 [3] (out_channels "
            "if per channel, else 1)");
  const std::string weight = assay_test::ReadFile(folder_.path("a.weight.npy"));
  folder_.Write("a.weight.npy", weight.substr(0, weight.size() - 1));
  EXPECT_EQ(Refusal(),
            "a.weight.npy:1:140: the file is truncated: 11 data bytes, expected 12 for int8 [3, "
            "2, 1, 2]");
}

// b's weights are all 5, a's go up to 51.
TEST_F(TinyBundle, WeightsMayBeDeclaredInt4) {
  const std::string piece = "    weight: b";
  folder_.Write("network.yaml",
                assay_test::Replaced(kNetwork, piece, "    weight_dtype: int4\n" + piece));
  assay_bundle bundle = {};
  assay_error error = {};
  ASSERT_TRUE(assay_bundle_read(folder_.path(".").c_str(), 8, 8, &bundle, &error)) << error.text;
  EXPECT_FALSE(bundle.network.layers[1].conv.int4_weights);
  EXPECT_TRUE(bundle.network.layers[2].conv.int4_weights);
  assay_bundle_free(&bundle);
  EXPECT_EQ(Refusal("    weight: a", "    weight_dtype: int4\n    weight: a"),
            "network.yaml:14:19: weight_dtype is int4, but channel 0 of 'a.weight.npy' has a "
            "weight of 10, expected -8 to 7");
  EXPECT_EQ(Refusal("    weight: a", "    weight_dtype: int2\n    weight: a"),
            "network.yaml:14:19: 'int2' is not known here, expected one of: int8, int4");
}

TEST_F(TinyBundle, RefusesImagesThatAreTooSmall) {
  EXPECT_EQ(Refusal(4, 1),
            "network.yaml:8:5: layer 'a' makes 4 x 0 outputs from 4 x 1 inputs (shapes do not fit "
            "together), expected at least 1 x 1: use a larger image");
}

TEST_F(TinyBundle, WaiversNameALayerACountAndAReason) {
  folder_.Write("waivers.yaml",
                "- {layer: b, contract: qnnpack, count: 3, reason: agreed in review 7}\n");
  assay_bundle bundle = {};
  assay_error error = {};
  ASSERT_TRUE(assay_bundle_read(folder_.path().c_str(), 4, 5, &bundle, &error)) << error.text;
  ASSERT_EQ(bundle.network.waiver_count, 1u);
  EXPECT_STREQ(bundle.network.waivers[0].layer, "b");
  EXPECT_EQ(bundle.network.waivers[0].count, 3);
  EXPECT_STREQ(bundle.network.waivers[0].reason, "agreed in review 7");
  assay_bundle_free(&bundle);
  folder_.Write("waivers.yaml", "- {layer: c, contract: qnnpack, count: 3, reason: x}\n");
  EXPECT_EQ(Refusal(),
            "waivers.yaml:1:11: no convolution is named 'c', expected a layer of this network");
  folder_.Write("waivers.yaml", "- {layer: b, contract: qnnpack, count: 3, reason: ''}\n");
  EXPECT_EQ(Refusal(), "waivers.yaml:1:51: the string is empty, expected text");
}

// Numbers below are read off the printed network by eye, not computed.
TEST(SeedBundle, HoldsThePrintedNumbers) {
  assay_bundle bundle = {};
  assay_error error = {};
  ASSERT_TRUE(assay_bundle_read(kSeed.c_str(), 64, 64, &bundle, &error)) << error.text;
  ASSERT_EQ(bundle.network.layer_count, 5u);
  EXPECT_STREQ(bundle.network.provenance, "PyTorch 1.13.1 qnnpack");
  const assay_layer *layers = bundle.network.layers;
  EXPECT_EQ(layers[0].quant.scale, static_cast<double>(10.0395f));
  EXPECT_EQ(layers[0].quant.zero_point, 22);
  const assay_conv &conv1 = layers[1].conv;
  EXPECT_EQ(conv1.shape.out_c, 8);
  EXPECT_EQ(conv1.weight[0], -128);
  EXPECT_EQ(conv1.weight[35], 3);
  EXPECT_EQ(conv1.w_scale[7], 3.1696e-05);
  EXPECT_EQ(conv1.bias[6], 8.4139f);
  EXPECT_EQ(conv1.y.scale, 0.13664968311786652);
  const assay_conv &conv2 = layers[2].conv;
  EXPECT_TRUE(conv2.relu);
  EXPECT_GT(conv2.w_scale[0], 0.00107162);
  EXPECT_LT(conv2.w_scale[0], 0.00107165);
  EXPECT_EQ(conv2.weight[0], 14);   // 0.0150 / 0.0010716, first tap, input channel 0
  EXPECT_EQ(conv2.weight[1], -31);  // -0.0332 / 0.0010716, first tap, input channel 1
  EXPECT_EQ(conv2.weight[8], 92);   // 0.0986 / 0.0010716, second tap, input channel 0
  const assay_conv &conv3 = layers[3].conv;
  EXPECT_FALSE(conv3.relu);
  EXPECT_EQ(conv3.bias, nullptr);
  EXPECT_TRUE(conv3.per_channel);
  EXPECT_EQ(conv3.weight[0], -35);  // -0.9800 / 0.0280014
  EXPECT_EQ(conv3.y.zero_point, 111);
  EXPECT_EQ(conv3.shape.in_y, 64);
  assay_bundle_free(&bundle);
}

}  // namespace
