/* Results of co-simulations. No twin. */
#include <stdlib.h>

#include "cli/cosimulate.h"

void assay_cosimulations_free(struct assay_cosimulations *result) {
  for (size_t i = 0; result->runs != NULL && i < result->count; ++i) free(result->runs[i].results);
  free(result->runs);
  free(result->failures);
  *result = (struct assay_cosimulations){0};
}

bool assay_cosimulations_pass(const struct assay_cosimulations *result) {
  const size_t count = (size_t)result->images * result->layer_count;
  for (size_t run = 0; run < result->count; ++run) {
    for (size_t i = 0; i < count; ++i) {
      if (!result->runs[run].results[i].pass) return false;
    }
  }
  return result->count > 0 && result->compared > 0;
}
