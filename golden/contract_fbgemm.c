/* Contracts `fbgemm_per_channel`, `fbgemm_per_tensor`, and `fbgemm`, which picks one. No twin. */
#include "golden/contract_private.h"
#include "golden/soft_float.h"

/** Fills y_zp, clamp and f[0] = M, and returns aws through *product. */
static enum assay_status common_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                      float *product, struct assay_steps *steps) {
  if (c->dtype != ASSAY_QUINT8) return ASSAY_ERROR_UNSUPPORTED;
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  LET_FLOAT(aws, (float)c->x_scale * (float)c->w_scale);
  LET_FLOAT(m, aws / (float)c->y_scale);
  if (!isnormal(aws) || !isnormal(m)) return ASSAY_ERROR_SCALE;
  r->f[0] = m;
  *product = aws;
  return ASSAY_OK;
}

ASSAY_ALWAYS_INLINE int32_t round_and_pack(const struct assay_requantizer *r, float with_bias,
                                           struct assay_steps *steps) {
  const float m = r->f[0];
  LET_FLOAT(t, with_bias * m);
  LET_INT(v, assay_cvtps2dq(t));
  return assay_finish_packed(r, v, steps);
}

ASSAY_ALWAYS_INLINE int32_t integer_round_and_pack(const struct assay_requantizer *r,
                                                   uint32_t with_bias, struct assay_steps *steps) {
  LET_BITS(m, assay_soft_bits(r->f[0]));
  LET_BITS(t, assay_soft_multiply(with_bias, m));
  LET_INT(v, assay_soft_cvtps2dq(t));
  return assay_finish_packed(r, v, steps);
}

/* ---- per channel: the bias is divided, then added ---- */

ASSAY_ALWAYS_INLINE int32_t per_channel_run(const struct assay_requantizer *r, int32_t acc,
                                            struct assay_steps *steps) {
  const float scaled_bias = r->f[1];
  LET_FLOAT(with_bias, (float)acc + scaled_bias);
  return round_and_pack(r, with_bias, steps);
}
ASSAY_DEFINE_RUN(per_channel)

static enum assay_status fbgemm_per_channel_setup(const struct assay_channel *c,
                                                  struct assay_requantizer *r,
                                                  struct assay_steps *steps) {
  float aws;
  const enum assay_status status = common_setup(c, r, &aws, steps);
  if (status != ASSAY_OK) return status;
  LET_FLOAT(scaled_bias, c->has_bias ? c->bias / aws : 0.0f);
  if (!isfinite(scaled_bias)) return ASSAY_ERROR_SCALE;
  r->f[1] = scaled_bias;
  per_channel_use(r);
  return ASSAY_OK;
}
ASSAY_DEFINE_PREPARE(fbgemm_per_channel)

ASSAY_ALWAYS_INLINE int32_t integer_per_channel_run(const struct assay_requantizer *r, int32_t acc,
                                                    struct assay_steps *steps) {
  LET_BITS(scaled_bias, assay_soft_bits(r->f[1]));
  LET_BITS(with_bias, assay_soft_add(assay_soft_from_int32(acc), scaled_bias));
  return integer_round_and_pack(r, with_bias, steps);
}
ASSAY_DEFINE_RUN(integer_per_channel)
ASSAY_DEFINE_INTEGER_FORM(fbgemm_per_channel, integer_per_channel)

/* ---- per tensor: the bias is multiplied by a reciprocal, fused with the addition ---- */

ASSAY_ALWAYS_INLINE int32_t per_tensor_run(const struct assay_requantizer *r, int32_t acc,
                                           struct assay_steps *steps) {
  const float bias = r->f[1], aws_inverse = r->f[2];
  LET_FLOAT(with_bias, fmaf(bias, aws_inverse, (float)acc));
  return round_and_pack(r, with_bias, steps);
}
ASSAY_DEFINE_RUN(per_tensor)

static enum assay_status fbgemm_per_tensor_setup(const struct assay_channel *c,
                                                 struct assay_requantizer *r,
                                                 struct assay_steps *steps) {
  float aws;
  const enum assay_status status = common_setup(c, r, &aws, steps);
  if (status != ASSAY_OK) return status;
  LET_FLOAT(aws_inverse, (float)(1.0 / (double)aws));
  if (!isnormal(aws_inverse)) return ASSAY_ERROR_SCALE;
  r->f[1] = c->has_bias ? c->bias : 0.0f;
  r->f[2] = aws_inverse;
  if (!isfinite(fmaf(r->f[1], aws_inverse, 0.0f))) return ASSAY_ERROR_SCALE;
  per_tensor_use(r);
  return ASSAY_OK;
}
ASSAY_DEFINE_PREPARE(fbgemm_per_tensor)

ASSAY_ALWAYS_INLINE int32_t integer_per_tensor_run(const struct assay_requantizer *r, int32_t acc,
                                                   struct assay_steps *steps) {
  LET_BITS(bias, assay_soft_bits(r->f[1]));
  LET_BITS(aws_inverse, assay_soft_bits(r->f[2]));
  LET_BITS(with_bias, assay_soft_fma(bias, aws_inverse, assay_soft_from_int32(acc)));
  return integer_round_and_pack(r, with_bias, steps);
}
ASSAY_DEFINE_RUN(integer_per_tensor)
ASSAY_DEFINE_INTEGER_FORM(fbgemm_per_tensor, integer_per_tensor)

/* ---- by the layer's weights ---- */

static enum assay_status fbgemm_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                      struct assay_steps *steps) {
  return c->per_channel ? fbgemm_per_channel_setup(c, r, steps)
                        : fbgemm_per_tensor_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(fbgemm)

static enum assay_status fbgemm_integer_setup(const struct assay_channel *c,
                                              struct assay_requantizer *r,
                                              struct assay_steps *steps) {
  return c->per_channel ? fbgemm_per_channel_integer_setup(c, r, steps)
                        : fbgemm_per_tensor_integer_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(fbgemm_integer)

#define SCALES "aws = (float)x_scale * (float)w_scale;  M = aws / (float)y_scale\n"
#define FINISH                                                                     \
  "v = half_even(t * M)                   (cvtps2dq: 2^31 and above give -2^31)\n" \
  "y = clamp(sat16(sat16(v) + y_zp), relu ? y_zp : 0, 255)"
#define SOURCE                                                                 \
  "FBGEMM src/QuantUtilsAvx2.cc requantizeOutputProcessingAvx2, "              \
  "include/fbgemm/OutputProcessing-inl.h ReQuantizeOutput; PyTorch qconv.cpp " \
  "PackedConvWeight::apply_impl, GetQuantizationParams"

const struct assay_contract assay_contract_fbgemm = {
    .name = "fbgemm",
    .summary = "PyTorch 2.x, engine fbgemm: per_channel or per_tensor, as the layer's weights are",
    .formula = SCALES
    "t = per channel: (float)acc + bias / aws\n"
    "    per tensor:  fma(bias, (float)(1.0 / (double)aws), (float)acc)\n" FINISH,
    .source = SOURCE,
    .engines =
        "PyTorch 2.x wheels, engine fbgemm: convolution, linear; engine x86 where onednn is not "
        "chosen",
    .pitfalls =
        "A layer with per-tensor weights computes another function than the same layer with "
        "per-channel ones.\n"
        "Depthwise 3x3 and 5x5 saturate in int16 on every x86 machine unless activations and x_zp "
        "are <= 127.\n"
        "Debian's PyTorch 1.13 is built without FBGEMM.",
    .prepare = fbgemm_prepare,
    .setup = fbgemm_setup,
};

const struct assay_contract assay_contract_fbgemm_per_channel = {
    .name = "fbgemm_per_channel",
    .summary = "PyTorch 2.x, engine fbgemm, per-channel weights: float bias divided by aws",
    .formula = SCALES "t = (float)acc + bias / aws\n" FINISH,
    .source = SOURCE,
    .engines = "PyTorch 2.x wheels, engine fbgemm, per-channel weights",
    .pitfalls =
        "The bias is divided by aws; multiplying by 1 / aws differs.\n"
        "M is a division by y_scale, not a multiplication by its reciprocal as in qnnpack.",
    .prepare = fbgemm_per_channel_prepare,
    .setup = fbgemm_per_channel_setup,
};

const struct assay_contract assay_contract_fbgemm_per_tensor = {
    .name = "fbgemm_per_tensor",
    .summary = "PyTorch 2.x, engine fbgemm, per-tensor weights: the bias is added with a true fma",
    .formula = SCALES "t = fma(bias, (float)(1.0 / (double)aws), (float)acc)\n" FINISH,
    .source = SOURCE,
    .engines = "PyTorch 2.x wheels, engine fbgemm, per-tensor weights; transposed convolution",
    .pitfalls =
        "The fma comes from the compiler's contraction of intrinsics: multiply-then-add gives 30 "
        "wrong in 6 * 10^7.\n"
        "A build that does not contract (the scalar reference code, some older wheels) has no fma; "
        "none was found among the wheels that were run.",
    .prepare = fbgemm_per_tensor_prepare,
    .setup = fbgemm_per_tensor_setup,
};

ASSAY_INTEGER_FORM_TEXT(fbgemm);
ASSAY_INTEGER_FORM_TEXT(fbgemm_per_channel);
ASSAY_INTEGER_FORM_TEXT(fbgemm_per_tensor);
