/* Turns the sums of a tile into vectors of one pixel and `channels` output channels. Twin:
 * rtl/assay_collector.sv. */
#ifndef ASSAY_GOLDEN_COLLECTOR_H_
#define ASSAY_GOLDEN_COLLECTOR_H_

#include <stdint.h>

#include "golden/array.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The accumulators of one tile: value[lane][channel of the block]. */
struct assay_collector {
  int32_t value[ASSAY_MAX_LANES][ASSAY_MAX_LANES];
};

/** Take a finished pass: in `reduce` the row sums are channel `pass` of every pixel, else the whole
 * array is the tile. */
void assay_collector_take(struct assay_collector *collector, const struct assay_plan *plan,
                          const struct assay_array *array, int32_t pass);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_COLLECTOR_H_
