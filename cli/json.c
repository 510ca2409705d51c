/* Writes JSON: indented, keys in the order of the calls, the same bytes every time. No twin. */
#include "cli/json.h"

#include <inttypes.h>
#include <math.h>

static void write_string(FILE *file, const char *text) {
  fputc('"', file);
  for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; ++c) {
    if (*c == '"' || *c == '\\') {
      fprintf(file, "\\%c", *c);
    } else if (*c < 0x20) {
      fprintf(file, "\\u%04x", *c);
    } else {
      fputc(*c, file);
    }
  }
  fputc('"', file);
}

/** Comma, line break, indentation and key before a value. */
static void start_value(struct assay_json *json, const char *key) {
  if (json->inside) fputc(',', json->file);
  if (json->depth > 0) fprintf(json->file, "\n%*s", 2 * json->depth, "");
  if (key != NULL) {
    write_string(json->file, key);
    fputs(": ", json->file);
  }
  json->inside = true;
}

void assay_json_open(struct assay_json *json, const char *key, char bracket) {
  start_value(json, key);
  fputc(bracket, json->file);
  ++json->depth;
  json->inside = false;
}

void assay_json_close(struct assay_json *json, char bracket) {
  --json->depth;
  if (json->inside) fprintf(json->file, "\n%*s", 2 * json->depth, "");
  fputc(bracket, json->file);
  if (json->depth == 0) fputc('\n', json->file);
  json->inside = true;
}

void assay_json_text(struct assay_json *json, const char *key, const char *text) {
  start_value(json, key);
  if (text == NULL) {
    fputs("null", json->file);
  } else {
    write_string(json->file, text);
  }
}

void assay_json_integer(struct assay_json *json, const char *key, int64_t value) {
  start_value(json, key);
  fprintf(json->file, "%" PRId64, value);
}

void assay_json_real(struct assay_json *json, const char *key, double value) {
  start_value(json, key);
  if (isfinite(value)) {
    fprintf(json->file, "%.17g", value);
  } else {
    fputs("null", json->file);
  }
}

void assay_json_bool(struct assay_json *json, const char *key, bool value) {
  start_value(json, key);
  fputs(value ? "true" : "false", json->file);
}
