/* A quantized convolution layer as PyTorch gives it: geometry, quantization parameters, tensors. No
 * twin. */
#ifndef ASSAY_GOLDEN_LAYER_H_
#define ASSAY_GOLDEN_LAYER_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Integer type of an activation tensor. Names are PyTorch's. */
enum assay_dtype {
  ASSAY_QUINT8 = 0,  ///< 0..255
  ASSAY_QINT8 = 1,   ///< -128..127
};

/** Least and greatest integer of a dtype: 0 and 255, or -128 and 127. */
int32_t assay_dtype_min(enum assay_dtype dtype);
int32_t assay_dtype_max(enum assay_dtype dtype);

/** Per-tensor quantization: real = scale * (q - zero_point). */
struct assay_quant {
  double scale;        ///< > 0, finite. PyTorch's q_scale() is a double
  int32_t zero_point;  ///< inside the dtype's range
  enum assay_dtype dtype;
};

/**
 * Geometry of a 2-D convolution. A linear layer is a 1x1 convolution on a 1x1 image; a batch is run
 * image by image. Activations are NHWC, weights OHWI: [out_c][kernel_y][kernel_x][in_c / groups].
 */
struct assay_conv_shape {
  int32_t in_y, in_x, in_c;        ///< input rows, columns, channels; >= 1
  int32_t out_c;                   ///< output channels; >= 1, a multiple of groups
  int32_t kernel_y, kernel_x;      ///< >= 1
  int32_t stride_y, stride_x;      ///< >= 1
  int32_t dilation_y, dilation_x;  ///< >= 1
  int32_t pad_top, pad_bottom, pad_left,
      pad_right;   ///< >= 0; padded positions hold the input zero point
  int32_t groups;  ///< >= 1, divides in_c and out_c
};

/** Output rows: floor((in_y + pad_top + pad_bottom - dilation_y*(kernel_y-1) - 1) / stride_y) + 1;
 * may be <= 0. */
int32_t assay_conv_out_y(const struct assay_conv_shape *shape);
/** Output columns, likewise. */
int32_t assay_conv_out_x(const struct assay_conv_shape *shape);
/** Taps of one output value: kernel_y * kernel_x * in_c / groups. */
int64_t assay_conv_taps(const struct assay_conv_shape *shape);
/** Multiplications of a whole layer, one image: out_y * out_x * out_c * taps. */
int64_t assay_conv_macs(const struct assay_conv_shape *shape);
/** ASSAY_OK, or ASSAY_ERROR_ARGUMENT (a field out of range), or ASSAY_ERROR_SHAPE (empty output,
 * groups do not divide). */
ASSAY_MUST_CHECK enum assay_status assay_conv_shape_check(const struct assay_conv_shape *shape);

/**
 * One Conv2d or ConvReLU2d with float quantization parameters (batch-norm already folded by
 * PyTorch). Owns nothing: the tensors belong to whoever built it and must outlive it.
 */
struct assay_conv {
  struct assay_conv_shape shape;
  struct assay_quant x;   ///< input quantization
  struct assay_quant y;   ///< output quantization; of a fused ReLU there is no other
  bool relu;              ///< ConvReLU2d: outputs are clamped at the output zero point
  bool per_channel;       ///< true: w_scale has out_c values; false: one, for all channels
  const int8_t *weight;   ///< [out_c][kernel_y][kernel_x][in_c/groups], zero point 0
  const double *w_scale;  ///< [out_c] or [1]; > 0, finite
  const float *bias;      ///< [out_c] in real units, as PyTorch keeps it; NULL: no bias
  bool int4_weights;      ///< the weights are declared int4: all in -8..7
};

/** Range of int4 weights. */
enum { ASSAY_INT4_MIN = -8, ASSAY_INT4_MAX = 7 };

/** Weight scale of an output channel, whichever way it is stored. */
double assay_conv_w_scale(const struct assay_conv *conv, int32_t oc);
/** Pointer to the taps of one output channel: assay_conv_taps() values, [ky][kx][ic]. */
const int8_t *assay_conv_channel_weight(const struct assay_conv *conv, int32_t oc);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_LAYER_H_
