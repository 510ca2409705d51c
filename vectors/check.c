/* Compares a simulator's output file with the expected values of a vector folder. */
#include "vectors/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/file.h"
#include "vectors/mem_text.h"
#include "vectors/npy.h"

enum { kPlaceFields = 4 };  // x, y, block, n: see places.npy

/* Everything that one comparison reads. */
struct comparison {
  const char *folder, *layer, *tensor, *path;
  struct assay_tensor expected;
  struct assay_tensor y;       // for the number of channels
  struct assay_tensor places;  // of streams
  struct assay_mem found;
  bool stream;
  struct assay_error *error;
};

// Reading //

static bool read_expected(const struct comparison *c, const char *name,
                          struct assay_tensor *tensor) {
  char file[300];
  snprintf(file, sizeof file, "%.128s/%.128s.npy", c->layer, name);
  char *path = assay_path_join(c->folder, file, c->error);
  const bool ok = path != NULL && assay_npy_read(path, tensor, c->error);
  free(path);
  return ok;
}

static bool known_tensor(const struct comparison *c) {
  static const char *const known[] = {"y", "acc", "stream_out", "stream_acc"};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
    if (strcmp(c->tensor, known[i]) == 0) return true;
  }
  return assay_error_set(c->error, ASSAY_EXIT_BAD_INPUT,
                         "'%s' cannot be checked, expected one of: y, acc, stream_out, stream_acc",
                         c->tensor);
}

/* The folder is ours, but people edit files. */
static bool check_expected(const struct comparison *c) {
  const size_t words = assay_tensor_count(&c->places) / kPlaceFields;
  const bool shapes =
      c->y.dims == 4 &&
      (c->stream
           ? c->expected.dims == 2 && c->places.dims == 2 && c->places.element == ASSAY_INT32 &&
                 c->places.shape[1] == kPlaceFields && c->expected.shape[0] == (int64_t)words
           : c->expected.dims == 4 && c->expected.shape[3] == c->y.shape[3]);
  const size_t size = assay_element_size(c->expected.element);
  if (shapes && (size == 1 || c->expected.element == ASSAY_INT32)) return true;
  return assay_error_set(c->error, ASSAY_EXIT_BAD_INPUT,
                         "%s/%s: the expected files do not fit together, expected a folder of "
                         "'assay gen'",
                         c->folder, c->layer);
}

static size_t lanes_of(const struct comparison *c) {
  return c->stream ? (size_t)c->expected.shape[1] : 1;
}

static size_t words_of(const struct comparison *c) {
  return assay_tensor_count(&c->expected) / lanes_of(c);
}

/* An array becomes the same words that a text would give. */
static bool take_array(struct comparison *c) {
  struct assay_tensor found;
  if (!assay_npy_read(c->path, &found, c->error)) return false;
  const struct assay_tensor *e = &c->expected;
  const size_t size = assay_tensor_bytes(e);
  c->found = (struct assay_mem){assay_element_size(e->element) * lanes_of(c), words_of(c),
                                found.data, calloc(size + 1, 1)};
  const bool same = found.element == e->element && found.dims == e->dims &&
                    memcmp(found.shape, e->shape, e->dims * sizeof e->shape[0]) == 0;
  if (same) return c->found.unknown != NULL || assay_error_memory(c->error);
  char has[ASSAY_SHAPE_TEXT];
  char wants[ASSAY_SHAPE_TEXT];
  const struct assay_mark mark = {c->path, 1, 1};
  return assay_error_at(c->error, &mark, "the array is %s %s, expected %s %s",
                        assay_element_name(found.element),
                        assay_shape_text(found.shape, found.dims, has),
                        assay_element_name(e->element), assay_shape_text(e->shape, e->dims, wants));
}

static bool read_found(struct comparison *c) {
  const size_t length = strlen(c->path);
  if (length > 4 && strcmp(c->path + length - 4, ".npy") == 0) return take_array(c);
  const size_t word_bytes = assay_element_size(c->expected.element) * lanes_of(c);
  return assay_mem_read(c->path, word_bytes, 2 * words_of(c) + 1024, &c->found, c->error);
}

static bool read_all(struct comparison *c) {
  return known_tensor(c) && read_expected(c, c->tensor, &c->expected) &&
         read_expected(c, "y", &c->y) && (!c->stream || read_expected(c, "places", &c->places)) &&
         check_expected(c) && read_found(c);
}

// Comparing //

static int64_t element_at(enum assay_element element, const uint8_t *data) {
  int32_t word;
  switch (element) {
    case ASSAY_INT8:
      return (int8_t)data[0];
    case ASSAY_UINT8:
      return data[0];
    default:
      memcpy(&word, data, sizeof word);
      return word;
  }
}

/* Place of an element: from the places of a stream, or from the tensor's own axes. */
static struct assay_check_mismatch place_of(const struct comparison *c, size_t word, size_t lane) {
  struct assay_check_mismatch place = {.word = word};
  if (c->stream) {
    const int32_t *entry = (const int32_t *)c->places.data + word * kPlaceFields;
    place.x = entry[0];
    place.y = entry[1];
    place.c = entry[2] * (int32_t)lanes_of(c) + (int32_t)lane;
    place.n = entry[3];
    return place;
  }
  const int64_t *shape = c->expected.shape;
  int64_t rest = (int64_t)word;
  place.c = (int32_t)(rest % shape[3]);
  rest /= shape[3];
  place.x = (int32_t)(rest % shape[2]);
  rest /= shape[2];
  place.y = (int32_t)(rest % shape[1]);
  place.n = (int32_t)(rest / shape[1]);
  return place;
}

static bool is_unknown(const struct comparison *c, size_t at) {
  const size_t size = assay_element_size(c->expected.element);
  for (size_t i = 0; i < size; ++i) {
    if (c->found.unknown[at + i]) return true;
  }
  return false;
}

/* Bytes of unused lanes must be 0; unused accumulators have no value that anybody promises. */
static void compare_element(const struct comparison *c, size_t word, size_t lane,
                            struct assay_check_result *result) {
  const size_t size = assay_element_size(c->expected.element);
  const size_t at = (word * lanes_of(c) + lane) * size;
  struct assay_check_mismatch m = place_of(c, word, lane);
  const bool unused = m.c >= c->y.shape[3];
  if (unused && size > 1) return;
  if (!unused) ++result->compared;
  m.unknown = is_unknown(c, at);
  m.expected = element_at(c->expected.element, (const uint8_t *)c->expected.data + at);
  m.found = m.unknown ? 0 : element_at(c->expected.element, c->found.data + at);
  if (!m.unknown && m.expected == m.found) return;
  ++result->mismatches;
  if (m.unknown) ++result->unknown;
  if (result->shown < ASSAY_CHECK_SHOWN) result->first[result->shown++] = m;
}

static void compare_all(const struct comparison *c, struct assay_check_result *result) {
  const size_t expected = words_of(c);
  const size_t lanes = lanes_of(c);
  const size_t both = c->found.words < expected ? c->found.words : expected;
  *result =
      (struct assay_check_result){.element_bits = 8 * (int)assay_element_size(c->expected.element),
                                  .words_expected = expected,
                                  .words_found = c->found.words};
  for (size_t word = 0; word < both; ++word) {
    for (size_t lane = 0; lane < lanes; ++lane) compare_element(c, word, lane, result);
  }
}

bool assay_vectors_check(const char *folder, const char *layer, const char *tensor,
                         const char *path, struct assay_check_result *result,
                         struct assay_error *error) {
  struct comparison c = {.folder = folder,
                         .layer = layer,
                         .tensor = tensor,
                         .path = path,
                         .stream = strncmp(tensor, "stream_", 7) == 0,
                         .error = error};
  const bool ok = read_all(&c);
  if (ok) compare_all(&c, result);
  assay_tensor_free(&c.expected);
  assay_tensor_free(&c.y);
  assay_tensor_free(&c.places);
  assay_mem_free(&c.found);
  return ok;
}

bool assay_check_passed(const struct assay_check_result *result) {
  return result->compared > 0 && result->mismatches == 0 &&
         result->words_found == result->words_expected;
}

const char *assay_check_text(const struct assay_check_result *result, size_t index,
                             char text[160]) {
  const struct assay_check_mismatch *m = &result->first[index];
  const int digits = result->element_bits / 4;
  const uint64_t mask = UINT64_MAX >> (64 - result->element_bits);
  char found[48] = "x, z or nothing";
  if (!m->unknown) {
    snprintf(found, sizeof found, "0x%0*" PRIx64 " (%" PRId64 ")", digits,
             (uint64_t)m->found & mask, m->found);
  }
  snprintf(
      text, 160,
      "(n %d, y %d, x %d, c %d): expected 0x%0*" PRIx64 " (%" PRId64 "), found %s, word %" PRIu64,
      m->n, m->y, m->x, m->c, digits, (uint64_t)m->expected & mask, m->expected, found, m->word);
  return text;
}
