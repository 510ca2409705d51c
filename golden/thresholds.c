/* Normal form of a requantizer: the least accumulator of every output value. No twin. */
#include "golden/thresholds.h"

#include <math.h>
#include <string.h>

enum { LEVELS = 255 };

static int64_t clamp64(int64_t v, int64_t lo, int64_t hi) { return v < lo ? lo : v > hi ? hi : v; }

static bool reaches(const struct assay_requantizer *r, int64_t acc, int32_t level) {
  return assay_requantize(r, (int32_t)acc) >= level;
}

/** Least acc in (below, above] that reaches level; y(below) < level <= y(above). */
static int64_t bisect(const struct assay_requantizer *r, int32_t level, int64_t below,
                      int64_t above) {
  while (above - below > 1) {
    const int64_t middle = below + (above - below) / 2;
    if (reaches(r, middle, level)) {
      above = middle;
    } else {
      below = middle;
    }
  }
  return above;
}

/** As bisect, with a guess: steps of 1, 2, 4... from it until the threshold is enclosed. */
static int64_t seek(const struct assay_requantizer *r, int32_t level, int64_t below, int64_t above,
                    int64_t guess) {
  guess = clamp64(guess, below + 1, above);
  const bool down = reaches(r, guess, level);
  if (down) {
    above = guess;
  } else {
    below = guess;
  }
  for (int64_t step = 1; above - below > step; step *= 2) {
    const int64_t probe = down ? above - step : below + step;
    const bool reached = reaches(r, probe, level);
    if (reached) {
      above = probe;
    } else {
      below = probe;
    }
    if (reached != down) break;
  }
  return bisect(r, level, below, above);
}

/** Fills the levels that always (<= y_lo) or never (> y_hi) hold on the range. */
static void fill_ends(int32_t q_low, int32_t y_lo, int32_t y_hi,
                      struct assay_threshold_list *list) {
  for (int32_t k = 0; k < LEVELS; k++) {
    const int32_t level = q_low + 1 + k;
    if (level <= y_lo) list->t[k] = INT32_MIN;
    if (level > y_hi) list->t[k] = INT32_MAX;
  }
}

void assay_thresholds_find(const struct assay_requantizer *requantizer, struct assay_interval range,
                           int32_t q_low, struct assay_threshold_list *list) {
  const int32_t y_lo = assay_requantize(requantizer, (int32_t)range.lo);
  const int32_t y_hi = assay_requantize(requantizer, (int32_t)range.hi);
  fill_ends(q_low, y_lo, y_hi, list);
  int64_t below = range.lo, first = 0;
  int32_t reached = y_lo;  // output at `below`
  for (int32_t level = y_lo + 1; level <= y_hi; level++) {
    if (level > reached) {
      if (level <= y_lo + 2) {  // no spacing is known yet
        below = bisect(requantizer, level, below, range.hi);
        if (level == y_lo + 1) first = below;
      } else {
        const double spacing = (double)(below - first) / (level - 2 - y_lo);
        const int64_t guess = first + (int64_t)(spacing * (level - 1 - y_lo));
        below = seek(requantizer, level, below, range.hi, guess);
      }
      reached = assay_requantize(requantizer, (int32_t)below);
    }
    list->t[level - q_low - 1] = (int32_t)below;
  }
}

bool assay_thresholds_enumerate(const struct assay_requantizer *requantizer,
                                struct assay_interval range, int32_t q_low,
                                struct assay_threshold_list *list) {
  struct assay_threshold_list found;
  int32_t previous = assay_requantize(requantizer, (int32_t)range.lo);
  fill_ends(q_low, previous, INT32_MIN, &found);
  for (int32_t level = q_low + 1; level <= previous; level++) {
    found.t[level - q_low - 1] = INT32_MIN;
  }
  for (int64_t acc = range.lo + 1; acc <= range.hi; acc++) {
    const int32_t y = assay_requantize(requantizer, (int32_t)acc);
    if (y < previous) return false;
    for (; previous < y; previous++) found.t[previous - q_low] = (int32_t)acc;
  }
  *list = found;
  return true;
}

/** ceil(n / d), d > 0. */
static int64_t ceil_divide(int64_t n, int64_t d) { return n / d + (n % d > 0 ? 1 : 0); }

/** Least acc with acc * multiplier + addend >= level * 2^shift, clipped to [lo, hi + 1]. */
static int64_t affine_threshold(const struct assay_affine *affine, int32_t level,
                                struct assay_interval range) {
  const int64_t need = level * ((int64_t)1 << affine->shift) - affine->addend;
  if (affine->multiplier == 0) return need <= 0 ? range.lo : range.hi + 1;
  return clamp64(ceil_divide(need, affine->multiplier), range.lo, range.hi + 1);
}

void assay_thresholds_of_affine(const struct assay_affine *affine, int32_t out_min, int32_t out_max,
                                struct assay_interval range, int32_t q_low,
                                struct assay_threshold_list *list) {
  for (int32_t k = 0; k < LEVELS; k++) {
    const int32_t level = q_low + 1 + k;
    const int64_t t = affine_threshold(affine, level, range);
    const bool always = level <= out_min || (level <= out_max && t <= range.lo);
    const bool never = level > out_max || t > range.hi;
    list->t[k] = always ? INT32_MIN : never ? INT32_MAX : (int32_t)t;
  }
}

/* Rules: which steps of a contract could overflow or wrap. */

enum rule_flags {
  RULE_KNOWN = 1,         // the contract is a chain of non-decreasing steps
  RULE_INTEGER_BIAS = 2,  // bias is rounded to int32 and added in int32
  RULE_CONVERTS = 4,      // a value is converted or shifted to int32 before it is clamped
  RULE_PRELOADS = 8,      // up to 256 output units are added in accumulator units, in int32
  RULE_NARROW = 16,       // 8-bit multiplier, products and sums wrap at 32 bits
  RULE_INTEGERS = 32,     // integer parameters, checked when they were prepared; no scales
  RULE_INT32 = RULE_KNOWN | RULE_INTEGER_BIAS | RULE_CONVERTS,
};

struct rule {
  const char *prefix;  // of the contract's name
  int flags;
};

static const struct rule rules[] = {
    {"affine", RULE_INTEGERS},
    {"fbgemm", RULE_KNOWN | RULE_CONVERTS},
    {"forum", RULE_INT32},
    {"gemmini", RULE_INT32 | RULE_PRELOADS},
    {"ne16", RULE_INT32 | RULE_NARROW},
    {"nvdla", RULE_INT32},
    {"onednn", RULE_KNOWN},
    {"ort", RULE_INT32},
    {"qnnpack", RULE_INT32},
    {"tflite", RULE_INT32},
    {"thresholds", RULE_INTEGERS},
    {"tosa", RULE_INT32},
    {"tvm", RULE_INT32 | RULE_PRELOADS},  // its rounding constant
    {"xnnpack", RULE_INT32},
};

static int flags_of(const char *name) {
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    if (strncmp(name, rules[i].prefix, strlen(rules[i].prefix)) == 0) return rules[i].flags;
  }
  return 0;
}

/** Far from float32's underflow and overflow, so that no product or reciprocal leaves it. */
static bool is_ordinary(double v) { return v > 0x1p-60 && v < 0x1p60; }

/**
 * The inequalities of a rule. Each is written as "greatest magnitude < limit", so that NaN fails.
 * The margin of 2^-10 covers all roundings of scales and sums to float32; 512 covers zero points
 * and rounding constants.
 * @param scale  output units of one accumulator
 * @param bias   magnitude, in accumulator units
 */
static enum assay_monotone holds(int flags, double scale, double bias,
                                 struct assay_interval range) {
  const double end = fmax(fabs((double)range.lo), fabs((double)range.hi));
  const double sum = (end + bias) * (1 + 0x1p-10) + 512;
  bool all = (flags & RULE_KNOWN) != 0 && is_ordinary(scale);
  all = all && sum < 0x1p60 && sum * scale < 0x1p60;
  if (flags & RULE_INTEGER_BIAS) all = all && sum < 0x1p31;
  if (flags & RULE_CONVERTS) all = all && sum * scale < 0x1p28;
  if (flags & RULE_PRELOADS) all = all && sum + 512 / scale < 0x1p31;
  if (flags & RULE_NARROW) all = all && sum * 256 + 512 * 256 / scale < 0x1p31;
  return all ? ASSAY_MONOTONE_BY_RULE : ASSAY_MONOTONE_UNKNOWN;
}

enum assay_monotone assay_is_monotone(const struct assay_contract *contract,
                                      const struct assay_channel *channel,
                                      struct assay_interval range) {
  const int flags = flags_of(contract->name);
  if (flags & RULE_INTEGERS) return ASSAY_MONOTONE_BY_RULE;
  const double unit = channel->x_scale * channel->w_scale;
  const bool ordinary = is_ordinary(channel->x_scale) && is_ordinary(channel->w_scale) &&
                        is_ordinary(channel->y_scale) && is_ordinary(unit);
  const double bias = channel->has_bias ? fabs((double)channel->bias / unit) : 0;
  return ordinary ? holds(flags, unit / channel->y_scale, bias, range) : ASSAY_MONOTONE_UNKNOWN;
}

enum assay_monotone assay_is_monotone_fixed(const struct assay_contract *contract,
                                            const struct assay_fixed_point *parameters,
                                            struct assay_interval range) {
  const int flags = flags_of(contract->name);
  const double scale = ldexp((double)parameters->multiplier, -parameters->shift);
  const double added = fabs((double)parameters->addend) / (double)parameters->multiplier;
  return holds(flags, scale, fabs((double)parameters->qbias) + added, range);
}

enum assay_monotone assay_thresholds_of(const struct assay_requantizer *requantizer,
                                        enum assay_monotone rule, struct assay_interval range,
                                        int32_t q_low, int64_t limit,
                                        struct assay_threshold_list *list) {
  if (rule == ASSAY_MONOTONE_BY_RULE) {
    assay_thresholds_find(requantizer, range, q_low, list);
    return ASSAY_MONOTONE_BY_RULE;
  }
  if (range.hi - range.lo >= limit) return ASSAY_MONOTONE_UNKNOWN;
  return assay_thresholds_enumerate(requantizer, range, q_low, list) ? ASSAY_MONOTONE_ENUMERATED
                                                                     : ASSAY_MONOTONE_REFUTED;
}

enum assay_monotone assay_thresholds_of_contract(const struct assay_contract *contract,
                                                 const struct assay_channel *channel,
                                                 const struct assay_requantizer *requantizer,
                                                 struct assay_interval range, int64_t limit,
                                                 struct assay_threshold_list *list) {
  return assay_thresholds_of(requantizer, assay_is_monotone(contract, channel, range), range,
                             assay_dtype_min(channel->dtype), limit, list);
}
