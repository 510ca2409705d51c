/* Chooses how a layer is cut: some cuts along each axis, each planned part by part. No twin. */
#include <stdio.h>
#include <string.h>

#include "golden/arithmetic.h"
#include "golden/cycles.h"
#include "golden/parts.h"
#include "golden/plan_private.h"
#include "golden/requant.h"
#include "golden/sequencer.h"

enum {
  MOST_CUTS = 48,     // of one axis
  MOST_KINDS = 64,    // kinds of parts whose cycles are remembered
  MOST_PARTS = 4096,  // more jobs than that are no plan
  EVEN_CUTS = 16,     // into 2, 3, ... equal parts
  FINER = 3,          // cuts of the columns tried beyond the first that fits
  REASON_SIZE = 256,
};

/* Outputs a part along one axis, from the whole axis to the finest, without repeats. */
struct cuts {
  int32_t count, values[MOST_CUTS];
};

static void add_cut(struct cuts *cuts, int32_t value, int32_t most) {
  if (value < 1 || value > most || cuts->count == MOST_CUTS) return;
  for (int32_t i = 0; i < cuts->count; i++) {
    if (cuts->values[i] == value) return;
  }
  cuts->values[cuts->count++] = value;
}

/* Cycles of a kind of part: the shape decides, for all channels have one kind of requantizer. */
struct kind {
  struct assay_conv_shape shape;
  uint64_t cycles;  // behind another part
  uint64_t alone;   // as the first one
};

/* The layer and the best cut so far. */
struct search {
  const struct assay_engine_config *engine;
  const struct assay_conv *conv;
  const struct assay_lowered *lowered;
  struct assay_parts best;  // rows 0: none yet
  uint64_t bar;             // cycles that a better cut stays below
  enum assay_status status;
  char *reason;  // of the latest part that did not fit; or NULL
  size_t kind_count;
  struct kind kinds[MOST_KINDS];  // the latest ones
};

// Cycles of a cut //

static const struct kind *find_kind(const struct search *search, const struct assay_part *part) {
  for (size_t i = 0; i < search->kind_count && i < MOST_KINDS; i++) {
    const struct kind *kind = &search->kinds[i];
    if (memcmp(&kind->shape, &part->shape, sizeof part->shape) == 0) return kind;
  }
  return NULL;
}

/* The cycles of a part, planned unless they are remembered; NULL: it does not fit. */
static const struct kind *kind_of(struct search *search, const struct assay_part *part) {
  struct assay_plan plan;
  const struct kind *found = find_kind(search, part);
  if (found) return found;
  search->status =
      assay_part_plan(search->engine, search->conv, search->lowered, part, &plan, search->reason);
  if (search->status != ASSAY_OK) return NULL;
  struct kind *kind = &search->kinds[search->kind_count++ % MOST_KINDS];
  const struct assay_cycles cycles = assay_predict_cycles(&plan);
  *kind = (struct kind){part->shape, assay_queued_cycles(&cycles), cycles.total};
  return kind;
}

/* Fewer cycles than these are not possible: products, and words of the activation and output
 * streams. */
static uint64_t least_cycles(const struct search *search, const struct assay_parts *parts,
                             size_t count) {
  const int32_t channels = search->engine->channels;
  const uint64_t lanes = (uint64_t)search->engine->pixels * (uint64_t)channels;
  uint64_t act = 0, out = 0;
  for (size_t i = 0; i < count; i++) {
    const struct assay_conv_shape s = assay_parts_at(parts, i).shape;
    act += (uint64_t)s.in_y * (uint64_t)s.in_x * (uint64_t)assay_ceil_div(s.in_c, channels);
    out += (uint64_t)assay_conv_out_y(&s) * (uint64_t)assay_conv_out_x(&s) *
           (uint64_t)assay_ceil_div(s.out_c, channels);
  }
  const uint64_t products = (uint64_t)assay_conv_macs(&parts->shape) / lanes;
  const uint64_t words = act > out ? act : out;
  return products > words ? products : words;
}

/* Every part is work for a driver: a layer that fits whole is cut only to save 1 %. */
static void keep(struct search *search, const struct assay_parts *parts, size_t count) {
  search->best = *parts;
  search->bar = count == 1 ? parts->cycles - parts->cycles / 100 : parts->cycles;
}

/* Plans every part of a cut; it becomes the best one if it is faster. False: a part does not fit.
 */
static bool try_cut(struct search *search, int32_t rows, int32_t columns, int32_t channels) {
  struct assay_parts parts = assay_parts_of(&search->conv->shape, rows, columns, channels);
  const size_t count = assay_parts_count(&parts);
  if (count > MOST_PARTS) {
    search->status = ASSAY_ERROR_CAPACITY;
    return false;
  }
  if (least_cycles(search, &parts, count) >= search->bar) return true;
  for (size_t i = 0; i < count; i++) {
    const struct assay_part part = assay_parts_at(&parts, i);
    const struct kind *kind = kind_of(search, &part);
    if (!kind) return false;
    parts.cycles += i == 0 ? kind->alone : kind->cycles;
    if (parts.cycles >= search->bar) return true;
  }
  keep(search, &parts, count);
  return true;
}

// Cuts worth trying //

/* Output channels that fill whole blocks and whole groups. */
static int32_t channel_unit(const struct search *search) {
  const struct assay_conv_shape *s = &search->conv->shape;
  const int32_t channels = search->engine->channels, group = s->out_c / s->groups;
  if (s->groups == 1) return channels;
  int32_t unit = channels;
  while (unit % group != 0) unit += channels;
  return unit;
}

/* Channels whose parameters or weights stay resident, and those of which one slot just fits. */
static void add_resident(const struct search *search, struct cuts *cuts) {
  const struct assay_engine_config *e = search->engine;
  const struct assay_conv_shape *s = &search->conv->shape;
  const int64_t taps = (int64_t)s->kernel_y * s->kernel_x;
  const int64_t reduce = taps * assay_ceil_div(s->in_c / s->groups, e->channels);
  const int64_t spread = taps * (s->in_c / s->groups);
  const bool int4 = search->conv->int4_weights && e->int4_weights;
  const int64_t depth = (int64_t)e->weight_depth * (int4 ? 2 : 1);  // in steps of the array
  const bool lists = search->lowered->kind == ASSAY_REQUANT_THRESHOLD;
  add_cut(cuts, (lists ? e->threshold_blocks : e->param_blocks) * e->channels, s->out_c);
  if (spread <= depth) {
    add_cut(cuts, (int32_t)(depth / (spread + (int4 ? spread % 2 : 0))) * e->channels, s->out_c);
  }
  if (reduce <= depth) {
    const int32_t fit = (int32_t)(depth / reduce);
    add_cut(cuts, fit < e->channels ? fit : fit - fit % e->channels, s->out_c);
  }
}

static struct cuts channel_cuts(const struct search *search, int32_t wish) {
  const struct assay_conv_shape *s = &search->conv->shape;
  const int32_t unit = channel_unit(search);
  struct cuts cuts = {0};
  if (wish > 0) {
    add_cut(&cuts, assay_lesser(wish, s->out_c), s->out_c);
    return cuts;
  }
  add_cut(&cuts, assay_lesser(s->out_c, assay_field_max(search->engine->size_bits)), s->out_c);
  for (int32_t n = 2; n <= EVEN_CUTS; n++) {
    add_cut(&cuts, assay_round_up(assay_ceil_div(s->out_c, n), unit), s->out_c);
  }
  add_resident(search, &cuts);
  add_cut(&cuts, search->engine->channels, s->out_c);
  add_cut(&cuts, 1, s->out_c);
  return cuts;
}

/* Most outputs of an axis whose numbers the engine's fields hold. */
static int32_t within_fields(const struct search *search, int32_t in, int32_t out, int32_t stride,
                             int32_t window) {
  const int32_t field = assay_field_max(search->engine->size_bits);
  const int32_t most = (field - window) / stride;
  if (in <= field && out <= field) return out;
  return assay_ceil_div(out, assay_ceil_div(out, most < 1 ? 1 : most));
}

/* Rows are cut only where the fields do not hold them: the engine streams them. */
static int32_t row_cut(const struct search *search, int32_t wish) {
  const struct assay_conv_shape *s = &search->conv->shape;
  const int32_t out_y = assay_conv_out_y(s);
  if (wish > 0) return assay_lesser(wish, out_y);
  return within_fields(search, s->in_y, out_y, s->stride_y, (s->kernel_y - 1) * s->dilation_y + 1);
}

static bool too_small(const struct search *search) {
  return search->status == ASSAY_ERROR_CAPACITY;
}

/* Whole rows first, then equal columns, rounded up to full tiles or not; a few beyond the first
 * that fits. */
static void try_columns(struct search *search, int32_t rows, int32_t wish, int32_t channels) {
  const struct assay_conv_shape *s = &search->conv->shape;
  const int32_t out_x = assay_conv_out_x(s), pixels = search->engine->pixels;
  int32_t columns =
      within_fields(search, s->in_x, out_x, s->stride_x, (s->kernel_x - 1) * s->dilation_x + 1);
  if (wish > 0) {
    (void)try_cut(search, rows, assay_lesser(wish, out_x), channels);
    return;
  }
  for (int32_t fitting = 0; fitting <= FINER;) {
    const int32_t full = assay_round_up(columns, pixels);
    bool fits = full < out_x && full != columns && try_cut(search, rows, full, channels);
    fits = try_cut(search, rows, columns, channels) || fits;
    if (fits) fitting++;
    if (columns == 1 || (!fits && !too_small(search))) return;
    columns = assay_ceil_div(out_x, assay_ceil_div(out_x, columns - 1));
  }
}

/* Whether the finest part fits, and every channel's parameters; if not, no cut does. */
static enum assay_status check_finest(const struct search *search) {
  const struct assay_parts finest = assay_parts_of(&search->conv->shape, 1, 1, 1);
  const size_t pixel =
      (size_t)(finest.y_count / 2) * (size_t)finest.x_count + (size_t)(finest.x_count / 2);
  const struct assay_part part = assay_parts_at(&finest, pixel * (size_t)finest.oc_count);
  struct assay_plan plan;
  const enum assay_status status =
      assay_part_plan(search->engine, search->conv, search->lowered, &part, &plan, search->reason);
  if (status == ASSAY_ERROR_CAPACITY && search->reason) {
    static const char more[] = ", even for one output; sums over input channels cannot be cut";
    const size_t used = strlen(search->reason);
    (void)snprintf(search->reason + used, REASON_SIZE - used, "%s", more);
  }
  if (status != ASSAY_OK) return status;
  return assay_plan_check_channels(search->engine, search->lowered, search->conv->shape.out_c,
                                   search->reason);
}

static enum assay_status find_best(struct search *search, const struct assay_parts_wish *wish) {
  const struct cuts cuts = channel_cuts(search, wish->channels);
  const int32_t rows = row_cut(search, wish->rows);
  for (int32_t i = 0; i < cuts.count; i++) {
    try_columns(search, rows, wish->columns, cuts.values[i]);
  }
  return search->best.rows > 0 ? ASSAY_OK : search->status;
}

enum assay_status assay_parts_plan(const struct assay_engine_config *engine,
                                   const struct assay_conv *conv,
                                   const struct assay_lowered *lowered,
                                   const struct assay_parts_wish *wish, struct assay_parts *parts,
                                   char reason[256]) {
  const struct assay_parts_wish none = {0, 0, 0};
  struct search search = {
      .engine = engine, .conv = conv, .lowered = lowered, .bar = UINT64_MAX, .reason = reason};
  enum assay_status status = assay_conv_shape_check(&conv->shape);
  if (status != ASSAY_OK) {  // in the words of the planner
    const struct assay_part whole = {.shape = conv->shape};
    struct assay_plan plan;
    return assay_part_plan(engine, conv, lowered, &whole, &plan, reason);
  }
  status = check_finest(&search);
  if (status == ASSAY_OK) status = find_best(&search, wish ? wish : &none);
  if (status == ASSAY_OK) *parts = search.best;
  return status;
}
