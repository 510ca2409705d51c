/* Re-verifies certificates by independent means. No twin.
 *
 * It shares no code with what made the certificate (golden/bounds, thresholds, compare,
 * certificate): it recomputes the reachable interval from the weights, evaluates both sides on both
 * sides of every stated threshold, and counts from the stated lists. The contracts of PyTorch's
 * engines, `affine`, `corrected` and `thresholds` are written here a second time. */
#ifndef ASSAY_CLI_CHECK_CERTIFICATE_H_
#define ASSAY_CLI_CHECK_CERTIFICATE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "golden/contract.h"
#include "golden/layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One side, as the certificate states it. */
struct assay_check_side {
  const char *name;              ///< a contract's name, "affine", "corrected", "thresholds"
  struct assay_channel channel;  ///< scales, for contracts
  const struct assay_fixed_point *integers;  ///< integer parameters instead of scales, or NULL
  int64_t multiplier, addend;                ///< affine and corrected
  int32_t shift;
  int32_t out_min, out_max;
  uint64_t late[4];     ///< corrected: bit b of word j stands for the level of byte 64 * j + b
  const int32_t *list;  ///< thresholds: the hardware's list, 255 values
};

/** Accumulators on which the certificate says that the sides differ, with their outputs. */
struct assay_check_difference {
  int64_t first, last;
  int32_t y_a, y_b;
};

/** The statement of one channel. */
struct assay_check_claim {
  const struct assay_conv *conv;  ///< the layer whose weights the certificate is about
  int32_t oc;
  int64_t lo, hi;  ///< reachable accumulators
  struct assay_check_side a, b;
  const int32_t *list_a, *list_b;  ///< normal forms, 255 values each; NULL: enumerated
  int64_t count;                   ///< accumulators that differ; 0: "proved equal"
  const struct assay_check_difference *differences;  ///< all intervals, ascending
  size_t difference_count;
};

/** Result of a check. */
struct assay_check_result {
  bool accepted;
  bool trusts_a, trusts_b;  ///< that side was evaluated by the library's contract function, on
                            ///< every accumulator of the interval; else by this file's own formula
  char reason[160];         ///< why it was rejected: one line
};

/** What every check relies on, one item a line, for a report. */
extern const char *const assay_check_trusted;

/**
 * Check one channel. Where this file has no formula of its own for a side, or a step of it would
 * overflow at an end of the interval (so that it need not be monotone), every accumulator of the
 * interval is visited instead; that is refused beyond 2^27.
 */
struct assay_check_result assay_check_certificate(const struct assay_check_claim *claim);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CLI_CHECK_CERTIFICATE_H_
