/* Certificates: equality of two requantizers on a channel, proved or refuted. No twin. */
#include "golden/certificate.h"

#include <stdbool.h>

#include "golden/requantizer.h"

struct assay_side assay_side_of_contract(const struct assay_contract *contract,
                                         const struct assay_channel *channel) {
  return (struct assay_side){.form = ASSAY_SIDE_SCALES, .contract = contract, .channel = *channel};
}

struct assay_side assay_side_of_lowered(const struct assay_lowered *lowered, int32_t oc) {
  const struct assay_lowered_channel *channel = &lowered->channels[oc];
  return (struct assay_side){
      .form = lowered->kind == ASSAY_REQUANT_AFFINE      ? ASSAY_SIDE_AFFINE
              : lowered->kind == ASSAY_REQUANT_CORRECTED ? ASSAY_SIDE_CORRECTED
                                                         : ASSAY_SIDE_THRESHOLDS,
      .affine = channel->affine,
      .late = channel->late,
      .out_min = lowered->out_min,
      .out_max = lowered->out_max,
      .list = channel->threshold,
  };
}

const char *assay_side_name(const struct assay_side *side) {
  if (side->form == ASSAY_SIDE_AFFINE) return "affine";
  if (side->form == ASSAY_SIDE_CORRECTED) return "corrected";
  if (side->form == ASSAY_SIDE_THRESHOLDS) return "thresholds";
  return side->contract->name;
}

enum assay_status assay_side_prepare(const struct assay_side *side, int32_t q_low,
                                     struct assay_requantizer *requantizer) {
  switch (side->form) {
    case ASSAY_SIDE_SCALES:
      return side->contract->prepare(&side->channel, requantizer);
    case ASSAY_SIDE_INTEGERS:
      if (side->contract->from_fixed_point == NULL) return ASSAY_ERROR_UNSUPPORTED;
      return side->contract->from_fixed_point(&side->integers, requantizer);
    case ASSAY_SIDE_AFFINE:
      return assay_requantizer_from_affine(&side->affine, side->out_min, side->out_max, false,
                                           requantizer);
    case ASSAY_SIDE_CORRECTED:
      return assay_requantizer_from_corrected(&side->affine, &side->late, side->out_min,
                                              side->out_max, requantizer);
    case ASSAY_SIDE_THRESHOLDS:
      return assay_requantizer_from_thresholds(side->list, q_low, requantizer);
  }
  return ASSAY_ERROR_ARGUMENT;
}

enum assay_monotone assay_side_is_monotone(const struct assay_side *side,
                                           struct assay_interval range) {
  switch (side->form) {
    case ASSAY_SIDE_SCALES:
      return assay_is_monotone(side->contract, &side->channel, range);
    case ASSAY_SIDE_INTEGERS:
      return assay_is_monotone_fixed(side->contract, &side->integers, range);
    case ASSAY_SIDE_AFFINE:      // multiplier >= 0 and no overflow: assay_affine_check
    case ASSAY_SIDE_CORRECTED:   // and levels one accumulator apart: assay_correct_check
    case ASSAY_SIDE_THRESHOLDS:  // a count of thresholds reached
      return ASSAY_MONOTONE_BY_RULE;
  }
  return ASSAY_MONOTONE_UNKNOWN;
}

static bool has_list(enum assay_monotone monotone) {
  return monotone == ASSAY_MONOTONE_BY_RULE || monotone == ASSAY_MONOTONE_ENUMERATED;
}

enum assay_status assay_certify(const struct assay_side *a, const struct assay_side *b,
                                int32_t q_low, struct assay_interval range, int64_t limit,
                                struct assay_certificate *certificate,
                                struct assay_difference *differences, size_t capacity) {
  struct assay_requantizer r_a, r_b;
  enum assay_status status = assay_side_prepare(a, q_low, &r_a);
  if (status == ASSAY_OK) status = assay_side_prepare(b, q_low, &r_b);
  if (status != ASSAY_OK) return status;
  struct assay_certificate *c = certificate;
  c->a = *a;
  c->b = *b;
  c->q_low = q_low;
  c->range = range;
  c->monotone_a =
      assay_thresholds_of(&r_a, assay_side_is_monotone(a, range), range, q_low, limit, &c->list_a);
  c->monotone_b =
      assay_thresholds_of(&r_b, assay_side_is_monotone(b, range), range, q_low, limit, &c->list_b);
  if (has_list(c->monotone_a) && has_list(c->monotone_b)) {
    c->comparison =
        assay_compare_lists(&c->list_a, &c->list_b, q_low, range, differences, capacity);
  } else if (range.hi - range.lo < limit) {
    c->comparison = assay_compare_enumerate(&r_a, &r_b, range, differences, capacity);
  } else {
    c->comparison = (struct assay_comparison){.count = -1};
  }
  c->claim = c->comparison.count < 0    ? ASSAY_CLAIM_UNDECIDED
             : c->comparison.count == 0 ? ASSAY_CLAIM_EQUAL
                                        : ASSAY_CLAIM_DIFFERS;
  return ASSAY_OK;
}
