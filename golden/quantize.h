/* Float to integer and back at the ends of a network. No twin: quantization happens before the
 * engine, dequantization after it. */
#ifndef ASSAY_GOLDEN_QUANTIZE_H_
#define ASSAY_GOLDEN_QUANTIZE_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * quantize_per_tensor as PyTorch 1.13.1 and the 2.x wheels with CUDA compute it:
 *
 *   inv = 1.0f / (float)scale
 *   q   = clamp(zero_point + half_even(x * inv), q_min, q_max)
 *
 * A product of 2^63 and above, an infinity or a NaN gives q_min, whatever its sign (x86's
 * conversion to int64). Source: aten/src/ATen/native/quantized/AffineQuantizerBase.cpp
 * quantize_val. Pitfall: dividing by the scale instead is wrong at near-ties.
 * @param x      real value, any float
 * @param quant  scale must be a positive, normal float32
 * @return       inside the dtype's range
 */
int32_t assay_quantize_mul(float x, const struct assay_quant *quant);

/**
 * quantize_per_tensor as the CPU build of PyTorch 2.13.0 computes it:
 *
 *   inv = 1.0f / (float)scale
 *   q   = clamp(half_even(fma(x, inv, (float)zero_point)), q_min, q_max)
 *
 * A sum of 2^31 and above, +infinity and NaN give q_max; below -2^31 and -infinity give q_min. The
 * zero point is added before rounding: ties differ from assay_quantize_mul when it is odd.
 */
int32_t assay_quantize_fma(float x, const struct assay_quant *quant);

/** A form of quantize_per_tensor. */
typedef int32_t (*assay_quantize_function)(float x, const struct assay_quant *quant);

/** The form with this name ("mul" or "fma", as in a bundle's `quantize`), or NULL. */
assay_quantize_function assay_quantize_find(const char *name);

/**
 * count values, one by one.
 * @param q  [count] bytes; int8 bit patterns when quant->dtype is ASSAY_QINT8
 */
void assay_quantize_array(assay_quantize_function quantize, const struct assay_quant *quant,
                          const float *x, uint8_t *q, size_t count);

/** dequantize, every version: (float)scale * (float)(q - zero_point). */
float assay_dequantize(int32_t q, const struct assay_quant *quant);

/** count values, one by one; q as in assay_quantize_array. */
void assay_dequantize_array(const struct assay_quant *quant, const uint8_t *q, float *x,
                            size_t count);

/** A stored byte as the integer that it stands for. */
static inline int32_t assay_integer_of(uint8_t byte, enum assay_dtype dtype) {
  return dtype == ASSAY_QINT8 ? (int32_t)(int8_t)byte : (int32_t)byte;
}

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_QUANTIZE_H_
