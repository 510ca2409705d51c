/* The integer hardware parameters of a whole network, with what is proved about them. No twin. */
#ifndef ASSAY_CLI_LOWERING_H_
#define ASSAY_CLI_LOWERING_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/source.h"
#include "config/error.h"
#include "golden/lower.h"
#include "golden/lowered.h"

/** One convolution, lowered. Arrays have out_c entries and belong to struct assay_lowering. */
struct assay_layer_lowering {
  const struct assay_layer *layer;
  struct assay_mark at;  ///< where the bundle describes it; valid as long as the source
  struct assay_lowered_channel *channels;
  struct assay_threshold_list *lists;  ///< normal form of the contract on each channel
  struct assay_lower_result *results;
};

/** A lowered network. Free with assay_lowering_free. */
struct assay_lowering {
  size_t layer_count;  ///< convolutions
  struct assay_layer_lowering *layers;
  struct assay_lowered *lowered;  ///< [layer_count]: what the engine and the golden model take
};

/** Entry for a verb's option table; `target` is an int that holds an enum assay_lower_policy. */
extern const char *const assay_requantizer_choices[];
#define ASSAY_OPTION_REQUANTIZER(target)                                              \
  ASSAY_CHOICE("requantizer", "KIND", target, assay_requantizer_choices, "auto",      \
               "auto: affine where it equals the contract, else corrected, else "     \
               "threshold; affine,\nthreshold, corrected: only this; direct: affine " \
               "without a search, as a driver\nderives it")

/** Lowers every convolution of the source for its contract and this engine's widths. */
bool assay_lowering_compute(const struct assay_source *source,
                            const struct assay_engine_config *engine,
                            enum assay_lower_policy policy, struct assay_lowering *lowering,
                            struct assay_error *error);
/** A zeroed value is allowed. */
void assay_lowering_free(struct assay_lowering *lowering);

/** Reachable accumulators of a layer whose output is not the contract's; -1: not decided. */
int64_t assay_lowering_differing(const struct assay_lowering *lowering, size_t layer);

#endif  // ASSAY_CLI_LOWERING_H_
