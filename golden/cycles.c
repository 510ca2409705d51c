/* Cycle model of the engine: event by event, no cycle loop. No twin. */
#include "golden/cycles.h"

#include "golden/banks.h"
#include "golden/requant.h"
#include "golden/sequencer.h"

/* Cycles from the last multiplication to the last output word. */
enum { PIPELINE = 14 };

static uint64_t max64(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* One stream: when its words are in, given when the engine lets it go on. */
struct feed {
  uint64_t time;    // when the last accepted unit is in
  int64_t arrived;  // units (rows or blocks)
};

struct model {
  const struct assay_plan *plan;
  struct assay_cycles sum;
  uint64_t now;
  struct feed rows, weights, params;
};

static uint64_t row_words(const struct assay_plan *plan) {
  return (uint64_t)plan->in_blocks * (uint64_t)plan->shape.in_x;
}

static void load_rows(struct model *m, int32_t end) {
  if (end <= m->rows.arrived) return;
  m->rows.time =
      max64(m->rows.time, m->now) + (uint64_t)(end - m->rows.arrived) * row_words(m->plan);
  m->rows.arrived = end;
}

/* When row `last` was in: rows behind it in the same acceptance came after it. */
static uint64_t row_ready(const struct model *m, int32_t last) {
  if (last < 0) return 0;
  const uint64_t behind = (uint64_t)(m->rows.arrived - 1 - last) * row_words(m->plan);
  return m->rows.time > behind ? m->rows.time - behind : 0;
}

static uint64_t wait_until(struct model *m, uint64_t ready) {
  const uint64_t wait = ready > m->now ? ready - m->now : 0;
  m->now += wait;
  return wait;
}

/* Blocks of a stream that is sent once come one behind the other; one that is sent again for every
 * row group waits for its slot. */
static uint64_t block_ready(const struct model *m, struct feed *feed, int32_t slots,
                            int64_t arrival, uint64_t words, uint64_t freed) {
  if (slots >= m->plan->out_blocks && arrival >= m->plan->out_blocks) return 0;
  feed->time = max64(feed->time, freed) + words;
  return feed->time;
}

/* Moment at which the slot of an arrival was given up; the model keeps the block starts of the last
 * `slots` blocks by the rule that they took equal time. */
static uint64_t slot_freed(const struct model *m, int32_t slots, int64_t arrival, uint64_t block) {
  if (arrival < slots) return 0;
  const uint64_t back = (uint64_t)(slots - 1) * block;
  return m->now > back ? m->now - back : 0;
}

static uint64_t tile_cycles(const struct assay_plan *plan, int32_t block) {
  return (uint64_t)assay_block_weight_words(plan, block);
}

static void run_block(struct model *m, int32_t group, int32_t block) {
  const struct assay_plan *plan = m->plan;
  const int64_t arrival = (int64_t)group * plan->out_blocks + block;
  const uint64_t compute = (uint64_t)assay_group_tiles(plan, group) * tile_cycles(plan, block);
  const uint64_t pixels = (uint64_t)plan->engine.pixels;
  const uint64_t steps = max64(tile_cycles(plan, block), pixels);
  const uint64_t length = (uint64_t)assay_group_tiles(plan, group) * steps;
  const uint64_t records =
      (uint64_t)(assay_block_channels(plan, block) * assay_record_words(plan->kind));
  const uint64_t weights_in =
      block_ready(m, &m->weights, plan->weight_slots, arrival, tile_cycles(plan, block),
                  slot_freed(m, plan->weight_slots, arrival, length));
  const uint64_t params_in = block_ready(m, &m->params, plan->param_slots, arrival, records,
                                         slot_freed(m, plan->param_slots, arrival, length));
  m->sum.wait_weights += wait_until(m, weights_in);
  m->sum.wait_params += wait_until(m, params_in);
  m->sum.compute += compute;
  m->sum.wait_output += length - compute;
  m->now += length;
}

struct assay_cycles assay_predict_cycles(const struct assay_plan *plan) {
  struct model m = {.plan = plan};
  for (int32_t group = 0; group < assay_group_count(plan); group++) {
    load_rows(&m, assay_ring_end(plan, group));
    m.sum.wait_rows += wait_until(&m, row_ready(&m, assay_group_last_row(plan, group)));
    for (int32_t block = 0; block < plan->out_blocks; block++) run_block(&m, group, block);
  }
  const uint64_t done = m.now;
  load_rows(&m, plan->shape.in_y);
  (void)wait_until(&m, m.rows.time);
  m.sum.drain = m.now - done + PIPELINE;
  m.sum.total = m.now + PIPELINE;
  return m.sum;
}
