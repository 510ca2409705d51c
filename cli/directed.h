/* Directed inputs for every layer: both sides of every threshold of every channel. No twin. */
#ifndef ASSAY_CLI_DIRECTED_H_
#define ASSAY_CLI_DIRECTED_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/lowering.h"
#include "cli/values.h"
#include "config/error.h"
#include "vectors/directed_images.h"

/** Directed inputs of each layer by itself. Free with assay_directed_free. */
struct assay_directed {
  size_t layer_count;
  struct assay_layer *layers;            ///< the network's convolutions with the images' size
  struct assay_directed_images *images;  ///< [layer_count]
  struct assay_values values;  ///< inputs and expected values; image counts are made equal
};

/**
 * Solves for every threshold of every channel's contract and computes the expected values: plain
 * reference, then the integer parameters.
 * @return false with *error set, nothing to free
 */
bool assay_directed_make(const struct assay_lowering *lowering, struct assay_directed *directed,
                         struct assay_error *error);
/** A zeroed value is allowed. */
void assay_directed_free(struct assay_directed *directed);

/** How often each enum assay_reachability was the answer. */
void assay_directed_count(const struct assay_directed *directed, int64_t counts[3]);

/**
 * Reached vectors whose expected accumulator and output are the target's, in the values given
 * (those of the golden model or of a simulation).
 */
int64_t assay_directed_hits(const struct assay_directed *directed,
                            const struct assay_values *values);

#endif  // ASSAY_CLI_DIRECTED_H_
