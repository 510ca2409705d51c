/* Integer hardware parameters of a layer: what is loaded into the engine instead of scales. No
 * twin. */
#ifndef ASSAY_GOLDEN_LOWERED_H_
#define ASSAY_GOLDEN_LOWERED_H_

#include <stdint.h>

#include "golden/layer.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Which requantizer a channel uses; the value is the `type` field of its parameter record
 * (rtl/README.md). */
enum assay_requant_kind {
  ASSAY_REQUANT_AFFINE = 1,     ///< golden/affine.h, rtl/assay_affine.sv
  ASSAY_REQUANT_THRESHOLD = 2,  ///< golden/threshold.h, rtl/assay_threshold.sv
  ASSAY_REQUANT_CORRECTED = 3,  ///< affine, then golden/correct.h, rtl/assay_correct.sv
};

/** "affine", "threshold" or "corrected"; static storage. */
const char *assay_requant_name(enum assay_requant_kind kind);

/**
 * Parameters of the affine requantizer: y = clamp((acc * multiplier + addend) >> shift, out_min,
 * out_max), where >> is the arithmetic shift (floor). The addend carries the bias, the rounding
 * constant and the output zero point.
 */
struct assay_affine {
  int32_t multiplier;  ///< >= 0, below 2^multiplier_bits of the engine (24 by default)
  int64_t addend;      ///< |addend| < 2^55
  int32_t shift;       ///< 0..55
};

/**
 * Parameters of the threshold requantizer: y = q_low + number of k in 0..254 with t[k] <= acc,
 * where q_low is the dtype's least value (0 or -128). t does not decrease. t[k] = INT32_MIN: always
 * reached; INT32_MAX: never reached.
 */
struct assay_threshold_list {
  int32_t t[255];
};

/**
 * Output levels that the affine requantizer of the channel reaches one accumulator too early: bit
 * b of bits[j] stands for the level whose low byte is 64 * j + b.
 */
struct assay_late_levels {
  uint64_t bits[4];
};

/** One output channel as the hardware sees it. */
struct assay_lowered_channel {
  int32_t acc_init;  ///< -(x_zp - least value of the input dtype) * sum of the channel's weights:
                     ///< the array multiplies raw activations as unsigned bytes, so that the sum
                     ///< comes out zero-point corrected
  struct assay_affine affine;  ///< for layers with ASSAY_REQUANT_AFFINE and ..._CORRECTED
  const struct assay_threshold_list
      *threshold;                 ///< for layers with ASSAY_REQUANT_THRESHOLD; borrowed, else NULL
  struct assay_late_levels late;  ///< for layers with ASSAY_REQUANT_CORRECTED, else 0
};

/** One layer as the hardware sees it. Owns nothing. All channels of a layer use one kind of
 * requantizer. */
struct assay_lowered {
  enum assay_requant_kind kind;
  int32_t q_low;             ///< dtype's least value: 0 or -128
  int32_t out_min, out_max;  ///< clamp: ReLU raises out_min to the output zero point
  const struct assay_lowered_channel *channels;  ///< [out_c]
};

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_LOWERED_H_
