/* Vector files: stimulus and expected values of every layer for a user's own simulator. The format:
 * vectors/README.md. */
#ifndef ASSAY_VECTORS_VECTOR_FILES_H_
#define ASSAY_VECTORS_VECTOR_FILES_H_

#include <stddef.h>
#include <stdint.h>

#include "config/error.h"
#include "golden/engine.h"
#include "golden/lowered.h"
#include "golden/network.h"
#include "golden/parts.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One convolution of a run, or one part of it as a layer of its own. Borrows everything. */
struct assay_vector_layer {
  const struct assay_layer *layer;      ///< name and convolution
  const char *part_of;                  ///< name of the layer that this is a part of, or NULL
  struct assay_part part;               ///< its place in that layer
  const struct assay_parts *parts;      ///< how that layer is cut, or NULL
  const struct assay_lowered *lowered;  ///< its integer parameters
  const struct assay_plan *plan;        ///< it on the engine
  const uint8_t *x;                     ///< [n][in_y][in_x][in_c]
  const int32_t *acc;                   ///< expected accumulators, [n][out_y][out_x][out_c]
  const uint8_t *y;                     ///< expected outputs, [n][out_y][out_x][out_c]
};

/** One case: all convolutions of a network on a batch of images. */
struct assay_vector_case {
  const struct assay_network *network;
  const struct assay_engine_config *engine;
  const char *contract;  ///< that the parameters were lowered for
  const char *image;     ///< where the images come from, for headers; without folders
  uint64_t seed;         ///< of the images, if they are random
  int32_t n;             ///< images
  size_t layer_count;
  const struct assay_vector_layer *layers;
};

/**
 * Writes manifest.json, firmware.h (vectors/firmware_text.h), and per layer a folder with every
 * tensor and stream as NAME.mem and NAME.npy and with sizes.svh. The bytes depend on the case
 * alone.
 * @param folder  exists and is empty; the caller renames it when all is written
 * @return        false with *error set; the folder is then incomplete
 */
bool assay_vectors_write(const char *folder, const struct assay_vector_case *vector_case,
                         struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_VECTOR_FILES_H_
