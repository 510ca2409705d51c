/* Finds the affine requantizer (multiplier, addend, shift) that equals a list of thresholds, or
 * shows that none exists. No twin. */
#ifndef ASSAY_GOLDEN_SYNTHESIZE_H_
#define ASSAY_GOLDEN_SYNTHESIZE_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/bounds.h"
#include "golden/lowered.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Greatest shift that is searched: beyond it the addend of a useful requantizer leaves 55 bits. */
enum { ASSAY_MAX_SHIFT = 46 };

/** Limits of the hardware. */
struct assay_affine_limits {
  int32_t multiplier_bits;  ///< 1..31: 0 <= multiplier < 2^multiplier_bits
  int32_t addend_bits;      ///< 2..56: |addend| < 2^(addend_bits - 1)
  int32_t max_shift;        ///< 0..ASSAY_MAX_SHIFT
};

/** What is asked: equality with a normal form on an interval. */
struct assay_step_target {
  const struct assay_threshold_list *list;  ///< borrowed
  struct assay_interval range;              ///< accumulators that matter, inside int32
  int32_t q_low;                            ///< least value of the output dtype
  int32_t out_min, out_max;                 ///< final clamp; the list stays inside it
};

/**
 * One condition on (M, B, S): at_least: acc*M + B >= level * 2^S, else acc*M + B < level * 2^S.
 */
struct assay_constraint {
  int32_t acc;
  int32_t level;
  bool at_least;
};

/** Answers of the search. */
enum assay_synthesis_verdict {
  ASSAY_SYNTHESIS_EXACT,       ///< affine equals the target on the whole range
  ASSAY_SYNTHESIS_WIDE,        ///< an exact one exists, but not within the limits
  ASSAY_SYNTHESIS_IMPOSSIBLE,  ///< no real line keeps all conditions: `conflict` shows it
};

/** Result of the search. */
struct assay_synthesis {
  enum assay_synthesis_verdict verdict;
  struct assay_affine affine;  ///< EXACT: the exact one with the least shift, which is also the one
                               ///< with the fewest multiplier bits; else the nearest within limits
  int32_t multiplier_bits;     ///< EXACT: of affine; WIDE: that the least exact one needs (0: more
                               ///< than 31, or a shift above ASSAY_MAX_SHIFT)
  int32_t exact_shift;         ///< EXACT and WIDE: its shift
  int64_t differing;           ///< accumulators in range on which affine differs; 0 iff EXACT
  bool
      fewest_proved;  ///< no (M, B, S) within the limits and at this shift differs on fewer. False:
                      ///< the search was bounded, `differing` is only the least that was found
  int64_t multipliers_searched;         ///< multipliers that were decided for the nearest one
  struct assay_constraint conflict[3];  ///< IMPOSSIBLE: three conditions that no line keeps
};

/**
 * Exact synthesis. With mu = M / 2^S every pair of conditions (p at least k, q below k') says
 * mu * (q - p) < k' - k, so the exact multipliers at shift S are the integers strictly inside
 * (mu_low * 2^S, mu_high * 2^S) with two rational ends that do not depend on S. The least S with
 * such an integer also gives the fewest multiplier bits: if M is the least at S and M' the least
 * at S + 1, then M' > 2 * mu_low * 2^S, hence M' >= 2 * (M - 1) + 1 >= M. When mu_low >= mu_high
 * three of the conditions contradict each other (Helly). When there is no exact one within the
 * limits, the nearest is searched: see assay_synthesize_nearest.
 * @param budget  multipliers to be tried for the nearest; 0: do not look for it (affine is then 0)
 * @return        ASSAY_ERROR_ARGUMENT for limits out of range or a list that leaves the clamp
 */
ASSAY_MUST_CHECK enum assay_status assay_synthesize(const struct assay_step_target *target,
                                                    const struct assay_affine_limits *limits,
                                                    int64_t budget,
                                                    struct assay_synthesis *synthesis);

/**
 * Whether three conditions contradict each other for every real (mu >= 0, beta): two of a kind
 * around one of the other kind, whose level the straight line between the two cannot keep.
 */
bool assay_constraints_conflict(const struct assay_constraint conflict[3]);

/**
 * Synthesis for the corrected requantizer (golden/correct.h): levels may come one accumulator too
 * early, which the correction takes back. A line must then pass between the points (T_k - 2, k) and
 * (T_k, k), twice the room of assay_synthesize. At every shift multipliers spread over the possible
 * ones are tried, each with its least addend; the one with the fewest late levels is kept.
 * @return  true: affine with late equals the target on its whole range (thresholds compared);
 *          false: none was found within the limits, nothing is written
 */
ASSAY_MUST_CHECK bool assay_synthesize_corrected(const struct assay_step_target *target,
                                                 const struct assay_affine_limits *limits,
                                                 struct assay_affine *affine,
                                                 struct assay_late_levels *late);

/** Accumulators of the target's range on which a corrected requantizer differs from it; -1: its
 * parameters are illegal. */
int64_t assay_corrected_differing(const struct assay_step_target *target,
                                  const struct assay_affine *affine,
                                  const struct assay_late_levels *late);

/** Accumulators of the target's range on which an affine requantizer differs from it. */
int64_t assay_affine_differing(const struct assay_step_target *target,
                               const struct assay_affine *affine);

/** Bits of a multiplier: least n with multiplier < 2^n. */
int32_t assay_multiplier_bits(int64_t multiplier);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_SYNTHESIZE_H_
