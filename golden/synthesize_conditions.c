/* Part of golden/synthesize.c: what a list of thresholds asks of a multiplier and an addend. No
 * twin. */
#include "golden/synthesize_conditions.h"

#include "golden/threshold.h"

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

bool assay_build_conditions(const struct assay_step_target *target, int32_t late,
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
    add_condition(below, t - 1 - late, level);
  }
  if (y_hi < target->out_max) add_condition(below, target->range.hi - late, y_hi + 1);
  return true;
}

static bool is_less(struct assay_slope a, struct assay_slope b) { return a.n * b.d < b.n * a.d; }

static void tighten(struct assay_slopes *s, struct assay_condition least,
                    struct assay_condition below) {
  const int64_t run = below.acc - least.acc, rise = below.level - least.level;
  if (run == 0) return;  // then rise > 0: one accumulator has one output
  if (run > 0) {         // mu < rise / run
    const struct assay_slope candidate = {rise, run, least, below};
    if (s->high.d == 0 || is_less(candidate, s->high)) s->high = candidate;
  } else {  // mu > -rise / -run
    const struct assay_slope candidate = {-rise, -run, least, below};
    if (s->low.d == 0 || is_less(s->low, candidate)) s->low = candidate;
  }
}

struct assay_slopes assay_find_slopes(const struct assay_condition_set *least,
                                      const struct assay_condition_set *below) {
  struct assay_slopes s = {{0, 0, {0, 0}, {0, 0}}, {0, 0, {0, 0}, {0, 0}}};
  for (int32_t i = 0; i < least->count; i++) {
    for (int32_t j = 0; j < below->count; j++) tighten(&s, least->at[i], below->at[j]);
  }
  return s;
}

bool assay_slopes_possible(const struct assay_slopes *s) {
  return s->low.d == 0 || s->high.d == 0 || is_less(s->low, s->high);
}

int64_t assay_least_multiplier(const struct assay_slopes *s, int32_t shift) {
  if (s->low.d == 0 || s->low.n < 0) return 0;
  return s->low.n * ((int64_t)1 << shift) / s->low.d + 1;
}

bool assay_is_below_high(const struct assay_slopes *s, int64_t multiplier, int32_t shift) {
  return s->high.d == 0 || multiplier * s->high.d < s->high.n * ((int64_t)1 << shift);
}

int64_t assay_least_addend(const struct assay_condition_set *least, int64_t multiplier,
                           int32_t shift) {
  const int64_t one = (int64_t)1 << shift;
  int64_t low = -((int64_t)1 << 62);
  for (int32_t i = 0; i < least->count; i++) {
    const int64_t b = least->at[i].level * one - multiplier * least->at[i].acc;
    if (b > low) low = b;
  }
  return low;
}

static int64_t greatest_addend(const struct assay_condition_set *below, int64_t multiplier,
                               int32_t shift) {
  const int64_t one = (int64_t)1 << shift;
  int64_t high = (int64_t)1 << 62;
  for (int32_t i = 0; i < below->count; i++) {
    const int64_t b = below->at[i].level * one - multiplier * below->at[i].acc - 1;
    if (b < high) high = b;
  }
  return high;
}

/** The addend nearest to 0 that keeps all conditions; there is one when the multiplier is exact. */
static int64_t exact_addend(const struct assay_condition_set *least,
                            const struct assay_condition_set *below, int64_t multiplier,
                            int32_t shift) {
  const int64_t low = assay_least_addend(least, multiplier, shift);
  const int64_t high = greatest_addend(below, multiplier, shift);
  return low > 0 ? low : high < 0 ? high : 0;
}

bool assay_find_exact(const struct assay_slopes *s, const struct assay_condition_set *least,
                      const struct assay_condition_set *below, struct assay_affine *affine) {
  for (int32_t shift = 0; shift <= ASSAY_MAX_SHIFT; shift++) {
    const int64_t multiplier = assay_least_multiplier(s, shift);
    if (multiplier > INT32_MAX) return false;
    if (assay_is_below_high(s, multiplier, shift)) {
      *affine = (struct assay_affine){(int32_t)multiplier,
                                      exact_addend(least, below, multiplier, shift), shift};
      return true;
    }
  }
  return false;
}

bool assay_affine_limits_legal(const struct assay_affine_limits *limits) {
  return limits->multiplier_bits >= 1 && limits->multiplier_bits <= 31 &&
         limits->addend_bits >= 2 && limits->addend_bits <= 56 && limits->max_shift >= 0 &&
         limits->max_shift <= ASSAY_MAX_SHIFT;
}

bool assay_affine_fits(const struct assay_affine *affine,
                       const struct assay_affine_limits *limits) {
  const int64_t bound = (int64_t)1 << (limits->addend_bits - 1);
  return assay_multiplier_bits(affine->multiplier) <= limits->multiplier_bits &&
         affine->addend < bound && affine->addend > -bound && affine->shift <= limits->max_shift;
}
