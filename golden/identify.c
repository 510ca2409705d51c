/* Identifies an unknown requantizer from samples, and chooses the accumulators worth sampling. No
 * twin. */
#include "golden/identify.h"

#include "golden/threshold.h"

/** Whether the device can see this accumulator. Not decided counts as yes. */
static bool counts(const struct assay_device *device, int64_t acc) {
  return device->reach == NULL || assay_reach_query(device->reach, acc) != ASSAY_REACH_NEVER;
}

/** The nearest accumulator from acc on, in direction step, that counts; both ends do. */
static int64_t next_counting(const struct assay_device *device, int64_t acc, int64_t step) {
  while (acc > device->range.lo && acc < device->range.hi && !counts(device, acc)) acc += step;
  return acc;
}

static bool is_inside(const struct assay_threshold_list *list, int32_t k,
                      const struct assay_device *device) {
  return list->t[k] > device->range.lo && list->t[k] <= device->range.hi;
}

static bool was_sampled(const struct assay_sample *samples, size_t count, int64_t acc) {
  for (size_t i = 0; i < count; i++) {
    if (samples[i].acc == acc) return true;
  }
  return false;
}

/** The samples enclose every threshold of the list. */
static bool is_enclosed(const struct assay_threshold_list *list, const struct assay_device *device,
                        const struct assay_sample *samples, size_t count) {
  if (!was_sampled(samples, count, device->range.lo)) return false;
  if (!was_sampled(samples, count, device->range.hi)) return false;
  for (int32_t k = 0; k < ASSAY_THRESHOLD_COUNT; k++) {
    if (!is_inside(list, k, device)) continue;
    if (k > 0 && list->t[k] == list->t[k - 1]) continue;
    if (!was_sampled(samples, count, next_counting(device, list->t[k] - 1, -1))) return false;
    if (!was_sampled(samples, count, next_counting(device, list->t[k], 1))) return false;
  }
  return true;
}

struct assay_identification assay_identify(const struct assay_requantizer *candidate,
                                           const struct assay_threshold_list *list,
                                           const struct assay_device *device,
                                           const struct assay_sample *samples, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const int32_t expected = assay_requantize(candidate, samples[i].acc);
    if (expected != samples[i].y) {
      return (struct assay_identification){ASSAY_IDENTITY_REFUTED, i, expected};
    }
  }
  const bool equal = device->monotone && list != NULL && is_enclosed(list, device, samples, count);
  return (struct assay_identification){equal ? ASSAY_IDENTITY_EQUAL : ASSAY_IDENTITY_CONSISTENT,
                                       count, 0};
}

/** Appends to an ascending list unless it is there. */
static void append(int32_t *accs, size_t *count, int64_t acc) {
  if (*count > 0 && accs[*count - 1] >= acc) return;
  accs[(*count)++] = (int32_t)acc;
}

size_t assay_probe_complete(const struct assay_threshold_list *list,
                            const struct assay_device *device, int32_t *accs) {
  size_t count = 0;
  append(accs, &count, device->range.lo);
  for (int32_t k = 0; k < ASSAY_THRESHOLD_COUNT; k++) {
    if (!is_inside(list, k, device)) continue;
    append(accs, &count, next_counting(device, list->t[k] - 1, -1));
    append(accs, &count, next_counting(device, list->t[k], 1));
  }
  append(accs, &count, device->range.hi);
  return count;
}

/** A set of chosen accumulators, in the order of their choice. */
struct choice {
  const struct assay_threshold_list *const *lists;
  size_t candidates;
  const struct assay_device *device;
  int32_t *accs;
  size_t count, capacity;
};

static void choose(struct choice *c, int64_t acc) {
  if (c->count == c->capacity) return;
  for (size_t i = 0; i < c->count; i++) {
    if (c->accs[i] == acc) return;
  }
  c->accs[c->count++] = (int32_t)acc;
}

static bool are_apart(const struct choice *c, size_t a, size_t b) {
  for (size_t i = 0; i < c->count; i++) {
    const int32_t acc = c->accs[i], q_low = c->device->q_low;
    if (assay_threshold_apply(c->lists[a], q_low, acc) !=
        assay_threshold_apply(c->lists[b], q_low, acc)) {
      return true;
    }
  }
  return false;
}

static int64_t clip(const struct assay_device *device, int64_t t) {
  if (t < device->range.lo) return device->range.lo;
  return t > device->range.hi + 1 ? device->range.hi + 1 : t;
}

/** Chooses the first counting accumulator on which two lists differ, if there is one. */
static void separate(struct choice *c, size_t a, size_t b) {
  for (int32_t k = 0; k < ASSAY_THRESHOLD_COUNT; k++) {
    const int64_t t_a = clip(c->device, c->lists[a]->t[k]);
    const int64_t t_b = clip(c->device, c->lists[b]->t[k]);
    if (t_a == t_b) continue;
    const int64_t end = t_a < t_b ? t_b : t_a;
    for (int64_t acc = t_a < t_b ? t_a : t_b; acc < end; acc++) {
      if (!counts(c->device, acc)) continue;
      choose(c, acc);
      return;
    }
  }
}

/** Both sides of every step-th threshold of one list. */
static void fill(struct choice *c, const struct assay_threshold_list *list, int32_t step) {
  for (int32_t k = step / 2; k < ASSAY_THRESHOLD_COUNT; k += step) {
    if (!is_inside(list, k, c->device)) continue;
    choose(c, next_counting(c->device, list->t[k] - 1, -1));
    choose(c, next_counting(c->device, list->t[k], 1));
  }
}

size_t assay_probe_separating(const struct assay_threshold_list *const *lists, size_t candidates,
                              const struct assay_device *device, int32_t *accs, size_t capacity) {
  struct choice c = {lists, candidates, device, accs, 0, capacity};
  for (size_t a = 0; a < candidates; a++) {
    for (size_t b = a + 1; b < candidates; b++) {
      if (!are_apart(&c, a, b)) separate(&c, a, b);
    }
  }
  choose(&c, device->range.lo);
  choose(&c, device->range.hi);
  for (int32_t step = 64; step > 0 && c.count < capacity; step /= 2) {
    for (size_t i = 0; i < candidates; i++) fill(&c, lists[i], step);
  }
  return c.count;
}
