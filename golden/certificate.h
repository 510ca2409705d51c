/* Certificates: the proof, for one channel, that two requantizers are equal on every reachable
 * accumulator, or the exact list of where they are not. No twin.
 * Independent checker: cli/check_certificate.h. */
#ifndef ASSAY_GOLDEN_CERTIFICATE_H_
#define ASSAY_GOLDEN_CERTIFICATE_H_

#include <stdint.h>

#include "golden/bounds.h"
#include "golden/compare.h"
#include "golden/contract.h"
#include "golden/lowered.h"
#include "golden/status.h"
#include "golden/thresholds.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the parameters of one side are. */
enum assay_side_form {
  ASSAY_SIDE_SCALES,      ///< a contract with float scales: `channel`
  ASSAY_SIDE_INTEGERS,    ///< a contract with integer parameters: `integers`
  ASSAY_SIDE_AFFINE,      ///< the engine's affine requantizer, or the user's: `affine`, out_min/max
  ASSAY_SIDE_THRESHOLDS,  ///< a list: `list`
  ASSAY_SIDE_CORRECTED,   ///< the corrected requantizer: `affine`, `late`, out_min/max
};

/** One side of a comparison: a requantizer with its parameters. A plain value. */
struct assay_side {
  enum assay_side_form form;
  const struct assay_contract *contract;  ///< SCALES and INTEGERS
  struct assay_channel channel;
  struct assay_fixed_point integers;
  struct assay_affine affine;
  struct assay_late_levels late;            ///< CORRECTED
  int32_t out_min, out_max;                 ///< AFFINE and CORRECTED: final clamp
  const struct assay_threshold_list *list;  ///< THRESHOLDS: borrowed
};

/** A contract on a channel; the contract on channel oc of a layer; a lowered channel. */
struct assay_side assay_side_of_contract(const struct assay_contract *contract,
                                         const struct assay_channel *channel);
struct assay_side assay_side_of_lowered(const struct assay_lowered *lowered, int32_t oc);

/** Name for listings and files: the contract's, or "affine", "corrected", "thresholds". */
const char *assay_side_name(const struct assay_side *side);

/**
 * The requantizer of a side, which must outlive it.
 * @param q_low  least value of the output dtype
 * @return       what the contract's prepare or the requantizer's check answers
 */
ASSAY_MUST_CHECK enum assay_status assay_side_prepare(const struct assay_side *side, int32_t q_low,
                                                      struct assay_requantizer *requantizer);

/** Whether a rule shows that the side does not decrease on range (golden/thresholds.h). */
enum assay_monotone assay_side_is_monotone(const struct assay_side *side,
                                           struct assay_interval range);

/** What a certificate says. */
enum assay_claim {
  ASSAY_CLAIM_EQUAL,      ///< proved equal for every accumulator in range
  ASSAY_CLAIM_DIFFERS,    ///< differs on exactly `comparison.count` accumulators
  ASSAY_CLAIM_UNDECIDED,  ///< no monotonicity rule holds, and range is too large to enumerate
};

/** The certificate of one channel. */
struct assay_certificate {
  struct assay_side a, b;
  int32_t q_low;
  struct assay_interval range;                 ///< reachable accumulators
  enum assay_monotone monotone_a, monotone_b;  ///< how each side is known not to decrease
  struct assay_threshold_list list_a, list_b;  ///< normal forms on range; of no meaning when the
                                               ///< side's monotone is UNKNOWN or REFUTED
  enum assay_claim claim;
  struct assay_comparison comparison;
};

/**
 * Compare two sides on a channel's reachable accumulators.
 * @param range        from assay_bounds_of_channel
 * @param limit        accumulators that may be visited where no rule holds
 * @param differences  [capacity] or NULL: as in assay_compare_lists
 * @return             as assay_side_prepare
 */
ASSAY_MUST_CHECK enum assay_status assay_certify(const struct assay_side *a,
                                                 const struct assay_side *b, int32_t q_low,
                                                 struct assay_interval range, int64_t limit,
                                                 struct assay_certificate *certificate,
                                                 struct assay_difference *differences,
                                                 size_t capacity);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_CERTIFICATE_H_
