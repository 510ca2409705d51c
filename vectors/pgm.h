/* Portable grey maps, P2 and P5. Format: netpbm's pgm(5). */
#ifndef ASSAY_VECTORS_PGM_H_
#define ASSAY_VECTORS_PGM_H_

#include <stdint.h>

#include "config/error.h"
#include "vectors/file.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A grey picture. */
struct assay_grey {
  int32_t y, x;      ///< rows, columns; >= 1
  uint16_t maximum;  ///< 1..65535
  uint16_t *data;    ///< [y][x], each at most maximum; malloc'ed, free() it
};

/**
 * Reads a P2 (text) or P5 (binary) file that holds one picture.
 * @param grey  untouched on failure
 * @return      false with *error set
 */
bool assay_pgm_read(const char *path, struct assay_grey *grey, struct assay_error *error);

/** Bytes of a P5 file of an 8-bit picture [y][x]. *bytes is freed with assay_bytes_free. */
bool assay_pgm_encode(const uint8_t *data, int32_t y, int32_t x, struct assay_bytes *bytes,
                      struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_PGM_H_
