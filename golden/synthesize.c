/* Finds the affine requantizer that equals a list of thresholds, or shows that none exists. No
 * twin. */
#include "golden/synthesize.h"

#include <stddef.h>

#include "golden/compare.h"
#include "golden/synthesize_conditions.h"
#include "golden/synthesize_nearest.h"
#include "golden/thresholds.h"

static struct assay_constraint constraint(struct assay_condition c, bool at_least) {
  return (struct assay_constraint){(int32_t)c.acc, c.level, at_least};
}

/** Three of the four conditions behind low >= high that contradict each other (Helly). */
static void find_conflict(const struct assay_slopes *s, struct assay_constraint conflict[3]) {
  const struct assay_constraint four[4] = {
      constraint(s->low.least, true), constraint(s->low.below, false),
      constraint(s->high.least, true), constraint(s->high.below, false)};
  for (int32_t omitted = 0; omitted < 4; omitted++) {
    for (int32_t i = 0, n = 0; i < 4; i++) {
      if (i != omitted) conflict[n++] = four[i];
    }
    if (assay_constraints_conflict(conflict)) return;
  }
}

bool assay_constraints_conflict(const struct assay_constraint conflict[3]) {
  for (int32_t m = 0; m < 3; m++) {  // m: the one in the middle, of the other kind
    struct assay_constraint a = conflict[(m + 1) % 3], b = conflict[(m + 2) % 3];
    const struct assay_constraint middle = conflict[m];
    if (a.at_least != b.at_least || a.at_least == middle.at_least) continue;
    if (a.acc > b.acc) {
      const struct assay_constraint swap = a;
      a = b;
      b = swap;
    }
    if (a.acc > middle.acc || middle.acc > b.acc || a.acc == b.acc) continue;
    const int64_t left = (int64_t)middle.acc - a.acc, right = (int64_t)b.acc - middle.acc;
    const int64_t line = a.level * right + b.level * left;  // times (left + right)
    const int64_t bound = middle.level * (left + right);
    if (a.at_least ? line >= bound : line <= bound) return true;
  }
  return false;
}

/** The real slope to start from: the middle of the possible ones, or of the contradicting ones. */
static double middle_slope(const struct assay_slopes *s) {
  if (s->low.d == 0 && s->high.d == 0) return 0;
  const double low = s->low.d == 0 ? 0 : (double)s->low.n / (double)s->low.d;
  const double high = s->high.d == 0 ? 2 * low : (double)s->high.n / (double)s->high.d;
  return low + high < 0 ? 0 : (low + high) / 2;
}

static void describe_exact(struct assay_synthesis *result, const struct assay_affine *affine,
                           const struct assay_affine_limits *limits) {
  result->multiplier_bits = assay_multiplier_bits(affine->multiplier);
  result->exact_shift = affine->shift;
  if (!assay_affine_fits(affine, limits)) return;
  result->verdict = ASSAY_SYNTHESIS_EXACT;
  result->affine = *affine;
  result->fewest_proved = true;
}

enum assay_status assay_synthesize(const struct assay_step_target *target,
                                   const struct assay_affine_limits *limits, int64_t budget,
                                   struct assay_synthesis *synthesis) {
  struct assay_condition_set least, below;
  if (!assay_affine_limits_legal(limits)) return ASSAY_ERROR_ARGUMENT;
  if (!assay_build_conditions(target, 0, &least, &below)) return ASSAY_ERROR_ARGUMENT;
  const struct assay_slopes slopes = assay_find_slopes(&least, &below);
  struct assay_synthesis result = {.verdict = ASSAY_SYNTHESIS_WIDE};
  struct assay_affine exact;
  if (!assay_slopes_possible(&slopes)) {
    result.verdict = ASSAY_SYNTHESIS_IMPOSSIBLE;
    find_conflict(&slopes, result.conflict);
  } else if (assay_find_exact(&slopes, &least, &below, &exact)) {
    describe_exact(&result, &exact, limits);
  }
  if (result.verdict != ASSAY_SYNTHESIS_EXACT && budget > 0) {
    assay_synthesize_nearest(target, &least, &below, middle_slope(&slopes), limits, budget,
                             &result);
  } else if (result.verdict != ASSAY_SYNTHESIS_EXACT) {
    result.differing = assay_affine_differing(target, &result.affine);
  }
  *synthesis = result;
  return ASSAY_OK;
}

int64_t assay_affine_differing(const struct assay_step_target *target,
                               const struct assay_affine *affine) {
  struct assay_threshold_list list;
  assay_thresholds_of_affine(affine, target->out_min, target->out_max, target->range, target->q_low,
                             &list);
  return assay_compare_lists(target->list, &list, target->q_low, target->range, NULL, 0).count;
}

int32_t assay_multiplier_bits(int64_t multiplier) {
  int32_t bits = 0;
  while (multiplier >> bits > 0) bits++;
  return bits;
}
