/* Contracts `tosa_32_single`, `tosa_32_double`, `tosa_16`: the RESCALE operator. No twin. */
#include "golden/contract_private.h"

static enum assay_status multiplier_setup(const struct assay_channel *c, int32_t bits,
                                          struct assay_requantizer *r, struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  const double xs = (double)(float)c->x_scale, ws = (double)(float)c->w_scale;
  const double ys = (double)(float)c->y_scale;
  LET_DOUBLE(real_multiplier, xs * ws / ys);
  assay_setup_multiplier(real_multiplier, bits, r, steps);
  if (r->i[1] < 2) return ASSAY_ERROR_SCALE;
  if (r->i[1] > 62) {
    const int32_t excess = (int32_t)assay_clamp(r->i[1] - 62, 0, 31);
    r->i[0] >>= excess;
    r->i[1] = 62;
  }
  return assay_setup_int32_bias(c, r, steps);
}

ASSAY_ALWAYS_INLINE int32_t rescale(const struct assay_requantizer *r, int32_t acc,
                                    bool double_round, struct assay_steps *steps) {
  const int64_t multiplier = r->i[0];
  const int32_t shift = (int32_t)r->i[1];
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_WIDE(product, n * multiplier);
  const int64_t extra = !double_round || shift <= 31 ? 0 : n >= 0 ? 1 << 30 : -(1 << 30);
  LET_WIDE(rounding, (INT64_C(1) << (shift - 1)) + extra);
  LET_WIDE(v, (product + rounding) >> shift);
  return assay_finish(r, v, steps);
}

ASSAY_ALWAYS_INLINE int32_t once_run(const struct assay_requantizer *r, int32_t acc,
                                     struct assay_steps *steps) {
  return rescale(r, acc, false, steps);
}
ASSAY_DEFINE_RUN(once)

ASSAY_ALWAYS_INLINE int32_t twice_run(const struct assay_requantizer *r, int32_t acc,
                                      struct assay_steps *steps) {
  return rescale(r, acc, true, steps);
}
ASSAY_DEFINE_RUN(twice)

static enum assay_status tosa_32_single_setup(const struct assay_channel *c,
                                              struct assay_requantizer *r,
                                              struct assay_steps *steps) {
  once_use(r);
  return multiplier_setup(c, 31, r, steps);
}
ASSAY_DEFINE_PREPARE(tosa_32_single)

static enum assay_status tosa_32_double_setup(const struct assay_channel *c,
                                              struct assay_requantizer *r,
                                              struct assay_steps *steps) {
  twice_use(r);
  return multiplier_setup(c, 31, r, steps);
}
ASSAY_DEFINE_PREPARE(tosa_32_double)

static enum assay_status tosa_16_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                       struct assay_steps *steps) {
  once_use(r);
  return multiplier_setup(c, 15, r, steps);
}
ASSAY_DEFINE_PREPARE(tosa_16)

static enum assay_status single_from(const struct assay_fixed_point *p,
                                     struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 2, 62, once_use, out);
}

static enum assay_status double_from(const struct assay_fixed_point *p,
                                     struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 2, 62, twice_use, out);
}

static enum assay_status narrow_from(const struct assay_fixed_point *p,
                                     struct assay_requantizer *out) {
  return assay_fixed_point_begin(p, INT64_C(1) << 15, 2, 62, once_use, out);
}

#define MULTIPLIER(bits)                                                           \
  "M = (double)(float)x_scale * (double)(float)w_scale / (double)(float)y_scale\n" \
  "m * 2^e = M, m in [1/2, 1);  q = half_away(m * 2^" bits ");  S = " bits         \
  " - e, 2..62\n"                                                                  \
  "n = acc + qb                            (int32; qb as in qnnpack)\n"
#define ONCE "y = clamp(((n * q + 2^(S-1)) >> S) + y_zp, out_min, out_max)"
#define SOURCE                                                                \
  "TOSA specification 1.0, RESCALE, apply_scale_32 and apply_scale_16; MLIR " \
  "Dialect/Tosa/Utils/QuantUtils.cpp (read, not run)"

const struct assay_contract assay_contract_tosa_32_single = {
    .name = "tosa_32_single",
    .summary = "TOSA RESCALE, scale32 without double_round: 31-bit multiplier, half_up",
    .formula = MULTIPLIER("31") ONCE,
    .source = SOURCE,
    .engines = "none",
    .pitfalls =
        "Read, not run. The specification wants n in [-2^(S-1), 2^(S-1)) and a result in int32; "
        "outside of both it is undefined, and here computed in 64 bits and clamped.\n"
        "S counts to the right and includes the 31.",
    .prepare = tosa_32_single_prepare,
    .setup = tosa_32_single_setup,
    .from_fixed_point = single_from,
};

const struct assay_contract assay_contract_tosa_32_double = {
    .name = "tosa_32_double",
    .summary = "TOSA RESCALE, scale32 with double_round",
    .formula = MULTIPLIER("31") "d = S > 31: (n >= 0 ? 2^30 : -2^30), else 0\n"
                                "y = clamp(((n * q + 2^(S-1) + d) >> S) + y_zp, out_min, out_max)",
    .source = SOURCE,
    .engines = "none",
    .pitfalls = "Gives tflite_double's outputs on everything that was compared, by one addition instead of two.\n"
"Read, not run. The ranges of tosa_32_single hold here as well.",
    .prepare = tosa_32_double_prepare,
    .setup = tosa_32_double_setup,
    .from_fixed_point = double_from,
};

const struct assay_contract assay_contract_tosa_16 = {
    .name = "tosa_16",
    .summary = "TOSA RESCALE, scale16: 15-bit multiplier, half_up",
    .formula = MULTIPLIER("15") ONCE,
    .source = SOURCE,
    .engines = "none",
    .pitfalls =
        "15 bits are few: 0.024 % of outputs differ from a 31-bit multiplier.\n"
        "Meant for 48-bit accumulators of int16 layers; here fed with int32.",
    .prepare = tosa_16_prepare,
    .setup = tosa_16_setup,
    .from_fixed_point = narrow_from,
};
