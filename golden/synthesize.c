/* Finds the affine requantizer that equals a list of thresholds, or shows that none exists. No
 * twin. */
#include "golden/synthesize.h"

#include <stddef.h>

#include "golden/compare.h"
#include "golden/synthesize_nearest.h"
#include "golden/threshold.h"
#include "golden/thresholds.h"

enum { LEVELS = 255 };

static int32_t level_at(const struct assay_step_target *target, int64_t acc) {
  return assay_threshold_apply(target->list, target->q_low, (int32_t)acc);
}

static void add_condition(struct assay_condition_set *set, int64_t acc, int32_t level) {
  // Of several levels at one accumulator the greatest "at least" and the least "below" decide.
  if (set->count > 0 && set->at[set->count - 1].acc == acc) {
    if (!set->at_least) return;
    set->count--;
  }
  set->at[set->count++] = (struct assay_condition){acc, level};
}

/** All conditions of a target, in ascending order of the accumulator. */
static bool build_conditions(const struct assay_step_target *target,
                             struct assay_condition_set *least, struct assay_condition_set *below) {
  const int32_t y_lo = level_at(target, target->range.lo);
  const int32_t y_hi = level_at(target, target->range.hi);
  if (y_lo < target->out_min || y_hi > target->out_max) return false;
  *least = (struct assay_condition_set){.at_least = true};
  *below = (struct assay_condition_set){.at_least = false};
  if (y_lo > target->out_min) add_condition(least, target->range.lo, y_lo);
  for (int32_t level = y_lo + 1; level <= y_hi; level++) {
    const int64_t t = target->list->t[level - target->q_low - 1];
    add_condition(least, t, level);
    add_condition(below, t - 1, level);
  }
  if (y_hi < target->out_max) add_condition(below, target->range.hi, y_hi + 1);
  return true;
}

/** A slope n / d with the pair of conditions that gives it; d > 0. d == 0: no such bound. */
struct slope {
  int64_t n, d;
  struct assay_condition least, below;
};

static bool is_less(struct slope a, struct slope b) { return a.n * b.d < b.n * a.d; }

/** The open interval of real slopes that keep every pair of conditions. */
struct slopes {
  struct slope low, high;
};

static void tighten(struct slopes *s, struct assay_condition least, struct assay_condition below) {
  const int64_t run = below.acc - least.acc, rise = below.level - least.level;
  if (run > 0) {  // mu < rise / run
    const struct slope candidate = {rise, run, least, below};
    if (s->high.d == 0 || is_less(candidate, s->high)) s->high = candidate;
  } else {  // mu > -rise / -run; run == 0 cannot be: one accumulator has one output
    const struct slope candidate = {-rise, -run, least, below};
    if (s->low.d == 0 || is_less(s->low, candidate)) s->low = candidate;
  }
}

static struct slopes find_slopes(const struct assay_condition_set *least,
                                 const struct assay_condition_set *below) {
  struct slopes s = {{0, 0, {0, 0}, {0, 0}}, {0, 0, {0, 0}, {0, 0}}};
  for (int32_t i = 0; i < least->count; i++) {
    for (int32_t j = 0; j < below->count; j++) tighten(&s, least->at[i], below->at[j]);
  }
  return s;
}

static bool is_possible(const struct slopes *s) {
  return s->low.d == 0 || s->high.d == 0 || is_less(s->low, s->high);
}

/** Least integer >= 0 that is greater than low * 2^shift. */
static int64_t least_multiplier(const struct slopes *s, int32_t shift) {
  if (s->low.d == 0 || s->low.n < 0) return 0;
  return s->low.n * ((int64_t)1 << shift) / s->low.d + 1;
}

static bool is_below_high(const struct slopes *s, int64_t multiplier, int32_t shift) {
  return s->high.d == 0 || multiplier * s->high.d < s->high.n * ((int64_t)1 << shift);
}

/** The addend nearest to 0 that keeps all conditions; there is one when the multiplier is exact. */
static int64_t exact_addend(const struct assay_condition_set *least,
                            const struct assay_condition_set *below, int64_t multiplier,
                            int32_t shift) {
  const int64_t one = (int64_t)1 << shift;
  int64_t low = -((int64_t)1 << 62), high = (int64_t)1 << 62;
  for (int32_t i = 0; i < least->count; i++) {
    const int64_t b = least->at[i].level * one - multiplier * least->at[i].acc;
    if (b > low) low = b;
  }
  for (int32_t i = 0; i < below->count; i++) {
    const int64_t b = below->at[i].level * one - multiplier * below->at[i].acc - 1;
    if (b < high) high = b;
  }
  return low > 0 ? low : high < 0 ? high : 0;
}

/** The exact solution of least shift, if its multiplier has at most 31 bits. */
static bool find_exact(const struct slopes *s, const struct assay_condition_set *least,
                       const struct assay_condition_set *below, struct assay_affine *affine) {
  for (int32_t shift = 0; shift <= ASSAY_MAX_SHIFT; shift++) {
    const int64_t multiplier = least_multiplier(s, shift);
    if (multiplier > INT32_MAX) return false;
    if (is_below_high(s, multiplier, shift)) {
      *affine = (struct assay_affine){(int32_t)multiplier,
                                      exact_addend(least, below, multiplier, shift), shift};
      return true;
    }
  }
  return false;
}

static struct assay_constraint constraint(struct assay_condition c, bool at_least) {
  return (struct assay_constraint){(int32_t)c.acc, c.level, at_least};
}

/** Three of the four conditions behind low >= high that contradict each other (Helly). */
static void find_conflict(const struct slopes *s, struct assay_constraint conflict[3]) {
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

static bool limits_are_legal(const struct assay_affine_limits *limits) {
  return limits->multiplier_bits >= 1 && limits->multiplier_bits <= 31 &&
         limits->addend_bits >= 2 && limits->addend_bits <= 56 && limits->max_shift >= 0 &&
         limits->max_shift <= ASSAY_MAX_SHIFT;
}

static bool fits(const struct assay_affine *affine, const struct assay_affine_limits *limits) {
  const int64_t bound = (int64_t)1 << (limits->addend_bits - 1);
  return assay_multiplier_bits(affine->multiplier) <= limits->multiplier_bits &&
         affine->addend < bound && affine->addend > -bound && affine->shift <= limits->max_shift;
}

/** The real slope to start from: the middle of the possible ones, or of the contradicting ones. */
static double middle_slope(const struct slopes *s) {
  if (s->low.d == 0 && s->high.d == 0) return 0;
  const double low = s->low.d == 0 ? 0 : (double)s->low.n / (double)s->low.d;
  const double high = s->high.d == 0 ? 2 * low : (double)s->high.n / (double)s->high.d;
  return low + high < 0 ? 0 : (low + high) / 2;
}

static void describe_exact(struct assay_synthesis *result, const struct assay_affine *affine,
                           const struct assay_affine_limits *limits) {
  result->multiplier_bits = assay_multiplier_bits(affine->multiplier);
  result->exact_shift = affine->shift;
  if (!fits(affine, limits)) return;
  result->verdict = ASSAY_SYNTHESIS_EXACT;
  result->affine = *affine;
  result->fewest_proved = true;
}

enum assay_status assay_synthesize(const struct assay_step_target *target,
                                   const struct assay_affine_limits *limits, int64_t budget,
                                   struct assay_synthesis *synthesis) {
  struct assay_condition_set least, below;
  if (!limits_are_legal(limits)) return ASSAY_ERROR_ARGUMENT;
  if (!build_conditions(target, &least, &below)) return ASSAY_ERROR_ARGUMENT;
  const struct slopes slopes = find_slopes(&least, &below);
  struct assay_synthesis result = {.verdict = ASSAY_SYNTHESIS_WIDE};
  struct assay_affine exact;
  if (!is_possible(&slopes)) {
    result.verdict = ASSAY_SYNTHESIS_IMPOSSIBLE;
    find_conflict(&slopes, result.conflict);
  } else if (find_exact(&slopes, &least, &below, &exact)) {
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
