#include "golden/identify.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "golden/compare.h"
#include "golden/requantizer.h"
#include "golden/thresholds.h"
#include "tests/golden/contract_channel.h"
#include "tests/golden/random_channel.h"

namespace {

// All contracts that a channel's scales allow, with their normal forms.
struct Candidates {
  std::vector<const assay_contract *> contracts;
  std::vector<assay_requantizer> requantizers;
  std::vector<assay_threshold_list> lists;
  std::vector<const assay_threshold_list *> pointers;

  Candidates(const assay_channel &channel, assay_interval range) {
    for (size_t i = 0; i < assay_contract_count(); i++) {
      const assay_contract *contract = assay_contract_at(i);
      assay_requantizer r;
      assay_threshold_list list;
      if (contract->prepare(&channel, &r) != ASSAY_OK) continue;
      if (assay_thresholds_of_contract(contract, &channel, &r, range, 0, &list) !=
          ASSAY_MONOTONE_BY_RULE) {
        continue;
      }
      contracts.push_back(contract);
      requantizers.push_back(r);
      lists.push_back(list);
    }
    for (const assay_threshold_list &list : lists) pointers.push_back(&list);
  }
};

std::vector<assay_sample> Sample(const assay_requantizer &device, const int32_t *accs,
                                 size_t count) {
  std::vector<assay_sample> samples;
  for (size_t i = 0; i < count; i++)
    samples.push_back({accs[i], assay_requantize(&device, accs[i])});
  return samples;
}

// For every contract 200 probed samples leave only it and contracts equal to it on the range.
TEST(Identify, TwoHundredSamplesLeaveOnlyEqualContracts) {
  constexpr uint64_t kSeed = 9;
  ChannelMaker maker(kSeed);
  int32_t told = 0;
  for (int32_t round = 0; round < 20; round++) {
    const RandomChannel c = maker.Make(576);
    const assay_device device = {true, nullptr, c.Range(), 0};
    const Candidates all(c.channel, c.Range());
    if (all.contracts.size() < 5) continue;
    std::vector<int32_t> accs(200);
    const size_t count = assay_probe_separating(all.pointers.data(), all.pointers.size(), &device,
                                                accs.data(), accs.size());
    ASSERT_LE(count, 200u);
    for (size_t truth = 0; truth < all.contracts.size(); truth++) {
      const std::vector<assay_sample> samples = Sample(all.requantizers[truth], accs.data(), count);
      for (size_t i = 0; i < all.contracts.size(); i++) {
        const assay_identification id = assay_identify(&all.requantizers[i], all.pointers[i],
                                                       &device, samples.data(), samples.size());
        const bool equal =
            assay_compare_lists(all.pointers[i], all.pointers[truth], 0, c.Range(), nullptr, 0)
                .count == 0;
        EXPECT_EQ(id.identity != ASSAY_IDENTITY_REFUTED, equal)
            << "seed " << kSeed << " " << all.contracts[i]->name << " on "
            << all.contracts[truth]->name;
        told += !equal;
      }
    }
  }
  EXPECT_GT(told, 1000);
}

// Ten near misses a contract, one threshold moved by one, are refused from the full set; the
// contract itself is found equal.
TEST(Identify, NearMissesAreRefused) {
  constexpr uint64_t kSeed = 10;
  ChannelMaker maker(kSeed);
  RandomChannel c = maker.Make(64);
  c.channel = WithBias(Channel(0.05, 0.01, 0.06, 20), 0.7f);
  const assay_device device = {true, nullptr, c.Range(), 0};
  const Candidates all(c.channel, c.Range());
  ASSERT_GE(all.contracts.size(), 15u);
  int32_t refused = 0;
  for (size_t i = 0; i < all.contracts.size(); i++) {
    std::vector<int32_t> accs(ASSAY_PROBE_MAX);
    const size_t count = assay_probe_complete(all.pointers[i], &device, accs.data());
    ASSERT_LE(count, static_cast<size_t>(ASSAY_PROBE_MAX));
    const std::vector<assay_sample> own = Sample(all.requantizers[i], accs.data(), count);
    EXPECT_EQ(
        assay_identify(&all.requantizers[i], all.pointers[i], &device, own.data(), count).identity,
        ASSAY_IDENTITY_EQUAL);
    for (int32_t miss = 0; miss < 10; miss++) {
      assay_threshold_list moved = all.lists[i];
      int32_t k = maker.Pick(255);
      while (moved.t[k] == INT32_MIN || moved.t[k] == INT32_MAX) k = maker.Pick(255);
      moved.t[k] += miss % 2 == 0 ? 1 : -1;
      assay_requantizer wrong;
      if (assay_requantizer_from_thresholds(&moved, 0, &wrong) != ASSAY_OK) continue;
      const std::vector<assay_sample> samples = Sample(wrong, accs.data(), count);
      EXPECT_EQ(
          assay_identify(&all.requantizers[i], all.pointers[i], &device, samples.data(), count)
              .identity,
          ASSAY_IDENTITY_REFUTED)
          << all.contracts[i]->name << " k " << k;
      refused++;
    }
  }
  EXPECT_GE(refused, 150);
}

// Weights that are multiples of 4 reach only multiples of 4: their neighbours are enough.
TEST(Identify, OnlyReachableNeighboursAreAsked) {
  const std::vector<int8_t> weight = {64, -32, 4};
  assay_taps taps = {};
  taps.weight = weight.data();
  taps.kernel_y = taps.kernel_x = taps.ky_end = taps.kx_end = 1;
  taps.in_c = 3;
  taps.x_max = 255;
  assay_reach reach;
  assay_reach_prepare(&taps, &reach);
  const assay_channel channel = Channel(0.05, 0.01, 0.04, 20);
  const assay_requantizer r = Prepare("qnnpack", channel);
  assay_threshold_list list;
  assay_thresholds_find(&r, reach.bounds, 0, &list);
  assay_device device = {true, &reach, reach.bounds, 0};
  std::vector<int32_t> accs(ASSAY_PROBE_MAX);
  const size_t count = assay_probe_complete(&list, &device, accs.data());
  for (size_t i = 0; i < count; i++) EXPECT_EQ(accs[i] % 4, 0);
  const std::vector<assay_sample> samples = Sample(r, accs.data(), count);
  EXPECT_EQ(assay_identify(&r, &list, &device, samples.data(), count).identity,
            ASSAY_IDENTITY_EQUAL);
  EXPECT_EQ(assay_identify(&r, &list, &device, samples.data(), count - 1).identity,
            ASSAY_IDENTITY_CONSISTENT);
  device.monotone = false;
  EXPECT_EQ(assay_identify(&r, &list, &device, samples.data(), count).identity,
            ASSAY_IDENTITY_CONSISTENT);
}

TEST(Identify, TheFirstRefutingSampleIsNamed) {
  const assay_channel channel = Channel(1, 1, 1, 10);
  const assay_requantizer r = Prepare("qnnpack", channel);
  const assay_device device = {true, nullptr, {0, 100}, 0};
  const assay_sample samples[] = {{0, 10}, {5, 15}, {6, 17}, {7, 18}};
  const assay_identification id = assay_identify(&r, nullptr, &device, samples, 4);
  EXPECT_EQ(id.identity, ASSAY_IDENTITY_REFUTED);
  EXPECT_EQ(id.agreeing, 2u);
  EXPECT_EQ(id.expected, 16);
}

}  // namespace
