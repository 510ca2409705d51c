/* How every layer of a list of shapes runs on an engine: cycles without weights or scales. No twin.
 */
#ifndef ASSAY_CLI_PLAN_SUITE_H_
#define ASSAY_CLI_PLAN_SUITE_H_

#include <stdbool.h>

#include "config/error.h"
#include "config/suite.h"
#include "golden/engine.h"

/** Requantizers that a table can show: affine, corrected, threshold. */
enum { ASSAY_PLAN_SUITE_KINDS = 3 };

/**
 * Plans every layer with each of the wanted requantizers and prints a table: products, cycles,
 * utilization, what bounds it; totals; which targets hold.
 * @param shown  by the order of ASSAY_PLAN_SUITE_KINDS; the engine has all that are shown
 * @return false with *error set: memory, or a layer that does not fit the engine
 */
bool assay_plan_suite(const struct assay_suite *suite, const struct assay_engine_config *engine,
                      const bool shown[ASSAY_PLAN_SUITE_KINDS], struct assay_error *error);

#endif  // ASSAY_CLI_PLAN_SUITE_H_
