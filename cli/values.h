/* All integers of a network's run on the golden model, kept for later stages. No twin. */
#ifndef ASSAY_CLI_VALUES_H_
#define ASSAY_CLI_VALUES_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/source.h"
#include "config/error.h"
#include "golden/lowered.h"

/** One convolution's tensors, image after image. Owned by struct assay_values. */
struct assay_layer_values {
  const struct assay_layer *layer;
  size_t x_size;  ///< values of one image: in_y * in_x * in_c
  size_t y_size;  ///< out_y * out_x * out_c
  uint8_t *x;     ///< [n][in_y][in_x][in_c]
  int32_t *acc;   ///< [n][out_y][out_x][out_c], without the bias
  uint8_t *y;     ///< [n][out_y][out_x][out_c]
};

/** A whole run. Free with assay_values_free. */
struct assay_values {
  int32_t n;           ///< images
  size_t layer_count;  ///< convolutions
  struct assay_layer_values *layers;
  size_t output_size;  ///< floats of one image
  float *output;       ///< [n][out_y][out_x][out_c]: the dequantized result
};

/**
 * Runs every image of the source.
 * @param lowered  [convolutions] integer parameters to use instead of the contract, or NULL
 * @return         false with *error set, nothing to free
 */
bool assay_values_compute(const struct assay_source *source, const struct assay_lowered *lowered,
                          struct assay_values *values, struct assay_error *error);
/**
 * Memory for n images of one layer; shapes come from the layer.
 * @return false when there is not enough; free with assay_layer_values_free either way
 */
bool assay_layer_values_allocate(const struct assay_layer *layer, int32_t n,
                                 struct assay_layer_values *values);
void assay_layer_values_free(struct assay_layer_values *values);

/** A zeroed value is allowed. */
void assay_values_free(struct assay_values *values);

#endif  // ASSAY_CLI_VALUES_H_
