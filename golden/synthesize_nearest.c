/* Part of golden/synthesize.c: the affine requantizer that differs from a target on the fewest
 * accumulators. No twin. */
#include "golden/synthesize_nearest.h"

#include <math.h>

enum {
  MOST = 256,      // conditions of one kind
  MAX_STEPS = 48,  // accumulators by which one threshold may be wrong in a full evaluation
  KEEP = 8,        // greatest cost for which the quick test works
};

/*
 * At a fixed multiplier every condition is one number: B must be at least up = level*2^S - M*acc
 * for an "at least" condition, and below down + M, down = level*2^S - M*(acc + 1), for a "below"
 * condition. A condition that is missed costs accumulators: ceil((up - B) / M), or
 * floor((B - down) / M).
 */
struct projection {
  int64_t multiplier;
  int32_t up_count, down_count;
  int64_t up[MOST], down[MOST];
};

/** One search: the problem and the best answer so far. */
struct search {
  const struct assay_condition_set *least, *below;
  int64_t addend_bound;
  int64_t greatest;  // multiplier: 2^multiplier_bits - 1
  int64_t cost;      // of the best so far; INT64_MAX: none
  struct assay_affine best;
  int64_t budget, searched;
  bool complete;  // nothing was left out
};

static void project(const struct search *s, int64_t multiplier, int32_t shift,
                    struct projection *p) {
  const int64_t one = (int64_t)1 << shift;
  p->multiplier = multiplier;
  p->up_count = s->least->count;
  p->down_count = s->below->count;
  for (int32_t i = 0; i < p->up_count; i++) {
    p->up[i] = s->least->at[i].level * one - multiplier * s->least->at[i].acc;
  }
  for (int32_t i = 0; i < p->down_count; i++) {
    p->down[i] = s->below->at[i].level * one - multiplier * (s->below->at[i].acc + 1);
  }
}

static void sort(int64_t *v, int32_t n) {
  for (int32_t gap = 109; gap > 0; gap = gap == 109  ? 41
                                         : gap == 41 ? 19
                                         : gap == 19 ? 5
                                                     : gap / 2) {
    for (int32_t i = gap; i < n; i++) {
      const int64_t value = v[i];
      int32_t j = i;
      for (; j >= gap && v[j - gap] > value; j -= gap) v[j] = v[j - gap];
      v[j] = value;
    }
  }
}

/** Inserts into the list of the KEEP greatest values, greatest first. */
static void keep_greatest(int64_t kept[KEEP], int64_t value) {
  if (value <= kept[KEEP - 1]) return;
  int32_t i = KEEP - 1;
  for (; i > 0 && kept[i - 1] < value; i--) kept[i] = kept[i - 1];
  kept[i] = value;
}

/**
 * Necessary condition for a cost below `cost`: some `cost - 1` missed conditions, split between the
 * greatest `up` and the least `down`, leave the rest within one multiplier.
 */
static bool may_beat(const struct projection *p, int64_t cost) {
  if (cost > KEEP) return true;
  int64_t up[KEEP], down[KEEP];  // down is negated: its greatest is the least
  for (int32_t i = 0; i < KEEP; i++) up[i] = down[i] = -((int64_t)1 << 62);
  for (int32_t i = 0; i < p->up_count; i++) keep_greatest(up, p->up[i]);
  for (int32_t i = 0; i < p->down_count; i++) keep_greatest(down, -p->down[i]);
  for (int64_t j = 0; j < cost; j++) {
    if (up[cost - 1 - j] + down[j] < p->multiplier) return true;
  }
  return false;
}

/** Positions in the sorted lists, moved forward with the addend. */
struct pointers {
  int32_t up[MAX_STEPS + 1], down[MAX_STEPS + 1];
};

static int64_t cost_at(const struct projection *p, int64_t addend, int32_t steps,
                       struct pointers *at) {
  int64_t cost = 0;
  for (int32_t i = 0; i <= steps; i++) {
    const int64_t above = addend + i * p->multiplier, under = addend - i * p->multiplier;
    while (at->up[i] < p->up_count && p->up[at->up[i]] <= above) at->up[i]++;
    cost += p->up_count - at->up[i];
    if (i == 0) continue;
    while (at->down[i] < p->down_count && p->down[at->down[i]] <= under) at->down[i]++;
    cost += at->down[i];
  }
  return cost;
}

static void offer(struct search *s, int64_t cost, int64_t multiplier, int64_t addend,
                  int32_t shift) {
  if (cost >= s->cost || addend <= -s->addend_bound || addend >= s->addend_bound) return;
  s->cost = cost;
  s->best = (struct assay_affine){(int32_t)multiplier, addend, shift};
}

/** Offers the middle of the "at least" conditions, for multipliers far from all conditions. */
static void offer_middle(struct search *s, const struct projection *p, int32_t shift) {
  const int64_t addend = p->up_count > 0 ? p->up[p->up_count / 2] : p->down[p->down_count / 2];
  int64_t cost = 0;
  for (int32_t i = 0; i < p->up_count; i++) {
    if (p->up[i] > addend) cost += (p->up[i] - addend + p->multiplier - 1) / p->multiplier;
  }
  for (int32_t i = 0; i < p->down_count; i++) {
    if (addend > p->down[i]) cost += (addend - p->down[i]) / p->multiplier;
  }
  offer(s, cost, p->multiplier, addend, shift);
}

/**
 * The best addend of one multiplier. The cost of the "at least" conditions falls in steps at
 * up - j*M, that of the others only rises, so an optimum is at such a step or at the least addend
 * for which a "below" condition is missed next.
 */
static void evaluate(struct search *s, struct projection *p, int32_t shift) {
  sort(p->up, p->up_count);
  sort(p->down, p->down_count);
  const int64_t first = p->down_count > 0 ? p->down[0] + p->multiplier - 1 : p->up[p->up_count - 1];
  const int64_t last = p->up_count > 0 ? p->up[p->up_count - 1] : first;
  int64_t steps = last > first ? (last - first) / p->multiplier + 1 : 0;
  if (steps > MAX_STEPS) {  // two conditions alone cost more than MAX_STEPS: only a rough answer
    s->complete = s->complete && s->cost <= MAX_STEPS;
    offer_middle(s, p, shift);
    return;
  }
  struct pointers start = {{0}, {0}};
  offer(s, cost_at(p, first, (int32_t)steps, &start), p->multiplier, first, shift);
  for (int32_t j = 0; j <= steps; j++) {
    struct pointers at = {{0}, {0}};
    for (int32_t i = 0; i < p->up_count; i++) {
      const int64_t addend = p->up[i] - j * p->multiplier;
      if (addend < first) continue;
      offer(s, cost_at(p, addend, (int32_t)steps, &at), p->multiplier, addend, shift);
    }
  }
}

static void try_multiplier(struct search *s, int64_t multiplier, int32_t shift) {
  struct projection p;
  project(s, multiplier, shift, &p);
  s->searched++;
  if (may_beat(&p, s->cost)) evaluate(s, &p, shift);
}

/** floor((up - down) / M) if positive: what an "at least" and a "below" condition cost together. */
static int64_t pair_cost(struct assay_condition least, struct assay_condition below,
                         int64_t multiplier, int64_t one) {
  const int64_t gap = (least.level - below.level) * one + multiplier * (below.acc + 1 - least.acc);
  return gap >= multiplier ? gap / multiplier : 0;
}

/**
 * Lower bound of the cost at a multiplier, from pairs of conditions half the list apart, each used
 * once. too_steep: pairs that a greater multiplier only makes worse; else those that a smaller one
 * does.
 */
static int64_t lower_bound(const struct search *s, int64_t multiplier, int32_t shift,
                           bool too_steep) {
  const int64_t one = (int64_t)1 << shift;
  const int32_t n = s->least->count < s->below->count ? s->least->count : s->below->count;
  const int32_t half = n / 2;
  int64_t cost = 0;
  for (int32_t i = 0; i < half; i++) {
    cost += too_steep ? pair_cost(s->least->at[i], s->below->at[i + half], multiplier, one)
                      : pair_cost(s->least->at[i + half], s->below->at[i], multiplier, one);
  }
  return cost;
}

/** Multipliers whose lower bound is below the best cost, within [1, most]. */
static void find_window(const struct search *s, int32_t shift, int64_t most, int64_t *low,
                        int64_t *high) {
  int64_t a = 0, b = most + 1;  // greatest one that is not too steep: in [a, b)
  while (b - a > 1) {
    const int64_t m = a + (b - a) / 2;
    *(lower_bound(s, m, shift, true) < s->cost ? &a : &b) = m;
  }
  *high = a;
  a = 0;
  b = most + 1;  // least one that is not too flat: in (a, b]
  while (b - a > 1) {
    const int64_t m = a + (b - a) / 2;
    *(lower_bound(s, m, shift, false) < s->cost ? &b : &a) = m;
  }
  *low = b;
}

static int64_t clamp64(int64_t v, int64_t lo, int64_t hi) { return v < lo ? lo : v > hi ? hi : v; }

/** Tries all multipliers of one shift that could be better, from the middle outwards. */
static void scan(struct search *s, int32_t shift, double slope) {
  const int64_t middle = clamp64((int64_t)llround(ldexp(slope, shift)), 1, s->greatest);
  int64_t low, high, cost = s->cost;
  try_multiplier(s, middle, shift);
  find_window(s, shift, s->greatest, &low, &high);
  for (int64_t d = 1; middle - d >= low || middle + d <= high; d++) {
    if (s->cost < cost) {
      cost = s->cost;
      find_window(s, shift, s->greatest, &low, &high);
    }
    if (s->searched >= s->budget) {
      s->complete = false;
      return;
    }
    if (middle + d <= high) try_multiplier(s, middle + d, shift);
    if (middle - d >= low) try_multiplier(s, middle - d, shift);
  }
}

/** Greatest shift at which the multiplier near slope fits its bits and the addend its own. */
static int32_t choose_shift(const struct search *s, double slope, int32_t max_shift) {
  const struct assay_condition c = s->least->count > 0 ? s->least->at[0] : s->below->at[0];
  const double offset = fabs(c.level - slope * (double)c.acc) + 1;
  int32_t shift = max_shift;
  while (shift > 0 && (ldexp(slope, shift) > (double)s->greatest ||
                       ldexp(offset, shift) >= (double)s->addend_bound)) {
    shift--;
  }
  return shift;
}

/** Whether no shift beside those that were scanned can hold a better multiplier. */
static bool covers_all_shifts(const struct search *s, int32_t shift, int32_t max_shift) {
  int64_t low, high;
  if (shift > 1) {  // coarser ones: an even multiplier of shift - 1, unless it is too great there
    find_window(s, shift - 1, 2 * s->greatest, &low, &high);
    if (high > s->greatest) return false;
  }
  if (shift + 1 >= max_shift) return true;
  find_window(s, shift + 1, s->greatest, &low, &high);
  return low > s->greatest / 2;  // finer ones: the whole window is beyond the greatest multiplier
}

/**
 * The cost counts every threshold by itself. It is the number of differing accumulators for
 * everything that could be better if thresholds are further apart, and further from the ends, than
 * the best cost.
 */
static bool is_sparse(const struct assay_step_target *target, const struct search *s) {
  int64_t previous = target->range.lo - 1;
  for (int32_t i = 0; i < s->least->count; i++) {
    if (s->least->at[i].acc != target->range.lo && s->least->at[i].acc - previous <= s->cost) {
      return false;
    }
    previous = s->least->at[i].acc;
  }
  return target->range.hi - previous >= s->cost;
}

void assay_synthesize_nearest(const struct assay_step_target *target,
                              const struct assay_condition_set *least,
                              const struct assay_condition_set *below, double slope,
                              const struct assay_affine_limits *limits, int64_t budget,
                              struct assay_synthesis *result) {
  struct search s = {
      .least = least,
      .below = below,
      .addend_bound = (int64_t)1 << (limits->addend_bits - 1),
      .greatest = ((int64_t)1 << limits->multiplier_bits) - 1,
      .cost = INT64_MAX,
      .budget = budget,
      .complete = true,
  };
  const int32_t shift = choose_shift(&s, slope, limits->max_shift);
  scan(&s, shift, slope);
  if (shift > 0) scan(&s, shift - 1, slope);
  if (shift < limits->max_shift) scan(&s, shift + 1, slope);
  result->affine = s.best;
  result->differing = assay_affine_differing(target, &s.best);
  result->multipliers_searched = s.searched;
  result->fewest_proved = s.complete && s.cost < INT64_MAX &&
                          covers_all_shifts(&s, shift, limits->max_shift) && is_sparse(target, &s);
}
