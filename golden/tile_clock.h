/* When the tiles of a layer pass the array and the collector: a part of the cycle model. No twin;
 * where a number stands for a pipeline stage, the RTL module that has it is named.
 *
 * All times are cycles since the engine began to run. A tile begins when the walker has collected
 * its pixels (one a cycle) and the taps before are done. The collector holds two tiles; its vectors
 * leave one every `slices` cycles, because the requantizer takes a vector in that many slices
 * (assay_slices). While a tile's first sums find no room in the collector, all stages from the taps
 * to the sums stand still. */
#ifndef ASSAY_GOLDEN_TILE_CLOCK_H_
#define ASSAY_GOLDEN_TILE_CLOCK_H_

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ASSAY_TILE_STALLS = 4 };

/** A stretch of cycles in which the stages stand still: begin .. end - 1. */
struct assay_tile_stall {
  uint64_t begin, end;
};

/** The latest tile, and what it leaves to the next. Start from zeros, with `pixels` and `slices`.
 */
struct assay_tile_clock {
  uint64_t pixels;      ///< of a tile
  uint64_t slices;      ///< cycles that a vector takes at the requantizer: channels / requant_lanes
  bool started;         ///< there is a latest tile
  uint64_t swap;        ///< it begins
  uint64_t load;        ///< its last pass begins
  uint64_t drained[2];  ///< the last vector of it, and of the tile before, leaves the collector
  uint64_t room;        ///< from then on a vector may leave the collector
  struct assay_tile_stall stalls[ASSAY_TILE_STALLS];  ///< not yet over when it begins, in order
  int32_t stall_count;
};

/** Tiles that follow each other without waiting for a stream: those of one block of a row group. */
struct assay_tile_run {
  uint64_t steps;       ///< taps of a pass
  uint64_t passes;      ///< of a tile
  uint64_t tiles;       ///< 1 or more
  uint64_t last_count;  ///< pixels of the last tile that count; the others have all
};

/** The cycle in which the stages have moved `moves` times, counted from cycle `from`, in which they
 * move; they move in the result as well. */
uint64_t assay_tile_after(const struct assay_tile_clock *clock, uint64_t from, uint64_t moves);

/**
 * Cycle in which the first tile of a block can begin.
 * @param steps   taps of a pass
 * @param single  the tile before has one pass
 * @param asked   cycle in which rows, weights and parameters are there
 */
uint64_t assay_tile_first(const struct assay_tile_clock *clock, uint64_t steps, bool single,
                          uint64_t asked);

/**
 * Runs the tiles of a block, the first from cycle `swap` on.
 * @return  cycles in which the array did not multiply, from `swap` to the end of the last tile's
 *          taps
 */
uint64_t assay_tile_run(struct assay_tile_clock *clock, const struct assay_tile_run *run,
                        uint64_t swap);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_TILE_CLOCK_H_
