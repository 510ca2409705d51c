/* A roofline in text: how close layers come to what their streams and the multipliers allow. No
 * twin. */
#ifndef ASSAY_CLI_ROOFLINE_H_
#define ASSAY_CLI_ROOFLINE_H_

#include <stddef.h>
#include <stdio.h>

#include "cli/layer_plan.h"

/** One layer in the picture. */
struct assay_roofline_point {
  const char *name;  ///< borrowed
  double intensity;  ///< multiplications per word of the busiest stream
  double attained;   ///< multiplications per cycle
};

/** Where a planned layer lies; `name` is left NULL. */
struct assay_roofline_point assay_roofline_point(const struct assay_layer_plan *plan);

/**
 * Prints the picture: both axes logarithmic, roof = min(peak, intensity x 1 word per cycle).
 * @param peak  multiplications per cycle of the array
 */
void assay_print_roofline(FILE *file, const struct assay_roofline_point *points, size_t count,
                          double peak);

#endif  // ASSAY_CLI_ROOFLINE_H_
