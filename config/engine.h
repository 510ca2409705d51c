/* Reads a hardware configuration, config/engines/NAME.yaml. Its keys: config/README.md. */
#ifndef ASSAY_CONFIG_ENGINE_H_
#define ASSAY_CONFIG_ENGINE_H_

#include "config/error.h"
#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads one engine. Keys without a default are required; ranges are checked.
 * @param path    e.g. "config/engines/8x8.yaml"; its name without the ending becomes engine->name
 * @param engine  untouched on failure
 * @return        false with *error set
 */
bool assay_engine_read(const char *path, struct assay_engine_config *engine,
                       struct assay_error *error);

/** One parameter of rtl/assay_engine.sv. */
struct assay_parameter {
  char name[32];  ///< a key of the file in UpperCamelCase, e.g. "BankDepth"
  int32_t value;  ///< 0 or 1 for a bit
};

/**
 * The parameters of the RTL that an engine stands for, in turn from index 0.
 * @return  false beyond the last
 */
bool assay_engine_parameter(const struct assay_engine_config *engine, size_t index,
                            struct assay_parameter *parameter);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CONFIG_ENGINE_H_
