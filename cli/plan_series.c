/* Layers that are queued behind each other. No twin. */
#include "cli/plan_series.h"

#include <stdlib.h>

#include "golden/sequence.h"

bool assay_plan_series_make(struct assay_layer_plan *layers, size_t count,
                            struct assay_plan_series *series) {
  size_t parts = 0;
  for (size_t i = 0; i < count; ++i) parts += layers[i].count;
  const struct assay_plan **list = calloc(parts, sizeof *list);
  if (list == NULL) return false;
  size_t n = 0;
  for (size_t i = 0; i < count; ++i) {
    for (size_t p = 0; p < layers[i].count; ++p) {
      assay_plan_place(&layers[i].plans[p], 0);
      list[n++] = &layers[i].plans[p];
    }
  }
  series->cycles_late = assay_predict_sequence(list, parts, NULL, NULL);
  n = 0;
  for (size_t i = 0; i < count; ++i) {
    for (size_t p = 0; p < layers[i].count; ++p, ++n) {
      assay_plan_follow(&layers[i].plans[p], n > 0 ? list[n - 1] : NULL);
    }
  }
  series->cycles = assay_predict_sequence(list, parts, NULL, NULL);
  free(list);
  return true;
}
