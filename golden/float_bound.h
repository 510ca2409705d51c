/* Bounds what a Q/DQ float model can output for an actual input, whatever its order of summation.
 * No twin. */
#ifndef ASSAY_GOLDEN_FLOAT_BOUND_H_
#define ASSAY_GOLDEN_FLOAT_BOUND_H_

#include <stdint.h>

#include "golden/bounds.h"
#include "golden/contract.h"
#include "golden/layer.h"
#include "golden/quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is known about one output of the float model. */
enum assay_float_verdict {
  ASSAY_FLOAT_EQUAL,    ///< equals the contract's output in every order of summation
  ASSAY_FLOAT_DIFFERS,  ///< differs from it in every order
  ASSAY_FLOAT_OPEN,     ///< depends on the order, or the bound is too weak to tell
};

struct assay_float_bound {
  double low, high;       ///< the float sum, bias included, lies in here
  int32_t y_low, y_high;  ///< so the output does in here
};

/**
 * Bound of one output of `quantize(relu?(conv2d(dequantize(x), dequantize(w), bias)))`, all in
 * float32 with half_even, as a model converted by PT2E computes it when it is run as it is.
 *
 *   xf = fl((float)x_scale * (x - x_zp)),  wf = fl((float)w_scale * w)
 *   sum of fl(xf * wf) and bias in any order and any tree, each addition rounded once; a fused
 *   multiply-add only leaves roundings out
 *   |computed - exact| <= gamma(K + 1) * sum |xf * wf| + gamma(K) * |bias| + (K + 1) * 2^-126
 *
 * for K taps inside the image, gamma(n) = n*u / (1 - n*u), u = 2^-24 (Higham, Accuracy and
 * Stability of Numerical Algorithms, section 3.1 and 4.2; the last term covers underflow, flushed
 * or not). The exact sum is formed in double and its own rounding is added to the bound. Quantize
 * does not decrease, so its values at the ends enclose the output. Winograd and reduced-precision
 * convolutions (TF32, bfloat16) are not covered.
 * @param taps      taps of the output's channel at its position; their x_zp is used
 * @param channel   scales, bias, ReLU and output quantization
 * @param x_dtype   type of the patch's bytes
 * @param patch     [kernel_y][kernel_x][in_c] the actual inputs; padded taps are not read
 * @param quantize  form of quantize_per_tensor (golden/quantize.h)
 */
struct assay_float_bound assay_float_bound_of(const struct assay_taps *taps,
                                              const struct assay_channel *channel,
                                              enum assay_dtype x_dtype, const uint8_t *patch,
                                              assay_quantize_function quantize);

/** Verdict on a contract's output y for the same input. */
enum assay_float_verdict assay_float_judge(const struct assay_float_bound *bound, int32_t y);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_FLOAT_BOUND_H_
