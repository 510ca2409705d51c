/* Directed vectors of a whole layer, packed into images. */
#include "vectors/directed_images.h"

#include <stdlib.h>
#include <string.h>

#include "golden/arithmetic.h"
#include "golden/quantize.h"

/* Output pixels whose kernel windows lie inside the image and do not overlap. */
struct grid {
  int32_t first_y, first_x, step_y, step_x, rows, columns;
};

/* What one call works with. */
struct packer {
  struct assay_directed_images *images;
  struct grid grid;
  size_t *used;    // [groups] windows that are taken
  uint8_t *patch;  // of one window
};

static int32_t window_of(int32_t kernel, int32_t dilation) { return dilation * (kernel - 1) + 1; }

/* Room for one window at the first output pixel that sees no padding. */
static int32_t side_for(int32_t side, int32_t window, int32_t stride) {
  const int32_t least = window + stride - 1;
  return side > least ? side : least;
}

/* Along one axis: the first output whose window starts inside, the step between windows, and how
 * many there are. */
static void grid_axis(int32_t in, int32_t window, int32_t stride, int32_t pad, int32_t *first,
                      int32_t *step, int32_t *count) {
  *first = assay_ceil_div(pad, stride);
  *step = assay_ceil_div(window, stride);
  *count = (in - (*first * stride - pad) - window) / (*step * stride) + 1;
}

static struct grid make_grid(struct assay_conv_shape *s, int32_t side) {
  const int32_t window_y = window_of(s->kernel_y, s->dilation_y);
  const int32_t window_x = window_of(s->kernel_x, s->dilation_x);
  struct grid grid;
  s->in_y = side_for(side, window_y, s->stride_y);
  s->in_x = side_for(side, window_x, s->stride_x);
  grid_axis(s->in_y, window_y, s->stride_y, s->pad_top, &grid.first_y, &grid.step_y, &grid.rows);
  grid_axis(s->in_x, window_x, s->stride_x, s->pad_left, &grid.first_x, &grid.step_x,
            &grid.columns);
  return grid;
}

static size_t image_size(const struct assay_conv *conv) {
  return (size_t)conv->shape.in_y * (size_t)conv->shape.in_x * (size_t)conv->shape.in_c;
}

static bool add_image(struct assay_directed_images *images) {
  const size_t size = image_size(&images->conv);
  uint8_t *grown = realloc(images->x, ((size_t)images->n + 1) * size);
  if (grown == NULL) return false;
  images->x = grown;
  memset(grown + (size_t)images->n++ * size, (uint8_t)images->conv.x.zero_point, size);
  return true;
}

/* Gives the vector the next window of its group and pastes the patch there. */
static bool place(struct packer *packer, struct assay_directed_vector *vector) {
  struct assay_directed_images *images = packer->images;
  const struct grid *grid = &packer->grid;
  const struct assay_conv_shape *s = &images->conv.shape;
  const int32_t cells = grid->rows * grid->columns;
  const size_t index = packer->used[vector->oc / (s->out_c / s->groups)]++;
  const int32_t cell = (int32_t)(index % (size_t)cells);
  vector->n = (int32_t)(index / (size_t)cells);
  vector->y = grid->first_y + cell / grid->columns * grid->step_y;
  vector->x = grid->first_x + cell % grid->columns * grid->step_x;
  if (vector->n >= images->n && !add_image(images)) return false;
  assay_directed_paste(&images->conv, vector->oc,
                       (struct assay_directed_place){vector->y, vector->x}, packer->patch,
                       images->x + (size_t)vector->n * image_size(&images->conv));
  return true;
}

/* Targets of one channel as vectors that wait for their answers. */
static bool append_targets(struct assay_directed_images *images, int32_t oc,
                           const struct assay_threshold_list *list, struct assay_interval range) {
  struct assay_directed_target targets[ASSAY_DIRECTED_MAX];
  const size_t count =
      assay_directed_targets(list, range, assay_dtype_min(images->conv.y.dtype), targets);
  struct assay_directed_vector *grown =
      realloc(images->vectors, (images->count + count) * sizeof *grown);
  if (grown == NULL) return false;
  images->vectors = grown;
  for (size_t i = 0; i < count; i++) {
    grown[images->count++] = (struct assay_directed_vector){.oc = oc, .target = targets[i]};
  }
  return true;
}

/* What is reachable anywhere is reachable where the whole kernel lies inside the image, so that one
 * position decides (golden/bounds.h). */
static bool solve_channel(struct packer *packer, int32_t oc,
                          const struct assay_threshold_list *list, struct assay_interval range) {
  struct assay_directed_images *images = packer->images;
  const size_t first = images->count;
  struct assay_reach reach;
  const struct assay_taps taps =
      assay_taps_at(&images->conv, oc, packer->grid.first_y, packer->grid.first_x);
  if (!append_targets(images, oc, list, range)) return false;
  assay_reach_prepare(&taps, &reach);
  for (size_t i = first; i < images->count; i++) {
    struct assay_directed_vector *vector = &images->vectors[i];
    vector->reachability = assay_reach_solve(&reach, vector->target.acc, packer->patch);
    images->answers[vector->reachability]++;
    if (vector->reachability == ASSAY_REACH_WITNESS && !place(packer, vector)) return false;
  }
  return true;
}

static bool solve_layer(struct packer *packer, const struct assay_threshold_list *lists,
                        const struct assay_lower_result *results) {
  const int32_t out_c = packer->images->conv.shape.out_c;
  if (packer->used == NULL || packer->patch == NULL) return false;
  for (int32_t oc = 0; oc < out_c; oc++) {
    if (!solve_channel(packer, oc, &lists[oc], results[oc].range)) return false;
  }
  return true;
}

bool assay_directed_images_make(const struct assay_conv *conv,
                                const struct assay_threshold_list *lists,
                                const struct assay_lower_result *results, int32_t side,
                                struct assay_directed_images *images, struct assay_error *error) {
  struct assay_directed_images made = {.conv = *conv};
  struct packer packer = {.images = &made, .grid = make_grid(&made.conv.shape, side)};
  packer.used = calloc((size_t)conv->shape.groups, sizeof *packer.used);
  packer.patch = malloc((size_t)assay_conv_taps(&conv->shape));
  const bool ok = solve_layer(&packer, lists, results);
  free(packer.used);
  free(packer.patch);
  if (ok) {
    *images = made;
    return true;
  }
  assay_directed_images_free(&made);
  return assay_error_memory(error);
}

void assay_directed_images_free(struct assay_directed_images *images) {
  free(images->x);
  free(images->vectors);
  *images = (struct assay_directed_images){0};
}

size_t assay_directed_images_index(const struct assay_directed_images *images,
                                   const struct assay_directed_vector *vector) {
  const struct assay_conv_shape *s = &images->conv.shape;
  const size_t row = (size_t)vector->n * (size_t)assay_conv_out_y(s) + (size_t)vector->y;
  const size_t pixel = row * (size_t)assay_conv_out_x(s) + (size_t)vector->x;
  return pixel * (size_t)s->out_c + (size_t)vector->oc;
}

size_t assay_directed_images_hits(const struct assay_directed_images *images, const int32_t *acc,
                                  const uint8_t *y) {
  size_t hits = 0;
  for (size_t i = 0; i < images->count; i++) {
    const struct assay_directed_vector *vector = &images->vectors[i];
    if (vector->reachability != ASSAY_REACH_WITNESS) continue;
    const size_t index = assay_directed_images_index(images, vector);
    hits += acc[index] == vector->target.acc &&
            assay_integer_of(y[index], images->conv.y.dtype) == vector->target.y;
  }
  return hits;
}
