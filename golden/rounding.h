/* Rounding and saturation as formulas, shared by contracts and operators. No twin: the RTL rounds
 * with its own adders, which the lockstep tests compare. */
#ifndef ASSAY_GOLDEN_ROUNDING_H_
#define ASSAY_GOLDEN_ROUNDING_H_

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Low 32 bits of v as a signed number: what an int32 adder leaves when it wraps. */
static inline int32_t assay_wrap_int32(int64_t v) { return (int32_t)(uint32_t)(uint64_t)v; }

/** Product modulo 2^64, as a 64-bit multiplier leaves it; exact whenever it fits. */
static inline int64_t assay_wrap_multiply(int64_t a, int64_t b) {
  return (int64_t)((uint64_t)a * (uint64_t)b);
}

/** Sum modulo 2^64; exact whenever it fits. */
static inline int64_t assay_wrap_add(int64_t a, int64_t b) {
  return (int64_t)((uint64_t)a + (uint64_t)b);
}

/** v, moved into [low, high]. */
static inline int64_t assay_clamp(int64_t v, int64_t low, int64_t high) {
  return v < low ? low : v > high ? high : v;
}

/** v saturated to int32. */
static inline int32_t assay_saturate_int32(int64_t v) {
  return (int32_t)assay_clamp(v, INT32_MIN, INT32_MAX);
}

/** v saturated to int16. */
static inline int32_t assay_saturate_int16(int32_t v) {
  return v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v;
}

/** v * 2^count modulo 2^64, count 0..63; defined for negative v too. */
static inline int64_t assay_shift_left(int64_t v, int32_t count) {
  return (int64_t)((uint64_t)v << count);
}

/** floor(v / 2^shift), shift 0..63: the arithmetic shift. */
static inline int64_t assay_shift_floor(int64_t v, int32_t shift) { return v >> shift; }

/** floor(v / 2^shift + 1/2), shift 0..63; never overflows. */
static inline int64_t assay_shift_half_up(int64_t v, int32_t shift) {
  return shift == 0 ? v : (v >> shift) + ((v >> (shift - 1)) & 1);
}

/** v / 2^shift to the nearest integer, a tie to the even one; shift 0..63. */
static inline int64_t assay_shift_half_even(int64_t v, int32_t shift) {
  if (shift == 0) return v;
  const int64_t floor = v >> shift;
  const uint64_t rest = (uint64_t)v & ((UINT64_C(1) << shift) - 1);
  const uint64_t half = UINT64_C(1) << (shift - 1);
  return floor + (rest > half || (rest == half && (floor & 1) != 0));
}

/** v / 2^shift to the nearest integer, a tie away from zero; shift 0..63. */
static inline int64_t assay_shift_half_away(int64_t v, int32_t shift) {
  if (shift == 0) return v;
  const uint64_t rest = (uint64_t)v & ((UINT64_C(1) << shift) - 1);
  const uint64_t half = UINT64_C(1) << (shift - 1);
  return (v >> shift) + (rest > half || (rest == half && v >= 0));
}

/**
 * A float32 to int32, half_even, as x86's cvtps2dq does it: NaN and everything outside
 * [-2^31, 2^31) give INT32_MIN. Adding 1.5 * 2^52 in double leaves the rounded integer in the low
 * bits; needs the default rounding mode.
 */
static inline int32_t assay_cvtps2dq(float v) {
  if (!(v >= -2147483648.0f && v < 2147483648.0f)) return INT32_MIN;
  const double shifted = (double)v + 6755399441055744.0;
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  return (int32_t)(uint32_t)bits;
}

/** A float32 to int64, half_even, as x86's 64-bit cvtss2si does it: NaN and everything outside
 * [-2^63, 2^63) give INT64_MIN. */
static inline int64_t assay_cvtss2si(float v) {
  const bool fits = v >= -9223372036854775808.0f && v < 9223372036854775808.0f;
  return fits ? (int64_t)llrintf(v) : INT64_MIN;
}

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_ROUNDING_H_
