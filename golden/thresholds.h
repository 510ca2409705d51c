/* Normal form of a requantizer: the least accumulator of every output value. No twin. */
#ifndef ASSAY_GOLDEN_THRESHOLDS_H_
#define ASSAY_GOLDEN_THRESHOLDS_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/bounds.h"
#include "golden/contract.h"
#include "golden/lowered.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Accumulators that assay_thresholds_enumerate may visit by default: about a second. */
#define ASSAY_ENUMERATE_LIMIT ((int64_t)1 << 27)

/**
 * Thresholds of a requantizer that does not decrease on [range.lo, range.hi], by bisection that
 * starts from the step found so far.
 *
 *   list->t[k] = min { acc in range : y(acc) >= q_low + k + 1 }
 *              = INT32_MIN when y(range.lo) is already that great, INT32_MAX when no acc is
 *
 * so that y(acc) = q_low + number of k with t[k] <= acc, for every acc in range. Precondition: y
 * does not decrease there (assay_is_monotone); the result means nothing otherwise.
 * @param range  inside int32
 * @param q_low  least value of the output dtype: 0 or -128
 */
void assay_thresholds_find(const struct assay_requantizer *requantizer, struct assay_interval range,
                           int32_t q_low, struct assay_threshold_list *list);

/**
 * The same by visiting every accumulator, for a requantizer of which nothing is known.
 * @return true: y does not decrease on range and *list is its normal form; false: it decreases, and
 *         *list is untouched
 */
bool assay_thresholds_enumerate(const struct assay_requantizer *requantizer,
                                struct assay_interval range, int32_t q_low,
                                struct assay_threshold_list *list);

/**
 * Thresholds of an affine requantizer, in closed form: ceil((k * 2^shift - addend) / multiplier),
 * clipped to [out_min, out_max] and to range as above.
 * @param affine  multiplier >= 0, shift 0..46, |addend| < 2^55
 */
void assay_thresholds_of_affine(const struct assay_affine *affine, int32_t out_min, int32_t out_max,
                                struct assay_interval range, int32_t q_low,
                                struct assay_threshold_list *list);

/** How it is known that a requantizer does not decrease. */
enum assay_monotone {
  ASSAY_MONOTONE_UNKNOWN = 0,     ///< no rule applies: enumerate
  ASSAY_MONOTONE_BY_RULE = 1,     ///< a composition of steps that do not decrease, no overflow at
                                  ///< either end
  ASSAY_MONOTONE_ENUMERATED = 2,  ///< every accumulator was visited
  ASSAY_MONOTONE_REFUTED = 3,     ///< every accumulator was visited, and the output decreases
};

/**
 * Whether the contract does not decrease on range for this channel, by rule. Each contract is a
 * chain of steps none of which decreases (adding a constant, converting to float32, multiplying by
 * a positive constant, rounding, shifting, clamping) as long as no step overflows or wraps. The
 * intermediate values do not decrease either, so it is enough that they fit at range.lo and
 * range.hi; the rule bounds them there from the channel's scales, with a margin for roundings.
 * @param contract  by its name; a name that is not in the table of thresholds.c gives UNKNOWN
 * @return ASSAY_MONOTONE_BY_RULE or ASSAY_MONOTONE_UNKNOWN
 */
enum assay_monotone assay_is_monotone(const struct assay_contract *contract,
                                      const struct assay_channel *channel,
                                      struct assay_interval range);

/**
 * The same for a contract whose parameters are integers (assay_contract.from_fixed_point). An
 * addend counts as a bias of addend / multiplier.
 */
enum assay_monotone assay_is_monotone_fixed(const struct assay_contract *contract,
                                            const struct assay_fixed_point *parameters,
                                            struct assay_interval range);

/**
 * Normal form of a requantizer: by bisection when `rule` is ASSAY_MONOTONE_BY_RULE, else by
 * enumeration when range has at most `limit` accumulators.
 * @param list  filled unless the answer is UNKNOWN or REFUTED
 */
enum assay_monotone assay_thresholds_of(const struct assay_requantizer *requantizer,
                                        enum assay_monotone rule, struct assay_interval range,
                                        int32_t q_low, int64_t limit,
                                        struct assay_threshold_list *list);

/**
 * Normal form of a contract on a channel: by rule and bisection where the rule holds, else by
 * enumeration when range has at most `limit` accumulators.
 * @param requantizer  the contract prepared for this channel
 * @param list         filled unless the answer is UNKNOWN or REFUTED
 */
enum assay_monotone assay_thresholds_of_contract(const struct assay_contract *contract,
                                                 const struct assay_channel *channel,
                                                 const struct assay_requantizer *requantizer,
                                                 struct assay_interval range, int64_t limit,
                                                 struct assay_threshold_list *list);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_THRESHOLDS_H_
