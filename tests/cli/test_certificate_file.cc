#include "cli/certificate_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "golden/lower.h"
#include "tests/temporary.h"

namespace {

// The shipped network, and a certificate file of qnnpack against what lower makes of it.
class CertificateFile : public ::testing::Test {
 protected:
  void SetUp() override {
    assay_error error = {};
    ASSERT_TRUE(assay_bundle_read(ASSAY_SOURCE_DIR "/config/networks/unet_simplified", 32, 48,
                                  &bundle_, &error))
        << error.text;
    path_ = folder_.path("certificate.json");
    Write(ASSAY_LOWER_AFFINE);
  }
  void TearDown() override { assay_bundle_free(&bundle_); }

  void Write(assay_lower_policy policy) {
    FILE *file = std::fopen(path_.c_str(), "w");
    ASSERT_NE(file, nullptr);
    assay_json json = {file, 0, false};
    assay_error error = {};
    assay_certificate_file_begin(&json, &bundle_.network);
    for (size_t i = 0; i < bundle_.network.layer_count; i++) {
      const assay_layer *layer = &bundle_.network.layers[i];
      if (layer->kind != ASSAY_LAYER_CONV) continue;
      ASSERT_TRUE(assay_certificate_file_layer(&json, layer, &error));
      WriteChannels(&json, layer, policy);
      assay_certificate_file_layer_end(&json);
    }
    assay_certificate_file_end(&json);
    std::fclose(file);
  }

  void WriteChannels(assay_json *json, const assay_layer *layer, assay_lower_policy policy) {
    const size_t count = static_cast<size_t>(layer->conv.shape.out_c);
    const assay_contract *contract = assay_contract_find("qnnpack");
    assay_lower_options options = assay_lower_defaults();
    options.policy = policy;
    std::vector<assay_lowered_channel> channels(count);
    std::vector<assay_threshold_list> lists(count);
    std::vector<assay_lower_result> results(count);
    assay_lowered lowered;
    ASSERT_EQ(assay_lower_layer(&layer->conv, contract, &options, channels.data(), lists.data(),
                                results.data(), &lowered),
              ASSAY_OK);
    for (int32_t oc = 0; oc < layer->conv.shape.out_c; oc++) {
      const assay_channel channel = assay_channel_of(&layer->conv, oc);
      const assay_side a = assay_side_of_contract(contract, &channel);
      const assay_side b = assay_side_of_lowered(&lowered, oc);
      assay_certificate certificate;
      std::vector<assay_difference> d(ASSAY_MAX_DIFFERENCES);
      ASSERT_EQ(assay_certify(&a, &b, 0, results[static_cast<size_t>(oc)].range, 0, &certificate,
                              d.data(), d.size()),
                ASSAY_OK);
      assay_certificate_file_channel(json, oc, &certificate, d.data(),
                                     certificate.comparison.intervals);
    }
  }

  void Replace(const std::string &from, const std::string &to) {
    const std::string text = assay_test::Replaced(assay_test::ReadFile(path_), from, to);
    std::ofstream(path_) << text;
  }
  bool Check() { return assay_certificate_file_check(path_.c_str(), &bundle_, &summary_, &error_); }

  assay_test::TemporaryFolder folder_;
  assay_bundle bundle_ = {};
  std::string path_;
  assay_certificate_summary summary_ = {};
  assay_error error_ = {};
};

// 15 of the 17 channels have an exact affine requantizer; the other two differ on three
// accumulators.
TEST_F(CertificateFile, OfTheShippedNetworkIsAccepted) {
  ASSERT_TRUE(Check()) << error_.text;
  EXPECT_EQ(summary_.channels, 17u);
  EXPECT_EQ(summary_.equal, 15u);
  EXPECT_EQ(summary_.differing, 2u);
  EXPECT_EQ(summary_.differing_accumulators, 3);
  EXPECT_EQ(summary_.rejected, 0u) << summary_.first_rejection;
  EXPECT_EQ(summary_.trusting, 0u);
}

TEST_F(CertificateFile, ThresholdsAreProvedEqualOnEveryChannel) {
  Write(ASSAY_LOWER_THRESHOLD);
  ASSERT_TRUE(Check()) << error_.text;
  EXPECT_EQ(summary_.equal, 17u) << summary_.first_rejection;
}

TEST_F(CertificateFile, AFalseStatementIsRejected) {
  Replace("\"claim\": \"differs\"", "\"claim\": \"equal\"");
  ASSERT_TRUE(Check()) << error_.text;
  EXPECT_EQ(summary_.rejected, 1u);
  EXPECT_NE(std::string(summary_.first_rejection).find("conv1 channel 4"), std::string::npos);
}

TEST_F(CertificateFile, OtherScalesAreRejected) {
  Replace("\"y_scale\": 0.13", "\"y_scale\": 0.14");
  ASSERT_TRUE(Check()) << error_.text;
  EXPECT_EQ(summary_.rejected, 1u);
}

TEST_F(CertificateFile, OtherWeightsAreAnError) {
  Replace("\"weights\": \"", "\"weights\": \"0");
  EXPECT_FALSE(Check());
  EXPECT_NE(std::string(error_.text).find("other weights"), std::string::npos) << error_.text;
}

TEST_F(CertificateFile, ABadListNamesItsPlace) {
  Replace("\"thresholds_a\": \"", "\"thresholds_a\": \"x ");
  EXPECT_FALSE(Check());
  EXPECT_NE(std::string(error_.text).find(path_ + ":"), std::string::npos) << error_.text;
  EXPECT_NE(std::string(error_.text).find("threshold 0"), std::string::npos) << error_.text;
}

}  // namespace
