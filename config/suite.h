/* Reads a list of layer shapes, config/suites/NAME.yaml. Its keys: config/README.md. */
#ifndef ASSAY_CONFIG_SUITE_H_
#define ASSAY_CONFIG_SUITE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/error.h"
#include "golden/layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One layer's shape. */
struct assay_suite_layer {
  const char *name;               ///< unique in the suite; belongs to it
  struct assay_mark at;           ///< where it is described
  struct assay_conv_shape shape;  ///< passes assay_conv_shape_check
  bool linear;                    ///< a fully connected layer: 1x1 on a 1x1 image
  bool relu;                      ///< the output is clamped at its zero point
  int32_t target;                 ///< utilization wanted, %; 0: none
};

/** A suite. Free with assay_suite_free. */
struct assay_suite {
  char *path;  ///< as in marks
  struct assay_yaml *yaml;
  const char *name;
  const char *source;  ///< where the shapes come from, one sentence
  int32_t target;      ///< utilization wanted of all convolutions together, %; 0: none
  size_t layer_count;  ///< >= 1
  struct assay_suite_layer *layers;
};

/**
 * Reads one suite; every layer's shape is checked.
 * @param path   e.g. "config/suites/resnet18.yaml"; borrowed only during the call
 * @param suite  untouched on failure
 * @return       false with *error set
 */
bool assay_suite_read(const char *path, struct assay_suite *suite, struct assay_error *error);
/** A zeroed suite is allowed. */
void assay_suite_free(struct assay_suite *suite);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CONFIG_SUITE_H_
