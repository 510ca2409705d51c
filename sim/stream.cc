// Ends of AXI4-Stream ports with seeded stalls: the parts that do not run every cycle.
#include "sim/stream.h"

namespace assay::sim {

void Source::begin(const Stall &stall) {
  stall_ = stall;
  segments_.clear();
  segment_ = next_ = 0;
  fired_ = false;
  idle_ = true;
  offer(false);
}

void Source::push(const void *words, size_t count) {
  segments_.push_back({static_cast<const uint8_t *>(words), count});
  // Segments without words are passed over at once.
  if (idle_ && count != 0) {
    segment_ = segments_.size() - 1;
    next_ = 0;
    idle_ = false;
  }
}

void Source::advance() {
  fired_ = false;
  ++next_;
  while (segment_ < segments_.size() && next_ == segments_[segment_].count) {
    ++segment_;
    next_ = 0;
  }
  idle_ = segment_ == segments_.size();
}

uint64_t Source::taken(size_t segment) const {
  const size_t reached = next_ + (fired_ ? 1 : 0);
  if (idle_ || segment < segment_) return segments_[segment].count;
  return segment == segment_ ? reached : 0;
}

void Sink::begin(const Stall &stall) {
  stall_ = stall;
  held_ = false;
}

void Sink::hold() {
  held_ = true;
  held_last_ = *pins_.tlast;
  std::memcpy(held_word_.data(), pins_.tdata, pins_.bytes);
}

unsigned Sink::check_held() {
  held_ = false;
  if (*pins_.tvalid == 0) return kWithdrawn;
  const bool stable =
      *pins_.tlast == held_last_ && std::memcmp(held_word_.data(), pins_.tdata, pins_.bytes) == 0;
  return stable ? kNothing : kUnstable;
}

}  // namespace assay::sim
