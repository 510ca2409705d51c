/* Activation banks: where an input pixel lies, which rows the ring takes, reads without
 * conflicts. Twins: rtl/assay_address.sv, rtl/assay_banks.sv, rtl/assay_loader.sv,
 * rtl/assay_rows.sv. */
#ifndef ASSAY_GOLDEN_BANKS_H_
#define ASSAY_GOLDEN_BANKS_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/engine.h"
#include "golden/sequencer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Greatest number of lanes along an axis of the array. */
enum { ASSAY_MAX_LANES = 16 };

/** Positions that one input block takes: stride_x * stride_y * ring_rows * pitch. */
int32_t assay_bank_plane(const struct assay_plan *plan);
/** Position of an input pixel, input block cb (rtl/README.md): bank = position mod pixels, word =
 * position div pixels. */
int32_t assay_bank_position(const struct assay_plan *plan, int32_t row, int32_t column, int32_t cb);
/** Words of each bank that the plan uses. */
int32_t assay_bank_words(const struct assay_plan *plan);
/** Rows below this one are accepted while a group computes: first row + ring_rows * stride_y, at
 * most in_y. */
int32_t assay_ring_end(const struct assay_plan *plan, int32_t group);

/**
 * The memory, all banks: word w of bank b is entry w * pixels + b, which is the position itself.
 * Byte i of an entry is channel i of the block, as an unsigned number (qint8 with its top bit
 * flipped).
 */
struct assay_banks {
  const struct assay_plan *plan;
  uint8_t *memory;      ///< pixels * bank_depth entries of `channels` bytes; borrowed
  const uint8_t *next;  ///< next word of the activation stream; borrowed
  int32_t rows;         ///< input rows taken so far
};

/** Take rows from the stream while the ring accepts them: all rows below `end`. */
void assay_banks_load(struct assay_banks *banks, int32_t end);

/** What the lanes of a tile read for one kernel tap: an entry of input block 0, or none. */
struct assay_lanes {
  int32_t position[ASSAY_MAX_LANES];  ///< entry, or -1: outside the image
};
/**
 * Addresses of a tap for all lanes of a tile.
 * @return false when two lanes would read different words of one bank: an error of the plan
 */
bool assay_banks_address(const struct assay_plan *plan, int32_t group, int32_t tile, int32_t ky,
                         int32_t kx, struct assay_lanes *lanes);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_BANKS_H_
