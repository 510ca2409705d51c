/* A layer in parts: the boxes, and tensors cut and joined. No twin. */
#include "golden/parts.h"

#include <string.h>

#include "golden/arithmetic.h"

static int32_t limited(int32_t wanted, int32_t most) {
  return wanted <= 0 || wanted > most ? most : wanted;
}

// Counts and places //

static int32_t out_group(const struct assay_conv_shape *s) { return s->out_c / s->groups; }

/* Parts of the channels: several groups each, or several parts to each group. */
static int32_t channel_parts(const struct assay_conv_shape *s, int32_t channels) {
  const int32_t group = out_group(s);
  if (channels >= group) return assay_ceil_div(s->groups, channels / group);
  return s->groups * assay_ceil_div(group, channels);
}

struct assay_parts assay_parts_of(const struct assay_conv_shape *s, int32_t rows, int32_t columns,
                                  int32_t channels) {
  const int32_t out_y = assay_conv_out_y(s), out_x = assay_conv_out_x(s), group = out_group(s);
  struct assay_parts parts = {.shape = *s,
                              .rows = limited(rows, out_y),
                              .columns = limited(columns, out_x),
                              .channels = limited(channels, s->out_c)};
  if (parts.channels > group) parts.channels -= parts.channels % group;
  parts.y_count = assay_ceil_div(out_y, parts.rows);
  parts.x_count = assay_ceil_div(out_x, parts.columns);
  parts.oc_count = channel_parts(s, parts.channels);
  return parts;
}

size_t assay_parts_count(const struct assay_parts *parts) {
  return (size_t)parts->y_count * (size_t)parts->x_count * (size_t)parts->oc_count;
}

/* What one axis of a box of outputs reads. */
struct axis {
  int32_t in, stride, dilation, kernel, pad;  // of the layer
  int32_t first, count;                       // outputs of the box
  int32_t from, size, before, after;          // inputs of the box, padding on both sides
};

static void fill_axis(struct axis *a) {
  const int32_t from = a->first * a->stride - a->pad;
  const int32_t end = from + (a->count - 1) * a->stride + (a->kernel - 1) * a->dilation + 1;
  a->from = assay_greater(from, 0);
  a->size = assay_lesser(end, a->in) - a->from;
  a->before = a->from - from;
  a->after = assay_greater(end - a->in, 0);
  if (a->size > 0) return;
  // Nothing but padding: zero points are sent in its place, for a layer must have an input.
  a->from = from;
  a->size = end - from;
  a->before = a->after = 0;
}

static void set_rows(const struct assay_parts *parts, int32_t index, struct assay_part *part) {
  const struct assay_conv_shape *s = &parts->shape;
  const int32_t first = index * parts->rows;
  struct axis a = {.in = s->in_y,
                   .stride = s->stride_y,
                   .dilation = s->dilation_y,
                   .kernel = s->kernel_y,
                   .pad = s->pad_top,
                   .first = first,
                   .count = assay_lesser(parts->rows, assay_conv_out_y(s) - first)};
  fill_axis(&a);
  part->y = first;
  part->in_y = a.from;
  part->shape.in_y = a.size;
  part->shape.pad_top = a.before;
  part->shape.pad_bottom = a.after;
}

static void set_columns(const struct assay_parts *parts, int32_t index, struct assay_part *part) {
  const struct assay_conv_shape *s = &parts->shape;
  const int32_t first = index * parts->columns;
  struct axis a = {.in = s->in_x,
                   .stride = s->stride_x,
                   .dilation = s->dilation_x,
                   .kernel = s->kernel_x,
                   .pad = s->pad_left,
                   .first = first,
                   .count = assay_lesser(parts->columns, assay_conv_out_x(s) - first)};
  fill_axis(&a);
  part->x = first;
  part->in_x = a.from;
  part->shape.in_x = a.size;
  part->shape.pad_left = a.before;
  part->shape.pad_right = a.after;
}

static void set_channels(const struct assay_parts *parts, int32_t index, struct assay_part *part) {
  const struct assay_conv_shape *s = &parts->shape;
  const int32_t group = out_group(s), in_group = s->in_c / s->groups;
  int32_t first_group = 0, groups = 1;
  if (parts->channels >= group) {
    const int32_t step = parts->channels / group;
    first_group = index * step;
    groups = assay_lesser(step, s->groups - first_group);
    part->oc = first_group * group;
    part->shape.out_c = groups * group;
  } else {
    const int32_t pieces = assay_ceil_div(group, parts->channels);
    const int32_t inside = index % pieces * parts->channels;
    first_group = index / pieces;
    part->oc = first_group * group + inside;
    part->shape.out_c = assay_lesser(parts->channels, group - inside);
  }
  part->in_c = first_group * in_group;
  part->shape.in_c = groups * in_group;
  part->shape.groups = groups;
}

struct assay_part assay_parts_at(const struct assay_parts *parts, size_t index) {
  struct assay_part part = {.shape = parts->shape};
  if (assay_parts_count(parts) == 1) return part;
  const size_t pixel = index / (size_t)parts->oc_count;
  set_rows(parts, (int32_t)(pixel / (size_t)parts->x_count), &part);
  set_columns(parts, (int32_t)(pixel % (size_t)parts->x_count), &part);
  set_channels(parts, (int32_t)(index % (size_t)parts->oc_count), &part);
  return part;
}

// Parameters of a part //

struct assay_conv assay_part_conv(const struct assay_part *part, const struct assay_conv *conv) {
  struct assay_conv made = *conv;
  made.shape = part->shape;
  if (conv->weight) made.weight = assay_conv_channel_weight(conv, part->oc);
  if (conv->w_scale && conv->per_channel) made.w_scale = conv->w_scale + part->oc;
  if (conv->bias) made.bias = conv->bias + part->oc;
  return made;
}

struct assay_lowered assay_part_lowered(const struct assay_part *part,
                                        const struct assay_lowered *lowered) {
  struct assay_lowered made = *lowered;
  made.channels = lowered->channels + part->oc;
  return made;
}

enum assay_status assay_part_plan(const struct assay_engine_config *engine,
                                  const struct assay_conv *conv,
                                  const struct assay_lowered *lowered,
                                  const struct assay_part *part, struct assay_plan *plan,
                                  char reason[256]) {
  const struct assay_conv own = assay_part_conv(part, conv);
  const struct assay_lowered own_lowered = assay_part_lowered(part, lowered);
  return assay_plan_layer(engine, &own, &own_lowered, plan, reason);
}

// Tensors //

void assay_part_input(const struct assay_parts *parts, const struct assay_part *part,
                      const uint8_t *x, int32_t x_zp, uint8_t *out) {
  const struct assay_conv_shape *whole = &parts->shape, *own = &part->shape;
  const size_t size = (size_t)own->in_c;
  for (int32_t r = part->in_y; r < part->in_y + own->in_y; r++) {
    for (int32_t c = part->in_x; c < part->in_x + own->in_x; c++, out += size) {
      const bool inside = r >= 0 && r < whole->in_y && c >= 0 && c < whole->in_x;
      const size_t pixel = inside ? (size_t)r * (size_t)whole->in_x + (size_t)c : 0;
      if (inside) {
        memcpy(out, x + pixel * (size_t)whole->in_c + (size_t)part->in_c, size);
      } else {
        memset(out, x_zp, size);
      }
    }
  }
}

/* A run of channels that lie together in the part and in the layer. */
struct run {
  size_t whole, own, size;  // byte offsets and length
};

static struct run run_of(const struct assay_parts *parts, const struct assay_part *part,
                         size_t pixel, size_t element) {
  const size_t out_x = (size_t)assay_conv_out_x(&part->shape), out_c = (size_t)part->shape.out_c;
  const size_t y = (size_t)part->y + pixel / out_x, x = (size_t)part->x + pixel % out_x;
  const size_t place =
      (y * (size_t)assay_conv_out_x(&parts->shape) + x) * (size_t)parts->shape.out_c +
      (size_t)part->oc;
  return (struct run){place * element, pixel * out_c * element, out_c * element};
}

static size_t pixels_of(const struct assay_part *part) {
  return (size_t)assay_conv_out_y(&part->shape) * (size_t)assay_conv_out_x(&part->shape);
}

void assay_part_output(const struct assay_parts *parts, const struct assay_part *part,
                       const void *whole, size_t element, void *out) {
  for (size_t pixel = 0; pixel < pixels_of(part); pixel++) {
    const struct run run = run_of(parts, part, pixel, element);
    memcpy((uint8_t *)out + run.own, (const uint8_t *)whole + run.whole, run.size);
  }
}

void assay_part_join(const struct assay_parts *parts, const struct assay_part *part,
                     const void *values, size_t element, void *whole) {
  for (size_t pixel = 0; pixel < pixels_of(part); pixel++) {
    const struct run run = run_of(parts, part, pixel, element);
    memcpy((uint8_t *)whole + run.whole, (const uint8_t *)values + run.own, run.size);
  }
}
