/* Writes JSON: indented, keys in the order of the calls, the same bytes every time. No twin. */
#ifndef ASSAY_CLI_JSON_H_
#define ASSAY_CLI_JSON_H_

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A document being written. Start from {.file = FILE}. */
struct assay_json {
  FILE *file;   ///< borrowed
  int depth;    ///< open brackets
  bool inside;  ///< something stands before in the innermost bracket
};

/** Open '{' or '['. `key` is NULL in a list and at the top. */
void assay_json_open(struct assay_json *json, const char *key, char bracket);
/** Close with '}' or ']'; a newline follows the outermost one. */
void assay_json_close(struct assay_json *json, char bracket);
/** A string, escaped; NULL writes null. */
void assay_json_text(struct assay_json *json, const char *key, const char *text);
void assay_json_integer(struct assay_json *json, const char *key, int64_t value);
/** A number with all its digits (%.17g); not finite: null. */
void assay_json_real(struct assay_json *json, const char *key, double value);
void assay_json_bool(struct assay_json *json, const char *key, bool value);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CLI_JSON_H_
