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
