/* Order of the additions that lead to one accumulator, and their values. No twin: it explains
 * rtl/assay_array.sv. */
#ifndef ASSAY_GOLDEN_TRAIL_H_
#define ASSAY_GOLDEN_TRAIL_H_

#include <stdint.h>

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One addition, without an image. */
struct assay_order_step {
  int32_t tap;  ///< index into the channel's weights [ky][kx][ic] (assay_conv_channel_weight)
  int32_t row;  ///< row of the array whose adder takes the product
};

/**
 * All additions of one output channel in the engine's order: by cycle, within a cycle by row. Taps
 * of one row are added one after the other, the row of assay_engine_init_row from acc_init, the
 * others from 0; rows are independent. In `reduce` the rows are summed after the last tap. The
 * order is the same for every output pixel, since padded taps are multiplied like all others.
 * @param steps  assay_conv_taps(shape) entries
 */
void assay_engine_order(const struct assay_plan *plan, int32_t oc, struct assay_order_step *steps);

/** Row whose sum starts from the channel's acc_init; in `reduce` row 0, all others start from 0. */
int32_t assay_engine_init_row(const struct assay_plan *plan, int32_t oc);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_TRAIL_H_
