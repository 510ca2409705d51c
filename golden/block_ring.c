/* Ring of block slots. Twins: rtl/assay_ring.sv, rtl/assay_weights.sv. */
#include "golden/block_ring.h"

#include <string.h>

static uint8_t *slot_of(const struct assay_block_ring *ring, int64_t arrival) {
  return ring->memory + (size_t)(arrival % ring->slots) * ring->slot_bytes;
}

static void load_block(struct assay_block_ring *ring) {
  const int64_t block = ring->loaded % ring->blocks;
  const size_t bytes = block == ring->blocks - 1 ? ring->last_bytes : ring->slot_bytes;
  memcpy(slot_of(ring, ring->loaded), ring->next, bytes);
  ring->next += bytes;
  ring->loaded++;
}

const uint8_t *assay_block_ring_use(struct assay_block_ring *ring, int32_t group, int32_t block) {
  const int64_t pass = ring->slots >= ring->blocks ? 0 : (int64_t)group * ring->blocks;
  const int64_t arrival = pass + block;
  while (ring->loaded < ring->arrivals && ring->loaded < arrival + ring->slots) load_block(ring);
  return slot_of(ring, arrival);
}

void assay_weights_read(const struct assay_plan *plan, const uint8_t *words, int64_t step,
                        int8_t *weights) {
  const int32_t channels = plan->engine.channels;
  if (!plan->int4_weights) {
    memcpy(weights, words + step * channels, (size_t)channels);
    return;
  }
  const uint8_t *word = words + step / 2 * channels;
  for (int32_t i = 0; i < channels; i++) {
    const int32_t nibble = step % 2 == 0 ? word[i] & 0xf : word[i] >> 4;
    weights[i] = (int8_t)(nibble < 8 ? nibble : nibble - 16);
  }
}
