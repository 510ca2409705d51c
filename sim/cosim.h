/* Co-simulation: runs layers on the Verilated engine and compares every stage with expected values.
 * No twin. */
#ifndef ASSAY_SIM_COSIM_H_
#define ASSAY_SIM_COSIM_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "golden/engine.h"
#include "golden/parts.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Ports of the engine that can be stalled. */
enum assay_port {
  ASSAY_PORT_ACT = 0,   ///< s_axis_act: tvalid is withheld between words
  ASSAY_PORT_WGT = 1,   ///< s_axis_wgt, likewise
  ASSAY_PORT_PAR = 2,   ///< s_axis_par, likewise
  ASSAY_PORT_OUT = 3,   ///< m_axis_out: tready is withheld at any time
  ASSAY_PORT_AXIL = 4,  ///< s_axil: awvalid, wvalid, arvalid withheld between accesses, bready and
                        ///< rready any time
};
enum { ASSAY_PORT_COUNT = 5 };

/** Values that are compared, in the order of the data flow. */
enum assay_stage {
  ASSAY_STAGE_ACC = 0,      ///< accumulators, from tap_acc
  ASSAY_STAGE_REQUANT = 1,  ///< requantized values, from tap_out
  ASSAY_STAGE_OUTPUT = 2,   ///< words of m_axis_out
  ASSAY_STAGE_NONE = 3,     ///< in a failure: it belongs to no stage
};
enum { ASSAY_STAGE_COUNT = 3 };

/** Short name of a stage or port for reports: "acc", "requant", "output"; "act", ... Never NULL. */
const char *assay_stage_name(enum assay_stage stage);
const char *assay_port_name(enum assay_port port);

/** What the registers of the engine hold before reset, to expose whatever reset forgets. */
enum assay_initial_state {
  ASSAY_INITIAL_ZEROS = 0,
  ASSAY_INITIAL_ONES = 1,
  ASSAY_INITIAL_RANDOM = 2,  ///< from the seed
};

/** How to open a simulation. Zero-initialize, then set what differs. */
struct assay_cosim_options {
  const char *engine;  ///< name of a built configuration (assay_cosim_engine), e.g. "8x8"
  uint64_t seed;       ///< of stalls and of random initial states
  uint8_t stall_percent[ASSAY_PORT_COUNT];  ///< 0..99: share of cycles in which a port stalls
  enum assay_initial_state initial_state;
  uint64_t timeout_cycles;  ///< give up after so many cycles without a transfer; 0: 200,000
  const char *trace_path;   ///< FST file to write, or NULL. Selects the (slower) traced model
  uint64_t trace_first;     ///< first cycle in the trace, counted as in a failure's `cycle`
  uint64_t trace_last;      ///< last cycle in the trace; 0: to the end
};

/**
 * One layer on one image, or one part of it (golden/parts.h). Borrows everything; all must outlive
 * the run. The expected values of a part are the whole layer's, and so are the places in failures;
 * counts are the part's own.
 */
struct assay_cosim_job {
  const struct assay_plan *plan;  ///< made for the engine that was opened, or for one that has less
                                  ///< of its buffers
  const struct assay_parts *parts;  ///< how the layer is cut; NULL: it is not, and `part` is 0
  struct assay_part part;           ///< the part that `plan` is of
  const uint8_t *activations;       ///< plan->activation_words words (assay_stream_activations)
  const uint8_t *weights;           ///< plan->weight_words words (assay_stream_weights)
  const uint64_t *params;           ///< plan->param_words words (assay_stream_params)
  const int32_t *acc;               ///< expected accumulators of the whole layer, NHWC
                                    ///< [out_y][out_x][out_c]
  const uint8_t *y;                 ///< expected outputs, likewise
  const char *layer;                ///< name for failures
  int32_t layer_index;              ///< for failures and for the stall pattern
  int32_t n;                        ///< number of the image, likewise
  uint8_t *received;  ///< of the whole layer, or NULL: receives the output stream in its places;
                      ///< what did not come is 0
};

/** What a failure is about. */
enum assay_failure_kind {
  ASSAY_FAILURE_VALUE = 0,  ///< a value differs
  ASSAY_FAILURE_MISSING,    ///< the place never came
  ASSAY_FAILURE_EXTRA,      ///< a beat after the layer's last
  ASSAY_FAILURE_DUPLICATE,  ///< the place came before
  ASSAY_FAILURE_OUTSIDE,    ///< the place is not in the layer
  ASSAY_FAILURE_ORDER,    ///< not the next place; `expected` is the number of the word that was due
  ASSAY_FAILURE_PADDING,  ///< a byte beyond the last channel is not 0
  ASSAY_FAILURE_LAST,     ///< tlast is wrong
  ASSAY_FAILURE_UNSTABLE,   ///< m_axis_out changed its payload while stalled
  ASSAY_FAILURE_WITHDRAWN,  ///< m_axis_out withdrew tvalid while stalled
  ASSAY_FAILURE_UNREAD,     ///< words of input stream `port` were not taken; actual: taken,
                            ///< expected: sent
  ASSAY_FAILURE_BUS,        ///< AXI4-Lite answered an error or broke its protocol; actual: response
  ASSAY_FAILURE_STATUS,     ///< STATUS is not "done, no error"; actual: STATUS
  ASSAY_FAILURE_TIMEOUT,    ///< no transfer for timeout_cycles; actual: STATUS, if it could be read
};

/** Short name of a failure's kind for reports: "value", "missing", ... Never NULL. */
const char *assay_failure_name(enum assay_failure_kind kind);

/** One failure with its place. Fields that a kind does not use are 0. */
struct assay_failure {
  enum assay_failure_kind kind;
  enum assay_stage stage;
  enum assay_port port;  ///< of UNREAD
  const char *layer;     ///< borrowed from the job
  int32_t layer_index;   ///< from the job
  int32_t n, y, x, c;    ///< place of the value; of a whole beat: its first channel
  uint64_t cycle;        ///< rising edges since the simulation was opened, reset included; in a
                         ///< trace at 10 ns * cycle
  uint64_t layer_cycle;  ///< cycles since the layer was started
  int64_t expected, actual;
};

/** Counts of one stage. All in values, not beats. Passing: compared == expected > 0, others 0. */
struct assay_stage_count {
  uint64_t expected;    ///< out_y * out_x * out_c
  uint64_t compared;    ///< places that came once and were compared
  uint64_t mismatched;  ///< of those, values that differ
  uint64_t missing;     ///< places that never came
  uint64_t extra;       ///< duplicates, places outside the layer, beats after the last
};

enum { ASSAY_COSIM_MAX_FAILURES = 32 };

/** What came out of one job. */
struct assay_cosim_result {
  bool pass;  ///< every stage compared exactly its count, which is not 0, and nothing failed
  struct assay_stage_count stage[ASSAY_STAGE_COUNT];
  uint32_t status;  ///< STATUS register at the end
  uint64_t cycles;  ///< CYCLES register after the last job of a run; 0 for the others, whose count
                    ///< is overwritten
  uint64_t cycles_counted;    ///< by the driver: from the write of CONTROL (or the previous job's
                              ///< last output, if later) to the last output word
  uint64_t start_cycle;       ///< `cycle` at which cycles_counted begins
  uint64_t control_cycle;     ///< `cycle` at which the write of CONTROL was accepted
  uint64_t first_activation;  ///< `cycle` at which the first activation word was taken
  uint64_t last_output;       ///< `cycle` at which the last output word was taken
  uint64_t early_words;    ///< weight words that were taken before the previous job's last output
  uint64_t failure_total;  ///< failures of any kind
  size_t failure_count;    ///< entries below: the first ones
  struct assay_failure failures[ASSAY_COSIM_MAX_FAILURES];
};

/** An opened simulation. */
struct assay_cosim;

/**
 * Configuration of a built engine, as the RTL was compiled with it.
 * @param index  0, 1, ...
 * @return       NULL beyond the last; static storage
 */
const struct assay_engine_config *assay_cosim_engine(size_t index);

/**
 * Build the model and reset it.
 * @param options  strings are copied
 * @param cosim    receives the handle; the caller closes it
 * @param reason   receives one English sentence on failure; may be NULL
 * @return ASSAY_OK; ASSAY_ERROR_ARGUMENT for an engine that was not built or a bad option;
 * ASSAY_ERROR_UNSUPPORTED when the trace file cannot be written
 */
ASSAY_MUST_CHECK enum assay_status assay_cosim_open(const struct assay_cosim_options *options,
                                                    struct assay_cosim **cosim, char reason[256]);

/** Hold reset for a few cycles: back to the state after assay_cosim_open, except for memories. */
void assay_cosim_reset(struct assay_cosim *cosim);

/**
 * Run jobs back to back: each is described and queued while the one before computes, and the
 * streams run on without a gap. Several runs may follow each other without a reset, if they pass.
 * @param jobs     [count], count >= 1
 * @param results  [count]
 * @param reason   receives one English sentence on failure; may be NULL
 * @return ASSAY_OK when the run took place, whatever it showed (results[i].pass);
 * ASSAY_ERROR_ARGUMENT when a plan is not for this engine, nothing is simulated then
 */
ASSAY_MUST_CHECK enum assay_status assay_cosim_run(struct assay_cosim *cosim,
                                                   const struct assay_cosim_job *jobs, size_t count,
                                                   struct assay_cosim_result *results,
                                                   char reason[256]);

/**
 * Start a job, give up after some cycles and leave the engine in mid-layer; nothing is reported.
 * assay_cosim_reset must follow.
 */
ASSAY_MUST_CHECK enum assay_status assay_cosim_run_partly(struct assay_cosim *cosim,
                                                          const struct assay_cosim_job *job,
                                                          uint64_t cycles);

/** One access to a register, as firmware would make it; false when the engine does not answer OKAY
 * in time. */
ASSAY_MUST_CHECK bool assay_cosim_write(struct assay_cosim *cosim, uint32_t address,
                                        uint32_t value);
ASSAY_MUST_CHECK bool assay_cosim_read(struct assay_cosim *cosim, uint32_t address,
                                       uint32_t *value);

/**
 * A DMA channel of a firmware's board, outside of assay_cosim_run: sends words on an input stream,
 * behind those sent before. They go out while cycles pass: in accesses to registers and in
 * assay_cosim_idle.
 * @param port   ASSAY_PORT_ACT, ASSAY_PORT_WGT or ASSAY_PORT_PAR
 * @param words  borrowed until they are sent, or until the next run or reset
 */
void assay_cosim_send(struct assay_cosim *cosim, enum assay_port port, const void *words,
                      size_t count);
/** Likewise for the output stream: the next `count` words go to `words`; those of an earlier call
 * that did not come are forgotten. */
void assay_cosim_receive(struct assay_cosim *cosim, uint8_t *words, size_t count);
/** Words that came since assay_cosim_receive, those beyond its count included. */
size_t assay_cosim_received(const struct assay_cosim *cosim);

/** Let clock cycles pass; streams are idle, but for assay_cosim_send. */
void assay_cosim_idle(struct assay_cosim *cosim, uint64_t cycles);

/** Rising edges since the simulation was opened. */
uint64_t assay_cosim_cycle(const struct assay_cosim *cosim);

/** Finish the trace and free everything. NULL is allowed. */
void assay_cosim_close(struct assay_cosim *cosim);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_SIM_COSIM_H_
