/* When the tiles of a layer pass the array and the collector. No twin. */
#include "golden/tile_clock.h"

#include "golden/arithmetic.h"

enum { TO_SUM = 4 };  // stages from tap to sum: address, read, operand, sum (assay_pipeline)

uint64_t assay_tile_after(const struct assay_tile_clock *clock, uint64_t from, uint64_t moves) {
  uint64_t time = from + moves;
  for (int32_t i = 0; i < clock->stall_count; i++) {
    const struct assay_tile_stall *stall = &clock->stalls[i];
    if (stall->begin > from && stall->begin <= time) time += stall->end - stall->begin;
  }
  return time;
}

/* The first cycle from `time` on in which the stages move. */
static uint64_t moving(const struct assay_tile_clock *clock, uint64_t time) {
  for (int32_t i = 0; i < clock->stall_count; i++) {
    const struct assay_tile_stall *stall = &clock->stalls[i];
    if (time >= stall->begin && time < stall->end) time = stall->end;
  }
  return time;
}

/* assay_taps, assay_walker: the taps are free and the next tile's pixels are collected. The walker
 * does not stand still with the stages. */
static uint64_t next_swap(const struct assay_tile_clock *clock, uint64_t steps) {
  const uint64_t taps = assay_tile_after(clock, clock->load, steps);
  return moving(clock, assay_later(taps, clock->swap + clock->pixels));
}

/* assay_sequencer: a pass is offered a cycle after it is asked for; a tile of one pass is known to
 * be the block's last a cycle later. */
uint64_t assay_tile_first(const struct assay_tile_clock *clock, uint64_t steps, bool single,
                          uint64_t asked) {
  if (!clock->started) return assay_later(asked + 1, clock->pixels);
  const uint64_t ask = assay_later(asked, clock->load + (single ? 1 : 0));
  return moving(clock, assay_later(ask + 1, next_swap(clock, steps)));
}

static void forget_stalls(struct assay_tile_clock *clock, uint64_t before) {
  int32_t kept = 0;
  for (int32_t i = 0; i < clock->stall_count; i++) {
    if (clock->stalls[i].end > before) clock->stalls[kept++] = clock->stalls[i];
  }
  clock->stall_count = kept;
}

/* assay_collector: the tile's first sums wait until the tile before the one before has left. A tile
 * takes longer to begin than the stages have moves, so that few stalls are ever remembered. */
static void wait_for_room(struct assay_tile_clock *clock, uint64_t first_sums) {
  const uint64_t empty = clock->drained[1] + 1;
  if (empty <= first_sums || clock->stall_count == ASSAY_TILE_STALLS) return;
  clock->stalls[clock->stall_count++] = (struct assay_tile_stall){first_sums, empty};
}

static void run_tile(struct assay_tile_clock *clock, const struct assay_tile_run *run,
                     uint64_t swap, uint64_t count) {
  forget_stalls(clock, swap);
  wait_for_room(clock, assay_tile_after(clock, swap, run->steps + TO_SUM));
  clock->started = true;
  clock->swap = swap;
  clock->load = assay_tile_after(clock, swap, (run->passes - 1) * run->steps);
  const uint64_t ended = assay_tile_after(clock, clock->load, run->steps + TO_SUM);
  clock->drained[1] = clock->drained[0];
  clock->drained[0] = assay_later(ended + 1, clock->room) + (count - 1) * clock->slices;
  clock->room = clock->drained[0] + clock->slices;
}

/* Two tiles that have left the same behind, each seen from its own begin: all later ones will. */
static bool alike(const struct assay_tile_clock *a, const struct assay_tile_clock *b) {
  bool same = a->load - a->swap == b->load - b->swap && a->room - a->swap == b->room - b->swap &&
              a->drained[0] - a->swap == b->drained[0] - b->swap &&
              a->drained[1] - a->swap == b->drained[1] - b->swap &&
              a->stall_count == b->stall_count;
  for (int32_t i = 0; same && i < a->stall_count; i++) {
    same = a->stalls[i].begin - a->swap == b->stalls[i].begin - b->swap &&
           a->stalls[i].end - a->swap == b->stalls[i].end - b->swap;
  }
  return same;
}

static void shift(struct assay_tile_clock *clock, uint64_t cycles) {
  clock->swap += cycles;
  clock->load += cycles;
  clock->room += cycles;
  clock->drained[0] += cycles;
  clock->drained[1] += cycles;
  for (int32_t i = 0; i < clock->stall_count; i++) {
    clock->stalls[i].begin += cycles;
    clock->stalls[i].end += cycles;
  }
}

uint64_t assay_tile_run(struct assay_tile_clock *clock, const struct assay_tile_run *run,
                        uint64_t swap) {
  const uint64_t begin = swap;
  for (uint64_t tile = 0; tile < run->tiles; tile++) {
    const struct assay_tile_clock before = *clock;
    run_tile(clock, run, swap, tile + 1 < run->tiles ? clock->pixels : run->last_count);
    swap = next_swap(clock, run->steps);
    if (tile > 0 && tile + 2 < run->tiles && alike(&before, clock)) {
      const uint64_t skipped = run->tiles - 2 - tile;
      shift(clock, skipped * (clock->swap - before.swap));
      swap = next_swap(clock, run->steps);
      tile += skipped;
    }
  }
  const uint64_t end = assay_tile_after(clock, clock->load, run->steps);
  return end - begin - run->tiles * run->passes * run->steps;
}
