// assay_first: positions of channels in any order, and how long each takes.
#include <gtest/gtest.h>

#include <cstdio>

#include "Vassay_first.h"
#include "tests/rtl/unit.h"

namespace {

constexpr uint32_t kPositions = 1u << 13;

class First {
 public:
  First() {
    model_->run_i = 1;
    model_->take_i = model_->restart_i = model_->read_i = 0;
    model_.Reset();
  }
  assay_test::Unit<Vassay_first> &operator->() { return model_; }
  // Cycles after the one that takes `first`, until the position is stored.
  uint32_t Take(uint32_t first, uint32_t channel, uint32_t slot) {
    model_->take_i = 1;
    model_->first_i = static_cast<uint16_t>(first);
    model_->channel_i = static_cast<uint8_t>(channel);
    model_->slot_i = static_cast<uint8_t>(slot);
    model_.Cycle();
    model_->take_i = 0;
    uint32_t cycles = 0;
    for (; model_->busy_o != 0; ++cycles) model_.Cycle();
    return cycles;
  }
  void Read(uint32_t channel, uint32_t slot) {
    model_->read_i = 1;
    model_->read_channel_i = static_cast<uint8_t>(channel);
    model_->read_slot_i = static_cast<uint8_t>(slot);
    model_.Cycle();
    model_->read_i = 0;
  }
  void Restart() {
    model_->restart_i = 1;
    model_.Cycle();
    model_->restart_i = 0;
  }

 private:
  assay_test::Unit<Vassay_first> model_;
};

TEST(FirstRtl, StoresTheProductInTheCyclesOfTheDistance) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  assay_test::Random random(seed);
  First dut;
  uint32_t block = 0;
  for (int32_t i = 0; i < 2000; ++i) {
    if (i == 0 || random.OneIn(50)) {
      dut.Restart();
      block = 0;
      dut->block_stride_i = static_cast<uint16_t>(random.In(1, 300));
      dut->spread_i = random.OneIn(2);
    }
    const bool spread = dut->spread_i != 0;
    const uint32_t next =
        static_cast<uint32_t>(random.OneIn(3) ? random.In(0, 40) : random.In(0, 2)) +
        (random.OneIn(4) ? 0 : block);
    const uint32_t lane = spread ? static_cast<uint32_t>(random.In(0, 7)) : 0;
    const uint32_t channel = static_cast<uint32_t>(random.In(0, 7));
    const uint32_t slot = static_cast<uint32_t>(random.In(0, 15));
    const uint32_t cycles = dut.Take(spread ? next * 8 + lane : next, channel, slot);
    // From 0 again when it lies in front of the one before.
    ASSERT_EQ(cycles, next >= block ? 1 + next - block : 2 + next)
        << "case " << i << " from " << block << " to " << next;
    block = next;
    dut.Read(channel, slot);
    ASSERT_EQ(dut->position_o, next * dut->block_stride_i % kPositions);
    ASSERT_EQ(dut->lane_o, lane);
  }
}

}  // namespace
