/* A network's layers as a C header for golden/firmware.h. */
#ifndef ASSAY_VECTORS_FIRMWARE_TEXT_H_
#define ASSAY_VECTORS_FIRMWARE_TEXT_H_

#include "vectors/buffer.h"
#include "vectors/vector_files.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Prints the header: `assay_network[ASSAY_NETWORK_LAYERS]` in the order of execution, and the
 * engine that it was planned for. The bytes depend on the case alone. */
void assay_firmware_print(struct assay_buffer *text, const struct assay_vector_case *vector_case);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_FIRMWARE_TEXT_H_
