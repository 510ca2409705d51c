/* Reads a bundle: network.yaml and its tensors become one struct assay_network. */
#include "vectors/bundle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vectors/file.h"
#include "vectors/npy.h"

/* What one read needs everywhere. */
struct reader {
  const char *folder;
  struct assay_error *error;
};

/* What a key promises about its file. */
struct promise {
  const struct assay_file_name *file;
  enum assay_element element;
  size_t dims;
  int64_t shape[4];
  const char *reason;  // the keys that fix the shape
};

// Tensors //

static bool check_promise(const struct promise *p, const struct assay_tensor *tensor,
                          struct assay_error *error) {
  const bool same_shape =
      tensor->dims == p->dims && memcmp(tensor->shape, p->shape, p->dims * sizeof p->shape[0]) == 0;
  if (same_shape && tensor->element == p->element) return true;
  char found[ASSAY_SHAPE_TEXT];
  char expected[ASSAY_SHAPE_TEXT];
  return assay_error_at(
      error, &p->file->at, "'%s' is %s %s, expected %s %s (%s)", p->file->name,
      assay_element_name(tensor->element), assay_shape_text(tensor->shape, tensor->dims, found),
      assay_element_name(p->element), assay_shape_text(p->shape, p->dims, expected), p->reason);
}

/* The caller frees *tensor. A file that is missing is the YAML's fault, a broken one its own. */
static bool read_tensor(const struct reader *reader, const struct promise *p,
                        struct assay_tensor *tensor) {
  char *path = assay_path_join(reader->folder, p->file->name, reader->error);
  if (path == NULL) return false;
  bool ok = access(path, R_OK) == 0;
  if (!ok) {
    assay_error_at(reader->error, &p->file->at, "'%s' is not in the bundle, expected an .npy file",
                   p->file->name);
  }
  ok = ok && assay_npy_read(path, tensor, reader->error);
  free(path);
  if (ok && !check_promise(p, tensor, reader->error)) {
    assay_tensor_free(tensor);
    ok = false;
  }
  return ok;
}

/* [oc][ic][ky][kx] to [oc][ky][kx][ic]. */
static void oihw_to_ohwi(const struct assay_conv_shape *shape, const int8_t *oihw, int8_t *ohwi) {
  const size_t in = (size_t)(shape->in_c / shape->groups);
  const size_t window = (size_t)shape->kernel_y * (size_t)shape->kernel_x;
  for (size_t oc = 0; oc < (size_t)shape->out_c; ++oc) {
    for (size_t k = 0; k < window; ++k) {
      for (size_t ic = 0; ic < in; ++ic) *ohwi++ = oihw[(oc * in + ic) * window + k];
    }
  }
}

/* Weights that are declared int4 are in its range. */
static bool check_int4(const struct reader *reader, const struct assay_layer_text *text,
                       const struct assay_tensor *tensor) {
  const int8_t *weight = tensor->data;
  const size_t taps = (size_t)assay_conv_taps(&text->shape);
  for (size_t i = 0; i < assay_tensor_bytes(tensor); ++i) {
    if (weight[i] >= ASSAY_INT4_MIN && weight[i] <= ASSAY_INT4_MAX) continue;
    return assay_error_at(reader->error, &text->weight_dtype_at,
                          "weight_dtype is int4, but channel %zu of '%s' has a weight of %d, "
                          "expected %d to %d",
                          i / taps, text->weight.name, weight[i], ASSAY_INT4_MIN, ASSAY_INT4_MAX);
  }
  return true;
}

static bool read_weight(const struct reader *reader, const struct assay_layer_text *text,
                        struct assay_conv *conv) {
  const struct assay_conv_shape *s = &text->shape;
  const struct promise promise = {&text->weight,
                                  ASSAY_INT8,
                                  4,
                                  {s->out_c, s->in_c / s->groups, s->kernel_y, s->kernel_x},
                                  "out_channels, in_channels / groups, kernel_size"};
  struct assay_tensor tensor;
  if (!read_tensor(reader, &promise, &tensor)) return false;
  if (text->int4_weights && !check_int4(reader, text, &tensor)) {
    assay_tensor_free(&tensor);
    return false;
  }
  int8_t *weight = malloc(assay_tensor_bytes(&tensor));
  if (weight != NULL) oihw_to_ohwi(s, tensor.data, weight);
  conv->weight = weight;
  assay_tensor_free(&tensor);
  return weight != NULL || assay_error_memory(reader->error);
}

static bool read_weight_scale(const struct reader *reader, const struct assay_layer_text *text,
                              struct assay_conv *conv) {
  const int64_t count = text->per_channel ? text->shape.out_c : 1;
  const struct promise promise = {
      &text->weight_scale, ASSAY_FLOAT64, 1, {count}, "out_channels if per channel, else 1"};
  struct assay_tensor tensor;
  if (!read_tensor(reader, &promise, &tensor)) return false;
  const double *scale = tensor.data;
  conv->w_scale = scale;
  for (int64_t i = 0; i < count; ++i) {
    if (!(isfinite(scale[i]) && scale[i] > 0.0)) {
      return assay_error_at(reader->error, &text->weight_scale.at,
                            "scale of channel %d in '%s' is %g, expected a finite number above 0",
                            (int)i, text->weight_scale.name, scale[i]);
    }
  }
  return true;
}

static bool read_bias(const struct reader *reader, const struct assay_layer_text *text,
                      struct assay_conv *conv) {
  if (text->bias.name == NULL) return true;
  const struct promise promise = {
      &text->bias, ASSAY_FLOAT32, 1, {text->shape.out_c}, "out_channels"};
  struct assay_tensor tensor;
  if (!read_tensor(reader, &promise, &tensor)) return false;
  const float *bias = tensor.data;
  conv->bias = bias;
  for (int32_t i = 0; i < text->shape.out_c; ++i) {
    if (!isfinite(bias[i])) {
      return assay_error_at(reader->error, &text->bias.at,
                            "bias of channel %d in '%s' is %g, expected a finite number", i,
                            text->bias.name, (double)bias[i]);
    }
  }
  return true;
}

// Layers //

static bool read_conv(const struct reader *reader, const struct assay_layer_text *text,
                      struct assay_conv *conv) {
  conv->shape = text->shape;
  conv->y = text->quant;
  conv->relu = text->relu;
  conv->per_channel = text->per_channel;
  conv->int4_weights = text->int4_weights;
  return read_weight(reader, text, conv) && read_weight_scale(reader, text, conv) &&
         read_bias(reader, text, conv);
}

/* The quantization of a layer's input is that of the layer before it. */
static bool read_layers(const struct reader *reader, struct assay_bundle *bundle) {
  struct assay_quant quant = {0};
  for (size_t i = 0; i < bundle->text.layer_count; ++i) {
    const struct assay_layer_text *text = &bundle->text.layers[i];
    struct assay_layer *layer = &bundle->layers[i];
    layer->name = text->name;
    layer->kind = text->kind;
    layer->conv.x = quant;
    if (text->kind == ASSAY_LAYER_CONV && !read_conv(reader, text, &layer->conv)) return false;
    if (text->kind != ASSAY_LAYER_DEQUANTIZE) quant = text->quant;
    layer->quant = quant;
  }
  return true;
}

static void fill_network(struct assay_bundle *bundle) {
  const struct assay_network_text *text = &bundle->text;
  bundle->network = (struct assay_network){.name = text->name,
                                           .contract = text->contract,
                                           .quantize = text->quantize,
                                           .provenance = text->provenance,
                                           .layer_count = text->layer_count,
                                           .layers = bundle->layers,
                                           .waiver_count = text->waiver_count,
                                           .waivers = text->waivers};
}

static bool fill_bundle(const struct reader *reader, int32_t in_y, int32_t in_x,
                        struct assay_bundle *bundle) {
  bundle->layers = calloc(bundle->text.layer_count, sizeof *bundle->layers);
  if (bundle->layers == NULL) return assay_error_memory(reader->error);
  if (!read_layers(reader, bundle)) return false;
  fill_network(bundle);
  return assay_bundle_resize(bundle, in_y, in_x, reader->error);
}

bool assay_bundle_read(const char *folder, int32_t in_y, int32_t in_x, struct assay_bundle *bundle,
                       struct assay_error *error) {
  struct assay_bundle read = {0};
  if (!assay_network_text_read(folder, &read.text, error)) return false;
  const struct reader reader = {folder, error};
  if (fill_bundle(&reader, in_y, in_x, &read)) {
    *bundle = read;
    return true;
  }
  assay_bundle_free(&read);
  return false;
}

void assay_bundle_free(struct assay_bundle *bundle) {
  for (size_t i = 0; i < bundle->text.layer_count && bundle->layers != NULL; ++i) {
    free((void *)bundle->layers[i].conv.weight);
    free((void *)bundle->layers[i].conv.w_scale);
    free((void *)bundle->layers[i].conv.bias);
  }
  free(bundle->layers);
  assay_network_text_free(&bundle->text);
  *bundle = (struct assay_bundle){0};
}

// Image size //

/* Fills one layer's image size and moves y, x on to its output's. */
static bool resize_conv(const struct assay_layer_text *text, struct assay_conv_shape *shape,
                        int32_t *y, int32_t *x, struct assay_error *error) {
  shape->in_y = *y;
  shape->in_x = *x;
  *y = assay_conv_out_y(shape);
  *x = assay_conv_out_x(shape);
  const enum assay_status status = assay_conv_shape_check(shape);
  if (status == ASSAY_OK) return true;
  return assay_error_at(error, &text->at,
                        "layer '%s' makes %d x %d outputs from %d x %d inputs (%s), expected at "
                        "least 1 x 1: use a larger image",
                        text->name, *y, *x, shape->in_y, shape->in_x, assay_status_text(status));
}

bool assay_bundle_resize(struct assay_bundle *bundle, int32_t in_y, int32_t in_x,
                         struct assay_error *error) {
  int32_t y = in_y;
  int32_t x = in_x;
  for (size_t i = 0; i < bundle->text.layer_count; ++i) {
    struct assay_conv_shape shape = bundle->text.layers[i].shape;
    if (bundle->text.layers[i].kind != ASSAY_LAYER_CONV) continue;
    if (!resize_conv(&bundle->text.layers[i], &shape, &y, &x, error)) return false;
  }
  y = in_y;
  x = in_x;
  for (size_t i = 0; i < bundle->text.layer_count; ++i) {
    if (bundle->layers[i].kind != ASSAY_LAYER_CONV) continue;
    resize_conv(&bundle->text.layers[i], &bundle->layers[i].conv.shape, &y, &x, error);
  }
  return true;
}
