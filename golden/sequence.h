/* Layers one after the other: where their weights lie, so that those of the next layer may be
 * loaded while one computes, and the cycles of all. No twin; rtl/assay_weights.sv loads early. */
#ifndef ASSAY_GOLDEN_SEQUENCE_H_
#define ASSAY_GOLDEN_SEQUENCE_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/cycles.h"
#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Let a layer's weight slots begin at a word of the weight memory; the register follows. */
void assay_plan_place(struct assay_plan *plan, int32_t weight_base);

/**
 * Place a layer's weight slots apart from those of the layer before it, at the other end of the
 * weight memory, if both fit; else at its beginning. The engine is safe wherever they lie: it loads
 * early only what meets nothing of the running layer.
 * @param before  the layer that runs before; NULL: none
 */
void assay_plan_follow(struct assay_plan *plan, const struct assay_plan *before);

/** Whether the ranges of the weight memory of two layers have no word in common. */
bool assay_weights_apart(const struct assay_plan *a, const struct assay_plan *b);

/**
 * Cycles of layers that are started one after the other, with streams that never stall.
 * @param plans    [count], count >= 1
 * @param started  [count] clock cycles in which the engine accepts the writes to CONTROL, not
 *                 decreasing; NULL: the driver has always described and started the next layer as
 *                 soon as the engine can hold it (one layer runs, one is set up behind it, one
 * waits in the registers)
 * @param cycles   [count] receives the parts of each layer, or NULL; `total` equals the CYCLES
 *                 register: from the layer's start, or from the end of the one before if that is
 *                 later; `setup` is what of the setting up is not hidden, 3 cycles at least
 * @return         cycles from the first start to the end of the last layer
 */
uint64_t assay_predict_sequence(const struct assay_plan *const *plans, size_t count,
                                const uint64_t *started, struct assay_cycles *cycles);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_SEQUENCE_H_
