/* Sums of a tile to vectors of a pixel. Twin: rtl/assay_collector.sv. */
#include "golden/collector.h"

static void take_lane(int32_t *value, const uint32_t *acc,
                      const struct assay_engine_config *engine) {
  for (int32_t i = 0; i < engine->channels; i++) {
    value[i] = assay_acc_of(acc[i], engine->acc_bits);
  }
}

void assay_collector_take(struct assay_collector *collector, const struct assay_plan *plan,
                          const struct assay_array *array, int32_t pass) {
  for (int32_t j = 0; j < plan->engine.pixels; j++) {
    if (plan->mode == ASSAY_MODE_REDUCE) {
      collector->value[j][pass] = assay_row_sum(array, plan, j);
    } else {
      take_lane(collector->value[j], array->acc[j], &plan->engine);
    }
  }
}
