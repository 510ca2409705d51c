/* Directed vectors: inputs whose accumulator lies exactly on either side of a threshold. No twin.
 */
#include "golden/directed.h"

#include <stdbool.h>

#include "golden/threshold.h"

/** Targets in the making; accumulators arrive in ascending order. */
struct targets {
  struct assay_directed_target *at;
  size_t count;
};

static void add(struct targets *targets, int64_t acc, enum assay_directed_kind kind) {
  if (targets->count > 0 && targets->at[targets->count - 1].acc >= acc) return;
  targets->at[targets->count++] = (struct assay_directed_target){(int32_t)acc, 0, kind};
}

size_t assay_directed_targets(const struct assay_threshold_list *list, struct assay_interval range,
                              int32_t q_low, struct assay_directed_target *targets) {
  struct targets found = {targets, 0};
  add(&found, range.lo, ASSAY_DIRECTED_LOW);
  for (int32_t k = 0; k < ASSAY_THRESHOLD_COUNT; k++) {
    const int64_t t = list->t[k];
    if (t <= range.lo || t > range.hi) continue;
    add(&found, t - 1, ASSAY_DIRECTED_BELOW);
    add(&found, t, ASSAY_DIRECTED_AT);
  }
  add(&found, range.hi, ASSAY_DIRECTED_HIGH);
  for (size_t i = 0; i < found.count; i++) {
    targets[i].y = assay_threshold_apply(list, q_low, targets[i].acc);
  }
  return found.count;
}

static enum assay_reachability solve_at(const struct assay_taps *taps, int64_t acc, uint8_t *patch,
                                        struct assay_directed_place *place) {
  struct assay_reach reach;
  assay_reach_prepare(taps, &reach);
  const enum assay_reachability answer = assay_reach_solve(&reach, acc, patch);
  if (answer == ASSAY_REACH_WITNESS) *place = (struct assay_directed_place){taps->y, taps->x};
  return answer;
}

enum assay_reachability assay_directed_solve(const struct assay_conv *conv, int32_t oc, int64_t acc,
                                             uint8_t *patch, struct assay_directed_place *place) {
  struct assay_taps taps;
  if (assay_taps_interior(conv, oc, &taps)) return solve_at(&taps, acc, patch, place);
  enum assay_reachability all = ASSAY_REACH_NEVER;
  const int32_t out_y = assay_conv_out_y(&conv->shape), out_x = assay_conv_out_x(&conv->shape);
  for (int32_t i = 0; i < out_y * out_x; i++) {
    taps = assay_taps_at(conv, oc, i / out_x, i % out_x);
    const enum assay_reachability answer = solve_at(&taps, acc, patch, place);
    if (answer == ASSAY_REACH_WITNESS) return answer;
    if (answer == ASSAY_REACH_UNKNOWN) all = answer;
  }
  return all;
}

void assay_directed_paste(const struct assay_conv *conv, int32_t oc,
                          struct assay_directed_place place, const uint8_t *patch, uint8_t *x) {
  const struct assay_conv_shape *s = &conv->shape;
  const struct assay_taps taps = assay_taps_at(conv, oc, place.y, place.x);
  const int32_t first_c = oc / (s->out_c / s->groups) * taps.in_c;
  for (int32_t ky = taps.ky_first; ky < taps.ky_end; ky++) {
    const int32_t row = place.y * s->stride_y - s->pad_top + ky * s->dilation_y;
    for (int32_t kx = taps.kx_first; kx < taps.kx_end; kx++) {
      const int32_t column = place.x * s->stride_x - s->pad_left + kx * s->dilation_x;
      uint8_t *to = x + ((int64_t)row * s->in_x + column) * s->in_c + first_c;
      const uint8_t *from = patch + ((int64_t)ky * s->kernel_x + kx) * taps.in_c;
      for (int32_t ic = 0; ic < taps.in_c; ic++) to[ic] = from[ic];
    }
  }
}
