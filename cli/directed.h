/* Directed inputs for every layer: both sides of every threshold of every channel. No twin. */
#ifndef ASSAY_CLI_DIRECTED_H_
#define ASSAY_CLI_DIRECTED_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/lowering.h"
#include "cli/values.h"
#include "config/error.h"
#include "golden/directed.h"

/** One accumulator that is worth reaching, and where it was reached. */
struct assay_directed_entry {
  size_t layer;
  int32_t oc;
  struct assay_directed_target target;
  enum assay_reachability reachability;
  int32_t n, y, x;  ///< for ASSAY_REACH_WITNESS: image and output pixel
};

/**
 * Inputs for each layer by itself: images of a size that suits the patches, whose patches make the
 * accumulators. Free with assay_directed_free.
 */
struct assay_directed {
  struct assay_layer *layers;  ///< the network's convolutions with the images' size
  size_t layer_count;
  size_t count;
  struct assay_directed_entry *entries;  ///< by layer, channel and accumulator
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
 * Reached entries whose expected accumulator and output are the target's, in the values given
 * (those of the golden model or of a simulation).
 */
int64_t assay_directed_hits(const struct assay_directed *directed,
                            const struct assay_values *values);

#endif  // ASSAY_CLI_DIRECTED_H_
