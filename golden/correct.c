/* The correction's legality check. Twin: rtl/assay_correct.sv. */
#include "golden/correct.h"

int32_t assay_late_count(const struct assay_late_levels *late) {
  int32_t count = 0;
  for (int32_t level = 0; level < 256; level++) count += assay_is_late(late, level) ? 1 : 0;
  return count;
}

enum assay_status assay_correct_check(const struct assay_affine *p,
                                      const struct assay_late_levels *late, int32_t out_min,
                                      int32_t out_max) {
  const int32_t count = assay_late_count(late);
  if (count == 0) return ASSAY_OK;
  if (p->shift < 31 && p->multiplier > 1 << p->shift) return ASSAY_ERROR_ARGUMENT;
  int32_t inside = 0;
  for (int32_t level = out_min + 1; level <= out_max; level++) {
    inside += assay_is_late(late, level) ? 1 : 0;
  }
  return inside == count ? ASSAY_OK : ASSAY_ERROR_ARGUMENT;
}
