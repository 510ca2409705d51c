/* Order of work of the engine. Twins: rtl/assay_place.sv, rtl/assay_sequencer.sv,
 * rtl/assay_taps.sv, rtl/assay_walker.sv. */
#include "golden/sequencer.h"

#include "golden/arithmetic.h"

int32_t assay_group_count(const struct assay_plan *plan) {
  return assay_ceil_div(assay_conv_out_y(&plan->shape), plan->rows_per_group);
}

int32_t assay_group_rows(const struct assay_plan *plan, int32_t group) {
  const int32_t left = assay_conv_out_y(&plan->shape) - group * plan->rows_per_group;
  return assay_lesser(left, plan->rows_per_group);
}

int32_t assay_group_first_row(const struct assay_plan *plan, int32_t group) {
  const int32_t row = group * plan->rows_per_group * plan->shape.stride_y - plan->shape.pad_top;
  return row < 0 ? 0 : row;
}

int32_t assay_group_last_row(const struct assay_plan *plan, int32_t group) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t last_y = group * plan->rows_per_group + assay_group_rows(plan, group) - 1;
  const int32_t row = last_y * s->stride_y + (s->kernel_y - 1) * s->dilation_y - s->pad_top;
  return assay_lesser(row, s->in_y - 1);
}

int32_t assay_group_tiles(const struct assay_plan *plan, int32_t group) {
  const int32_t pixels = assay_group_rows(plan, group) * assay_conv_out_x(&plan->shape);
  return assay_ceil_div(pixels, plan->engine.pixels);
}

int32_t assay_block_channels(const struct assay_plan *plan, int32_t block) {
  const int32_t channels = plan->engine.channels;
  return assay_lesser(channels, plan->shape.out_c - block * channels);
}

int32_t assay_block_passes(const struct assay_plan *plan, int32_t block) {
  return plan->mode == ASSAY_MODE_REDUCE ? assay_block_channels(plan, block) : 1;
}

int32_t assay_pass_steps(const struct assay_plan *plan) {
  return plan->shape.kernel_y * plan->shape.kernel_x * plan->count;
}

int32_t assay_block_weight_words(const struct assay_plan *plan, int32_t block) {
  const int64_t steps = (int64_t)assay_block_passes(plan, block) * assay_pass_steps(plan);
  return (int32_t)assay_weight_words(plan, steps);
}

int32_t assay_slot_words(const struct assay_plan *plan) {
  return assay_block_weight_words(plan, 0);
}

int32_t assay_stream_repeats(const struct assay_plan *plan, int32_t slots) {
  return slots >= plan->out_blocks ? 1 : assay_group_count(plan);
}

int32_t assay_channel_first(const struct assay_plan *plan, int32_t oc) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t channels = plan->engine.channels;
  const int32_t in_group = s->in_c / s->groups, out_group = s->out_c / s->groups;
  if (plan->mode == ASSAY_MODE_DEPTHWISE) return oc / channels;
  if (plan->mode == ASSAY_MODE_REDUCE) {
    const int32_t first = oc / out_group * in_group / channels;
    return assay_lesser(first, plan->in_blocks - plan->count);
  }
  const int32_t block_start = oc / channels * channels;
  return assay_lesser(block_start / out_group * in_group, s->in_c - plan->count);
}

struct assay_step assay_step_at(const struct assay_plan *plan, int32_t first, int32_t index) {
  const int32_t tap = index / plan->count, c = first + index % plan->count;
  const int32_t kernel_x = plan->shape.kernel_x, channels = plan->engine.channels;
  struct assay_step step = {tap / kernel_x, tap % kernel_x, c, -1};
  if (plan->mode == ASSAY_MODE_SPREAD) {
    step.in_block = c / channels;
    step.select = c % channels;
  }
  return step;
}

bool assay_tile_pixel(const struct assay_plan *plan, int32_t group, int32_t tile, int32_t lane,
                      int32_t *y, int32_t *x) {
  const int32_t out_x = assay_conv_out_x(&plan->shape);
  const int32_t pixel = tile * plan->engine.pixels + lane;
  *y = group * plan->rows_per_group + pixel / out_x;
  *x = pixel % out_x;
  return pixel < assay_group_rows(plan, group) * out_x;
}
