/* Contracts that a requantizer might have: one channel's parameters, every contract that takes
 * them. No twin. */
#ifndef ASSAY_CLI_CANDIDATES_H_
#define ASSAY_CLI_CANDIDATES_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/source.h"
#include "golden/contract.h"
#include "golden/identify.h"
#include "golden/reach.h"

/** Options of a channel. Start from assay_candidate_defaults. */
struct assay_candidate_options {
  struct assay_source_options source;
  const char *layer;  ///< NULL: not from a layer
  int64_t channel;
  double x_scale, w_scale, y_scale, bias;  ///< NaN: not given
  int64_t multiplier, shift;               ///< -1: not given
  int64_t addend, qbias;                   ///< with a multiplier
  int64_t y_zp;
  struct assay_integer_list clamp, range;  ///< count 0: not given
  bool relu, per_tensor;
  int dtype;  ///< enum assay_dtype
  int64_t forum_n;
  int forum_bias;  ///< enum assay_forum_bias
};

struct assay_candidate_options assay_candidate_defaults(void);

extern const char *const assay_dtype_choices[];
extern const char *const assay_forum_bias_choices[];
/** Help of every verb that takes ASSAY_OPTIONS_CANDIDATES. */
extern const char assay_candidates_help[];

/** Entries for a verb's option table. */
#define ASSAY_OPTIONS_CANDIDATES(o)                                                              \
  ASSAY_REAL("x-scale", &(o).x_scale, NULL, "input scale; with --w-scale and --y-scale"),        \
      ASSAY_REAL("w-scale", &(o).w_scale, NULL, "weight scale of the channel"),                  \
      ASSAY_REAL("y-scale", &(o).y_scale, NULL, "output scale"),                                 \
      ASSAY_REAL("bias", &(o).bias, "none", "bias in real units"),                               \
      ASSAY_FLAG("per-tensor", &(o).per_tensor, "the weights have one scale for all channels"),  \
      ASSAY_INTEGER("multiplier", &(o).multiplier, 0, INT32_MAX, NULL,                           \
                    "integer multiplier instead of scales; with --shift"),                       \
      ASSAY_INTEGER("shift", &(o).shift, 0, 63, NULL,                                            \
                    "to the right, everything included: multiplier * 2^-shift"),                 \
      ASSAY_INTEGER("addend", &(o).addend, -(INT64_C(1) << 55) + 1, (INT64_C(1) << 55) - 1, "0", \
                    "integer added to the product"),                                             \
      ASSAY_INTEGER("qbias", &(o).qbias, INT32_MIN, INT32_MAX, "0",                              \
                    "integer added to the accumulator"),                                         \
      ASSAY_LIST("clamp", "LO,HI", &(o).clamp, -128, 255, "the dtype's range",                   \
                 "final clamp, with --multiplier"),                                              \
      ASSAY_INTEGER("y-zp", &(o).y_zp, -128, 255, "0", "output zero point"),                     \
      ASSAY_CHOICE("dtype", "TYPE", &(o).dtype, assay_dtype_choices, "quint8", "output type"),   \
      ASSAY_FLAG("relu", &(o).relu, "fused ReLU: outputs are clamped at the zero point"),        \
      ASSAY_TEXT("layer", 0, "NAME", &(o).layer, NULL,                                           \
                 "take the scales and the reachable accumulators from this layer"),              \
      ASSAY_OPTION_NETWORK((o).source),                                                          \
      ASSAY_INTEGER("channel", &(o).channel, 0, INT32_MAX, "0", "output channel of the layer"),  \
      ASSAY_INTEGER("forum-n", &(o).forum_n, 1, 31, "16", "contract forum: the shift"),          \
      ASSAY_CHOICE("forum-bias", "HOW", &(o).forum_bias, assay_forum_bias_choices, "folded",     \
                   "contract forum: treatment of the bias")

/** One contract that takes the channel's parameters. */
struct assay_candidate {
  const char *name;
  struct assay_requantizer requantizer;
  bool has_list;  ///< its normal form on the range is known
  struct assay_threshold_list list;
};

/** All of them, and the interval on which they are asked. Free with assay_candidates_free. */
struct assay_candidates {
  size_t count;
  struct assay_candidate *items;
  struct assay_device device;  ///< monotone is false; reach points to `reach`
  struct assay_reach *reach;   ///< from a layer, else NULL
  bool has_channel;            ///< scales, else integers
  struct assay_channel channel;
  struct assay_fixed_point integers;
  struct assay_affine affine;
  bool has_range;  ///< device.range holds the user's or the layer's
};

/**
 * Reads the channel; device.range is set when --range or --layer gives it, else has_range is false
 * and the caller sets it. No candidates yet.
 * @param verb  for messages
 * @return      false with *error set, nothing to free
 */
bool assay_candidates_begin(const char *verb, const struct assay_candidate_options *options,
                            struct assay_candidates *candidates, struct assay_error *error);
/** Prepares every contract that takes the parameters, on device.range. */
bool assay_candidates_prepare(struct assay_candidates *candidates, struct assay_error *error);
/** Candidate of this name, or NULL. */
const struct assay_candidate *assay_candidates_find(const struct assay_candidates *candidates,
                                                    const char *name);
/** A zeroed value is allowed. */
void assay_candidates_free(struct assay_candidates *candidates);

#endif  // ASSAY_CLI_CANDIDATES_H_
