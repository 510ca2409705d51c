/* Planning with some choices fixed by the caller: tests that must reach every mode and buffer size,
 * users who want a certain mapping. No twin. */
#ifndef ASSAY_GOLDEN_PLAN_H_
#define ASSAY_GOLDEN_PLAN_H_

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Choices that the caller makes; 0 (or -1 for the mode) leaves one to the planner. */
struct assay_plan_wish {
  int32_t mode;            ///< enum assay_engine_mode, or -1
  int32_t rows_per_group;  ///< 1..out_y
  int32_t ring_rows;       ///< not less than a group needs
  int32_t weight_slots;    ///< 1..out_blocks
  int32_t param_slots;     ///< 1..out_blocks
};

/**
 * Like assay_plan_layer, with wishes.
 * @param wish  NULL: none
 * @return      as assay_plan_layer; ASSAY_ERROR_CAPACITY as well for a wish that the engine cannot
 * grant, ASSAY_ERROR_ARGUMENT for one that no engine could
 */
ASSAY_MUST_CHECK enum assay_status assay_plan_layer_as(const struct assay_engine_config *engine,
                                                       const struct assay_conv *conv,
                                                       const struct assay_lowered *lowered,
                                                       const struct assay_plan_wish *wish,
                                                       struct assay_plan *plan, char reason[256]);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_PLAN_H_
