/* Tensors in memory and in NumPy's .npy files. */
#include "vectors/npy.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files and memory are little-endian");

// Element types //

struct element_info {
  const char *name;
  const char *descr;  // NumPy's code
  size_t size;
};

static const struct element_info kElements[] = {
    [ASSAY_INT8] = {"int8", "|i1", 1},      [ASSAY_UINT8] = {"uint8", "|u1", 1},
    [ASSAY_INT32] = {"int32", "<i4", 4},    [ASSAY_INT64] = {"int64", "<i8", 8},
    [ASSAY_UINT64] = {"uint64", "<u8", 8},  [ASSAY_FLOAT32] = {"float32", "<f4", 4},
    [ASSAY_FLOAT64] = {"float64", "<f8", 8}};
enum { kElementCount = sizeof kElements / sizeof kElements[0] };

size_t assay_element_size(enum assay_element element) { return kElements[element].size; }

const char *assay_element_name(enum assay_element element) { return kElements[element].name; }

// Shapes //

size_t assay_tensor_count(const struct assay_tensor *tensor) {
  size_t count = 1;
  for (size_t i = 0; i < tensor->dims; ++i) count *= (size_t)tensor->shape[i];
  return count;
}

size_t assay_tensor_bytes(const struct assay_tensor *tensor) {
  return assay_tensor_count(tensor) * assay_element_size(tensor->element);
}

const char *assay_shape_text(const int64_t *shape, size_t dims, char text[ASSAY_SHAPE_TEXT]) {
  size_t used = (size_t)snprintf(text, ASSAY_SHAPE_TEXT, "[");
  for (size_t i = 0; i < dims && used < ASSAY_SHAPE_TEXT; ++i) {
    used += (size_t)snprintf(text + used, ASSAY_SHAPE_TEXT - used, "%s%" PRId64, i ? ", " : "",
                             shape[i]);
  }
  if (used < ASSAY_SHAPE_TEXT) snprintf(text + used, ASSAY_SHAPE_TEXT - used, "]");
  return text;
}

void assay_tensor_free(struct assay_tensor *tensor) {
  free(tensor->data);
  *tensor = (struct assay_tensor){0};
}

// Header: a Python dictionary, read by a small scanner //

struct scan {
  const char *path;
  const uint8_t *start;
  const char *at;   // next character
  const char *end;  // end of the header
  struct assay_error *error;
};

static bool scan_fail(const struct scan *s, const char *expected) {
  const struct assay_mark mark = {s->path, 1, (size_t)((const uint8_t *)s->at - s->start) + 1};
  return assay_error_at(s->error, &mark, "the .npy header cannot be read here, expected %s",
                        expected);
}

static void skip_spaces(struct scan *s) {
  while (s->at < s->end && (*s->at == ' ' || *s->at == '\n')) ++s->at;
}

/* Takes a literal if it is next. */
static bool accept(struct scan *s, const char *literal) {
  skip_spaces(s);
  const size_t length = strlen(literal);
  if ((size_t)(s->end - s->at) < length || memcmp(s->at, literal, length) != 0) return false;
  s->at += length;
  return true;
}

static bool demand(struct scan *s, const char *literal) {
  return accept(s, literal) || scan_fail(s, literal);
}

static bool scan_descr(struct scan *s, enum assay_element *element) {
  for (size_t i = 0; i < kElementCount; ++i) {
    char quoted[8];
    snprintf(quoted, sizeof quoted, "'%s'", kElements[i].descr);
    if (accept(s, quoted)) {
      *element = (enum assay_element)i;
      return true;
    }
  }
  const struct assay_mark mark = {s->path, 1, (size_t)((const uint8_t *)s->at - s->start) + 1};
  const char *comma = memchr(s->at, ',', (size_t)(s->end - s->at));
  const int length = comma == NULL ? 0 : (int)(comma - s->at);
  return assay_error_at(s->error, &mark,
                        "element type %.*s is not supported, expected little-endian int8, uint8, "
                        "int32, int64, uint64, float32 or float64",
                        length < 32 ? length : 32, s->at);
}

static bool scan_order(struct scan *s) {
  if (accept(s, "False")) return true;
  const char *start = s->at;
  if (!accept(s, "True")) return scan_fail(s, "True or False");
  const struct assay_mark mark = {s->path, 1, (size_t)((const uint8_t *)start - s->start) + 1};
  return assay_error_at(s->error, &mark,
                        "the array is in Fortran order, expected C order: save "
                        "numpy.ascontiguousarray(a)");
}

static bool scan_size(struct scan *s, int64_t *size) {
  skip_spaces(s);
  int64_t value = 0;
  const char *first = s->at;
  while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
    if (value > INT32_MAX) return scan_fail(s, "axes of at most 2^31 elements");
    value = value * 10 + (*s->at++ - '0');
  }
  *size = value;
  return s->at > first || scan_fail(s, "a number");
}

static bool scan_shape(struct scan *s, struct assay_tensor *tensor) {
  if (!demand(s, "(")) return false;
  while (!accept(s, ")")) {
    if (tensor->dims == ASSAY_MAX_DIMS) return scan_fail(s, "at most 8 axes");
    if (!scan_size(s, &tensor->shape[tensor->dims++])) return false;
    if (!accept(s, ",")) return demand(s, ")");
  }
  return true;
}

static bool scan_entry(struct scan *s, struct assay_tensor *tensor, unsigned *seen) {
  if (accept(s, "'descr':")) {
    *seen |= 1;
    return scan_descr(s, &tensor->element);
  }
  if (accept(s, "'fortran_order':")) {
    *seen |= 2;
    return scan_order(s);
  }
  if (accept(s, "'shape':")) {
    *seen |= 4;
    tensor->dims = 0;
    return scan_shape(s, tensor);
  }
  return scan_fail(s, "'descr', 'fortran_order' or 'shape'");
}

static bool scan_header(struct scan *s, struct assay_tensor *tensor) {
  unsigned seen = 0;
  if (!demand(s, "{")) return false;
  while (!accept(s, "}")) {
    if (!scan_entry(s, tensor, &seen)) return false;
    if (!accept(s, ",")) {
      if (!demand(s, "}")) return false;
      break;
    }
  }
  skip_spaces(s);
  if (s->at != s->end) return scan_fail(s, "the end of the header");
  return seen == 7 || scan_fail(s, "'descr', 'fortran_order' and 'shape'");
}

// Reading //

/* Finds the header; *data_at is where the elements start. */
static bool find_header(const char *path, const struct assay_bytes *bytes, struct scan *scan,
                        size_t *data_at, struct assay_error *error) {
  const struct assay_mark mark = {path, 1, 1};
  const uint8_t *b = bytes->data;
  if (bytes->size < 12 || memcmp(b, "\x93NUMPY", 6) != 0) {
    return assay_error_at(error, &mark, "not an .npy file, expected it to start with \\x93NUMPY");
  }
  if ((b[6] != 1 && b[6] != 2) || b[7] != 0) {
    return assay_error_at(error, &mark, ".npy version is %d.%d, expected 1.0 or 2.0", b[6], b[7]);
  }
  const size_t start = b[6] == 1 ? 10 : 12;
  size_t length = (size_t)b[8] | (size_t)b[9] << 8;
  if (b[6] == 2) length |= (size_t)b[10] << 16 | (size_t)b[11] << 24;
  if (length > bytes->size - start) {
    return assay_error_at(error, &mark, "the file ends inside its header, expected %zu bytes of it",
                          length);
  }
  *data_at = start + length;
  *scan = (struct scan){path, b, (const char *)b + start, (const char *)b + *data_at, error};
  return true;
}

/* Bytes that the shape promises; false where they cannot be counted. */
static bool promised_bytes(const struct assay_tensor *tensor, size_t *bytes) {
  *bytes = assay_element_size(tensor->element);
  for (size_t i = 0; i < tensor->dims; ++i) {
    if (__builtin_mul_overflow(*bytes, (size_t)tensor->shape[i], bytes)) return false;
  }
  return true;
}

static bool check_size(const char *path, const struct assay_tensor *tensor, size_t data_at,
                       size_t file_size, struct assay_error *error) {
  char shape[ASSAY_SHAPE_TEXT];
  assay_shape_text(tensor->shape, tensor->dims, shape);
  size_t promised = 0;
  if (!promised_bytes(tensor, &promised)) {
    const struct assay_mark mark = {path, 1, 1};
    return assay_error_at(error, &mark, "shape %s is too large, expected fewer than 2^64 bytes",
                          shape);
  }
  const size_t found = file_size - data_at;
  if (found == promised) return true;
  const bool more = found > promised;
  const struct assay_mark mark = {path, 1, (more ? data_at + promised : file_size) + 1};
  return assay_error_at(error, &mark, "%s: %zu data bytes, expected %zu for %s %s",
                        more ? "bytes follow the last element" : "the file is truncated", found,
                        promised, assay_element_name(tensor->element), shape);
}

static bool parse(const char *path, const struct assay_bytes *bytes, struct assay_tensor *tensor,
                  struct assay_error *error) {
  struct scan scan;
  size_t data_at = 0;
  if (!find_header(path, bytes, &scan, &data_at, error)) return false;
  if (!scan_header(&scan, tensor)) return false;
  if (!check_size(path, tensor, data_at, bytes->size, error)) return false;
  const size_t size = bytes->size - data_at;
  tensor->data = malloc(size + 1);
  if (tensor->data == NULL) return assay_error_memory(error);
  memcpy(tensor->data, bytes->data + data_at, size);
  return true;
}

bool assay_npy_read(const char *path, struct assay_tensor *tensor, struct assay_error *error) {
  struct assay_bytes bytes = {0};
  if (!assay_file_read(path, "an .npy file", &bytes, error)) return false;
  struct assay_tensor read = {0};
  const bool ok = parse(path, &bytes, &read, error);
  assay_bytes_free(&bytes);
  if (ok) *tensor = read;
  return ok;
}

// Writing //

/* NumPy's text of a shape: "(8, 1, 3, 3)", "(8,)", "()". */
static void tuple_text(const struct assay_tensor *tensor, char text[ASSAY_SHAPE_TEXT]) {
  assay_shape_text(tensor->shape, tensor->dims, text);
  const size_t length = strlen(text);
  text[0] = '(';
  snprintf(text + length - 1, ASSAY_SHAPE_TEXT - length + 1, tensor->dims == 1 ? ",)" : ")");
}

/* Header of version 1.0, padded with spaces so that the data start at a multiple of 64. */
static size_t write_header(const struct assay_tensor *tensor, uint8_t header[512]) {
  char shape[ASSAY_SHAPE_TEXT];
  tuple_text(tensor, shape);
  char text[400];
  const int used =
      snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
               kElements[tensor->element].descr, shape);
  const size_t total = (10 + (size_t)used + 1 + 63) / 64 * 64;
  memset(header, ' ', total);
  static const uint8_t magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  memcpy(header, magic, sizeof magic);
  header[8] = (uint8_t)(total - 10);
  header[9] = (uint8_t)((total - 10) >> 8);
  memcpy(header + 10, text, (size_t)used);
  header[total - 1] = '\n';
  return total;
}

bool assay_npy_encode(const struct assay_tensor *tensor, struct assay_bytes *bytes,
                      struct assay_error *error) {
  uint8_t header[512];
  const size_t start = write_header(tensor, header);
  const size_t size = assay_tensor_bytes(tensor);
  uint8_t *file = malloc(start + size);
  if (file == NULL) return assay_error_memory(error);
  memcpy(file, header, start);
  if (size > 0) memcpy(file + start, tensor->data, size);
  *bytes = (struct assay_bytes){file, start + size};
  return true;
}

bool assay_npy_write(const char *path, const struct assay_tensor *tensor,
                     struct assay_error *error) {
  struct assay_bytes bytes = {0};
  if (!assay_npy_encode(tensor, &bytes, error)) return false;
  const bool ok = assay_file_write(path, bytes.data, bytes.size, error);
  assay_bytes_free(&bytes);
  return ok;
}
