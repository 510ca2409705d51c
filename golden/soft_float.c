/* IEEE binary32 arithmetic with integer operations only. No twin. */
#include "golden/soft_float.h"

#include <stdbool.h>

static const uint32_t nan_bits = 0x7FC00000u;
static const uint32_t infinity_bits = 0x7F800000u;

enum {
  FRACTION_BITS = 23,
  LEAST_EXPONENT = -149,  ///< of the last bit of a subnormal
  TOP = 60,               ///< bit to which summands are normalized: two of them fit an int64
};

/** A finite number: (-1)^negative * significand * 2^exponent. */
struct number {
  bool negative;
  uint64_t significand;
  int32_t exponent;
};

static uint32_t sign_bit(bool negative) { return negative ? 0x80000000u : 0u; }

static bool is_nan(uint32_t a) { return (a & 0x7FFFFFFFu) > infinity_bits; }

static bool is_infinite(uint32_t a) { return (a & 0x7FFFFFFFu) == infinity_bits; }

static bool is_negative(uint32_t a) { return a >> 31 != 0; }

static int32_t bit_length(uint64_t v) { return v == 0 ? 0 : 64 - __builtin_clzll(v); }

static struct number unpack(uint32_t a) {
  const uint32_t field = a >> FRACTION_BITS & 0xFFu;
  const uint32_t fraction = a & 0x7FFFFFu;
  if (field == 0) return (struct number){is_negative(a), fraction, LEAST_EXPONENT};
  return (struct number){is_negative(a), fraction | 0x800000u, (int32_t)field - 150};
}

/** v / 2^count, half_even; count may be any number. */
static uint64_t round_right(uint64_t v, int32_t count) {
  if (count <= 0) return v << -count;
  if (count > 63) return 0;  // v < 2^62 is then below one half
  const uint64_t floor = v >> count;
  const uint64_t rest = v & ((UINT64_C(1) << count) - 1);
  const uint64_t half = UINT64_C(1) << (count - 1);
  return floor + (rest > half || (rest == half && (floor & 1) != 0));
}

/** v / 2^count with every lost bit gathered in the last one, so that later rounding sees it. */
static uint64_t jam_right(uint64_t v, int32_t count) {
  if (count == 0) return v;
  if (count > 63) return v != 0;
  return v >> count | ((v & ((UINT64_C(1) << count) - 1)) != 0);
}

/** The one rounding of every operation. */
static uint32_t pack(struct number n) {
  if (n.significand == 0) return sign_bit(n.negative);
  const int32_t wanted = n.exponent + bit_length(n.significand) - 24;
  int32_t exponent = wanted > LEAST_EXPONENT ? wanted : LEAST_EXPONENT;
  uint64_t significand = round_right(n.significand, exponent - n.exponent);
  if (significand == UINT64_C(1) << 24) {
    significand >>= 1;
    exponent++;
  }
  if (exponent > 104) return sign_bit(n.negative) | infinity_bits;
  // A subnormal has no hidden bit and field 0, which the subtraction gives as well.
  const uint32_t field = significand >> FRACTION_BITS != 0 ? (uint32_t)(exponent + 150) : 0u;
  return sign_bit(n.negative) | field << FRACTION_BITS | ((uint32_t)significand & 0x7FFFFFu);
}

static struct number normalize(struct number n) {
  const int32_t up = TOP + 1 - bit_length(n.significand);
  return (struct number){n.negative, n.significand << up, n.exponent - up};
}

static int64_t signed_value(bool negative, uint64_t magnitude) {
  return negative ? -(int64_t)magnitude : (int64_t)magnitude;
}

/** Exact sum, as far as rounding can tell. */
static uint32_t add_numbers(struct number a, struct number b) {
  if (a.significand == 0 && b.significand == 0) return sign_bit(a.negative && b.negative);
  if (a.significand == 0) return pack(b);
  if (b.significand == 0) return pack(a);
  a = normalize(a);
  b = normalize(b);
  const struct number high = a.exponent >= b.exponent ? a : b;
  const struct number low = a.exponent >= b.exponent ? b : a;
  const uint64_t aligned = jam_right(low.significand, high.exponent - low.exponent);
  const int64_t sum =
      signed_value(high.negative, high.significand) + signed_value(low.negative, aligned);
  const uint64_t magnitude = sum < 0 ? (uint64_t)-sum : (uint64_t)sum;
  return pack((struct number){sum < 0, magnitude, high.exponent});
}

static struct number multiply_numbers(struct number a, struct number b) {
  return (struct number){a.negative != b.negative, a.significand * b.significand,
                         a.exponent + b.exponent};
}

/** a + b where at least one is infinite and none is NaN. */
static uint32_t add_infinite(uint32_t a, uint32_t b) {
  if (is_infinite(a) && is_infinite(b) && a != b) return nan_bits;
  return is_infinite(a) ? a : b;
}

/** a * b where at least one is infinite and none is NaN. */
static uint32_t multiply_infinite(uint32_t a, uint32_t b) {
  if (a << 1 == 0 || b << 1 == 0) return nan_bits;
  return sign_bit(is_negative(a) != is_negative(b)) | infinity_bits;
}

uint32_t assay_soft_from_int32(int32_t v) {
  const uint64_t magnitude = v < 0 ? (uint64_t) - (int64_t)v : (uint64_t)v;
  return pack((struct number){v < 0, magnitude, 0});
}

uint32_t assay_soft_add(uint32_t a, uint32_t b) {
  if (is_nan(a) || is_nan(b)) return nan_bits;
  if (is_infinite(a) || is_infinite(b)) return add_infinite(a, b);
  return add_numbers(unpack(a), unpack(b));
}

uint32_t assay_soft_multiply(uint32_t a, uint32_t b) {
  if (is_nan(a) || is_nan(b)) return nan_bits;
  if (is_infinite(a) || is_infinite(b)) return multiply_infinite(a, b);
  return pack(multiply_numbers(unpack(a), unpack(b)));
}

uint32_t assay_soft_fma(uint32_t a, uint32_t b, uint32_t c) {
  if (is_nan(a) || is_nan(b) || is_nan(c)) return nan_bits;
  if (is_infinite(a) || is_infinite(b)) {
    const uint32_t product = multiply_infinite(a, b);
    return is_nan(product) || !is_infinite(c) ? product : add_infinite(product, c);
  }
  if (is_infinite(c)) return c;
  return add_numbers(multiply_numbers(unpack(a), unpack(b)), unpack(c));
}

int32_t assay_soft_round(uint32_t a) {
  if (is_nan(a)) return INT32_MIN;
  const bool negative = is_negative(a);
  if ((a >> FRACTION_BITS & 0xFFu) >= 158) return negative ? INT32_MIN : INT32_MAX;  // |a| >= 2^31
  const struct number n = unpack(a);
  return (int32_t)signed_value(negative, round_right(n.significand, -n.exponent));
}

int32_t assay_soft_cvtps2dq(uint32_t a) {
  return (a >> FRACTION_BITS & 0xFFu) >= 158 ? INT32_MIN : assay_soft_round(a);
}
