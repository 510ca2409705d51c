/* Cycles that a layer takes on the engine, and what bounds them. No twin: sim/ compares the total
 * with the engine's CYCLES register. */
#ifndef ASSAY_GOLDEN_CYCLES_H_
#define ASSAY_GOLDEN_CYCLES_H_

#include <stdint.h>

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Blocks that a ring which does not hold the whole layer is given at most. */
enum { ASSAY_STREAMED_SLOTS = 64 };

/**
 * Where the cycles of a layer go, streams never stalling. total = setup + compute + all waits +
 * rest.
 */
struct assay_cycles {
  uint64_t total;    ///< start to done, equal to the CYCLES register of an idle engine
  uint64_t setup;    ///< checking the description; hidden when the layer was queued behind another
  uint64_t compute;  ///< the array multiplies
  uint64_t wait_rows;     ///< the array waits for input rows
  uint64_t wait_weights;  ///< ... for a block of weights
  uint64_t wait_params;   ///< ... for a block of parameters
  uint64_t
      wait_output;  ///< ... because a tile gives more output words than it has steps to compute
  uint64_t rest;    ///< filling and emptying the pipeline, input rows that nothing needs
};

/** What takes most of a layer's cycles. */
enum assay_bound {
  ASSAY_BOUND_COMPUTE = 0,
  ASSAY_BOUND_INPUT,    ///< activation stream
  ASSAY_BOUND_WEIGHTS,  ///< weight stream
  ASSAY_BOUND_PARAMS,   ///< parameter stream
  ASSAY_BOUND_OUTPUT,   ///< output stream
};

/** Cycles of a planned layer. Every stream brings or takes a word in every cycle it is allowed to.
 */
struct assay_cycles assay_predict_cycles(const struct assay_plan *plan);

/** Cycles from the last output word of a layer to the first activation word of the one queued
 * behind it, with streams that never stall: nothing is lost to its description and setup. */
enum { ASSAY_QUEUED_GAP = 4 };

/** Cycles from the end of the layer before to the end of this one, when it was queued in time: its
 * setup is hidden. Equal to the CYCLES register of a queued layer. */
uint64_t assay_queued_cycles(const struct assay_cycles *cycles);

/** The largest part of the cycles. */
enum assay_bound assay_bound_of(const struct assay_cycles *cycles);
/** "compute", "input", "weights", "parameters", "output". Never NULL, static storage. */
const char *assay_bound_name(enum assay_bound bound);

/** Buffers that a plan uses, in the units of struct assay_engine_config. */
struct assay_buffer_use {
  int32_t bank_words;    ///< of bank_depth
  int32_t weight_words;  ///< of weight_depth
  int32_t param_blocks;  ///< of param_blocks or threshold_blocks
};
struct assay_buffer_use assay_plan_buffers(const struct assay_plan *plan);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_CYCLES_H_
