/* Two products of one multiplication: how engines with packed_multipliers multiply. Twin:
 * rtl/assay_array_packed.sv, which derives the formula. */
#ifndef ASSAY_GOLDEN_ARRAY_PACKED_H_
#define ASSAY_GOLDEN_ARRAY_PACKED_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Products of two operands by one weight. */
struct assay_pair {
  int32_t low;   ///< a_low * w
  int32_t high;  ///< a_high * w
};

/**
 * wide = (a_high * 2^18 + a_low) * w; low = its 18 low bits, signed; high = (wide - low) / 2^18,
 * computed as floor(wide / 2^18) + bit 17 of wide.
 * @param a_low, a_high  -1,023..1,023, so that |low| < 2^17; the engine's operands are 0..255. The
 *                       sum in `wide` is an addition, not a concatenation, for a negative a_low
 * @param w              -128..127
 */
struct assay_pair assay_pair_multiply(int32_t a_low, int32_t a_high, int8_t w);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_ARRAY_PACKED_H_
