/* Contract `forum`: the formula of the PyTorch forum, at any N, with three treatments of the bias.
 * No twin. */
#include "golden/contract_private.h"

static const double limit = 2147483648.0;  ///< keeps the product within 62 bits

ASSAY_ALWAYS_INLINE int32_t forum_run(const struct assay_requantizer *r, int32_t acc,
                                      struct assay_steps *steps) {
  const int64_t multiplier = r->i[0], addend = r->i[2], output_bias = r->i[3];
  const int32_t shift = (int32_t)r->i[1], qbias = r->qbias;
  LET_INT(n, assay_wrap_int32((int64_t)acc + qbias));
  LET_WIDE(sum, n * multiplier + addend);
  LET_WIDE(v, assay_shift_floor(sum, shift) + output_bias);
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(forum)

/** Fills the field that the channel's treatment of the bias uses. */
static enum assay_status bias_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                    struct assay_steps *steps) {
  if (c->forum_bias == ASSAY_FORUM_BIAS_INT32) return assay_setup_int32_bias(c, r, steps);
  if (!c->has_bias) return ASSAY_OK;
  LET_DOUBLE(output_units, (double)c->bias / c->y_scale);
  if (!(fabs(output_units) < limit)) return ASSAY_ERROR_OVERFLOW;
  if (c->forum_bias == ASSAY_FORUM_BIAS_FOLDED) {
    LET_WIDE(addend, llrint(ldexp(output_units, c->forum_n)));
    r->i[2] = addend;
  } else {
    LET_WIDE(output_bias, llrint(output_units));
    r->i[3] = output_bias;
  }
  return ASSAY_OK;
}

static enum assay_status forum_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                     struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  if (c->forum_n < 1 || c->forum_n > 31) return ASSAY_ERROR_ARGUMENT;
  LET_DOUBLE(real_multiplier, c->x_scale * c->w_scale / c->y_scale);
  LET_DOUBLE(scaled, ldexp(real_multiplier, c->forum_n));
  if (!(scaled < limit)) return ASSAY_ERROR_OVERFLOW;
  LET_WIDE(multiplier, llrint(scaled));
  r->i[0] = multiplier;
  r->i[1] = c->forum_n;
  forum_use(r);
  return bias_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(forum)

static enum assay_status forum_from(const struct assay_fixed_point *p,
                                    struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 1, 31, forum_use, out);
}

const struct assay_contract assay_contract_forum = {
    .name = "forum",
    .summary = "the forum's formula: multiplier and bias scaled by 2^N, floor",
    .formula =
        "K = half_even(2^N * x_scale * w_scale / y_scale)       (N = forum_n, 1..31)\n"
        "bias rounded: y = ((K * acc) >> N) + half_even(bias / y_scale) + y_zp\n"
        "bias folded:  y = ((K * acc + half_even(2^N * bias / y_scale)) >> N) + y_zp\n"
        "bias int32:   y = ((K * (acc + qb)) >> N) + y_zp      (qb as in qnnpack)\n"
        "y = clamp(y, out_min, out_max); the shift is floor",
    .source = "discuss.pytorch.org, threads on running a quantized model with integers",
    .engines = "none (no engine computes this)",
    .pitfalls =
        "floor: 37 % of outputs are one too low, at any N.\n"
        "N is the multiplier's precision: real layers have M near 1e-3, so 2^16 * M is 20 to 600 "
        "only. Choose N per channel, or 24 and more.\n"
        "The bias in output units (rounded) is off by up to half an output; as int32 up to half an "
        "accumulator unit.",
    .prepare = forum_prepare,
    .setup = forum_setup,
    .from_fixed_point = forum_from,
};
