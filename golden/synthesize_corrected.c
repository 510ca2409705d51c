/* Finds the affine requantizer that equals a list of thresholds after its correction. No twin. */
#include "golden/compare.h"
#include "golden/correct.h"
#include "golden/requantizer.h"
#include "golden/synthesize.h"
#include "golden/synthesize_conditions.h"
#include "golden/thresholds.h"

enum { CANDIDATES = 16 };  // multipliers tried at a shift

/** The best answer so far. */
struct choice {
  int32_t count;  // late levels; -1: there is no answer
  struct assay_affine affine;
  struct assay_late_levels late;
};

/** Least accumulator at which the target's output is at least `level`; hi + 1: none. */
static int64_t threshold_of(const struct assay_step_target *target, int32_t level) {
  const int64_t t = target->list->t[level - target->q_low - 1];
  const int64_t end = target->range.hi + 1;
  return t < target->range.lo ? target->range.lo : t > end ? end : t;
}

/** The levels that affine has reached one accumulator before the target does. */
static struct assay_late_levels late_levels(const struct assay_step_target *target,
                                            const struct assay_affine *p) {
  struct assay_late_levels late = {{0}};
  for (int32_t level = target->out_min + 1; level <= target->out_max; level++) {
    const int64_t before = threshold_of(target, level) - 1;
    if (before < target->range.lo) continue;  // the output never is below the level
    const int64_t sum = before * p->multiplier + p->addend;
    if (assay_shift_floor(sum, p->shift) >= level) assay_mark_late(&late, level);
  }
  return late;
}

static void offer(struct choice *best, const struct assay_step_target *target,
                  const struct assay_affine_limits *limits, struct assay_affine affine) {
  if (!assay_affine_fits(&affine, limits)) return;
  const struct assay_late_levels late = late_levels(target, &affine);
  const int32_t count = assay_late_count(&late);
  if (best->count >= 0 && count >= best->count) return;
  if (assay_corrected_differing(target, &affine, &late) != 0) return;
  *best = (struct choice){count, affine, late};
}

/** Multipliers spread over those that are possible at a shift, each with its least addend. */
static void try_shift(struct choice *best, const struct assay_step_target *target,
                      const struct assay_affine_limits *limits, const struct assay_slopes *slopes,
                      const struct assay_condition_set *least, int32_t shift) {
  const int64_t low = assay_least_multiplier(slopes, shift);
  int64_t count = 0, end = (int64_t)1 << limits->multiplier_bits;
  if (slopes->high.d != 0) {
    const int64_t above = slopes->high.n * ((int64_t)1 << shift) / slopes->high.d + 1;
    if (above < end) end = above;
  }
  while (end > low && !assay_is_below_high(slopes, end - 1, shift)) end--;
  count = end - low;
  for (int64_t i = 0; i < CANDIDATES && i < count; i++) {
    const int64_t multiplier = count <= CANDIDATES ? low + i : low + count * i / CANDIDATES;
    const int64_t addend = assay_least_addend(least, multiplier, shift);
    offer(best, target, limits, (struct assay_affine){(int32_t)multiplier, addend, shift});
  }
}

bool assay_synthesize_corrected(const struct assay_step_target *target,
                                const struct assay_affine_limits *limits,
                                struct assay_affine *affine, struct assay_late_levels *late) {
  struct assay_condition_set least, below;
  if (!assay_affine_limits_legal(limits)) return false;
  if (!assay_build_conditions(target, 1, &least, &below) || least.count == 0) return false;
  const struct assay_slopes slopes = assay_find_slopes(&least, &below);
  if (!assay_slopes_possible(&slopes)) return false;
  struct choice best = {.count = -1};
  for (int32_t shift = 0; shift <= limits->max_shift && best.count != 0; shift++) {
    if (assay_least_multiplier(&slopes, shift) >> limits->multiplier_bits > 0) break;
    try_shift(&best, target, limits, &slopes, &least, shift);
  }
  if (best.count < 0) return false;
  *affine = best.affine;
  *late = best.late;
  return true;
}

int64_t assay_corrected_differing(const struct assay_step_target *target,
                                  const struct assay_affine *affine,
                                  const struct assay_late_levels *late) {
  struct assay_requantizer r;
  struct assay_threshold_list list;
  if (assay_requantizer_from_corrected(affine, late, target->out_min, target->out_max, &r) !=
      ASSAY_OK) {
    return -1;
  }
  assay_thresholds_find(&r, target->range, target->q_low, &list);
  return assay_compare_lists(target->list, &list, target->q_low, target->range, NULL, 0).count;
}
