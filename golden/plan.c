/* Maps a layer to an engine: mode, row groups, buffers, registers, stream lengths. No twin: the
 * RTL checks what it is given (golden/registers.h). */
#include "golden/plan.h"

#include "golden/arithmetic.h"
#include "golden/banks.h"
#include "golden/cycles.h"
#include "golden/plan_private.h"
#include "golden/registers.h"
#include "golden/requant.h"
#include "golden/sequencer.h"

/* Row groups tried; more rows gain nothing that these do not. */
enum { GROUP_SEARCH = 64 };

static int32_t greatest_divisor(int32_t a, int32_t b) {
  while (b != 0) {
    const int32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* Input channels that the groups of one block of output channels read together, at most. */
static int32_t widest_spread(const struct assay_plan *plan) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t channels = plan->engine.channels, out_group = s->out_c / s->groups;
  int32_t widest = 1;
  for (int32_t oc = 0; oc < s->out_c; oc += channels) {
    const int32_t last = assay_lesser(oc + channels, s->out_c) - 1;
    const int32_t groups = last / out_group - oc / out_group + 1;
    if (groups > widest) widest = groups;
  }
  return widest * (s->in_c / s->groups);
}

/* Input blocks that one group touches, at most. */
static int32_t widest_reduce(const struct assay_plan *plan) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t channels = plan->engine.channels, in_group = s->in_c / s->groups;
  int32_t widest = 1;
  for (int32_t start = 0; start < s->in_c; start += in_group) {
    const int32_t blocks = (start + in_group - 1) / channels - start / channels + 1;
    if (blocks > widest) widest = blocks;
  }
  return widest;
}

static int32_t count_of(const struct assay_plan *plan) {
  if (plan->mode == ASSAY_MODE_DEPTHWISE) return 1;
  return plan->mode == ASSAY_MODE_REDUCE ? widest_reduce(plan) : widest_spread(plan);
}

/* Slots that fit and are of use; a wish is granted if it fits. Slots that are filled again and
 * again are at most ASSAY_STREAMED_SLOTS, for which the cycle model has room. */
static enum assay_status choose_slots_of(int32_t blocks, int32_t room, int32_t wish,
                                         const char *memory, int32_t *slots, char *reason) {
  const bool streamed = room < blocks || (wish > 0 && wish < blocks);
  const int32_t most = streamed ? assay_lesser(room, ASSAY_STREAMED_SLOTS) : blocks;
  *slots = wish > 0 ? wish : most;
  if (*slots <= most) return ASSAY_OK;
  return assay_plan_refuse(ASSAY_ERROR_CAPACITY, reason,
                           "%d blocks in the %s memory are asked for; %d fit", wish, memory, most);
}

static enum assay_status choose_slots(struct assay_plan *plan, const struct assay_plan_wish *wish,
                                      char *reason) {
  const struct assay_engine_config *e = &plan->engine;
  const int64_t words =
      assay_weight_words(plan, (int64_t)assay_block_passes(plan, 0) * plan->shape.kernel_y *
                                   plan->shape.kernel_x * plan->count);
  if (words > e->weight_depth) {
    return assay_plan_refuse(
        ASSAY_ERROR_CAPACITY, reason,
        "a block of %d output channels needs %lld words of the weight memory, expected at most %d "
        "as engine %s has",
        assay_block_channels(plan, 0), (long long)words, e->weight_depth, e->name);
  }
  const enum assay_status status =
      choose_slots_of(plan->out_blocks, e->weight_depth / (int32_t)words, wish->weight_slots,
                      "weight", &plan->weight_slots, reason);
  if (status != ASSAY_OK) return status;
  const bool lists = plan->kind == ASSAY_REQUANT_THRESHOLD;
  return choose_slots_of(plan->out_blocks, lists ? e->threshold_blocks : e->param_blocks,
                         wish->param_slots, "parameter", &plan->param_slots, reason);
}

/* A tile may run on into the next row if neighbouring lanes stay in neighbouring banks. */
static void choose_pitch(struct assay_plan *plan) {
  const int32_t pixels = plan->engine.pixels;
  plan->pitch = assay_ceil_div(plan->shape.in_x, plan->shape.stride_x);
  if (plan->rows_per_group == 1) return;
  const int32_t out_x = assay_conv_out_x(&plan->shape);
  while ((plan->pitch - out_x) % pixels != 0) plan->pitch++;
}

/* Ring rows that come in steps: the ring's end must keep the order of the banks. */
static int32_t ring_unit(const struct assay_plan *plan) {
  if (plan->rows_per_group == 1) return 1;
  return plan->engine.pixels / greatest_divisor(plan->engine.pixels, plan->pitch);
}

/* Rows of one phase that a group needs at once: its window, or the whole image. */
static int32_t least_ring(const struct assay_plan *plan) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t window =
      (plan->rows_per_group - 1) * s->stride_y + (s->kernel_y - 1) * s->dilation_y + 1;
  return assay_round_up(assay_ceil_div(assay_lesser(window, s->in_y), s->stride_y),
                        ring_unit(plan));
}

static int64_t bank_words(const struct assay_plan *plan, int32_t ring_rows) {
  const struct assay_conv_shape *s = &plan->shape;
  const int64_t positions =
      (int64_t)plan->in_blocks * s->stride_x * s->stride_y * ring_rows * plan->pitch;
  return (positions + plan->engine.pixels - 1) / plan->engine.pixels;
}

static bool ring_fits(const struct assay_plan *plan, int32_t ring_rows) {
  const int32_t most = assay_field_max(plan->engine.size_bits);
  return ring_rows <= most && plan->pitch <= most &&
         bank_words(plan, ring_rows) <= plan->engine.bank_depth;
}

static void try_ring(struct assay_plan *best, struct assay_plan *candidate, int32_t ring_rows) {
  if (!ring_fits(candidate, ring_rows)) return;
  candidate->ring_rows = ring_rows;
  candidate->cycles = assay_predict_cycles(candidate).total;
  if (best->rows_per_group == 0 || candidate->cycles < best->cycles) *best = *candidate;
}

/* Ring sizes worth trying: the least, one that lets the next group load meanwhile, all rows. Of
 * equally fast ones the first is kept, which is the smallest. */
static bool try_rings(struct assay_plan *best, struct assay_plan *candidate, int32_t wish) {
  const int32_t unit = ring_unit(candidate), least = least_ring(candidate);
  const int32_t all =
      assay_round_up(assay_ceil_div(candidate->shape.in_y, candidate->shape.stride_y), unit);
  const int32_t overlap =
      assay_lesser(all, least + assay_round_up(candidate->rows_per_group, unit));
  if (!ring_fits(candidate, least)) return false;
  if (wish > 0) {
    if (wish >= least && wish % unit == 0) try_ring(best, candidate, wish);
    return true;
  }
  try_ring(best, candidate, least);
  if (overlap > least) try_ring(best, candidate, overlap);
  if (all > overlap) try_ring(best, candidate, all);
  return true;
}

static enum assay_status refuse_width(const struct assay_plan *plan, char *reason) {
  const int32_t least = least_ring(plan);
  return assay_plan_refuse(
      ASSAY_ERROR_CAPACITY, reason,
      "an image %d pixels wide needs %lld words of each activation bank, expected at most %d as "
      "engine %s has",
      plan->shape.in_x, (long long)bank_words(plan, least), plan->engine.bank_depth,
      plan->engine.name);
}

static bool try_group(struct assay_plan *best, struct assay_plan *candidate, int32_t rows,
                      const struct assay_plan_wish *wish) {
  candidate->rows_per_group = rows;
  choose_pitch(candidate);
  return try_rings(best, candidate, wish->ring_rows);
}

/* Groups of one row, then larger ones while they fit, then the whole image in one. */
static enum assay_status try_groups(struct assay_plan *best, struct assay_plan *candidate,
                                    const struct assay_plan_wish *wish, char *reason) {
  const int32_t out_y = assay_conv_out_y(&candidate->shape);
  const int32_t wished = wish->rows_per_group;
  if (!try_group(best, candidate, wished > 0 ? assay_lesser(wished, out_y) : 1, wish)) {
    return refuse_width(candidate, reason);
  }
  if (wished > 0) return ASSAY_OK;
  for (int32_t rows = 2; rows <= assay_lesser(out_y, GROUP_SEARCH); rows++) {
    if (!try_group(best, candidate, rows, wish)) break;
  }
  (void)try_group(best, candidate, out_y, wish);
  return ASSAY_OK;
}

/* One mode; *best is replaced when this one is faster. */
static enum assay_status try_mode(struct assay_plan *best, struct assay_plan candidate,
                                  enum assay_engine_mode mode, const struct assay_plan_wish *wish,
                                  char *reason) {
  candidate.mode = mode;
  candidate.count = count_of(&candidate);
  const enum assay_status status = choose_slots(&candidate, wish, reason);
  return status == ASSAY_OK ? try_groups(best, &candidate, wish, reason) : status;
}

static bool mode_suits(const struct assay_conv_shape *s, int32_t wish,
                       enum assay_engine_mode mode) {
  const bool depthwise = s->groups == s->in_c && s->in_c == s->out_c;
  if (mode == ASSAY_MODE_DEPTHWISE) return depthwise && (wish < 0 || wish == (int32_t)mode);
  return wish < 0 ? !depthwise : wish == (int32_t)mode;
}

static enum assay_status choose_mapping(struct assay_plan *plan, const struct assay_plan_wish *wish,
                                        char *reason) {
  const enum assay_engine_mode modes[] = {ASSAY_MODE_DEPTHWISE, ASSAY_MODE_REDUCE,
                                          ASSAY_MODE_SPREAD};
  struct assay_plan best = *plan;
  enum assay_status status = assay_plan_refuse(
      ASSAY_ERROR_ARGUMENT, reason, "the mapping that is asked for does not suit the layer");
  bool told = false;  // the reason is that of the first mode, which takes the larger layers
  for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
    if (!mode_suits(&plan->shape, wish->mode, modes[i])) continue;
    const enum assay_status failed = try_mode(&best, *plan, modes[i], wish, told ? NULL : reason);
    if (failed != ASSAY_OK && !told) status = failed;
    told = told || failed != ASSAY_OK;
  }
  if (best.rows_per_group == 0) return status;
  *plan = best;
  return ASSAY_OK;
}

/* A layer whose weights pass through the memory leaves half of it to its neighbours, if that costs
 * it nothing: theirs can then be loaded early (golden/sequence.h). */
static void leave_room(struct assay_plan *plan) {
  const int32_t slots = plan->engine.weight_depth / 2 / assay_slot_words(plan);
  const bool once = assay_group_count(plan) == 1 || plan->weight_slots < plan->out_blocks;
  if (!once || slots < 1 || slots >= plan->weight_slots) return;
  struct assay_plan smaller = *plan;
  smaller.weight_slots = assay_lesser(slots, ASSAY_STREAMED_SLOTS);
  smaller.cycles = assay_predict_cycles(&smaller).total;
  if (smaller.cycles <= plan->cycles) *plan = smaller;
}

static uint32_t low16(int32_t value) { return (uint32_t)value & 0xffffu; }

static uint32_t halves(int32_t low, int32_t high) { return low16(low) | low16(high) << 16; }

static uint32_t bytes(int32_t a, int32_t b, int32_t c, int32_t d) {
  return (uint32_t)a | (uint32_t)b << 8 | (uint32_t)c << 16 | (uint32_t)d << 24;
}

static uint32_t mode_value(const struct assay_plan *plan) {
  return (uint32_t)plan->mode | (plan->x_dtype == ASSAY_QINT8 ? 1u << 4 : 0) |
         (plan->q_low < 0 ? 1u << 5 : 0) | (plan->kind == ASSAY_REQUANT_THRESHOLD ? 1u << 8 : 0) |
         (plan->kind == ASSAY_REQUANT_CORRECTED ? 1u << 9 : 0) |
         (plan->int4_weights ? 1u << 10 : 0);
}

static uint32_t clamp_value(const struct assay_plan *plan) {
  return ((uint32_t)plan->out_min & 0x1ffu) | ((uint32_t)plan->out_max & 0x1ffu) << 16;
}

static void fill_writes(struct assay_plan *plan) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t zero = plan->x_zp - assay_dtype_min(plan->x_dtype);
  const struct assay_register_write writes[] = {
      {ASSAY_REG_MODE, mode_value(plan)},
      {ASSAY_REG_IN_SIZE, halves(s->in_x, s->in_y)},
      {ASSAY_REG_OUT_SIZE, halves(assay_conv_out_x(s), assay_conv_out_y(s))},
      {ASSAY_REG_CHANNELS, halves(plan->in_blocks, s->out_c)},
      {ASSAY_REG_KERNEL, bytes(s->kernel_x, s->kernel_y, 0, 0) | halves(0, plan->count)},
      {ASSAY_REG_STEP, bytes(s->stride_x, s->stride_y, s->dilation_x, s->dilation_y)},
      {ASSAY_REG_PAD, bytes(s->pad_left, s->pad_top, zero, 0)},
      {ASSAY_REG_CLAMP, clamp_value(plan)},
      {ASSAY_REG_GROUP, halves(plan->rows_per_group, plan->ring_rows)},
      {ASSAY_REG_PITCH, halves(plan->pitch, 0)},
      {ASSAY_REG_SLOTS, halves(plan->weight_slots, plan->param_slots)},
      {ASSAY_REG_WEIGHT_BASE, (uint32_t)plan->weight_base},
      {ASSAY_REG_CONTROL, 1},
  };
  plan->write_count = sizeof(writes) / sizeof(writes[0]);
  for (size_t i = 0; i < plan->write_count; i++) plan->writes[i] = writes[i];
}

static void fill_lengths(struct assay_plan *plan) {
  const struct assay_conv_shape *s = &plan->shape;
  size_t weights = 0;
  for (int32_t block = 0; block < plan->out_blocks; block++) {
    weights += (size_t)assay_block_weight_words(plan, block);
  }
  plan->activation_words = (size_t)s->in_y * (size_t)plan->in_blocks * (size_t)s->in_x;
  plan->weight_words = weights * (size_t)assay_stream_repeats(plan, plan->weight_slots);
  plan->param_words = (size_t)s->out_c * (size_t)assay_record_words(plan->kind) *
                      (size_t)assay_stream_repeats(plan, plan->param_slots);
  plan->output_words =
      (size_t)assay_conv_out_y(s) * (size_t)assay_conv_out_x(s) * (size_t)plan->out_blocks;
}

enum assay_status assay_plan_layer_as(const struct assay_engine_config *engine,
                                      const struct assay_conv *conv,
                                      const struct assay_lowered *lowered,
                                      const struct assay_plan_wish *wish, struct assay_plan *plan,
                                      char reason[256]) {
  const struct assay_plan_wish none = {.mode = -1};
  enum assay_status status = assay_plan_check(engine, conv, lowered, reason);
  if (status != ASSAY_OK) return status;
  struct assay_plan made = {.engine = *engine, .shape = conv->shape};
  made.x_dtype = conv->x.dtype;
  made.x_zp = conv->x.zero_point;
  made.kind = lowered->kind;
  made.q_low = lowered->q_low;
  made.out_min = lowered->out_min;
  made.out_max = lowered->out_max;
  made.int4_weights = conv->int4_weights && engine->int4_weights;
  made.in_blocks = assay_ceil_div(conv->shape.in_c, engine->channels);
  made.out_blocks = assay_ceil_div(conv->shape.out_c, engine->channels);
  status = choose_mapping(&made, wish ? wish : &none, reason);
  if (status != ASSAY_OK) return status;
  if (!wish || wish->weight_slots == 0) leave_room(&made);
  fill_writes(&made);
  fill_lengths(&made);
  *plan = made;
  return ASSAY_OK;
}

enum assay_status assay_plan_layer(const struct assay_engine_config *engine,
                                   const struct assay_conv *conv,
                                   const struct assay_lowered *lowered, struct assay_plan *plan,
                                   char reason[256]) {
  return assay_plan_layer_as(engine, conv, lowered, NULL, plan, reason);
}
