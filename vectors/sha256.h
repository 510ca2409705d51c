/* SHA-256 (FIPS 180-4) of a block of memory, by OpenSSL's libcrypto. */
#ifndef ASSAY_VECTORS_SHA256_H_
#define ASSAY_VECTORS_SHA256_H_

#include <stdbool.h>
#include <stddef.h>

#include "config/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASSAY_SHA256_TEXT = 65 };  ///< 64 hexadecimal digits and a zero byte

/** Hash as lower-case digits. @return false with *error set when the library fails */
bool assay_sha256(const void *data, size_t size, char text[ASSAY_SHA256_TEXT],
                  struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_SHA256_H_
