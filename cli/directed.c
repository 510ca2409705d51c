/* Directed inputs for every layer: both sides of every threshold of every channel. No twin. */
#include "cli/directed.h"

#include <stdlib.h>
#include <string.h>

#include "golden/quantize.h"
#include "golden/reference.h"
#include "golden/run.h"

enum { kSide = 64 };  // rows and columns of an image, or more where a kernel needs it

/** Grid of output pixels whose kernel windows lie inside the image and do not overlap. */
struct grid {
  int32_t first_y, first_x, step_y, step_x, rows, columns;
};

static int32_t extent(int32_t kernel, int32_t dilation) { return dilation * (kernel - 1) + 1; }

static int32_t side_for(int32_t window) { return window > kSide ? window : kSide; }

static int32_t divide_up(int32_t a, int32_t b) { return (a + b - 1) / b; }

static struct grid make_grid(const struct assay_conv_shape *shape) {
  const int32_t window_y = extent(shape->kernel_y, shape->dilation_y);
  const int32_t window_x = extent(shape->kernel_x, shape->dilation_x);
  struct grid grid = {.first_y = divide_up(shape->pad_top, shape->stride_y),
                      .first_x = divide_up(shape->pad_left, shape->stride_x),
                      .step_y = divide_up(window_y, shape->stride_y),
                      .step_x = divide_up(window_x, shape->stride_x)};
  const int32_t start_y = grid.first_y * shape->stride_y - shape->pad_top;
  const int32_t start_x = grid.first_x * shape->stride_x - shape->pad_left;
  grid.rows = (shape->in_y - start_y - window_y) / (grid.step_y * shape->stride_y) + 1;
  grid.columns = (shape->in_x - start_x - window_x) / (grid.step_x * shape->stride_x) + 1;
  return grid;
}

/** Enough rows for one window that starts at or after the image's first row. */
static void set_size(struct assay_conv_shape *shape) {
  shape->in_y = side_for(extent(shape->kernel_y, shape->dilation_y) + shape->stride_y);
  shape->in_x = side_for(extent(shape->kernel_x, shape->dilation_x) + shape->stride_x);
}

// Solving //

static bool add_entries(const struct assay_layer_lowering *lowering, size_t layer,
                        struct assay_directed *directed) {
  struct assay_directed_target targets[ASSAY_DIRECTED_MAX];
  const struct assay_conv *conv = &lowering->layer->conv;
  for (int32_t oc = 0; oc < conv->shape.out_c; ++oc) {
    const size_t count = assay_directed_targets(&lowering->lists[oc], lowering->results[oc].range,
                                                assay_dtype_min(conv->y.dtype), targets);
    struct assay_directed_entry *grown =
        realloc(directed->entries, (directed->count + count) * sizeof *grown);
    if (grown == NULL) return false;
    directed->entries = grown;
    for (size_t i = 0; i < count; ++i) {
      grown[directed->count++] =
          (struct assay_directed_entry){.layer = layer, .oc = oc, .target = targets[i]};
    }
  }
  return true;
}

/** Patches of one layer, kept until the number of images is known. */
struct patches {
  size_t size;     ///< bytes of one
  size_t count;    ///< witnesses
  uint8_t *bytes;  ///< [count][size]
};

static bool solve_entry(const struct assay_conv *conv, const struct grid *grid,
                        struct assay_directed_entry *entry, struct patches *patches) {
  struct assay_directed_place place;
  const int32_t cells = grid->rows * grid->columns;
  uint8_t *grown = realloc(patches->bytes, (patches->count + 1) * patches->size);
  if (grown == NULL) return false;
  patches->bytes = grown;
  entry->reachability = assay_directed_solve(conv, entry->oc, entry->target.acc,
                                             grown + patches->count * patches->size, &place);
  if (entry->reachability != ASSAY_REACH_WITNESS) return true;
  const int32_t index = (int32_t)patches->count++;
  const int32_t cell = index % cells;
  entry->n = index / cells;
  entry->y = grid->first_y + cell / grid->columns * grid->step_y;
  entry->x = grid->first_x + cell % grid->columns * grid->step_x;
  return true;
}

static bool solve_layer(struct assay_directed *directed, size_t layer, struct patches *patches) {
  const struct assay_conv *conv = &directed->layers[layer].conv;
  const struct grid grid = make_grid(&conv->shape);
  patches->size = (size_t)assay_conv_taps(&conv->shape);
  for (size_t i = 0; i < directed->count; ++i) {
    struct assay_directed_entry *entry = &directed->entries[i];
    if (entry->layer == layer && !solve_entry(conv, &grid, entry, patches)) return false;
  }
  return true;
}

// Images and expected values //

static void paste_layer(const struct assay_directed *directed, size_t layer,
                        const struct patches *patches, struct assay_layer_values *values,
                        int32_t images) {
  const struct assay_conv *conv = &directed->layers[layer].conv;
  size_t next = 0;
  memset(values->x, (uint8_t)conv->x.zero_point, (size_t)images * values->x_size);
  for (size_t i = 0; i < directed->count; ++i) {
    const struct assay_directed_entry *entry = &directed->entries[i];
    if (entry->layer != layer || entry->reachability != ASSAY_REACH_WITNESS) continue;
    const struct assay_directed_place place = {entry->y, entry->x};
    assay_directed_paste(conv, entry->oc, place, patches->bytes + next++ * patches->size,
                         values->x + (size_t)entry->n * values->x_size);
  }
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

static int32_t count_images(const struct assay_directed *directed) {
  int32_t images = 1;
  for (size_t i = 0; i < directed->count; ++i) {
    if (directed->entries[i].n >= images) images = directed->entries[i].n + 1;
  }
  return images;
}

static bool fill_values(const struct assay_lowering *lowering, const struct patches *patches,
                        struct assay_directed *directed, struct assay_error *error) {
  struct assay_values *values = &directed->values;
  values->n = count_images(directed);
  values->layers = calloc(directed->layer_count, sizeof *values->layers);
  if (values->layers == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < directed->layer_count; ++i) {
    struct assay_layer_values *layer = &values->layers[values->layer_count++];
    if (!assay_layer_values_allocate(&directed->layers[i], values->n, layer)) {
      return assay_error_memory(error);
    }
    paste_layer(directed, i, &patches[i], layer, values->n);
    const enum assay_status status = compute_layer(&lowering->lowered[i], values->n, layer);
    if (status != ASSAY_OK) {
      return assay_error_set(error, ASSAY_EXIT_RESOURCE, "directed inputs of layer %s: %s",
                             directed->layers[i].name, assay_status_text(status));
    }
  }
  return true;
}

// All layers //

static bool solve_all(const struct assay_lowering *lowering, struct assay_directed *directed,
                      struct patches *patches) {
  directed->layers = calloc(lowering->layer_count, sizeof *directed->layers);
  if (directed->layers == NULL) return false;
  for (size_t i = 0; i < lowering->layer_count; ++i) {
    directed->layers[directed->layer_count++] = *lowering->layers[i].layer;
    set_size(&directed->layers[i].conv.shape);
    if (!add_entries(&lowering->layers[i], i, directed) || !solve_layer(directed, i, &patches[i])) {
      return false;
    }
  }
  return true;
}

bool assay_directed_make(const struct assay_lowering *lowering, struct assay_directed *directed,
                         struct assay_error *error) {
  struct patches *patches = calloc(lowering->layer_count, sizeof *patches);
  *directed = (struct assay_directed){0};
  const bool solved = patches != NULL && solve_all(lowering, directed, patches);
  const bool ok =
      solved ? fill_values(lowering, patches, directed, error) : assay_error_memory(error);
  for (size_t i = 0; patches != NULL && i < lowering->layer_count; ++i) free(patches[i].bytes);
  free(patches);
  if (!ok) assay_directed_free(directed);
  return ok;
}

void assay_directed_free(struct assay_directed *directed) {
  assay_values_free(&directed->values);
  free(directed->layers);
  free(directed->entries);
  *directed = (struct assay_directed){0};
}

// Counts //

void assay_directed_count(const struct assay_directed *directed, int64_t counts[3]) {
  memset(counts, 0, 3 * sizeof *counts);
  for (size_t i = 0; i < directed->count; ++i) ++counts[directed->entries[i].reachability];
}

int64_t assay_directed_hits(const struct assay_directed *directed,
                            const struct assay_values *values) {
  int64_t hits = 0;
  for (size_t i = 0; i < directed->count; ++i) {
    const struct assay_directed_entry *entry = &directed->entries[i];
    if (entry->reachability != ASSAY_REACH_WITNESS) continue;
    const struct assay_layer_values *layer = &values->layers[entry->layer];
    const struct assay_conv *conv = &layer->layer->conv;
    const size_t pixel =
        ((size_t)entry->n * (size_t)assay_conv_out_y(&conv->shape) + (size_t)entry->y) *
            (size_t)assay_conv_out_x(&conv->shape) +
        (size_t)entry->x;
    const size_t index = pixel * (size_t)conv->shape.out_c + (size_t)entry->oc;
    hits += layer->acc[index] == entry->target.acc &&
            assay_integer_of(layer->y[index], conv->y.dtype) == entry->target.y;
  }
  return hits;
}
