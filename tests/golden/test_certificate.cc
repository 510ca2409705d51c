#include "golden/certificate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "golden/lower.h"
#include "tests/golden/contract_channel.h"
#include "tests/golden/random_channel.h"

namespace {

constexpr int64_t kLimit = 1 << 22;

assay_side Contract(const char *name, const assay_channel &channel) {
  return assay_side_of_contract(assay_contract_find(name), &channel);
}

assay_side Affine(const assay_affine &affine, const assay_channel &channel) {
  assay_side side = {};
  side.form = ASSAY_SIDE_AFFINE;
  side.affine = affine;
  side.out_min = assay_lower_out_min(&channel);
  side.out_max = assay_lower_out_max(&channel);
  return side;
}

// Claims against a visit of every accumulator, contract against contract.
TEST(Certificate, ClaimsAreTrueOnRandomChannels) {
  constexpr uint64_t kSeed = 404;
  ChannelMaker maker(kSeed);
  const char *const names[] = {"qnnpack",  "fbgemm",        "onednn_2",
                               "onednn_3", "onednn_3_11",   "xnnpack",
                               "gemmini",  "tflite_single", "tosa_32_double"};
  int32_t equal = 0, differs = 0;
  for (int32_t i = 0; i < 150; i++) {
    const RandomChannel c = maker.Make(64);
    const assay_side a = Contract(names[i % 9], c.channel);
    const assay_side b = Contract(names[(i * 5 + 2) % 9], c.channel);
    assay_certificate certificate;
    assay_requantizer r_a, r_b;
    if (assay_certify(&a, &b, 0, c.Range(), kLimit, &certificate, nullptr, 0) != ASSAY_OK) continue;
    ASSERT_EQ(assay_side_prepare(&a, 0, &r_a), ASSAY_OK);
    ASSERT_EQ(assay_side_prepare(&b, 0, &r_b), ASSAY_OK);
    const assay_comparison visited = assay_compare_enumerate(&r_a, &r_b, c.Range(), nullptr, 0);
    ASSERT_NE(certificate.claim, ASSAY_CLAIM_UNDECIDED);
    EXPECT_EQ(certificate.comparison.count, visited.count) << "seed " << kSeed << " " << i;
    EXPECT_EQ(certificate.claim == ASSAY_CLAIM_EQUAL, visited.count == 0);
    (visited.count == 0 ? equal : differs)++;
  }
  EXPECT_GE(equal, 10);
  EXPECT_GE(differs, 10);
}

// A requantizer's own integers: TFLite's multiplier against the engine's multiply, add and shift.
TEST(Certificate, IntegerParametersOfBothSides) {
  assay_side a = {};
  a.form = ASSAY_SIDE_INTEGERS;
  a.contract = assay_contract_find("tflite_single");
  a.integers = {1518500250, 40, 77, 0, 3, 0, 255};
  const assay_affine same = {1518500250,
                             1518500250LL * 77 + (INT64_C(1) << 39) + (INT64_C(3) << 40), 40};
  assay_side b = {};
  b.form = ASSAY_SIDE_AFFINE;
  b.affine = same;
  b.out_max = 255;
  assay_certificate certificate;
  ASSERT_EQ(assay_certify(&a, &b, 0, {-200000, 300000}, kLimit, &certificate, nullptr, 0),
            ASSAY_OK);
  EXPECT_EQ(certificate.claim, ASSAY_CLAIM_EQUAL);
  EXPECT_EQ(certificate.monotone_a, ASSAY_MONOTONE_BY_RULE);
  b.affine.addend -= 1518500250;  // every threshold moves by one
  ASSERT_EQ(assay_certify(&a, &b, 0, {-200000, 300000}, kLimit, &certificate, nullptr, 0),
            ASSAY_OK);
  EXPECT_EQ(certificate.claim, ASSAY_CLAIM_DIFFERS);
  EXPECT_GE(certificate.comparison.count, 200);
  EXPECT_LE(certificate.comparison.count, 255);
}

// The dead channel of test_thresholds: not monotone, so it is enumerated, or left undecided.
TEST(Certificate, ADeadChannelIsEnumerated) {
  const assay_channel channel = WithBias(Channel(0.02, 1.1920928955078125e-07, 0.05, 0), 6.0f);
  const assay_side a = Contract("qnnpack", channel), b = Affine({0, 102, 0}, channel);
  assay_certificate certificate;
  ASSERT_EQ(assay_certify(&a, &b, 0, {0, 25500}, kLimit, &certificate, nullptr, 0), ASSAY_OK);
  EXPECT_EQ(certificate.monotone_a, ASSAY_MONOTONE_REFUTED);
  EXPECT_EQ(certificate.claim, ASSAY_CLAIM_DIFFERS);
  EXPECT_EQ(certificate.comparison.count, 25500);  // all but acc = 0
  ASSERT_EQ(assay_certify(&a, &b, 0, {0, 25500}, 100, &certificate, nullptr, 0), ASSAY_OK);
  EXPECT_EQ(certificate.claim, ASSAY_CLAIM_UNDECIDED);
}

}  // namespace
