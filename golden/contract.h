/* Named numeric contracts: from float quantization parameters and an accumulator to an output
 * integer. No twin. */
#ifndef ASSAY_GOLDEN_CONTRACT_H_
#define ASSAY_GOLDEN_CONTRACT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "golden/layer.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the forum formula treats the float bias (golden/contract_forum.c). */
enum assay_forum_bias {
  ASSAY_FORUM_BIAS_ROUNDED = 0,  ///< round(bias / y_scale), added in output units after the shift
  ASSAY_FORUM_BIAS_FOLDED = 1,   ///< round(2^N * bias / y_scale), added before the shift
  ASSAY_FORUM_BIAS_INT32 = 2,    ///< round(bias / (x_scale * w_scale)), added to the accumulator
};

struct assay_steps;  // golden/explain.h

/** Everything that a contract may read about one output channel. A plain value; owns nothing. */
struct assay_channel {
  double x_scale;          ///< input scale, > 0
  double w_scale;          ///< this channel's weight scale, > 0
  double y_scale;          ///< output scale, > 0
  int32_t y_zp;            ///< output zero point
  enum assay_dtype dtype;  ///< output type; sets the clamp unless relu raises its lower end
  bool relu;               ///< fused ReLU
  bool has_bias;  ///< false: the library was given no bias (not the same as 0 for every contract)
  float bias;     ///< real units
  bool per_channel;                  ///< whether the library used its per-channel code
  int32_t forum_n;                   ///< `forum` only: N, 1..31
  enum assay_forum_bias forum_bias;  ///< `forum` only
};

/** Channel oc of a layer, as every contract sees it (forum fields: N = 16, folded). */
struct assay_channel assay_channel_of(const struct assay_conv *conv, int32_t oc);

/**
 * A contract prepared for one channel: all that depends on parameters alone is computed once.
 * A plain value that may be copied; fields belong to golden/contract_*.c.
 */
struct assay_requantizer {
  int32_t (*apply)(const struct assay_requantizer *self, int32_t acc);
  /** The same function, noting every intermediate value (golden/explain.h). */
  int32_t (*trace)(const struct assay_requantizer *self, int32_t acc, struct assay_steps *steps);
  int32_t y_zp, out_min, out_max;  ///< zero point and final clamp
  int32_t qbias;                   ///< integer bias, where the contract has one
  float f[4];                      ///< float32 constants, meaning by contract
  int64_t i[4];                    ///< integer constants, meaning by contract
  const int32_t *list;             ///< `thresholds` only: borrowed, 255 values
  const uint64_t *late;            ///< `corrected` only: borrowed, 4 words
};

/** Parameters of a fixed-point contract given as integers instead of scales. */
struct assay_fixed_point {
  int64_t multiplier;        ///< >= 0; its greatest width depends on the contract
  int32_t shift;             ///< to the right, everything included: value = multiplier * 2^-shift.
                             ///< TFLite and CMSIS-NN count from 31 and to the left: 31 - theirs
  int32_t qbias;             ///< added to the accumulator
  int64_t addend;            ///< added to the product (`ne16`, `forum`), |addend| < 2^55; else 0
  int32_t y_zp;              ///< output zero point, added after the shift
  int32_t out_min, out_max;  ///< clamp, out_min <= out_max
};

/** One named contract. Static storage. */
struct assay_contract {
  const char *name;      ///< as used on the command line and in bundles
  const char *summary;   ///< one line for a listing
  const char *formula;   ///< the arithmetic, several lines of text
  const char *source;    ///< library, version, file and function
  const char *engines;   ///< which PyTorch versions and engines compute this, or "none"
  const char *pitfalls;  ///< what goes wrong around it, one sentence or two a line
  /** Fills *out. ASSAY_ERROR_SCALE if the library itself would refuse these scales. */
  enum assay_status (*prepare)(const struct assay_channel *channel, struct assay_requantizer *out);
  /** prepare() that notes its intermediate values; used by golden/explain.h. *out is zero before.
   */
  enum assay_status (*setup)(const struct assay_channel *channel, struct assay_requantizer *out,
                             struct assay_steps *steps);
  /** Fills *out from integers; NULL for contracts that multiply in float. ASSAY_ERROR_ARGUMENT for
   * parameters that this arithmetic does not take. */
  enum assay_status (*from_fixed_point)(const struct assay_fixed_point *parameters,
                                        struct assay_requantizer *out);
};

/** All contracts, in the order in which they are listed. */
size_t assay_contract_count(void);
const struct assay_contract *assay_contract_at(size_t index);
/** Contract of this name, or NULL. */
const struct assay_contract *assay_contract_find(const char *name);

/**
 * Output of a prepared contract.
 * @param acc  zero-point-corrected int32 sum over taps of (x - x_zp) * w, without the bias
 * @return     integer inside the output dtype's range
 */
static inline int32_t assay_requantize(const struct assay_requantizer *r, int32_t acc) {
  return r->apply(r, acc);
}

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_CONTRACT_H_
