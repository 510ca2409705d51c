/* Cycle model of the engine: one step a block of a row group, no cycle loop. No twin; where a
 * number stands for a pipeline stage, the RTL module that has it is named. */
#include "golden/cycles.h"

#include "golden/arithmetic.h"
#include "golden/banks.h"
#include "golden/cycles_private.h"
#include "golden/requant.h"
#include "golden/sequencer.h"
#include "golden/tile_clock.h"

enum {
  TO_FREE = 1,            // from tap to the stage in which a block or group is given up
  AFFINE_LATENCY = 4,     // assay_requant
  THRESHOLD_LATENCY = 9,  // assay_requant
  // From a layer's end, a cycle after its last word, to the next one's start (assay_control).
  HANDOVER = ASSAY_QUEUED_GAP - 1,
  CHUNKS = 4,  // batches of rows whose arrival is remembered
};

static uint64_t to64(int32_t value) { return (uint64_t)value; }

static uint64_t bit_length(int32_t value) {
  uint64_t bits = 0;
  for (; value > 0; value >>= 1) bits++;
  return bits;
}

/* assay_phase: cycles to split padding and dilation by the stride, by repeated subtraction. */
static uint64_t phase_cycles(int32_t pad, int32_t dilation, int32_t stride) {
  const int32_t back = assay_ceil_div(pad, stride);
  const int32_t steps = back + (back * stride - pad) + dilation / stride + dilation % stride;
  return to64(steps) + 4;
}

/* assay_control and assay_setup: cycles from the write to CONTROL until the engine runs. The serial
 * multiplier takes two cycles and one for every bit of its second factor. */
uint64_t assay_setup_cycles(const struct assay_plan *plan) {
  const struct assay_conv_shape *s = &plan->shape;
  const int32_t last = assay_block_channels(plan, plan->out_blocks - 1);
  const int32_t factors[] = {plan->ring_rows,   s->stride_y,
                             s->stride_x,       plan->in_blocks,
                             s->stride_y,       s->stride_y,
                             s->kernel_y - 1,   s->stride_y,
                             s->kernel_x - 1,   s->stride_x,
                             s->stride_x,       s->kernel_y,
                             plan->count,       plan->mode == ASSAY_MODE_REDUCE ? last : 1,
                             plan->weight_slots};
  uint64_t time = 3, phases = 0;
  for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++) {
    time += 2 + bit_length(factors[i]);
    if (i == 2) {
      phases = time + 1 +
               assay_later(phase_cycles(s->pad_top, s->dilation_y, s->stride_y),
                           phase_cycles(s->pad_left, s->dilation_x, s->stride_x));
    }
  }
  return assay_later(time + 1, phases) + 3;
}

/* A batch of input rows that the ring accepts at once. */
struct chunk {
  int32_t row;    // first row
  uint64_t time;  // cycle in which its first word is taken
};

/* A memory of block slots and the stream that fills it. */
struct feed {
  int32_t slots;
  bool resident;
  int64_t next;                          // cycle in which the next block may begin to arrive
  uint64_t freed[ASSAY_STREAMED_SLOTS];  // when the arrival that had the slot was given up
};

/* All times are cycles since the engine began to run. */
struct model {
  const struct assay_plan *plan;
  struct assay_cycles sum;
  struct chunk chunks[CHUNKS];  // the latest is chunks[chunk_count - 1 mod CHUNKS]
  int32_t chunk_count, rows;    // rows accepted so far
  uint64_t rows_next;           // cycle in which the next row may begin to arrive
  struct feed weights, params;
  struct assay_tile_clock clock;
  bool single;          // the latest tile has one pass
  uint64_t group_free;  // the rows of the latest group are given up
};

static uint64_t row_words(const struct assay_plan *plan) {
  return to64(plan->in_blocks) * to64(plan->shape.in_x);
}

/* Rows below `end` are accepted from cycle `from` on. */
static void accept_rows(struct model *m, int32_t end, uint64_t from) {
  if (end <= m->rows) return;
  const uint64_t begin = assay_later(m->rows_next, from);
  m->chunks[m->chunk_count++ % CHUNKS] = (struct chunk){m->rows, begin};
  m->rows_next = begin + to64(end - m->rows) * row_words(m->plan);
  m->rows = end;
}

/* Cycle from which a row counts as loaded; rows older than all remembered batches are long in. */
static uint64_t row_ready(const struct model *m, int32_t row) {
  for (int32_t i = 1; i <= CHUNKS && i <= m->chunk_count && row >= 0; i++) {
    const struct chunk *chunk = &m->chunks[(m->chunk_count - i) % CHUNKS];
    if (row >= chunk->row) return chunk->time + to64(row - chunk->row + 1) * row_words(m->plan);
  }
  return 0;
}

/* Cycle from which all that has been asked for counts as loaded; 0 when it came early. */
static uint64_t loaded(const struct feed *feed) {
  return feed->next > 0 ? (uint64_t)feed->next : 0;
}

/* Cycle from which arrival n of a stream counts as loaded; to be called for every n in order. */
static uint64_t block_ready(struct feed *feed, int64_t n, uint64_t words) {
  int64_t begin = feed->next;
  if (!feed->resident && n >= feed->slots) {
    const int64_t free = (int64_t)feed->freed[n % feed->slots] + 1;
    if (free > begin) begin = free;
  }
  feed->next = begin + (int64_t)words;
  return loaded(feed);
}

static struct feed feed_of(const struct assay_plan *plan, int32_t slots) {
  return (struct feed){.slots = slots, .resident = slots >= plan->out_blocks};
}

/* The input block in which a channel begins to read. */
static int32_t first_block(const struct assay_plan *plan, int32_t oc) {
  const int32_t first = assay_channel_first(plan, oc);
  return plan->mode == ASSAY_MODE_SPREAD ? first / plan->engine.channels : first;
}

/* assay_first: a cycle for every input block between a channel's first and the one before it,
 * beginning with word 1. The next channel's word 1 waits for it, and the last word of a block. */
static uint64_t record_cycles(const struct assay_plan *plan, int32_t block) {
  const int32_t channels = assay_block_channels(plan, block);
  const int32_t words = assay_record_words(plan->kind);
  uint64_t cycles = 0;
  for (int32_t i = 0; i < channels; i++) {
    const int32_t oc = block * plan->engine.channels + i;
    const int32_t moved = first_block(plan, oc) - (oc > 0 ? first_block(plan, oc - 1) : 0);
    const int32_t hidden = words - 4 + (i < channels - 1 ? 2 : 0);
    cycles += to64(words) + to64(moved > hidden ? moved - hidden : 0);
  }
  return cycles;
}

/* What a block of a row group needs before it begins, as cycles. */
struct needs {
  uint64_t rows, weights, params;
};

static struct needs needs_of(struct model *m, int32_t group, int32_t block) {
  const struct assay_plan *plan = m->plan;
  const int64_t arrival = (int64_t)group * plan->out_blocks + block;
  struct needs needs = {0, 0, 0};
  if (block == 0) needs.rows = row_ready(m, assay_group_last_row(plan, group));
  if (group == 0 || !m->weights.resident) {
    const uint64_t words = to64(assay_block_weight_words(plan, block));
    needs.weights = block_ready(&m->weights, arrival, words);
  }
  if (group == 0 || !m->params.resident) {
    needs.params = block_ready(&m->params, arrival, record_cycles(plan, block));
  }
  return needs;
}

/* Cycle in which a block begins; its waits are put down to the first need that makes a difference.
 */
static uint64_t begin_block(struct model *m, uint64_t steps, const struct needs *needs) {
  const uint64_t data = assay_later(needs->rows, needs->weights);
  const uint64_t free = assay_tile_first(&m->clock, steps, m->single, 0);
  const uint64_t rows = assay_tile_first(&m->clock, steps, m->single, needs->rows);
  const uint64_t weights = assay_tile_first(&m->clock, steps, m->single, data);
  const uint64_t all =
      assay_tile_first(&m->clock, steps, m->single, assay_later(data, needs->params));
  m->sum.wait_rows += rows - free;
  m->sum.wait_weights += weights - rows;
  m->sum.wait_params += all - weights;
  return all;
}

static uint64_t requant_latency(const struct assay_plan *plan) {
  return plan->kind == ASSAY_REQUANT_THRESHOLD ? THRESHOLD_LATENCY : AFFINE_LATENCY;
}

/* Cycle in which the last vector of the latest tile moves from the requantizer to the output. */
static uint64_t requantized(const struct model *m) {
  return m->clock.drained[0] + m->clock.slices + requant_latency(m->plan);
}

static void free_slots(struct model *m, int32_t group, int32_t block, uint64_t steps) {
  const int64_t arrival = (int64_t)group * m->plan->out_blocks + block;
  const uint64_t freed = assay_tile_after(&m->clock, m->clock.load, steps + TO_FREE);
  if (!m->weights.resident) m->weights.freed[arrival % m->weights.slots] = freed;
  if (!m->params.resident) m->params.freed[arrival % m->params.slots] = requantized(m);
  m->group_free = freed;
}

static void run_block(struct model *m, int32_t group, int32_t block) {
  const struct assay_plan *plan = m->plan;
  const uint64_t pixels = to64(plan->engine.pixels);
  const uint64_t all = to64(assay_group_rows(plan, group)) * to64(assay_conv_out_x(&plan->shape));
  struct assay_tile_run run = {.steps = to64(assay_pass_steps(plan)),
                               .passes = to64(assay_block_passes(plan, block)),
                               .tiles = to64(assay_group_tiles(plan, group))};
  run.last_count = all - (run.tiles - 1) * pixels;
  const struct needs needs = needs_of(m, group, block);
  const uint64_t swap = begin_block(m, run.steps, &needs);
  m->sum.wait_output += assay_tile_run(&m->clock, &run, swap);
  m->sum.compute += run.tiles * run.passes * run.steps;
  m->single = run.passes == 1;
  free_slots(m, group, block, run.steps);
}

/* assay_engine: done two cycles after the last word moved on, and when all rows are taken. */
static void finish(struct model *m) {
  accept_rows(m, m->plan->shape.in_y, m->group_free + 1);
  struct assay_cycles *sum = &m->sum;
  const uint64_t done = assay_later(assay_later(requantized(m) + 2, m->rows_next),
                                    assay_later(loaded(&m->weights), loaded(&m->params)));
  sum->total = done;
  sum->rest = done - sum->compute - sum->wait_rows - sum->wait_weights - sum->wait_params -
              sum->wait_output;
}

struct assay_cycles assay_predict_run(const struct assay_plan *plan, int64_t weights_begin,
                                      int64_t *weights_end) {
  const struct assay_engine_config *engine = &plan->engine;
  struct model m = {.plan = plan};
  m.clock.pixels = to64(engine->pixels);
  m.clock.slices = to64(engine->channels / engine->requant_lanes);
  m.weights = feed_of(plan, plan->weight_slots);
  m.weights.next = weights_begin;
  m.params = feed_of(plan, plan->param_slots);
  for (int32_t group = 0; group < assay_group_count(plan); group++) {
    accept_rows(&m, assay_ring_end(plan, group), group == 0 ? 0 : m.group_free + 1);
    for (int32_t block = 0; block < plan->out_blocks; block++) run_block(&m, group, block);
  }
  finish(&m);
  *weights_end = m.weights.next;
  return m.sum;
}

uint64_t assay_queued_cycles(const struct assay_cycles *cycles) {
  return cycles->total - cycles->setup + HANDOVER;
}

struct assay_cycles assay_predict_cycles(const struct assay_plan *plan) {
  int64_t weights_end = 0;
  struct assay_cycles cycles = assay_predict_run(plan, 0, &weights_end);
  cycles.setup = assay_setup_cycles(plan);
  cycles.total += cycles.setup;
  return cycles;
}

enum assay_bound assay_bound_of(const struct assay_cycles *cycles) {
  const uint64_t parts[] = {cycles->compute, cycles->wait_rows, cycles->wait_weights,
                            cycles->wait_params, cycles->wait_output};
  size_t most = 0;
  for (size_t i = 1; i < sizeof(parts) / sizeof(parts[0]); i++) {
    if (parts[i] > parts[most]) most = i;
  }
  return (enum assay_bound)most;
}

const char *assay_bound_name(enum assay_bound bound) {
  static const char *const names[] = {"compute", "input", "weights", "parameters", "output"};
  return names[bound];
}

struct assay_buffer_use assay_plan_buffers(const struct assay_plan *plan) {
  return (struct assay_buffer_use){assay_bank_words(plan),
                                   plan->weight_slots * assay_slot_words(plan), plan->param_slots};
}
