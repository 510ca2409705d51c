/* Reads a bundle: network.yaml and its tensors become one struct assay_network. Format:
 * config/README.md. */
#ifndef ASSAY_VECTORS_BUNDLE_H_
#define ASSAY_VECTORS_BUNDLE_H_

#include <stdint.h>

#include "config/error.h"
#include "config/network.h"
#include "golden/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A network with the memory that it points into. Free with assay_bundle_free. */
struct assay_bundle {
  struct assay_network network;    ///< weights in OHWI, shapes filled for one image size
  struct assay_network_text text;  ///< the description, with marks for later messages
  struct assay_layer *layers;      ///< network.layers, owned
};

/**
 * Reads a folder for images of one size. Checked: all that config/network.h checks; that each
 * tensor exists, is whole, and has the element type and shape that its layer promises; that every
 * weight scale is a finite number above 0 and every bias is finite; that no layer's output is
 * empty. PyTorch's OIHW weights are turned to OHWI here and nowhere else.
 * @param folder      holds network.yaml
 * @param in_y, in_x  rows and columns of the input image, >= 1
 * @param bundle      untouched on failure
 * @return            false with *error set
 */
bool assay_bundle_read(const char *folder, int32_t in_y, int32_t in_x, struct assay_bundle *bundle,
                       struct assay_error *error);
/** A zeroed bundle is allowed. */
void assay_bundle_free(struct assay_bundle *bundle);

/**
 * Fills the shapes for another image size, without reading the tensors again.
 * @return false with *error set, the bundle unchanged
 */
bool assay_bundle_resize(struct assay_bundle *bundle, int32_t in_y, int32_t in_x,
                         struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_BUNDLE_H_
