/* A quantized convolution layer as PyTorch gives it. No twin. */
#include "golden/layer.h"

int32_t assay_dtype_min(enum assay_dtype dtype) { return dtype == ASSAY_QINT8 ? -128 : 0; }

int32_t assay_dtype_max(enum assay_dtype dtype) { return dtype == ASSAY_QINT8 ? 127 : 255; }

static int32_t out_size(int32_t in, int32_t pads, int32_t kernel, int32_t dilation,
                        int32_t stride) {
  const int64_t room = (int64_t)in + pads - (int64_t)dilation * (kernel - 1) - 1;
  return room < 0 ? 0 : (int32_t)(room / stride + 1);
}

int32_t assay_conv_out_y(const struct assay_conv_shape *s) {
  return out_size(s->in_y, s->pad_top + s->pad_bottom, s->kernel_y, s->dilation_y, s->stride_y);
}

int32_t assay_conv_out_x(const struct assay_conv_shape *s) {
  return out_size(s->in_x, s->pad_left + s->pad_right, s->kernel_x, s->dilation_x, s->stride_x);
}

int64_t assay_conv_taps(const struct assay_conv_shape *s) {
  return (int64_t)s->kernel_y * s->kernel_x * (s->in_c / s->groups);
}

int64_t assay_conv_macs(const struct assay_conv_shape *s) {
  return (int64_t)assay_conv_out_y(s) * assay_conv_out_x(s) * s->out_c * assay_conv_taps(s);
}

static bool between(int32_t value, int32_t low, int32_t high) {
  return value >= low && value <= high;
}

enum assay_status assay_conv_shape_check(const struct assay_conv_shape *s) {
  const int32_t max = 1 << 20;  // far beyond any layer, and keeps every size product in 64 bits
  const bool ranges =
      between(s->in_y, 1, max) && between(s->in_x, 1, max) && between(s->in_c, 1, max) &&
      between(s->out_c, 1, max) && between(s->kernel_y, 1, 1024) && between(s->kernel_x, 1, 1024) &&
      between(s->stride_y, 1, 1024) && between(s->stride_x, 1, 1024) &&
      between(s->dilation_y, 1, 1024) && between(s->dilation_x, 1, 1024) &&
      between(s->pad_top, 0, 1024) && between(s->pad_bottom, 0, 1024) &&
      between(s->pad_left, 0, 1024) && between(s->pad_right, 0, 1024) && s->groups >= 1;
  if (!ranges) return ASSAY_ERROR_ARGUMENT;
  if (s->in_c % s->groups != 0 || s->out_c % s->groups != 0) return ASSAY_ERROR_SHAPE;
  if (assay_conv_out_y(s) < 1 || assay_conv_out_x(s) < 1) return ASSAY_ERROR_SHAPE;
  return ASSAY_OK;
}

double assay_conv_w_scale(const struct assay_conv *conv, int32_t oc) {
  return conv->w_scale[conv->per_channel ? oc : 0];
}

const int8_t *assay_conv_channel_weight(const struct assay_conv *conv, int32_t oc) {
  return conv->weight + (int64_t)oc * assay_conv_taps(&conv->shape);
}
