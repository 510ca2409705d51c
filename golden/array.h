/* The array of multipliers and accumulators, and the sum over its rows. Twins:
 * rtl/assay_array.sv, rtl/assay_initial.sv, rtl/assay_row_sum.sv. */
#ifndef ASSAY_GOLDEN_ARRAY_H_
#define ASSAY_GOLDEN_ARRAY_H_

#include <stdint.h>

#include "golden/banks.h"
#include "golden/sequencer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** acc[j][i] belongs to output pixel (lane) j and row i. 32 bits that wrap, hence unsigned. The low
 * bits of a sum do not depend on the others, so that narrower accumulators need no arithmetic of
 * their own: assay_acc_of where a value leaves the array. */
struct assay_array {
  uint32_t acc[ASSAY_MAX_LANES][ASSAY_MAX_LANES];
};

/** Start a pass: every lane's accumulators take init[i], one value a row. */
void assay_array_start(struct assay_array *array, const struct assay_plan *plan,
                       const int32_t *init);

/**
 * One cycle: acc[j][i] += a[j][sel(i)] * w[i], a unsigned, w signed.
 * @param lanes  where the lanes read; lanes outside the image take the zero point
 * @param w      `channels` weights
 */
void assay_array_step(struct assay_array *array, const struct assay_banks *banks,
                      const struct assay_lanes *lanes, const struct assay_step *step,
                      const int8_t *w);

/** What an accumulator of acc_bits (1..32) holds: the low bits of the sum, sign-extended. */
int32_t assay_acc_of(uint32_t sum, int32_t acc_bits);

/** Sum of lane j over the rows: the accumulator of one output channel in `reduce`. */
int32_t assay_row_sum(const struct assay_array *array, const struct assay_plan *plan, int32_t lane);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_ARRAY_H_
