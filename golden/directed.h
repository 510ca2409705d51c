/* Directed vectors: inputs whose accumulator lies exactly on either side of a threshold. No twin.
 */
#ifndef ASSAY_GOLDEN_DIRECTED_H_
#define ASSAY_GOLDEN_DIRECTED_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/bounds.h"
#include "golden/layer.h"
#include "golden/lowered.h"
#include "golden/reach.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Targets that a channel can have: T_k - 1 and T_k of 255 thresholds and both ends. */
enum { ASSAY_DIRECTED_MAX = 512 };

/** Why an accumulator is worth reaching. */
enum assay_directed_kind {
  ASSAY_DIRECTED_LOW,    ///< the least reachable accumulator: the lower clamp, or next to it
  ASSAY_DIRECTED_HIGH,   ///< the greatest
  ASSAY_DIRECTED_BELOW,  ///< the last accumulator before a threshold
  ASSAY_DIRECTED_AT,     ///< the threshold itself
};

/** One accumulator to reach. */
struct assay_directed_target {
  int32_t acc;
  int32_t y;  ///< the output that the list gives there
  enum assay_directed_kind kind;
};

/**
 * The accumulators worth reaching: range.lo, range.hi, and T_k - 1 and T_k of every threshold
 * inside, ascending, each once.
 * @param targets  [ASSAY_DIRECTED_MAX]
 * @return         their number
 */
size_t assay_directed_targets(const struct assay_threshold_list *list, struct assay_interval range,
                              int32_t q_low, struct assay_directed_target *targets);

/** An input patch and the output position for which it was made. */
struct assay_directed_place {
  int32_t y, x;  ///< output position
};

/**
 * Look for an input anywhere in the image that gives acc on channel oc. Where the whole kernel fits
 * inside the image one position decides; in smaller layers every position is tried.
 * @param patch  [kernel_y][kernel_x][in_c / groups] bytes for the kernel window at *place, written
 *               for ASSAY_REACH_WITNESS; padded taps hold x_zp
 * @return       NEVER only when it is proved for all positions
 */
enum assay_reachability assay_directed_solve(const struct assay_conv *conv, int32_t oc, int64_t acc,
                                             uint8_t *patch, struct assay_directed_place *place);

/**
 * Copy a patch into an input image at an output position; padded taps are dropped.
 * @param x  [in_y][in_x][in_c] bytes
 */
void assay_directed_paste(const struct assay_conv *conv, int32_t oc,
                          struct assay_directed_place place, const uint8_t *patch, uint8_t *x);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_DIRECTED_H_
