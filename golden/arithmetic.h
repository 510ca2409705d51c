/* Small integer helpers for counts and sizes. No twin. */
#ifndef ASSAY_GOLDEN_ARITHMETIC_H_
#define ASSAY_GOLDEN_ARITHMETIC_H_

#include <stdint.h>

/** ceil(a / b) for a >= 0, b > 0, a + b <= INT32_MAX. */
static inline int32_t assay_ceil_div(int32_t a, int32_t b) { return (a + b - 1) / b; }

/** The least multiple of `unit` that is not below `value`; for value >= 0, unit > 0. */
static inline int32_t assay_round_up(int32_t value, int32_t unit) {
  return assay_ceil_div(value, unit) * unit;
}

static inline int32_t assay_lesser(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t assay_greater(int32_t a, int32_t b) { return a > b ? a : b; }

/** The later of two clock cycles. */
static inline uint64_t assay_later(uint64_t a, uint64_t b) { return a > b ? a : b; }

#endif  // ASSAY_GOLDEN_ARITHMETIC_H_
