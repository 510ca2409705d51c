// Compares what the engine emits with what a layer must give: every place exactly once, in order.
#ifndef ASSAY_SIM_SCOREBOARD_H_
#define ASSAY_SIM_SCOREBOARD_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "golden/engine.h"
#include "sim/cosim.h"

namespace assay::sim {

// Where the vectors of a layer belong. All stages and the output stream share one order.
struct Geometry {
  int32_t out_y, out_x, out_c;
  int32_t channels;                 // of a vector
  int32_t blocks;                   // ceil(out_c / channels)
  std::vector<assay_place> places;  // in stream order: out_y * out_x * blocks
  // Of a part: its place in the layer, and how many more outputs that has in a row and a pixel.
  int32_t first_y = 0, first_x = 0, first_c = 0;
  int32_t more_x = 0, more_c = 0;

  explicit Geometry(const assay_cosim_job &job);
  Geometry() = default;

  // The places are all those of the layer, each once.
  bool complete() const;
  bool inside(const assay_place &p) const {
    return p.y >= 0 && p.y < out_y && p.x >= 0 && p.x < out_x && p.block >= 0 && p.block < blocks;
  }
  // Number of the place among all, in NHWC order; the place must be inside.
  size_t index(const assay_place &p) const {
    return (static_cast<size_t>(p.y) * static_cast<size_t>(out_x) + static_cast<size_t>(p.x)) *
               static_cast<size_t>(blocks) +
           static_cast<size_t>(p.block);
  }
  // Number of its first value in the layer's NHWC tensor.
  size_t offset(const assay_place &p) const {
    return (static_cast<size_t>(first_y + p.y) * static_cast<size_t>(out_x + more_x) +
            static_cast<size_t>(first_x + p.x)) *
               static_cast<size_t>(out_c + more_c) +
           static_cast<size_t>(first_c + p.block * channels);
  }
  // Channels of the layer in this block.
  size_t lanes(const assay_place &p) const {
    const int32_t left = out_c - p.block * channels;
    return static_cast<size_t>(left < channels ? left : channels);
  }
};

// Counts all failures of a job and keeps the first ones.
class FailureLog {
 public:
  FailureLog(const assay_cosim_job &job, assay_cosim_result *result) : job_(job), result_(result) {}

  void add(assay_failure failure, uint64_t cycle);
  // The place and channel are the job's; what is kept are those of the whole layer.
  void add_place(assay_failure_kind kind, assay_stage stage, const assay_place &place, int32_t c,
                 uint64_t cycle, int64_t expected = 0, int64_t actual = 0);

 private:
  const assay_cosim_job &job_;
  assay_cosim_result *result_;
};

// One stage of one job.
template <class Value>
class StageCheck {
 public:
  StageCheck(assay_stage stage, const Geometry &geometry, const Value *expected,
             assay_stage_count *count, FailureLog *log);

  // All vectors have come, as far as can be told from the last one's place.
  bool complete() const { return next_ == geometry_.places.size(); }

  // A vector with its place, in the cycle in which it came; `actual` is a port's memory.
  void check(const assay_place &place, const uint8_t *actual, uint64_t cycle) {
    if (!due(place) && !recover(place, cycle)) return;
    seen_[geometry_.index(place)] = 1;
    ++next_;
    const size_t lanes = geometry_.lanes(place);
    const Value *expected = expected_ + geometry_.offset(place);
    count_->compared += lanes;
    if (!same(actual, expected, lanes)) differ(place, actual, cycle);
  }

  // A vector without coordinates: it belongs to the next place. False beyond the last.
  bool check_next(const uint8_t *actual, uint64_t cycle);
  const assay_place &next_place() const { return geometry_.places[next_]; }

  // At the end: counts and reports what never came.
  void finish(uint64_t cycle);

 private:
  static Value value(const uint8_t *actual, size_t lane) {
    Value value;
    std::memcpy(&value, actual + lane * sizeof value, sizeof value);
    return value;
  }
  // Reads a port in the pieces in which the model has just written it: a wider read, as memcmp's,
  // waits until those are in the cache.
  static bool same(const uint8_t *actual, const Value *expected, size_t lanes) {
    if (lanes * sizeof(Value) == sizeof(uint64_t)) {
      return std::memcmp(actual, expected, sizeof(uint64_t)) == 0;
    }
    bool same = true;
    for (size_t lane = 0; lane < lanes; ++lane) same &= value(actual, lane) == expected[lane];
    return same;
  }
  bool due(const assay_place &p) const {
    if (complete()) return false;
    const assay_place &next = geometry_.places[next_];
    return p.y == next.y && p.x == next.x && p.block == next.block &&
           seen_[geometry_.index(p)] == 0;
  }
  // Reports a vector that is not due. True when it can still be compared: it is new and inside.
  bool recover(const assay_place &place, uint64_t cycle);
  void differ(const assay_place &place, const uint8_t *actual, uint64_t cycle);
  void reject(assay_failure_kind kind, const assay_place &place, uint64_t cycle);
  size_t word_of(const assay_place &place);

  assay_stage stage_;
  const Geometry &geometry_;
  const Value *expected_;
  assay_stage_count *count_;
  FailureLog *log_;
  std::vector<uint8_t> seen_;  // by Geometry::index
  std::vector<size_t> word_;   // number of the word by Geometry::index; filled when needed
  size_t next_ = 0;            // place that is due
};

extern template class StageCheck<int32_t>;
extern template class StageCheck<uint8_t>;

// All stages of one job.
class Scoreboard {
 public:
  // Everything is borrowed. `result` is zeroed and filled as the job goes on.
  Scoreboard(const assay_cosim_job &job, Geometry geometry, assay_cosim_result *result);
  Scoreboard(const Scoreboard &) = delete;
  Scoreboard &operator=(const Scoreboard &) = delete;

  FailureLog &log() { return log_; }
  bool acc_complete() const { return acc_.complete(); }
  bool requant_complete() const { return requant_.complete(); }
  bool output_complete() const { return output_.complete(); }

  void acc(const assay_place &place, const uint8_t *values, uint64_t cycle) {
    acc_.check(place, values, cycle);
  }
  void requant(const assay_place &place, const uint8_t *values, uint64_t cycle) {
    requant_.check(place, values, cycle);
  }
  void output(const uint8_t *word, bool last, uint64_t cycle);

  // After the last beat: missing places, and the verdict.
  void finish(uint64_t cycle);

 private:
  void extra_output(const uint8_t *word, uint64_t cycle);
  void check_padding(const assay_place &place, const uint8_t *word, uint64_t cycle);

  const assay_cosim_job &job_;
  Geometry geometry_;
  assay_cosim_result *result_;
  FailureLog log_;
  StageCheck<int32_t> acc_;
  StageCheck<uint8_t> requant_;
  StageCheck<uint8_t> output_;
};

}  // namespace assay::sim

#endif  // ASSAY_SIM_SCOREBOARD_H_
