/* Exact bounds of a channel's accumulator and of every partial sum. No twin. */
#include "golden/bounds.h"

#include <string.h>

#include "golden/arithmetic.h"
#include "golden/banks.h"

static int64_t min64(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t max64(int64_t a, int64_t b) { return a > b ? a : b; }

/** Kernel indices [*first, *end) along one axis that fall inside the image. */
static void inside(int32_t origin, int32_t kernel, int32_t dilation, int32_t size, int32_t *first,
                   int32_t *end) {
  int32_t lower = 0, upper = kernel;
  while (lower < upper && origin + lower * dilation < 0) lower++;
  while (upper > lower && origin + (upper - 1) * dilation >= size) upper--;
  *first = lower;
  *end = upper;
}

struct assay_taps assay_taps_at(const struct assay_conv *conv, int32_t oc, int32_t y, int32_t x) {
  const struct assay_conv_shape *s = &conv->shape;
  struct assay_taps taps = {
      .weight = assay_conv_channel_weight(conv, oc),
      .kernel_y = s->kernel_y,
      .kernel_x = s->kernel_x,
      .in_c = s->in_c / s->groups,
      .y = y,
      .x = x,
      .x_min = assay_dtype_min(conv->x.dtype),
      .x_max = assay_dtype_max(conv->x.dtype),
      .x_zp = conv->x.zero_point,
  };
  inside(y * s->stride_y - s->pad_top, s->kernel_y, s->dilation_y, s->in_y, &taps.ky_first,
         &taps.ky_end);
  inside(x * s->stride_x - s->pad_left, s->kernel_x, s->dilation_x, s->in_x, &taps.kx_first,
         &taps.kx_end);
  return taps;
}

/** First output index along one axis whose whole kernel is inside the image, or -1. */
static int32_t interior(int32_t out, int32_t stride, int32_t pad, int32_t kernel, int32_t dilation,
                        int32_t size) {
  const int32_t first = assay_ceil_div(pad, stride);
  const int32_t origin = first * stride - pad;
  return first < out && origin + (kernel - 1) * dilation < size ? first : -1;
}

bool assay_taps_interior(const struct assay_conv *conv, int32_t oc, struct assay_taps *taps) {
  const struct assay_conv_shape *s = &conv->shape;
  const int32_t y =
      interior(assay_conv_out_y(s), s->stride_y, s->pad_top, s->kernel_y, s->dilation_y, s->in_y);
  const int32_t x =
      interior(assay_conv_out_x(s), s->stride_x, s->pad_left, s->kernel_x, s->dilation_x, s->in_x);
  if (y < 0 || x < 0) return false;
  *taps = assay_taps_at(conv, oc, y, x);
  return true;
}

size_t assay_taps_patch_size(const struct assay_taps *taps) {
  return (size_t)taps->kernel_y * (size_t)taps->kernel_x * (size_t)taps->in_c;
}

static bool is_inside(const struct assay_taps *taps, size_t tap) {
  const int32_t pixel = (int32_t)(tap / (size_t)taps->in_c);
  const int32_t ky = pixel / taps->kernel_x, kx = pixel % taps->kernel_x;
  return ky >= taps->ky_first && ky < taps->ky_end && kx >= taps->kx_first && kx < taps->kx_end;
}

struct assay_interval assay_bounds_of_taps(const struct assay_taps *taps) {
  const size_t run = (size_t)(taps->kx_end - taps->kx_first) * (size_t)taps->in_c;
  int64_t positive = 0, negative = 0;
  for (int32_t ky = taps->ky_first; ky < taps->ky_end; ky++) {
    const int8_t *w =
        taps->weight +
        ((size_t)ky * (size_t)taps->kernel_x + (size_t)taps->kx_first) * (size_t)taps->in_c;
    for (size_t i = 0; i < run; i++) {
      positive += w[i] > 0 ? w[i] : 0;
      negative += w[i] < 0 ? w[i] : 0;
    }
  }
  const int64_t low = taps->x_min - taps->x_zp, high = taps->x_max - taps->x_zp;
  return (struct assay_interval){positive * low + negative * high,
                                 positive * high + negative * low};
}

static struct assay_interval unite(struct assay_interval a, struct assay_interval b) {
  return (struct assay_interval){min64(a.lo, b.lo), max64(a.hi, b.hi)};
}

/** Union over all output positions, for layers without an interior position. */
static struct assay_interval bounds_of_positions(const struct assay_conv *conv, int32_t oc) {
  struct assay_interval all = {0, 0};
  const int32_t out_y = assay_conv_out_y(&conv->shape), out_x = assay_conv_out_x(&conv->shape);
  for (int32_t y = 0; y < out_y; y++) {
    for (int32_t x = 0; x < out_x; x++) {
      const struct assay_taps taps = assay_taps_at(conv, oc, y, x);
      all = unite(all, assay_bounds_of_taps(&taps));
    }
  }
  return all;
}

enum assay_status assay_bounds_of_channel(const struct assay_conv *conv, int32_t oc,
                                          struct assay_interval *bounds) {
  const enum assay_status status = assay_conv_shape_check(&conv->shape);
  if (status != ASSAY_OK) return status;
  struct assay_taps taps;
  const struct assay_interval found = assay_taps_interior(conv, oc, &taps)
                                          ? assay_bounds_of_taps(&taps)
                                          : bounds_of_positions(conv, oc);
  if (found.lo < INT32_MIN || found.hi > INT32_MAX) return ASSAY_ERROR_OVERFLOW;
  *bounds = found;
  return ASSAY_OK;
}

/** The activation that makes w * x greatest (upper) or least. */
static uint8_t extreme(const struct assay_taps *taps, int8_t w, bool upper) {
  if (w == 0) return (uint8_t)taps->x_zp;
  return (uint8_t)((w > 0) == upper ? taps->x_max : taps->x_min);
}

void assay_bounds_witness(const struct assay_taps *taps, bool upper, uint8_t *patch) {
  const size_t size = assay_taps_patch_size(taps);
  for (size_t tap = 0; tap < size; tap++) {
    patch[tap] =
        is_inside(taps, tap) ? extreme(taps, taps->weight[tap], upper) : (uint8_t)taps->x_zp;
  }
}

struct assay_addition_order assay_bounds_engine_order(const struct assay_plan *plan, int32_t oc,
                                                      int32_t acc_init,
                                                      struct assay_order_step *steps) {
  assay_engine_order(plan, oc, steps);
  return (struct assay_addition_order){
      .steps = steps,
      .count = (size_t)assay_conv_taps(&plan->shape),
      .rows = plan->engine.channels,
      .init_row = assay_engine_init_row(plan, oc),
      .acc_init = acc_init,
      .x_low = assay_dtype_min(plan->x_dtype),
  };
}

/** Bounds of one product of an unsigned activation; a padded tap always holds x_zp. */
static struct assay_interval product(const struct assay_taps *taps, size_t tap, int32_t x_low) {
  const int64_t w = taps->weight[tap];
  const bool padded = !is_inside(taps, tap);
  const int64_t a = w * ((padded ? taps->x_zp : taps->x_min) - x_low);
  const int64_t b = w * ((padded ? taps->x_zp : taps->x_max) - x_low);
  return (struct assay_interval){min64(a, b), max64(a, b)};
}

/** Extends the union of all partial sums by one more, remembering where it grew. */
static void note(struct assay_partial_bounds *bounds, struct assay_interval sum, size_t step,
                 uint32_t rows) {
  if (sum.lo < bounds->partial.lo) {
    bounds->partial.lo = sum.lo;
    bounds->lo_step = step;
    bounds->lo_rows = rows;
  }
  if (sum.hi > bounds->partial.hi) {
    bounds->partial.hi = sum.hi;
    bounds->hi_step = step;
    bounds->hi_rows = rows;
  }
}

static struct assay_interval add(struct assay_interval a, struct assay_interval b) {
  return (struct assay_interval){a.lo + b.lo, a.hi + b.hi};
}

/** Bits first..first+count-1. */
static uint32_t rows_from(int32_t first, int32_t count) {
  return (uint32_t)((((uint64_t)1 << count) - 1) << first);
}

/** Sums the rows as the order says; every intermediate sum is noted. */
static void sum_rows(const struct assay_addition_order *order, struct assay_interval *sum,
                     struct assay_partial_bounds *bounds) {
  const int32_t rows = order->rows;
  if (order->tree) {
    for (int32_t step = 1; step < rows; step *= 2) {
      for (int32_t row = 0; row + step < rows; row += 2 * step) {
        sum[row] = add(sum[row], sum[row + step]);
        note(bounds, sum[row], order->count + 1, rows_from(row, 2 * step));
      }
    }
  } else {
    for (int32_t row = 1; row < rows; row++) {
      sum[0] = add(sum[0], sum[row]);
      note(bounds, sum[0], order->count + 1, rows_from(0, row + 1));
    }
  }
  bounds->final = sum[0];
}

static bool order_is_legal(const struct assay_taps *taps,
                           const struct assay_addition_order *order) {
  if (order->rows < 1 || order->rows > ASSAY_MAX_LANES) return false;
  if (order->init_row < 0 || order->init_row >= order->rows) return false;
  const size_t size = assay_taps_patch_size(taps);
  for (size_t i = 0; i < order->count; i++) {
    const struct assay_order_step a = order->steps[i];
    if (a.tap < 0 || (size_t)a.tap >= size || a.row < 0 || a.row >= order->rows) return false;
  }
  return true;
}

enum assay_status assay_bounds_of_order(const struct assay_taps *taps,
                                        const struct assay_addition_order *order,
                                        struct assay_interval *steps,
                                        struct assay_partial_bounds *bounds) {
  if (!order_is_legal(taps, order)) return ASSAY_ERROR_ARGUMENT;
  struct assay_interval sum[ASSAY_MAX_LANES] = {{0, 0}};
  sum[order->init_row] = (struct assay_interval){order->acc_init, order->acc_init};
  struct assay_partial_bounds found = {.partial = sum[order->init_row],
                                       .lo_rows = rows_from(order->init_row, 1),
                                       .hi_rows = rows_from(order->init_row, 1)};
  for (size_t i = 0; i < order->count; i++) {
    const struct assay_order_step a = order->steps[i];
    sum[a.row] = add(sum[a.row], product(taps, (size_t)a.tap, order->x_low));
    note(&found, sum[a.row], i + 1, rows_from(a.row, 1));
    if (steps != NULL) steps[i] = sum[a.row];
  }
  sum_rows(order, sum, &found);
  found.wrap_bits = assay_signed_bits(found.final);
  found.saturate_bits = assay_signed_bits(found.partial);
  *bounds = found;
  return ASSAY_OK;
}

void assay_bounds_partial_witness(const struct assay_taps *taps,
                                  const struct assay_addition_order *order, size_t step,
                                  uint32_t rows, bool upper, uint8_t *patch) {
  memset(patch, (uint8_t)taps->x_zp, assay_taps_patch_size(taps));
  for (size_t i = 0; i < step && i < order->count; i++) {
    const struct assay_order_step a = order->steps[i];
    if ((rows >> a.row & 1u) == 0 || !is_inside(taps, (size_t)a.tap)) continue;
    patch[a.tap] = extreme(taps, taps->weight[a.tap], upper);
  }
}

int32_t assay_signed_bits(struct assay_interval interval) {
  int32_t bits = 1;
  while (bits < 64 && (interval.lo < -((int64_t)1 << (bits - 1)) ||
                       interval.hi > ((int64_t)1 << (bits - 1)) - 1)) {
    bits++;
  }
  return bits;
}
