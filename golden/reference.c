/* Plain convolution: six loops, 64-bit sums, no hardware structure. No twin. */
#include "golden/reference.h"

static int32_t input_value(const struct assay_conv *conv, const uint8_t *x, int32_t row,
                           int32_t column, int32_t c) {
  const struct assay_conv_shape *s = &conv->shape;
  const uint8_t byte = x[((int64_t)row * s->in_x + column) * s->in_c + c];
  return conv->x.dtype == ASSAY_QINT8 ? (int32_t)(int8_t)byte : (int32_t)byte;
}

static int64_t one_sum(const struct assay_conv *conv, const uint8_t *x, int32_t oy, int32_t ox,
                       int32_t oc) {
  const struct assay_conv_shape *s = &conv->shape;
  const int32_t in_group = s->in_c / s->groups;
  const int32_t first_c = oc / (s->out_c / s->groups) * in_group;
  const int8_t *weight = assay_conv_channel_weight(conv, oc);
  int64_t sum = 0;
  for (int32_t ky = 0; ky < s->kernel_y; ky++) {
    const int32_t row = oy * s->stride_y + ky * s->dilation_y - s->pad_top;
    for (int32_t kx = 0; kx < s->kernel_x; kx++) {
      const int32_t column = ox * s->stride_x + kx * s->dilation_x - s->pad_left;
      if (row < 0 || row >= s->in_y || column < 0 || column >= s->in_x) continue;
      for (int32_t ic = 0; ic < in_group; ic++) {
        const int32_t value = input_value(conv, x, row, column, first_c + ic) - conv->x.zero_point;
        sum += (int64_t)value * weight[((int64_t)ky * s->kernel_x + kx) * in_group + ic];
      }
    }
  }
  return sum;
}

enum assay_status assay_reference_conv(const struct assay_conv *conv, const uint8_t *x,
                                       int32_t *acc) {
  const int32_t out_y = assay_conv_out_y(&conv->shape);
  const int32_t out_x = assay_conv_out_x(&conv->shape);
  for (int32_t y = 0; y < out_y; y++) {
    for (int32_t xx = 0; xx < out_x; xx++) {
      for (int32_t oc = 0; oc < conv->shape.out_c; oc++) {
        const int64_t sum = one_sum(conv, x, y, xx, oc);
        if (sum < INT32_MIN || sum > INT32_MAX) return ASSAY_ERROR_OVERFLOW;
        acc[((int64_t)y * out_x + xx) * conv->shape.out_c + oc] = (int32_t)sum;
      }
    }
  }
  return ASSAY_OK;
}
