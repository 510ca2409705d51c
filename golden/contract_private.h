/* What the files contract_*.c share; not for users of the library. No twin.
 *
 * Each contract is written once, as two functions that note their intermediate values:
 *   NAME_setup(channel, requantizer, steps)  scales to constants
 *   NAME_run(requantizer, acc, steps)        accumulator to output
 * With steps == NULL, which the compiler sees, the notes vanish: that is prepare() and apply().
 * With steps they are the worked example of golden/explain.h. */
#ifndef ASSAY_GOLDEN_CONTRACT_PRIVATE_H_
#define ASSAY_GOLDEN_CONTRACT_PRIVATE_H_

#include <math.h>
#include <string.h>

#include "golden/contract.h"
#include "golden/explain.h"
#include "golden/rounding.h"

#define ASSAY_ALWAYS_INLINE static inline __attribute__((always_inline))

/** Appends a step. */
void assay_note(struct assay_steps *steps, const struct assay_step *step);

ASSAY_ALWAYS_INLINE void assay_note_int(struct assay_steps *steps, const char *label,
                                        const char *formula, int64_t value) {
  if (steps == NULL) return;
  const struct assay_step step = {label, formula, ASSAY_STEP_INT, value, 0.0};
  assay_note(steps, &step);
}

ASSAY_ALWAYS_INLINE void assay_note_float(struct assay_steps *steps, const char *label,
                                          const char *formula, float value) {
  if (steps == NULL) return;
  const struct assay_step step = {label, formula, ASSAY_STEP_FLOAT, 0, (double)value};
  assay_note(steps, &step);
}

ASSAY_ALWAYS_INLINE void assay_note_double(struct assay_steps *steps, const char *label,
                                           const char *formula, double value) {
  if (steps == NULL) return;
  const struct assay_step step = {label, formula, ASSAY_STEP_DOUBLE, 0, value};
  assay_note(steps, &step);
}

ASSAY_ALWAYS_INLINE void assay_note_bits(struct assay_steps *steps, const char *label,
                                         const char *formula, uint32_t bits) {
  if (steps == NULL) return;
  float value;
  memcpy(&value, &bits, sizeof value);
  const struct assay_step step = {label, formula, ASSAY_STEP_BITS, (int64_t)bits, (double)value};
  assay_note(steps, &step);
}

/* A named constant whose defining expression is also what the worked example prints. */
#define LET_INT(name, expression)    \
  const int32_t name = (expression); \
  assay_note_int(steps, #name, #expression, name)
#define LET_WIDE(name, expression)   \
  const int64_t name = (expression); \
  assay_note_int(steps, #name, #expression, name)
#define LET_FLOAT(name, expression) \
  const float name = (expression);  \
  assay_note_float(steps, #name, #expression, name)
#define LET_DOUBLE(name, expression) \
  const double name = (expression);  \
  assay_note_double(steps, #name, #expression, name)
#define LET_BITS(name, expression)    \
  const uint32_t name = (expression); \
  assay_note_bits(steps, #name, #expression, name)

/* apply() and trace() of a run function. */
#define ASSAY_DEFINE_RUN(name)                                                  \
  static int32_t name##_apply(const struct assay_requantizer *r, int32_t acc) { \
    return name##_run(r, acc, NULL);                                            \
  }                                                                             \
  static int32_t name##_trace(const struct assay_requantizer *r, int32_t acc,   \
                              struct assay_steps *steps) {                      \
    return name##_run(r, acc, steps);                                           \
  }                                                                             \
  static void name##_use(struct assay_requantizer *r) {                         \
    r->apply = name##_apply;                                                    \
    r->trace = name##_trace;                                                    \
  }

/* prepare() of a setup function; leaves *out alone on failure. */
#define ASSAY_DEFINE_PREPARE(name)                                             \
  static enum assay_status name##_prepare(const struct assay_channel *channel, \
                                          struct assay_requantizer *out) {     \
    struct assay_requantizer r = {0};                                          \
    const enum assay_status status = name##_setup(channel, &r, NULL);          \
    if (status == ASSAY_OK) *out = r;                                          \
    return status;                                                             \
  }

/* A contract NAME_integer: NAME's setup, then RUN, which computes the same integers with
 * golden/soft_float.h. ASSAY_INTEGER_FORM_TEXT defines the contract itself. */
#define ASSAY_DEFINE_INTEGER_FORM(name, run)                                         \
  static enum assay_status name##_integer_setup(const struct assay_channel *channel, \
                                                struct assay_requantizer *r,         \
                                                struct assay_steps *steps) {         \
    const enum assay_status status = name##_setup(channel, r, steps);                \
    if (status == ASSAY_OK) run##_use(r);                                            \
    return status;                                                                   \
  }                                                                                  \
  ASSAY_DEFINE_PREPARE(name##_integer)

#define ASSAY_INTEGER_FORM_TEXT(base)                                                       \
  const struct assay_contract assay_contract_##base##_integer = {                           \
      .name = #base "_integer",                                                             \
      .summary = "the integers of " #base                                                   \
                 " from accumulator to output with integer operations "                     \
                 "only",                                                                    \
      .formula = "that of " #base                                                           \
                 ", each float32 operator replaced by its integer form:\n"                  \
                 "the exact result, rounded half_even to 24 significant bits",              \
      .source = "golden/soft_float.h",                                                      \
      .engines = "equal to " #base " for every accumulator",                                \
      .pitfalls =                                                                           \
          "The constants are still prepared in float: they depend on parameters alone.\n"   \
          "Ten times slower here than " #base ": it shows the hardware, it saves no time.", \
      .prepare = base##_integer_prepare,                                                    \
      .setup = base##_integer_setup,                                                        \
  }

/**
 * The start of every setup: checks the channel and fills zero point and clamp.
 * @return ASSAY_ERROR_SCALE when a scale is not a positive, normal float32; ASSAY_ERROR_ARGUMENT
 * when the zero point is outside the dtype or the bias is not finite
 */
enum assay_status assay_setup_output(const struct assay_channel *channel,
                                     struct assay_requantizer *r, struct assay_steps *steps);

/**
 * The float bias as PyTorch makes it an int32 (numerics shared by every contract whose library
 * takes integers): quantize_per_tensor to qint32 with scale w_scale * x_scale, zero point 0.
 * Fills r->qbias.
 * @return ASSAY_ERROR_SCALE when that scale is not a positive, normal float32
 */
enum assay_status assay_setup_int32_bias(const struct assay_channel *channel,
                                         struct assay_requantizer *r, struct assay_steps *steps);

/**
 * A real multiplier as a fixed-point one: m * 2^e = real, m in [1/2, 1); r->i[0] = q =
 * half_away(m * 2^bits), r->i[1] = S = bits - e, so that real is about q * 2^-S. q == 2^bits is
 * halved and S reduced.
 * @param real  > 0, finite
 */
void assay_setup_multiplier(double real, int32_t bits, struct assay_requantizer *r,
                            struct assay_steps *steps);

/**
 * The common part of a from_fixed_point function: checks 0 <= multiplier < limit, shift in
 * [shift_min, shift_max] and the clamp, fills i[0] = multiplier, i[1] = shift, i[2] = addend and
 * the rest, then calls use.
 */
enum assay_status assay_fixed_point_begin(const struct assay_fixed_point *p, int64_t limit,
                                          int32_t shift_min, int32_t shift_max,
                                          void (*use)(struct assay_requantizer *r),
                                          struct assay_requantizer *out);

/** acc + qbias as the library's int32 accumulator holds it: it wraps. */
ASSAY_ALWAYS_INLINE int32_t assay_add_bias(const struct assay_requantizer *r, int32_t acc,
                                           struct assay_steps *steps) {
  const int32_t qbias = r->qbias;
  LET_INT(n, assay_wrap_int32((int64_t)acc + qbias));
  return n;
}

/** Zero point and clamp of the last step, without saturation on the way. */
ASSAY_ALWAYS_INLINE int32_t assay_finish(const struct assay_requantizer *r, int64_t v,
                                         struct assay_steps *steps) {
  const int32_t y_zp = r->y_zp, out_min = r->out_min, out_max = r->out_max;
  LET_INT(y, (int32_t)assay_clamp(assay_wrap_add(v, y_zp), out_min, out_max));
  return y;
}

/** packssdw, paddsw, packuswb, then max and min: the end of x86's integer kernels. */
ASSAY_ALWAYS_INLINE int32_t assay_finish_packed(const struct assay_requantizer *r, int32_t v,
                                                struct assay_steps *steps) {
  const int32_t y_zp = r->y_zp, out_min = r->out_min, out_max = r->out_max;
  LET_INT(v16, assay_saturate_int16(v));
  LET_INT(z16, assay_saturate_int16(v16 + y_zp));
  LET_INT(y, z16 < out_min ? out_min : z16 > out_max ? out_max : z16);
  return y;
}

/** v moved into [low, high]; v is not NaN. */
ASSAY_ALWAYS_INLINE float assay_clamp_float(float v, float low, float high) {
  return v < low ? low : v > high ? high : v;
}

/* Contracts, each defined in its family's file and listed in contract.c. */
extern const struct assay_contract assay_contract_qnnpack;
extern const struct assay_contract assay_contract_onednn_2;
extern const struct assay_contract assay_contract_onednn_3;
extern const struct assay_contract assay_contract_onednn_3_pointwise;
extern const struct assay_contract assay_contract_onednn_3_11;
extern const struct assay_contract assay_contract_onednn_3_11_pointwise;
extern const struct assay_contract assay_contract_onednn_3_11_linear;
extern const struct assay_contract assay_contract_fbgemm;
extern const struct assay_contract assay_contract_fbgemm_per_channel;
extern const struct assay_contract assay_contract_fbgemm_per_tensor;
extern const struct assay_contract assay_contract_xnnpack;
extern const struct assay_contract assay_contract_ort;
extern const struct assay_contract assay_contract_xnnpack_rndnu;
extern const struct assay_contract assay_contract_tflite_double;
extern const struct assay_contract assay_contract_tflite_ruy;
extern const struct assay_contract assay_contract_tflite_single;
extern const struct assay_contract assay_contract_tosa_32_single;
extern const struct assay_contract assay_contract_tosa_32_double;
extern const struct assay_contract assay_contract_tosa_16;
extern const struct assay_contract assay_contract_tvm_upward;
extern const struct assay_contract assay_contract_tvm_tonearest;
extern const struct assay_contract assay_contract_nvdla;
extern const struct assay_contract assay_contract_ne16;
extern const struct assay_contract assay_contract_gemmini;
extern const struct assay_contract assay_contract_forum;
extern const struct assay_contract assay_contract_affine;
extern const struct assay_contract assay_contract_corrected;
extern const struct assay_contract assay_contract_thresholds;
extern const struct assay_contract assay_contract_qnnpack_integer;
extern const struct assay_contract assay_contract_onednn_2_integer;
extern const struct assay_contract assay_contract_onednn_3_integer;
extern const struct assay_contract assay_contract_onednn_3_pointwise_integer;
extern const struct assay_contract assay_contract_onednn_3_11_integer;
extern const struct assay_contract assay_contract_onednn_3_11_pointwise_integer;
extern const struct assay_contract assay_contract_onednn_3_11_linear_integer;
extern const struct assay_contract assay_contract_fbgemm_integer;
extern const struct assay_contract assay_contract_fbgemm_per_channel_integer;
extern const struct assay_contract assay_contract_fbgemm_per_tensor_integer;
extern const struct assay_contract assay_contract_xnnpack_integer;
extern const struct assay_contract assay_contract_gemmini_integer;

#endif  // ASSAY_GOLDEN_CONTRACT_PRIVATE_H_
