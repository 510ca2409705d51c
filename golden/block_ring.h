/* Memory that holds the weights, or the parameters, of some output blocks in turn. Twins:
 * rtl/assay_ring.sv, rtl/assay_weights.sv. */
#ifndef ASSAY_GOLDEN_BLOCK_RING_H_
#define ASSAY_GOLDEN_BLOCK_RING_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A ring of slots, filled from a stream. Arrival n (counted over all repeats of the stream) lies in
 * slot n mod slots and is accepted as soon as arrival n - slots is no longer used. With slots >=
 * blocks the stream is sent once and every block stays.
 */
struct assay_block_ring {
  uint8_t *memory;      ///< slots * slot_bytes; borrowed
  const uint8_t *next;  ///< next byte of the stream; borrowed
  size_t slot_bytes;    ///< size of a full block
  size_t last_bytes;    ///< size of the layer's last block
  int32_t slots;        ///< >= 1
  int32_t blocks;       ///< output blocks of the layer
  int64_t arrivals;     ///< blocks that the whole stream brings: blocks, or blocks * row groups
  int64_t loaded;       ///< blocks that have arrived
};

/**
 * The slot of an output block in a row group, loaded together with everything behind it that the
 * ring accepts by then (which is the worst case for what is still in use).
 */
const uint8_t *assay_block_ring_use(struct assay_block_ring *ring, int32_t group, int32_t block);

/**
 * Weights of one step, out of a block's words. Of int4 weights lane i has a nibble of byte i of
 * word step / 2: the low one in even steps, the high one in odd steps; it is sign-extended.
 * @param step     0 .. passes * steps - 1
 * @param weights  [channels]
 */
void assay_weights_read(const struct assay_plan *plan, const uint8_t *words, int64_t step,
                        int8_t *weights);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_BLOCK_RING_H_
