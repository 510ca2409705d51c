/* A whole network on integers: quantize, convolutions, dequantize. No twin: the engine runs one
 * layer at a time and golden/engine.h models it. */
#ifndef ASSAY_GOLDEN_RUN_H_
#define ASSAY_GOLDEN_RUN_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/contract.h"
#include "golden/lowered.h"
#include "golden/network.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Values that each tensor of a run holds. A tensor of integers has one byte a value. */
struct assay_run_sizes {
  size_t input;   ///< floats of the image, [in_y][in_x][in_c] of the first convolution
  size_t output;  ///< floats of the result, [out_y][out_x][out_c] of the last convolution
  size_t tensor;  ///< bytes of the largest tensor of integers between two layers
  size_t acc;     ///< int32 accumulators of the largest convolution output
};

/** Memory for a run; the caller's, nothing is kept. */
struct assay_run_buffers {
  uint8_t *tensor[2];  ///< each [sizes.tensor], not overlapping
  int32_t *acc;        ///< [sizes.acc]
};

/**
 * Sizes for one image.
 * @return ASSAY_ERROR_SHAPE when the layers do not follow each other (each convolution's input
 * must have the shape of the output before it), ASSAY_ERROR_UNSUPPORTED when the chain is not one
 * Quantize, one or more convolutions, and at most one DeQuantize at the end
 */
ASSAY_MUST_CHECK enum assay_status assay_run_sizes_of(const struct assay_network *network,
                                                      struct assay_run_sizes *sizes);

/** What to run. */
struct assay_run_options {
  const struct assay_contract *contract;  ///< requantizes every convolution; NULL: the network's
  const struct assay_lowered *lowered;    ///< [convolutions in order]: integers instead of a
                                          ///< contract; NULL: none
  /** Called after each convolution, if not NULL, with its layer, accumulators and outputs. */
  void (*observe)(void *user, const struct assay_layer *layer, const uint8_t *x, const int32_t *acc,
                  const uint8_t *y);
  void *user;  ///< handed to observe
};

/**
 * Run one image.
 * @param image   [sizes.input] floats, NHWC
 * @param output  [sizes.output] floats, NHWC: the dequantized result
 * @return  what assay_run_sizes_of answers; ASSAY_ERROR_ARGUMENT for an unknown contract or form of
 * quantize; ASSAY_ERROR_SCALE or ASSAY_ERROR_UNSUPPORTED from the contract; ASSAY_ERROR_OVERFLOW
 * when an accumulator leaves int32. On an error the contents of output and buffers are undefined.
 */
ASSAY_MUST_CHECK enum assay_status assay_run_network(const struct assay_network *network,
                                                     const struct assay_run_options *options,
                                                     const float *image,
                                                     const struct assay_run_buffers *buffers,
                                                     float *output);

/**
 * Outputs of one layer from its accumulators, by a contract.
 * @param acc  [out_y][out_x][out_c], corrected for the zero point, without bias
 * @param y    [out_y][out_x][out_c] bytes
 * @return     what contract->prepare answers for a channel
 */
ASSAY_MUST_CHECK enum assay_status assay_requantize_layer(const struct assay_conv *conv,
                                                          const struct assay_contract *contract,
                                                          const int32_t *acc, uint8_t *y);

/** The same by integer hardware parameters; ASSAY_ERROR_ARGUMENT for parameters that are not
 * legal. */
ASSAY_MUST_CHECK enum assay_status assay_requantize_lowered(const struct assay_conv *conv,
                                                            const struct assay_lowered *lowered,
                                                            const int32_t *acc, uint8_t *y);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_RUN_H_
