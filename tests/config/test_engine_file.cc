// Hardware configurations: the shipped ones, and what is refused.
#include <gtest/gtest.h>

#include <string>

#include "config/engine.h"
#include "tests/temporary.h"

namespace {

using assay_test::TemporaryFolder;

const char kGood[] =
    "pixels: 8\nchannels: 4\nbank_depth: 1024\nweight_depth: 16384\nparam_blocks: 16\n"
    "threshold_blocks: 2\nmax_kernel: 7\nmultiplier_bits: 24\naddend_bits: 56\nrequantizers: "
    "[threshold]\n";

// Error text of a configuration in which one piece of kGood is replaced, without the folder.
std::string Refusal(const std::string &piece, const std::string &replacement) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("e.yaml", assay_test::Replaced(kGood, piece, replacement));
  assay_engine_config engine = {};
  assay_error error = {};
  EXPECT_FALSE(assay_engine_read(path.c_str(), &engine, &error));
  EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
  EXPECT_EQ(engine.pixels, 0) << "the output must be untouched";
  return std::string(error.text).substr(folder.path().size() + 1);
}

TEST(EngineFile, ReadsEveryKey) {
  const TemporaryFolder folder;
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(folder.Write("small.yaml", kGood).c_str(), &engine, &error))
      << error.text;
  EXPECT_STREQ(engine.name, "small");
  EXPECT_EQ(engine.pixels, 8);
  EXPECT_EQ(engine.channels, 4);
  EXPECT_EQ(engine.bank_depth, 1024);
  EXPECT_EQ(engine.weight_depth, 16384);
  EXPECT_EQ(engine.param_blocks, 16);
  EXPECT_EQ(engine.threshold_blocks, 2);
  EXPECT_EQ(engine.max_kernel, 7);
  EXPECT_EQ(engine.multiplier_bits, 24);
  EXPECT_EQ(engine.addend_bits, 56);
  EXPECT_FALSE(engine.affine);
  EXPECT_TRUE(engine.threshold);
}

// Written out by hand from rtl/assay_engine.sv.
TEST(EngineFile, NamesEveryParameterOfTheRtl) {
  const TemporaryFolder folder;
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(folder.Write("small.yaml", kGood).c_str(), &engine, &error));
  std::string all;
  assay_parameter parameter;
  for (size_t i = 0; assay_engine_parameter(&engine, i, &parameter); ++i) {
    all += std::string(parameter.name) + "=" + std::to_string(parameter.value) + " ";
  }
  EXPECT_EQ(
      all,
      "Pixels=8 Channels=4 BankDepth=1024 WeightDepth=16384 ParamBlocks=16 "
      "ThresholdBlocks=2 MaxKernel=7 MultiplierBits=24 AddendBits=56 WithAffine=0 "
      "WithThreshold=1 AccBits=32 PackedMultipliers=0 RequantLanes=4 WithCorrected=0 WithInt4=0 "
      "SizeBits=16 StepBits=8 TreeMultipliers=0 ");
}

TEST(EngineFile, RefusesWithPlace) {
  EXPECT_EQ(Refusal("pixels: 8\n", ""), "e.yaml:1:1: key 'pixels' has no value, expected one");
  EXPECT_EQ(Refusal("pixels: 8", "pixels: 6"), "e.yaml:1:9: pixels is 6, expected a power of two");
  EXPECT_EQ(Refusal("pixels: 8", "pixels: 32"),
            "e.yaml:1:9: '32' is not usable here, expected an integer from 2 to 16");
  EXPECT_EQ(Refusal("bank_depth: 1024", "bank_depth: 1000"),
            "e.yaml:3:13: bank_depth is 1000, expected a power of two");
  EXPECT_EQ(Refusal("[threshold]", "[threshold, threshold]"),
            "e.yaml:10:27: 'threshold' appears twice, expected once");
  EXPECT_EQ(
      Refusal("[threshold]", "[float]"),
      "e.yaml:10:16: 'float' is not known here, expected one of: affine, threshold, corrected");
  EXPECT_EQ(Refusal("[threshold]", "[]"), "e.yaml:10:15: the list has 0 values, expected 1 to 3");
  EXPECT_EQ(Refusal("[threshold]", "[threshold, corrected]"),
            "e.yaml:10:15: 'corrected' without 'affine', expected both");
  EXPECT_EQ(
      Refusal("max_kernel", "max_kernal"),
      "e.yaml:7:1: unknown key 'max_kernal', expected one of: pixels, channels, bank_depth, "
      "weight_depth, param_blocks, threshold_blocks, max_kernel, multiplier_bits, addend_bits, "
      "requantizers, acc_bits, packed_multipliers, requant_lanes, int4_weights, size_bits, "
      "step_bits, tree_multipliers");
}

TEST(EngineFile, AccumulatorsHave32BitsUnlessTheFileSaysOtherwise) {
  const TemporaryFolder folder;
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(folder.Write("a.yaml", kGood).c_str(), &engine, &error));
  EXPECT_EQ(engine.acc_bits, 32);
  const std::string narrow = std::string(kGood) + "acc_bits: 20\n";
  ASSERT_TRUE(assay_engine_read(folder.Write("b.yaml", narrow).c_str(), &engine, &error));
  EXPECT_EQ(engine.acc_bits, 20);
  EXPECT_EQ(Refusal("addend_bits: 56", "addend_bits: 56\nacc_bits: 33"),
            "e.yaml:10:11: '33' is not usable here, expected an integer from 17 to 32");
}

TEST(EngineFile, MultipliersArePackedIfTheFileSaysSo) {
  const TemporaryFolder folder;
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(folder.Write("a.yaml", kGood).c_str(), &engine, &error));
  EXPECT_FALSE(engine.packed_multipliers);
  const std::string packed = std::string(kGood) + "packed_multipliers: true\n";
  ASSERT_TRUE(assay_engine_read(folder.Write("b.yaml", packed).c_str(), &engine, &error));
  EXPECT_TRUE(engine.packed_multipliers);
  EXPECT_EQ(Refusal("addend_bits: 56", "addend_bits: 56\npacked_multipliers: 2"),
            "e.yaml:10:21: '2' is not known here, expected one of: false, true");
}

TEST(EngineFile, OneRequantizerLaneAChannelUnlessTheFileSaysOtherwise) {
  const TemporaryFolder folder;
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(folder.Write("a.yaml", kGood).c_str(), &engine, &error));
  EXPECT_EQ(engine.requant_lanes, 4);
  const std::string two = std::string(kGood) + "requant_lanes: 2\n";
  ASSERT_TRUE(assay_engine_read(folder.Write("b.yaml", two).c_str(), &engine, &error));
  EXPECT_EQ(engine.requant_lanes, 2);
  EXPECT_EQ(Refusal("addend_bits: 56", "addend_bits: 56\nrequant_lanes: 3"),
            "e.yaml:10:16: requant_lanes is 3, expected a power of two");
  EXPECT_EQ(Refusal("addend_bits: 56", "addend_bits: 56\nrequant_lanes: 8"),
            "e.yaml:10:16: '8' is not usable here, expected an integer from 1 to 4");
}

TEST(EngineFile, WeightsMayBeInt4IfTheFileSaysSo) {
  const TemporaryFolder folder;
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(folder.Write("a.yaml", kGood).c_str(), &engine, &error));
  EXPECT_FALSE(engine.int4_weights);
  const std::string int4 = std::string(kGood) + "int4_weights: true\n";
  ASSERT_TRUE(assay_engine_read(folder.Write("b.yaml", int4).c_str(), &engine, &error));
  EXPECT_TRUE(engine.int4_weights);
  EXPECT_EQ(Refusal("addend_bits: 56", "addend_bits: 56\nint4_weights: 4"),
            "e.yaml:10:15: '4' is not known here, expected one of: false, true");
}

TEST(EngineFile, FieldsAreWideAndMultipliersBlocksUnlessTheFileSaysOtherwise) {
  const TemporaryFolder folder;
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(folder.Write("a.yaml", kGood).c_str(), &engine, &error));
  EXPECT_EQ(engine.size_bits, 16);
  EXPECT_EQ(engine.step_bits, 8);
  EXPECT_FALSE(engine.tree_multipliers);
  const std::string narrow =
      std::string(kGood) + "size_bits: 9\nstep_bits: 5\ntree_multipliers: true\n";
  ASSERT_TRUE(assay_engine_read(folder.Write("b.yaml", narrow).c_str(), &engine, &error));
  EXPECT_EQ(engine.size_bits, 9);
  EXPECT_EQ(engine.step_bits, 5);
  EXPECT_TRUE(engine.tree_multipliers);
  EXPECT_EQ(Refusal("addend_bits: 56", "addend_bits: 56\nsize_bits: 7"),
            "e.yaml:10:12: '7' is not usable here, expected an integer from 8 to 16");
  EXPECT_EQ(Refusal("addend_bits: 56", "addend_bits: 56\nstep_bits: 9"),
            "e.yaml:10:12: '9' is not usable here, expected an integer from 4 to 8");
}

class ShippedEngine : public testing::TestWithParam<const char *> {};

TEST_P(ShippedEngine, IsNamedAfterItsLanes) {
  const std::string path =
      std::string(ASSAY_SOURCE_DIR) + "/config/engines/" + GetParam() + ".yaml";
  assay_engine_config engine = {};
  assay_error error = {};
  ASSERT_TRUE(assay_engine_read(path.c_str(), &engine, &error)) << error.text;
  const std::string lanes = std::to_string(engine.pixels) + "x" + std::to_string(engine.channels);
  const bool small = engine.packed_multipliers;
  EXPECT_EQ(lanes + (small ? "_small" : ""), engine.name);
  EXPECT_TRUE(engine.affine);
  EXPECT_EQ(engine.threshold, lanes != "2x2") << "the least engine has no room for lists";
}

INSTANTIATE_TEST_SUITE_P(All, ShippedEngine,
                         testing::Values("2x2", "4x4", "4x4_small", "8x8", "8x8_small", "16x8",
                                         "16x16"));

}  // namespace
