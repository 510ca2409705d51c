/* Shared by golden/cycles.c and golden/sequence.c only. No twin. */
#ifndef ASSAY_GOLDEN_CYCLES_PRIVATE_H_
#define ASSAY_GOLDEN_CYCLES_PRIVATE_H_

#include "golden/cycles.h"

/** Cycles from the write to CONTROL of an idle engine until it runs (assay_control, assay_setup).
 */
uint64_t assay_setup_cycles(const struct assay_plan *plan);

/**
 * Cycles of a layer from its first cycle of running to done, without setup.
 * @param weights_begin  cycle, counted from there, in which its first weight word may arrive: 0, or
 * below 0 when it comes while the layer before computes
 * @param weights_end    receives the cycle after the one in which the last one arrives
 */
struct assay_cycles assay_predict_run(const struct assay_plan *plan, int64_t weights_begin,
                                      int64_t *weights_end);

#endif  // ASSAY_GOLDEN_CYCLES_PRIVATE_H_
