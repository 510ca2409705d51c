/* Contracts `nvdla`, `ne16`, `gemmini`: requantizers of open accelerators. No twin.
 *
 * None of them takes PyTorch's parameters as they are. How scales, bias and zero point are put into
 * their registers is a choice, made here as their tool flows make it and written at each contract.
 * NVDLA and Gemmini store int8 only: a quint8 output is computed as the int8 tensor with zero point
 * y_zp - 128 and read back 128 higher. */
#include "golden/contract_private.h"
#include "golden/soft_float.h"

static int32_t unsigned_offset(const struct assay_channel *c) {
  return c->dtype == ASSAY_QUINT8 ? 128 : 0;
}

static double real_multiplier_of(const struct assay_channel *c) {
  return c->x_scale * c->w_scale / c->y_scale;
}

/** An int8 result as the output tensor's integer. */
ASSAY_ALWAYS_INLINE int32_t finish_int8(const struct assay_requantizer *r, int32_t int8,
                                        struct assay_steps *steps) {
  const int32_t offset = (int32_t)r->i[2];
  LET_INT(y, (int32_t)assay_clamp(int8 + offset, r->out_min, r->out_max));
  return y;
}

/* ---- NVDLA ---- */

ASSAY_ALWAYS_INLINE int32_t nvdla_run(const struct assay_requantizer *r, int32_t acc,
                                      struct assay_steps *steps) {
  const int64_t multiplier = r->i[0];
  const int32_t shift = (int32_t)r->i[1], qbias = r->qbias;
  const int32_t zero = r->y_zp - (int32_t)r->i[2];
  LET_WIDE(n, (int64_t)acc + qbias);
  LET_WIDE(product, n * multiplier);
  LET_INT(scaled, assay_saturate_int32(assay_shift_half_away(product, shift)));
  LET_INT(moved, (int32_t)assay_clamp((int64_t)scaled + zero, -65536, 65535));
  LET_INT(int8, (int32_t)assay_clamp(moved, -128, 127));
  return finish_int8(r, int8, steps);
}
ASSAY_DEFINE_RUN(nvdla)

static enum assay_status nvdla_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                     struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  LET_DOUBLE(real_multiplier, real_multiplier_of(c));
  assay_setup_multiplier(real_multiplier, 15, r, steps);
  if (r->i[1] < 0 || r->i[1] > 63) return ASSAY_ERROR_SCALE;  // six bits
  r->i[2] = unsigned_offset(c);
  nvdla_use(r);
  return assay_setup_int32_bias(c, r, steps);
}
ASSAY_DEFINE_PREPARE(nvdla)

static enum assay_status nvdla_from(const struct assay_fixed_point *p,
                                    struct assay_requantizer *out) {
  const enum assay_status status =
      assay_fixed_point_begin(p, INT64_C(1) << 15, 0, 63, nvdla_use, out);
  if (status == ASSAY_OK) out->i[2] = p->out_max > 127 ? 128 : 0;
  return status;
}

/* ---- NE16 ---- */

ASSAY_ALWAYS_INLINE int32_t ne16_run(const struct assay_requantizer *r, int32_t acc,
                                     struct assay_steps *steps) {
  const int64_t multiplier = r->i[0], addend = r->i[2];
  const int32_t shift = (int32_t)r->i[1];
  LET_INT(product, assay_wrap_int32(acc * multiplier));
  LET_INT(sum, assay_wrap_int32(product + addend));
  LET_INT(v, sum >> shift);
  LET_INT(y, (int32_t)assay_clamp(v, r->out_min, r->out_max));
  return y;
}
ASSAY_DEFINE_RUN(ne16)

/** qbias * multiplier + y_zp * 2^shift */
static int64_t ne16_addend(const struct assay_requantizer *r, int64_t multiplier, int32_t shift) {
  return r->qbias * multiplier + assay_shift_left(r->y_zp, shift);
}

static bool ne16_fits(const struct assay_requantizer *r, double real_multiplier, int32_t shift) {
  const double multiplier = round(ldexp(real_multiplier, shift));
  if (!(multiplier <= 255.0)) return false;
  const int64_t addend = ne16_addend(r, (int64_t)multiplier, shift);
  return addend == assay_wrap_int32(addend);
}

/** The greatest shift at which multiplier (8 bits) and addend (32 bits) fit, or -1. */
static int32_t ne16_shift(const struct assay_requantizer *r, double real_multiplier) {
  int32_t shift = 31;
  while (shift >= 0 && !ne16_fits(r, real_multiplier, shift)) shift--;
  return shift;
}

static enum assay_status ne16_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                    struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  const enum assay_status bias_status = assay_setup_int32_bias(c, r, steps);
  if (bias_status != ASSAY_OK) return bias_status;
  LET_DOUBLE(real_multiplier, real_multiplier_of(c));
  if (!(real_multiplier < 255.5)) return ASSAY_ERROR_SCALE;
  LET_INT(shift, ne16_shift(r, real_multiplier));
  if (shift < 0) return ASSAY_ERROR_OVERFLOW;
  LET_WIDE(multiplier, (int64_t)round(ldexp(real_multiplier, shift)));
  if (multiplier == 0) return ASSAY_ERROR_SCALE;
  LET_WIDE(addend, ne16_addend(r, multiplier, shift));
  r->i[0] = multiplier;
  r->i[1] = shift;
  r->i[2] = addend;
  ne16_use(r);
  return ASSAY_OK;
}
ASSAY_DEFINE_PREPARE(ne16)

static enum assay_status ne16_from(const struct assay_fixed_point *p,
                                   struct assay_requantizer *out) {
  if (p->addend != assay_wrap_int32(p->addend) || p->qbias != 0 || p->y_zp != 0) {
    return ASSAY_ERROR_ARGUMENT;
  }
  return assay_fixed_point_begin(p, INT64_C(1) << 31, 0, 31, ne16_use, out);
}

/* ---- Gemmini ---- */

ASSAY_ALWAYS_INLINE int32_t gemmini_run(const struct assay_requantizer *r, int32_t acc,
                                        struct assay_steps *steps) {
  const float scale = r->f[0];
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_FLOAT(t, (float)n * scale);
  LET_INT(int8, assay_cvtps2dq(assay_clamp_float(t, -128.0f, 127.0f)));
  return finish_int8(r, int8, steps);
}
ASSAY_DEFINE_RUN(gemmini)

ASSAY_ALWAYS_INLINE int32_t gemmini_integer_run(const struct assay_requantizer *r, int32_t acc,
                                                struct assay_steps *steps) {
  const int32_t n = assay_add_bias(r, acc, steps);
  LET_BITS(scale, assay_soft_bits(r->f[0]));
  LET_BITS(t, assay_soft_multiply(assay_soft_from_int32(n), scale));
  LET_INT(int8, (int32_t)assay_clamp(assay_soft_round(t), -128, 127));
  return finish_int8(r, int8, steps);
}
ASSAY_DEFINE_RUN(gemmini_integer)

static enum assay_status gemmini_setup(const struct assay_channel *c, struct assay_requantizer *r,
                                       struct assay_steps *steps) {
  const enum assay_status status = assay_setup_output(c, r, steps);
  if (status != ASSAY_OK) return status;
  LET_FLOAT(scale, (float)real_multiplier_of(c));
  if (!isnormal(scale)) return ASSAY_ERROR_SCALE;
  const enum assay_status bias_status = assay_setup_int32_bias(c, r, steps);
  if (bias_status != ASSAY_OK) return bias_status;
  const int32_t zero = c->y_zp - unsigned_offset(c);
  LET_FLOAT(zero_units, (float)zero / scale);
  LET_WIDE(preload, assay_wrap_add(r->qbias, assay_saturate_int32(assay_cvtss2si(zero_units))));
  LET_INT(qbias, assay_saturate_int32(preload));
  r->qbias = qbias;
  r->f[0] = scale;
  r->i[2] = unsigned_offset(c);
  gemmini_use(r);
  return ASSAY_OK;
}
ASSAY_DEFINE_PREPARE(gemmini)
ASSAY_DEFINE_INTEGER_FORM(gemmini, gemmini_integer)

/* ---- texts ---- */

const struct assay_contract assay_contract_nvdla = {
    .name = "nvdla",
    .summary = "NVDLA SDP: 16-bit multiplier a channel, half_away, then zero point and int8",
    .formula =
        "M = x_scale * w_scale / y_scale = m * 2^e, m in [1/2, 1)\n"
        "q = half_away(m * 2^15);  S = 15 - e, 0..63;  z = y_zp - (quint8 ? 128 : 0)\n"
        "X stage: v = sat32(half_away((acc + qb) * q / 2^S))   (33 bits; qb as in qnnpack)\n"
        "CVT:     o = sat8(sat17(v + z))                       (offset -z, scale 1)\n"
        "y = clamp(o + (quint8 ? 128 : 0), out_min, out_max)",
    .source =
        "NVDLA vmod/vlibs/NV_NVDLA_HLS_shiftrightsu.v, cmod/hls/include/nvdla_int.h "
        "IntShiftRight, sdp_c.cpp (the shifter was run; the rest is read)",
    .engines = "none",
    .pitfalls =
        "No rounding bias: half_away on both sides of zero.\n"
        "16-bit multiplier: 0.024 % of outputs differ from a 31-bit one.\n"
        "The convertor subtracts its offset before scaling; a zero point after scaling needs the X "
        "stage to scale and the convertor to add, as here.\n"
        "int8 only: quint8 outputs are the same tensor 128 lower.",
    .prepare = nvdla_prepare,
    .setup = nvdla_setup,
    .from_fixed_point = nvdla_from,
};

const struct assay_contract assay_contract_ne16 = {
    .name = "ne16",
    .summary = "PULP NE16 and RBE norm-quant: 8-bit multiplier, 32-bit wrap, floor",
    .formula =
        "q = half_away(M * 2^S) <= 255, M = x_scale * w_scale / y_scale;\n"
        "B = qb * q + y_zp * 2^S;  S the greatest of 0..31 at which B fits 32 bits\n"
        "v = wrap32(wrap32(acc * q) + B) >> S                  (floor; qb as in qnnpack)\n"
        "y = clamp(v, out_min, out_max)",
    .source =
        "PULP NE16 6bd7272 ne16_normquant.sv, ne16_normquant_shifter.sv (the shifter was "
        "run)",
    .engines = "none",
    .pitfalls =
        "floor, not rounding: 37 % of outputs are one too low unless 2^(S-1) is put into B, which "
        "this contract does not do.\n"
        "Product and sum wrap in 32 bits: bound the accumulator.\n"
        "A configuration bit use_rounding exists; the shifter of that commit does not read it.",
    .prepare = ne16_prepare,
    .setup = ne16_setup,
    .from_fixed_point = ne16_from,
};

const struct assay_contract assay_contract_gemmini = {
    .name = "gemmini",
    .summary = "Gemmini accumulator scale: float32 multiplication, half_even, int8",
    .formula =
        "scale = (float)(x_scale * w_scale / y_scale);  z = y_zp - (quint8 ? 128 : 0)\n"
        "D = qb + half_even((float)z / scale)      (preloaded bias; qb as in qnnpack)\n"
        "o = sat8(half_even((float)(acc + D) * scale))\n"
        "y = clamp(o + (quint8 ? 128 : 0), out_min, out_max)",
    .source =
        "Gemmini src/main/scala/gemmini/Arithmetic.scala, Configs.scala acc_scale (read, not "
        "run)",
    .engines = "none",
    .pitfalls =
        "A comment in the source says the shift rounds away from zero; the code is half_even.\n"
        "There is no output zero point: it goes into the preloaded bias, rounded to accumulator "
        "units.",
    .prepare = gemmini_prepare,
    .setup = gemmini_setup,
};

ASSAY_INTEGER_FORM_TEXT(gemmini);
