/* Two products of one multiplication. Twin: rtl/assay_array_packed.sv. */
#include "golden/array_packed.h"

enum { LANE = 1 << 18 };

/* The value below 2^18 that `wide` leaves: its 18 low bits, as two's complement has them. */
static int64_t low_bits(int64_t wide) { return (int64_t)((uint64_t)wide & (LANE - 1)); }

struct assay_pair assay_pair_multiply(int32_t a_low, int32_t a_high, int8_t w) {
  const int64_t wide = ((int64_t)a_high * LANE + a_low) * w;
  const int64_t bits = low_bits(wide);
  const int64_t sign = bits >> 17;  // wide[17]
  return (struct assay_pair){.low = (int32_t)(bits - sign * LANE),
                             .high = (int32_t)((wide - bits) / LANE + sign)};
}
