/* Portable grey maps, P2 and P5. */
#include "vectors/pgm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kMaxSide = 1 << 20, kMaxPixels = 1 << 28 };

/* Position in the file; lines are counted for messages. */
struct scan {
  const char *path;
  const struct assay_bytes *bytes;
  size_t at, line, line_start;
  struct assay_error *error;
};

static bool scan_fail(const struct scan *s, const char *what, const char *expected) {
  const struct assay_mark mark = {s->path, s->line, s->at - s->line_start + 1};
  return assay_error_at(s->error, &mark, "%s, expected %s", what, expected);
}

static void step(struct scan *s) {
  if (s->bytes->data[s->at++] == '\n') {
    ++s->line;
    s->line_start = s->at;
  }
}

static bool at_space(const struct scan *s) {
  const uint8_t c = s->bytes->data[s->at];
  return s->at < s->bytes->size && (c == ' ' || (c >= '\t' && c <= '\r'));
}

/* White space and comments; a comment runs from # to the end of its line. */
static void skip_gap(struct scan *s) {
  while (at_space(s) || s->bytes->data[s->at] == '#') {
    const bool comment = s->bytes->data[s->at] == '#';
    while (comment && s->at < s->bytes->size && s->bytes->data[s->at] != '\n') step(s);
    if (s->at < s->bytes->size) step(s);
  }
}

static bool scan_number(struct scan *s, int32_t low, int32_t high, const char *name,
                        int32_t *value) {
  skip_gap(s);
  const size_t first = s->at;
  int64_t number = 0;
  while (s->at - first < 8 && s->bytes->data[s->at] >= '0' && s->bytes->data[s->at] <= '9') {
    number = number * 10 + (s->bytes->data[s->at++] - '0');
  }
  const bool digits = s->at > first;
  if (digits && number >= low && number <= high) {
    *value = (int32_t)number;
    return true;
  }
  s->at = first;
  char expected[96];
  snprintf(expected, sizeof expected, "%s from %d to %d", name, low, high);
  return scan_fail(s, first >= s->bytes->size ? "the file ends" : "the value is not usable",
                   expected);
}

static bool scan_text_pixels(struct scan *s, struct assay_grey *grey, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    int32_t value;
    if (!scan_number(s, 0, grey->maximum, "a grey value", &value)) return false;
    grey->data[i] = (uint16_t)value;
  }
  skip_gap(s);
  return s->at == s->bytes->size ||
         scan_fail(s, "data follow the last pixel", "the end of the file");
}

static bool scan_binary_pixels(struct scan *s, struct assay_grey *grey, size_t count) {
  const size_t width = grey->maximum > 255 ? 2 : 1;
  const size_t found = s->bytes->size - s->at;
  if (found != count * width) {
    char expected[64];
    snprintf(expected, sizeof expected, "%zu bytes, found %zu", count * width, found);
    return scan_fail(
        s, found < count * width ? "the picture is truncated" : "data follow the last pixel",
        expected);
  }
  for (size_t i = 0; i < count; ++i) {
    const uint8_t *p = s->bytes->data + s->at + i * width;
    grey->data[i] = (uint16_t)(width == 1 ? p[0] : p[0] << 8 | p[1]);
    if (grey->data[i] > grey->maximum) {
      s->at += i * width;
      return scan_fail(s, "a pixel is above the file's maximum", "at most that");
    }
  }
  return true;
}

static bool scan_pixels(struct scan *s, struct assay_grey *grey, bool binary) {
  const size_t count = (size_t)grey->y * (size_t)grey->x;
  if (count > kMaxPixels) return scan_fail(s, "the picture is too large", "at most 2^28 pixels");
  grey->data = malloc((count + 1) * sizeof *grey->data);
  if (grey->data == NULL) return assay_error_memory(s->error);
  const bool ok = binary ? scan_binary_pixels(s, grey, count) : scan_text_pixels(s, grey, count);
  if (!ok) free(grey->data);
  return ok;
}

static bool scan_picture(struct scan *s, struct assay_grey *grey) {
  const uint8_t *b = s->bytes->data;
  if (s->bytes->size < 3 || b[0] != 'P' || (b[1] != '2' && b[1] != '5')) {
    return scan_fail(s, "not a grey map", "P2 or P5");
  }
  s->at = 2;
  int32_t maximum = 0;
  if (!scan_number(s, 1, kMaxSide, "a width", &grey->x)) return false;
  if (!scan_number(s, 1, kMaxSide, "a height", &grey->y)) return false;
  if (!scan_number(s, 1, 65535, "a maximum", &maximum)) return false;
  grey->maximum = (uint16_t)maximum;
  if (!at_space(s)) return scan_fail(s, "no space follows the maximum", "one");
  step(s);
  return scan_pixels(s, grey, b[1] == '5');
}

bool assay_pgm_read(const char *path, struct assay_grey *grey, struct assay_error *error) {
  struct assay_bytes bytes;
  if (!assay_file_read(path, "a .pgm file", &bytes, error)) return false;
  struct scan scan = {.path = path, .bytes = &bytes, .line = 1, .error = error};
  struct assay_grey read = {0};
  const bool ok = scan_picture(&scan, &read);
  assay_bytes_free(&bytes);
  if (ok) *grey = read;
  return ok;
}

bool assay_pgm_encode(const uint8_t *data, int32_t y, int32_t x, struct assay_bytes *bytes,
                      struct assay_error *error) {
  char header[64];
  const size_t start = (size_t)snprintf(header, sizeof header, "P5\n%d %d\n255\n", x, y);
  const size_t count = (size_t)y * (size_t)x;
  uint8_t *file = malloc(start + count);
  if (file == NULL) return assay_error_memory(error);
  memcpy(file, header, start);
  memcpy(file + start, data, count);
  *bytes = (struct assay_bytes){file, start + count};
  return true;
}
