// Stream ends against ports made of plain variables: protocol kept as a source, checked as a sink.
#include "sim/stream.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

namespace {

using assay::sim::Sink;
using assay::sim::SinkPins;
using assay::sim::Source;
using assay::sim::SourcePins;
using assay::sim::Stall;

constexpr uint64_t kSeed = 20240611;

TEST(Stall, IsAPureFunctionAndHitsItsPercentage) {
  constexpr uint64_t kCycles = 200000;
  for (const unsigned percent : {0u, 25u, 50u, 75u, 95u}) {
    const Stall a(Stall::key(kSeed, 1, 2, 3), percent);
    const Stall b(Stall::key(kSeed, 1, 2, 3), percent);
    uint64_t stalls = 0;
    for (uint64_t cycle = 0; cycle < kCycles; ++cycle) {
      ASSERT_EQ(a(cycle), b(cycle));
      stalls += a(cycle);
    }
    // 5 standard deviations of a fair coin are 0.56 %.
    EXPECT_NEAR(static_cast<double>(stalls) / kCycles, percent / 100.0, 0.006) << percent;
  }
}

TEST(Stall, PortsAreIndependent) {
  const Stall a(Stall::key(kSeed, 0, 0, 0), 50);
  const Stall b(Stall::key(kSeed, 1, 0, 0), 50);
  int both = 0;
  for (uint64_t cycle = 0; cycle < 40000; ++cycle) both += a(cycle) && b(cycle);
  EXPECT_NEAR(both, 10000, 450);
}

class SourceTest : public testing::Test {
 protected:
  static constexpr size_t kBytes = 4;
  uint8_t tvalid_ = 1;
  uint8_t tready_ = 0;
  std::array<uint8_t, kBytes> tdata_ = {};
  Source source_{SourcePins{&tvalid_, &tready_, tdata_.data(), kBytes}};

  // Cycles through the source with the given ready pattern; returns the words that were taken.
  std::vector<std::array<uint8_t, kBytes>> take(uint64_t cycles, const Stall &not_ready) {
    std::vector<std::array<uint8_t, kBytes>> taken;
    bool offered = false;
    std::array<uint8_t, kBytes> word = {};
    for (uint64_t cycle = 0; cycle < cycles; ++cycle) {
      source_.drive(cycle);
      if (offered) {
        EXPECT_EQ(tvalid_, 1) << "valid was withdrawn in cycle " << cycle;
        EXPECT_EQ(tdata_, word) << "the payload changed in cycle " << cycle;
      }
      tready_ = !not_ready(cycle);
      const bool fired = source_.sample();
      EXPECT_EQ(fired, tvalid_ != 0 && tready_ != 0);
      if (fired) taken.push_back(tdata_);
      offered = tvalid_ != 0 && !fired;
      word = tdata_;
    }
    return taken;
  }
};

TEST_F(SourceTest, SendsEveryWordOnceInOrderUnderAnyStall) {
  std::vector<uint8_t> words(100 * kBytes);
  for (size_t i = 0; i < words.size(); ++i) words[i] = static_cast<uint8_t>(i * 7 + 1);
  for (const unsigned source_percent : {0u, 50u, 95u}) {
    for (const unsigned ready_percent : {0u, 50u, 95u}) {
      source_.begin(Stall(Stall::key(kSeed, 0, source_percent, 0), source_percent));
      source_.push(words.data(), 60);
      source_.push(words.data(), 0);  // a layer without words of this kind
      source_.push(words.data() + 60 * kBytes, 40);
      const auto taken = take(20000, Stall(Stall::key(kSeed, 1, 0, 0), ready_percent));
      ASSERT_EQ(taken.size(), 100u) << source_percent << " " << ready_percent;
      EXPECT_EQ(std::memcmp(taken.data(), words.data(), words.size()), 0);
      EXPECT_EQ(source_.taken(0), 60u);
      EXPECT_EQ(source_.taken(1), 0u);
      EXPECT_EQ(source_.taken(2), 40u);
      EXPECT_EQ(tvalid_, 0);
    }
  }
}

TEST_F(SourceTest, AlwaysValidWithoutStalls) {
  const std::vector<uint8_t> words(50 * kBytes, 3);
  source_.begin({});
  source_.push(words.data(), 50);
  EXPECT_EQ(take(50, {}).size(), 50u);
}

TEST_F(SourceTest, CountsWhatWasTakenSoFar) {
  const std::vector<uint8_t> words(50 * kBytes, 3);
  source_.begin({});
  source_.push(words.data(), 20);
  source_.push(words.data(), 30);
  take(25, {});
  EXPECT_EQ(source_.taken(0), 20u);
  EXPECT_EQ(source_.taken(1), 5u);
}

class SinkTest : public testing::Test {
 protected:
  uint8_t tvalid_ = 0, tready_ = 0, tlast_ = 0;
  std::array<uint8_t, 4> tdata_ = {1, 2, 3, 4};
  Sink sink_{SinkPins{&tvalid_, &tready_, tdata_.data(), &tlast_, 4}};

  unsigned step(bool valid, bool ready) {
    tvalid_ = valid;
    tready_ = ready;
    return sink_.sample();
  }
};

TEST_F(SinkTest, TakesAWordWhenBothSidesAgree) {
  EXPECT_EQ(step(false, true), Sink::kNothing);
  EXPECT_EQ(step(true, false), Sink::kNothing);
  EXPECT_EQ(step(true, true), Sink::kWord);
  EXPECT_EQ(step(false, true), Sink::kNothing);
  EXPECT_EQ(step(true, true), Sink::kWord);
}

TEST_F(SinkTest, SeesWithdrawnValid) {
  step(true, false);
  EXPECT_EQ(step(false, true), Sink::kWithdrawn);
  EXPECT_EQ(step(false, true), Sink::kNothing);
}

TEST_F(SinkTest, SeesPayloadThatChangesWhileStalled) {
  step(true, false);
  tdata_[3] ^= 1;
  EXPECT_EQ(step(true, true), Sink::kWord | Sink::kUnstable);
  step(true, false);
  tlast_ = 1;
  EXPECT_EQ(step(true, false), Sink::kUnstable);
  EXPECT_EQ(step(true, true), Sink::kWord);
}

TEST_F(SinkTest, PayloadMayChangeAfterATransfer) {
  step(true, true);
  tdata_[0] = 77;
  EXPECT_EQ(step(true, true), Sink::kWord);
}

}  // namespace
