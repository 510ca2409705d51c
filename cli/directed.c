/* Directed inputs for every layer: both sides of every threshold of every channel. No twin. */
#include "cli/directed.h"

#include <stdlib.h>
#include <string.h>

#include "golden/reference.h"
#include "golden/run.h"

enum { kSide = 64 };  // rows and columns of an image, or more where a kernel needs it

static bool solve_layer(const struct assay_layer_lowering *lowering, struct assay_layer *layer,
                        struct assay_directed_images *images, struct assay_error *error) {
  *layer = *lowering->layer;
  if (!assay_directed_images_make(&layer->conv, lowering->lists, lowering->results, kSide, images,
                                  error)) {
    return false;
  }
  layer->conv = images->conv;
  return true;
}

static bool solve_layers(const struct assay_lowering *lowering, struct assay_directed *directed,
                         struct assay_error *error) {
  directed->layers = calloc(lowering->layer_count, sizeof *directed->layers);
  directed->images = calloc(lowering->layer_count, sizeof *directed->images);
  if (directed->layers == NULL || directed->images == NULL) return assay_error_memory(error);
  while (directed->layer_count < lowering->layer_count) {
    const size_t i = directed->layer_count++;
    if (!solve_layer(&lowering->layers[i], &directed->layers[i], &directed->images[i], error)) {
      return false;
    }
  }
  return true;
}

// Images and expected values //

static int32_t most_images(const struct assay_directed *directed) {
  int32_t most = 1;
  for (size_t i = 0; i < directed->layer_count; ++i) {
    if (directed->images[i].n > most) most = directed->images[i].n;
  }
  return most;
}

/** The layer's images; those beyond its last one hold the zero point. */
static void copy_images(const struct assay_directed_images *images, int32_t n,
                        struct assay_layer_values *values) {
  const size_t own = (size_t)images->n * values->x_size;
  memset(values->x, (uint8_t)images->conv.x.zero_point, (size_t)n * values->x_size);
  if (own > 0) memcpy(values->x, images->x, own);
}

static enum assay_status compute_layer(const struct assay_lowered *lowered, int32_t images,
                                       struct assay_layer_values *values) {
  enum assay_status status = ASSAY_OK;
  for (size_t n = 0; n < (size_t)images && status == ASSAY_OK; ++n) {
    int32_t *acc = values->acc + n * values->y_size;
    status = assay_reference_conv(&values->layer->conv, values->x + n * values->x_size, acc);
    if (status != ASSAY_OK) break;
    status = assay_requantize_lowered(&values->layer->conv, lowered, acc,
                                      values->y + n * values->y_size);
  }
  return status;
}

static bool fill_values(const struct assay_lowering *lowering, struct assay_directed *directed,
                        struct assay_error *error) {
  struct assay_values *values = &directed->values;
  values->n = most_images(directed);
  values->layers = calloc(directed->layer_count, sizeof *values->layers);
  if (values->layers == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < directed->layer_count; ++i) {
    struct assay_layer_values *layer = &values->layers[values->layer_count++];
    if (!assay_layer_values_allocate(&directed->layers[i], values->n, layer)) {
      return assay_error_memory(error);
    }
    copy_images(&directed->images[i], values->n, layer);
    const enum assay_status status = compute_layer(&lowering->lowered[i], values->n, layer);
    if (status != ASSAY_OK) {
      return assay_error_set(error, ASSAY_EXIT_RESOURCE, "directed inputs of layer %s: %s",
                             directed->layers[i].name, assay_status_text(status));
    }
  }
  return true;
}

bool assay_directed_make(const struct assay_lowering *lowering, struct assay_directed *directed,
                         struct assay_error *error) {
  *directed = (struct assay_directed){0};
  if (solve_layers(lowering, directed, error) && fill_values(lowering, directed, error)) {
    return true;
  }
  assay_directed_free(directed);
  return false;
}

void assay_directed_free(struct assay_directed *directed) {
  assay_values_free(&directed->values);
  for (size_t i = 0; i < directed->layer_count; ++i) {
    assay_directed_images_free(&directed->images[i]);
  }
  free(directed->images);
  free(directed->layers);
  *directed = (struct assay_directed){0};
}

// Counts //

void assay_directed_count(const struct assay_directed *directed, int64_t counts[3]) {
  memset(counts, 0, 3 * sizeof *counts);
  for (size_t i = 0; i < directed->layer_count; ++i) {
    for (int answer = 0; answer < 3; ++answer) {
      counts[answer] += (int64_t)directed->images[i].answers[answer];
    }
  }
}

int64_t assay_directed_hits(const struct assay_directed *directed,
                            const struct assay_values *values) {
  int64_t hits = 0;
  for (size_t i = 0; i < directed->layer_count; ++i) {
    const struct assay_layer_values *layer = &values->layers[i];
    hits += (int64_t)assay_directed_images_hits(&directed->images[i], layer->acc, layer->y);
  }
  return hits;
}
