/* Observations of a device: accumulators and outputs, from .npy or text. No twin. */
#include "cli/samples.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/file.h"
#include "vectors/npy.h"

static bool allocate(struct assay_samples *samples, size_t count, struct assay_error *error) {
  samples->list = calloc(count + 1, sizeof *samples->list);
  samples->line = calloc(count + 1, sizeof *samples->line);
  return (samples->list != NULL && samples->line != NULL) || assay_error_memory(error);
}

/** Appends a sample after a check of its ranges. */
static bool append(struct assay_samples *samples, int64_t acc, int64_t y, int32_t q_low,
                   size_t line, const struct assay_mark *mark, struct assay_error *error) {
  if (acc < INT32_MIN || acc > INT32_MAX) {
    return assay_error_at(error, mark, "accumulator %" PRId64 ", expected an int32", acc);
  }
  if (y < q_low || y > q_low + 255) {
    return assay_error_at(error, mark, "output %" PRId64 ", expected %" PRId32 " to %" PRId32, y,
                          q_low, q_low + 255);
  }
  samples->list[samples->count] = (struct assay_sample){(int32_t)acc, (int32_t)y};
  samples->line[samples->count++] = line;
  return true;
}

// Text //

/** A line being read. */
struct cursor {
  const char *path, *start, *at;
  size_t line;
};

static struct assay_mark mark_of(const struct cursor *c) {
  return (struct assay_mark){c->path, c->line, (size_t)(c->at - c->start) + 1};
}

static void skip(struct cursor *c, const char *characters) { c->at += strspn(c->at, characters); }

static bool at_end(const struct cursor *c) {
  return *c->at == '\0' || *c->at == '\n' || *c->at == '#';
}

static bool read_number(struct cursor *c, const char *what, int64_t *value,
                        struct assay_error *error) {
  char *end;
  const struct assay_mark mark = mark_of(c);
  errno = 0;
  *value = at_end(c) ? 0 : strtoll(c->at, &end, 10);
  if (at_end(c) || end == c->at || errno != 0 || strchr(" \t,\r\n#", *end) == NULL) {
    return assay_error_at(error, &mark, "found \"%.*s\", expected %s, an integer",
                          (int)strcspn(c->at, " \t,\r\n#"), c->at, what);
  }
  c->at = end;
  return true;
}

static bool read_line(struct cursor *c, int32_t q_low, struct assay_samples *samples,
                      struct assay_error *error) {
  int64_t acc, y;
  const struct assay_mark mark = mark_of(c);
  if (!read_number(c, "an accumulator", &acc, error)) return false;
  skip(c, " \t,");
  if (!read_number(c, "an output", &y, error)) return false;
  skip(c, " \t\r");
  if (!at_end(c)) {
    const struct assay_mark rest = mark_of(c);
    return assay_error_at(error, &rest, "more than two values, expected: accumulator output");
  }
  return append(samples, acc, y, q_low, c->line, &mark, error);
}

static bool read_lines(const char *path, const struct assay_bytes *bytes, int32_t q_low,
                       struct assay_samples *samples, struct assay_error *error) {
  struct cursor c = {.path = path, .at = (const char *)bytes->data};
  const char *end = c.at + bytes->size;
  while (c.at < end) {
    c.line++;
    c.start = c.at;
    skip(&c, " \t\r");
    if (!at_end(&c) && !read_line(&c, q_low, samples, error)) return false;
    c.at += strcspn(c.at, "\n") + 1;
  }
  return true;
}

static size_t count_lines(const struct assay_bytes *bytes) {
  size_t lines = 1;
  for (size_t i = 0; i < bytes->size; ++i) lines += bytes->data[i] == '\n';
  return lines;
}

static bool read_text(const char *path, int32_t q_low, struct assay_samples *samples,
                      struct assay_error *error) {
  struct assay_bytes bytes;
  if (!assay_file_read(path, "samples", &bytes, error)) return false;
  bool ok;
  if (memchr(bytes.data, 0, bytes.size) != NULL) {
    const struct assay_mark mark = {path, 1, 1};
    ok = assay_error_at(error, &mark, "the file holds a zero byte, expected text or a name.npy");
  } else {
    ok = allocate(samples, count_lines(&bytes), error) &&
         read_lines(path, &bytes, q_low, samples, error);
  }
  assay_bytes_free(&bytes);
  return ok;
}

// .npy //

/** Element as an integer. @return false for a type that is not an integer */
static bool integer_at(const struct assay_tensor *tensor, size_t i, int64_t *value) {
  switch (tensor->element) {
    case ASSAY_INT8:
      *value = ((const int8_t *)tensor->data)[i];
      return true;
    case ASSAY_UINT8:
      *value = ((const uint8_t *)tensor->data)[i];
      return true;
    case ASSAY_INT32:
      *value = ((const int32_t *)tensor->data)[i];
      return true;
    case ASSAY_INT64:
      *value = ((const int64_t *)tensor->data)[i];
      return true;
    default:
      return false;
  }
}

static bool read_tensor(const char *path, const struct assay_tensor *tensor, int32_t q_low,
                        struct assay_samples *samples, struct assay_error *error) {
  const struct assay_mark mark = {path, 1, 1};
  char text[ASSAY_SHAPE_TEXT];
  int64_t acc, y;
  if (tensor->dims != 2 || tensor->shape[1] != 2) {
    return assay_error_at(error, &mark, "shape %s, expected [n, 2]: accumulator, output",
                          assay_shape_text(tensor->shape, tensor->dims, text));
  }
  const size_t count = (size_t)tensor->shape[0];
  if (!allocate(samples, count, error)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!integer_at(tensor, 2 * i, &acc) || !integer_at(tensor, 2 * i + 1, &y)) {
      return assay_error_at(error, &mark, "elements are %s, expected int8, uint8, int32 or int64",
                            assay_element_name(tensor->element));
    }
    const size_t bytes = assay_tensor_bytes(tensor) / (2 * count);
    const struct assay_mark at = {path, 1, 2 * i * bytes + 1};
    if (!append(samples, acc, y, q_low, i + 1, &at, error)) return false;
  }
  return true;
}

static bool read_npy(const char *path, int32_t q_low, struct assay_samples *samples,
                     struct assay_error *error) {
  struct assay_tensor tensor;
  if (!assay_npy_read(path, &tensor, error)) return false;
  const bool ok = read_tensor(path, &tensor, q_low, samples, error);
  assay_tensor_free(&tensor);
  return ok;
}

bool assay_samples_read(const char *path, int32_t q_low, struct assay_samples *samples,
                        struct assay_error *error) {
  const size_t length = strlen(path);
  const bool npy = length > 4 && strcmp(path + length - 4, ".npy") == 0;
  struct assay_samples read = {0};
  bool ok = npy ? read_npy(path, q_low, &read, error) : read_text(path, q_low, &read, error);
  if (ok && read.count == 0) {
    const struct assay_mark mark = {path, 1, 1};
    ok = assay_error_at(error, &mark, "no samples, expected at least one: accumulator output");
  }
  if (ok) {
    *samples = read;
  } else {
    assay_samples_free(&read);
  }
  return ok;
}

void assay_samples_free(struct assay_samples *samples) {
  free(samples->list);
  free(samples->line);
  *samples = (struct assay_samples){0};
}

// What they say by themselves //

struct assay_interval assay_samples_range(const struct assay_samples *samples) {
  struct assay_interval range = {samples->list[0].acc, samples->list[0].acc};
  for (size_t i = 1; i < samples->count; ++i) {
    if (samples->list[i].acc < range.lo) range.lo = samples->list[i].acc;
    if (samples->list[i].acc > range.hi) range.hi = samples->list[i].acc;
  }
  return range;
}

/** A sample with its place, for sorting. */
struct placed {
  struct assay_sample sample;
  size_t index;
};

static int by_acc(const void *a, const void *b) {
  const struct placed *p = a, *q = b;
  if (p->sample.acc != q->sample.acc) return p->sample.acc < q->sample.acc ? -1 : 1;
  return p->index < q->index ? -1 : 1;
}

bool assay_samples_consistent(const struct assay_samples *samples, bool monotone, size_t pair[2],
                              struct assay_error *error) {
  struct placed *sorted = malloc(samples->count * sizeof *sorted);
  bool consistent = true;
  if (sorted == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < samples->count; ++i) sorted[i] = (struct placed){samples->list[i], i};
  qsort(sorted, samples->count, sizeof *sorted, by_acc);
  for (size_t i = 1; i < samples->count && consistent; ++i) {
    const struct assay_sample *a = &sorted[i - 1].sample, *b = &sorted[i].sample;
    consistent = a->acc == b->acc ? a->y == b->y : !monotone || a->y <= b->y;
    pair[0] = sorted[i - 1].index;
    pair[1] = sorted[i].index;
  }
  free(sorted);
  return consistent;
}
