/* Input images: .npy of float32, or .pgm. */
#ifndef ASSAY_VECTORS_IMAGE_H_
#define ASSAY_VECTORS_IMAGE_H_

#include <stdint.h>

#include "config/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A batch of images in real units, channels first as PyTorch keeps them. */
struct assay_images {
  int32_t n, c, y, x;  ///< >= 1
  float *data;         ///< [n][c][y][x]; malloc'ed; freed by assay_images_free
};

/**
 * Reads images by the ending of the path.
 * - `.npy`: float32 (float64 is rounded to it), [y][x], [c][y][x] or [n][c][y][x]; NaN is refused,
 *   infinities are not
 * - `.pgm`: P2 or P5, 8 or 16 bits; the grey values as they are become real values
 * @param images  untouched on failure
 * @return        false with *error set
 */
bool assay_images_read(const char *path, struct assay_images *images, struct assay_error *error);
void assay_images_free(struct assay_images *images);

/**
 * Copies one image to the order of golden/: [y][x][c].
 * @param nhwc  y * x * c values
 */
void assay_images_nhwc(const struct assay_images *images, int32_t n, float *nhwc);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_IMAGE_H_
