/* Decides whether two requantizers are equal on an interval of accumulators, and where they are
 * not. No twin. */
#ifndef ASSAY_GOLDEN_COMPARE_H_
#define ASSAY_GOLDEN_COMPARE_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/bounds.h"
#include "golden/contract.h"
#include "golden/lowered.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Accumulators first..last, on all of which one side gives y_a and the other y_b != y_a. */
struct assay_difference {
  int32_t first, last;
  int32_t y_a, y_b;
};

/** Intervals that a comparison of two threshold lists can have at most. */
enum { ASSAY_MAX_DIFFERENCES = 511 };

/** Result of a comparison; count == 0 means equal on the whole interval. */
struct assay_comparison {
  int64_t count;     ///< accumulators on which the outputs differ
  size_t intervals;  ///< intervals found (more than `capacity`: only the first ones were stored)
  int32_t nearest;   ///< differing accumulator nearest to 0 (the positive one of two); 0 if none
  int32_t max_lsb;   ///< greatest |y_a - y_b|
};

/**
 * Compare two normal forms on range: the outputs differ exactly between unequal thresholds, so the
 * answer holds for every accumulator in range.
 * @param a, b         lists as assay_thresholds_find makes them for this range (values outside are
 *                     clipped)
 * @param differences  [capacity] or NULL with capacity 0: the maximal intervals on which the pair
 *                     of outputs is constant and unequal, in ascending order
 */
struct assay_comparison assay_compare_lists(const struct assay_threshold_list *a,
                                            const struct assay_threshold_list *b, int32_t q_low,
                                            struct assay_interval range,
                                            struct assay_difference *differences, size_t capacity);

/** The same by visiting every accumulator of range; for requantizers that may decrease. */
struct assay_comparison assay_compare_enumerate(const struct assay_requantizer *a,
                                                const struct assay_requantizer *b,
                                                struct assay_interval range,
                                                struct assay_difference *differences,
                                                size_t capacity);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_COMPARE_H_
