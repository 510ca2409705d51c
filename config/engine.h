/* Reads a hardware configuration, config/engines/NAME.yaml. Its keys: config/README.md. */
#ifndef ASSAY_CONFIG_ENGINE_H_
#define ASSAY_CONFIG_ENGINE_H_

#include "config/error.h"
#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads one engine. Every key but acc_bits is required; ranges are checked.
 * @param path    e.g. "config/engines/8x8.yaml"; its name without the ending becomes engine->name
 * @param engine  untouched on failure
 * @return        false with *error set
 */
bool assay_engine_read(const char *path, struct assay_engine_config *engine,
                       struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CONFIG_ENGINE_H_
