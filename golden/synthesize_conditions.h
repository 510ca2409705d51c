/* Part of golden/synthesize.c: what a list of thresholds asks of a multiplier and an addend. No
 * twin. */
#ifndef ASSAY_GOLDEN_SYNTHESIZE_CONDITIONS_H_
#define ASSAY_GOLDEN_SYNTHESIZE_CONDITIONS_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/synthesize.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The output at acc must be at least `level`, or below it, by the set that holds this. */
struct assay_condition {
  int64_t acc;
  int32_t level;
};

/** Conditions of one kind, ascending in acc and in level. */
struct assay_condition_set {
  bool at_least;
  int32_t count;
  struct assay_condition at[256];
};

/**
 * All conditions of a target: each level is reached at its threshold, and not yet 1 + late
 * accumulators before it.
 * @param late  0: the levels come as in the target; 1: they may come one accumulator too early
 * @return      false when the list leaves the clamp
 */
bool assay_build_conditions(const struct assay_step_target *target, int32_t late,
                            struct assay_condition_set *least, struct assay_condition_set *below);

/** A slope n / d with the pair of conditions that gives it; d > 0. d == 0: no such bound. */
struct assay_slope {
  int64_t n, d;
  struct assay_condition least, below;
};

/** The open interval of real slopes that keep every pair of conditions. */
struct assay_slopes {
  struct assay_slope low, high;
};

/** The slopes that every pair of conditions leaves. */
struct assay_slopes assay_find_slopes(const struct assay_condition_set *least,
                                      const struct assay_condition_set *below);

/** Whether there is one. */
bool assay_slopes_possible(const struct assay_slopes *s);

/** Least integer >= 0 that is greater than low * 2^shift. */
int64_t assay_least_multiplier(const struct assay_slopes *s, int32_t shift);

/** Whether a multiplier is less than high * 2^shift. */
bool assay_is_below_high(const struct assay_slopes *s, int64_t multiplier, int32_t shift);

/** The least addend that keeps all "at least" conditions. */
int64_t assay_least_addend(const struct assay_condition_set *least, int64_t multiplier,
                           int32_t shift);

/** The exact solution of least shift; false: its multiplier has more than 31 bits. */
bool assay_find_exact(const struct assay_slopes *s, const struct assay_condition_set *least,
                      const struct assay_condition_set *below, struct assay_affine *affine);

/** Whether limits are in range, and whether parameters keep them. */
bool assay_affine_limits_legal(const struct assay_affine_limits *limits);
bool assay_affine_fits(const struct assay_affine *affine, const struct assay_affine_limits *limits);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_SYNTHESIZE_CONDITIONS_H_
