/* Contracts `onednn_2`, `onednn_3`, `onednn_3_11` and how each operator hands its scales over. No
 * twin.
 *
 * In all of them the bias stays float and the zero point is added before rounding. The fused ReLU
 * is max(t, 0) in float before the zero point; it is written here as the clamp's lower end, which
 * gives the same integers because adding the zero point does not change an order. */
#include "golden/contract_private.h"
#include "golden/soft_float.h"

ASSAY_ALWAYS_INLINE int32_t clamp_and_round(const struct assay_requantizer *r, float sum,
                                            struct assay_steps *steps) {
  LET_FLOAT(clamped, assay_clamp_float(sum, (float)r->out_min, (float)r->out_max));
  LET_INT(y, assay_cvtps2dq(clamped));
  return y;
}

ASSAY_ALWAYS_INLINE int32_t integer_clamp_and_round(const struct assay_requantizer *r, uint32_t sum,
                                                    struct assay_steps *steps) {
  LET_INT(rounded, assay_soft_round(sum));
  LET_INT(y, (int32_t)assay_clamp(rounded, r->out_min, r->out_max));
  return y;
}

/* ---- oneDNN 2.x: reciprocal scales, bias in accumulator units ---- */

ASSAY_ALWAYS_INLINE int32_t onednn_2_run(const struct assay_requantizer *r, int32_t acc,
                                         struct assay_steps *steps) {
  const float out_scale = r->f[0], scaled_bias = r->f[1];
  const int32_t y_zp = r->y_zp;
  LET_FLOAT(with_bias, (float)acc + scaled_bias);
  LET_FLOAT(t, with_bias * out_scale);
  LET_FLOAT(sum, t + (float)y_zp);
  return clamp_and_round(r, sum, steps);
}
ASSAY_DEFINE_RUN(onednn_2)

static enum assay_status onednn_2_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                        struct assay_steps *steps) {
  if (c->dtype != ASSAY_QUINT8) return ASSAY_ERROR_UNSUPPORTED;
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  LET_FLOAT(x_inverse, (float)(1.0 / c->x_scale));
  LET_FLOAT(w_inverse, c->per_channel ? 1.0f / (float)c->w_scale : (float)(1.0 / c->w_scale));
  LET_FLOAT(y_inverse, (float)(1.0 / c->y_scale));
  LET_FLOAT(bias_scale, x_inverse * w_inverse);
  LET_FLOAT(out_scale, y_inverse / bias_scale);
  LET_FLOAT(scaled_bias, c->has_bias ? c->bias * bias_scale : 0.0f);
  if (!isnormal(bias_scale) || !isnormal(out_scale) || !isfinite(scaled_bias)) {
    return ASSAY_ERROR_SCALE;
  }
  onednn_2_use(r);
  r->f[0] = out_scale;
  r->f[1] = scaled_bias;
  return ASSAY_OK;
}
ASSAY_DEFINE_PREPARE(onednn_2)

ASSAY_ALWAYS_INLINE int32_t integer_2_run(const struct assay_requantizer *r, int32_t acc,
                                          struct assay_steps *steps) {
  LET_BITS(out_scale, assay_soft_bits(r->f[0]));
  LET_BITS(scaled_bias, assay_soft_bits(r->f[1]));
  LET_BITS(with_bias, assay_soft_add(assay_soft_from_int32(acc), scaled_bias));
  LET_BITS(t, assay_soft_multiply(with_bias, out_scale));
  LET_BITS(sum, assay_soft_add(t, assay_soft_from_int32(r->y_zp)));
  return integer_clamp_and_round(r, sum, steps);
}
ASSAY_DEFINE_RUN(integer_2)
ASSAY_DEFINE_INTEGER_FORM(onednn_2, integer_2)

/* ---- oneDNN 3.x: source, weight and destination scales, bias in real units ---- */

/** Scales as oneDNN multiplies by them, whoever handed them over. */
struct scales {
  float source, weight, destination_inverse;
};

ASSAY_ALWAYS_INLINE int32_t add_bias_and_finish(const struct assay_requantizer *r, float real,
                                                struct assay_steps *steps) {
  const float bias = r->f[2], destination_inverse = r->f[3];
  const int32_t y_zp = r->y_zp;
  LET_FLOAT(with_bias, real + bias);
  LET_FLOAT(t, with_bias * destination_inverse);
  LET_FLOAT(sum, t + (float)y_zp);
  return clamp_and_round(r, sum, steps);
}

ASSAY_ALWAYS_INLINE int32_t one_product_run(const struct assay_requantizer *r, int32_t acc,
                                            struct assay_steps *steps) {
  const float scale = r->f[0];
  LET_FLOAT(real, (float)acc * scale);
  return add_bias_and_finish(r, real, steps);
}
ASSAY_DEFINE_RUN(one_product)

ASSAY_ALWAYS_INLINE int32_t two_products_run(const struct assay_requantizer *r, int32_t acc,
                                             struct assay_steps *steps) {
  const float source_scale = r->f[0], weight_scale = r->f[1];
  LET_FLOAT(half_scaled, (float)acc * source_scale);
  LET_FLOAT(real, half_scaled * weight_scale);
  return add_bias_and_finish(r, real, steps);
}
ASSAY_DEFINE_RUN(two_products)

ASSAY_ALWAYS_INLINE int32_t integer_finish_3(const struct assay_requantizer *r, uint32_t real,
                                             struct assay_steps *steps) {
  LET_BITS(bias, assay_soft_bits(r->f[2]));
  LET_BITS(destination_inverse, assay_soft_bits(r->f[3]));
  LET_BITS(with_bias, assay_soft_add(real, bias));
  LET_BITS(t, assay_soft_multiply(with_bias, destination_inverse));
  LET_BITS(sum, assay_soft_add(t, assay_soft_from_int32(r->y_zp)));
  return integer_clamp_and_round(r, sum, steps);
}

ASSAY_ALWAYS_INLINE int32_t integer_one_product_run(const struct assay_requantizer *r, int32_t acc,
                                                    struct assay_steps *steps) {
  LET_BITS(scale, assay_soft_bits(r->f[0]));
  LET_BITS(real, assay_soft_multiply(assay_soft_from_int32(acc), scale));
  return integer_finish_3(r, real, steps);
}
ASSAY_DEFINE_RUN(integer_one_product)

ASSAY_ALWAYS_INLINE int32_t integer_two_products_run(const struct assay_requantizer *r, int32_t acc,
                                                     struct assay_steps *steps) {
  LET_BITS(source_scale, assay_soft_bits(r->f[0]));
  LET_BITS(weight_scale, assay_soft_bits(r->f[1]));
  LET_BITS(half_scaled, assay_soft_multiply(assay_soft_from_int32(acc), source_scale));
  LET_BITS(real, assay_soft_multiply(half_scaled, weight_scale));
  return integer_finish_3(r, real, steps);
}
ASSAY_DEFINE_RUN(integer_two_products)

/** Keeps the constants; `source` and `weight` of onednn_3 are multiplied first. */
static enum assay_status keep(const struct assay_channel *c, const struct scales *s,
                              bool one_product, struct assay_requantizer *r,
                              struct assay_steps *steps) {
  if (!isnormal(s->source) || !isnormal(s->weight) || !isnormal(s->destination_inverse)) {
    return ASSAY_ERROR_SCALE;
  }
  const float source_scale = s->source, weight_scale = s->weight;
  r->f[0] = source_scale;
  r->f[1] = weight_scale;
  r->f[2] = c->has_bias ? c->bias : 0.0f;
  r->f[3] = s->destination_inverse;
  two_products_use(r);
  if (one_product) {
    LET_FLOAT(scale, source_scale * weight_scale);
    if (!isnormal(scale)) return ASSAY_ERROR_SCALE;
    r->f[0] = scale;
    one_product_use(r);
  }
  return ASSAY_OK;
}

/** Eager operators: ideep hands over reciprocals, and they are inverted again. */
static struct scales eager_scales(const struct assay_channel *c, struct assay_steps *steps) {
  LET_FLOAT(source_scale, 1.0f / (float)(1.0 / c->x_scale));
  LET_FLOAT(weight_scale, (float)c->w_scale);
  LET_FLOAT(destination_inverse, 1.0f / (1.0f / (float)(1.0 / c->y_scale)));
  return (struct scales){source_scale, weight_scale, destination_inverse};
}

/** torch.ops.onednn.qconv2d_pointwise: scales as they are. */
static struct scales pointwise_scales(const struct assay_channel *c, struct assay_steps *steps) {
  LET_FLOAT(source_scale, (float)c->x_scale);
  LET_FLOAT(weight_scale, (float)c->w_scale);
  LET_FLOAT(destination_inverse, 1.0f / (float)c->y_scale);
  return (struct scales){source_scale, weight_scale, destination_inverse};
}

/** quantized::linear: the weight scale is inverted twice as well. */
static struct scales linear_scales(const struct assay_channel *c, struct assay_steps *steps) {
  struct scales s = eager_scales(c, steps);
  LET_FLOAT(w_inverse, c->per_channel ? 1.0f / (float)c->w_scale : (float)(1.0 / c->w_scale));
  LET_FLOAT(weight_scale_used, 1.0f / w_inverse);
  s.weight = weight_scale_used;
  return s;
}

typedef struct scales (*scales_function)(const struct assay_channel *c, struct assay_steps *steps);

static enum assay_status setup_3(const struct assay_channel *c, scales_function scales_of,
                                 bool one_product, struct assay_requantizer *r,
                                 struct assay_steps *steps) {
  const bool eager = scales_of != pointwise_scales;
  if (eager && c->dtype != ASSAY_QUINT8) return ASSAY_ERROR_UNSUPPORTED;
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  const struct scales s = scales_of(c, steps);
  return keep(c, &s, one_product, r, steps);
}

static enum assay_status onednn_3_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                        struct assay_steps *steps) {
  return setup_3(c, eager_scales, true, r, steps);
}
ASSAY_DEFINE_PREPARE(onednn_3)
ASSAY_DEFINE_INTEGER_FORM(onednn_3, integer_one_product)

static enum assay_status onednn_3_pointwise_setup(const struct assay_channel *c,
                                                  struct assay_requantizer *r,
                                                  struct assay_steps *steps) {
  return setup_3(c, pointwise_scales, true, r, steps);
}
ASSAY_DEFINE_PREPARE(onednn_3_pointwise)
ASSAY_DEFINE_INTEGER_FORM(onednn_3_pointwise, integer_one_product)

static enum assay_status onednn_3_11_setup(const struct assay_channel *c,
                                           struct assay_requantizer *r, struct assay_steps *steps) {
  return setup_3(c, eager_scales, false, r, steps);
}
ASSAY_DEFINE_PREPARE(onednn_3_11)
ASSAY_DEFINE_INTEGER_FORM(onednn_3_11, integer_two_products)

static enum assay_status onednn_3_11_pointwise_setup(const struct assay_channel *c,
                                                     struct assay_requantizer *r,
                                                     struct assay_steps *steps) {
  return setup_3(c, pointwise_scales, false, r, steps);
}
ASSAY_DEFINE_PREPARE(onednn_3_11_pointwise)
ASSAY_DEFINE_INTEGER_FORM(onednn_3_11_pointwise, integer_two_products)

static enum assay_status onednn_3_11_linear_setup(const struct assay_channel *c,
                                                  struct assay_requantizer *r,
                                                  struct assay_steps *steps) {
  return setup_3(c, linear_scales, false, r, steps);
}
ASSAY_DEFINE_PREPARE(onednn_3_11_linear)
ASSAY_DEFINE_INTEGER_FORM(onednn_3_11_linear, integer_two_products)

/* ---- texts ---- */

#define FINISH_3                                       \
  "t = t + bias                           (float32)\n" \
  "t = max(t, 0) if relu\n"                            \
  "t = t * di;  t = t + (float)y_zp       (no fma)\n"  \
  "y = half_even(clamp(t, q_min, q_max))"
#define EAGER_SCALES                                           \
  "ss = 1.0f / (float)(1.0 / x_scale);  sw = (float)w_scale\n" \
  "di = 1.0f / (1.0f / (float)(1.0 / y_scale))\n"
#define LINEAR_SCALES                                                                  \
  "ss = 1.0f / (float)(1.0 / x_scale);  di = 1.0f / (1.0f / (float)(1.0 / y_scale))\n" \
  "sw = 1.0f / (per channel: 1.0f / (float)w_scale;  per tensor: (float)(1.0 / w_scale))\n"
#define POINTWISE_SCALES                        \
  "ss = (float)x_scale;  sw = (float)w_scale\n" \
  "di = 1.0f / (float)y_scale\n"
#define ONE_PRODUCT "t = (float)acc * (ss * sw)             (product of the scales first)\n"
#define TWO_PRODUCTS "t = ((float)acc * ss) * sw             (two roundings)\n"
#define SOURCE_3                                                                             \
  "oneDNN src/cpu/scale_utils.cpp precompute_scales (one product), called through ideep by " \
  "PyTorch's qconv.cpp PackedConvWeightsOnednn::apply_impl"
#define SOURCE_3_11                                                                              \
  "oneDNN 3.12 src/cpu/x64/brgemm/jit_brgemm_kernel.cpp store_accumulators_apply_post_ops (two " \
  "products)"

const struct assay_contract assay_contract_onednn_2 = {
    .name = "onednn_2",
    .summary = "PyTorch 1.13, engine onednn (oneDNN 2.6): float bias, reciprocal scales",
    .formula =
        "si = (float)(1.0 / x_scale);  so = (float)(1.0 / y_scale)\n"
        "sw = per channel: 1.0f / (float)w_scale;  per tensor: (float)(1.0 / w_scale)\n"
        "bs = si * sw;  os = so / bs;  bf = bias * bs     (float32)\n"
        "t  = (float)acc + bf\n"
        "t  = t * os;  t = max(t, 0) if relu;  t = t + (float)y_zp   (no fma)\n"
        "y  = half_even(clamp(t, 0, 255))",
    .source =
        "oneDNN 2.6.3 src/cpu/x64/jit_avx512_core_x8s8s32x_conv_kernel.cpp store_output; "
        "ideep utils.hpp compute_scales; PyTorch qconv.cpp "
        "PackedConvWeightsOnednn::apply_impl",
    .engines = "PyTorch 1.13.1, engine onednn: convolution, transposed convolution, linear",
    .pitfalls =
        "The zero point is added before rounding: with an odd y_zp every tie goes the other way "
        "than in qnnpack.\n"
        "The bias is not rounded to an integer, so B needs bits below one accumulator unit.\n"
        "Per-channel and per-tensor weights take the reciprocal of w_scale in float and in "
        "double.\n"
        "x86 without VNNI saturates pairs of products in int16: use activations up to 127 there.\n"
        "A compiler that fuses t * os + y_zp breaks it: build with -ffp-contract=off.",
    .prepare = onednn_2_prepare,
    .setup = onednn_2_setup,
};

const struct assay_contract assay_contract_onednn_3 = {
    .name = "onednn_3",
    .summary = "PyTorch 2.1 to 2.10, engines onednn and x86 (VNNI): one product of scales",
    .formula = EAGER_SCALES ONE_PRODUCT FINISH_3,
    .source = SOURCE_3,
    .engines =
        "PyTorch 2.1.2, 2.4.1, 2.7.1, 2.8.0, 2.9.1, 2.10.0, engines onednn and x86, "
        "convolution",
    .pitfalls =
        "Not told from onednn_2 by random layers: 4.6 million outputs showed single differences.\n"
        "The reciprocals are taken twice; leaving that out is wrong in 13 to 66 of 10^8 outputs.\n"
        "The version of PyTorch does not decide: fingerprint the wheel that is used.",
    .prepare = onednn_3_prepare,
    .setup = onednn_3_setup,
};

const struct assay_contract assay_contract_onednn_3_pointwise = {
    .name = "onednn_3_pointwise",
    .summary = "onednn_3 as torch.ops.onednn.qconv2d_pointwise reads its scales (PyTorch 2.7)",
    .formula = POINTWISE_SCALES ONE_PRODUCT FINISH_3,
    .source = SOURCE_3,
    .engines = "PyTorch 2.7.1, torch.ops.onednn.qconv2d_pointwise",
    .pitfalls =
        "The eager operator of the same wheel reads its scales differently: contract onednn_3.",
    .prepare = onednn_3_pointwise_prepare,
    .setup = onednn_3_pointwise_setup,
};

const struct assay_contract assay_contract_onednn_3_11 = {
    .name = "onednn_3_11",
    .summary = "PyTorch 2.12 to 2.14, engines onednn and x86 (VNNI): two products",
    .formula = EAGER_SCALES TWO_PRODUCTS FINISH_3,
    .source = SOURCE_3_11,
    .engines =
        "PyTorch 2.12.0, 2.13.0, 2.14.1, engines onednn and x86, convolution and "
        "transposed convolution",
    .pitfalls =
        "(acc * ss) * sw and acc * (ss * sw) differ at ties only: that is oneDNN 3.11 against "
        "older ones.\n"
        "PyTorch 2.13 scrambles the weights of conv_transpose2d with groups = 1 and C_in != C_out "
        "on this engine.",
    .prepare = onednn_3_11_prepare,
    .setup = onednn_3_11_setup,
};

const struct assay_contract assay_contract_onednn_3_11_pointwise = {
    .name = "onednn_3_11_pointwise",
    .summary = "onednn_3_11 as torch.ops.onednn.qconv2d_pointwise reads its scales",
    .formula = POINTWISE_SCALES TWO_PRODUCTS FINISH_3,
    .source = SOURCE_3_11,
    .engines = "PyTorch 2.13.0, torch.ops.onednn.qconv2d_pointwise (Inductor on PT2E models)",
    .pitfalls =
        "The eager operator of the same wheel reads its scales differently: contract onednn_3_11.",
    .prepare = onednn_3_11_pointwise_prepare,
    .setup = onednn_3_11_pointwise_setup,
};

const struct assay_contract assay_contract_onednn_3_11_linear = {
    .name = "onednn_3_11_linear",
    .summary = "onednn_3_11 as quantized::linear reads its scales: the weight scale inverted twice",
    .formula = LINEAR_SCALES
    "sw = 1.0f / (per channel: 1.0f / (float)w_scale;  per tensor: (float)(1.0 / "
    "w_scale))\n" TWO_PRODUCTS FINISH_3,
    .source = SOURCE_3_11 "; PyTorch qlinear.cpp PackedLinearWeightsOnednn::apply_impl",
    .engines = "PyTorch 2.13.0, engine onednn, linear",
    .pitfalls =
        "Convolution of the same wheel uses (float)w_scale as it is: contract onednn_3_11.\n"
        "With AVX2 forced, linear saturates in int16: 3 % of outputs wrong at full-range "
        "activations.",
    .prepare = onednn_3_11_linear_prepare,
    .setup = onednn_3_11_linear_setup,
};

ASSAY_INTEGER_FORM_TEXT(onednn_2);
ASSAY_INTEGER_FORM_TEXT(onednn_3);
ASSAY_INTEGER_FORM_TEXT(onednn_3_pointwise);
ASSAY_INTEGER_FORM_TEXT(onednn_3_11);
ASSAY_INTEGER_FORM_TEXT(onednn_3_11_pointwise);
ASSAY_INTEGER_FORM_TEXT(onednn_3_11_linear);
