/* Part of golden/synthesize.c: the affine requantizer that differs from a target on the fewest
 * accumulators. No twin. */
#ifndef ASSAY_GOLDEN_SYNTHESIZE_NEAREST_H_
#define ASSAY_GOLDEN_SYNTHESIZE_NEAREST_H_

#include <stdint.h>

#include "golden/synthesize.h"
#include "golden/synthesize_conditions.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Search for the (M, B, S) with the fewest differing accumulators. S is the greatest shift at which
 * M near slope * 2^S fits its bits (every coarser multiplier is also one of this shift). For one M
 * the best B is found exactly. Multipliers are tried from the middle outwards; a lower bound from
 * pairs of thresholds half the list apart, which grows away from the middle, ends the search.
 * Fills affine, differing, fewest_proved and multipliers_searched.
 */
void assay_synthesize_nearest(const struct assay_step_target *target,
                              const struct assay_condition_set *least,
                              const struct assay_condition_set *below, double slope,
                              const struct assay_affine_limits *limits, int64_t budget,
                              struct assay_synthesis *result);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_SYNTHESIZE_NEAREST_H_
