/* Identifies an unknown requantizer from samples, and chooses the accumulators worth sampling. No
 * twin. */
#ifndef ASSAY_GOLDEN_IDENTIFY_H_
#define ASSAY_GOLDEN_IDENTIFY_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "golden/bounds.h"
#include "golden/contract.h"
#include "golden/lowered.h"
#include "golden/reach.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One observation of a device. */
struct assay_sample {
  int32_t acc, y;
};

/** What samples say about one candidate. */
enum assay_identity {
  ASSAY_IDENTITY_REFUTED,     ///< a sample contradicts it
  ASSAY_IDENTITY_CONSISTENT,  ///< every sample agrees; unsampled accumulators are open
  ASSAY_IDENTITY_EQUAL,       ///< equal on every accumulator of the interval (see assay_identify)
};

struct assay_identification {
  enum assay_identity identity;
  size_t agreeing;   ///< samples before the first that refutes; all of them when none does
  int32_t expected;  ///< REFUTED: the candidate's output at that sample
};

/** What is declared about the device. */
struct assay_device {
  bool monotone;                    ///< its output does not decrease with the accumulator
  const struct assay_reach *reach;  ///< which accumulators count, or NULL: all of range
  struct assay_interval range;      ///< accumulators that the device can see
  int32_t q_low;                    ///< least value of its output dtype
};

/**
 * Judge one candidate by samples. EQUAL needs more than agreement: the device is declared monotone,
 * and was sampled at the ends of the range and on both sides of every threshold of the candidate
 * inside it: at the greatest reachable accumulator below T_k and at the least one from T_k on.
 * Between two samples with equal outputs a device that does not decrease has no choice.
 * @param candidate  a prepared contract
 * @param list       its normal form on device->range, or NULL when it has none: never EQUAL then
 * @param samples    [count], in the order in which they were taken
 */
struct assay_identification assay_identify(const struct assay_requantizer *candidate,
                                           const struct assay_threshold_list *list,
                                           const struct assay_device *device,
                                           const struct assay_sample *samples, size_t count);

/** Accumulators of a full probe at most. */
enum { ASSAY_PROBE_MAX = 512 };

/**
 * Accumulators that prove equality with one candidate: range ends and both sides of every
 * threshold, as assay_identify asks for them.
 * @param accs  [ASSAY_PROBE_MAX], ascending
 * @return      their number
 */
size_t assay_probe_complete(const struct assay_threshold_list *list,
                            const struct assay_device *device, int32_t *accs);

/**
 * Accumulators that tell candidates apart: any two of them whose lists differ on a reachable
 * accumulator give different outputs on at least one of those chosen (if there is room). The rest
 * of the room is filled with both sides of the candidates' thresholds, evenly over the range.
 * @param lists     [candidates] normal forms on device->range
 * @param accs      [capacity]
 * @return          their number
 */
size_t assay_probe_separating(const struct assay_threshold_list *const *lists, size_t candidates,
                              const struct assay_device *device, int32_t *accs, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_IDENTIFY_H_
