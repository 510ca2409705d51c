/* Predicted cycles of a layer on an engine, and what bounds them. No twin: sim/ compares the total
 * with the engine's CYCLES register. */
#ifndef ASSAY_GOLDEN_CYCLES_H_
#define ASSAY_GOLDEN_CYCLES_H_

#include <stdint.h>

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where the cycles of a layer go: total = compute + every wait + fill + drain. */
struct assay_cycles {
  uint64_t total;         ///< start to done, streams never stalling
  uint64_t compute;       ///< cycles in which the array multiplies
  uint64_t wait_rows;     ///< array waits for input rows
  uint64_t wait_weights;  ///< array waits for a block of weights
  uint64_t wait_params;   ///< array waits for a block of parameters
  uint64_t wait_output;   ///< array waits for the collector: a tile has fewer steps than pixels
  uint64_t drain;         ///< rest: last results leaving, input rows that nothing needs
};

/** Cycles of a planned layer. All streams bring or take a word every cycle. */
struct assay_cycles assay_predict_cycles(const struct assay_plan *plan);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_CYCLES_H_
