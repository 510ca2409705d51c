/* The threshold requantizer's legality check. Twin: rtl/assay_threshold.sv. */
#include "golden/threshold.h"

enum assay_status assay_threshold_check(const struct assay_threshold_list *list) {
  for (int32_t k = 1; k < ASSAY_THRESHOLD_COUNT; k++) {
    if (list->t[k] < list->t[k - 1]) return ASSAY_ERROR_ARGUMENT;
  }
  return ASSAY_OK;
}
