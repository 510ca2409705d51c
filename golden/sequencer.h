/* Order of work of the engine: row groups, output blocks, tiles, passes, taps. Twins:
 * rtl/assay_place.sv, rtl/assay_sequencer.sv, rtl/assay_taps.sv, rtl/assay_walker.sv. */
#ifndef ASSAY_GOLDEN_SEQUENCER_H_
#define ASSAY_GOLDEN_SEQUENCER_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All functions take a plan from assay_plan_layer and cannot fail. */

/** Row groups of the layer: ceil(out_y / rows_per_group). */
int32_t assay_group_count(const struct assay_plan *plan);
/** Output rows of a group: rows_per_group, fewer in the last one. */
int32_t assay_group_rows(const struct assay_plan *plan, int32_t group);
/** First input row that a group may read: max(0, group*G*stride_y - pad_top). It is also the row
 * that the ring begins with: rows before it are no longer needed. */
int32_t assay_group_first_row(const struct assay_plan *plan, int32_t group);
/** Last input row that a group reads; below 0 when all its taps lie in the padding. */
int32_t assay_group_last_row(const struct assay_plan *plan, int32_t group);
/** Tiles of a group: ceil(rows * out_x / pixels). */
int32_t assay_group_tiles(const struct assay_plan *plan, int32_t group);

/** Output channels of a block: `channels`, fewer in the last one. */
int32_t assay_block_channels(const struct assay_plan *plan, int32_t block);
/** Passes over a tile: the channels of the block in `reduce`, else 1. */
int32_t assay_block_passes(const struct assay_plan *plan, int32_t block);
/** Cycles of one pass: kernel_y * kernel_x * count. */
int32_t assay_pass_steps(const struct assay_plan *plan);
/** Words of the weight stream that `steps` steps take: one each, or half of that, rounded up, if
 * the weights are int4. */
static inline int64_t assay_weight_words(const struct assay_plan *plan, int64_t steps) {
  return plan->int4_weights ? (steps + 1) / 2 : steps;
}
/** Words of the weight stream that a block takes: assay_weight_words of its passes * steps. */
int32_t assay_block_weight_words(const struct assay_plan *plan, int32_t block);
/** Words of the weight memory that one slot takes: those of the largest block. */
int32_t assay_slot_words(const struct assay_plan *plan);

/** How often a stream of blocks is sent: once if all fit the slots, else for every row group. */
int32_t assay_stream_repeats(const struct assay_plan *plan, int32_t slots);

/** First input block (`reduce`, `depthwise`) or input channel (`spread`) that a channel reads; the
 * `first` field of its parameter record. */
int32_t assay_channel_first(const struct assay_plan *plan, int32_t oc);

/** One cycle's place in the kernel and in the input channels. */
struct assay_step {
  int32_t ky, kx;
  int32_t in_block;  ///< input block that the lanes read
  int32_t select;    ///< channel of the word that every row takes, or -1: row i takes channel i
};
/** Step `index` (0 .. assay_pass_steps - 1) of a pass of a channel or block that reads from
 * `first`. */
struct assay_step assay_step_at(const struct assay_plan *plan, int32_t first, int32_t index);

/** Output pixel of lane `lane` in a tile of a group; false beyond the group's end. */
bool assay_tile_pixel(const struct assay_plan *plan, int32_t group, int32_t tile, int32_t lane,
                      int32_t *y, int32_t *x);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_SEQUENCER_H_
