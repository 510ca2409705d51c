/* Whole files: read into memory, written through a temporary name. */
#ifndef ASSAY_VECTORS_FILE_H_
#define ASSAY_VECTORS_FILE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The bytes of a file; a zero byte follows the last one, so that text can be scanned. */
struct assay_bytes {
  uint8_t *data;  ///< malloc'ed; freed by assay_bytes_free
  size_t size;
};

/**
 * Reads a whole regular file.
 * @param expected  what the caller wants, for the message: "an .npy file"
 * @return          false with *error set
 */
bool assay_file_read(const char *path, const char *expected, struct assay_bytes *bytes,
                     struct assay_error *error);
void assay_bytes_free(struct assay_bytes *bytes);

/** Writes PATH.tmp, then renames it to PATH. @return false with *error set, no file left */
bool assay_file_write(const char *path, const void *data, size_t size, struct assay_error *error);

/** Joins a folder and a name with '/'. @return malloc'ed text, or NULL with *error set */
char *assay_path_join(const char *folder, const char *name, struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_FILE_H_
