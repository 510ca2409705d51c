/* The engine's own requantizers, `affine`, `corrected` and `thresholds`, as contracts. No twin: the
 * arithmetic is in the twins golden/affine.h, golden/correct.h and golden/threshold.h. */
#include "golden/affine.h"
#include "golden/contract_private.h"
#include "golden/correct.h"
#include "golden/requantizer.h"
#include "golden/threshold.h"

static struct assay_affine affine_of(const struct assay_requantizer *r) {
  return (struct assay_affine){(int32_t)r->i[0], r->i[1], (int32_t)r->i[2]};
}

static int32_t affine_apply(const struct assay_requantizer *r, int32_t acc) {
  const struct assay_affine p = affine_of(r);
  return assay_affine_apply(&p, r->out_min, r->out_max, acc);
}

static int32_t half_even_apply(const struct assay_requantizer *r, int32_t acc) {
  const struct assay_affine p = affine_of(r);
  return assay_affine_apply_half_even(&p, r->out_min, r->out_max, acc);
}

static int32_t affine_trace(const struct assay_requantizer *r, int32_t acc,
                            struct assay_steps *steps) {
  const int32_t out_min = r->out_min, out_max = r->out_max;
  LET_WIDE(multiplier, r->i[0]);
  LET_WIDE(addend, r->i[1]);
  LET_INT(shift, (int32_t)r->i[2]);
  LET_WIDE(product, (int64_t)acc * multiplier);
  LET_WIDE(sum, product + addend);
  if (r->apply == half_even_apply) {
    LET_INT(y, (int32_t)assay_clamp(assay_shift_half_even(sum, shift), out_min, out_max));
    return y;
  }
  LET_INT(y, (int32_t)assay_clamp(assay_shift_floor(sum, shift), out_min, out_max));
  return y;
}

enum assay_status assay_requantizer_from_affine(const struct assay_affine *affine, int32_t out_min,
                                                int32_t out_max, bool half_even,
                                                struct assay_requantizer *out) {
  const enum assay_status status = assay_affine_check(affine, 31, ASSAY_AFFINE_MAX_ADDEND_BITS);
  if (status != ASSAY_OK) return status;
  if (out_min > out_max) return ASSAY_ERROR_ARGUMENT;
  *out = (struct assay_requantizer){
      .apply = half_even ? half_even_apply : affine_apply,
      .trace = affine_trace,
      .out_min = out_min,
      .out_max = out_max,
      .i = {affine->multiplier, affine->addend, affine->shift, 0},
  };
  return ASSAY_OK;
}

/** r->late is the first word of a struct assay_late_levels. */
static const struct assay_late_levels *late_of(const struct assay_requantizer *r) {
  return (const struct assay_late_levels *)(const void *)r->late;
}

static int32_t corrected_apply(const struct assay_requantizer *r, int32_t acc) {
  const struct assay_affine p = affine_of(r);
  return assay_correct_apply(&p, late_of(r), r->out_min, r->out_max, acc);
}

static int32_t corrected_trace(const struct assay_requantizer *r, int32_t acc,
                               struct assay_steps *steps) {
  const int32_t out_min = r->out_min, out_max = r->out_max;
  LET_WIDE(multiplier, r->i[0]);
  LET_WIDE(addend, r->i[1]);
  LET_INT(shift, (int32_t)r->i[2]);
  LET_WIDE(sum, (int64_t)acc * multiplier + addend);
  LET_WIDE(before, sum - multiplier);
  LET_INT(level, (int32_t)assay_clamp(assay_shift_floor(sum, shift), out_min - 1, out_max + 1));
  LET_INT(first, assay_shift_floor(before, shift) < assay_shift_floor(sum, shift) ? 1 : 0);
  LET_INT(late, assay_is_late(late_of(r), level) ? 1 : 0);
  (void)first;
  (void)late;
  LET_INT(y, corrected_apply(r, acc));
  return y;
}

enum assay_status assay_requantizer_from_corrected(const struct assay_affine *affine,
                                                   const struct assay_late_levels *late,
                                                   int32_t out_min, int32_t out_max,
                                                   struct assay_requantizer *out) {
  struct assay_requantizer r;
  enum assay_status status = assay_requantizer_from_affine(affine, out_min, out_max, false, &r);
  if (status == ASSAY_OK) status = assay_correct_check(affine, late, out_min, out_max);
  if (status != ASSAY_OK) return status;
  r.apply = corrected_apply;
  r.trace = corrected_trace;
  r.late = late->bits;
  *out = r;
  return ASSAY_OK;
}

/** r->list is the first value of a struct assay_threshold_list. */
static const struct assay_threshold_list *list_of(const struct assay_requantizer *r) {
  return (const struct assay_threshold_list *)(const void *)r->list;
}

static int32_t threshold_apply(const struct assay_requantizer *r, int32_t acc) {
  return assay_threshold_apply(list_of(r), r->out_min, acc);
}

static int32_t threshold_trace(const struct assay_requantizer *r, int32_t acc,
                               struct assay_steps *steps) {
  int32_t position = 0;
  for (int32_t stage = 0; stage < ASSAY_THRESHOLD_STEPS; stage++) {
    LET_INT(threshold, list_of(r)->t[position + (128 >> stage) - 1]);
    LET_INT(reached, assay_threshold_stage(list_of(r), stage, position, acc));
    (void)threshold;
    position = reached;
  }
  LET_INT(y, r->out_min + position);
  return y;
}

enum assay_status assay_requantizer_from_thresholds(const struct assay_threshold_list *list,
                                                    int32_t q_low, struct assay_requantizer *out) {
  const enum assay_status status = assay_threshold_check(list);
  if (status != ASSAY_OK) return status;
  *out = (struct assay_requantizer){
      .apply = threshold_apply,
      .trace = threshold_trace,
      .out_min = q_low,
      .out_max = q_low + ASSAY_THRESHOLD_COUNT,
      .list = list->t,
  };
  return ASSAY_OK;
}

enum assay_status assay_requantizer_of_lowered(const struct assay_lowered *lowered, int32_t oc,
                                               struct assay_requantizer *out) {
  const struct assay_lowered_channel *channel = &lowered->channels[oc];
  if (lowered->kind == ASSAY_REQUANT_AFFINE) {
    return assay_requantizer_from_affine(&channel->affine, lowered->out_min, lowered->out_max,
                                         false, out);
  }
  if (lowered->kind == ASSAY_REQUANT_CORRECTED) {
    return assay_requantizer_from_corrected(&channel->affine, &channel->late, lowered->out_min,
                                            lowered->out_max, out);
  }
  if (lowered->kind != ASSAY_REQUANT_THRESHOLD || channel->threshold == NULL) {
    return ASSAY_ERROR_ARGUMENT;
  }
  return assay_requantizer_from_thresholds(channel->threshold, lowered->q_low, out);
}

/** There are no scales to prepare from: the parameters come from `lower` or from the user. */
static enum assay_status no_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                  struct assay_steps *steps) {
  (void)c;
  (void)r;
  (void)steps;
  return ASSAY_ERROR_UNSUPPORTED;
}

static enum assay_status no_prepare(const struct assay_channel *c, struct assay_requantizer *r) {
  return no_setup(c, r, NULL);
}

const struct assay_contract assay_contract_affine = {
    .name = "affine",
    .summary = "the engine's multiplier: integer M, B, S are given, not scales",
    .formula =
        "y = clamp((acc * M + B) >> S, out_min, out_max)      (floor)\n"
        "M 0..2^31-1, |B| < 2^55, S 0..55; B carries bias, rounding constant and zero "
        "point\n"
        "option half_even: y = clamp(half_even((acc * M + B) / 2^S), out_min, out_max)",
    .source = "golden/affine.h, rtl/assay_affine.sv",
    .engines = "none",
    .pitfalls =
        "The shift is floor: B must carry the rounding constant 2^(S-1).\n"
        "No (M, B, S) may equal a float contract on a long sum, because float32 rounds more than "
        "once: then use corrected, or thresholds.\n"
        "There are no scales here: assay_requantizer_from_affine takes the integers.",
    .prepare = no_prepare,
    .setup = no_setup,
};

const struct assay_contract assay_contract_corrected = {
    .name = "corrected",
    .summary = "the engine's multiplier, and one bit a level that delays it by one accumulator",
    .formula =
        "t = acc * M + B;  v = t >> S                          (floor)\n"
        "y = out_min if v < out_min, out_max if v > out_max, else v - (late[v] && t mod 2^S < M)\n"
        "M 0..2^S, M < 2^31, |B| < 2^55, S 0..55; late: one bit for each level out_min+1..out_max",
    .source = "golden/correct.h, rtl/assay_correct.sv",
    .engines = "none",
    .pitfalls =
        "t mod 2^S < M says that acc - 1 has not reached the level v yet.\n"
        "A float contract rounds more than once; against the best line its thresholds are off by "
        "one accumulator here and there, seldom by more: then use thresholds.\n"
        "There are no scales here: assay_requantizer_from_corrected takes the integers.",
    .prepare = no_prepare,
    .setup = no_setup,
};

const struct assay_contract assay_contract_thresholds = {
    .name = "thresholds",
    .summary = "the engine's list: 255 thresholds are given, not scales",
    .formula = "y = q_low + number of k in 0..254 with t[k] <= acc    (8 compares)",
    .source = "golden/threshold.h, rtl/assay_threshold.sv",
    .engines = "none",
    .pitfalls =
        "Exact for every contract that does not decrease; a dead channel may decrease.\n"
        "t = 2^31 - 1 means never reached: accumulators must stay below it.\n"
        "There are no scales here: assay_requantizer_from_thresholds takes the list.",
    .prepare = no_prepare,
    .setup = no_setup,
};
