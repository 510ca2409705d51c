/* One line that says what went wrong, and the exit code that it deserves. */
#ifndef ASSAY_CONFIG_ERROR_H_
#define ASSAY_CONFIG_ERROR_H_

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Exit codes of the command that an error can ask for. */
enum assay_exit {
  ASSAY_EXIT_PASS = 0,
  ASSAY_EXIT_MISMATCH = 1,   ///< two things that must be equal are not
  ASSAY_EXIT_BAD_INPUT = 2,  ///< usage, or an input file that cannot be used
  ASSAY_EXIT_RESOURCE = 3,   ///< out of memory, disk full, a tool that failed
};

/**
 * The first error of a sequence of calls. Start from `{0}`: exit_code 0 means that nothing failed.
 * Readers in config/ and vectors/ return false and fill it; later errors do not replace the first.
 */
struct assay_error {
  enum assay_exit exit_code;
  char text[1024];  ///< one line without a newline, usually `file:line:column: wrong, expected`
};

/** A place in a text file. In a binary file line is 1 and column is the byte offset plus 1. */
struct assay_mark {
  const char *file;  ///< path as the user gave it; borrowed
  size_t line;       ///< from 1; 0: the file as a whole
  size_t column;     ///< from 1
};

/** Records an error unless one is recorded already. @return false, so that callers can return it */
bool assay_error_set(struct assay_error *error, enum assay_exit exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Records `file:line:column: text` with ASSAY_EXIT_BAD_INPUT. @return false */
bool assay_error_at(struct assay_error *error, const struct assay_mark *mark, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));
/** The same for a list of arguments. */
bool assay_error_vat(struct assay_error *error, const struct assay_mark *mark, const char *format,
                     va_list arguments) __attribute__((format(printf, 3, 0)));

/** Records that memory ran out. @return false */
bool assay_error_memory(struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CONFIG_ERROR_H_
