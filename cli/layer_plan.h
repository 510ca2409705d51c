/* A planned layer, in as many parts as it needs, and what its parts take together. No twin. */
#ifndef ASSAY_CLI_LAYER_PLAN_H_
#define ASSAY_CLI_LAYER_PLAN_H_

#include <stddef.h>

#include "config/error.h"
#include "golden/cycles.h"
#include "golden/parts.h"

/** The engine's streams. */
enum { ASSAY_STREAM_ACT, ASSAY_STREAM_WGT, ASSAY_STREAM_PAR, ASSAY_STREAM_OUT, ASSAY_STREAMS };

/** One layer. Free with assay_layer_plan_free. */
struct assay_layer_plan {
  struct assay_parts parts;
  size_t count;                 ///< of parts
  struct assay_plan *plans;     ///< [count]
  struct assay_cycles cycles;   ///< of all parts, each queued behind the one before
  size_t words[ASSAY_STREAMS];  ///< that the streams move
  size_t once[ASSAY_STREAMS];   ///< likewise, if nothing were sent again for other row groups
  struct assay_buffer_use use;  ///< most of any part
};

/**
 * Cuts and plans a layer.
 * @param at    where it is described, for the message
 * @param name  of the layer, likewise
 * @return      false with *error set, nothing to free
 */
bool assay_layer_plan_make(const struct assay_engine_config *engine, const struct assay_conv *conv,
                           const struct assay_lowered *lowered, const struct assay_mark *at,
                           const char *name, struct assay_layer_plan *plan,
                           struct assay_error *error);
/** A zeroed value is allowed. */
void assay_layer_plan_free(struct assay_layer_plan *plan);

/** Words of the busiest stream. */
size_t assay_busiest_stream(const size_t words[ASSAY_STREAMS]);

#endif  // ASSAY_CLI_LAYER_PLAN_H_
