// Ends of AXI4-Stream ports with seeded stalls; the sink checks the engine's side of the protocol.
#ifndef ASSAY_SIM_STREAM_H_
#define ASSAY_SIM_STREAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sim/dut.h"

namespace assay::sim {

// Says in which cycles a port stalls: a pure function of key and cycle.
class Stall {
 public:
  Stall() = default;
  Stall(uint64_t key, unsigned percent) : key_(key), threshold_((uint64_t{percent} << 32) / 100) {}

  bool operator()(uint64_t cycle) const {
    return threshold_ != 0 && (mix(key_ + cycle * kStep) >> 32) < threshold_;
  }

  // A key from several numbers; any change of one gives an unrelated pattern.
  static uint64_t key(uint64_t seed, uint64_t port, uint64_t layer, uint64_t n) {
    return mix(mix(mix(mix(seed + kStep) + port) + layer) + n);
  }

 private:
  static constexpr uint64_t kStep = 0x9E3779B97F4A7C15u;

  // SplitMix64's finalizer (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
  static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  uint64_t key_ = 0;
  uint64_t threshold_ = 0;
};

// Feeds words to a slave stream. Once offered, a word stays until it is taken.
class Source {
 public:
  explicit Source(const SourcePins &pins) : pins_(pins) {}

  // Forgets what was queued; `stall` counts from cycle 0 of drive().
  void begin(const Stall &stall);
  // Appends words; borrowed.
  void push(const void *words, size_t count);
  // Number of the segment that a word was just taken of, and whether it was its first; valid in a
  // cycle in which sample() is true.
  size_t segment() const { return segment_; }
  bool first() const { return next_ == 0; }
  // Words of the segment of this number, in the order of push(), that were taken.
  uint64_t taken(size_t segment) const;

  // False when no pin has changed.
  bool drive(uint64_t cycle) {
    if (idle_) return false;
    if (*pins_.tvalid != 0 && !fired_) return false;
    if (fired_) advance();
    offer(!idle_ && !stall_(cycle));
    return true;
  }
  bool sample() { return fired_ = (*pins_.tvalid != 0 && *pins_.tready != 0); }

 private:
  struct Segment {
    const uint8_t *words;
    size_t count;
  };

  void advance();
  void offer(bool valid) {
    *pins_.tvalid = valid;
    if (valid) {
      std::memcpy(pins_.tdata, segments_[segment_].words + next_ * pins_.bytes, pins_.bytes);
    } else {
      std::memset(pins_.tdata, 0xA5, pins_.bytes);  // an engine that looks now is wrong
    }
  }

  SourcePins pins_;
  Stall stall_;
  std::vector<Segment> segments_;
  size_t segment_ = 0;
  size_t next_ = 0;
  bool fired_ = false;
  bool idle_ = true;
};

// Takes words from the master stream.
class Sink {
 public:
  // What a cycle showed: a sum of these.
  enum Event : unsigned { kNothing = 0, kWord = 1, kWithdrawn = 2, kUnstable = 4 };

  explicit Sink(const SinkPins &pins) : pins_(pins) {}

  void begin(const Stall &stall);

  // False when the pin has not changed.
  bool drive(uint64_t cycle) {
    const uint8_t before = *pins_.tready;
    *pins_.tready = !stall_(cycle);
    return *pins_.tready != before;
  }
  unsigned sample() {
    const unsigned violation = held_ ? check_held() : kNothing;
    if (*pins_.tvalid == 0) return violation;
    if (*pins_.tready != 0) return violation | kWord;
    hold();
    return violation;
  }
  const uint8_t *word() const { return pins_.tdata; }
  bool last() const { return *pins_.tlast != 0; }

 private:
  static constexpr size_t kMaxBytes = 16;

  void hold();
  unsigned check_held();

  SinkPins pins_;
  Stall stall_;
  bool held_ = false;
  uint8_t held_last_ = 0;
  std::array<uint8_t, kMaxBytes> held_word_ = {};
};

}  // namespace assay::sim

#endif  // ASSAY_SIM_STREAM_H_
