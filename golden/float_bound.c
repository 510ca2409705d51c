/* Bounds what a Q/DQ float model can output for an actual input, whatever its order of summation.
 * No twin. */
#include "golden/float_bound.h"

#include <float.h>
#include <math.h>

/** Relative error of n roundings to float32. */
static double gamma_of(int64_t n) {
  const double nu = (double)n * 0x1p-24;
  return nu < 1 ? nu / (1 - nu) : INFINITY;
}

/** Exact products of one output, summed in double. */
struct sums {
  double exact, magnitude;
  int64_t taps;
};

static struct sums sum_taps(const struct assay_taps *taps, const struct assay_channel *channel,
                            enum assay_dtype x_dtype, const uint8_t *patch) {
  const float x_scale = (float)channel->x_scale, w_scale = (float)channel->w_scale;
  struct sums sums = {0, 0, 0};
  for (int32_t ky = taps->ky_first; ky < taps->ky_end; ky++) {
    for (int32_t kx = taps->kx_first; kx < taps->kx_end; kx++) {
      const int64_t base = ((int64_t)ky * taps->kernel_x + kx) * taps->in_c;
      for (int32_t ic = 0; ic < taps->in_c; ic++) {
        const int32_t x = assay_integer_of(patch[base + ic], x_dtype) - taps->x_zp;
        const float xf = x_scale * (float)x, wf = w_scale * (float)taps->weight[base + ic];
        const double product = (double)xf * (double)wf;  // exact: 48 bits
        sums.exact += product;
        sums.magnitude += fabs(product);
        sums.taps++;
      }
    }
  }
  return sums;
}

/** The greatest float32 not above v, or the least one not below. */
static float round_outward(double v, double direction) {
  const float nearest = (float)v;
  const bool inside = direction < 0 ? (double)nearest > v : (double)nearest < v;
  return inside ? nextafterf(nearest, (float)direction) : nearest;
}

static int32_t quantize_end(float v, const struct assay_channel *channel,
                            assay_quantize_function quantize) {
  const struct assay_quant quant = {channel->y_scale, channel->y_zp, channel->dtype};
  return quantize(channel->relu && v < 0 ? 0 : v, &quant);
}

struct assay_float_bound assay_float_bound_of(const struct assay_taps *taps,
                                              const struct assay_channel *channel,
                                              enum assay_dtype x_dtype, const uint8_t *patch,
                                              assay_quantize_function quantize) {
  const struct sums sums = sum_taps(taps, channel, x_dtype, patch);
  const double bias = channel->has_bias ? (double)channel->bias : 0;
  const double n = (double)sums.taps;
  const double own = (n + 2) * DBL_EPSILON * (sums.magnitude + fabs(bias));
  const double error = gamma_of(sums.taps + 1) * sums.magnitude + gamma_of(sums.taps) * fabs(bias) +
                       (n + 1) * 0x1p-126 + own;
  const double center = sums.exact + bias;
  struct assay_float_bound bound = {.low = center - error * (1 + 0x1p-40),
                                    .high = center + error * (1 + 0x1p-40)};
  bound.y_low = quantize_end(round_outward(bound.low, -INFINITY), channel, quantize);
  bound.y_high = quantize_end(round_outward(bound.high, INFINITY), channel, quantize);
  return bound;
}

enum assay_float_verdict assay_float_judge(const struct assay_float_bound *bound, int32_t y) {
  if (y < bound->y_low || y > bound->y_high) return ASSAY_FLOAT_DIFFERS;
  return bound->y_low == bound->y_high ? ASSAY_FLOAT_EQUAL : ASSAY_FLOAT_OPEN;
}
