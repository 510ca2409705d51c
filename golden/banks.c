/* Activation banks and the ring of rows in them. Twins: rtl/assay_address.sv,
 * rtl/assay_banks.sv, rtl/assay_loader.sv, rtl/assay_rows.sv. */
#include "golden/banks.h"

#include "golden/arithmetic.h"

int32_t assay_bank_plane(const struct assay_plan *plan) {
  return plan->shape.stride_x * plan->shape.stride_y * plan->ring_rows * plan->pitch;
}

int32_t assay_bank_position(const struct assay_plan *plan, int32_t row, int32_t column,
                            int32_t cb) {
  const int32_t stride_x = plan->shape.stride_x, stride_y = plan->shape.stride_y;
  const int32_t phase = (cb * stride_x + column % stride_x) * stride_y + row % stride_y;
  const int32_t ring_row = row / stride_y % plan->ring_rows;
  return (phase * plan->ring_rows + ring_row) * plan->pitch + column / stride_x;
}

int32_t assay_bank_words(const struct assay_plan *plan) {
  return assay_ceil_div(plan->in_blocks * assay_bank_plane(plan), plan->engine.pixels);
}

int32_t assay_ring_end(const struct assay_plan *plan, int32_t group) {
  const int32_t end = assay_group_first_row(plan, group) + plan->ring_rows * plan->shape.stride_y;
  return end < plan->shape.in_y ? end : plan->shape.in_y;
}

static void load_word(struct assay_banks *banks, int32_t row, int32_t column, int32_t cb) {
  const struct assay_plan *plan = banks->plan;
  const int32_t channels = plan->engine.channels;
  const uint8_t flip = plan->x_dtype == ASSAY_QINT8 ? 0x80 : 0;
  const int32_t entry = assay_bank_position(plan, row, column, cb);
  uint8_t *to = banks->memory + (size_t)entry * (size_t)channels;
  for (int32_t i = 0; i < channels; i++) to[i] = *banks->next++ ^ flip;
}

void assay_banks_load(struct assay_banks *banks, int32_t end) {
  const struct assay_plan *plan = banks->plan;
  for (; banks->rows < end; banks->rows++) {
    for (int32_t cb = 0; cb < plan->in_blocks; cb++) {
      for (int32_t x = 0; x < plan->shape.in_x; x++) load_word(banks, banks->rows, x, cb);
    }
  }
}

bool assay_banks_address(const struct assay_plan *plan, int32_t group, int32_t tile, int32_t ky,
                         int32_t kx, struct assay_lanes *lanes) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t pixels = plan->engine.pixels;
  uint32_t taken = 0;  // banks that a lane reads already
  for (int32_t j = 0; j < pixels; j++) {
    int32_t y = 0, x = 0;
    lanes->position[j] = -1;
    if (!assay_tile_pixel(plan, group, tile, j, &y, &x)) continue;
    const int32_t row = y * s->stride_y + ky * s->dilation_y - s->pad_top;
    const int32_t column = x * s->stride_x + kx * s->dilation_x - s->pad_left;
    if (row < 0 || row >= s->in_y || column < 0 || column >= s->in_x) continue;
    lanes->position[j] = assay_bank_position(plan, row, column, 0);
    const uint32_t bank = 1u << (lanes->position[j] % pixels);
    if (taken & bank) return false;
    taken |= bank;
  }
  return true;
}
