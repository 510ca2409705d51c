/* Runs a recorded image through the golden model and compares every step: quantize and contract
 * against what PyTorch recorded, the engine model against the plain convolution, the lowered
 * parameters against the contract. The broken variants of golden/ must fail here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/engine.h"
#include "golden/contract.h"
#include "golden/engine.h"
#include "golden/lower.h"
#include "golden/quantize.h"
#include "golden/reference.h"
#include "golden/run.h"
#include "vectors/bundle.h"
#include "vectors/npy.h"

/* Everything that one run of this program holds. */
struct line {
  const char *recorded;  // folder with the recorded tensors
  struct assay_bundle bundle;
  struct assay_engine_config engine;
  const struct assay_contract *contract;
  int failures;
};

static void *take(size_t bytes) {
  void *memory = aligned_alloc(16, (bytes + 15) / 16 * 16);
  if (!memory) {
    fputs("out of memory\n", stderr);
    exit(3);
  }
  memset(memory, 0, bytes);
  return memory;
}

static void stop(const struct assay_error *error) {
  fprintf(stderr, "%s\n", error->text);
  exit((int)error->exit_code);
}

static struct assay_tensor recorded(const struct line *line, const char *name) {
  char path[1024];
  struct assay_tensor tensor = {0};
  struct assay_error error = {0};
  snprintf(path, sizeof path, "%s/%s.npy", line->recorded, name);
  if (!assay_npy_read(path, &tensor, &error)) stop(&error);
  return tensor;
}

/* Two tensors [y][x][c] of int32; the first difference is printed with its place. */
static void compare(struct line *line, const char *layer, const char *what,
                    const struct assay_conv_shape *shape, const int32_t *expected,
                    const int32_t *found) {
  const int32_t width = assay_conv_out_x(shape), channels = shape->out_c;
  const int64_t count = (int64_t)assay_conv_out_y(shape) * width * channels;
  int64_t wrong = 0, first = -1;
  for (int64_t i = 0; i < count; i++) {
    if (expected[i] == found[i]) continue;
    if (first < 0) first = i;
    wrong++;
  }
  printf("%-7s %-34s %8lld compared %8lld differ\n", layer, what, (long long)count,
         (long long)wrong);
  if (wrong == 0) return;
  printf("MISMATCH %s: %s: (n=0, y=%lld, x=%lld, c=%lld): expected %d, found %d\n", layer, what,
         (long long)(first / channels / width), (long long)(first / channels % width),
         (long long)(first % channels), expected[first], found[first]);
  line->failures++;
}

static int32_t *widened(const uint8_t *bytes, size_t count) {
  int32_t *values = take(count * sizeof *values);
  for (size_t i = 0; i < count; i++) values[i] = bytes[i];
  return values;
}

static void compare_bytes(struct line *line, const char *layer, const char *what,
                          const struct assay_conv_shape *shape, const uint8_t *expected,
                          const uint8_t *found) {
  const size_t count =
      (size_t)assay_conv_out_y(shape) * (size_t)assay_conv_out_x(shape) * (size_t)shape->out_c;
  int32_t *wide_expected = widened(expected, count), *wide_found = widened(found, count);
  compare(line, layer, what, shape, wide_expected, wide_found);
  free(wide_expected);
  free(wide_found);
}

/* The engine model on its own streams, compared with the plain convolution and the contract. */
static void check_engine(struct line *line, const struct assay_layer *layer, const uint8_t *x,
                         const int32_t *acc, const uint8_t *y) {
  const struct assay_conv *conv = &layer->conv;
  const size_t out_c = (size_t)conv->shape.out_c;
  struct assay_lowered_channel *channels = take(out_c * sizeof *channels);
  struct assay_threshold_list *lists = take(out_c * sizeof *lists);
  struct assay_lower_result *results = take(out_c * sizeof *results);
  struct assay_lowered lowered;
  const struct assay_lower_options options = assay_lower_defaults();
  struct assay_plan *plan = take(sizeof *plan);
  char reason[256] = "cannot be lowered";
  enum assay_status status =
      assay_lower_layer(conv, line->contract, &options, channels, lists, results, &lowered);
  if (status == ASSAY_OK) status = assay_plan_layer(&line->engine, conv, &lowered, plan, reason);
  if (status != ASSAY_OK) {
    printf("MISMATCH %s: (plan): %s: %s\n", layer->name, assay_status_text(status), reason);
    line->failures++;
    return;
  }
  uint8_t *activations = take(plan->activation_words * (size_t)line->engine.channels);
  uint8_t *weights = take(plan->weight_words * (size_t)line->engine.channels);
  uint64_t *params = take(plan->param_words * sizeof *params);
  assay_stream_activations(plan, x, activations);
  assay_stream_weights(plan, conv->weight, weights);
  assay_stream_params(plan, &lowered, params);
  const size_t count =
      (size_t)assay_conv_out_y(&conv->shape) * (size_t)assay_conv_out_x(&conv->shape) * out_c;
  int32_t *engine_acc = take(count * sizeof *engine_acc);
  uint8_t *engine_y = take(count);
  void *scratch = take(assay_engine_scratch(plan));
  status = assay_engine_run(plan, activations, weights, params, scratch, engine_acc, engine_y);
  if (status != ASSAY_OK) {
    printf("MISMATCH %s: (engine): %s\n", layer->name, assay_status_text(status));
    line->failures++;
  }
  compare(line, layer->name, "engine accumulators vs reference", &conv->shape, acc, engine_acc);
  compare_bytes(line, layer->name, "engine outputs vs contract", &conv->shape, y, engine_y);
  void *owned[] = {channels, lists,  results,    plan,     activations,
                   weights,  params, engine_acc, engine_y, scratch};
  for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
}

/* One convolution on the input that PyTorch recorded, so that an error does not travel. */
static void check_conv(struct line *line, const struct assay_layer *layer, const uint8_t *x) {
  const struct assay_conv *conv = &layer->conv;
  const size_t count = (size_t)assay_conv_out_y(&conv->shape) *
                       (size_t)assay_conv_out_x(&conv->shape) * (size_t)conv->shape.out_c;
  int32_t *acc = take(count * sizeof *acc);
  uint8_t *y = take(count);
  struct assay_tensor expected = recorded(line, layer->name);
  if (assay_reference_conv(conv, x, acc) != ASSAY_OK ||
      assay_requantize_layer(conv, line->contract, acc, y) != ASSAY_OK) {
    printf("MISMATCH %s: (reference): refused\n", layer->name);
    line->failures++;
  }
  compare_bytes(line, layer->name, "contract vs PyTorch", &conv->shape, expected.data, y);
  check_engine(line, layer, x, acc, expected.data);
  assay_tensor_free(&expected);
  free(acc);
  free(y);
}

static void check_quantize(struct line *line, const struct assay_layer *layer,
                           const struct assay_conv_shape *first, const struct assay_tensor *image) {
  struct assay_tensor expected = recorded(line, layer->name);
  const size_t count = assay_tensor_count(image);
  uint8_t *q = take(count);
  assay_quantize_array(assay_quantize_find(line->bundle.network.quantize), &layer->quant,
                       image->data, q, count);
  const struct assay_conv_shape pixels = {first->in_y, first->in_x, 1, 1, 1, 1, 1, 1,
                                          1,           1,           0, 0, 0, 0, 1};
  compare_bytes(line, layer->name, "quantize vs PyTorch", &pixels, expected.data, q);
  assay_tensor_free(&expected);
  free(q);
}

static void check_network(struct line *line, const struct assay_tensor *image) {
  const struct assay_network *network = &line->bundle.network;
  const char *previous = NULL;
  for (size_t i = 0; i < network->layer_count; i++) {
    const struct assay_layer *layer = &network->layers[i];
    if (layer->kind == ASSAY_LAYER_QUANTIZE) {
      check_quantize(line, layer, &network->layers[i + 1].conv.shape, image);
    } else if (layer->kind == ASSAY_LAYER_CONV) {
      struct assay_tensor x = recorded(line, previous);
      check_conv(line, layer, x.data);
      assay_tensor_free(&x);
    }
    previous = layer->name;
  }
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fputs("usage: golden_line BUNDLE ENGINE.yaml CONTRACT RECORDED\n", stderr);
    return 2;
  }
  struct line line = {.recorded = argv[4], .contract = assay_contract_find(argv[3])};
  struct assay_error error = {0};
  struct assay_tensor image = recorded(&line, "image");
  if (!assay_bundle_read(argv[1], (int32_t)image.shape[0], (int32_t)image.shape[1], &line.bundle,
                         &error) ||
      !assay_engine_read(argv[2], &line.engine, &error)) {
    stop(&error);
  }
  check_network(&line, &image);
  assay_tensor_free(&image);
  assay_bundle_free(&line.bundle);
  puts(line.failures == 0 ? "PASS" : "FAIL");
  return line.failures == 0 ? 0 : 1;
}
