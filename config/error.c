/* One line that says what went wrong, and the exit code that it deserves. */
#include "config/error.h"

#include <stdio.h>

bool assay_error_set(struct assay_error *error, enum assay_exit exit_code, const char *format,
                     ...) {
  if (error->exit_code != ASSAY_EXIT_PASS) return false;
  error->exit_code = exit_code;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->text, sizeof error->text, format, arguments);
  va_end(arguments);
  return false;
}

bool assay_error_vat(struct assay_error *error, const struct assay_mark *mark, const char *format,
                     va_list arguments) {
  if (error->exit_code != ASSAY_EXIT_PASS) return false;
  error->exit_code = ASSAY_EXIT_BAD_INPUT;
  const int used = snprintf(error->text, sizeof error->text, "%s:%zu:%zu: ", mark->file, mark->line,
                            mark->column);
  if (used < 0 || (size_t)used >= sizeof error->text) return false;
  vsnprintf(error->text + used, sizeof error->text - (size_t)used, format, arguments);
  return false;
}

bool assay_error_at(struct assay_error *error, const struct assay_mark *mark, const char *format,
                    ...) {
  va_list arguments;
  va_start(arguments, format);
  assay_error_vat(error, mark, format, arguments);
  va_end(arguments);
  return false;
}

bool assay_error_memory(struct assay_error *error) {
  return assay_error_set(error, ASSAY_EXIT_RESOURCE, "out of memory");
}
