/* IEEE binary32 arithmetic with integer operations only, for hardware without a floating-point
 * unit. No twin. */
#ifndef ASSAY_GOLDEN_SOFT_FLOAT_H_
#define ASSAY_GOLDEN_SOFT_FLOAT_H_

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Values are the 32 bits of a float32. Every result is the exact one rounded once, half_even, to 24
 * significant bits (fewer below 2^-126), and to infinity from 2^128 - 2^103 on: bit for bit what a
 * processor gives, subnormals, infinities and signed zeros included. A NaN result is 0x7FC00000. */

/** The bits of a float constant. */
static inline uint32_t assay_soft_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/** (float)v */
uint32_t assay_soft_from_int32(int32_t v);
/** a + b */
uint32_t assay_soft_add(uint32_t a, uint32_t b);
/** a * b */
uint32_t assay_soft_multiply(uint32_t a, uint32_t b);
/** a * b + c, rounded once */
uint32_t assay_soft_fma(uint32_t a, uint32_t b, uint32_t c);
/** Nearest integer, half_even, saturated to int32; NaN gives INT32_MIN. */
int32_t assay_soft_round(uint32_t a);
/** Nearest integer as x86's cvtps2dq: what does not fit gives INT32_MIN. */
int32_t assay_soft_cvtps2dq(uint32_t a);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_SOFT_FLOAT_H_
