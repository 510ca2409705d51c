/* What the forum's formula costs against a contract, for every N and treatment of the bias. No
 * twin. */
#ifndef ASSAY_GOLDEN_FORUM_TABLE_H_
#define ASSAY_GOLDEN_FORUM_TABLE_H_

#include <stdint.h>

#include "golden/contract.h"
#include "golden/layer.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ASSAY_FORUM_FIRST_N = 8,
  ASSAY_FORUM_LAST_N = 31,
  ASSAY_FORUM_TREATMENTS = 3,  ///< enum assay_forum_bias
  ASSAY_FORUM_ROWS = (ASSAY_FORUM_LAST_N - ASSAY_FORUM_FIRST_N + 1) * ASSAY_FORUM_TREATMENTS,
};

/** One row: forum(N, treatment) against the contract, summed over a layer's channels. */
struct assay_forum_row {
  int32_t n;
  enum assay_forum_bias bias;
  int32_t channels;   ///< channels that were decided
  int32_t refused;    ///< channels whose parameters do not fit this N, or that were not decided
  int32_t unequal;    ///< decided channels that differ somewhere
  int64_t reachable;  ///< accumulators of all decided channels' intervals
  int64_t differing;  ///< of these, on how many the outputs differ
  int32_t max_lsb;    ///< greatest difference of outputs
};

/**
 * The table of one layer, by thresholds: exact counts over every channel's reachable interval.
 * Rows are ordered by N, then by treatment.
 * @param rows  [ASSAY_FORUM_ROWS]
 * @return      ASSAY_ERROR_OVERFLOW or a shape error from assay_bounds_of_channel; what the
 *              contract's prepare answers
 */
ASSAY_MUST_CHECK enum assay_status assay_forum_table(const struct assay_conv *conv,
                                                     const struct assay_contract *contract,
                                                     struct assay_forum_row *rows);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_FORUM_TABLE_H_
