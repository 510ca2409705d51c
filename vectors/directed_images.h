/* Directed vectors of a whole layer: for every threshold of every channel an input patch on either
 * side of it, packed into images. */
#ifndef ASSAY_VECTORS_DIRECTED_IMAGES_H_
#define ASSAY_VECTORS_DIRECTED_IMAGES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/error.h"
#include "golden/directed.h"
#include "golden/layer.h"
#include "golden/lower.h"
#include "golden/reach.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One accumulator that is worth reaching, and where an image reaches it. */
struct assay_directed_vector {
  int32_t oc;
  struct assay_directed_target target;
  enum assay_reachability reachability;  ///< NEVER is proved; UNKNOWN is not decided
  int32_t n, y, x;                       ///< of a WITNESS: image and output pixel; else 0
};

/**
 * The directed vectors of one layer. Every image pixel that no patch uses holds the zero point. The
 * layer is given its input directly, as integers: thresholds that the network before it would never
 * bring about are tested, too.
 */
struct assay_directed_images {
  struct assay_conv conv;  ///< the layer with the images' size; tensors are borrowed
  int32_t n;               ///< images; 0 when no target is reachable
  uint8_t *x;              ///< [n][in_y][in_x][in_c]; owned
  size_t count;
  struct assay_directed_vector *vectors;  ///< [count], by channel, then by accumulator; owned
  size_t answers[3];                      ///< vectors by enum assay_reachability
};

/**
 * Solve for every target of every channel (golden/directed.h: both ends of the reachable interval,
 * hence both clamps where they can occur, and T_k - 1 and T_k of every reachable threshold).
 *
 * Patches lie side by side: windows of the kernel that do not overlap, wholly inside the image.
 * Channels of different groups read different input channels and share windows. An image of `side`
 * x `side` pixels holds about (side / kernel)^2 patches a group.
 *
 * @param conv     the layer; its image size is replaced
 * @param lists    [out_c] normal form of each channel (assay_lower_layer)
 * @param results  [out_c] from the same call: range is used
 * @param side     rows and columns of an image, >= 1; enlarged where the kernel needs more
 * @param images   receives the result, freed by assay_directed_images_free; untouched on failure
 * @return         false with *error set: memory
 */
bool assay_directed_images_make(const struct assay_conv *conv,
                                const struct assay_threshold_list *lists,
                                const struct assay_lower_result *results, int32_t side,
                                struct assay_directed_images *images, struct assay_error *error);
/** A zeroed value is allowed. */
void assay_directed_images_free(struct assay_directed_images *images);

/** Index of a vector's value in tensors [n][out_y][out_x][out_c]. */
size_t assay_directed_images_index(const struct assay_directed_images *images,
                                   const struct assay_directed_vector *vector);

/**
 * Vectors with a witness that hit their target: the accumulator and the output are exactly the
 * target's. All of them did when the answer is answers[ASSAY_REACH_WITNESS].
 * @param acc  [n][out_y][out_x][out_c]
 * @param y    [n][out_y][out_x][out_c] bytes
 */
size_t assay_directed_images_hits(const struct assay_directed_images *images, const int32_t *acc,
                                  const uint8_t *y);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_DIRECTED_IMAGES_H_
