/* Everything that an engine needs for every layer and image: plans, streams, expected values. No
 * twin. */
#ifndef ASSAY_CLI_JOBS_H_
#define ASSAY_CLI_JOBS_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/lowering.h"
#include "cli/values.h"
#include "config/error.h"
#include "golden/bounds.h"
#include "golden/engine.h"
#include "golden/parts.h"

/** One part of a layer: its plan and streams. Owned by struct assay_jobs. */
struct assay_part_job {
  struct assay_part part;
  struct assay_plan plan;
  struct assay_conv conv;        ///< the part's own (golden/parts.h)
  struct assay_lowered lowered;  ///< likewise
  size_t x_size;                 ///< values of one image of the part's input
  uint8_t *x;                    ///< [n][in_y][in_x][in_c] of the part
  uint8_t *activations;          ///< [n][activation_words * channels]
  size_t activation_bytes;       ///< of one image
  uint8_t *weights;              ///< [weight_words * channels]
  uint64_t *params;              ///< [param_words]
};

/** One layer: how it is cut, usually into one part. */
struct assay_layer_job {
  struct assay_parts parts;
  size_t part_count;
  struct assay_part_job *runs;  ///< [part_count], in the order in which they run
};

/** All layers of a network on one engine. Free with assay_jobs_free. */
struct assay_jobs {
  size_t layer_count;
  size_t part_count;  ///< of all layers
  struct assay_layer_job *layers;
  struct assay_values expected;  ///< golden model with the integer parameters
};

/**
 * Plans every part of every layer and makes its streams.
 * @param expected  inputs and expected values of every layer; *jobs takes them over, also on
 * failure
 * @return          false with *error set: memory, or a layer that does not fit the engine, with the
 *                  reason
 */
bool assay_jobs_make(const struct assay_engine_config *engine,
                     const struct assay_lowering *lowering, struct assay_values *expected,
                     struct assay_jobs *jobs, struct assay_error *error);
/** A zeroed value is allowed. */
void assay_jobs_free(struct assay_jobs *jobs);

/** Values of a layer's run on the engine model against the plain reference. */
struct assay_model_check {
  uint64_t compared, mismatches;
};

/**
 * Runs the engine model on every image of a layer and compares accumulators and outputs with the
 * expected values, which come from the plain reference.
 */
bool assay_jobs_check_model(const struct assay_jobs *jobs, size_t layer,
                            struct assay_model_check *check, struct assay_error *error);

/**
 * Bounds of everything that the engine's adders hold for a channel of a part, over all inputs.
 * @param oc     counts inside the part
 * @param steps  [assay_conv_taps of the layer], overwritten
 */
bool assay_jobs_bounds(const struct assay_part_job *part, int32_t oc,
                       struct assay_order_step *steps, struct assay_partial_bounds *bounds);

#endif  // ASSAY_CLI_JOBS_H_
