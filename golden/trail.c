/* Order of the additions that lead to one accumulator, and their values. No twin: it explains
 * rtl/assay_array.sv. */
#include "golden/trail.h"

#include "golden/array.h"
#include "golden/banks.h"
#include "golden/sequencer.h"

int32_t assay_engine_init_row(const struct assay_plan *plan, int32_t oc) {
  return plan->mode == ASSAY_MODE_REDUCE ? 0 : oc % plan->engine.channels;
}

/* Tap of the channel that row `row` multiplies in this step, or -1 when its weight is the 0 of a
 * lane outside the group. */
static int32_t tap_of(const struct assay_plan *plan, int32_t oc, struct assay_step step,
                      int32_t row) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t in_group = s->in_c / s->groups;
  const int32_t c = step.in_block * plan->engine.channels + (step.select < 0 ? row : step.select);
  const int32_t ic = c - oc / (s->out_c / s->groups) * in_group;
  if (ic < 0 || ic >= in_group) return -1;
  return (step.ky * s->kernel_x + step.kx) * in_group + ic;
}

/* Walks the additions of one channel: by cycle, within a cycle by row. */
struct walk {
  const struct assay_plan *plan;
  int32_t oc, row_begin, row_end;
  int32_t index, row;  // next cycle of the pass, next row in it
};

static struct walk walk_start(const struct assay_plan *plan, int32_t oc) {
  const int32_t own = oc % plan->engine.channels;
  const bool reduce = plan->mode == ASSAY_MODE_REDUCE;
  struct walk walk = {plan, oc, reduce ? 0 : own, reduce ? plan->engine.channels : own + 1, 0, 0};
  walk.row = walk.row_begin;
  return walk;
}

/* The next addition; *order is left alone when there is none. */
static bool walk_next(struct walk *walk, struct assay_order_step *order) {
  const int32_t first = assay_channel_first(walk->plan, walk->oc);
  for (; walk->index < assay_pass_steps(walk->plan); walk->index++) {
    const struct assay_step step = assay_step_at(walk->plan, first, walk->index);
    while (walk->row < walk->row_end) {
      const int32_t row = walk->row++;
      const int32_t tap = tap_of(walk->plan, walk->oc, step, row);
      if (tap < 0) continue;
      *order = (struct assay_order_step){tap, row};
      return true;
    }
    walk->row = walk->row_begin;
  }
  return false;
}

void assay_engine_order(const struct assay_plan *plan, int32_t oc, struct assay_order_step *steps) {
  struct walk walk = walk_start(plan, oc);
  while (walk_next(&walk, steps)) steps++;
}

/* Input of a tap as the tensor has it, the zero point outside the image. */
static int32_t input_of(const struct assay_plan *plan, const uint8_t *x, int32_t row,
                        int32_t column, int32_t c, bool *padded) {
  const struct assay_conv_shape *s = &plan->shape;
  *padded = row < 0 || row >= s->in_y || column < 0 || column >= s->in_x;
  if (*padded) return plan->x_zp;
  const uint8_t byte = x[((int64_t)row * s->in_x + column) * s->in_c + c];
  return plan->x_dtype == ASSAY_QINT8 ? (int32_t)(int8_t)byte : (int32_t)byte;
}

static struct assay_trail_step trail_step(const struct assay_plan *plan, const uint8_t *x,
                                          const int8_t *weight, int32_t y, int32_t xx, int32_t oc,
                                          struct assay_order_step order) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t in_group = s->in_c / s->groups;
  struct assay_trail_step step = {.row = order.row};
  step.ic = order.tap % in_group;
  step.kx = order.tap / in_group % s->kernel_x;
  step.ky = order.tap / in_group / s->kernel_x;
  const int32_t row = y * s->stride_y + step.ky * s->dilation_y - s->pad_top;
  const int32_t column = xx * s->stride_x + step.kx * s->dilation_x - s->pad_left;
  const int32_t c = oc / (s->out_c / s->groups) * in_group + step.ic;
  step.x = input_of(plan, x, row, column, c, &step.padded);
  step.w = weight[(int64_t)oc * assay_conv_taps(s) + order.tap];
  return step;
}

int32_t assay_engine_trail(const struct assay_plan *plan, const uint8_t *x, const int8_t *weight,
                           int32_t acc_init, int32_t y, int32_t xx, int32_t oc,
                           struct assay_trail_step *steps) {
  const int32_t low = assay_dtype_min(plan->x_dtype);
  uint32_t rows[ASSAY_MAX_LANES] = {0};
  rows[assay_engine_init_row(plan, oc)] = (uint32_t)acc_init;
  struct walk walk = walk_start(plan, oc);
  struct assay_order_step order;
  for (; walk_next(&walk, &order); steps++) {
    *steps = trail_step(plan, x, weight, y, xx, oc, order);
    rows[order.row] += (uint32_t)((steps->x - low) * steps->w);
    steps->partial = assay_acc_of(rows[order.row], plan->engine.acc_bits);
  }
  uint32_t sum = 0;
  for (int32_t row = 0; row < plan->engine.channels; row++) sum += rows[row];
  return assay_acc_of(sum, plan->engine.acc_bits);
}
