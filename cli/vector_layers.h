/* What vector files are made of: every part of every layer as a layer of its own. No twin. */
#ifndef ASSAY_CLI_VECTOR_LAYERS_H_
#define ASSAY_CLI_VECTOR_LAYERS_H_

#include <stddef.h>

#include "cli/jobs.h"
#include "vectors/vector_files.h"

/** Layers of a vector case. Free with assay_vector_layers_free. */
struct assay_vector_layers {
  size_t count;
  struct assay_vector_layer *layers;  ///< [count]
  struct assay_vector_part *parts;    ///< [count], what the layers in parts own
};

/**
 * A layer that is not cut keeps its name; part i of a cut one is called NAME@i.
 * @param jobs  borrowed as long as the result
 * @return      false with *error set, nothing to free
 */
bool assay_vector_layers_make(const struct assay_jobs *jobs, struct assay_vector_layers *layers,
                              struct assay_error *error);
/** A zeroed value is allowed. */
void assay_vector_layers_free(struct assay_vector_layers *layers);

#endif  // ASSAY_CLI_VECTOR_LAYERS_H_
