/* The convolution engine in C: streams in, accumulators and outputs out. Twin:
 * rtl/assay_engine.sv. */
#include "golden/engine.h"

#include <string.h>

#include "golden/array.h"
#include "golden/banks.h"
#include "golden/block_ring.h"
#include "golden/collector.h"
#include "golden/requant.h"
#include "golden/sequencer.h"

/* All that one run holds. */
struct engine {
  const struct assay_plan *plan;
  struct assay_banks banks;
  struct assay_block_ring weights, params;
  struct assay_array array;
  struct assay_collector collector;
  struct assay_record records[ASSAY_MAX_LANES];  // of the block at work
  int32_t *acc;                                  // [out_y][out_x][out_c] or NULL
  uint8_t *y;                                    // [out_y][out_x][out_c]
};

static size_t aligned(size_t bytes) { return (bytes + 15) / 16 * 16; }

static size_t bank_bytes(const struct assay_plan *plan) {
  return (size_t)assay_bank_words(plan) * (size_t)plan->engine.pixels *
         (size_t)plan->engine.channels;
}

static size_t weight_bytes(const struct assay_plan *plan, int32_t block) {
  return (size_t)assay_block_weight_words(plan, block) * (size_t)plan->engine.channels;
}

static size_t record_bytes(const struct assay_plan *plan) {
  return (size_t)assay_record_words(plan->kind) * sizeof(uint64_t);
}

static size_t param_bytes(const struct assay_plan *plan, int32_t block) {
  return (size_t)assay_block_channels(plan, block) * record_bytes(plan);
}

size_t assay_engine_scratch(const struct assay_plan *plan) {
  return aligned((size_t)plan->param_slots * param_bytes(plan, 0)) +
         aligned((size_t)plan->weight_slots * weight_bytes(plan, 0)) + aligned(bank_bytes(plan));
}

static struct assay_block_ring ring_of(const struct assay_plan *plan, const void *stream,
                                       void *memory, int32_t slots) {
  const bool resident = slots >= plan->out_blocks;
  struct assay_block_ring ring = {.memory = memory, .next = stream, .slots = slots};
  ring.blocks = plan->out_blocks;
  ring.arrivals = (int64_t)plan->out_blocks * (resident ? 1 : assay_group_count(plan));
  return ring;
}

/* Memories begin with a pattern, so that a word which was never loaded does not pass for a zero. */
static void engine_start(struct engine *engine, const uint8_t *activations, const uint8_t *weights,
                         const uint64_t *params, uint8_t *scratch) {
  const struct assay_plan *plan = engine->plan;
  const int32_t last = plan->out_blocks - 1;
  memset(scratch, 0xA5, assay_engine_scratch(plan));
  engine->params = ring_of(plan, params, scratch, plan->param_slots);
  engine->params.slot_bytes = param_bytes(plan, 0);
  engine->params.last_bytes = param_bytes(plan, last);
  scratch += aligned((size_t)plan->param_slots * param_bytes(plan, 0));
  engine->weights = ring_of(plan, weights, scratch, plan->weight_slots);
  engine->weights.slot_bytes = weight_bytes(plan, 0);
  engine->weights.last_bytes = weight_bytes(plan, last);
  scratch += aligned((size_t)plan->weight_slots * weight_bytes(plan, 0));
  engine->banks = (struct assay_banks){plan, scratch, activations, 0};
}

/* What one output block works with. */
struct block {
  int32_t group, index;
  int32_t channels;      // output channels of the block
  const uint8_t *words;  // its weights
};

/* Starting values of the rows: `reduce` puts the channel's acc_init on row 0. */
static void row_init(const struct engine *engine, const struct block *block, int32_t pass,
                     int32_t *init) {
  memset(init, 0, ASSAY_MAX_LANES * sizeof(*init));
  if (engine->plan->mode == ASSAY_MODE_REDUCE) {
    init[0] = engine->records[pass].acc_init;
    return;
  }
  for (int32_t i = 0; i < block->channels; i++) {
    init[i] = engine->records[i].acc_init;
  }
}

static enum assay_status run_pass(struct engine *engine, const struct block *block, int32_t tile,
                                  int32_t pass) {
  const struct assay_plan *plan = engine->plan;
  const int32_t first = engine->records[pass].first;
  const int32_t steps = assay_pass_steps(plan);
  int32_t init[ASSAY_MAX_LANES];
  int8_t weights[ASSAY_MAX_LANES];
  struct assay_lanes lanes;
  row_init(engine, block, pass, init);
  assay_array_start(&engine->array, plan, init);
  for (int32_t index = 0; index < steps; index++) {
    const struct assay_step step = assay_step_at(plan, first, index);
    if (index % plan->count == 0 &&
        !assay_banks_address(plan, block->group, tile, step.ky, step.kx, &lanes)) {
      return ASSAY_ERROR_ARGUMENT;
    }
    assay_weights_read(plan, block->words, (int64_t)pass * steps + index, weights);
    assay_array_step(&engine->array, &engine->banks, &lanes, &step, weights);
  }
  assay_collector_take(&engine->collector, plan, &engine->array, pass);
  return ASSAY_OK;
}

/* Store what the collector gives for one pixel: accumulators and requantized values. */
static void finish_pixel(struct engine *engine, const struct block *block, int32_t lane, int32_t y,
                         int32_t x) {
  const struct assay_conv_shape *s = &engine->plan->shape;
  const size_t pixel = (size_t)y * (size_t)assay_conv_out_x(s) + (size_t)x;
  const size_t base =
      pixel * (size_t)s->out_c + (size_t)block->index * (size_t)engine->plan->engine.channels;
  const int32_t *vector = engine->collector.value[lane];
  for (int32_t i = 0; i < block->channels; i++) {
    if (engine->acc) engine->acc[base + (size_t)i] = vector[i];
    engine->y[base + (size_t)i] =
        (uint8_t)assay_requant(engine->plan, &engine->records[i], vector[i]);
  }
}

static enum assay_status run_tile(struct engine *engine, const struct block *block, int32_t tile) {
  const struct assay_plan *plan = engine->plan;
  for (int32_t pass = 0; pass < assay_block_passes(plan, block->index); pass++) {
    const enum assay_status status = run_pass(engine, block, tile, pass);
    if (status != ASSAY_OK) return status;
  }
  for (int32_t lane = 0; lane < plan->engine.pixels; lane++) {
    int32_t y = 0, x = 0;
    if (!assay_tile_pixel(plan, block->group, tile, lane, &y, &x)) break;
    finish_pixel(engine, block, lane, y, x);
  }
  return ASSAY_OK;
}

static enum assay_status read_records(struct engine *engine, const struct block *block) {
  const uint8_t *slot = assay_block_ring_use(&engine->params, block->group, block->index);
  const uint64_t *words = (const uint64_t *)(const void *)slot;  // slots are 8-byte aligned
  for (int32_t i = 0; i < block->channels; i++) {
    const int32_t oc = block->index * engine->plan->engine.channels + i;
    const enum assay_status status =
        assay_record_read(engine->plan, oc, words, &engine->records[i]);
    if (status != ASSAY_OK) return status;
    words += assay_record_words(engine->plan->kind);
  }
  return ASSAY_OK;
}

static enum assay_status run_block(struct engine *engine, int32_t group, int32_t index) {
  const struct assay_plan *plan = engine->plan;
  struct block block = {.group = group, .index = index};
  block.channels = assay_block_channels(plan, index);
  block.words = assay_block_ring_use(&engine->weights, group, index);
  enum assay_status status = read_records(engine, &block);
  for (int32_t tile = 0; status == ASSAY_OK && tile < assay_group_tiles(plan, group); tile++) {
    status = run_tile(engine, &block, tile);
  }
  return status;
}

enum assay_status assay_engine_run(const struct assay_plan *plan, const uint8_t *activations,
                                   const uint8_t *weights, const uint64_t *params, void *scratch,
                                   int32_t *acc, uint8_t *y) {
  struct engine engine = {.plan = plan, .acc = acc, .y = y};
  engine_start(&engine, activations, weights, params, scratch);
  for (int32_t group = 0; group < assay_group_count(plan); group++) {
    assay_banks_load(&engine.banks, assay_ring_end(plan, group));
    for (int32_t block = 0; block < plan->out_blocks; block++) {
      const enum assay_status status = run_block(&engine, group, block);
      if (status != ASSAY_OK) return status;
    }
  }
  assay_banks_load(&engine.banks, plan->shape.in_y);  // rows that nothing needs are taken too
  return ASSAY_OK;
}
