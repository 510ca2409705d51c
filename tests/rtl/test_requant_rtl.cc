// The requantizers of the RTL in lockstep with their twins in golden/: random parameters under
// stalls, and every reachable accumulator of every channel of the shipped networks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "Vassay_affine.h"
#include "Vassay_affine_packed.h"
#include "Vassay_corrected_lane.h"
#include "Vassay_threshold.h"
#include "golden/affine.h"
#include "golden/correct.h"
#include "golden/lower.h"
#include "golden/threshold.h"
#include "tests/rtl/unit.h"
#include "vectors/bundle.h"

namespace {

using assay_test::Random;

// A lane whose results come a fixed number of moves after their accumulators.
template <class Model, unsigned kLatency>
class Lane {
 public:
  Lane() { model_->enable_i = 0; }
  assay_test::Unit<Model> &operator->() { return model_; }

  // One move: takes acc if there is one, and compares the result that leaves.
  void Move(bool valid, int32_t acc, int32_t expected) {
    valid_ = valid_ << 1 | (valid ? 1u : 0u);
    model_->acc_i = static_cast<uint32_t>(acc);
    model_->enable_i = valid_ & ((1u << kLatency) - 1);
    if (valid) expected_.push_back({acc, static_cast<uint8_t>(expected)});
    model_.Cycle();
    if (valid_ >> (kLatency - 1) & 1) Compare();
  }
  void Stall() {
    model_->enable_i = 0;
    model_.Cycle();
  }
  void Flush() {
    for (unsigned i = 0; i < kLatency; i++) Move(false, 0, 0);
  }
  uint64_t compared() const { return compared_; }
  uint64_t wrong() const { return wrong_; }

 private:
  struct Pending {
    int32_t acc;
    uint8_t y;
  };
  void Compare() {
    const Pending pending = expected_.front();
    expected_.pop_front();
    compared_++;
    if (model_->y_o == pending.y) return;
    if (wrong_++ < 10) {
      ADD_FAILURE() << "acc " << pending.acc << ": expected " << int{pending.y} << ", got "
                    << int{model_->y_o};
    }
  }

  assay_test::Unit<Model> model_;
  std::deque<Pending> expected_;
  unsigned valid_ = 0;
  uint64_t compared_ = 0, wrong_ = 0;
};

using AffineLane = Lane<Vassay_affine, 3>;
using CorrectedLane = Lane<Vassay_corrected_lane, 3>;
using PackedAffineLane = Lane<Vassay_affine_packed, 3>;  // its product in two parts
using ThresholdLane = Lane<Vassay_threshold, 9>;

uint16_t NineBits(int32_t value) { return static_cast<uint16_t>(value & 0x1ff); }

template <class AnyLane>
void SetAffine(AnyLane *lane, const assay_affine &p, int32_t out_min, int32_t out_max) {
  (*lane)->multiplier_i = static_cast<uint32_t>(p.multiplier);
  (*lane)->addend_i = static_cast<uint64_t>(p.addend) & ((uint64_t{1} << 56) - 1);
  (*lane)->shift_i = static_cast<uint8_t>(p.shift);
  (*lane)->out_min_i = NineBits(out_min);
  (*lane)->out_max_i = NineBits(out_max);
}

template <class AnyLane>
void MoveAffine(AnyLane *lane, const assay_affine &p, int32_t out_min, int32_t out_max,
                int32_t acc) {
  lane->Move(true, acc, assay_affine_apply(&p, out_min, out_max, acc));
}

// Bit l: level l takes t[2*pair] (level 7) or t[2*pair + 1].
uint8_t Levels(int32_t pair) {
  int32_t level = 6;
  for (int32_t k = pair + 1; k % 2 == 0; k /= 2) level--;
  return static_cast<uint8_t>(1 << 7 | (level >= 0 ? 1 << level : 0));
}

// Writes a list as the words 2..129 of a parameter record.
void Load(ThresholdLane *lane, int32_t slot, const assay_threshold_list &list) {
  (*lane)->write_i = 1;
  (*lane)->select_i = 1;
  (*lane)->write_slot_i = static_cast<uint8_t>(slot);
  for (int32_t pair = 0; pair < 128; pair++) {
    const uint32_t low = static_cast<uint32_t>(list.t[2 * pair]);
    const uint32_t high = pair < 127 ? static_cast<uint32_t>(list.t[2 * pair + 1]) : 0;
    (*lane)->write_pair_i = static_cast<uint8_t>(pair);
    (*lane)->write_upper_i = static_cast<uint8_t>((pair + 1) % 128 / 2);
    (*lane)->write_levels_i = Levels(pair);
    (*lane)->write_data_i = low | uint64_t{high} << 32;
    lane->Stall();
  }
  (*lane)->write_i = 0;
}

void SetThreshold(ThresholdLane *lane, int32_t slot, int32_t q_low, int32_t out_min,
                  int32_t out_max) {
  (*lane)->slot_i = static_cast<uint8_t>(slot);
  (*lane)->signed_i = q_low < 0;
  (*lane)->out_min_i = NineBits(out_min);
  (*lane)->out_max_i = NineBits(out_max);
}

int32_t Clamp(int32_t value, int32_t low, int32_t high) {
  return value < low ? low : value > high ? high : value;
}

// Any accumulator, with the ends and small values often.
int32_t AnyAcc(Random *random) {
  const int32_t ends[] = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX};
  if (random->OneIn(8)) return ends[random->In(0, 6)];
  return static_cast<int32_t>(static_cast<uint32_t>(random->Next())) >> random->In(0, 24);
}

assay_affine AnyAffine(Random *random) {
  assay_affine p = {};
  p.multiplier = random->OneIn(6) ? (random->OneIn(2) ? 0 : (1 << 24) - 1)
                                  : random->In(0, (1 << 24) - 1) >> random->In(0, 20);
  p.shift = random->In(0, ASSAY_AFFINE_MAX_SHIFT);
  const int64_t end = INT64_C(1) << 55;
  const int64_t any = static_cast<int64_t>(random->Next()) >> random->In(8, 63);
  p.addend = random->OneIn(6) ? (random->OneIn(2) ? 1 - end : end - 1) : any;
  return p;
}

template <class AnyLane>
void ExpectAffineTwin() {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  AnyLane lane;
  for (int32_t round = 0; round < 20000; round++) {
    const assay_affine p = AnyAffine(&random);
    const int32_t low = random.OneIn(2) ? -128 : 0;
    const int32_t out_min = low + random.In(0, 255), out_max = random.In(out_min, low + 255);
    // The clamp belongs to a layer, the other parameters to a vector.
    lane.Flush();
    for (int32_t i = 0; i < 50; i++) {
      SetAffine(&lane, p, out_min, out_max);
      if (random.OneIn(3)) lane.Stall();
      if (random.OneIn(5)) lane.Move(false, AnyAcc(&random), 0);
      MoveAffine(&lane, p, out_min, out_max, AnyAcc(&random));
    }
  }
  lane.Flush();
  EXPECT_EQ(lane.compared(), 1000000u);
}

TEST(AffineRtl, EqualsItsTwinUnderStalls) { ExpectAffineTwin<AffineLane>(); }

TEST(AffineRtl, EqualsItsTwinUnderStallsWithItsProductInTwoParts) {
  ExpectAffineTwin<PackedAffineLane>();
}

// Writes late levels as the words 4..7 of a parameter record.
void Load(CorrectedLane *lane, int32_t slot, const assay_late_levels &late) {
  (*lane)->write_i = 1;
  (*lane)->write_slot_i = static_cast<uint8_t>(slot);
  for (size_t word = 0; word < 4; word++) {
    (*lane)->write_word_i = static_cast<uint8_t>(word);
    (*lane)->write_data_i = late.bits[word];
    lane->Stall();
  }
  (*lane)->write_i = 0;
}

// Accumulators around the crossing into a level, where the correction matters.
int32_t BesideLevel(Random *random, const assay_affine &p, int32_t out_min, int32_t out_max) {
  const int64_t level = random->In(out_min - 1, out_max + 1);
  const int64_t crossing =
      p.multiplier == 0 ? 0 : ((level << p.shift) - p.addend) / p.multiplier + random->In(-2, 2);
  return static_cast<int32_t>(std::clamp<int64_t>(crossing, INT32_MIN, INT32_MAX));
}

TEST(CorrectedRtl, EqualsItsTwinUnderStallsInEverySlot) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  CorrectedLane lane;
  std::vector<assay_late_levels> late(4);
  uint64_t lowered = 0;
  for (int32_t round = 0; round < 10000; round++) {
    assay_affine p = AnyAffine(&random);
    p.shift = std::min(p.shift, 46);
    p.addend >>= 8;
    const int32_t low = random.OneIn(2) ? -128 : 0;
    const int32_t out_min = low + random.In(0, 100), out_max = random.In(out_min, low + 255);
    const int32_t slot = round < 4 ? round : random.In(0, 3);
    assay_late_levels &bits = late[static_cast<size_t>(slot)];
    lane.Flush();
    if (round < 4 || random.OneIn(2)) {
      for (uint64_t &word : bits.bits) word = random.Next();
      Load(&lane, slot, bits);
    }
    if (round < 4) continue;  // every slot is written before one is used
    lane->slot_i = static_cast<uint8_t>(slot);
    SetAffine(&lane, p, out_min, out_max);
    for (int32_t i = 0; i < 50; i++) {
      if (random.OneIn(3)) lane.Stall();
      if (random.OneIn(5)) lane.Move(false, AnyAcc(&random), 0);
      const int32_t acc =
          random.OneIn(4) ? AnyAcc(&random) : BesideLevel(&random, p, out_min, out_max);
      const int32_t y = assay_correct_apply(&p, &bits, out_min, out_max, acc);
      lowered += y != assay_affine_apply(&p, out_min, out_max, acc);
      lane.Move(true, acc, y);
    }
  }
  lane.Flush();
  EXPECT_GT(lane.compared(), 450000u);
  EXPECT_GT(lowered, 10000u);
}

assay_threshold_list AnyList(Random *random) {
  assay_threshold_list list = {};
  for (int32_t &t : list.t) t = AnyAcc(random);
  for (int32_t k = random->In(0, 40); k > 0; k--) {
    list.t[random->In(0, 254)] = random->OneIn(2) ? INT32_MIN : INT32_MAX;
    list.t[random->In(0, 254)] = list.t[random->In(0, 254)];
  }
  std::sort(std::begin(list.t), std::end(list.t));
  return list;
}

int32_t Beside(Random *random, const assay_threshold_list &list) {
  const uint32_t t = static_cast<uint32_t>(list.t[random->In(0, 254)]);
  return static_cast<int32_t>(t + static_cast<uint32_t>(random->In(-1, 1)));
}

TEST(ThresholdRtl, EqualsItsTwinUnderStallsInEverySlot) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  ThresholdLane lane;
  std::vector<assay_threshold_list> lists(4);
  for (int32_t round = 0; round < 1500; round++) {
    const int32_t q_low = random.OneIn(2) ? -128 : 0;
    const int32_t out_min = q_low + random.In(0, 60), out_max = q_low + random.In(100, 255);
    for (int32_t slot = 0; slot < 4; slot++) {
      if (round > 0 && !random.OneIn(4)) continue;
      lists[static_cast<size_t>(slot)] = AnyList(&random);
      Load(&lane, slot, lists[static_cast<size_t>(slot)]);
    }
    for (int32_t i = 0; i < 400; i++) {
      const int32_t slot = random.In(0, 3);
      const assay_threshold_list &list = lists[static_cast<size_t>(slot)];
      const int32_t acc = random.OneIn(4) ? AnyAcc(&random) : Beside(&random, list);
      // By counting, not by the twin's search: the definition itself.
      int32_t count = 0;
      for (const int32_t t : list.t) count += t <= acc;
      ASSERT_EQ(q_low + count, assay_threshold_apply(&list, q_low, acc));
      SetThreshold(&lane, slot, q_low, out_min, out_max);
      if (random.OneIn(3)) lane.Stall();
      if (random.OneIn(5)) lane.Move(false, acc, 0);
      lane.Move(true, acc, Clamp(q_low + count, out_min, out_max));
    }
    lane.Flush();
  }
  EXPECT_EQ(lane.compared(), 600000u);
}

// Every accumulator that a channel of a layer can reach, through one lane.
void SweepAffine(AffineLane *lane, const assay_lowered &lowered, int32_t oc,
                 const assay_interval &range) {
  const assay_affine &p = lowered.channels[oc].affine;
  SetAffine(lane, p, lowered.out_min, lowered.out_max);
  for (int64_t acc = range.lo; acc <= range.hi; acc++) {
    MoveAffine(lane, p, lowered.out_min, lowered.out_max, static_cast<int32_t>(acc));
  }
  lane->Flush();
}

void SweepThreshold(ThresholdLane *lane, const assay_lowered &lowered, int32_t oc,
                    const assay_interval &range) {
  const assay_threshold_list &list = *lowered.channels[oc].threshold;
  Load(lane, oc % 4, list);
  SetThreshold(lane, oc % 4, lowered.q_low, lowered.out_min, lowered.out_max);
  for (int64_t acc = range.lo; acc <= range.hi; acc++) {
    const int32_t value = assay_threshold_apply(&list, lowered.q_low, static_cast<int32_t>(acc));
    lane->Move(true, static_cast<int32_t>(acc), Clamp(value, lowered.out_min, lowered.out_max));
  }
  lane->Flush();
}

// Every fourth level late, whatever the contract.
void SweepCorrected(CorrectedLane *lane, const assay_lowered &lowered, int32_t oc,
                    const assay_interval &range) {
  const assay_affine &p = lowered.channels[oc].affine;
  assay_late_levels late = {};
  for (int32_t level = lowered.out_min + 1; level <= lowered.out_max; level++) {
    if (level % 4 == oc % 4) assay_mark_late(&late, level);
  }
  Load(lane, oc % 4, late);
  (*lane)->slot_i = static_cast<uint8_t>(oc % 4);
  SetAffine(lane, p, lowered.out_min, lowered.out_max);
  for (int64_t acc = range.lo; acc <= range.hi; acc++) {
    const int32_t y =
        assay_correct_apply(&p, &late, lowered.out_min, lowered.out_max, static_cast<int32_t>(acc));
    lane->Move(true, static_cast<int32_t>(acc), y);
  }
  lane->Flush();
}

struct Sweep {
  AffineLane affine;
  CorrectedLane corrected;
  ThresholdLane threshold;
  uint64_t expected = 0;
};

void SweepLayer(const assay_conv &conv, const assay_contract &contract, assay_lower_policy policy,
                Sweep *sweep) {
  const size_t out_c = static_cast<size_t>(conv.shape.out_c);
  std::vector<assay_lowered_channel> channels(out_c);
  std::vector<assay_threshold_list> lists(out_c);
  std::vector<assay_lower_result> results(out_c);
  assay_lower_options options = assay_lower_defaults();
  options.policy = policy;
  assay_lowered lowered = {};
  ASSERT_EQ(assay_lower_layer(&conv, &contract, &options, channels.data(), lists.data(),
                              results.data(), &lowered),
            ASSAY_OK);
  for (int32_t oc = 0; oc < conv.shape.out_c; oc++) {
    const assay_interval &range = results[static_cast<size_t>(oc)].range;
    sweep->expected += static_cast<uint64_t>(range.hi - range.lo + 1);
    if (policy == ASSAY_LOWER_AFFINE) {
      SweepAffine(&sweep->affine, lowered, oc, range);
    } else if (policy == ASSAY_LOWER_CORRECTED) {
      SweepCorrected(&sweep->corrected, lowered, oc, range);
    } else {
      SweepThreshold(&sweep->threshold, lowered, oc, range);
    }
  }
}

void SweepNetwork(const std::string &folder, assay_lower_policy policy, Sweep *sweep) {
  assay_bundle bundle = {};
  assay_error error = {};
  ASSERT_TRUE(assay_bundle_read(folder.c_str(), 64, 64, &bundle, &error)) << folder;
  const assay_contract *contract = assay_contract_find(bundle.network.contract);
  ASSERT_NE(contract, nullptr);
  for (size_t i = 0; i < bundle.network.layer_count; i++) {
    const assay_layer &layer = bundle.network.layers[i];
    if (layer.kind == ASSAY_LAYER_CONV) SweepLayer(layer.conv, *contract, policy, sweep);
  }
  assay_bundle_free(&bundle);
}

void SweepNetworks(assay_lower_policy policy, Sweep *sweep) {
  const std::string networks = std::string(ASSAY_SOURCE_DIR) + "/config/networks";
  for (const auto &entry : std::filesystem::directory_iterator(networks)) {
    if (entry.is_directory()) SweepNetwork(entry.path().string(), policy, sweep);
  }
  EXPECT_GT(sweep->expected, 0u);
  EXPECT_EQ(sweep->affine.compared() + sweep->corrected.compared() + sweep->threshold.compared(),
            sweep->expected);
  EXPECT_EQ(sweep->affine.wrong() + sweep->corrected.wrong() + sweep->threshold.wrong(), 0u);
  std::printf("%llu accumulators\n", static_cast<unsigned long long>(sweep->expected));
}

TEST(AffineRtl, EqualsItsTwinOnEveryReachableAccumulatorOfTheShippedNetworks) {
  Sweep sweep;
  SweepNetworks(ASSAY_LOWER_AFFINE, &sweep);
}

TEST(CorrectedRtl, EqualsItsTwinOnEveryReachableAccumulatorOfTheShippedNetworks) {
  Sweep sweep;
  SweepNetworks(ASSAY_LOWER_CORRECTED, &sweep);
}

TEST(ThresholdRtl, EqualsItsTwinOnEveryReachableAccumulatorOfTheShippedNetworks) {
  Sweep sweep;
  SweepNetworks(ASSAY_LOWER_THRESHOLD, &sweep);
}

}  // namespace
