/* Layers that are queued behind each other: where their weights lie, and their cycles. No twin. */
#ifndef ASSAY_CLI_PLAN_SERIES_H_
#define ASSAY_CLI_PLAN_SERIES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/layer_plan.h"

/** A driver that always has the next layer described in time, and streams that never stall. */
struct assay_plan_series {
  uint64_t cycles;       ///< each layer's weights come while the one before computes, if they can
  uint64_t cycles_late;  ///< all weights wait for the end of the layer before
};

/**
 * Places the weights of every part of every layer apart from those of the part before
 * (golden/sequence.h), and tells the cycles of all.
 * @return false when there is no memory
 */
bool assay_plan_series_make(struct assay_layer_plan *layers, size_t count,
                            struct assay_plan_series *series);

#endif  // ASSAY_CLI_PLAN_SERIES_H_
