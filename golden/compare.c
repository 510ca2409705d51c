/* Decides whether two requantizers are equal on an interval of accumulators. No twin. */
#include "golden/compare.h"

#include <stdbool.h>
#include <stdlib.h>

enum { LEVELS = 255 };

/** Where the intervals go while they are found in ascending order. */
struct collector {
  struct assay_comparison result;
  struct assay_difference *differences;
  size_t capacity;
};

static bool is_nearer(int64_t acc, int64_t than) {
  const int64_t a = acc < 0 ? -acc : acc, b = than < 0 ? -than : than;
  return a < b || (a == b && acc > than);
}

static void note_nearest(struct assay_comparison *result, struct assay_difference d) {
  const int64_t nearest = d.first > 0 ? d.first : d.last < 0 ? d.last : 0;
  if (result->count == 0 || is_nearer(nearest, result->nearest)) result->nearest = (int32_t)nearest;
}

static void collect(struct collector *c, struct assay_difference d) {
  note_nearest(&c->result, d);
  c->result.count += (int64_t)d.last - d.first + 1;
  const int32_t lsb = abs(d.y_a - d.y_b);
  if (lsb > c->result.max_lsb) c->result.max_lsb = lsb;
  if (c->result.intervals < c->capacity) c->differences[c->result.intervals] = d;
  c->result.intervals++;
}

/** Threshold k of a list, clipped to [lo, hi + 1]; hi + 1 behind the last. */
static int64_t clipped(const struct assay_threshold_list *list, int32_t k,
                       struct assay_interval range) {
  if (k >= LEVELS || list->t[k] > range.hi) return range.hi + 1;
  return list->t[k] < range.lo ? range.lo : list->t[k];
}

/** Number of thresholds reached at acc, going on from *k. */
static void advance(const struct assay_threshold_list *list, int64_t acc, int32_t *k) {
  while (*k < LEVELS && list->t[*k] <= acc) ++*k;
}

struct assay_comparison assay_compare_lists(const struct assay_threshold_list *a,
                                            const struct assay_threshold_list *b, int32_t q_low,
                                            struct assay_interval range,
                                            struct assay_difference *differences, size_t capacity) {
  struct collector c = {.differences = differences, .capacity = capacity};
  int32_t ka = 0, kb = 0;
  for (int64_t acc = range.lo; acc <= range.hi;) {
    advance(a, acc, &ka);
    advance(b, acc, &kb);
    const int64_t next_a = clipped(a, ka, range), next_b = clipped(b, kb, range);
    const int64_t next = next_a < next_b ? next_a : next_b;
    if (ka != kb) {
      collect(&c,
              (struct assay_difference){(int32_t)acc, (int32_t)(next - 1), q_low + ka, q_low + kb});
    }
    acc = next;
  }
  return c.result;
}

struct assay_comparison assay_compare_enumerate(const struct assay_requantizer *a,
                                                const struct assay_requantizer *b,
                                                struct assay_interval range,
                                                struct assay_difference *differences,
                                                size_t capacity) {
  struct collector c = {.differences = differences, .capacity = capacity};
  struct assay_difference open = {0, 0, 0, 0};  // y_a == y_b: no interval is open
  for (int64_t acc = range.lo; acc <= range.hi; acc++) {
    const int32_t y_a = assay_requantize(a, (int32_t)acc);
    const int32_t y_b = assay_requantize(b, (int32_t)acc);
    if (y_a == open.y_a && y_b == open.y_b) {
      open.last = (int32_t)acc;
      continue;
    }
    if (open.y_a != open.y_b) collect(&c, open);
    open = (struct assay_difference){(int32_t)acc, (int32_t)acc, y_a, y_b};
  }
  if (open.y_a != open.y_b) collect(&c, open);
  return c.result;
}
