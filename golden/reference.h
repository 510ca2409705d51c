/* Plain convolution: six loops, 64-bit sums, no hardware structure. No twin: it guards against a
 * mistake made twice. */
#ifndef ASSAY_GOLDEN_REFERENCE_H_
#define ASSAY_GOLDEN_REFERENCE_H_

#include <stdint.h>

#include "golden/layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Accumulators of one image: acc = sum over taps inside the image of (x - x_zp) * w; padded taps
 * add nothing.
 * @param conv  shape, input quantization and weights are read; conv->shape must pass
 * assay_conv_shape_check
 * @param x     [in_y][in_x][in_c] bytes; read as int8 when conv->x.dtype is ASSAY_QINT8
 * @param acc   [out_y][out_x][out_c]
 * @return      ASSAY_ERROR_OVERFLOW when a sum leaves int32 (acc is then incomplete), else ASSAY_OK
 */
ASSAY_MUST_CHECK enum assay_status assay_reference_conv(const struct assay_conv *conv,
                                                        const uint8_t *x, int32_t *acc);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_REFERENCE_H_
