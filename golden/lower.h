/* Lowering: from float quantization parameters to the engine's integers, with what is proved about
 * each channel. No twin. */
#ifndef ASSAY_GOLDEN_LOWER_H_
#define ASSAY_GOLDEN_LOWER_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/bounds.h"
#include "golden/contract.h"
#include "golden/lowered.h"
#include "golden/status.h"
#include "golden/synthesize.h"
#include "golden/thresholds.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Which requantizer a layer takes. */
enum assay_lower_policy {
  ASSAY_LOWER_AUTO,       ///< affine if it is exact on every channel, else corrected if that is,
                          ///< else threshold
  ASSAY_LOWER_AFFINE,     ///< affine only: exact where possible, else the nearest
  ASSAY_LOWER_THRESHOLD,  ///< threshold only
  ASSAY_LOWER_DIRECT,     ///< affine as assay_lower_direct derives it, without any search
  ASSAY_LOWER_CORRECTED,  ///< corrected only: exact where possible, else the nearest affine
};

/** Options of a lowering. */
struct assay_lower_options {
  enum assay_lower_policy policy;
  struct assay_affine_limits limits;  ///< widths of the engine's affine requantizer
  bool corrected;                     ///< AUTO: the engine has the corrected requantizer
  int64_t budget;           ///< multipliers tried for the nearest affine (assay_synthesize)
  int64_t enumerate_limit;  ///< accumulators visited where no monotonicity rule holds
};

/** AUTO, 24-bit multiplier, 56-bit addend, shift up to 46, corrected, 4096 multipliers,
 * ASSAY_ENUMERATE_LIMIT. */
struct assay_lower_options assay_lower_defaults(void);

/** What is known about one lowered channel. */
struct assay_lower_result {
  struct assay_interval range;       ///< reachable accumulators
  enum assay_monotone monotone;      ///< of the contract on range; UNKNOWN: nothing is proved
  struct assay_synthesis synthesis;  ///< the affine search; zero for THRESHOLD and DIRECT
  int32_t late;  ///< late levels with which the corrected requantizer is exact; -1: it is not, or
                 ///< it was not asked for
  int64_t differing;  ///< accumulators in range on which the requantizer that the layer takes
                      ///< differs from the contract: 0 is a proof of equality; -1: not decided
};

/**
 * Affine parameters without a search, as a driver would derive them: M is the contract's float32
 * scale x_scale * w_scale / y_scale normalised to multiplier_bits (half_even), and
 * B = half_even(2^S * (bias / y_scale + y_zp + 1/2)). Rounding half_up; for comparison only.
 * @return ASSAY_ERROR_SCALE when the scale is not in (0, 2^multiplier_bits), ASSAY_ERROR_OVERFLOW
 *         when the addend does not fit
 */
ASSAY_MUST_CHECK enum assay_status assay_lower_direct(const struct assay_contract *contract,
                                                      const struct assay_channel *channel,
                                                      const struct assay_affine_limits *limits,
                                                      struct assay_affine *affine);

/** Clamp of a layer's outputs: the dtype's range, out_min raised to y_zp by ReLU. */
int32_t assay_lower_out_min(const struct assay_channel *channel);
int32_t assay_lower_out_max(const struct assay_channel *channel);

/**
 * Lower one channel, without correction.
 * @param range   reachable accumulators (assay_bounds_of_channel)
 * @param list    receives the contract's normal form on range; where the contract decreases or is
 *                not decided, that of the direct affine
 * @param affine  receives the affine parameters
 * @return        what the contract's prepare answers, or ASSAY_ERROR_ARGUMENT for bad limits
 */
ASSAY_MUST_CHECK enum assay_status assay_lower_channel(const struct assay_contract *contract,
                                                       const struct assay_channel *channel,
                                                       struct assay_interval range,
                                                       const struct assay_lower_options *options,
                                                       struct assay_threshold_list *list,
                                                       struct assay_affine *affine,
                                                       struct assay_lower_result *result);

/**
 * Lower a layer for a contract.
 * @param channels  [out_c], filled; *lowered points to it
 * @param lists     [out_c], filled; channels point to it when the layer takes threshold
 * @param results   [out_c], filled
 * @return          ASSAY_ERROR_OVERFLOW when a reachable accumulator or an acc_init leaves int32;
 *                  else as assay_lower_channel. On failure the arrays hold nothing of use.
 */
ASSAY_MUST_CHECK enum assay_status assay_lower_layer(const struct assay_conv *conv,
                                                     const struct assay_contract *contract,
                                                     const struct assay_lower_options *options,
                                                     struct assay_lowered_channel *channels,
                                                     struct assay_threshold_list *lists,
                                                     struct assay_lower_result *results,
                                                     struct assay_lowered *lowered);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_LOWER_H_
