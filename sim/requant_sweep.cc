// Drives a user's own requantizer over intervals of accumulators and prints its output as runs.
// No twin. Not part of a library: `assay sweep` compiles it together with the user's Verilated
// module and a header that says what the ports are called (cli/requant_sweep.c writes it).
//
// Input, from the file argv[1]: one interval `first last` a line. Output: one run `first last y` a
// line: y is constant from first to last. Exit code 4: the module gave no output in time.
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <vector>

#include "Vassay_sweep.h"
#include "requant_sweep_ports.h"
#include "verilated.h"

double sc_time_stamp() { return 0; }

namespace {

constexpr int kPatience = 10000;  // cycles without an output
constexpr int kSilent = 4;

struct Interval {
  int64_t first, last;
};

// Joins outputs of consecutive accumulators to runs.
class Runs {
 public:
  ~Runs() { Flush(); }
  void Add(int64_t acc, int64_t y) {
    if (open_ && acc == last_ + 1 && y == y_) {
      last_ = acc;
      return;
    }
    Flush();
    open_ = true;
    first_ = last_ = acc;
    y_ = y;
  }

 private:
  void Flush() const {
    if (open_) std::printf("%" PRId64 " %" PRId64 " %" PRId64 "\n", first_, last_, y_);
  }
  bool open_ = false;
  int64_t first_ = 0, last_ = 0, y_ = 0;
};

uint64_t Mask(int bits) { return bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1; }

// The output port as an integer.
int64_t Output(Vassay_sweep *top) {
  const uint64_t raw = static_cast<uint64_t>(top->ASSAY_PORT_Y) & Mask(ASSAY_Y_BITS);
  const bool negative = ASSAY_Y_SIGNED && (raw >> (ASSAY_Y_BITS - 1) & 1) != 0;
  return static_cast<int64_t>(negative ? raw | ~Mask(ASSAY_Y_BITS) : raw);
}

void Drive(Vassay_sweep *top, int64_t acc) {
  top->ASSAY_PORT_ACC = static_cast<uint64_t>(acc) & Mask(ASSAY_ACC_BITS);
}

#ifndef ASSAY_PORT_CLOCK

int Sweep(Vassay_sweep *top, const std::vector<Interval> &intervals, Runs *runs) {
  for (const Interval &interval : intervals) {
    for (int64_t acc = interval.first; acc <= interval.last; ++acc) {
      Drive(top, acc);
      top->eval();
      runs->Add(acc, Output(top));
    }
  }
  return 0;
}

#else

void Clock(Vassay_sweep *top) {
  top->ASSAY_PORT_CLOCK = 1;
  top->eval();
  top->ASSAY_PORT_CLOCK = 0;
  top->eval();
}

void Reset(Vassay_sweep *top) {
#ifdef ASSAY_PORT_IN_VALID
  top->ASSAY_PORT_IN_VALID = 0;
#endif
#ifdef ASSAY_PORT_RESET
  top->ASSAY_PORT_RESET = ASSAY_RESET_LEVEL;
  for (int i = 0; i < 8; ++i) Clock(top);
  top->ASSAY_PORT_RESET = 1 - ASSAY_RESET_LEVEL;
#endif
  Clock(top);
}

// One accumulator after the other, over all intervals.
class Source {
 public:
  explicit Source(const std::vector<Interval> &intervals) : intervals_(intervals) {
    if (!Done()) acc_ = intervals_[0].first;
  }
  bool Done() const { return index_ == intervals_.size(); }
  int64_t Next() {
    const int64_t acc = acc_;
    if (acc_++ == intervals_[index_].last && ++index_ < intervals_.size()) {
      acc_ = intervals_[index_].first;
    }
    return acc;
  }

 private:
  const std::vector<Interval> &intervals_;
  size_t index_ = 0;
  int64_t acc_ = 0;
};

#ifdef ASSAY_PORT_OUT_VALID

// Outputs come in order, when they are valid. Gaps between inputs show whether valid is obeyed.
int Sweep(Vassay_sweep *top, const std::vector<Interval> &intervals, Runs *runs) {
  std::deque<int64_t> pending;
  Source source(intervals);
  uint32_t random = 1;
  int quiet = 0;
  Reset(top);
  while (!source.Done() || !pending.empty()) {
    random = random * 1664525u + 1013904223u;
    const bool send = !source.Done() && random >> 30 != 0;
    top->ASSAY_PORT_IN_VALID = send;
    if (send) {
      pending.push_back(source.Next());
      Drive(top, pending.back());
    } else {
      Drive(top, 0);
    }
    top->eval();
    quiet = top->ASSAY_PORT_OUT_VALID ? 0 : quiet + 1;
    if (quiet > kPatience) return kSilent;
    if (top->ASSAY_PORT_OUT_VALID) {
      if (pending.empty()) return kSilent;
      runs->Add(pending.front(), Output(top));
      pending.pop_front();
    }
    Clock(top);
  }
  return 0;
}

#else

// One accumulator a cycle; its output stands ASSAY_LATENCY rising edges later.
int Sweep(Vassay_sweep *top, const std::vector<Interval> &intervals, Runs *runs) {
  std::deque<int64_t> pending;
  Source source(intervals);
  Reset(top);
  for (int64_t edges = 1; !source.Done() || !pending.empty(); ++edges) {
    if (!source.Done()) {
      pending.push_back(source.Next());
      Drive(top, pending.back());
    }
    Clock(top);
    if (edges >= ASSAY_LATENCY) {
      runs->Add(pending.front(), Output(top));
      pending.pop_front();
    }
  }
  return 0;
}

#endif
#endif

}  // namespace

int main(int argc, char **argv) {
  std::vector<Interval> intervals;
  std::FILE *file = argc == 2 ? std::fopen(argv[1], "r") : nullptr;
  if (file == nullptr) return 1;
  Interval interval;
  while (std::fscanf(file, "%" SCNd64 " %" SCNd64, &interval.first, &interval.last) == 2) {
    intervals.push_back(interval);
  }
  std::fclose(file);
  VerilatedContext context;
  Vassay_sweep top(&context);
  ASSAY_CONSTANTS(top)
  Runs runs;
  const int code = Sweep(&top, intervals, &runs);
  top.final();
  return code;
}
