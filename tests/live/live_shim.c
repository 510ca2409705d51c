/* Flat face of the golden library for Python: compares a library's outputs with a contract and says
 * where they differ first. No twin. */
#include "tests/live/live_shim.h"

#include <stdlib.h>

#include "golden/contract.h"
#include "golden/quantize.h"
#include "golden/reference.h"

/* One contract prepared for every channel of a layer. */
static int prepare(const char *contract, const struct assay_live_layer *layer,
                   struct assay_requantizer *out) {
  const struct assay_contract *found = assay_contract_find(contract);
  if (found == NULL) return ASSAY_LIVE_UNKNOWN;
  for (int32_t c = 0; c < layer->channels; ++c) {
    const struct assay_channel channel = {
        .x_scale = layer->x_scale,
        .w_scale = layer->w_scale[c],
        .y_scale = layer->y_scale,
        .y_zp = layer->y_zp,
        .dtype = layer->is_signed ? ASSAY_QINT8 : ASSAY_QUINT8,
        .relu = layer->relu != 0,
        .has_bias = layer->bias != NULL,
        .bias = layer->bias != NULL ? layer->bias[c] : 0.0F,
        .per_channel = layer->per_channel != 0,
        .forum_n = 16,
        .forum_bias = ASSAY_FORUM_BIAS_FOLDED,
    };
    if (found->prepare(&channel, &out[c]) != ASSAY_OK) return ASSAY_LIVE_REFUSED;
  }
  return ASSAY_LIVE_OK;
}

static struct assay_requantizer *prepare_all(const char *contract,
                                             const struct assay_live_layer *layer, int *status) {
  struct assay_requantizer *r = calloc((size_t)layer->channels, sizeof *r);
  *status = r == NULL ? ASSAY_LIVE_MEMORY : prepare(contract, layer, r);
  if (*status == ASSAY_LIVE_OK) return r;
  free(r);
  return NULL;
}

static int32_t byte_value(const struct assay_live_layer *layer, uint8_t byte) {
  return layer->is_signed ? (int8_t)byte : byte;
}

static void note(struct assay_live_result *result, int64_t index, int32_t acc, int32_t expected,
                 int32_t found) {
  ++result->compared;
  if (expected == found) return;
  if (result->differ++ > 0) return;
  result->index = index;
  result->acc = acc;
  result->expected = expected;
  result->found = found;
}

int assay_live_sweep(const char *contract, const struct assay_live_layer *layer,
                     const int32_t *base, int64_t pixels, const int32_t *offset,
                     const uint8_t *found, struct assay_live_result *result) {
  int status;
  struct assay_requantizer *r = prepare_all(contract, layer, &status);
  if (r == NULL) return status;
  *result = (struct assay_live_result){.index = -1};
  for (int64_t i = 0, p = 0; p < pixels; ++p) {
    for (int32_t c = 0; c < layer->channels; ++c, ++i) {
      const int32_t acc = base[p] + offset[c];
      note(result, i, acc, assay_requantize(&r[c], acc), byte_value(layer, found[i]));
    }
  }
  free(r);
  return ASSAY_LIVE_OK;
}

int assay_live_requantize(const char *contract, const struct assay_live_layer *layer,
                          const int32_t *acc, int64_t pixels, uint8_t *out) {
  int status;
  struct assay_requantizer *r = prepare_all(contract, layer, &status);
  if (r == NULL) return status;
  for (int64_t i = 0, p = 0; p < pixels; ++p) {
    for (int32_t c = 0; c < layer->channels; ++c, ++i) {
      out[i] = (uint8_t)assay_requantize(&r[c], acc[i]);
    }
  }
  free(r);
  return ASSAY_LIVE_OK;
}

int assay_live_accumulate(const struct assay_live_layer *layer,
                          const struct assay_conv_shape *shape, int32_t batch, const uint8_t *x,
                          const int8_t *weight, int32_t *acc) {
  const struct assay_conv conv = {
      .shape = *shape,
      .x = {layer->x_scale, layer->x_zp, layer->is_signed ? ASSAY_QINT8 : ASSAY_QUINT8},
      .weight = weight,
  };
  if (assay_conv_shape_check(shape) != ASSAY_OK) return ASSAY_LIVE_SHAPE;
  const int64_t image = (int64_t)shape->in_y * shape->in_x * shape->in_c;
  const int64_t output = (int64_t)assay_conv_out_y(shape) * assay_conv_out_x(shape) * shape->out_c;
  for (int32_t n = 0; n < batch; ++n) {
    if (assay_reference_conv(&conv, x + n * image, acc + n * output) != ASSAY_OK) {
      return ASSAY_LIVE_SHAPE;
    }
  }
  return ASSAY_LIVE_OK;
}

int assay_live_steps(const char *contract, const struct assay_live_layer *layer, int32_t low,
                     int32_t high, int32_t first, const int32_t *threshold, int32_t count,
                     struct assay_live_result *result) {
  int status;
  struct assay_requantizer *r = prepare_all(contract, layer, &status);
  if (r == NULL) return status;
  *result = (struct assay_live_result){.index = -1};
  int32_t passed = 0;
  for (int64_t acc = low; acc <= high; ++acc) {
    while (passed < count && acc >= threshold[passed]) ++passed;
    note(result, acc - low, (int32_t)acc, assay_requantize(r, (int32_t)acc), first + passed);
  }
  free(r);
  return ASSAY_LIVE_OK;
}

static struct assay_quant quant_of(double scale, int32_t zero_point, int is_signed) {
  return (struct assay_quant){scale, zero_point, is_signed ? ASSAY_QINT8 : ASSAY_QUINT8};
}

int assay_live_quantize(const char *form, double scale, int32_t zero_point, int is_signed,
                        const float *x, uint8_t *q, int64_t count) {
  const assay_quantize_function quantize = assay_quantize_find(form);
  if (quantize == NULL) return ASSAY_LIVE_UNKNOWN;
  const struct assay_quant quant = quant_of(scale, zero_point, is_signed);
  assay_quantize_array(quantize, &quant, x, q, (size_t)count);
  return ASSAY_LIVE_OK;
}

int assay_live_dequantize(double scale, int32_t zero_point, int is_signed, const uint8_t *q,
                          float *x, int64_t count) {
  const struct assay_quant quant = quant_of(scale, zero_point, is_signed);
  assay_dequantize_array(&quant, q, x, (size_t)count);
  return ASSAY_LIVE_OK;
}

int32_t assay_live_contract_count(void) { return (int32_t)assay_contract_count(); }

const char *assay_live_contract_name(int32_t index) {
  return assay_contract_at((size_t)index)->name;
}

const char *assay_live_contract_engines(int32_t index) {
  return assay_contract_at((size_t)index)->engines;
}
