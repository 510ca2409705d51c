/* Tensors in memory and in NumPy's .npy files. Format: numpy/lib/format.py, versions 1.0 and 2.0.
 */
#ifndef ASSAY_VECTORS_NPY_H_
#define ASSAY_VECTORS_NPY_H_

#include <stddef.h>
#include <stdint.h>

#include "config/error.h"
#include "vectors/file.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Element types that are read and written; in files always little-endian. */
enum assay_element {
  ASSAY_INT8,
  ASSAY_UINT8,
  ASSAY_INT32,
  ASSAY_INT64,
  ASSAY_UINT64,
  ASSAY_FLOAT32,
  ASSAY_FLOAT64,
};

/** Bytes of one element. */
size_t assay_element_size(enum assay_element element);
/** NumPy's name of a type, e.g. "float32". */
const char *assay_element_name(enum assay_element element);

enum { ASSAY_MAX_DIMS = 8, ASSAY_SHAPE_TEXT = 128 };

/** A tensor in C order: the last axis varies fastest. */
struct assay_tensor {
  enum assay_element element;
  size_t dims;                    ///< 0 (one value) to ASSAY_MAX_DIMS
  int64_t shape[ASSAY_MAX_DIMS];  ///< >= 0
  void *data;                     ///< malloc'ed by the readers; freed by assay_tensor_free
};

/** Number of elements: the product of the shape, 1 without axes. */
size_t assay_tensor_count(const struct assay_tensor *tensor);
/** Bytes of all elements. */
size_t assay_tensor_bytes(const struct assay_tensor *tensor);
/** "[8, 1, 3, 3]". @return text */
const char *assay_shape_text(const int64_t *shape, size_t dims, char text[ASSAY_SHAPE_TEXT]);
/** Frees the data; a zeroed tensor is allowed. */
void assay_tensor_free(struct assay_tensor *tensor);

/**
 * Reads a file. Refused with the exact reason: not an .npy, a format or element type not listed
 * above, Fortran order, too few bytes, bytes after the last element.
 * @param tensor  untouched on failure
 * @return        false with *error set; its column is the byte offset plus 1
 */
bool assay_npy_read(const char *path, struct assay_tensor *tensor, struct assay_error *error);

/** Bytes of a file as assay_npy_write writes it. *bytes is freed with assay_bytes_free. */
bool assay_npy_encode(const struct assay_tensor *tensor, struct assay_bytes *bytes,
                      struct assay_error *error);

/**
 * Writes a file, byte for byte as numpy.save does (version 1.0).
 * @return false with *error set (ASSAY_EXIT_RESOURCE); no file is left then
 */
bool assay_npy_write(const char *path, const struct assay_tensor *tensor,
                     struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_NPY_H_
