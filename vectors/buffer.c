/* Text that grows while it is written. */
#include "vectors/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool reserve(struct assay_buffer *buffer, size_t more) {
  if (buffer->failed) return false;
  if (buffer->room - buffer->length > more) return true;
  const size_t room = (buffer->length + more + 1) * 2;
  char *text = realloc(buffer->text, room);
  buffer->failed = text == NULL;
  if (buffer->failed) return false;
  buffer->text = text;
  buffer->room = room;
  return true;
}

void assay_buffer_print(struct assay_buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length >= 0 && reserve(buffer, (size_t)length)) {
    vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, again);
    buffer->length += (size_t)length;
  }
  va_end(again);
}

char *assay_buffer_extend(struct assay_buffer *buffer, size_t length) {
  if (!reserve(buffer, length)) return NULL;
  char *start = buffer->text + buffer->length;
  buffer->length += length;
  buffer->text[buffer->length] = '\0';
  return start;
}

void assay_buffer_json_string(struct assay_buffer *buffer, const char *text) {
  assay_buffer_print(buffer, "\"");
  for (; *text != '\0'; ++text) {
    const unsigned char c = (unsigned char)*text;
    if (c < 0x20) {
      assay_buffer_print(buffer, "\\u%04x", c);
    } else {
      assay_buffer_print(buffer, c == '"' || c == '\\' ? "\\%c" : "%c", c);
    }
  }
  assay_buffer_print(buffer, "\"");
}

void assay_buffer_free(struct assay_buffer *buffer) {
  free(buffer->text);
  *buffer = (struct assay_buffer){0};
}
