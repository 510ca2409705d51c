/* The affine requantizer: multiply, add, shift, clamp. Twin: rtl/assay_affine.sv. */
#ifndef ASSAY_GOLDEN_AFFINE_H_
#define ASSAY_GOLDEN_AFFINE_H_

#include <stdint.h>

#include "golden/lowered.h"
#include "golden/rounding.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ASSAY_AFFINE_MAX_SHIFT = 55,        ///< greatest legal shift
  ASSAY_AFFINE_MAX_ADDEND_BITS = 56,  ///< greatest addend width, signed: |addend| < 2^55
};

/**
 * y = clamp((acc * multiplier + addend) >> shift, out_min, out_max), floor.
 * Precondition: assay_affine_check(p, 31, 56) is ASSAY_OK; then |acc * multiplier| < 2^62 and the
 * sum fits 64 bits for every acc.
 * @param acc  int32 sum without the bias
 */
static inline int32_t assay_affine_apply(const struct assay_affine *p, int32_t out_min,
                                         int32_t out_max, int32_t acc) {
  const int64_t product = (int64_t)acc * p->multiplier;
  const int64_t sum = product + p->addend;
  const int64_t shifted = assay_shift_floor(sum, p->shift);
  return (int32_t)assay_clamp(shifted, out_min, out_max);
}

/**
 * The same with a rounding shifter: y = clamp(half_even((acc * multiplier + addend) / 2^shift),
 * out_min, out_max). The addend then carries no rounding constant. Not in rtl/assay_affine.sv; for
 * describing other people's hardware.
 */
static inline int32_t assay_affine_apply_half_even(const struct assay_affine *p, int32_t out_min,
                                                   int32_t out_max, int32_t acc) {
  const int64_t sum = (int64_t)acc * p->multiplier + p->addend;
  return (int32_t)assay_clamp(assay_shift_half_even(sum, p->shift), out_min, out_max);
}

/**
 * Whether hardware of these widths can hold the parameters.
 * @param multiplier_bits  width of the unsigned multiplier, 1..31: 0 <= multiplier < 2^bits
 * @param addend_bits      width of the signed addend, 2..56: |addend| < 2^(bits - 1)
 * @return ASSAY_OK; ASSAY_ERROR_OVERFLOW when the multiplier or the addend is too wide;
 * ASSAY_ERROR_ARGUMENT for a shift outside 0..55 or a width out of range
 */
ASSAY_MUST_CHECK enum assay_status assay_affine_check(const struct assay_affine *p,
                                                      int32_t multiplier_bits, int32_t addend_bits);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_AFFINE_H_
