/* The engine's own requantizers, `affine` and `thresholds`, as contracts. No twin: the arithmetic
 * is in the twins golden/affine.h and golden/threshold.h. */
#include "golden/affine.h"
#include "golden/contract_private.h"
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
        "once: then use thresholds.\n"
        "There are no scales here: assay_requantizer_from_affine takes the integers.",
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
