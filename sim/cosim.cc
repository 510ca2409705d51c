// Runs jobs on the engine: one loop over clock cycles, in which streams, control and taps take
// part.
#include "sim/cosim.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/axil.h"
#include "sim/dut.h"
#include "sim/scoreboard.h"
#include "sim/stream.h"

namespace assay::sim {
class Session;
}

// The driver of a firmware on this bus: an access takes as many cycles as the engine lets it.
#define ASSAY_FIRMWARE_PORT assay::sim::Session *
static bool assay_firmware_write(assay::sim::Session *port, uint32_t offset, uint32_t value);
static bool assay_firmware_read(assay::sim::Session *port, uint32_t offset, uint32_t *value);
#include "golden/firmware.h"

namespace assay::sim {
namespace {

constexpr uint64_t kDefaultTimeout = 200000;
constexpr uint64_t kDrainCycles = 64;    // in which beats too many show themselves
constexpr uint64_t kQuietCycles = 1024;  // without data, after which STATUS is looked at
constexpr uint64_t kPollCycles = 32;     // between two looks at STATUS while a layer is queued

// A job in a run, with what its stages have shown so far.
struct Running {
  const assay_cosim_job *job;
  assay_cosim_result *result;
  Scoreboard scoreboard;
  uint64_t last_output = 0;

  Running(const assay_cosim_job *j, assay_cosim_result *r, Geometry geometry)
      : job(j), result(r), scoreboard(*j, std::move(geometry), r) {}
};

}  // namespace

class Session {
 public:
  Session(const assay_cosim_options &options, std::unique_ptr<Dut> dut)
      : options_(options),
        timeout_(options.timeout_cycles != 0 ? options.timeout_cycles : kDefaultTimeout),
        dut_(std::move(dut)),
        act_(dut_->pins().act),
        wgt_(dut_->pins().wgt),
        par_(dut_->pins().par),
        out_(dut_->pins().out),
        axil_(dut_->pins().axil),
        tap_acc_(dut_->pins().tap_acc),
        tap_out_(dut_->pins().tap_out) {
    begin_idle();
  }

  bool fits(const assay_cosim_job &job, std::string *reason) const;
  void run(const assay_cosim_job *jobs, size_t count, assay_cosim_result *results);
  void run_partly(const assay_cosim_job &job, uint64_t cycles);
  void reset();
  bool write(uint32_t address, uint32_t value);
  bool read(uint32_t address, uint32_t *value);
  void idle(uint64_t cycles);
  void send(assay_port port, const void *words, size_t count);
  void receive(uint8_t *words, size_t count);
  size_t received() const { return received_; }
  uint64_t now() const { return dut_->cycle(); }

 private:
  void begin_idle();
  void begin(const assay_cosim_job *jobs, size_t count, assay_cosim_result *results);
  Stall stall(assay_port port, const assay_cosim_job &job) const;

  void cycle();
  void first_activation();
  void sample_taps();
  void sample_output(unsigned event);
  void output_word();
  bool stuck() const { return now() - last_progress_ > timeout_; }
  bool finish_access();

  bool start(size_t index);
  bool wait_for_queue();
  assay_firmware_state look();
  void wait_for_outputs();
  bool wait_for_done();
  void drain();
  void finish();
  void check_sources();
  void check_source(const Source &source, assay_port port, size_t index, uint64_t sent);
  void fail(Running &running, assay_failure_kind kind, int64_t actual);
  Running &current_output() { return *jobs_[at_output_]; }

  assay_cosim_options options_;
  uint64_t timeout_;
  std::unique_ptr<Dut> dut_;
  Source act_, wgt_, par_;
  Sink out_;
  AxiLite axil_;
  TapPins tap_acc_, tap_out_;

  std::vector<std::unique_ptr<Running>> jobs_;
  size_t at_acc_ = 0, at_requant_ = 0, at_output_ = 0;  // job that each stage is in
  size_t started_ = 0;                                  // jobs whose CONTROL was written
  bool outputs_complete_ = false;                       // of all jobs
  uint64_t begin_ = 0;                                  // cycle in which the run began
  uint64_t last_progress_ = 0;                          // cycle in which data last moved
  uint32_t status_ = 0;
  bool inputs_changed_ = true;  // since the last rising edge

  uint8_t *receive_ = nullptr;  // where words go outside of a run
  size_t receive_count_ = 0, received_ = 0;
};

// The clock cycle //

void Session::cycle() {
  const uint64_t since = now() - begin_;
  inputs_changed_ |= act_.drive(since);
  inputs_changed_ |= wgt_.drive(since);
  inputs_changed_ |= par_.drive(since);
  inputs_changed_ |= out_.drive(since);
  inputs_changed_ |= axil_.active();
  if (axil_.active()) axil_.drive(since);
  dut_->fall(inputs_changed_);
  inputs_changed_ = false;

  bool moved = act_.sample();
  if (moved && act_.first()) first_activation();
  moved |= wgt_.sample();
  moved |= par_.sample();
  if (axil_.active()) axil_.sample(since);
  if ((*tap_acc_.valid | *tap_out_.valid) != 0) {
    sample_taps();
    moved = true;
  }
  if (const unsigned event = out_.sample(); event != Sink::kNothing) {
    sample_output(event);
    moved = true;
  }
  if (moved) last_progress_ = now();
  dut_->rise();
}

namespace {

assay_place place_of(const TapPins &tap) {
  return {static_cast<int32_t>(*tap.y), static_cast<int32_t>(*tap.x),
          static_cast<int32_t>(*tap.block)};
}

}  // namespace

void Session::first_activation() {
  if (!jobs_.empty()) jobs_[act_.segment()]->result->first_activation = now();
}

void Session::sample_taps() {
  if (jobs_.empty()) return;
  if (*tap_acc_.valid != 0) {
    jobs_[at_acc_]->scoreboard.acc(place_of(tap_acc_), tap_acc_.data, now());
    if (jobs_[at_acc_]->scoreboard.acc_complete() && at_acc_ + 1 < jobs_.size()) ++at_acc_;
  }
  if (*tap_out_.valid != 0) {
    jobs_[at_requant_]->scoreboard.requant(place_of(tap_out_), tap_out_.data, now());
    if (jobs_[at_requant_]->scoreboard.requant_complete() && at_requant_ + 1 < jobs_.size()) {
      ++at_requant_;
    }
  }
}

void Session::sample_output(unsigned event) {
  if (jobs_.empty()) {
    if ((event & Sink::kWord) == 0) return;
    const size_t bytes = static_cast<size_t>(dut_->config().channels);
    if (received_ < receive_count_) std::memcpy(receive_ + received_ * bytes, out_.word(), bytes);
    ++received_;
    return;
  }
  if ((event & Sink::kWithdrawn) != 0) fail(current_output(), ASSAY_FAILURE_WITHDRAWN, 0);
  if ((event & Sink::kUnstable) != 0) fail(current_output(), ASSAY_FAILURE_UNSTABLE, 0);
  if ((event & Sink::kWord) != 0) output_word();
}

void Session::output_word() {
  Running &running = current_output();
  const bool was_complete = running.scoreboard.output_complete();
  running.scoreboard.output(out_.word(), out_.last(), now());
  if (was_complete || !running.scoreboard.output_complete()) return;
  running.last_output = running.result->last_output = now();
  running.result->cycles_counted = now() - running.result->start_cycle;
  outputs_complete_ = at_output_ + 1 == jobs_.size();
  if (outputs_complete_) return;
  // The next job's time begins here, if it was started before.
  ++at_output_;
  current_output().result->early_words = wgt_.taken(at_output_);
  if (at_output_ < started_) current_output().result->start_cycle = now();
}

void Session::fail(Running &running, assay_failure_kind kind, int64_t actual) {
  assay_failure failure = {};
  failure.kind = kind;
  failure.stage = kind == ASSAY_FAILURE_WITHDRAWN || kind == ASSAY_FAILURE_UNSTABLE
                      ? ASSAY_STAGE_OUTPUT
                      : ASSAY_STAGE_NONE;
  failure.actual = actual;
  running.scoreboard.log().add(failure, now());
}

// Control //

bool Session::finish_access() {
  const uint64_t begin = now();
  while (axil_.busy() && now() - begin <= timeout_) cycle();
  return !axil_.busy() && axil_.okay();
}

bool Session::write(uint32_t address, uint32_t value) {
  axil_.write(address, value);
  return finish_access();
}

bool Session::read(uint32_t address, uint32_t *value) {
  axil_.read(address);
  if (!finish_access()) return false;
  *value = axil_.data();
  return true;
}

void Session::idle(uint64_t cycles) {
  for (uint64_t i = 0; i < cycles; ++i) cycle();
}

void Session::send(assay_port port, const void *words, size_t count) {
  Source &source = port == ASSAY_PORT_ACT ? act_ : port == ASSAY_PORT_WGT ? wgt_ : par_;
  source.push(words, count);
}

void Session::receive(uint8_t *words, size_t count) {
  receive_ = words;
  receive_count_ = count;
  received_ = 0;
}

// STATUS is kept, for failures.
assay_firmware_state Session::look() {
  if (!read(ASSAY_REG_STATUS, &status_)) return ASSAY_FIRMWARE_BUS;
  return assay_firmware_state_of(status_);
}

bool Session::wait_for_queue() {
  if (started_ == 0) return true;
  while (!stuck()) {
    const assay_firmware_state state = look();
    if (state != ASSAY_FIRMWARE_QUEUED) {
      return state == ASSAY_FIRMWARE_RUNNING || state == ASSAY_FIRMWARE_DONE;
    }
    idle(kPollCycles);
  }
  return false;
}

bool Session::start(size_t index) {
  if (!wait_for_queue()) return false;
  const assay_plan &plan = *jobs_[index]->job->plan;
  if (!assay_firmware_describe(this, plan.writes, static_cast<uint32_t>(plan.write_count))) {
    fail(*jobs_[index], ASSAY_FAILURE_BUS, axil_.response());
    return false;
  }
  ++started_;
  const uint64_t accepted = begin_ + axil_.accepted_cycle();
  const uint64_t free = index > 0 ? jobs_[index - 1]->last_output : 0;
  jobs_[index]->result->start_cycle = accepted > free ? accepted : free;
  jobs_[index]->result->control_cycle = accepted;
  const assay_firmware_state state = look();
  return state != ASSAY_FIRMWARE_BUS && state != ASSAY_FIRMWARE_ERROR;
}

void Session::wait_for_outputs() {
  uint64_t look = now() + kQuietCycles;
  while (!outputs_complete_ && !stuck()) {
    cycle();
    if (now() < look) continue;
    // An engine that refused or gave up a layer will not move again: no need to wait for long.
    const bool quiet = now() - last_progress_ >= kQuietCycles;
    if (quiet && (!read(ASSAY_REG_STATUS, &status_) || (status_ & ASSAY_STATUS_BUSY) == 0)) return;
    look = (quiet ? now() : last_progress_) + kQuietCycles;
  }
}

bool Session::wait_for_done() {
  const uint64_t begin = now();
  while (read(ASSAY_REG_STATUS, &status_) && now() - begin <= timeout_) {
    if ((status_ & ASSAY_STATUS_BUSY) == 0) return (status_ & ASSAY_STATUS_DONE) != 0;
  }
  return false;
}

// A run //

Stall Session::stall(assay_port port, const assay_cosim_job &job) const {
  const uint64_t key =
      Stall::key(options_.seed, static_cast<uint64_t>(port), static_cast<uint64_t>(job.layer_index),
                 static_cast<uint64_t>(job.n));
  return {key, options_.stall_percent[port]};
}

void Session::begin_idle() {
  jobs_.clear();
  receive(nullptr, 0);
  begin_ = last_progress_ = now();
  inputs_changed_ = true;
  act_.begin({});
  wgt_.begin({});
  par_.begin({});
  out_.begin({});
  axil_.begin({});
}

void Session::begin(const assay_cosim_job *jobs, size_t count, assay_cosim_result *results) {
  begin_idle();
  at_acc_ = at_requant_ = at_output_ = started_ = 0;
  outputs_complete_ = false;
  act_.begin(stall(ASSAY_PORT_ACT, jobs[0]));
  wgt_.begin(stall(ASSAY_PORT_WGT, jobs[0]));
  par_.begin(stall(ASSAY_PORT_PAR, jobs[0]));
  out_.begin(stall(ASSAY_PORT_OUT, jobs[0]));
  axil_.begin(stall(ASSAY_PORT_AXIL, jobs[0]));
  for (size_t i = 0; i < count; ++i) {
    const assay_plan &plan = *jobs[i].plan;
    jobs_.push_back(std::make_unique<Running>(&jobs[i], &results[i], Geometry(jobs[i])));
    act_.push(jobs[i].activations, plan.activation_words);
    wgt_.push(jobs[i].weights, plan.weight_words);
    par_.push(jobs[i].params, plan.param_words);
  }
}

void Session::run(const assay_cosim_job *jobs, size_t count, assay_cosim_result *results) {
  begin(jobs, count, results);
  bool started = true;
  for (size_t i = 0; i < count && started; ++i) started = start(i);
  if (started) wait_for_outputs();
  finish();
  begin_idle();
}

void Session::finish() {
  Running &last = *jobs_.back();
  const bool timeout = stuck();
  if (timeout) fail(current_output(), ASSAY_FAILURE_TIMEOUT, status_);
  const bool done = wait_for_done();
  if (!done || (status_ & ASSAY_STATUS_ERROR) != 0) {
    fail(current_output(), ASSAY_FAILURE_STATUS, status_);
  }
  uint32_t cycles = 0;
  if (!assay_firmware_read(this, ASSAY_REG_CYCLES, &cycles))
    fail(last, ASSAY_FAILURE_BUS, axil_.response());
  last.result->cycles = cycles;
  drain();
  check_sources();
  for (const auto &running : jobs_) {
    running->result->status = status_;
    running->scoreboard.finish(now());
  }
}

void Session::drain() {
  out_.begin({});
  for (uint64_t i = 0; i < kDrainCycles; ++i) cycle();
}

void Session::check_sources() {
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const assay_plan &plan = *jobs_[i]->job->plan;
    check_source(act_, ASSAY_PORT_ACT, i, plan.activation_words);
    check_source(wgt_, ASSAY_PORT_WGT, i, plan.weight_words);
    check_source(par_, ASSAY_PORT_PAR, i, plan.param_words);
  }
}

void Session::check_source(const Source &source, assay_port port, size_t index, uint64_t sent) {
  const uint64_t taken = source.taken(index);
  if (taken == sent) return;
  assay_failure failure = {};
  failure.kind = ASSAY_FAILURE_UNREAD;
  failure.stage = ASSAY_STAGE_NONE;
  failure.port = port;
  failure.expected = static_cast<int64_t>(sent);
  failure.actual = static_cast<int64_t>(taken);
  jobs_[index]->scoreboard.log().add(failure, now());
}

void Session::run_partly(const assay_cosim_job &job, uint64_t cycles) {
  assay_cosim_result ignored = {};
  begin(&job, 1, &ignored);
  if (start(0)) idle(cycles);
  jobs_.clear();
}

void Session::reset() {
  dut_->reset();
  begin_idle();
}

// A plan may use less of the buffers than the engine has: nothing but its checks knows their size.
bool Session::fits(const assay_cosim_job &job, std::string *reason) const {
  const assay_engine_config &a = job.plan->engine;
  const assay_engine_config &b = dut_->config();
  const bool same = a.pixels == b.pixels && a.channels == b.channels && a.acc_bits == b.acc_bits &&
                    a.multiplier_bits <= b.multiplier_bits && a.addend_bits <= b.addend_bits &&
                    a.affine <= b.affine && a.threshold <= b.threshold &&
                    a.corrected <= b.corrected && a.size_bits <= b.size_bits &&
                    a.step_bits <= b.step_bits;
  const bool room = a.bank_depth <= b.bank_depth && a.weight_depth <= b.weight_depth &&
                    a.param_blocks <= b.param_blocks && a.threshold_blocks <= b.threshold_blocks &&
                    a.max_kernel <= b.max_kernel;
  if (!same || !room) {
    *reason = std::string("the plan is for engine ") + a.name + ", the simulation runs " + b.name;
    return false;
  }
  if (!Geometry(job).complete()) {
    *reason = "the plan's output words do not cover the layer";
    return false;
  }
  if (job.parts == nullptr && (job.part.y != 0 || job.part.x != 0 || job.part.oc != 0)) {
    *reason = "a part of no layer";
    return false;
  }
  return true;
}

}  // namespace assay::sim

static bool assay_firmware_write(assay::sim::Session *port, uint32_t offset, uint32_t value) {
  return port->write(offset, value);
}

static bool assay_firmware_read(assay::sim::Session *port, uint32_t offset, uint32_t *value) {
  return port->read(offset, value);
}

// The C face //

struct assay_cosim {
  assay::sim::Session session;
};

namespace {

void give_reason(char reason[256], const std::string &text) {
  if (reason != nullptr) std::snprintf(reason, 256, "%s", text.c_str());
}

assay::sim::DutOptions dut_options(const assay_cosim_options &options) {
  assay::sim::DutOptions dut;
  dut.engine = options.engine != nullptr ? options.engine : "";
  dut.initial_state = static_cast<int>(options.initial_state);
  // 31 bits that are not 0: Verilator takes 0 for "choose one".
  dut.seed = static_cast<int>(assay::sim::Stall::key(options.seed, 0, 0, 0) >> 34) + 1;
  dut.trace_path = options.trace_path != nullptr ? options.trace_path : "";
  dut.trace_first = options.trace_first;
  dut.trace_last = options.trace_last != 0 ? options.trace_last : UINT64_MAX;
  return dut;
}

}  // namespace

extern "C" {

const struct assay_engine_config *assay_cosim_engine(size_t index) {
  return assay::sim::Dut::engine(index);
}

enum assay_status assay_cosim_open(const struct assay_cosim_options *options,
                                   struct assay_cosim **cosim, char reason[256]) {
  for (const uint8_t percent : options->stall_percent) {
    if (percent > 99) {
      give_reason(reason, "a stall percentage is above 99");
      return ASSAY_ERROR_ARGUMENT;
    }
  }
  std::string text;
  const assay::sim::DutOptions dut_opts = dut_options(*options);
  std::unique_ptr<assay::sim::Dut> dut = assay::sim::Dut::open(dut_opts, &text);
  if (dut == nullptr) {
    give_reason(reason, text);
    return dut_opts.trace_path.empty() ? ASSAY_ERROR_ARGUMENT : ASSAY_ERROR_UNSUPPORTED;
  }
  *cosim = new assay_cosim{assay::sim::Session(*options, std::move(dut))};
  return ASSAY_OK;
}

void assay_cosim_reset(struct assay_cosim *cosim) { cosim->session.reset(); }

enum assay_status assay_cosim_run(struct assay_cosim *cosim, const struct assay_cosim_job *jobs,
                                  size_t count, struct assay_cosim_result *results,
                                  char reason[256]) {
  std::string text = count == 0 ? "there is no job" : "";
  for (size_t i = 0; i < count && text.empty(); ++i) cosim->session.fits(jobs[i], &text);
  if (!text.empty()) {
    give_reason(reason, text);
    return ASSAY_ERROR_ARGUMENT;
  }
  cosim->session.run(jobs, count, results);
  return ASSAY_OK;
}

enum assay_status assay_cosim_run_partly(struct assay_cosim *cosim,
                                         const struct assay_cosim_job *job, uint64_t cycles) {
  std::string text;
  if (!cosim->session.fits(*job, &text)) return ASSAY_ERROR_ARGUMENT;
  cosim->session.run_partly(*job, cycles);
  return ASSAY_OK;
}

bool assay_cosim_write(struct assay_cosim *cosim, uint32_t address, uint32_t value) {
  return cosim->session.write(address, value);
}

bool assay_cosim_read(struct assay_cosim *cosim, uint32_t address, uint32_t *value) {
  return cosim->session.read(address, value);
}

void assay_cosim_send(struct assay_cosim *cosim, enum assay_port port, const void *words,
                      size_t count) {
  cosim->session.send(port, words, count);
}

void assay_cosim_receive(struct assay_cosim *cosim, uint8_t *words, size_t count) {
  cosim->session.receive(words, count);
}

size_t assay_cosim_received(const struct assay_cosim *cosim) { return cosim->session.received(); }

void assay_cosim_idle(struct assay_cosim *cosim, uint64_t cycles) { cosim->session.idle(cycles); }

uint64_t assay_cosim_cycle(const struct assay_cosim *cosim) { return cosim->session.now(); }

void assay_cosim_close(struct assay_cosim *cosim) { delete cosim; }

const char *assay_stage_name(enum assay_stage stage) {
  static const char *const kNames[] = {"acc", "requant", "output", "none"};
  return stage >= 0 && stage <= ASSAY_STAGE_NONE ? kNames[stage] : "unknown";
}

const char *assay_port_name(enum assay_port port) {
  static const char *const kNames[] = {"act", "wgt", "par", "out", "axil"};
  return port >= 0 && port <= ASSAY_PORT_AXIL ? kNames[port] : "unknown";
}

const char *assay_failure_name(enum assay_failure_kind kind) {
  static const char *const kNames[] = {"value",  "missing", "extra",  "duplicate", "outside",
                                       "order",  "padding", "tlast",  "unstable",  "withdrawn",
                                       "unread", "bus",     "status", "timeout"};
  return kind >= 0 && kind <= ASSAY_FAILURE_TIMEOUT ? kNames[kind] : "unknown";
}

}  // extern "C"
