/* Shared by golden/plan*.c only. No twin. */
#ifndef ASSAY_GOLDEN_PLAN_PRIVATE_H_
#define ASSAY_GOLDEN_PLAN_PRIVATE_H_

#include "golden/engine.h"

/** Greatest value of a register field of so many bits. */
static inline int32_t assay_field_max(int32_t bits) { return (INT32_C(1) << bits) - 1; }

/** Write the sentence into reason[256], unless it is NULL, and return the status. */
__attribute__((format(printf, 3, 4))) enum assay_status assay_plan_refuse(enum assay_status status,
                                                                          char *reason,
                                                                          const char *format, ...);

/** Everything about a layer that does not depend on how it is mapped. */
ASSAY_MUST_CHECK enum assay_status assay_plan_check(const struct assay_engine_config *engine,
                                                    const struct assay_conv *conv,
                                                    const struct assay_lowered *lowered,
                                                    char *reason);

/** Of that, the requantizer and its parameters. */
ASSAY_MUST_CHECK enum assay_status assay_plan_check_channels(
    const struct assay_engine_config *engine, const struct assay_lowered *lowered, int32_t out_c,
    char *reason);

#endif  // ASSAY_GOLDEN_PLAN_PRIVATE_H_
