/* Float to integer and back at the ends of a network. No twin. */
#include "golden/quantize.h"

#include <math.h>
#include <string.h>

#include "golden/rounding.h"

static int32_t clamp_to_dtype(int64_t q, enum assay_dtype dtype) {
  return (int32_t)assay_clamp(q, assay_dtype_min(dtype), assay_dtype_max(dtype));
}

int32_t assay_quantize_mul(float x, const struct assay_quant *quant) {
  const float inverse = 1.0f / (float)quant->scale;
  const int64_t rounded = assay_cvtss2si(x * inverse);
  return clamp_to_dtype(assay_wrap_add(rounded, quant->zero_point), quant->dtype);
}

int32_t assay_quantize_fma(float x, const struct assay_quant *quant) {
  const float inverse = 1.0f / (float)quant->scale;
  const float sum = fmaf(x, inverse, (float)quant->zero_point);
  if (!(sum < 2147483648.0f)) return assay_dtype_max(quant->dtype);  // NaN too
  return clamp_to_dtype(assay_cvtps2dq(sum), quant->dtype);
}

assay_quantize_function assay_quantize_find(const char *name) {
  if (strcmp(name, "mul") == 0) return assay_quantize_mul;
  if (strcmp(name, "fma") == 0) return assay_quantize_fma;
  return NULL;
}

void assay_quantize_array(assay_quantize_function quantize, const struct assay_quant *quant,
                          const float *x, uint8_t *q, size_t count) {
  for (size_t i = 0; i < count; i++) q[i] = (uint8_t)quantize(x[i], quant);
}

float assay_dequantize(int32_t q, const struct assay_quant *quant) {
  return (float)quant->scale * (float)(q - quant->zero_point);
}

void assay_dequantize_array(const struct assay_quant *quant, const uint8_t *q, float *x,
                            size_t count) {
  for (size_t i = 0; i < count; i++) {
    x[i] = assay_dequantize(assay_integer_of(q[i], quant->dtype), quant);
  }
}
