/* Reads network.yaml and waivers.yaml of a bundle: all but the tensors. Keys: config/README.md. */
#ifndef ASSAY_CONFIG_NETWORK_H_
#define ASSAY_CONFIG_NETWORK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/error.h"
#include "golden/network.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASSAY_MAX_LAYERS = 4096, ASSAY_MAX_WAIVERS = 4096 };

/** One tensor file that a layer names. */
struct assay_file_name {
  const char *name;      ///< relative to the bundle's folder; NULL: there is none
  struct assay_mark at;  ///< where it is named
};

/** One layer as it is written. Strings belong to the description. */
struct assay_layer_text {
  const char *name;  ///< letters, digits, '.', '_', '-'; unique
  enum assay_layer_kind kind;
  bool relu;                            ///< ConvReLU2d
  bool per_channel;                     ///< qscheme of the weights
  struct assay_quant quant;             ///< Quantize and convolutions: the output's quantization
  struct assay_conv_shape shape;        ///< convolutions; in_y and in_x are 0
  struct assay_file_name weight;        ///< int8 [out_channels][in_channels/groups][ky][kx]
  bool int4_weights;                    ///< weight_dtype: int4
  struct assay_mark weight_dtype_at;    ///< where it says so
  struct assay_file_name weight_scale;  ///< float64 [out_channels], or [1] per tensor
  struct assay_file_name bias;          ///< float32 [out_channels]
  struct assay_mark at;                 ///< where the layer starts
};

/** A network.yaml and the waivers beside it. Free with assay_network_text_free. */
struct assay_network_text {
  char *path;         ///< FOLDER/network.yaml, as in marks
  char *waiver_path;  ///< FOLDER/waivers.yaml, as in marks
  struct assay_yaml *yaml;
  struct assay_yaml *waiver_yaml;  ///< NULL: the file does not exist
  const char *name;
  const char *contract;  ///< a name that golden/contract.h knows
  const char *quantize;  ///< "mul" or "fma"
  char *provenance;      ///< "PyTorch VERSION ENGINE"
  size_t layer_count;    ///< first a Quantize, then convolutions, then perhaps a DeQuantize
  struct assay_layer_text *layers;
  size_t waiver_count;
  struct assay_waiver *waivers;
};

/**
 * Reads FOLDER/network.yaml, and FOLDER/waivers.yaml if there is one; checks all that can be
 * checked without the tensors: keys, ranges, the order of layers, channel counts that chain, unique
 * names, waivers that name a convolution.
 * @param folder  borrowed only during the call
 * @param text    untouched on failure
 * @return        false with *error set
 */
bool assay_network_text_read(const char *folder, struct assay_network_text *text,
                             struct assay_error *error);
/** A zeroed description is allowed. */
void assay_network_text_free(struct assay_network_text *text);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CONFIG_NETWORK_H_
