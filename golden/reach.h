/* Decides which accumulators a channel can reach, and finds an input for each. No twin. */
#ifndef ASSAY_GOLDEN_REACH_H_
#define ASSAY_GOLDEN_REACH_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/bounds.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Answer to "is there an input with this accumulator?" */
enum assay_reachability {
  ASSAY_REACH_WITNESS = 0,  ///< yes: an input was found
  ASSAY_REACH_NEVER = 1,    ///< no: proved
  ASSAY_REACH_UNKNOWN = 2,  ///< not decided
};

/**
 * The accumulators of some taps, prepared for questions. With e = x - x_min where w > 0 and
 * e = x_max - x where w < 0 the accumulator is
 *
 *   acc = lo + sum over taps of |w| * e,   e in 0..span, span = x_max - x_min
 *
 * so the question is whether t = acc - lo is a sum of coins |w|, each used at most span times a
 * tap. Let V be the greatest |w|, and apery[r] the least sum of coins that is r modulo V: t is a
 * sum of coins without a limit iff apery[t mod V] <= t. For t in the lower half of the interval
 * that is also enough with the limits, if span >= 2V - 2 (always for the 256 values of a whole
 * dtype): an optimal apery sum has fewer than V coins, and the rest, a multiple of V, can be paid
 * with coins V and bundles of V equal coins, of which at least half of the total is available. The
 * upper half is the mirror image (e -> span - e). So with whole dtypes every question is decided.
 */
struct assay_reach {
  struct assay_taps taps;
  struct assay_interval bounds;  ///< assay_bounds_of_taps
  int32_t span;
  int32_t greatest;    ///< V; 0 when all weights are 0
  bool complete;       ///< span >= 2V - 2: no answer is UNKNOWN
  int64_t count[129];  ///< taps inside the image with |w| = index
  int64_t apery[128];  ///< [0, V): least sum, INT64_MAX: none
  uint8_t coin[128];   ///< a coin of that sum
};

/** Prepare; cost about V * (number of different |w|). */
void assay_reach_prepare(const struct assay_taps *taps, struct assay_reach *reach);

/** Whether acc is reached at these taps, without making an input. */
enum assay_reachability assay_reach_query(const struct assay_reach *reach, int64_t acc);

/**
 * The same, with an input.
 * @param patch  [kernel_y][kernel_x][in_c] bytes, written only for ASSAY_REACH_WITNESS; padded taps
 *               hold x_zp
 */
enum assay_reachability assay_reach_solve(const struct assay_reach *reach, int64_t acc,
                                          uint8_t *patch);

/**
 * Number of accumulators in [first, last] that are reached. Exact when reach->complete, else an
 * upper bound.
 */
int64_t assay_reach_count(const struct assay_reach *reach, int64_t first, int64_t last);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_REACH_H_
