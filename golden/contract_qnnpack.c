/* Contract `qnnpack`: PyTorch's QNNPACK kernels. No twin. */
#include "golden/contract_private.h"
#include "golden/soft_float.h"

static enum assay_status scale_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                     struct assay_steps *steps) {
  if (c->dtype != ASSAY_QUINT8) return ASSAY_ERROR_UNSUPPORTED;  // qint8 goes to XNNPACK
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  const float xs = (float)c->x_scale, ws = (float)c->w_scale, ys = (float)c->y_scale;
  LET_FLOAT(rs, (ws * xs) * (1.0f / ys));
  if (!isnormal(rs)) return ASSAY_ERROR_SCALE;
  r->f[0] = rs;
  return assay_setup_int32_bias(c, r, steps);
}

ASSAY_ALWAYS_INLINE int32_t qnnpack_run(const struct assay_requantizer *r, int32_t acc,
                                        struct assay_steps *steps) {
  const float rs = r->f[0];
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_FLOAT(t, (float)n * rs);
  LET_INT(v, assay_cvtps2dq(t));
  return assay_finish_packed(r, v, steps);
}
ASSAY_DEFINE_RUN(qnnpack)

static enum assay_status qnnpack_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                       struct assay_steps *steps) {
  qnnpack_use(r);
  return scale_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(qnnpack)

ASSAY_ALWAYS_INLINE int32_t integer_run(const struct assay_requantizer *r, int32_t acc,
                                        struct assay_steps *steps) {
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_BITS(rs, assay_soft_bits(r->f[0]));
  LET_BITS(t, assay_soft_multiply(assay_soft_from_int32(n), rs));
  LET_INT(v, assay_soft_cvtps2dq(t));
  return assay_finish_packed(r, v, steps);
}
ASSAY_DEFINE_RUN(integer)
ASSAY_DEFINE_INTEGER_FORM(qnnpack, integer)

const struct assay_contract assay_contract_qnnpack = {
    .name = "qnnpack",
    .summary = "PyTorch, engine qnnpack, quint8: int32 bias, one float32 multiplication, half_even",
    .formula =
        "rs = ((float)w_scale * (float)x_scale) * (1.0f / (float)y_scale)\n"
        "qb = clamp_int32(half_even(bias * (1.0f / (float)(w_scale * x_scale))))\n"
        "n  = acc + qb                          (int32, wraps)\n"
        "v  = half_even((float)n * rs)          (cvtps2dq: 2^31 and above give -2^31)\n"
        "y  = clamp(sat16(sat16(v) + y_zp), relu ? y_zp : 0, 255)",
    .source =
        "PyTorch aten/src/ATen/native/quantized/cpu: qconv.cpp "
        "PackedConvWeightsQnnp::apply_impl, QnnpackUtils.h "
        "generate_requantization_scales, QuantUtils.h QuantizeBias; "
        "qnnpack/src/q8gemm/4x4c2-sse2.c, q8conv/4x4c2-sse2.c",
    .engines =
        "PyTorch 1.13.1 and 2.1 to 2.14, engine qnnpack, quint8 activations: convolution, "
        "transposed convolution, linear",
    .pitfalls =
        "The int32 bias loses the fraction of an accumulator unit; the other engines of PyTorch "
        "keep it.\n"
        "rs is (w * x) * (1 / y) in this order; (x * w) / y differs in about one output of a "
        "million.\n"
        "Not monotone on a dead channel: with w_scale near 1e-7 the bias saturates at 2^31 - 1 and "
        "acc + qb wraps.\n"
        "A product of 2^31 and above becomes -2^31 and the output the least one (x86; ARM clamps "
        "first).\n"
        "PyTorch caches rs, qb and the padding by input scale alone: pack the weights afresh for "
        "every call.\n"
        "qint8 activations go to XNNPACK instead: contract xnnpack. This one answers \"not "
        "supported\".",
    .prepare = qnnpack_prepare,
    .setup = qnnpack_setup,
};

ASSAY_INTEGER_FORM_TEXT(qnnpack);
