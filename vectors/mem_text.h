/* Words as $readmemh text (IEEE 1800-2017, 21.4). */
#ifndef ASSAY_VECTORS_MEM_TEXT_H_
#define ASSAY_VECTORS_MEM_TEXT_H_

#include <stdint.h>

#include "config/error.h"
#include "vectors/buffer.h"
#include "vectors/npy.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASSAY_MAX_WORD_BYTES = 128 };

/**
 * Appends words, one a line, fixed width, two's complement, lower case, without 0x. Element i of a
 * word is in bits W*i+W-1..W*i, W bits an element: the last element of a word is printed first.
 * @param tensor  integers; the count is a multiple of lanes
 * @param lanes   elements of one word, >= 1
 */
void assay_mem_print(struct assay_buffer *buffer, const struct assay_tensor *tensor, size_t lanes);

/** A file of words as a simulator left it. Free with assay_mem_free. */
struct assay_mem {
  size_t word_bytes;
  size_t words;      ///< one more than the highest address that was given
  uint8_t *data;     ///< [words][word_bytes], little-endian
  uint8_t *unknown;  ///< [words][word_bytes]: 1 where a digit of the byte is x or z, or where the
                     ///< address was never given
};

/**
 * Reads $readmemh text: white space, both kinds of comment, `_` inside numbers, `@address`, digits
 * x and z in either case. Words may have fewer digits than the width, and more if those are 0.
 * @param word_bytes  width of a word, 1..ASSAY_MAX_WORD_BYTES
 * @param max_words   addresses from here on are refused; guards against a wild @address
 * @param mem         untouched on failure
 * @return            false with *error set: line and column of the first thing that is no such text
 */
bool assay_mem_read(const char *path, size_t word_bytes, size_t max_words, struct assay_mem *mem,
                    struct assay_error *error);
void assay_mem_free(struct assay_mem *mem);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_MEM_TEXT_H_
