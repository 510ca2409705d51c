/* A whole network on integers. No twin. */
#include "golden/run.h"

#include "golden/affine.h"
#include "golden/quantize.h"
#include "golden/reference.h"
#include "golden/requantizer.h"

static size_t in_values(const struct assay_conv_shape *s) {
  return (size_t)s->in_y * (size_t)s->in_x * (size_t)s->in_c;
}

static size_t out_pixels(const struct assay_conv_shape *s) {
  return (size_t)assay_conv_out_y(s) * (size_t)assay_conv_out_x(s);
}

static size_t out_values(const struct assay_conv_shape *s) {
  return out_pixels(s) * (size_t)s->out_c;
}

static size_t greater(size_t a, size_t b) { return a > b ? a : b; }

/* ---- one layer ---- */

static void requantize_channel(const struct assay_requantizer *r,
                               const struct assay_conv_shape *shape, int32_t oc, const int32_t *acc,
                               uint8_t *y) {
  const size_t stride = (size_t)shape->out_c;
  const size_t end = out_values(shape);
  for (size_t i = (size_t)oc; i < end; i += stride) y[i] = (uint8_t)assay_requantize(r, acc[i]);
}

enum assay_status assay_requantize_layer(const struct assay_conv *conv,
                                         const struct assay_contract *contract, const int32_t *acc,
                                         uint8_t *y) {
  for (int32_t oc = 0; oc < conv->shape.out_c; oc++) {
    const struct assay_channel channel = assay_channel_of(conv, oc);
    struct assay_requantizer r;
    const enum assay_status status = contract->prepare(&channel, &r);
    if (status != ASSAY_OK) return status;
    requantize_channel(&r, &conv->shape, oc, acc, y);
  }
  return ASSAY_OK;
}

enum assay_status assay_requantize_lowered(const struct assay_conv *conv,
                                           const struct assay_lowered *lowered, const int32_t *acc,
                                           uint8_t *y) {
  for (int32_t oc = 0; oc < conv->shape.out_c; oc++) {
    struct assay_requantizer r;
    const enum assay_status status = assay_requantizer_of_lowered(lowered, oc, &r);
    if (status != ASSAY_OK) return status;
    requantize_channel(&r, &conv->shape, oc, acc, y);
  }
  return ASSAY_OK;
}

/* ---- the chain ---- */

static bool follows(const struct assay_conv_shape *before, const struct assay_conv_shape *after) {
  return assay_conv_out_y(before) == after->in_y && assay_conv_out_x(before) == after->in_x &&
         before->out_c == after->in_c;
}

static bool same_quant(const struct assay_quant *a, const struct assay_quant *b) {
  return a->scale == b->scale && a->zero_point == b->zero_point && a->dtype == b->dtype;
}

/** First and one past the last convolution; ASSAY_ERROR_UNSUPPORTED for any other chain. */
static enum assay_status find_convolutions(const struct assay_network *n, size_t *first,
                                           size_t *end) {
  if (n->layer_count < 2 || n->layers[0].kind != ASSAY_LAYER_QUANTIZE) {
    return ASSAY_ERROR_UNSUPPORTED;
  }
  const bool dequantize = n->layers[n->layer_count - 1].kind == ASSAY_LAYER_DEQUANTIZE;
  *first = 1;
  *end = n->layer_count - (dequantize ? 1 : 0);
  for (size_t i = *first; i < *end; i++) {
    if (n->layers[i].kind != ASSAY_LAYER_CONV) return ASSAY_ERROR_UNSUPPORTED;
  }
  return *first < *end ? ASSAY_OK : ASSAY_ERROR_UNSUPPORTED;
}

static enum assay_status check_link(const struct assay_network *n, size_t i, size_t first) {
  const struct assay_conv *conv = &n->layers[i].conv;
  const struct assay_quant *before = i == first ? &n->layers[0].quant : &n->layers[i - 1].conv.y;
  const enum assay_status status = assay_conv_shape_check(&conv->shape);
  if (status != ASSAY_OK) return status;
  if (!same_quant(before, &conv->x)) return ASSAY_ERROR_SHAPE;
  if (i > first && !follows(&n->layers[i - 1].conv.shape, &conv->shape)) return ASSAY_ERROR_SHAPE;
  return ASSAY_OK;
}

enum assay_status assay_run_sizes_of(const struct assay_network *n, struct assay_run_sizes *sizes) {
  size_t first, end;
  const enum assay_status chain = find_convolutions(n, &first, &end);
  if (chain != ASSAY_OK) return chain;
  struct assay_run_sizes s = {0};
  for (size_t i = first; i < end; i++) {
    const enum assay_status link = check_link(n, i, first);
    if (link != ASSAY_OK) return link;
    const struct assay_conv_shape *shape = &n->layers[i].conv.shape;
    s.acc = greater(s.acc, out_values(shape));
    s.tensor = greater(s.tensor, greater(in_values(shape), out_values(shape)));
  }
  s.input = in_values(&n->layers[first].conv.shape);
  s.output = out_values(&n->layers[end - 1].conv.shape);
  *sizes = s;
  return ASSAY_OK;
}

/** Accumulators and outputs of one convolution; `index` counts convolutions from 0. */
static enum assay_status run_conv(const struct assay_layer *layer, size_t index,
                                  const struct assay_run_options *options, const uint8_t *x,
                                  int32_t *acc, uint8_t *y) {
  const struct assay_conv *conv = &layer->conv;
  enum assay_status status = assay_reference_conv(conv, x, acc);
  if (status != ASSAY_OK) return status;
  status = options->lowered != NULL
               ? assay_requantize_lowered(conv, &options->lowered[index], acc, y)
               : assay_requantize_layer(conv, options->contract, acc, y);
  if (status == ASSAY_OK && options->observe != NULL) {
    options->observe(options->user, layer, x, acc, y);
  }
  return status;
}

enum assay_status assay_run_network(const struct assay_network *n,
                                    const struct assay_run_options *options, const float *image,
                                    const struct assay_run_buffers *buffers, float *output) {
  struct assay_run_sizes sizes;
  const enum assay_status sizes_status = assay_run_sizes_of(n, &sizes);
  if (sizes_status != ASSAY_OK) return sizes_status;
  size_t first, end;
  const enum assay_status chain = find_convolutions(n, &first, &end);
  if (chain != ASSAY_OK) return chain;

  struct assay_run_options used = *options;
  if (used.contract == NULL) used.contract = assay_contract_find(n->contract);
  const assay_quantize_function quantize = assay_quantize_find(n->quantize);
  if (used.contract == NULL || quantize == NULL) return ASSAY_ERROR_ARGUMENT;

  uint8_t *x = buffers->tensor[0], *y = buffers->tensor[1];
  assay_quantize_array(quantize, &n->layers[0].quant, image, x, sizes.input);
  for (size_t i = first; i < end; i++) {
    const enum assay_status status = run_conv(&n->layers[i], i - first, &used, x, buffers->acc, y);
    if (status != ASSAY_OK) return status;
    uint8_t *const swap = x;
    x = y;
    y = swap;
  }
  assay_dequantize_array(&n->layers[end - 1].conv.y, x, output, sizes.output);
  return ASSAY_OK;
}
