/* Re-verifies certificates by independent means. No twin. */
#include "cli/check_certificate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 255 };

static const int64_t most_visited = (int64_t)1 << 27;

const char *const assay_check_trusted =
    "the weights, which are those of the bundle (SHA-256)\n"
    "the readers of YAML and .npy files\n"
    "IEEE float32 and double arithmetic of this machine and compiler\n"
    "for contracts without a second formula in cli/check_certificate.c: golden/contract_*.c\n"
    "that a PyTorch engine computes the named contract: tested elsewhere, not proved";

/* ---- the reachable interval ---- */

/** Least and greatest accumulator at one output position, by the definition. */
static void bounds_at(const struct assay_conv *conv, int32_t oc, int32_t y, int32_t x, int64_t *lo,
                      int64_t *hi) {
  const struct assay_conv_shape *s = &conv->shape;
  const int32_t in_group = s->in_c / s->groups, signed_x = conv->x.dtype == ASSAY_QINT8;
  const int64_t least = (signed_x ? -128 : 0) - conv->x.zero_point;
  const int64_t greatest = (signed_x ? 127 : 255) - conv->x.zero_point;
  const int64_t taps = (int64_t)s->kernel_y * s->kernel_x * in_group;
  *lo = *hi = 0;
  for (int64_t tap = 0; tap < taps; tap++) {
    const int64_t ky = tap / in_group / s->kernel_x, kx = tap / in_group % s->kernel_x;
    const int64_t row = (int64_t)y * s->stride_y + ky * s->dilation_y - s->pad_top;
    const int64_t column = (int64_t)x * s->stride_x + kx * s->dilation_x - s->pad_left;
    if (row < 0 || row >= s->in_y || column < 0 || column >= s->in_x) continue;
    const int64_t p = conv->weight[oc * taps + tap] * least;
    const int64_t q = conv->weight[oc * taps + tap] * greatest;
    *lo += p < q ? p : q;
    *hi += p < q ? q : p;
  }
}

/** Which kernel rows (or columns) are inside the image, as a bit pattern; kernels up to 64. */
static uint64_t pattern(int32_t at, int32_t stride, int32_t pad, int32_t kernel, int32_t dilation,
                        int32_t size) {
  uint64_t bits = 0;
  for (int32_t k = 0; k < kernel && k < 64; k++) {
    const int64_t position = (int64_t)at * stride + (int64_t)k * dilation - pad;
    if (position >= 0 && position < size) bits |= (uint64_t)1 << k;
  }
  return bits;
}

/** Whether this output row has the pattern of the row before, so that it adds nothing new. */
static bool row_repeats(const struct assay_conv_shape *s, int32_t y) {
  return y > 0 && s->kernel_y <= 64 &&
         pattern(y, s->stride_y, s->pad_top, s->kernel_y, s->dilation_y, s->in_y) ==
             pattern(y - 1, s->stride_y, s->pad_top, s->kernel_y, s->dilation_y, s->in_y);
}

static bool column_repeats(const struct assay_conv_shape *s, int32_t x) {
  return x > 0 && s->kernel_x <= 64 &&
         pattern(x, s->stride_x, s->pad_left, s->kernel_x, s->dilation_x, s->in_x) ==
             pattern(x - 1, s->stride_x, s->pad_left, s->kernel_x, s->dilation_x, s->in_x);
}

static void reachable(const struct assay_conv *conv, int32_t oc, int64_t *lo, int64_t *hi) {
  *lo = *hi = 0;
  for (int32_t y = 0; y < assay_conv_out_y(&conv->shape); y++) {
    if (row_repeats(&conv->shape, y)) continue;
    for (int32_t x = 0; x < assay_conv_out_x(&conv->shape); x++) {
      if (column_repeats(&conv->shape, x)) continue;
      int64_t l, h;
      bounds_at(conv, oc, y, x, &l, &h);
      if (l < *lo) *lo = l;
      if (h > *hi) *hi = h;
    }
  }
}

/* ---- the contracts, a second time ---- */

/** An output, and whether every step on the way kept its range (then no step can decrease). */
struct value {
  bool known, safe;
  int32_t y;
};

static struct value value_of(bool safe, double rounded, double low, double high) {
  const double y = rounded < low ? low : rounded > high ? high : rounded;
  return (struct value){true, safe && isfinite(rounded), isfinite(y) ? (int32_t)y : 0};
}

static double lowest(const struct assay_channel *c) { return c->relu ? c->y_zp : 0; }

static struct value qnnpack(const struct assay_channel *c, int64_t acc) {
  const float scale = ((float)c->w_scale * (float)c->x_scale) * (1.0f / (float)c->y_scale);
  const float bias_scale = (float)(c->w_scale * c->x_scale);
  const double bias = c->has_bias ? nearbyintf(c->bias * (1.0f / bias_scale)) : 0;
  const double n = (double)acc + bias;
  const bool fits = fabs(bias) < 0x1p31 && fabs(n) < 0x1p31;
  const float t = (float)(fits ? n : 0) * scale;
  return value_of(fits && scale > 0 && fabsf(t) < 0x1p30f, nearbyintf(t) + (double)c->y_zp,
                  lowest(c), 255);
}

static struct value fbgemm(const struct assay_channel *c, int64_t acc) {
  const float unit = (float)c->x_scale * (float)c->w_scale, scale = unit / (float)c->y_scale;
  float t = (float)acc;
  if (c->has_bias && c->per_channel) t = t + c->bias / unit;
  if (c->has_bias && !c->per_channel) t = fmaf(c->bias, (float)(1.0 / (double)unit), t);
  t = t * scale;
  return value_of(scale > 0 && fabsf(t) < 0x1p30f, nearbyintf(t) + (double)c->y_zp, lowest(c), 255);
}

static struct value onednn_2(const struct assay_channel *c, int64_t acc) {
  const float so = (float)(1.0 / c->x_scale);
  const float wo = c->per_channel ? 1.0f / (float)c->w_scale : (float)(1.0 / c->w_scale);
  const float bias_scale = so * wo, out_scale = (float)(1.0 / c->y_scale) / bias_scale;
  float t = (float)acc;
  if (c->has_bias) t = t + c->bias * bias_scale;
  t = t * out_scale;
  if (c->relu && t < 0) t = 0;
  t = t + (float)c->y_zp;
  return value_of(out_scale > 0 && isfinite(t), nearbyintf(t), lowest(c), 255);
}

static struct value onednn_3(const struct assay_channel *c, int64_t acc, bool twice) {
  const float source = 1.0f / (float)(1.0 / c->x_scale), weight = (float)c->w_scale;
  const float destination = 1.0f / (1.0f / (float)(1.0 / c->y_scale));
  float t = twice ? ((float)acc * source) * weight : (float)acc * (source * weight);
  if (c->has_bias) t = t + c->bias;
  if (c->relu && t < 0) t = 0;
  t = t * destination;
  t = t + (float)c->y_zp;
  return value_of(source * weight > 0 && destination > 0 && isfinite(t), nearbyintf(t), lowest(c),
                  255);
}

/** floor((acc * M + B) / 2^S), clamped; 128 bits are not needed within the legal widths. */
static struct value affine(const struct assay_check_side *side, int64_t acc) {
  const bool legal = side->multiplier >= 0 && side->multiplier <= INT32_MAX && side->shift >= 0 &&
                     side->shift <= 55 && llabs(side->addend) < (INT64_C(1) << 55);
  if (!legal) return (struct value){true, false, 0};
  const int64_t sum = acc * side->multiplier + side->addend, one = INT64_C(1) << side->shift;
  const int64_t floor = sum / one - (sum % one < 0);
  return value_of(true, (double)floor, side->out_min, side->out_max);
}

/** The affine one, where acc - 1 is a level lower and the level is late: that lower level. It
 * cannot decrease if an accumulator adds at most one level, or if no level is late. */
static struct value corrected(const struct assay_check_side *side, int64_t acc) {
  struct assay_check_side open = *side;
  open.out_min = INT32_MIN;
  open.out_max = INT32_MAX;
  const struct value level = affine(&open, acc);
  const bool plain = (side->late[0] | side->late[1] | side->late[2] | side->late[3]) == 0;
  if (!level.safe || (!plain && side->multiplier > INT64_C(1) << side->shift)) {
    return (struct value){true, false, 0};
  }
  const bool inside = level.y >= side->out_min && level.y <= side->out_max;
  const int byte = level.y & 255;
  const bool late = (side->late[byte / 64] >> (byte % 64) & 1) != 0;
  const bool first = affine(&open, acc - 1).y < level.y;
  return value_of(true, (double)level.y - (inside && late && first), side->out_min, side->out_max);
}

static struct value thresholds(const struct assay_check_side *side, int64_t acc) {
  int32_t reached = 0;
  bool ascends = true;
  for (int32_t k = 0; k < LEVELS; k++) {
    reached += side->list[k] <= acc;
    ascends = ascends && (k == 0 || side->list[k - 1] <= side->list[k]);
  }
  return (struct value){true, ascends, side->out_min + reached};
}

static struct value evaluate(const struct assay_check_side *side, int64_t acc) {
  const struct assay_channel *c = &side->channel;
  if (strcmp(side->name, "affine") == 0) return affine(side, acc);
  if (strcmp(side->name, "corrected") == 0) return corrected(side, acc);
  if (strcmp(side->name, "thresholds") == 0) return thresholds(side, acc);
  if (c->dtype == ASSAY_QUINT8 && side->integers == NULL) {
    if (strcmp(side->name, "qnnpack") == 0) return qnnpack(c, acc);
    if (strcmp(side->name, "fbgemm") == 0) return fbgemm(c, acc);
    if (strcmp(side->name, "onednn_2") == 0) return onednn_2(c, acc);
    if (strcmp(side->name, "onednn_3") == 0) return onednn_3(c, acc, false);
    if (strcmp(side->name, "onednn_3_11") == 0) return onednn_3(c, acc, true);
  }
  return (struct value){false, false, 0};
}

/* ---- the check ---- */

/** A check under way. */
struct check {
  const struct assay_check_claim *claim;
  struct assay_check_result result;
  int32_t q_low;
};

static bool reject(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool reject(struct check *check, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(check->result.reason, sizeof check->result.reason, format, arguments);
  va_end(arguments);
  return false;
}

static bool check_interval(struct check *check) {
  int64_t lo, hi;
  reachable(check->claim->conv, check->claim->oc, &lo, &hi);
  if (lo == check->claim->lo && hi == check->claim->hi) return true;
  return reject(check, "the weights reach [%lld, %lld], the certificate says [%lld, %lld]",
                (long long)lo, (long long)hi, (long long)check->claim->lo,
                (long long)check->claim->hi);
}

/** Late levels belong into the clamp, above its lower end. */
static bool late_levels_legal(const struct assay_check_side *side) {
  int32_t all = 0, inside = 0;
  for (int32_t byte = 0; byte < 256; byte++)
    all += (int32_t)(side->late[byte / 64] >> (byte % 64) & 1);
  for (int32_t level = side->out_min + 1; level <= side->out_max; level++) {
    inside += (int32_t)(side->late[(level & 255) / 64] >> (level & 63) & 1);
  }
  return side->out_max - side->out_min < 256 && all == inside;
}

/** Whether this file's formula holds on the whole interval. */
static bool has_own_formula(const struct check *check, const struct assay_check_side *side) {
  const struct value low = evaluate(side, check->claim->lo);
  const struct value high = evaluate(side, check->claim->hi);
  return low.known && low.safe && high.safe && late_levels_legal(side);
}

/** One stated threshold: the output crosses `level` there and nowhere else. */
static bool check_threshold(struct check *check, const struct assay_check_side *side, int32_t t,
                            int32_t level) {
  const int64_t lo = check->claim->lo, hi = check->claim->hi;
  if (t != INT32_MIN && t != INT32_MAX && (t <= lo || t > hi)) {
    return reject(check, "%s: threshold %d of output %d is outside the interval", side->name, t,
                  level);
  }
  const int64_t from = t == INT32_MIN ? lo : t, before = t == INT32_MAX ? hi : (int64_t)t - 1;
  if (t != INT32_MAX && evaluate(side, from).y < level) {
    return reject(check, "%s: output at %lld is below %d", side->name, (long long)from, level);
  }
  if (t != INT32_MIN && evaluate(side, before).y >= level) {
    return reject(check, "%s: output at %lld is not below %d", side->name, (long long)before,
                  level);
  }
  return true;
}

static bool check_list(struct check *check, const struct assay_check_side *side,
                       const int32_t *list) {
  if (list == NULL) return reject(check, "%s: the list of thresholds is missing", side->name);
  for (int32_t k = 0; k < LEVELS; k++) {
    if (!check_threshold(check, side, list[k], check->q_low + 1 + k)) return false;
  }
  return true;
}

/** Compares the differences that are found, one by one, with those that are stated. */
struct audit {
  struct check *check;
  size_t next;
  int64_t count;
};

static bool audit_difference(struct audit *audit, struct assay_check_difference found) {
  const struct assay_check_claim *claim = audit->check->claim;
  audit->count += found.last - found.first + 1;
  if (audit->next < claim->difference_count) {
    const struct assay_check_difference stated = claim->differences[audit->next++];
    if (stated.first == found.first && stated.last == found.last && stated.y_a == found.y_a &&
        stated.y_b == found.y_b) {
      return true;
    }
  }
  return reject(audit->check, "a difference at [%lld, %lld], outputs %d and %d, is not stated so",
                (long long)found.first, (long long)found.last, found.y_a, found.y_b);
}

static bool audit_end(const struct audit *audit) {
  const struct assay_check_claim *claim = audit->check->claim;
  if (audit->next != claim->difference_count) {
    return reject(audit->check, "%zu stated differences do not exist",
                  claim->difference_count - audit->next);
  }
  if (audit->count == claim->count) return true;
  return reject(audit->check, "%lld accumulators differ, the certificate says %lld",
                (long long)audit->count, (long long)claim->count);
}

static int32_t level_of(const int32_t *list, int64_t acc) {
  int32_t reached = 0;
  while (reached < LEVELS && list[reached] <= acc) reached++;
  return reached;
}

/** The next accumulator after acc at which one of the lists steps, or hi + 1. */
static int64_t next_step(const struct assay_check_claim *claim, int64_t acc) {
  int64_t next = claim->hi + 1;
  for (int32_t k = 0; k < LEVELS; k++) {
    if (claim->list_a[k] > acc && claim->list_a[k] < next) next = claim->list_a[k];
    if (claim->list_b[k] > acc && claim->list_b[k] < next) next = claim->list_b[k];
  }
  return next;
}

static bool check_count_by_lists(struct check *check) {
  const struct assay_check_claim *claim = check->claim;
  struct audit audit = {check, 0, 0};
  for (int64_t acc = claim->lo; acc <= claim->hi;) {
    const int64_t next = next_step(claim, acc);
    const int32_t y_a = check->q_low + level_of(claim->list_a, acc);
    const int32_t y_b = check->q_low + level_of(claim->list_b, acc);
    const struct assay_check_difference found = {acc, next - 1, y_a, y_b};
    if (y_a != y_b && !audit_difference(&audit, found)) return false;
    acc = next;
  }
  return audit_end(&audit);
}

/** A side as the library evaluates it, or by this file's formula where that is not possible. */
static bool prepare_trusted(struct check *check, const struct assay_check_side *side,
                            struct assay_requantizer *requantizer) {
  requantizer->apply = NULL;
  if (strcmp(side->name, "affine") == 0 || strcmp(side->name, "corrected") == 0 ||
      strcmp(side->name, "thresholds") == 0) {
    if (evaluate(side, 0).safe && late_levels_legal(side)) return true;
    return reject(check, "%s: parameters out of range", side->name);
  }
  const struct assay_contract *contract = assay_contract_find(side->name);
  if (contract == NULL) return reject(check, "unknown contract %s", side->name);
  const bool fixed = side->integers != NULL && contract->from_fixed_point != NULL;
  const enum assay_status status = fixed ? contract->from_fixed_point(side->integers, requantizer)
                                         : contract->prepare(&side->channel, requantizer);
  return status == ASSAY_OK || reject(check, "%s refuses these parameters", side->name);
}

static int32_t output(const struct assay_check_side *side,
                      const struct assay_requantizer *requantizer, int64_t acc) {
  return requantizer->apply != NULL ? requantizer->apply(requantizer, (int32_t)acc)
                                    : evaluate(side, acc).y;
}

static bool check_by_visit(struct check *check) {
  const struct assay_check_claim *claim = check->claim;
  struct assay_requantizer r_a, r_b;
  if (claim->hi - claim->lo >= most_visited) {
    return reject(check, "%s or %s is not known to be monotone, and the interval is too large",
                  claim->a.name, claim->b.name);
  }
  if (!prepare_trusted(check, &claim->a, &r_a)) return false;
  if (!prepare_trusted(check, &claim->b, &r_b)) return false;
  check->result.trusts_a = r_a.apply != NULL;
  check->result.trusts_b = r_b.apply != NULL;
  struct audit audit = {check, 0, 0};
  struct assay_check_difference open = {claim->lo, claim->lo - 1, 0, 0};
  for (int64_t acc = claim->lo; acc <= claim->hi; acc++) {
    const int32_t y_a = output(&claim->a, &r_a, acc), y_b = output(&claim->b, &r_b, acc);
    if (y_a != open.y_a || y_b != open.y_b) {
      if (open.y_a != open.y_b && !audit_difference(&audit, open)) return false;
      open = (struct assay_check_difference){acc, acc, y_a, y_b};
    }
    open.last = acc;
  }
  if (open.y_a != open.y_b && !audit_difference(&audit, open)) return false;
  return audit_end(&audit);
}

/** Lists that are stated beside a visit must be right as well. */
static bool check_list_by_visit(struct check *check, const struct assay_check_side *side,
                                const int32_t *list) {
  struct assay_requantizer r;
  if (list == NULL) return true;
  if (!prepare_trusted(check, side, &r)) return false;
  for (int64_t acc = check->claim->lo; acc <= check->claim->hi; acc++) {
    if (output(side, &r, acc) != check->q_low + level_of(list, acc)) {
      return reject(check, "%s: its list is wrong at %lld", side->name, (long long)acc);
    }
  }
  return true;
}

static bool check_all(struct check *check) {
  const struct assay_check_claim *claim = check->claim;
  if (!check_interval(check)) return false;
  if (has_own_formula(check, &claim->a) && has_own_formula(check, &claim->b)) {
    return check_list(check, &claim->a, claim->list_a) &&
           check_list(check, &claim->b, claim->list_b) && check_count_by_lists(check);
  }
  return check_by_visit(check) && check_list_by_visit(check, &claim->a, claim->list_a) &&
         check_list_by_visit(check, &claim->b, claim->list_b);
}

struct assay_check_result assay_check_certificate(const struct assay_check_claim *claim) {
  struct check check = {.claim = claim};
  check.q_low = claim->conv->y.dtype == ASSAY_QINT8 ? -128 : 0;
  check.result.accepted = check_all(&check);
  return check.result;
}
