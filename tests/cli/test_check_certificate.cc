#include "cli/check_certificate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "golden/bounds.h"
#include "golden/certificate.h"
#include "golden/lower.h"
#include "golden/requantizer.h"
#include "tests/golden/random_channel.h"

namespace {

// A certificate with everything that it points to: one channel, 3x3 taps over some inputs.
struct Statement {
  std::vector<int8_t> weight;
  double w_scale = 0;
  float bias = 0;
  assay_conv conv = {};
  assay_threshold_list list_a = {}, list_b = {}, hardware = {};
  std::vector<assay_check_difference> differences;
  assay_check_claim claim = {};

  // Pointers into this object, after it was copied.
  const assay_check_claim &Claim() {
    conv.weight = weight.data();
    conv.w_scale = &w_scale;
    conv.bias = &bias;
    claim.conv = &conv;
    claim.list_a = claim.list_a == nullptr ? nullptr : list_a.t;
    claim.list_b = claim.list_b == nullptr ? nullptr : list_b.t;
    claim.b.list = hardware.t;
    claim.differences = differences.data();
    claim.difference_count = differences.size();
    return claim;
  }
};

// qnnpack or another contract against what lower makes of it, or against another contract.
Statement Make(ChannelMaker *maker, const char *name, const char *against) {
  Statement s;
  for (int32_t i = 0; i < 27; i++) s.weight.push_back(static_cast<int8_t>(maker->Pick(200) - 100));
  s.w_scale = static_cast<float>(maker->Uniform(0.001, 0.01));
  s.bias = static_cast<float>(maker->Uniform(-2, 2));
  s.conv.shape = {8, 8, 3, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  s.conv.x = {static_cast<float>(maker->Uniform(0.01, 0.05)), maker->Pick(256), ASSAY_QUINT8};
  s.conv.y = {static_cast<float>(maker->Uniform(0.02, 0.2)), maker->Pick(256), ASSAY_QUINT8};
  s.conv.relu = maker->Pick(2) == 0;
  s.conv.per_channel = true;
  s.Claim();
  const assay_contract *contract = assay_contract_find(name);
  const assay_channel channel = assay_channel_of(&s.conv, 0);
  assay_interval range;
  EXPECT_EQ(assay_bounds_of_channel(&s.conv, 0, &range), ASSAY_OK);
  assay_lower_options options = assay_lower_defaults();
  options.limits.multiplier_bits = maker->Pick(2) == 0 ? 24 : 14;
  assay_affine affine;
  assay_late_levels late = {};
  assay_lower_result lowered;
  EXPECT_EQ(
      assay_lower_channel(contract, &channel, range, &options, &s.hardware, &affine, &lowered),
      ASSAY_OK);
  const assay_side a = assay_side_of_contract(contract, &channel);
  assay_side b = {};
  if (std::string(against) == "affine") {
    b.form = ASSAY_SIDE_AFFINE;
    b.affine = affine;
    b.out_min = assay_lower_out_min(&channel);
    b.out_max = assay_lower_out_max(&channel);
  } else if (std::string(against) == "corrected") {
    const assay_step_target target = {&s.hardware, range, 0, assay_lower_out_min(&channel),
                                      assay_lower_out_max(&channel)};
    // Where none is found, the nearest affine without late levels: that differs.
    const bool found = assay_synthesize_corrected(&target, &options.limits, &affine, &late);
    EXPECT_EQ(found, assay_corrected_differing(&target, &affine, &late) == 0);
    b.form = ASSAY_SIDE_CORRECTED;
    b.affine = affine;
    b.late = late;
    b.out_min = target.out_min;
    b.out_max = target.out_max;
  } else if (std::string(against) == "thresholds") {
    b.form = ASSAY_SIDE_THRESHOLDS;
    b.list = &s.hardware;
  } else {
    b = assay_side_of_contract(assay_contract_find(against), &channel);
  }
  assay_certificate c;
  std::vector<assay_difference> d(ASSAY_MAX_DIFFERENCES);
  EXPECT_EQ(assay_certify(&a, &b, 0, range, 1 << 24, &c, d.data(), d.size()), ASSAY_OK);
  for (size_t i = 0; i < c.comparison.intervals; i++) {
    s.differences.push_back({d[i].first, d[i].last, d[i].y_a, d[i].y_b});
  }
  s.list_a = c.list_a;
  s.list_b = c.list_b;
  s.claim.oc = 0;
  s.claim.lo = range.lo;
  s.claim.hi = range.hi;
  s.claim.a = {assay_side_name(&a), channel, nullptr, 0, 0, 0, 0, 0, {}, nullptr};
  s.claim.b = {assay_side_name(&b),
               channel,
               nullptr,
               affine.multiplier,
               affine.addend,
               affine.shift,
               b.out_min,
               b.out_max,
               {},
               nullptr};
  std::copy(std::begin(late.bits), std::end(late.bits), s.claim.b.late);
  s.claim.list_a = s.list_a.t;
  s.claim.list_b = s.list_b.t;
  s.claim.count = c.comparison.count;
  return s;
}

assay_requantizer Side(const assay_check_side &side, const assay_threshold_list &hardware,
                       assay_late_levels *late, bool *legal) {
  assay_requantizer r = {};
  assay_status status = ASSAY_OK;
  if (std::string(side.name) == "affine") {
    const assay_affine affine = {static_cast<int32_t>(side.multiplier), side.addend, side.shift};
    status = assay_requantizer_from_affine(&affine, side.out_min, side.out_max, false, &r);
  } else if (std::string(side.name) == "corrected") {
    const assay_affine affine = {static_cast<int32_t>(side.multiplier), side.addend, side.shift};
    std::copy(std::begin(side.late), std::end(side.late), late->bits);
    status = assay_requantizer_from_corrected(&affine, late, side.out_min, side.out_max, &r);
  } else if (std::string(side.name) == "thresholds") {
    status = assay_requantizer_from_thresholds(&hardware, 0, &r);
  } else {
    status = assay_contract_find(side.name)->prepare(&side.channel, &r);
  }
  *legal = *legal && status == ASSAY_OK;
  return r;
}

int32_t Level(const assay_threshold_list &list, int32_t acc) {
  return static_cast<int32_t>(std::upper_bound(list.t, list.t + 255, acc) - list.t);
}

// The truth of a statement, by a visit of every accumulator between generous bounds.
bool IsTrue(Statement *s) {
  const assay_check_claim &claim = s->Claim();
  int64_t lo = 0, hi = 0;
  for (const int8_t w : s->weight) {
    const int64_t p = w * (0 - s->conv.x.zero_point), q = w * (255 - s->conv.x.zero_point);
    lo += std::min(p, q);
    hi += std::max(p, q);
  }
  if (lo != claim.lo || hi != claim.hi) return false;
  bool legal = std::is_sorted(s->list_a.t, s->list_a.t + 255) &&
               std::is_sorted(s->list_b.t, s->list_b.t + 255);
  assay_late_levels late = {};
  const assay_requantizer a = Side(claim.a, s->hardware, &late, &legal);
  const assay_requantizer b = Side(claim.b, s->hardware, &late, &legal);
  if (!legal) return false;
  int64_t count = 0;
  size_t next = 0;
  for (int64_t acc = lo; acc <= hi; acc++) {
    const int32_t at = static_cast<int32_t>(acc);
    const int32_t y_a = assay_requantize(&a, at), y_b = assay_requantize(&b, at);
    if (Level(s->list_a, at) != y_a || Level(s->list_b, at) != y_b) return false;
    while (next < s->differences.size() && s->differences[next].last < acc) next++;
    const bool stated = next < s->differences.size() && s->differences[next].first <= acc;
    if (stated != (y_a != y_b)) return false;
    if (stated && (s->differences[next].y_a != y_a || s->differences[next].y_b != y_b))
      return false;
    count += y_a != y_b;
  }
  return count == claim.count;
}

using Change = std::function<void(ChannelMaker *, Statement *)>;

void Move(ChannelMaker *maker, int32_t *t) {
  int32_t k = maker->Pick(255);
  for (int32_t i = 0; i < 255 && (t[k] == INT32_MIN || t[k] == INT32_MAX); i++) k = (k + 1) % 255;
  t[k] += maker->Pick(2) == 0 ? 1 : -1;
}

double Nudge(ChannelMaker *maker, double v) { return v * (maker->Pick(2) ? 1.00001 : 0.99999); }

const std::vector<Change> &Changes() {
  static const std::vector<Change> changes = {
      [](ChannelMaker *m, Statement *s) { s->claim.lo += m->Pick(2) * 2 - 1; },
      [](ChannelMaker *m, Statement *s) { s->claim.hi += m->Pick(2) * 2 - 1; },
      [](ChannelMaker *m, Statement *s) { Move(m, s->list_a.t); },
      [](ChannelMaker *m, Statement *s) { Move(m, s->list_b.t); },
      [](ChannelMaker *m, Statement *s) { Move(m, s->hardware.t); },
      [](ChannelMaker *m, Statement *s) { s->list_a.t[m->Pick(255)] = INT32_MAX; },
      [](ChannelMaker *m, Statement *s) { s->list_b.t[m->Pick(255)] = INT32_MIN; },
      [](ChannelMaker *m, Statement *s) { s->claim.count += m->Pick(2) * 2 - 1; },
      [](ChannelMaker *, Statement *s) { s->claim.count = 0, s->differences.clear(); },
      [](ChannelMaker *, Statement *s) {
        if (!s->differences.empty()) s->differences.pop_back();
      },
      [](ChannelMaker *, Statement *s) {
        if (!s->differences.empty()) s->differences.back().y_b ^= 1;
      },
      [](ChannelMaker *, Statement *s) { s->claim.b.multiplier++; },
      [](ChannelMaker *, Statement *s) { s->claim.b.addend += int64_t{1} << s->claim.b.shift; },
      [](ChannelMaker *m, Statement *s) {
        s->claim.b.addend -= s->claim.b.multiplier * m->Pick(3);
      },
      [](ChannelMaker *, Statement *s) { s->claim.b.shift++; },
      [](ChannelMaker *m, Statement *s) {
        s->claim.b.late[m->Pick(4)] ^= uint64_t{1} << m->Pick(64);
      },
      [](ChannelMaker *, Statement *s) { s->claim.b.out_min++; },
      [](ChannelMaker *, Statement *s) { s->claim.b.out_max--; },
      [](ChannelMaker *m, Statement *s) {
        s->claim.a.channel.x_scale = Nudge(m, s->claim.a.channel.x_scale);
      },
      [](ChannelMaker *m, Statement *s) {
        s->claim.a.channel.w_scale = Nudge(m, s->claim.a.channel.w_scale);
      },
      [](ChannelMaker *m, Statement *s) {
        s->claim.a.channel.y_scale = Nudge(m, s->claim.a.channel.y_scale);
      },
      [](ChannelMaker *, Statement *s) { s->claim.a.channel.y_zp ^= 1; },
      [](ChannelMaker *, Statement *s) { s->claim.a.channel.bias += 0.001f; },
      [](ChannelMaker *, Statement *s) { s->claim.a.channel.has_bias = false; },
      [](ChannelMaker *, Statement *s) { s->claim.a.channel.relu = !s->claim.a.channel.relu; },
      [](ChannelMaker *, Statement *s) { s->claim.a.name = "onednn_3"; },
      [](ChannelMaker *m, Statement *s) { s->weight[static_cast<size_t>(m->Pick(27))]++; },
      [](ChannelMaker *, Statement *s) { s->conv.x.zero_point ^= 1; },
  };
  return changes;
}

TEST(CheckCertificate, AcceptsWhatIsTrue) {
  constexpr uint64_t kSeed = 6;
  ChannelMaker maker(kSeed);
  for (const char *name : {"qnnpack", "fbgemm", "onednn_2", "onednn_3", "onednn_3_11", "gemmini"}) {
    for (const char *against : {"affine", "corrected", "thresholds", "onednn_2", "tflite_double"}) {
      Statement s = Make(&maker, name, against);
      ASSERT_TRUE(IsTrue(&s));
      const assay_check_result result = assay_check_certificate(&s.Claim());
      EXPECT_TRUE(result.accepted) << name << " " << against << ": " << result.reason;
      EXPECT_EQ(result.trusts_a,
                std::string(name) == "gemmini" || std::string(against) == "tflite_double");
    }
  }
}

// Changes that a visit of every accumulator shows to make the statement false.
TEST(CheckCertificate, RejectsEveryChangeThatMakesItFalse) {
  constexpr uint64_t kSeed = 7;
  ChannelMaker maker(kSeed);
  int32_t falsified = 0;
  std::vector<int32_t> by_kind(Changes().size());
  for (int32_t round = 0; round < 12; round++) {
    const char *const names[] = {"qnnpack", "fbgemm", "onednn_2", "onednn_3_11"};
    const char *const against[] = {"affine",   "thresholds", "affine",
                                   "onednn_2", "corrected",  "corrected"};
    const Statement base = Make(&maker, names[round % 4], against[round / 2]);
    for (size_t kind = 0; kind < Changes().size(); kind++) {
      Statement changed = base;
      Changes()[kind](&maker, &changed);
      if (IsTrue(&changed)) continue;
      const assay_check_result result = assay_check_certificate(&changed.Claim());
      EXPECT_FALSE(result.accepted) << "seed " << kSeed << " round " << round << " kind " << kind;
      EXPECT_NE(std::string(result.reason), "");
      falsified++;
      by_kind[kind]++;
    }
  }
  EXPECT_GE(falsified, 50);
  for (size_t kind = 0; kind < by_kind.size(); kind++) EXPECT_GT(by_kind[kind], 0) << kind;
}

}  // namespace
