// Two ways to the same number: integer-only forms against float forms, worked examples against
// results.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "contract_channel.h"
#include "golden/explain.h"
#include "golden/requantizer.h"

namespace {

constexpr unsigned kSeed = 31415;

// Channels as networks have them, every third with power-of-two scales (exact ties), some dead.
assay_channel RandomChannel(std::mt19937 &random) {
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const bool dyadic = random() % 3 == 0;
  double x = std::pow(10.0, -3.0 + 2.5 * unit(random));
  double w = std::pow(10.0, -4.0 + 3.0 * unit(random));
  double y = x * w * std::pow(10.0, 0.5 + 4.0 * unit(random));
  if (dyadic) {
    x = std::exp2(std::round(std::log2(x)));
    w = std::exp2(std::round(std::log2(w)));
    y = std::exp2(std::round(std::log2(y)));
  }
  if (random() % 20 == 0) w = 1.1920928955078125e-07;
  assay_channel c = Channel(x, w, y, static_cast<int32_t>(random() % 256));
  c.relu = random() % 3 == 0;
  c.per_channel = random() % 2 == 0;
  c.has_bias = random() % 4 != 0;
  c.bias = static_cast<float>((unit(random) - 0.5) * y * 200.0);
  return c;
}

void ExpectEqualBand(const std::string &name, const assay_requantizer &a,
                     const assay_requantizer &b, int64_t first, int64_t last) {
  for (int64_t acc = first; acc <= last; acc++) {
    const auto n = static_cast<int32_t>(acc);
    ASSERT_EQ(assay_requantize(&a, n), assay_requantize(&b, n)) << name << " at " << n;
  }
}

// Bands without gaps: around 0, beyond 2^24, at both ends of int32.
TEST(IntegerForms, EqualTheFloatFormsOverDenseBands) {
  std::mt19937 random(kSeed);
  const std::string suffix = "_integer";
  int compared = 0;
  for (size_t i = 0; i < assay_contract_count(); i++) {
    const std::string name = assay_contract_at(i)->name;
    if (name.size() < suffix.size() || name.substr(name.size() - suffix.size()) != suffix) continue;
    const std::string base = name.substr(0, name.size() - suffix.size());
    for (int k = 0; k < 12; k++) {
      const assay_channel c = RandomChannel(random);
      if (StatusOf(base, c) != ASSAY_OK) {
        EXPECT_EQ(StatusOf(name, c), StatusOf(base, c)) << name;
        continue;
      }
      const assay_requantizer a = Prepare(base, c), b = Prepare(name, c);
      EXPECT_NE(a.apply, b.apply) << name;
      ExpectEqualBand(name, a, b, -8000, 8000);
      ExpectEqualBand(name, a, b, (1 << 24) - 200, (1 << 24) + 600);
      ExpectEqualBand(name, a, b, INT32_MAX - 200, INT32_MAX);
      ExpectEqualBand(name, a, b, INT32_MIN, INT32_MIN + 200);
      compared++;
    }
  }
  EXPECT_GT(compared, 120) << "of 144 channels, seed " << kSeed;
}

TEST(Explain, LastStepIsTheOutputOfEveryContract) {
  std::mt19937 random(kSeed);
  int explained = 0;
  for (size_t i = 0; i < assay_contract_count(); i++) {
    const assay_contract *contract = assay_contract_at(i);
    for (int k = 0; k < 20; k++) {
      const assay_channel c = RandomChannel(random);
      const auto acc = static_cast<int32_t>(random());
      assay_step step[ASSAY_STEPS_MAX];
      assay_steps steps = {step, ASSAY_STEPS_MAX, 0};
      const assay_status status = assay_explain(contract, &c, acc, &steps);
      ASSERT_EQ(status, StatusOf(contract->name, c)) << contract->name;
      if (status != ASSAY_OK) {
        EXPECT_EQ(steps.count, 0u);
        continue;
      }
      ASSERT_LE(steps.count, static_cast<size_t>(ASSAY_STEPS_MAX)) << contract->name;
      EXPECT_STREQ(step[steps.count - 1].label, "y") << contract->name;
      EXPECT_EQ(step[steps.count - 1].integer, Output(contract->name, c, acc)) << contract->name;
      explained++;
    }
  }
  EXPECT_GT(explained, 400);
}

int64_t StepInteger(const assay_steps &steps, const std::string &label) {
  for (size_t i = 0; i < steps.count; i++) {
    if (steps.step[i].label == label) return steps.step[i].integer;
  }
  ADD_FAILURE() << "no step " << label;
  return 0;
}

// bias 1.5 at scale 0.25 is 6 units; (9 + 6) * 0.5 = 7.5 -> 8; + 3.
TEST(Explain, ShowsEveryIntermediateOfQnnpack) {
  const assay_channel c = WithBias(Channel(0.5, 0.5, 0.5, 3), 1.5f);
  assay_step step[ASSAY_STEPS_MAX];
  assay_steps steps = {step, ASSAY_STEPS_MAX, 0};
  ASSERT_EQ(assay_explain(assay_contract_find("qnnpack"), &c, 9, &steps), ASSAY_OK);
  EXPECT_EQ(StepInteger(steps, "qbias"), 6);
  EXPECT_EQ(StepInteger(steps, "n"), 15);
  EXPECT_EQ(StepInteger(steps, "v"), 8);
  EXPECT_EQ(StepInteger(steps, "y"), 11);
}

TEST(Explain, CountsStepsThatDoNotFit) {
  const assay_channel c = Channel(0.5, 0.5, 0.5, 3);
  assay_steps none = {nullptr, 0, 0};
  ASSERT_EQ(assay_explain(assay_contract_find("onednn_2"), &c, 9, &none), ASSAY_OK);
  EXPECT_GT(none.count, 10u);
}

TEST(Explain, RequantizersFromIntegers) {
  const assay_affine p = {3, 5, 2};
  assay_requantizer r;
  assay_step step[ASSAY_STEPS_MAX];
  for (bool half_even : {false, true}) {
    ASSERT_EQ(assay_requantizer_from_affine(&p, 0, 255, half_even, &r), ASSAY_OK);
    assay_steps steps = {step, ASSAY_STEPS_MAX, 0};
    assay_explain_run(&r, 7, &steps);  // 26 / 4 = 6.5
    EXPECT_EQ(StepInteger(steps, "sum"), 26);
    EXPECT_EQ(StepInteger(steps, "y"), 6);
  }
  assay_threshold_list list;
  for (int32_t k = 0; k < 255; k++) list.t[k] = 10 * k;
  ASSERT_EQ(assay_requantizer_from_thresholds(&list, 0, &r), ASSAY_OK);
  assay_steps steps = {step, ASSAY_STEPS_MAX, 0};
  assay_explain_run(&r, 25, &steps);
  EXPECT_EQ(step[steps.count - 1].integer, 3);
}

}  // namespace
