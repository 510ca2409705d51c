/* Flat face of the bundle reader for Python (tests/live/network.py mirrors the struct). No twin. */
#ifndef ASSAY_TESTS_LIVE_LIVE_BUNDLE_H_
#define ASSAY_TESTS_LIVE_LIVE_BUNDLE_H_

#include <stdint.h>

#include "golden/layer.h"

struct assay_bundle;

/** One layer of a bundle. Pointers belong to the bundle. */
struct assay_live_bundle_layer {
  const char *name;
  const char *weight_file, *scale_file, *bias_file;  ///< NULL: none
  double x_scale, y_scale;
  const double *w_scale;  ///< [out_c], or [1] per tensor
  const float *bias;      ///< [out_c] or NULL
  const int8_t *weight;   ///< OHWI
  int32_t kind;           ///< enum assay_layer_kind
  int32_t x_zp, y_zp;
  int32_t is_signed, relu, per_channel;  ///< 0 or 1
  struct assay_conv_shape shape;
};

/** Reads a bundle for images of one size; NULL with text (NUL-terminated, of `size` bytes) set. */
struct assay_bundle *assay_live_bundle_open(const char *folder, int32_t in_y, int32_t in_x,
                                            char *text, int32_t size);
void assay_live_bundle_close(struct assay_bundle *bundle);

int32_t assay_live_bundle_count(const struct assay_bundle *bundle);
/** "mul" or "fma". */
const char *assay_live_bundle_quantize(const struct assay_bundle *bundle);
void assay_live_bundle_layer(const struct assay_bundle *bundle, int32_t index,
                             struct assay_live_bundle_layer *out);

#endif  // ASSAY_TESTS_LIVE_LIVE_BUNDLE_H_
