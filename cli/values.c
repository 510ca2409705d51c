/* All integers of a network's run on the golden model, kept for later stages. No twin. */
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

#include "golden/run.h"

/** Where the observer is: image n, next convolution. */
struct recorder {
  struct assay_values *values;
  int32_t n;
  size_t next;
};

static void record(void *user, const struct assay_layer *layer, const uint8_t *x,
                   const int32_t *acc, const uint8_t *y) {
  struct recorder *recorder = user;
  struct assay_layer_values *values = &recorder->values->layers[recorder->next++];
  const size_t n = (size_t)recorder->n;
  values->layer = layer;
  memcpy(values->x + n * values->x_size, x, values->x_size);
  memcpy(values->acc + n * values->y_size, acc, values->y_size * sizeof *acc);
  memcpy(values->y + n * values->y_size, y, values->y_size);
}

static size_t product(int32_t a, int32_t b, int32_t c) { return (size_t)a * (size_t)b * (size_t)c; }

bool assay_layer_values_allocate(const struct assay_layer *layer, int32_t n,
                                 struct assay_layer_values *values) {
  const size_t images = (size_t)n;
  const struct assay_conv_shape *shape = &layer->conv.shape;
  values->layer = layer;
  values->x_size = product(shape->in_y, shape->in_x, shape->in_c);
  values->y_size = product(assay_conv_out_y(shape), assay_conv_out_x(shape), shape->out_c);
  values->x = malloc(images * values->x_size);
  values->acc = malloc(images * values->y_size * sizeof *values->acc);
  values->y = malloc(images * values->y_size);
  return values->x != NULL && values->acc != NULL && values->y != NULL;
}

static bool allocate(const struct assay_network *network, int32_t n, size_t output_size,
                     struct assay_values *values) {
  *values = (struct assay_values){.n = n, .output_size = output_size};
  values->layers = calloc(network->layer_count, sizeof *values->layers);
  values->output = malloc((size_t)n * output_size * sizeof *values->output);
  if (values->layers == NULL || values->output == NULL) return false;
  for (size_t i = 0; i < network->layer_count; ++i) {
    if (network->layers[i].kind != ASSAY_LAYER_CONV) continue;
    if (!assay_layer_values_allocate(&network->layers[i], n,
                                     &values->layers[values->layer_count++])) {
      return false;
    }
  }
  return true;
}

/** Memory for one image while it runs. */
struct scratch {
  float *image;
  struct assay_run_buffers buffers;
};

static bool allocate_scratch(const struct assay_run_sizes *sizes, struct scratch *scratch) {
  scratch->image = malloc(sizes->input * sizeof *scratch->image);
  scratch->buffers.tensor[0] = malloc(sizes->tensor);
  scratch->buffers.tensor[1] = malloc(sizes->tensor);
  scratch->buffers.acc = malloc(sizes->acc * sizeof *scratch->buffers.acc);
  return scratch->image != NULL && scratch->buffers.tensor[0] != NULL &&
         scratch->buffers.tensor[1] != NULL && scratch->buffers.acc != NULL;
}

static void free_scratch(struct scratch *scratch) {
  free(scratch->image);
  free(scratch->buffers.tensor[0]);
  free(scratch->buffers.tensor[1]);
  free(scratch->buffers.acc);
}

static enum assay_status run_images(const struct assay_source *source,
                                    const struct assay_lowered *lowered, struct scratch *scratch,
                                    struct assay_values *values) {
  enum assay_status status = ASSAY_OK;
  for (int32_t n = 0; n < values->n && status == ASSAY_OK; ++n) {
    struct recorder recorder = {values, n, 0};
    const struct assay_run_options options = {
        .contract = source->contract, .lowered = lowered, .observe = record, .user = &recorder};
    assay_images_nhwc(&source->images, n, scratch->image);
    status = assay_run_network(&source->bundle.network, &options, scratch->image, &scratch->buffers,
                               values->output + (size_t)n * values->output_size);
  }
  return status;
}

static bool status_error(enum assay_status status, const struct assay_source *source,
                         struct assay_error *error) {
  return status == ASSAY_OK ||
         assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "%s: contract %s: %s", source->folder,
                         source->contract->name, assay_status_text(status));
}

bool assay_values_compute(const struct assay_source *source, const struct assay_lowered *lowered,
                          struct assay_values *values, struct assay_error *error) {
  struct assay_run_sizes sizes;
  struct scratch scratch = {0};
  *values = (struct assay_values){0};
  if (!status_error(assay_run_sizes_of(&source->bundle.network, &sizes), source, error)) {
    return false;
  }
  const bool allocated =
      allocate(&source->bundle.network, source->images.n, sizes.output, values) &&
      allocate_scratch(&sizes, &scratch);
  const bool ok = allocated
                      ? status_error(run_images(source, lowered, &scratch, values), source, error)
                      : assay_error_memory(error);
  free_scratch(&scratch);
  if (!ok) assay_values_free(values);
  return ok;
}

void assay_layer_values_free(struct assay_layer_values *values) {
  free(values->x);
  free(values->acc);
  free(values->y);
  *values = (struct assay_layer_values){0};
}

void assay_values_free(struct assay_values *values) {
  for (size_t i = 0; i < values->layer_count; ++i) assay_layer_values_free(&values->layers[i]);
  free(values->layers);
  free(values->output);
  *values = (struct assay_values){0};
}
