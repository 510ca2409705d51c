/* Names and geometry of layers, as every file of layers writes them. Keys: config/README.md. */
#ifndef ASSAY_CONFIG_GEOMETRY_H_
#define ASSAY_CONFIG_GEOMETRY_H_

#include <stdint.h>

#include "config/yaml.h"
#include "golden/layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A name that is safe as a part of a file name: up to 64 letters, digits, '.', '_', '-'. Borrowed
 * from the document; NULL after a complaint. */
const char *assay_yaml_name(struct assay_node node);

/** A number of channels that must be there, 1..2^20. */
int32_t assay_yaml_channels(struct assay_node map, const char *key);

/**
 * Keys in_channels, out_channels, kernel_size, stride, padding, dilation and groups of a mapping.
 * in_y and in_x are 0; complaints are in the document's error.
 */
struct assay_conv_shape assay_yaml_conv_shape(struct assay_node map);

/** A list [rows, columns], each 1..65535. */
void assay_yaml_image_size(struct assay_node node, int32_t *y, int32_t *x);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CONFIG_GEOMETRY_H_
