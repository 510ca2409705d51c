/* Compares a simulator's output file with the expected values of a vector folder. */
#ifndef ASSAY_VECTORS_CHECK_H_
#define ASSAY_VECTORS_CHECK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASSAY_CHECK_SHOWN = 20 };

/** One value that is wrong. */
struct assay_check_mismatch {
  int32_t n, y, x,
      c;          ///< place; a c of the layer's out_c or more is an unused lane, which must be 0
  uint64_t word;  ///< address in the file
  bool unknown;   ///< the file has x or z here, or skipped the address; `found` is 0 then
  int64_t expected, found;
};

/** What a comparison found. */
struct assay_check_result {
  int element_bits;         ///< 8 or 32
  uint64_t words_expected;  ///< that the file must have
  uint64_t words_found;
  uint64_t compared;    ///< values of the layer that were compared; unused lanes are not counted
  uint64_t mismatches;  ///< values that differ, unknown ones and unused lanes included
  uint64_t unknown;     ///< of those, x, z or never given
  size_t shown;         ///< entries of `first`
  struct assay_check_mismatch first[ASSAY_CHECK_SHOWN];
};

/**
 * Compares a file.
 * @param folder  of assay_vectors_write
 * @param layer   name of a layer in it
 * @param tensor  "y", "acc", "stream_out" or "stream_acc": what the file claims to be
 * @param path    `.npy` with the expected element type and shape; any other ending: $readmemh text
 * @param result  untouched on failure
 * @return        false with *error set when a file cannot be read; mismatches are no error
 */
bool assay_vectors_check(const char *folder, const char *layer, const char *tensor,
                         const char *path, struct assay_check_result *result,
                         struct assay_error *error);

/** Exactly the expected number of words, at least one value compared, no mismatch. */
bool assay_check_passed(const struct assay_check_result *result);

/** "(n 0, y 3, x 5, c 7): expected 0x7f (127), found 0x80 (-128), word 12345". @return text */
const char *assay_check_text(const struct assay_check_result *result, size_t index, char text[160]);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_CHECK_H_
