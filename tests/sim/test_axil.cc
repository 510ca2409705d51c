// The AXI4-Lite master against a small slave made of variables.
#include "sim/axil.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>

namespace {

using assay::sim::AxiLite;
using assay::sim::AxiLitePins;
using assay::sim::Stall;

// Takes address and data of a write in any order; answers after `delay` cycles.
class AxiLiteTest : public testing::Test {
 protected:
  uint8_t awvalid_ = 0, awready_ = 0, wvalid_ = 0, wready_ = 0, wstrb_ = 0, bvalid_ = 0;
  uint8_t bready_ = 0, bresp_ = 0, arvalid_ = 0, arready_ = 0, rvalid_ = 0, rready_ = 0;
  uint8_t rresp_ = 0;
  uint16_t awaddr_ = 0, araddr_ = 0;
  uint32_t wdata_ = 0, rdata_ = 0;
  AxiLite master_{AxiLitePins{&awvalid_, &awready_, &awaddr_, &wvalid_, &wready_, &wdata_, &wstrb_,
                              &bvalid_, &bready_, &bresp_, &arvalid_, &arready_, &araddr_, &rvalid_,
                              &rready_, &rdata_, &rresp_}};
  std::map<uint32_t, uint32_t> memory_;
  uint64_t cycle_ = 0;
  bool address_ = false, data_ = false;
  Stall slave_;

  void slave_drives() {
    awready_ = !address_ && !slave_(3 * cycle_);
    wready_ = !data_ && !slave_(3 * cycle_ + 1);
    arready_ = rvalid_ == 0 && !slave_(3 * cycle_ + 2);
  }
  void slave_clocks() {
    if (bvalid_ != 0 && bready_ != 0) bvalid_ = 0;
    if (rvalid_ != 0 && rready_ != 0) rvalid_ = 0;
    address_ |= awvalid_ != 0 && awready_ != 0;
    data_ |= wvalid_ != 0 && wready_ != 0;
    if (address_ && data_ && bvalid_ == 0) {
      memory_[awaddr_] = wdata_;
      bresp_ = awaddr_ >= 0x800 ? 2 : 0;
      bvalid_ = 1;
      address_ = data_ = false;
    }
    if (arvalid_ != 0 && arready_ != 0) {
      rdata_ = memory_[araddr_];
      rvalid_ = 1;
    }
  }
  bool finish() {
    for (int i = 0; i < 10000 && master_.busy(); ++i) step();
    return !master_.busy() && master_.okay();
  }
  void step() {
    if (master_.active()) master_.drive(cycle_);
    slave_drives();
    if (master_.active()) master_.sample(cycle_);
    slave_clocks();
    ++cycle_;
  }
};

TEST_F(AxiLiteTest, WritesAndReadsUnderStallsOfBothSides) {
  for (const unsigned percent : {0u, 50u, 95u}) {
    master_.begin(Stall(Stall::key(1, 2, 3, percent), percent));
    slave_ = Stall(Stall::key(4, 5, 6, percent), percent);
    for (uint32_t i = 0; i < 40; ++i) {
      master_.write(4 * i, 1000 * i + percent);
      ASSERT_TRUE(finish());
    }
    EXPECT_EQ(memory_.size(), 40u);
    for (uint32_t i = 0; i < 40; ++i) {
      master_.read(4 * i);
      ASSERT_TRUE(finish());
      EXPECT_EQ(master_.data(), 1000 * i + percent);
    }
  }
}

TEST_F(AxiLiteTest, ErrorResponseIsNotOkay) {
  master_.begin({});
  master_.write(0x800, 1);
  EXPECT_FALSE(finish());
  EXPECT_EQ(master_.response(), 2);
}

TEST_F(AxiLiteTest, ResponseBeforeTheRequestIsNotOkay) {
  master_.begin({});
  bvalid_ = 1;  // nobody asked
  master_.write(0x10, 1);
  slave_ = Stall(Stall::key(0, 0, 0, 0), 99);
  EXPECT_FALSE(finish());
}

TEST_F(AxiLiteTest, PortIsQuietAfterAnAccess) {
  master_.begin({});
  master_.write(0x10, 1);
  ASSERT_TRUE(finish());
  step();
  EXPECT_FALSE(master_.active());
  EXPECT_EQ(awvalid_ | wvalid_ | bready_ | arvalid_ | rready_, 0);
}

}  // namespace
