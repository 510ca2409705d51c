// The scoreboard, fed with taps made by hand: every kind of wrong beat must be caught and placed.
#include "sim/scoreboard.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

using assay::sim::Geometry;
using assay::sim::Scoreboard;

// 2 x 3 pixels, 5 channels in blocks of 4: 12 vectors, 30 values, the second block has one lane.
constexpr int kOutY = 2, kOutX = 3, kOutC = 5, kChannels = 4, kBlocks = 2;
constexpr uint64_t kValues = 30;

Geometry small_geometry() {
  Geometry g;
  g.out_y = kOutY;
  g.out_x = kOutX;
  g.out_c = kOutC;
  g.channels = kChannels;
  g.blocks = kBlocks;
  for (int y = 0; y < kOutY; ++y) {
    for (int block = 0; block < kBlocks; ++block) {
      for (int x = 0; x < kOutX; ++x) g.places.push_back({y, x, block});
    }
  }
  return g;
}

class ScoreboardTest : public testing::Test {
 protected:
  ScoreboardTest() {
    for (size_t i = 0; i < kValues; ++i) {
      acc_[i] = static_cast<int32_t>(i) * 1000 - 7000;
      y_[i] = static_cast<uint8_t>(i + 1);
    }
    job_.acc = acc_.data();
    job_.y = y_.data();
    job_.layer = "conv2";
    job_.layer_index = 1;
    job_.n = 3;
    job_.received = received_.data();
    board_ = std::make_unique<Scoreboard>(job_, small_geometry(), &result_);
    result_.start_cycle = 100;
  }

  size_t at(const assay_place &p, int lane) const {
    return static_cast<size_t>((p.y * kOutX + p.x) * kOutC + p.block * kChannels + lane);
  }
  int lanes(const assay_place &p) const { return p.block == 0 ? 4 : 1; }

  void acc(const assay_place &p, int32_t error = 0, int lane_of_error = 0) {
    std::array<int32_t, 4> lane = {-1, -1, -1, -1};  // lanes beyond the last channel do not count
    for (int i = 0; i < lanes(p); ++i) lane[static_cast<size_t>(i)] = acc_[at(p, i)];
    lane[static_cast<size_t>(lane_of_error)] ^= error;
    std::array<uint8_t, 16> bytes = {};
    std::memcpy(bytes.data(), lane.data(), sizeof lane);
    board_->acc(p, bytes.data(), ++cycle_);
  }
  std::array<uint8_t, 4> bytes_of(const assay_place &p) const {
    std::array<uint8_t, 4> lane = {};
    for (int i = 0; i < lanes(p); ++i) lane[static_cast<size_t>(i)] = y_[at(p, i)];
    return lane;
  }
  void requant(const assay_place &p) { board_->requant(p, bytes_of(p).data(), ++cycle_); }
  void output(const assay_place &p, bool last) {
    board_->output(bytes_of(p).data(), last, ++cycle_);
  }

  // A whole, right layer, but for what `beat` does with word number i of a stage.
  using Beat = std::function<void(size_t)>;
  void feed(const Beat &acc_beat, const Beat &requant_beat, const Beat &output_beat) {
    for (size_t i = 0; i < 12; ++i) {
      acc_beat(i);
      requant_beat(i);
      output_beat(i);
    }
    board_->finish(++cycle_);
  }
  Beat right_acc() {
    return [this](size_t i) { acc(places_[i]); };
  }
  Beat right_requant() {
    return [this](size_t i) { requant(places_[i]); };
  }
  Beat right_output() {
    return [this](size_t i) { output(places_[i], i == 11); };
  }

  const assay_stage_count &stage(assay_stage s) const { return result_.stage[s]; }
  void expect_first(assay_failure_kind kind, assay_stage s, int y, int x, int c) {
    ASSERT_GE(result_.failure_count, 1u);
    const assay_failure &f = result_.failures[0];
    EXPECT_EQ(f.kind, kind) << assay_failure_name(f.kind);
    EXPECT_EQ(f.stage, s);
    EXPECT_EQ(f.y, y);
    EXPECT_EQ(f.x, x);
    EXPECT_EQ(f.c, c);
    EXPECT_STREQ(f.layer, "conv2");
    EXPECT_EQ(f.layer_index, 1);
    EXPECT_EQ(f.n, 3);
    EXPECT_FALSE(result_.pass);
  }

  const std::vector<assay_place> places_ = small_geometry().places;
  std::array<int32_t, kValues> acc_ = {};
  std::array<uint8_t, kValues> y_ = {};
  std::array<uint8_t, kValues> received_ = {};
  assay_cosim_job job_ = {};
  assay_cosim_result result_ = {};
  std::unique_ptr<Scoreboard> board_;
  uint64_t cycle_ = 110;
};

TEST_F(ScoreboardTest, RightLayerPassesWithExactCounts) {
  feed(right_acc(), right_requant(), right_output());
  EXPECT_TRUE(result_.pass);
  EXPECT_EQ(result_.failure_total, 0u);
  for (const assay_stage_count &s : result_.stage) {
    EXPECT_EQ(s.expected, kValues);
    EXPECT_EQ(s.compared, kValues);
  }
  EXPECT_EQ(received_, y_);
}

TEST_F(ScoreboardTest, NothingComparedFails) {
  board_->finish(200);
  EXPECT_FALSE(result_.pass);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).compared, 0u);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).missing, kValues);
}

TEST_F(ScoreboardTest, EmptyLayerFails) {
  Geometry none = small_geometry();
  none.out_y = 0;
  none.places.clear();
  assay_cosim_result result = {};
  Scoreboard board(job_, none, &result);
  board.finish(200);
  EXPECT_EQ(result.failure_total, 0u);
  EXPECT_FALSE(result.pass);
}

TEST_F(ScoreboardTest, OneFlippedBitIsReportedAtItsPlace) {
  feed([this](size_t i) { acc(places_[i], i == 7 ? 0x40 : 0, 2); }, right_requant(),
       right_output());
  expect_first(ASSAY_FAILURE_VALUE, ASSAY_STAGE_ACC, 1, 1, 2);  // word 7 is y 1, block 0, x 1
  const assay_failure &f = result_.failures[0];
  EXPECT_EQ(f.expected, acc_[at({1, 1, 0}, 2)]);
  EXPECT_EQ(f.actual, acc_[at({1, 1, 0}, 2)] ^ 0x40);
  EXPECT_EQ(f.cycle, 110u + 7 * 3 + 1);
  EXPECT_EQ(f.layer_cycle, f.cycle - 100);
  EXPECT_EQ(result_.failure_total, 1u);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).mismatched, 1u);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).compared, kValues);
}

TEST_F(ScoreboardTest, LostTapIsMissingAndTheRestStillCompares) {
  feed(
      [this](size_t i) {
        if (i != 4) acc(places_[i]);
      },
      right_requant(), right_output());
  expect_first(ASSAY_FAILURE_ORDER, ASSAY_STAGE_ACC, 0, 2, 4);  // word 5 came where 4 was due
  EXPECT_EQ(result_.failures[0].expected, 4);
  EXPECT_EQ(result_.failures[0].actual, 5);
  EXPECT_EQ(result_.failures[1].kind, ASSAY_FAILURE_MISSING);
  EXPECT_EQ(result_.failures[1].x, 1);
  EXPECT_EQ(result_.failures[1].c, 4);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).missing, 1u);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).compared, kValues - 1);
}

TEST_F(ScoreboardTest, DuplicateTapFails) {
  feed(
      right_acc(),
      [this](size_t i) {
        requant(places_[i]);
        if (i == 0) requant(places_[i]);
      },
      right_output());
  expect_first(ASSAY_FAILURE_DUPLICATE, ASSAY_STAGE_REQUANT, 0, 0, 0);
  EXPECT_EQ(stage(ASSAY_STAGE_REQUANT).extra, 4u);
  EXPECT_EQ(stage(ASSAY_STAGE_REQUANT).compared, kValues);
}

TEST_F(ScoreboardTest, TapAfterTheLastFails) {
  feed(right_acc(), right_requant(), right_output());
  ASSERT_TRUE(result_.pass);
  acc(places_[11]);
  board_->finish(200);
  expect_first(ASSAY_FAILURE_DUPLICATE, ASSAY_STAGE_ACC, 1, 2, 4);
}

TEST_F(ScoreboardTest, PlaceOutsideTheLayerFails) {
  for (const assay_place outside : {assay_place{kOutY, 0, 0}, assay_place{0, kOutX, 0},
                                    assay_place{0, 0, kBlocks}, assay_place{65535, 65535, 65535}}) {
    board_ = std::make_unique<Scoreboard>(job_, small_geometry(), &result_);
    feed(
        right_acc(),
        [&](size_t i) {
          requant(places_[i]);
          if (i == 3) board_->requant(outside, bytes_of(places_[0]).data(), ++cycle_);
        },
        right_output());
    expect_first(ASSAY_FAILURE_OUTSIDE, ASSAY_STAGE_REQUANT, outside.y, outside.x,
                 outside.block * kChannels);
    EXPECT_EQ(stage(ASSAY_STAGE_REQUANT).compared, kValues);
  }
}

TEST_F(ScoreboardTest, SwappedTapsFailAlthoughEveryPlaceComesOnce) {
  feed(
      [this](size_t i) {
        acc(places_[i == 2 ? 3 : i == 3 ? 2 : i]);
      },
      right_requant(), right_output());
  expect_first(ASSAY_FAILURE_ORDER, ASSAY_STAGE_ACC, 0, 0, 4);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).compared, kValues);
  EXPECT_EQ(stage(ASSAY_STAGE_ACC).missing, 0u);
}

TEST_F(ScoreboardTest, LostOutputWordFails) {
  feed(right_acc(), right_requant(), [this](size_t i) {
    if (i != 6) output(places_[i], i == 11);
  });
  EXPECT_FALSE(result_.pass);
  EXPECT_GT(stage(ASSAY_STAGE_OUTPUT).mismatched, 0u);
  EXPECT_EQ(stage(ASSAY_STAGE_OUTPUT).missing, 1u);
}

TEST_F(ScoreboardTest, OutputWordTooManyFails) {
  feed(right_acc(), right_requant(), right_output());
  output(places_[0], false);
  board_->finish(200);
  EXPECT_FALSE(result_.pass);
  EXPECT_EQ(result_.failures[0].kind, ASSAY_FAILURE_EXTRA);
  EXPECT_EQ(stage(ASSAY_STAGE_OUTPUT).extra, 4u);
}

TEST_F(ScoreboardTest, TlastIsChecked) {
  feed(right_acc(), right_requant(), [this](size_t i) { output(places_[i], i == 8); });
  expect_first(ASSAY_FAILURE_LAST, ASSAY_STAGE_OUTPUT, 1, 2, 0);
  EXPECT_EQ(result_.failure_total, 2u);  // one too early, one missing at the end
}

TEST_F(ScoreboardTest, BytesBeyondTheLastChannelMustBeZero) {
  feed(right_acc(), right_requant(), [this](size_t i) {
    std::array<uint8_t, 4> word = bytes_of(places_[i]);
    if (i == 3) word[2] = 9;
    board_->output(word.data(), i == 11, ++cycle_);
  });
  expect_first(ASSAY_FAILURE_PADDING, ASSAY_STAGE_OUTPUT, 0, 0, 6);
  EXPECT_EQ(result_.failures[0].actual, 9);
}

TEST_F(ScoreboardTest, ListIsCappedButAllAreCounted) {
  feed(
      [this](size_t i) {
        for (int lane = 0; lane < 3; ++lane)
          board_->acc({9, 9, 9}, reinterpret_cast<const uint8_t *>(acc_.data()), ++cycle_);
        acc(places_[i]);
      },
      right_requant(), right_output());
  EXPECT_EQ(result_.failure_total, 36u);
  EXPECT_EQ(result_.failure_count, static_cast<size_t>(ASSAY_COSIM_MAX_FAILURES));
}

TEST(Geometry, KnowsWhetherPlacesCoverTheLayer) {
  Geometry g = small_geometry();
  EXPECT_TRUE(g.complete());
  g.places[3] = g.places[4];
  EXPECT_FALSE(g.complete());
  g = small_geometry();
  g.places.pop_back();
  EXPECT_FALSE(g.complete());
  g = small_geometry();
  g.places[0].y = kOutY;
  EXPECT_FALSE(g.complete());
}

}  // namespace
