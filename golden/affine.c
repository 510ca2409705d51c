/* The affine requantizer's legality check. Twin: rtl/assay_affine.sv. */
#include "golden/affine.h"

static int in_range(int32_t v, int32_t low, int32_t high) { return v >= low && v <= high; }

enum assay_status assay_affine_check(const struct assay_affine *p, int32_t multiplier_bits,
                                     int32_t addend_bits) {
  if (!in_range(multiplier_bits, 1, 31) ||
      !in_range(addend_bits, 2, ASSAY_AFFINE_MAX_ADDEND_BITS) ||
      !in_range(p->shift, 0, ASSAY_AFFINE_MAX_SHIFT)) {
    return ASSAY_ERROR_ARGUMENT;
  }
  const int64_t addend_limit = INT64_C(1) << (addend_bits - 1);
  if (p->multiplier < 0 || (int64_t)p->multiplier >= INT64_C(1) << multiplier_bits) {
    return ASSAY_ERROR_OVERFLOW;
  }
  if (p->addend <= -addend_limit || p->addend >= addend_limit) return ASSAY_ERROR_OVERFLOW;
  return ASSAY_OK;
}
