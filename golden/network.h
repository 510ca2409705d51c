/* A chain of quantized layers: what a bundle holds once it is read. No twin. */
#ifndef ASSAY_GOLDEN_NETWORK_H_
#define ASSAY_GOLDEN_NETWORK_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/layer.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Kinds of layer; the names in a bundle are PyTorch's class names. */
enum assay_layer_kind {
  ASSAY_LAYER_QUANTIZE,    ///< Quantize: float image in, integers out
  ASSAY_LAYER_CONV,        ///< Conv2d, ConvReLU2d
  ASSAY_LAYER_DEQUANTIZE,  ///< DeQuantize: integers in, float out
};

/** One layer of a chain. conv is used for ASSAY_LAYER_CONV; quant is the tensor's quantization
 * after the layer. */
struct assay_layer {
  const char *name;  ///< PyTorch's module name, e.g. "conv1"
  enum assay_layer_kind kind;
  struct assay_conv conv;
  struct assay_quant quant;
};

/** Accepted difference between the lowered network and its contract, with the reason; see `waivers`
 * in config/README.md. */
struct assay_waiver {
  const char *layer;     ///< layer name
  const char *contract;  ///< contract name
  int64_t count;         ///< exact number of reachable (channel, accumulator) pairs that differ
  const char *reason;    ///< why this is accepted; never empty
};

/** A network. Layers are in order of execution; shapes are filled for one input image size. Owns
 * nothing. */
struct assay_network {
  const char *name;
  const char *contract;    ///< default contract's name, e.g. "qnnpack"
  const char *quantize;    ///< form of quantize_per_tensor: "mul" or "fma" (golden/quantize.h)
  const char *provenance;  ///< PyTorch version and engine that the numbers come from
  size_t layer_count;
  const struct assay_layer *layers;
  size_t waiver_count;
  const struct assay_waiver *waivers;
};

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_NETWORK_H_
