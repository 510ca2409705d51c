// Lists of layer shapes: the shipped ones against their networks' known sizes, and what is refused.
#include <gtest/gtest.h>

#include <string>

#include "config/suite.h"
#include "tests/temporary.h"

namespace {

using assay_test::TemporaryFolder;

const char kGood[] =
    "format: 1\nname: small\nsource: by hand\ntarget: 90\nlayers:\n"
    "  - {name: a.0, type: ConvReLU2d, in_size: [5, 7], in_channels: 6, out_channels: 4,\n"
    "     kernel_size: [3, 1], stride: [2, 1], padding: [1, 0], groups: 2, target: 80}\n"
    "  - {name: b, type: Linear, in_channels: 10, out_channels: 3}\n";

// Error text of a suite in which one piece of kGood is replaced, without the folder.
std::string Refusal(const std::string &piece, const std::string &replacement) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("s.yaml", assay_test::Replaced(kGood, piece, replacement));
  assay_suite suite = {};
  assay_error error = {};
  EXPECT_FALSE(assay_suite_read(path.c_str(), &suite, &error));
  EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
  EXPECT_EQ(suite.layers, nullptr) << "the output must be untouched";
  return std::string(error.text).substr(folder.path().size() + 1);
}

TEST(SuiteFile, ReadsEveryKey) {
  const TemporaryFolder folder;
  assay_suite suite = {};
  assay_error error = {};
  ASSERT_TRUE(assay_suite_read(folder.Write("s.yaml", kGood).c_str(), &suite, &error))
      << error.text;
  EXPECT_STREQ(suite.name, "small");
  EXPECT_STREQ(suite.source, "by hand");
  EXPECT_EQ(suite.target, 90);
  ASSERT_EQ(suite.layer_count, 2u);
  const assay_suite_layer &conv = suite.layers[0], &linear = suite.layers[1];
  EXPECT_STREQ(conv.name, "a.0");
  EXPECT_TRUE(conv.relu && !conv.linear && !linear.relu && linear.linear);
  EXPECT_EQ(conv.target, 80);
  EXPECT_EQ(assay_conv_macs(&conv.shape), 3 * 7 * 4 * 9);  // out 3x7, 3*1*3 taps
  EXPECT_EQ(assay_conv_macs(&linear.shape), 30);
  assay_suite_free(&suite);
}

TEST(SuiteFile, RefusesWithPlace) {
  EXPECT_EQ(Refusal("in_size: [5, 7], ", ""),
            "s.yaml:6:5: key 'in_size' has no value, expected one");
  EXPECT_EQ(Refusal("in_size: [5, 7]", "in_size: [0, 7]"),
            "s.yaml:6:45: '0' is not usable here, expected an integer from 1 to 65535");
  EXPECT_EQ(Refusal("name: b", "name: a.0"),
            "s.yaml:8:12: a second layer is named 'a.0', expected unique names");
  EXPECT_EQ(Refusal("kernel_size: [3, 1]", "kernel_size: [3, 8]"),
            "s.yaml:6:5: the kernel is larger than the padded image, expected an output");
  EXPECT_EQ(Refusal("target: 90", "target: 101"),
            "s.yaml:4:9: '101' is not usable here, expected an integer from 1 to 100");
  EXPECT_EQ(Refusal("type: Linear", "type: Linear, stride: [1, 1]"),
            "s.yaml:8:29: unknown key 'stride', expected one of: name, type, in_channels, "
            "out_channels, target");
}

struct Known {
  const char *name;
  size_t convolutions, linear;
  int64_t products, weights;
};

class ShippedSuite : public testing::TestWithParam<Known> {};

// Products and weights as they are published with the models: ResNet18 1.81 G multiply-adds and
// 11,678,912 weights of convolutions and classifier; MobileNetV2 0.30 G and 3,469,760.
TEST_P(ShippedSuite, HasTheNetworksSizes) {
  const Known &known = GetParam();
  const std::string path = std::string(ASSAY_SOURCE_DIR) + "/config/suites/" + known.name + ".yaml";
  assay_suite suite = {};
  assay_error error = {};
  ASSERT_TRUE(assay_suite_read(path.c_str(), &suite, &error)) << error.text;
  size_t linear = 0;
  int64_t products = 0, weights = 0;
  for (size_t i = 0; i < suite.layer_count; ++i) {
    const assay_conv_shape &shape = suite.layers[i].shape;
    linear += suite.layers[i].linear;
    products += assay_conv_macs(&shape);
    weights += shape.out_c * assay_conv_taps(&shape);
  }
  EXPECT_STREQ(suite.name, known.name);
  EXPECT_EQ(suite.layer_count - linear, known.convolutions);
  EXPECT_EQ(linear, known.linear);
  EXPECT_EQ(products, known.products);
  EXPECT_EQ(weights, known.weights);
  assay_suite_free(&suite);
}

INSTANTIATE_TEST_SUITE_P(All, ShippedSuite,
                         testing::Values(Known{"resnet18", 20, 1, 1814073344, 11678912},
                                         Known{"mobilenet_v2", 52, 1, 300774272, 3469760}));

}  // namespace
