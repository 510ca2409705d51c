/* Contracts `tvm_upward` and `tvm_tonearest`: TVM's qnn.requantize. No twin. */
#include "golden/contract_private.h"

static const int64_t one_half = INT64_C(1) << 30;  ///< as a 31-bit fraction

static enum assay_status multiplier_setup(const struct assay_channel *c,
                                          struct assay_requantizer *r, struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  LET_FLOAT(product_scale, (float)c->x_scale * (float)c->w_scale);
  LET_DOUBLE(real_multiplier, (double)product_scale / (double)(float)c->y_scale);
  if (!isnormal(product_scale)) return ASSAY_ERROR_SCALE;
  assay_setup_multiplier(real_multiplier, 31, r, steps);
  if (r->i[1] < 1 || r->i[1] > 61) return ASSAY_ERROR_SCALE;  // shifts that int32 and int64 hold
  return assay_setup_int32_bias(c, r, steps);
}

/** (n << max(31 - shift, 0)) * multiplier, in 64 bits that wrap. */
ASSAY_ALWAYS_INLINE int64_t wide_product(const struct assay_requantizer *r, int32_t n,
                                         struct assay_steps *steps) {
  const int64_t multiplier = r->i[0];
  const int32_t left = r->i[1] < 31 ? 31 - (int32_t)r->i[1] : 0;
  LET_WIDE(product, assay_wrap_multiply(assay_shift_left(n, left), multiplier));
  return product;
}

/* ---- UPWARD ---- */

ASSAY_ALWAYS_INLINE int32_t tvm_upward_run(const struct assay_requantizer *r, int32_t acc,
                                           struct assay_steps *steps) {
  const int32_t right = r->i[1] < 31 ? 31 : (int32_t)r->i[1];
  const int32_t n = assay_add_bias(r, acc, steps);
  const int64_t product = wide_product(r, n, steps);
  LET_INT(v, assay_wrap_int32(assay_shift_half_up(product, right)));
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(tvm_upward)

/** M a power of two: int32 shifts, whose rounding addition wraps. */
ASSAY_ALWAYS_INLINE int32_t power_of_two_run(const struct assay_requantizer *r, int32_t acc,
                                             struct assay_steps *steps) {
  const int32_t exponent = (int32_t)r->i[1] - 30;
  const int32_t n = assay_add_bias(r, acc, steps);
  if (exponent <= 0) {
    LET_INT(v, assay_wrap_int32(assay_shift_left(n, -exponent)));
    return assay_finish(r, v, steps);
  }
  LET_INT(rounded, assay_wrap_int32(n + (INT64_C(1) << (exponent - 1))));
  LET_INT(v, rounded >> exponent);
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(power_of_two)

static void use_upward(struct assay_requantizer *r) {
  if (r->i[0] == one_half) {
    power_of_two_use(r);
  } else {
    tvm_upward_use(r);
  }
}

static enum assay_status tvm_upward_setup(const struct assay_channel *c,
                                          struct assay_requantizer *r, struct assay_steps *steps) {
  const enum assay_status status = multiplier_setup(c, r, steps);
  if (status == ASSAY_OK) use_upward(r);
  return status;
}
ASSAY_DEFINE_PREPARE(tvm_upward)

static enum assay_status upward_from(const struct assay_fixed_point *p,
                                     struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 1, 61, use_upward, out);
}

/* ---- TONEAREST ---- */

ASSAY_ALWAYS_INLINE int32_t tvm_tonearest_run(const struct assay_requantizer *r, int32_t acc,
                                              struct assay_steps *steps) {
  const int32_t right = r->i[1] < 31 ? 31 : (int32_t)r->i[1];
  const int32_t n = assay_add_bias(r, acc, steps);
  const int64_t product = wide_product(r, n, steps);
  LET_INT(v, assay_wrap_int32(assay_shift_half_away(product, right)));
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(tvm_tonearest)

static enum assay_status tvm_tonearest_setup(const struct assay_channel *c,
                                             struct assay_requantizer *r,
                                             struct assay_steps *steps) {
  tvm_tonearest_use(r);
  return multiplier_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(tvm_tonearest)

static enum assay_status tonearest_from(const struct assay_fixed_point *p,
                                        struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 1, 61, tvm_tonearest_use, out);
}

#define MULTIPLIER                                                           \
  "M = (double)((float)x_scale * (float)w_scale) / (double)(float)y_scale\n" \
  "m * 2^e = M, m in [1/2, 1);  q = half_away(m * 2^31);  S = 31 - e\n"      \
  "n = acc + qb                            (int32; qb as in qnnpack)\n"      \
  "p = (n << max(31 - S, 0)) * q           (int64)\n"
#define SOURCE                                                                          \
  "TVM 0.9.0 src/relay/qnn/utils.cc GetFixedPointMultiplierShift, FixedPointMultiply; " \
  "src/relay/qnn/op/requantize.cc (read, not run)"

const struct assay_contract assay_contract_tvm_upward = {
    .name = "tvm_upward",
    .summary = "TVM qnn.requantize, rounding UPWARD (its default): half_up, one rounding",
    .formula = MULTIPLIER
    "y = clamp(half_up(p / 2^max(S, 31)) + y_zp, out_min, out_max)\n"
    "M = 2^-k: y = clamp(((n + 2^(k-1)) >> k) + y_zp)      (int32, wraps)",
    .source = SOURCE,
    .engines = "none",
    .pitfalls =
        "Read, not run (TVM 0.9.0; removed since).\n"
        "A multiplier that is a power of two takes 32-bit shifts, and the rounding addition wraps "
        "near 2^31.\n"
        "The frontend multiplies x_scale and w_scale in float32, TFLite in double.",
    .prepare = tvm_upward_prepare,
    .setup = tvm_upward_setup,
    .from_fixed_point = upward_from,
};

const struct assay_contract assay_contract_tvm_tonearest = {
    .name = "tvm_tonearest",
    .summary = "TVM qnn.requantize, rounding TONEAREST: half_away, one rounding",
    .formula = MULTIPLIER "y = clamp(half_away(p / 2^max(S, 31)) + y_zp, out_min, out_max)",
    .source = SOURCE,
    .engines = "none",
    .pitfalls =
        "Read, not run (TVM 0.9.0; removed since). half_away with one rounding: not tflite_double.",
    .prepare = tvm_tonearest_prepare,
    .setup = tvm_tonearest_setup,
    .from_fixed_point = tonearest_from,
};
