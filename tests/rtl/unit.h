// One module under Verilator, clocked by a test: what the tests of single modules share.
#ifndef ASSAY_TESTS_RTL_UNIT_H_
#define ASSAY_TESTS_RTL_UNIT_H_

#include <verilated.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "tests/golden/engine_case.h"

namespace assay_test {

/** A model with clk_i and rst_ni; registers begin at random. */
template <class Model>
class Unit {
 public:
  explicit Unit(uint64_t seed = Seed()) : context_(std::make_unique<VerilatedContext>()) {
    context_->randReset(2);
    context_->randSeed(static_cast<int>(seed & 0x7FFFFFFF));
    model_ = std::make_unique<Model>(context_.get());
  }
  ~Unit() { model_->final(); }
  Unit(const Unit &) = delete;
  Unit &operator=(const Unit &) = delete;

  Model *operator->() { return model_.get(); }
  const Model *operator->() const { return model_.get(); }

  /** A rising edge with the inputs as they are; outputs follow. */
  void Cycle() {
    for (const uint8_t clk : {uint8_t{0}, uint8_t{1}}) {
      model_->clk_i = clk;
      model_->eval();
    }
  }
  void Reset() {
    model_->rst_ni = 1;
    Cycle();
    model_->rst_ni = 0;
    Cycle();
    model_->rst_ni = 1;
  }

 private:
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Model> model_;
};

/** 1..most, every length in bits up to 16 as likely as any other. */
inline int32_t AnySize(Random &random, int32_t most) {
  const int32_t bits = random.In(1, 16);
  return std::min(random.In(1, (1 << bits) - 1), most);
}

/** After how many steps a layer ends: mostly with its last one, sometimes before its time, which
 * the layer after it must not notice. */
inline int64_t AnyEnd(Random &random) { return random.OneIn(8) ? random.In(1, 500) : INT64_MAX; }

/** Bits low..low+width-1 of a port, which Verilator holds in words of 32 bits if it is wide. */
template <class Port>
uint32_t Bits(const Port &port, uint32_t low, uint32_t width) {
  uint64_t pair;
  if constexpr (std::is_integral_v<Port>) {
    pair = static_cast<uint64_t>(port) >> low;
  } else {
    pair = port[low / 32];
    if (low % 32 + width > 32) pair |= static_cast<uint64_t>(port[low / 32 + 1]) << 32;
    pair >>= low % 32;
  }
  return static_cast<uint32_t>(pair & ((uint64_t{1} << width) - 1));
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_RTL_UNIT_H_
