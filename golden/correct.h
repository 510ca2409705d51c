/* The correction of the affine requantizer: levels that it reaches one accumulator too early. Twin:
 * rtl/assay_correct.sv. */
#ifndef ASSAY_GOLDEN_CORRECT_H_
#define ASSAY_GOLDEN_CORRECT_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/affine.h"
#include "golden/lowered.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether the output `level` comes one accumulator later than the affine requantizer has it. */
static inline bool assay_is_late(const struct assay_late_levels *late, int32_t level) {
  const uint32_t byte = (uint32_t)level & 0xff;
  return (late->bits[byte / 64] >> (byte % 64) & 1) != 0;
}

/** Marks a level as late. */
static inline void assay_mark_late(struct assay_late_levels *late, int32_t level) {
  const uint32_t byte = (uint32_t)level & 0xff;
  late->bits[byte / 64] |= UINT64_C(1) << (byte % 64);
}

/** Number of late levels. */
int32_t assay_late_count(const struct assay_late_levels *late);

/**
 * The affine requantizer, lowered by one on the first accumulator of every late level:
 *
 *   sum = acc * multiplier + addend;  level = sum >> shift
 *   y   = out_min if level < out_min, out_max if level > out_max,
 *         else level - (late[level] && sum mod 2^shift < multiplier)
 *
 * sum mod 2^shift < multiplier says that acc - 1 has not reached the level. y does not decrease:
 * where a level is late, multiplier <= 2^shift, and neighbouring accumulators are at most one level
 * apart.
 * Precondition: assay_affine_check(p, 31, 56) and assay_correct_check are ASSAY_OK.
 */
static inline int32_t assay_correct_apply(const struct assay_affine *p,
                                          const struct assay_late_levels *late, int32_t out_min,
                                          int32_t out_max, int32_t acc) {
  const int64_t sum = (int64_t)acc * p->multiplier + p->addend;
  const int64_t level = assay_shift_floor(sum, p->shift);
  if (level < out_min) return out_min;
  if (level > out_max) return out_max;
  const bool first = assay_shift_floor(sum - p->multiplier, p->shift) < level;
  return (int32_t)level - (first && assay_is_late(late, (int32_t)level) ? 1 : 0);
}

/**
 * Whether the correction keeps the order of outputs and the clamp.
 * @return ASSAY_OK; ASSAY_ERROR_ARGUMENT when a level is late and multiplier > 2^shift, or when a
 * level outside out_min + 1 .. out_max is late
 */
ASSAY_MUST_CHECK enum assay_status assay_correct_check(const struct assay_affine *p,
                                                       const struct assay_late_levels *late,
                                                       int32_t out_min, int32_t out_max);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_CORRECT_H_
