// Compares what the engine emits with what a layer must give: the parts that only failures need.
#include "sim/scoreboard.h"

#include <utility>

#include "golden/arithmetic.h"

namespace assay::sim {

Geometry::Geometry(const assay_cosim_job &job)
    : out_y(assay_conv_out_y(&job.plan->shape)),
      out_x(assay_conv_out_x(&job.plan->shape)),
      out_c(job.plan->shape.out_c),
      channels(job.plan->engine.channels),
      blocks(assay_ceil_div(out_c, channels)) {
  const assay_plan &plan = *job.plan;
  if (job.parts != nullptr) {
    first_y = job.part.y;
    first_x = job.part.x;
    first_c = job.part.oc;
    more_x = assay_conv_out_x(&job.parts->shape) - out_x;
    more_c = job.parts->shape.out_c - out_c;
  }
  places.reserve(plan.output_words);
  for (size_t word = 0; word < plan.output_words; ++word) {
    places.push_back(assay_output_place(&plan, word));
  }
}

bool Geometry::complete() const {
  const size_t count =
      static_cast<size_t>(out_y) * static_cast<size_t>(out_x) * static_cast<size_t>(blocks);
  std::vector<uint8_t> seen(count);
  for (const assay_place &place : places) {
    if (!inside(place) || seen[index(place)]++ != 0) return false;
  }
  return places.size() == count;
}

void FailureLog::add(assay_failure failure, uint64_t cycle) {
  failure.layer = job_.layer;
  failure.layer_index = job_.layer_index;
  failure.n = job_.n;
  failure.cycle = cycle;
  failure.layer_cycle = cycle >= result_->start_cycle ? cycle - result_->start_cycle : 0;
  ++result_->failure_total;
  if (result_->failure_count < ASSAY_COSIM_MAX_FAILURES) {
    result_->failures[result_->failure_count++] = failure;
  }
}

void FailureLog::add_place(assay_failure_kind kind, assay_stage stage, const assay_place &place,
                           int32_t c, uint64_t cycle, int64_t expected, int64_t actual) {
  assay_failure failure = {};
  failure.kind = kind;
  failure.stage = stage;
  failure.y = job_.part.y + place.y;
  failure.x = job_.part.x + place.x;
  failure.c = job_.part.oc + c;
  failure.expected = expected;
  failure.actual = actual;
  add(failure, cycle);
}

template <class Value>
StageCheck<Value>::StageCheck(assay_stage stage, const Geometry &geometry, const Value *expected,
                              assay_stage_count *count, FailureLog *log)
    : stage_(stage),
      geometry_(geometry),
      expected_(expected),
      count_(count),
      log_(log),
      seen_(geometry.places.size()) {
  count_->expected = static_cast<uint64_t>(geometry.out_y) * static_cast<uint64_t>(geometry.out_x) *
                     static_cast<uint64_t>(geometry.out_c);
}

template <class Value>
bool StageCheck<Value>::check_next(const uint8_t *actual, uint64_t cycle) {
  if (complete()) return false;
  check(next_place(), actual, cycle);
  return true;
}

template <class Value>
bool StageCheck<Value>::recover(const assay_place &place, uint64_t cycle) {
  if (!geometry_.inside(place)) {
    reject(ASSAY_FAILURE_OUTSIDE, place, cycle);
    return false;
  }
  if (seen_[geometry_.index(place)] != 0) {
    reject(ASSAY_FAILURE_DUPLICATE, place, cycle);
    return false;
  }
  // Follow the engine from here on, so that one lost vector does not make every later one fail.
  const auto due_word = static_cast<int64_t>(next_);
  next_ = word_of(place);
  log_->add_place(ASSAY_FAILURE_ORDER, stage_, place, place.block * geometry_.channels, cycle,
                  due_word, static_cast<int64_t>(next_));
  return true;
}

template <class Value>
void StageCheck<Value>::differ(const assay_place &place, const uint8_t *actual, uint64_t cycle) {
  const Value *expected = expected_ + geometry_.offset(place);
  for (size_t lane = 0; lane < geometry_.lanes(place); ++lane) {
    const Value got = value(actual, lane);
    if (got == expected[lane]) continue;
    ++count_->mismatched;
    const int32_t c = place.block * geometry_.channels + static_cast<int32_t>(lane);
    log_->add_place(ASSAY_FAILURE_VALUE, stage_, place, c, cycle, expected[lane], got);
  }
}

template <class Value>
void StageCheck<Value>::reject(assay_failure_kind kind, const assay_place &place, uint64_t cycle) {
  count_->extra += kind == ASSAY_FAILURE_DUPLICATE ? geometry_.lanes(place)
                                                   : static_cast<uint64_t>(geometry_.channels);
  log_->add_place(kind, stage_, place, place.block * geometry_.channels, cycle);
}

template <class Value>
size_t StageCheck<Value>::word_of(const assay_place &place) {
  if (word_.empty()) {
    word_.resize(geometry_.places.size());
    for (size_t word = 0; word < word_.size(); ++word) {
      word_[geometry_.index(geometry_.places[word])] = word;
    }
  }
  return word_[geometry_.index(place)];
}

template <class Value>
void StageCheck<Value>::finish(uint64_t cycle) {
  for (const assay_place &place : geometry_.places) {
    if (seen_[geometry_.index(place)] != 0) continue;
    count_->missing += geometry_.lanes(place);
    log_->add_place(ASSAY_FAILURE_MISSING, stage_, place, place.block * geometry_.channels, cycle);
  }
}

template class StageCheck<int32_t>;
template class StageCheck<uint8_t>;

Scoreboard::Scoreboard(const assay_cosim_job &job, Geometry geometry, assay_cosim_result *result)
    : job_(job),
      geometry_(std::move(geometry)),
      result_(&(*result = {})),
      log_(job, result),
      acc_(ASSAY_STAGE_ACC, geometry_, job.acc, &result->stage[ASSAY_STAGE_ACC], &log_),
      requant_(ASSAY_STAGE_REQUANT, geometry_, job.y, &result->stage[ASSAY_STAGE_REQUANT], &log_),
      output_(ASSAY_STAGE_OUTPUT, geometry_, job.y, &result->stage[ASSAY_STAGE_OUTPUT], &log_) {
  if (job_.received != nullptr) {
    for (const assay_place &place : geometry_.places) {
      std::memset(job_.received + geometry_.offset(place), 0, geometry_.lanes(place));
    }
  }
}

void Scoreboard::output(const uint8_t *word, bool last, uint64_t cycle) {
  if (output_.complete()) return extra_output(word, cycle);
  const assay_place place = output_.next_place();
  output_.check_next(word, cycle);
  check_padding(place, word, cycle);
  if (job_.received != nullptr) {
    std::memcpy(job_.received + geometry_.offset(place), word, geometry_.lanes(place));
  }
  if (last != output_.complete()) {
    log_.add_place(ASSAY_FAILURE_LAST, ASSAY_STAGE_OUTPUT, place, place.block * geometry_.channels,
                   cycle, output_.complete(), last);
  }
}

void Scoreboard::extra_output(const uint8_t *word, uint64_t cycle) {
  result_->stage[ASSAY_STAGE_OUTPUT].extra += static_cast<uint64_t>(geometry_.channels);
  assay_failure failure = {};
  failure.kind = ASSAY_FAILURE_EXTRA;
  failure.stage = ASSAY_STAGE_OUTPUT;
  failure.actual = word[0];
  log_.add(failure, cycle);
}

void Scoreboard::check_padding(const assay_place &place, const uint8_t *word, uint64_t cycle) {
  for (size_t lane = geometry_.lanes(place); lane < static_cast<size_t>(geometry_.channels);
       ++lane) {
    if (word[lane] == 0) continue;
    const int32_t c = place.block * geometry_.channels + static_cast<int32_t>(lane);
    log_.add_place(ASSAY_FAILURE_PADDING, ASSAY_STAGE_OUTPUT, place, c, cycle, 0, word[lane]);
  }
}

void Scoreboard::finish(uint64_t cycle) {
  acc_.finish(cycle);
  requant_.finish(cycle);
  output_.finish(cycle);
  result_->pass = result_->failure_total == 0;
  for (const assay_stage_count &stage : result_->stage) {
    result_->pass &= stage.expected > 0 && stage.compared == stage.expected &&
                     stage.mismatched == 0 && stage.missing == 0 && stage.extra == 0;
  }
}

}  // namespace assay::sim
