// assay_ring beside plain counting: arrival n of a layer lies in slot n mod slots, is taken once
// arrival n - slots has been freed, and can be used once it is in. Sizes to the ends of all fields,
// and the next layer filled while the one before is in use. Twin: golden/block_ring.h.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "Vassay_ring.h"
#include "Vassay_ring_narrow.h"
#include "tests/rtl/unit.h"

namespace {

using assay_test::AnySize;
using assay_test::Random;

/** What the ports of both sides say of a layer. */
struct Layer {
  int32_t blocks, slots, out_y, rows_per_group;
  uint32_t slot_words, origin;

  bool resident() const { return slots >= blocks; }
  int64_t uses() const { return int64_t{blocks} * ((out_y + rows_per_group - 1) / rows_per_group); }
  int64_t arrivals() const { return resident() ? blocks : uses(); }
  /** Address of the n-th block that arrives, or is used. */
  uint32_t Base(int64_t n) const {
    const int64_t slot = resident() ? n % blocks : n % slots;
    return static_cast<uint32_t>(origin + static_cast<uint64_t>(slot) * slot_words);
  }
  bool Last(int64_t n) const { return n % blocks == blocks - 1; }
  std::string Text() const {
    return std::to_string(blocks) + " blocks, " + std::to_string(slots) + " slots of " +
           std::to_string(slot_words) + " words from " + std::to_string(origin) + ", " +
           std::to_string(out_y) + " rows by " + std::to_string(rows_per_group);
  }
};

/** How eager each side is in a cycle, in percent; where nothing can be filled the others hurry. */
struct Pace {
  int32_t fill, use, free;
};

template <class Model, uint32_t kBaseBits>
class Ring {
 public:
  explicit Ring(uint64_t seed) : random_(seed), model_(seed) {
    Quiet();
    model_.Reset();
  }

  /** Runs all of a layer; the next one's blocks begin to arrive when its own are in. */
  void Run(const Layer &layer, const Layer *next, const Pace &pace) {
    SCOPED_TRACE(layer.Text() + (next != nullptr ? ", then " + next->Text() : ""));
    Use(layer);
    while (used_ < layer.uses()) {
      if (!Check(layer)) return;
      const bool early = next != nullptr && filled_ == Filling().arrivals() && !ahead_;
      if (early && random_.OneIn(4)) {
        FillNext(*next);
        continue;
      }
      Step(layer, pace);
    }
    Check(layer);
  }

  /** Nothing more of any layer arrives. */
  void Drop() {
    model_->drop_i = 1;
    model_.Cycle();
    Quiet();
    model_->eval();
    ASSERT_EQ(model_->fill_idle_o, 1);
    ASSERT_EQ(model_->fill_ready_o, 0);
    ASSERT_EQ(model_->finished_o, 1);
    ahead_ = false;
  }

 private:
  const Layer &Filling() const { return filling_; }

  void Quiet() {
    model_->fill_load_i = model_->use_load_i = model_->drop_i = 0;
    model_->fill_done_i = model_->use_next_i = model_->free_i = 0;
  }
  void DescribeFilling(const Layer &layer) {
    filling_ = layer;
    model_->fill_blocks_i = static_cast<uint16_t>(layer.blocks);
    model_->fill_slots_i = static_cast<uint16_t>(layer.slots);
    model_->fill_out_y_i = static_cast<uint16_t>(layer.out_y);
    model_->fill_rows_per_group_i = static_cast<uint16_t>(layer.rows_per_group);
    SetBase(&model_->fill_slot_words_i, layer.slot_words);
    SetBase(&model_->fill_origin_i, layer.origin);
  }
  template <class Port>
  static void SetBase(Port *port, uint32_t value) {
    *port = static_cast<Port>(value & ((1u << kBaseBits) - 1));
  }

  /** This layer is used from now on; it is filled from now on, too, unless it is already. */
  void Use(const Layer &layer) {
    model_->use_load_i = 1;
    model_->fill_load_i = !ahead_;
    if (!ahead_) DescribeFilling(layer);
    model_->use_blocks_i = static_cast<uint16_t>(layer.blocks);
    model_->use_slots_i = static_cast<uint16_t>(layer.slots);
    SetBase(&model_->use_slot_words_i, layer.slot_words);
    SetBase(&model_->use_origin_i, layer.origin);
    if (!ahead_) filled_ = 0;
    // A block of the layer that is filled ahead may come in the same cycle.
    model_->fill_done_i = ahead_ && CanFill(0) && random_.OneIn(2);
    filled_ += model_->fill_done_i;
    used_ = freed_ = 0;
    ahead_ = false;
    model_.Cycle();
    Quiet();
  }

  void FillNext(const Layer &next) {
    model_->fill_load_i = 1;
    DescribeFilling(next);
    filled_ = 0;
    ahead_ = true;
    model_.Cycle();
    Quiet();
  }

  bool CanFill(int64_t freed) const {
    return filled_ < filling_.arrivals() &&
           (filling_.resident() || filled_ - freed < filling_.slots);
  }
  bool Valid(const Layer &layer) const {
    return ahead_ || (layer.resident() ? used_ % layer.blocks < filled_ : used_ < filled_);
  }

  void Step(const Layer &layer, const Pace &pace) {
    const bool can_fill = CanFill(ahead_ ? 0 : freed_);
    const bool fill = can_fill && random_.In(1, 100) <= pace.fill;
    const bool use = Valid(layer) && (!can_fill || random_.In(1, 100) <= pace.use);
    const bool free = freed_ < used_ && (!can_fill || random_.In(1, 100) <= pace.free);
    model_->fill_done_i = fill;
    model_->use_next_i = use;
    model_->free_i = free;
    filled_ += fill;
    used_ += use;
    freed_ += free;
    model_.Cycle();
    Quiet();
  }

  /** All outputs; false when one is wrong. */
  bool Check(const Layer &layer) {
    model_->eval();
    constexpr uint32_t kMask = (1u << kBaseBits) - 1;
    const bool idle = filled_ == filling_.arrivals();
    const bool ready = CanFill(ahead_ ? 0 : freed_);
    const bool valid = Valid(layer);
    EXPECT_EQ(model_->fill_idle_o, idle);
    EXPECT_EQ(model_->finished_o, ahead_ || idle);
    EXPECT_EQ(model_->fill_ready_o, ready);
    if (!idle) {
      EXPECT_EQ(model_->fill_last_o, filling_.Last(filled_));
      EXPECT_EQ(model_->fill_base_o, filling_.Base(filled_) & kMask);
    }
    if (used_ < layer.uses()) {
      EXPECT_EQ(model_->use_valid_o, valid);
      EXPECT_EQ(model_->use_last_o, layer.Last(used_));
      EXPECT_EQ(model_->use_base_o, layer.Base(used_) & kMask);
    }
    if (testing::Test::HasFailure()) {
      std::printf("filled %lld, used %lld, freed %lld%s\n", static_cast<long long>(filled_),
                  static_cast<long long>(used_), static_cast<long long>(freed_),
                  ahead_ ? ", the next layer is filled" : "");
      return false;
    }
    return true;
  }

  Random random_;
  assay_test::Unit<Model> model_;
  Layer filling_ = {};
  bool ahead_ = false;  // the layer after the one in use is filled
  int64_t filled_ = 0, used_ = 0, freed_ = 0;
};

/** A layer of at most `most` uses. */
Layer AnyLayer(Random &random, int64_t most) {
  Layer layer = {};
  do {
    layer.blocks = AnySize(random, 65535);
    layer.slots = random.OneIn(3) ? layer.blocks : AnySize(random, 65535);
    layer.out_y = AnySize(random, 65535);
    layer.rows_per_group = AnySize(random, layer.out_y);
    layer.slot_words = static_cast<uint32_t>(random.In(1, 65535));
    layer.origin = static_cast<uint32_t>(random.In(0, 65535));
  } while (layer.uses() > most);
  return layer;
}

Pace AnyPace(Random &random) {
  const int32_t paces[] = {100, 100, 50, 10};
  return {paces[random.In(0, 3)], paces[random.In(0, 3)], paces[random.In(0, 3)]};
}

// Counters to their last values: blocks, slots, rows; the fill far ahead, or the frees far behind.
const Layer kExtremes[] = {
    {65535, 65535, 1, 1, 3, 5},         {65535, 32769, 2, 1, 1, 0},
    {32768, 65535, 65535, 40000, 1, 9}, {2, 1, 65535, 1, 77, 31},
    {2, 1, 65535, 32767, 77, 31},       {3, 2, 65535, 65534, 15, 1},
    {16385, 16384, 3, 2, 9, 2},         {40001, 40000, 65535, 65535, 7, 3},
};
const Pace kPaces[] = {{100, 100, 100}, {100, 5, 100}, {100, 100, 5}};

template <class Model, uint32_t kBaseBits>
void RunExtremes() {
  for (const Pace &pace : kPaces) {
    Ring<Model, kBaseBits> ring(assay_test::Seed());
    for (const Layer &layer : kExtremes) {
      ring.Run(layer, nullptr, pace);
      if (testing::Test::HasFailure()) return;
    }
  }
}

template <class Model, uint32_t kBaseBits>
void RunRandom() {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  Ring<Model, kBaseBits> ring(seed);
  Layer layer = AnyLayer(random, 3000);
  for (int32_t i = 0; i < 400; ++i) {
    SCOPED_TRACE("layer " + std::to_string(i));
    const Layer next = AnyLayer(random, i % 10 == 0 ? 30000 : 3000);
    ring.Run(layer, random.OneIn(2) ? &next : nullptr, AnyPace(random));
    if (random.OneIn(10)) ring.Drop();
    if (testing::Test::HasFailure()) return;
    layer = next;
  }
}

TEST(RingRtl, CountsToTheEndsOfItsFields) { RunExtremes<Vassay_ring, 14>(); }
TEST(RingRtl, CountsToTheEndsOfItsFieldsNarrow) { RunExtremes<Vassay_ring_narrow, 4>(); }
TEST(RingRtl, IsPlainCounting) { RunRandom<Vassay_ring, 14>(); }
TEST(RingRtl, IsPlainCountingNarrow) { RunRandom<Vassay_ring_narrow, 4>(); }

}  // namespace
