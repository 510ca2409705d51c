/* Text that grows while it is written. */
#ifndef ASSAY_VECTORS_BUFFER_H_
#define ASSAY_VECTORS_BUFFER_H_

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Start from `{0}`. When memory runs out, `failed` stays true and later text is dropped. */
struct assay_buffer {
  char *text;     ///< NULL or zero-terminated; freed by assay_buffer_free
  size_t length;  ///< without the zero
  size_t room;
  bool failed;
};

/** Appends as printf does. */
void assay_buffer_print(struct assay_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Makes room for `length` more characters and answers where they go (the caller writes them all),
 * or NULL. */
char *assay_buffer_extend(struct assay_buffer *buffer, size_t length);
/** Appends a JSON string: quotes, backslashes and control characters escaped. */
void assay_buffer_json_string(struct assay_buffer *buffer, const char *text);
void assay_buffer_free(struct assay_buffer *buffer);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_VECTORS_BUFFER_H_
