/* Contracts `tflite_double`, `tflite_ruy` and `tflite_single`: a 31-bit multiplier, rounded twice
 * or once. No twin. */
#include "golden/contract_private.h"

/** x_scale * w_scale / y_scale in double, from the float32 scales that a model file holds. */
static enum assay_status multiplier_setup(const struct assay_channel *c,
                                          struct assay_requantizer *r, struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  const double xs = (double)(float)c->x_scale, ws = (double)(float)c->w_scale;
  const double ys = (double)(float)c->y_scale;
  LET_DOUBLE(real_multiplier, xs * ws / ys);
  assay_setup_multiplier(real_multiplier, 31, r, steps);
  if (r->i[1] < 1) return ASSAY_ERROR_SCALE;  // a left shift of more than 30
  if (r->i[1] > 62) {  // too small for the library, which then multiplies by 0
    r->i[0] = 0;
    r->i[1] = 31;
  }
  return assay_setup_int32_bias(c, r, steps);
}

/* ---- double rounding ---- */

/** The part of the shift that is done after the first rounding. */
static inline int32_t right_shift(const struct assay_requantizer *r) {
  return r->i[1] < 31 ? 0 : (int32_t)r->i[1] - 31;
}

/** Bias, left shift, product with the multiplier and the first rounding. */
ASSAY_ALWAYS_INLINE int64_t round_first(const struct assay_requantizer *r, int32_t acc,
                                        struct assay_steps *steps) {
  const int64_t multiplier = r->i[0];
  const int32_t left = r->i[1] < 31 ? 31 - (int32_t)r->i[1] : 0;
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_INT(shifted, assay_wrap_int32(assay_shift_left(n, left)));
  LET_WIDE(product, shifted * multiplier);
  LET_WIDE(high, assay_shift_half_up(product, 31));
  return high;
}

ASSAY_ALWAYS_INLINE int32_t tflite_double_run(const struct assay_requantizer *r, int32_t acc,
                                              struct assay_steps *steps) {
  const int64_t high = round_first(r, acc, steps);
  const int32_t right = right_shift(r);
  LET_WIDE(v, assay_shift_half_away(high, right));
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(tflite_double)

ASSAY_ALWAYS_INLINE int32_t tflite_ruy_run(const struct assay_requantizer *r, int32_t acc,
                                           struct assay_steps *steps) {
  const int64_t high = round_first(r, acc, steps);
  const int32_t right = right_shift(r);
  LET_WIDE(v, assay_shift_half_up(high, right));
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(tflite_ruy)

static enum assay_status tflite_double_setup(const struct assay_channel *c,
                                             struct assay_requantizer *r,
                                             struct assay_steps *steps) {
  tflite_double_use(r);
  return multiplier_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(tflite_double)

static enum assay_status double_from(const struct assay_fixed_point *p,
                                     struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 1, 62, tflite_double_use, out);
}

static enum assay_status tflite_ruy_setup(const struct assay_channel *c,
                                          struct assay_requantizer *r, struct assay_steps *steps) {
  tflite_ruy_use(r);
  return multiplier_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(tflite_ruy)

static enum assay_status ruy_from(const struct assay_fixed_point *p,
                                  struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 1, 62, tflite_ruy_use, out);
}

/* ---- single rounding ---- */

ASSAY_ALWAYS_INLINE int32_t tflite_single_run(const struct assay_requantizer *r, int32_t acc,
                                              struct assay_steps *steps) {
  const int64_t multiplier = r->i[0];
  const int32_t shift = (int32_t)r->i[1];
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_WIDE(product, n * multiplier);
  LET_INT(v, assay_wrap_int32(assay_shift_half_up(product, shift)));
  return assay_finish(r, v, steps);
}
ASSAY_DEFINE_RUN(tflite_single)

static enum assay_status tflite_single_setup(const struct assay_channel *c,
                                             struct assay_requantizer *r,
                                             struct assay_steps *steps) {
  tflite_single_use(r);
  return multiplier_setup(c, r, steps);
}
ASSAY_DEFINE_PREPARE(tflite_single)

static enum assay_status single_from(const struct assay_fixed_point *p,
                                     struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 1, 62, tflite_single_use, out);
}

#define MULTIPLIER                                                                          \
  "M = (double)(float)x_scale * (double)(float)w_scale / (double)(float)y_scale\n"          \
  "m * 2^e = M, m in [1/2, 1);  q = half_away(m * 2^31);  q == 2^31: q = 2^30, e = e + 1\n" \
  "S = 31 - e;  S > 62: q = 0\n"                                                            \
  "n = acc + qb                            (int32; qb as in qnnpack)\n"

const struct assay_contract assay_contract_tflite_double = {
    .name = "tflite_double",
    .summary = "TFLite built-in reference, gemmlowp, CMSIS-NN default: two roundings",
    .formula = MULTIPLIER
    "h = half_up((n << max(31 - S, 0)) * q / 2^31)        (the left shift "
    "wraps)\n"
    "v = half_away(h / 2^max(S - 31, 0))\n"
    "y = clamp(v + y_zp, out_min, out_max)",
    .source =
        "tensorflow/lite/kernels/internal/common.cc MultiplyByQuantizedMultiplier; gemmlowp "
        "fixedpoint/fixedpoint.h; CMSIS-NN arm_nnsupportfunctions.h arm_nn_requantize",
    .engines = "none",
    .pitfalls =
        "half_up when S <= 31, half_away in the second step when S > 31: neither name alone is "
        "right.\n"
        "Two roundings move 0.13 % of outputs by one against a single one.\n"
        "The left shift (M >= 1) wraps, it does not saturate.\n"
        "A model file brings its int32 bias along. Here it is made from the float bias as PyTorch "
        "makes it; the TFLite converter rounds half_away.\n"
        "TFLite counts the shift from 31 to the left: theirs = 31 - S.",
    .prepare = tflite_double_prepare,
    .setup = tflite_double_setup,
    .from_fixed_point = double_from,
};

const struct assay_contract assay_contract_tflite_ruy = {
    .name = "tflite_ruy",
    .summary = "LiteRT built-in optimized kernels on x86 (ruy): two roundings, both half_up",
    .formula = MULTIPLIER
    "h = half_up((n << max(31 - S, 0)) * q / 2^31)        (the left shift "
    "wraps)\n"
    "v = half_up(h / 2^max(S - 31, 0))\n"
    "y = clamp(v + y_zp, out_min, out_max)",
    .source =
        "ruy kernel_avx2_fma.cc and kernel_avx512.cc, the multiplier's application; run in LiteRT "
        "2.3.0 on AVX-512",
    .engines = "none (LiteRT 2.3.0, built-in optimized kernels, x86)",
    .pitfalls =
        "ruy's portable code (apply_multiplier.cc) rounds once, as tflite_single, and says that "
        "it does not decide what the kernels do.\n"
        "Measured for M < 1 only (vectors/reference).\n"
        "LiteRT takes the XNNPACK delegate by default: that is xnnpack, not this.",
    .prepare = tflite_ruy_prepare,
    .setup = tflite_ruy_setup,
    .from_fixed_point = ruy_from,
};

const struct assay_contract assay_contract_tflite_single = {
    .name = "tflite_single",
    .summary = "TFLite single rounding, CMSIS-NN single rounding: 31-bit multiplier, half_up",
    .formula = MULTIPLIER
    "v = half_up(n * q / 2^S)                              (int32, wraps)\n"
    "y = clamp(v + y_zp, out_min, out_max)",
    .source =
        "tensorflow/lite/kernels/internal/common.cc MultiplyByQuantizedMultiplier with "
        "TFLITE_SINGLE_ROUNDING; ruy apply_multiplier.cc (portable code); CMSIS-NN with "
        "CMSIS_NN_USE_SINGLE_ROUNDING",
    .engines = "none",
    .pitfalls =
        "TFLite on a desktop and TFLite Micro's default differ: tflite_ruy against "
        "tflite_double.\n"
        "A result beyond int32 wraps; the library only asserts that there is none.",
    .prepare = tflite_single_prepare,
    .setup = tflite_single_setup,
    .from_fixed_point = single_from,
};
