/* Requantizers whose parameters are given as integers instead of scales. No twin: it wraps the
 * twins golden/affine.h, golden/correct.h and golden/threshold.h. */
#ifndef ASSAY_GOLDEN_REQUANTIZER_H_
#define ASSAY_GOLDEN_REQUANTIZER_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/contract.h"
#include "golden/lowered.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The affine requantizer of golden/affine.h as a prepared contract.
 * @param half_even  false: floor, as the RTL; true: assay_affine_apply_half_even
 * @return what assay_affine_check answers for 31 and 56 bits; ASSAY_ERROR_ARGUMENT when out_min >
 * out_max
 */
ASSAY_MUST_CHECK enum assay_status assay_requantizer_from_affine(const struct assay_affine *affine,
                                                                 int32_t out_min, int32_t out_max,
                                                                 bool half_even,
                                                                 struct assay_requantizer *out);

/**
 * The corrected requantizer of golden/correct.h as a prepared contract.
 * @param late  borrowed: must outlive *out
 * @return      what assay_affine_check answers for 31 and 56 bits, then what assay_correct_check
 * answers
 */
ASSAY_MUST_CHECK enum assay_status assay_requantizer_from_corrected(
    const struct assay_affine *affine, const struct assay_late_levels *late, int32_t out_min,
    int32_t out_max, struct assay_requantizer *out);

/**
 * The threshold requantizer of golden/threshold.h as a prepared contract.
 * @param list   borrowed: must outlive *out
 * @param q_low  output below the first threshold: 0 or -128
 * @return ASSAY_ERROR_ARGUMENT when the list decreases somewhere
 */
ASSAY_MUST_CHECK enum assay_status assay_requantizer_from_thresholds(
    const struct assay_threshold_list *list, int32_t q_low, struct assay_requantizer *out);

/** Channel oc of a lowered layer, whichever requantizer it has. */
ASSAY_MUST_CHECK enum assay_status assay_requantizer_of_lowered(const struct assay_lowered *lowered,
                                                                int32_t oc,
                                                                struct assay_requantizer *out);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_REQUANTIZER_H_
