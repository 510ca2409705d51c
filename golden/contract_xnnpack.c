/* Contracts `xnnpack` and `ort`: clamp in float, then round; and XNNPACK's integer form for ARM. No
 * twin. */
#include "golden/contract_private.h"
#include "golden/soft_float.h"

ASSAY_ALWAYS_INLINE int32_t float_run(const struct assay_requantizer *r, int32_t acc,
                                      struct assay_steps *steps) {
  const float scale = r->f[0];
  const int32_t y_zp = r->y_zp;
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_FLOAT(t, (float)n * scale);
  LET_FLOAT(clamped, assay_clamp_float(t, (float)(r->out_min - y_zp), (float)(r->out_max - y_zp)));
  LET_INT(v, assay_cvtps2dq(clamped));
  LET_INT(y, v + y_zp);
  return y;
}
ASSAY_DEFINE_RUN(float)

ASSAY_ALWAYS_INLINE int32_t integer_run(const struct assay_requantizer *r, int32_t acc,
                                        struct assay_steps *steps) {
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_BITS(scale, assay_soft_bits(r->f[0]));
  LET_BITS(t, assay_soft_multiply(assay_soft_from_int32(n), scale));
  LET_INT(v, assay_soft_round(t));
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(integer)

static enum assay_status ort_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                   struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  const float xs = (float)c->x_scale, ws = (float)c->w_scale, ys = (float)c->y_scale;
  LET_FLOAT(scale, (xs * ws) / ys);
  if (!isnormal(scale)) return ASSAY_ERROR_SCALE;
  r->f[0] = scale;
  float_use(r);
  return assay_setup_int32_bias(c, r, steps);
}
ASSAY_DEFINE_PREPARE(ort)

/** XNNPACK refuses scales from 256 on and below 2^-32, and a clamp of one value. */
static enum assay_status xnnpack_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                       struct assay_steps *steps) {
  const enum assay_status status = ort_setup(c, r, steps);
  if (status != ASSAY_OK) return status;
  if (r->f[0] >= 256.0f || r->f[0] < 0x1p-32f) return ASSAY_ERROR_SCALE;
  return r->out_min < r->out_max ? ASSAY_OK : ASSAY_ERROR_UNSUPPORTED;
}
ASSAY_DEFINE_PREPARE(xnnpack)
ASSAY_DEFINE_INTEGER_FORM(xnnpack, integer)

/* ---- rndnu: the scale's 24-bit significand as an integer multiplier ---- */

ASSAY_ALWAYS_INLINE int32_t rndnu_run(const struct assay_requantizer *r, int32_t acc,
                                      struct assay_steps *steps) {
  const int64_t multiplier = r->i[0];
  const int32_t shift = (int32_t)r->i[1];
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_WIDE(product, n * multiplier);
  LET_WIDE(v, assay_shift_half_up(product, shift));
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(rndnu)

static enum assay_status xnnpack_rndnu_setup(const struct assay_channel *c,
                                             struct assay_requantizer *r,
                                             struct assay_steps *steps) {
  const enum assay_status status = xnnpack_setup(c, r, steps);
  if (status != ASSAY_OK) return status;
  const uint32_t bits = assay_soft_bits(r->f[0]);
  LET_WIDE(multiplier, (int64_t)((bits & 0x7FFFFFu) | 0x800000u));
  LET_INT(shift, 150 - (int32_t)(bits >> 23));
  r->i[0] = multiplier;
  r->i[1] = shift;
  rndnu_use(r);
  return ASSAY_OK;
}
ASSAY_DEFINE_PREPARE(xnnpack_rndnu)

static enum assay_status rndnu_from(const struct assay_fixed_point *p,
                                    struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 1, 62, rndnu_use, out);
}

#define FORMULA                                                   \
  "scale = ((float)x_scale * (float)w_scale) / (float)y_scale\n"  \
  "n = acc + qb                            (int32, wraps)\n"      \
  "t = clamp((float)n * scale, out_min - y_zp, out_max - y_zp)\n" \
  "y = half_even(t) + y_zp"
#define BIAS \
  "qb as in qnnpack: clamp_int32(half_even(bias * (1.0f / (float)(w_scale * x_scale))))\n"

const struct assay_contract assay_contract_xnnpack = {
    .name = "xnnpack",
    .summary = "XNNPACK on x86 (PyTorch 1.13 qint8, engine qnnpack): clamp in float, half_even",
    .formula = BIAS FORMULA,
    .source =
        "XNNPACK src/xnnpack/requantization.h, fp32 variants (lrintf, fmagic); PyTorch "
        "qconv.cpp PackedConvWeightsQnnp::apply_impl_xnnp",
    .engines = "PyTorch 1.13.1, engine qnnpack, qint8 activations",
    .pitfalls =
        "Refused: scales from 256 on, below 2^-32, and a ReLU whose clamp leaves one value (y_zp = "
        "127).\n"
        "The scale is (x * w) / y, not qnnpack's order: one output in 1.8 million differs.\n"
        "ARM builds use integers instead: contract xnnpack_rndnu.",
    .prepare = xnnpack_prepare,
    .setup = xnnpack_setup,
};

const struct assay_contract assay_contract_ort = {
    .name = "ort",
    .summary = "onnxruntime QLinearConv, CPU: the arithmetic of xnnpack, without its refusals",
    .formula = BIAS FORMULA,
    .source =
        "onnxruntime core/providers/cpu/quantization/qlinearconv.cc ComputeOutputScale, "
        "core/mlas/lib/quantize.cpp MlasRequantizeOutput",
    .engines = "none (onnxruntime 1.30.0, CPU execution provider)",
    .pitfalls =
        "A model file brings its int32 bias along. Here it is made from the float bias as PyTorch "
        "makes it; ONNX tools divide by the scale and round.\n"
        "x86 without VNNI may saturate in int16; that was not run.",
    .prepare = ort_prepare,
    .setup = ort_setup,
};

ASSAY_INTEGER_FORM_TEXT(xnnpack);

const struct assay_contract assay_contract_xnnpack_rndnu = {
    .name = "xnnpack_rndnu",
    .summary = "XNNPACK on ARM NEON: 24-bit integer multiplier of the float scale, half_up",
    .formula = BIAS
    "scale = ((float)x_scale * (float)w_scale) / (float)y_scale = m * 2^-s, m in "
    "[2^23, 2^24)\n"
    "n = acc + qb                            (int32, wraps)\n"
    "y = clamp(half_up(n * m / 2^s) + y_zp)",
    .source = "XNNPACK src/xnnpack/requantization.h, rndnu (read, not run)",
    .engines = "none verified (ARM builds)",
    .pitfalls = "Read, not run. half_up where xnnpack on x86 is half_even: only ties differ.",
    .prepare = xnnpack_rndnu_prepare,
    .setup = xnnpack_rndnu_setup,
    .from_fixed_point = rndnu_from,
};
