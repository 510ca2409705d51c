/* Parts that contracts share: checks, integer bias, notes. No twin. */
#include "golden/contract_private.h"

void assay_note(struct assay_steps *steps, const struct assay_step *step) {
  if (steps->count < steps->capacity) steps->step[steps->count] = *step;
  steps->count++;
}

static bool scale_ok(double scale) { return scale > 0.0 && isnormal((float)scale); }

enum assay_status assay_setup_output(const struct assay_channel *c, struct assay_requantizer *r,
                                     struct assay_steps *steps) {
  const int32_t q_min = assay_dtype_min(c->dtype);
  const int32_t q_max = assay_dtype_max(c->dtype);
  if (!scale_ok(c->x_scale) || !scale_ok(c->w_scale) || !scale_ok(c->y_scale)) {
    return ASSAY_ERROR_SCALE;
  }
  if (c->y_zp < q_min || c->y_zp > q_max) return ASSAY_ERROR_ARGUMENT;
  if (c->has_bias && !isfinite(c->bias)) return ASSAY_ERROR_ARGUMENT;
  assay_note_double(steps, "x_scale", "input", c->x_scale);
  assay_note_double(steps, "w_scale", "input", c->w_scale);
  assay_note_double(steps, "y_scale", "input", c->y_scale);
  if (c->has_bias) assay_note_float(steps, "bias", "input", c->bias);
  r->y_zp = c->y_zp;
  const int32_t y_zp = c->y_zp;
  LET_INT(out_min, c->relu ? y_zp : q_min);
  LET_INT(out_max, q_max);
  r->out_min = out_min;
  r->out_max = out_max;
  return ASSAY_OK;
}

enum assay_status assay_setup_int32_bias(const struct assay_channel *c, struct assay_requantizer *r,
                                         struct assay_steps *steps) {
  LET_FLOAT(bias_scale, (float)(c->w_scale * c->x_scale));
  if (!isnormal(bias_scale)) return ASSAY_ERROR_SCALE;
  if (c->has_bias) {
    LET_FLOAT(bias_units, c->bias * (1.0f / bias_scale));
    LET_INT(qbias, assay_saturate_int32(assay_cvtss2si(bias_units)));
    r->qbias = qbias;
  }
  return ASSAY_OK;
}

void assay_setup_multiplier(double real, int32_t bits, struct assay_requantizer *r,
                            struct assay_steps *steps) {
  int exponent;
  const double fraction = frexp(real, &exponent);
  int64_t rounded = (int64_t)round(ldexp(fraction, bits));
  if (rounded == INT64_C(1) << bits) {
    rounded /= 2;
    exponent++;
  }
  const int32_t shift = bits - exponent;
  assay_note_int(steps, "multiplier", "half_away(real_multiplier * 2^shift)", rounded);
  assay_note_int(steps, "shift", "the greatest at which the multiplier has its width", shift);
  r->i[0] = rounded;
  r->i[1] = shift;
}

enum assay_status assay_fixed_point_begin(const struct assay_fixed_point *p, int64_t limit,
                                          int32_t shift_min, int32_t shift_max,
                                          void (*use)(struct assay_requantizer *r),
                                          struct assay_requantizer *out) {
  const int64_t addend_limit = INT64_C(1) << 55;
  if (p->multiplier < 0 || p->multiplier >= limit) return ASSAY_ERROR_ARGUMENT;
  if (p->shift < shift_min || p->shift > shift_max) return ASSAY_ERROR_ARGUMENT;
  if (p->addend <= -addend_limit || p->addend >= addend_limit) return ASSAY_ERROR_ARGUMENT;
  if (p->out_min > p->out_max) return ASSAY_ERROR_ARGUMENT;
  *out = (struct assay_requantizer){
      .y_zp = p->y_zp,
      .out_min = p->out_min,
      .out_max = p->out_max,
      .qbias = p->qbias,
      .i = {p->multiplier, p->shift, p->addend, 0},
  };
  use(out);
  return ASSAY_OK;
}
