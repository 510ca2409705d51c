/* Vector files: stimulus and expected values of every layer for a user's own simulator. */
#include "vectors/vector_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vectors/buffer.h"
#include "vectors/file.h"
#include "vectors/firmware_text.h"
#include "vectors/mem_text.h"
#include "vectors/npy.h"
#include "vectors/sha256.h"

/* What writing one layer needs everywhere. */
struct writer {
  const struct assay_vector_case *vector_case;
  const struct assay_vector_layer *layer;
  char *folder;                   // of this layer
  struct assay_buffer *manifest;  // files of this layer, as JSON
  struct assay_error *error;
};

/* One tensor as it is filed. */
struct item {
  const char *name;     // of the files, without ending
  const char *meaning;  // one phrase
  const char *axes;     // of the .npy
  size_t lanes;         // elements of a word of the .mem
  struct assay_tensor tensor;
  char layout[256];  // address of a word as a formula
};

static const struct assay_conv_shape *shape_of(const struct writer *w) {
  return &w->layer->layer->conv.shape;
}

static enum assay_element byte_element(enum assay_dtype dtype) {
  return dtype == ASSAY_QINT8 ? ASSAY_INT8 : ASSAY_UINT8;
}

// One item: text, array, entry of the manifest //

static void print_header(const struct writer *w, const struct item *item,
                         struct assay_buffer *text) {
  const struct assay_vector_case *c = w->vector_case;
  char shape[ASSAY_SHAPE_TEXT];
  const size_t bits = 8 * assay_element_size(item->tensor.element);
  assay_buffer_print(text, "// assay vectors, format 1\n");
  assay_buffer_print(text, "// case: %s, layer %s, image %s, seed %" PRIu64 "\n", c->network->name,
                     w->layer->layer->name, c->image, c->seed);
  assay_buffer_print(text, "// content: %s\n", item->meaning);
  assay_buffer_print(text, "// tensor: %s, %s %s, axes %s\n", item->name,
                     assay_element_name(item->tensor.element),
                     assay_shape_text(item->tensor.shape, item->tensor.dims, shape), item->axes);
  assay_buffer_print(text, "// layout: %s\n", item->layout);
  assay_buffer_print(text, "// word: %zu bits, element i in bits %zu*i+%zu..%zu*i, %zu words\n",
                     bits * item->lanes, bits, bits - 1, bits,
                     assay_tensor_count(&item->tensor) / item->lanes);
}

static bool write_hashed(const struct writer *w, const char *name, const char *ending,
                         const void *data, size_t size, char hash[ASSAY_SHA256_TEXT]) {
  char file[128];
  snprintf(file, sizeof file, "%s%s", name, ending);
  char *path = assay_path_join(w->folder, file, w->error);
  const bool ok = path != NULL && assay_sha256(data, size, hash, w->error) &&
                  assay_file_write(path, data, size, w->error);
  free(path);
  return ok;
}

static bool write_text(const struct writer *w, const struct item *item,
                       char hash[ASSAY_SHA256_TEXT]) {
  struct assay_buffer text = {0};
  print_header(w, item, &text);
  assay_mem_print(&text, &item->tensor, item->lanes);
  const bool ok = text.failed ? assay_error_memory(w->error)
                              : write_hashed(w, item->name, ".mem", text.text, text.length, hash);
  assay_buffer_free(&text);
  return ok;
}

static bool write_array(const struct writer *w, const struct item *item,
                        char hash[ASSAY_SHA256_TEXT]) {
  struct assay_bytes bytes;
  if (!assay_npy_encode(&item->tensor, &bytes, w->error)) return false;
  const bool ok = write_hashed(w, item->name, ".npy", bytes.data, bytes.size, hash);
  assay_bytes_free(&bytes);
  return ok;
}

static void print_entry(const struct writer *w, const struct item *item, const char *text_hash,
                        const char *array_hash) {
  char shape[ASSAY_SHAPE_TEXT];
  struct assay_buffer *m = w->manifest;
  const size_t bits = 8 * assay_element_size(item->tensor.element);
  assay_buffer_print(m, "%s\n        {\"name\": \"%s\", \"content\": ", m->length == 0 ? "" : ",",
                     item->name);
  assay_buffer_json_string(m, item->meaning);
  assay_buffer_print(m, ",\n         \"element\": \"%s\", \"shape\": %s, \"axes\": \"%s\",\n",
                     assay_element_name(item->tensor.element),
                     assay_shape_text(item->tensor.shape, item->tensor.dims, shape), item->axes);
  assay_buffer_print(m, "         \"layout\": \"%s\",\n", item->layout);
  assay_buffer_print(m, "         \"element_bits\": %zu, \"word_bits\": %zu, \"words\": %zu,\n",
                     bits, bits * item->lanes, assay_tensor_count(&item->tensor) / item->lanes);
  assay_buffer_print(m, "         \"sha256_mem\": \"%s\",\n         \"sha256_npy\": \"%s\"}",
                     text_hash, array_hash);
}

static bool write_item(const struct writer *w, const struct item *item) {
  char text_hash[ASSAY_SHA256_TEXT];
  char array_hash[ASSAY_SHA256_TEXT];
  if (!write_text(w, item, text_hash) || !write_array(w, item, array_hash)) return false;
  print_entry(w, item, text_hash, array_hash);
  return true;
}

/* Writes and frees an item whose data were allocated for it. */
static bool write_owned(const struct writer *w, struct item *item) {
  const bool ok = item->tensor.data == NULL ? assay_error_memory(w->error) : write_item(w, item);
  assay_tensor_free(&item->tensor);
  return ok;
}

// Tensors //

static struct item activation_item(const char *name, const char *meaning,
                                   enum assay_element element, int64_t n, int64_t y, int64_t x,
                                   int64_t c, const void *data) {
  struct item item = {.name = name,
                      .meaning = meaning,
                      .axes = "n, y, x, c",
                      .lanes = 1,
                      .tensor = {element, 4, {n, y, x, c}, (void *)data}};
  snprintf(item.layout, sizeof item.layout,
           "address = ((n*%" PRId64 " + y)*%" PRId64 " + x)*%" PRId64 " + c", y, x, c);
  return item;
}

static bool write_tensors(const struct writer *w) {
  const struct assay_conv *conv = &w->layer->layer->conv;
  const struct assay_conv_shape *s = &conv->shape;
  const int64_t n = w->vector_case->n;
  const int64_t out_y = assay_conv_out_y(s);
  const int64_t out_x = assay_conv_out_x(s);
  const struct item x = activation_item("x", "input integers", byte_element(conv->x.dtype), n,
                                        s->in_y, s->in_x, s->in_c, w->layer->x);
  const struct item acc =
      activation_item("acc", "expected accumulators, zero points corrected, without bias",
                      ASSAY_INT32, n, out_y, out_x, s->out_c, w->layer->acc);
  const struct item y =
      activation_item("y", "expected output integers", byte_element(conv->y.dtype), n, out_y, out_x,
                      s->out_c, w->layer->y);
  const int64_t in = s->in_c / s->groups;
  struct item weight = {
      .name = "weight",
      .meaning = "weights",
      .axes = "oc, ky, kx, ic",
      .lanes = 1,
      .tensor = {ASSAY_INT8, 4, {s->out_c, s->kernel_y, s->kernel_x, in}, (void *)conv->weight}};
  snprintf(weight.layout, sizeof weight.layout, "address = ((oc*%d + ky)*%d + kx)*%d + ic",
           s->kernel_y, s->kernel_x, (int)in);
  return write_item(w, &x) && write_item(w, &weight) && write_item(w, &acc) && write_item(w, &y);
}

// Parameters of the channels //

enum parameter { PARAMETER_ACC_INIT, PARAMETER_MULTIPLIER, PARAMETER_SHIFT };

static int32_t parameter_of(const struct assay_lowered_channel *channel, enum parameter which) {
  if (which == PARAMETER_ACC_INIT) return channel->acc_init;
  return which == PARAMETER_MULTIPLIER ? channel->affine.multiplier : channel->affine.shift;
}

static bool write_parameter(const struct writer *w, const char *name, const char *meaning,
                            enum parameter which) {
  const int32_t out_c = shape_of(w)->out_c;
  int32_t *values = malloc((size_t)out_c * sizeof *values);
  struct item item = {.name = name,
                      .meaning = meaning,
                      .axes = "oc",
                      .lanes = 1,
                      .tensor = {ASSAY_INT32, 1, {out_c}, values},
                      .layout = "address = oc"};
  for (int32_t oc = 0; oc < out_c && values != NULL; ++oc) {
    values[oc] = parameter_of(&w->layer->lowered->channels[oc], which);
  }
  return write_owned(w, &item);
}

static bool write_addend(const struct writer *w) {
  const int32_t out_c = shape_of(w)->out_c;
  int64_t *values = malloc((size_t)out_c * sizeof *values);
  struct item item = {.name = "addend",
                      .meaning = "B of y = clamp((acc*M + B) >> S)",
                      .axes = "oc",
                      .lanes = 1,
                      .tensor = {ASSAY_INT64, 1, {out_c}, values},
                      .layout = "address = oc"};
  for (int32_t oc = 0; oc < out_c && values != NULL; ++oc) {
    values[oc] = w->layer->lowered->channels[oc].affine.addend;
  }
  return write_owned(w, &item);
}

static bool write_late(const struct writer *w) {
  enum { kCount = 4 };
  const int32_t out_c = shape_of(w)->out_c;
  uint64_t *values = malloc((size_t)out_c * kCount * sizeof *values);
  struct item item = {.name = "late",
                      .meaning =
                          "bit b of word j: y is one less where (acc*M + B) >> S comes to "
                          "the level of byte 64*j + b (within the clamp)",
                      .axes = "oc, j",
                      .lanes = 1,
                      .tensor = {ASSAY_UINT64, 2, {out_c, kCount}, values},
                      .layout = "address = oc*4 + j"};
  for (int32_t oc = 0; oc < out_c && values != NULL; ++oc) {
    memcpy(values + (size_t)oc * kCount, w->layer->lowered->channels[oc].late.bits,
           kCount * sizeof *values);
  }
  return write_owned(w, &item);
}

static bool write_thresholds(const struct writer *w) {
  enum { kCount = 255 };
  const int32_t out_c = shape_of(w)->out_c;
  int32_t *values = malloc((size_t)out_c * kCount * sizeof *values);
  struct item item = {.name = "threshold",
                      .meaning = "y = q_low + number of k with threshold[oc][k] <= acc",
                      .axes = "oc, k",
                      .lanes = 1,
                      .tensor = {ASSAY_INT32, 2, {out_c, kCount}, values},
                      .layout = "address = oc*255 + k"};
  for (int32_t oc = 0; oc < out_c && values != NULL; ++oc) {
    memcpy(values + (size_t)oc * kCount, w->layer->lowered->channels[oc].threshold->t,
           kCount * sizeof *values);
  }
  return write_owned(w, &item);
}

static bool write_parameters(const struct writer *w) {
  if (!write_parameter(w, "acc_init", "start of the sum, -(x_zp - q_low) * sum of the weights",
                       PARAMETER_ACC_INIT)) {
    return false;
  }
  if (w->layer->lowered->kind == ASSAY_REQUANT_THRESHOLD) return write_thresholds(w);
  return write_parameter(w, "multiplier", "M of y = clamp((acc*M + B) >> S)",
                         PARAMETER_MULTIPLIER) &&
         write_addend(w) &&
         write_parameter(w, "shift", "S of y = clamp((acc*M + B) >> S)", PARAMETER_SHIFT) &&
         (w->layer->lowered->kind == ASSAY_REQUANT_AFFINE || write_late(w));
}

// Streams of the engine //

/* A stream of words of `channels` bytes, `words` for each of `images` images. */
static struct item stream_item(const struct writer *w, const char *name, const char *meaning,
                               int64_t images, size_t words) {
  const size_t lanes = (size_t)w->vector_case->engine->channels;
  return (struct item){.name = name,
                       .meaning = meaning,
                       .axes = "word, lane",
                       .lanes = lanes,
                       .tensor = {ASSAY_UINT8,
                                  2,
                                  {images * (int64_t)words, (int64_t)lanes},
                                  calloc((size_t)images * words, lanes)}};
}

static bool write_activation_stream(const struct writer *w) {
  const struct assay_plan *plan = w->layer->plan;
  const struct assay_conv_shape *s = shape_of(w);
  const size_t image = (size_t)s->in_y * (size_t)s->in_x * (size_t)s->in_c;
  struct item item =
      stream_item(w, "stream_act", "activation stream", w->vector_case->n, plan->activation_words);
  const size_t bytes = plan->activation_words * item.lanes;
  for (int32_t n = 0; n < w->vector_case->n && item.tensor.data != NULL; ++n) {
    assay_stream_activations(plan, w->layer->x + (size_t)n * image,
                             (uint8_t *)item.tensor.data + (size_t)n * bytes);
  }
  snprintf(item.layout, sizeof item.layout,
           "address = ((n*%d + y)*%d + block)*%d + x; lane i is channel %zu*block + i", s->in_y,
           plan->in_blocks, s->in_x, item.lanes);
  return write_owned(w, &item);
}

static bool write_weight_stream(const struct writer *w) {
  struct item item =
      stream_item(w, "stream_wgt", "weight stream of one image", 1, w->layer->plan->weight_words);
  if (item.tensor.data != NULL) {
    assay_stream_weights(w->layer->plan, w->layer->layer->conv.weight, item.tensor.data);
  }
  snprintf(item.layout, sizeof item.layout, "order of use, repeats included (rtl/README.md)");
  return write_owned(w, &item);
}

static bool write_param_stream(const struct writer *w) {
  const size_t words = w->layer->plan->param_words;
  struct item item = {.name = "stream_par",
                      .meaning = "parameter stream of one image",
                      .axes = "word",
                      .lanes = 1,
                      .tensor = {ASSAY_UINT64, 1, {(int64_t)words}, calloc(words, 8)},
                      .layout =
                          "records in the order of channels, repeats included "
                          "(rtl/README.md)"};
  if (item.tensor.data != NULL) {
    assay_stream_params(w->layer->plan, w->layer->lowered, item.tensor.data);
  }
  return write_owned(w, &item);
}

/* Address of an output word; groups of rows, and inside a group block by block. */
static void output_layout(const struct writer *w, char layout[256]) {
  const struct assay_plan *plan = w->layer->plan;
  snprintf(layout, 256,
           "address = n*%zu + (g*%d*%d + block*min(%d, %d - g*%d) + y - g*%d)*%d + x with "
           "g = floor(y/%d); lane i is channel %d*block + i",
           plan->output_words, plan->rows_per_group, plan->out_blocks, plan->rows_per_group,
           assay_conv_out_y(shape_of(w)), plan->rows_per_group, plan->rows_per_group,
           assay_conv_out_x(shape_of(w)), plan->rows_per_group, plan->engine.channels);
}

static bool write_output_stream(const struct writer *w) {
  const struct assay_plan *plan = w->layer->plan;
  const struct assay_conv_shape *s = shape_of(w);
  const size_t image = (size_t)assay_conv_out_y(s) * (size_t)assay_conv_out_x(s) * (size_t)s->out_c;
  struct item item =
      stream_item(w, "stream_out", "expected output stream", w->vector_case->n, plan->output_words);
  for (int32_t n = 0; n < w->vector_case->n && item.tensor.data != NULL; ++n) {
    assay_stream_outputs(plan, w->layer->y + (size_t)n * image,
                         (uint8_t *)item.tensor.data + (size_t)n * plan->output_words * item.lanes);
  }
  output_layout(w, item.layout);
  return write_owned(w, &item);
}

/* Accumulators in the order of the output stream; lanes beyond the last channel are 0. */
static void fill_tap(const struct writer *w, size_t lanes, int32_t *values) {
  const struct assay_plan *plan = w->layer->plan;
  const struct assay_conv_shape *s = shape_of(w);
  const size_t out_y = (size_t)assay_conv_out_y(s);
  const size_t out_x = (size_t)assay_conv_out_x(s);
  const size_t out_c = (size_t)s->out_c;
  for (size_t n = 0; n < (size_t)w->vector_case->n; ++n) {
    for (size_t word = 0; word < plan->output_words; ++word, values += lanes) {
      const struct assay_place place = assay_output_place(plan, word);
      const size_t first = (size_t)place.block * lanes;
      const size_t count = out_c - first < lanes ? out_c - first : lanes;
      const size_t pixel = (n * out_y + (size_t)place.y) * out_x + (size_t)place.x;
      memcpy(values, w->layer->acc + pixel * out_c + first, count * sizeof *values);
    }
  }
}

static bool write_tap(const struct writer *w) {
  struct item item =
      stream_item(w, "stream_acc", "expected accumulators in the order of the output stream",
                  w->vector_case->n, w->layer->plan->output_words);
  free(item.tensor.data);
  item.tensor.element = ASSAY_INT32;
  item.tensor.data = calloc(assay_tensor_count(&item.tensor), sizeof(int32_t));
  if (item.tensor.data != NULL) fill_tap(w, item.lanes, item.tensor.data);
  output_layout(w, item.layout);
  return write_owned(w, &item);
}

static bool write_places(const struct writer *w) {
  enum { kFields = 4 };
  const struct assay_plan *plan = w->layer->plan;
  const size_t words = plan->output_words;
  int32_t *values = malloc((size_t)w->vector_case->n * words * kFields * sizeof *values);
  struct item item = {
      .name = "places",
      .meaning = "place of every output word: x, y, block, n",
      .axes = "word, field",
      .lanes = kFields,
      .tensor = {ASSAY_INT32, 2, {w->vector_case->n * (int64_t)words, kFields}, values},
      .layout = "address of the output stream; element 0 x, 1 y, 2 block, 3 n"};
  for (int32_t n = 0; n < w->vector_case->n && values != NULL; ++n) {
    for (size_t word = 0; word < words; ++word) {
      const struct assay_place place = assay_output_place(plan, word);
      int32_t *entry = values + ((size_t)n * words + word) * kFields;
      entry[0] = place.x;
      entry[1] = place.y;
      entry[2] = place.block;
      entry[3] = n;
    }
  }
  return write_owned(w, &item);
}

static bool write_registers(const struct writer *w) {
  const struct assay_plan *plan = w->layer->plan;
  uint64_t *values = malloc((plan->write_count + 1) * sizeof *values);
  struct item item = {.name = "registers",
                      .meaning = "writes to the control port, in order: start is the last",
                      .axes = "write",
                      .lanes = 1,
                      .tensor = {ASSAY_UINT64, 1, {(int64_t)plan->write_count}, values},
                      .layout =
                          "address = number of the write; bits 63..32 byte address, 31..0 "
                          "value"};
  for (size_t i = 0; i < plan->write_count && values != NULL; ++i) {
    values[i] = (uint64_t)plan->writes[i].address << 32 | plan->writes[i].value;
  }
  return write_owned(w, &item);
}

static bool write_streams(const struct writer *w) {
  return write_activation_stream(w) && write_weight_stream(w) && write_param_stream(w) &&
         write_output_stream(w) && write_tap(w) && write_places(w) && write_registers(w);
}

// Sizes for the test bench //

static void print_size(struct assay_buffer *text, const char *name, size_t value,
                       const char *meaning) {
  assay_buffer_print(text, "localparam int %s = %zu;  // %s\n", name, value, meaning);
}

static bool write_sizes(const struct writer *w) {
  const struct assay_plan *plan = w->layer->plan;
  const struct assay_engine_config *e = w->vector_case->engine;
  struct assay_buffer t = {0};
  assay_buffer_print(&t, "// Sizes of one layer's vectors, for rtl/tb/assay_vectors_tb.sv.\n");
  print_size(&t, "Pixels", (size_t)e->pixels, "lanes along pixels");
  print_size(&t, "Channels", (size_t)e->channels, "lanes along channels");
  print_size(&t, "BankDepth", (size_t)e->bank_depth, "words of an activation bank");
  print_size(&t, "WeightDepth", (size_t)e->weight_depth, "words of the weight memory");
  print_size(&t, "ParamBlocks", (size_t)e->param_blocks, "blocks of affine parameters");
  print_size(&t, "ThresholdBlocks", (size_t)e->threshold_blocks, "blocks of threshold lists");
  print_size(&t, "MaxKernel", (size_t)e->max_kernel, "greatest kernel size");
  print_size(&t, "MultiplierBits", (size_t)e->multiplier_bits, "affine multiplier");
  print_size(&t, "AddendBits", (size_t)e->addend_bits, "affine addend");
  print_size(&t, "AccBits", (size_t)e->acc_bits, "accumulators");
  print_size(&t, "SizeBits", (size_t)e->size_bits, "sizes and numbers of a description");
  print_size(&t, "StepBits", (size_t)e->step_bits, "its kernels, strides, dilations, paddings");
  print_size(&t, "RequantLanes", (size_t)e->requant_lanes, "lanes of the requantizer");
  print_size(&t, "PackedMultipliers", e->packed_multipliers, "1: two products a multiplier");
  print_size(&t, "TreeMultipliers", e->tree_multipliers, "1: multipliers of LUTs");
  print_size(&t, "WithAffine", e->affine, "1: built");
  print_size(&t, "WithCorrected", e->corrected, "1: built");
  print_size(&t, "WithThreshold", e->threshold, "1: built");
  print_size(&t, "WithInt4", e->int4_weights, "1: built");
  print_size(&t, "Images", (size_t)w->vector_case->n, "images");
  print_size(&t, "OutC", (size_t)shape_of(w)->out_c, "output channels");
  print_size(&t, "RegisterWrites", plan->write_count, "words of registers.mem");
  print_size(&t, "ActWords", plan->activation_words, "words of stream_act.mem, one image");
  print_size(&t, "WgtWords", plan->weight_words, "words of stream_wgt.mem");
  print_size(&t, "ParWords", plan->param_words, "words of stream_par.mem");
  print_size(&t, "OutWords", plan->output_words, "words of stream_out.mem, one image");
  char hash[ASSAY_SHA256_TEXT];
  const bool ok = t.failed ? assay_error_memory(w->error)
                           : write_hashed(w, "sizes", ".svh", t.text, t.length, hash);
  if (ok) {
    assay_buffer_print(w->manifest, ",\n        {\"name\": \"sizes.svh\", \"sha256\": \"%s\"}",
                       hash);
  }
  assay_buffer_free(&t);
  return ok;
}

// Layers and the manifest //

static bool make_folder(const char *path, struct assay_error *error) {
  if (mkdir(path, 0777) == 0 || errno == EEXIST) return true;
  return assay_error_set(error, ASSAY_EXIT_RESOURCE, "%s: cannot be made (%s)", path,
                         strerror(errno));
}

static void print_shape(struct assay_buffer *m, const struct assay_conv_shape *s) {
  assay_buffer_print(m,
                     "      \"in\": {\"y\": %d, \"x\": %d, \"c\": %d}, \"out\": {\"y\": %d, \"x\": "
                     "%d, \"c\": %d},\n",
                     s->in_y, s->in_x, s->in_c, assay_conv_out_y(s), assay_conv_out_x(s), s->out_c);
  assay_buffer_print(m,
                     "      \"kernel\": [%d, %d], \"stride\": [%d, %d], \"dilation\": [%d, %d], "
                     "\"padding\": [%d, %d, %d, %d], \"groups\": %d,\n",
                     s->kernel_y, s->kernel_x, s->stride_y, s->stride_x, s->dilation_y,
                     s->dilation_x, s->pad_top, s->pad_bottom, s->pad_left, s->pad_right,
                     s->groups);
}

static void print_quant(struct assay_buffer *m, const char *name, const struct assay_quant *q) {
  assay_buffer_print(m,
                     "      \"%s\": {\"scale\": %.17g, \"zero_point\": %d, \"dtype\": \"%s\"},\n",
                     name, q->scale, q->zero_point, q->dtype == ASSAY_QINT8 ? "qint8" : "quint8");
}

static void print_layer(struct assay_buffer *m, const struct assay_vector_layer *layer,
                        const struct assay_buffer *files) {
  static const char *const modes[] = {"reduce", "spread", "depthwise"};
  const struct assay_conv *conv = &layer->layer->conv;
  assay_buffer_print(m, "    {\"name\": \"%s\", \"relu\": %s,\n", layer->layer->name,
                     conv->relu ? "true" : "false");
  if (layer->part_of != NULL) {
    const struct assay_part *part = &layer->part;
    assay_buffer_print(
        m,
        "      \"part\": {\"of\": \"%s\", \"out\": {\"y\": %d, \"x\": %d, \"c\": %d}, "
        "\"in\": {\"y\": %d, \"x\": %d, \"c\": %d}},\n",
        layer->part_of, part->y, part->x, part->oc, part->in_y, part->in_x, part->in_c);
  }
  print_shape(m, &conv->shape);
  print_quant(m, "x", &conv->x);
  print_quant(m, "y", &conv->y);
  assay_buffer_print(m, "      \"requantizer\": \"%s\", \"out_min\": %d, \"out_max\": %d,\n",
                     assay_requant_name(layer->lowered->kind), layer->lowered->out_min,
                     layer->lowered->out_max);
  assay_buffer_print(m,
                     "      \"mode\": \"%s\", \"rows_per_group\": %d, \"cycles\": %" PRIu64 ",\n",
                     modes[layer->plan->mode], layer->plan->rows_per_group, layer->plan->cycles);
  assay_buffer_print(m, "      \"files\": [%s\n      ]}", files->text == NULL ? "" : files->text);
}

static bool write_layer(const struct assay_vector_case *c, size_t index, const char *folder,
                        struct assay_buffer *manifest, struct assay_error *error) {
  struct assay_buffer files = {0};
  struct writer w = {c, &c->layers[index],
                     assay_path_join(folder, c->layers[index].layer->name, error), &files, error};
  const bool ok = w.folder != NULL && make_folder(w.folder, error) && write_tensors(&w) &&
                  write_parameters(&w) && write_streams(&w) && write_sizes(&w);
  if (ok) {
    assay_buffer_print(manifest, index == 0 ? "\n" : ",\n");
    print_layer(manifest, w.layer, &files);
    if (files.failed) manifest->failed = true;
  }
  free(w.folder);
  assay_buffer_free(&files);
  return ok;
}

static void print_case(struct assay_buffer *m, const struct assay_vector_case *c) {
  assay_buffer_print(
      m, "{\n  \"format\": 1,\n  \"network\": \"%s\",\n  \"provenance\": ", c->network->name);
  assay_buffer_json_string(m, c->network->provenance);
  assay_buffer_print(m, ",\n  \"contract\": \"%s\",\n  \"engine\": \"%s\",\n", c->contract,
                     c->engine->name);
  assay_buffer_print(m, "  \"image\": ");
  assay_buffer_json_string(m, c->image);
  assay_buffer_print(m, ",\n  \"seed\": %" PRIu64 ",\n  \"n\": %d,\n  \"layers\": [", c->seed,
                     c->n);
}

static bool write_manifest(const char *folder, const struct assay_buffer *manifest,
                           struct assay_error *error) {
  if (manifest->failed) return assay_error_memory(error);
  char *path = assay_path_join(folder, "manifest.json", error);
  const bool ok = path != NULL && assay_file_write(path, manifest->text, manifest->length, error);
  free(path);
  return ok;
}

static bool write_firmware(const char *folder, const struct assay_vector_case *vector_case,
                           struct assay_buffer *manifest, struct assay_error *error) {
  struct assay_buffer text = {0};
  char hash[ASSAY_SHA256_TEXT];
  char *path = assay_path_join(folder, "firmware.h", error);
  assay_firmware_print(&text, vector_case);
  const bool ok = path != NULL && (!text.failed || assay_error_memory(error)) &&
                  assay_sha256(text.text, text.length, hash, error) &&
                  assay_file_write(path, text.text, text.length, error);
  if (ok)
    assay_buffer_print(manifest,
                       ",\n  \"firmware\": {\"name\": \"firmware.h\", \"sha256\": \"%s\"}", hash);
  free(path);
  assay_buffer_free(&text);
  return ok;
}

bool assay_vectors_write(const char *folder, const struct assay_vector_case *vector_case,
                         struct assay_error *error) {
  struct assay_buffer manifest = {0};
  print_case(&manifest, vector_case);
  bool ok = true;
  for (size_t i = 0; i < vector_case->layer_count && ok; ++i) {
    ok = write_layer(vector_case, i, folder, &manifest, error);
  }
  assay_buffer_print(&manifest, "\n  ]");
  ok = ok && write_firmware(folder, vector_case, &manifest, error);
  assay_buffer_print(&manifest, "\n}\n");
  ok = ok && write_manifest(folder, &manifest, error);
  assay_buffer_free(&manifest);
  return ok;
}
