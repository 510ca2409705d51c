/* The threshold requantizer: a binary search in a channel's list. Twin: rtl/assay_threshold.sv. */
#ifndef ASSAY_GOLDEN_THRESHOLD_H_
#define ASSAY_GOLDEN_THRESHOLD_H_

#include <stdint.h>

#include "golden/lowered.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ASSAY_THRESHOLD_STEPS = 8,  ///< compares of one search
  ASSAY_THRESHOLD_COUNT = 255,
};

/**
 * One stage of the search. `position` is the number of thresholds known to be reached; after stage
 * s (0..7) it is known up to a multiple of 2^(7 - s).
 */
static inline int32_t assay_threshold_stage(const struct assay_threshold_list *list, int32_t stage,
                                            int32_t position, int32_t acc) {
  const int32_t step = 1 << (ASSAY_THRESHOLD_STEPS - 1 - stage);
  const int32_t index = position + step - 1;
  return list->t[index] <= acc ? position + step : position;
}

/**
 * y = q_low + number of k with t[k] <= acc, found in 8 stages.
 * Precondition: the list does not decrease (assay_threshold_check). INT32_MIN is reached by every
 * acc; INT32_MAX by no acc below INT32_MAX, which no layer's accumulator is.
 */
static inline int32_t assay_threshold_apply(const struct assay_threshold_list *list, int32_t q_low,
                                            int32_t acc) {
  int32_t position = 0;
  for (int32_t stage = 0; stage < ASSAY_THRESHOLD_STEPS; stage++) {
    position = assay_threshold_stage(list, stage, position, acc);
  }
  return q_low + position;
}

/** ASSAY_OK when the list does not decrease, else ASSAY_ERROR_ARGUMENT. */
ASSAY_MUST_CHECK enum assay_status assay_threshold_check(const struct assay_threshold_list *list);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_THRESHOLD_H_
