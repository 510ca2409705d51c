/* Input images: .npy of float32, or .pgm. */
#include "vectors/image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/npy.h"
#include "vectors/pgm.h"

static bool has_ending(const char *path, const char *ending) {
  const size_t length = strlen(path);
  const size_t wanted = strlen(ending);
  return length > wanted && strcmp(path + length - wanted, ending) == 0;
}

static size_t value_count(const struct assay_images *images) {
  return (size_t)images->n * (size_t)images->c * (size_t)images->y * (size_t)images->x;
}

/* The last axes of the tensor are x, y, c, n; missing ones are 1. */
static bool take_shape(const char *path, const struct assay_tensor *tensor,
                       struct assay_images *images, struct assay_error *error) {
  int32_t *const axes[] = {&images->x, &images->y, &images->c, &images->n};
  bool ok = tensor->dims >= 2 && tensor->dims <= 4;
  for (size_t i = 0; i < 4 && ok; ++i) {
    const int64_t size = i < tensor->dims ? tensor->shape[tensor->dims - 1 - i] : 1;
    ok = size >= 1 && size <= 1 << 20;
    *axes[i] = (int32_t)size;
  }
  if (ok) return true;
  char shape[ASSAY_SHAPE_TEXT];
  const struct assay_mark mark = {path, 1, 1};
  return assay_error_at(error, &mark,
                        "the image has shape %s, expected [y, x], [c, y, x] or [n, c, y, x]",
                        assay_shape_text(tensor->shape, tensor->dims, shape));
}

static bool take_values(const char *path, const struct assay_tensor *tensor,
                        struct assay_images *images, struct assay_error *error) {
  const struct assay_mark mark = {path, 1, 1};
  if (tensor->element != ASSAY_FLOAT32 && tensor->element != ASSAY_FLOAT64) {
    return assay_error_at(error, &mark, "the image is %s, expected float32 in real units",
                          assay_element_name(tensor->element));
  }
  const size_t count = value_count(images);
  images->data = malloc((count + 1) * sizeof *images->data);
  if (images->data == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < count; ++i) {
    images->data[i] = tensor->element == ASSAY_FLOAT32 ? ((const float *)tensor->data)[i]
                                                       : (float)((const double *)tensor->data)[i];
    if (isnan(images->data[i])) {
      assay_images_free(images);
      return assay_error_at(error, &mark, "value %zu of the image is NaN, expected numbers", i);
    }
  }
  return true;
}

static bool read_npy(const char *path, struct assay_images *images, struct assay_error *error) {
  struct assay_tensor tensor;
  if (!assay_npy_read(path, &tensor, error)) return false;
  const bool ok =
      take_shape(path, &tensor, images, error) && take_values(path, &tensor, images, error);
  assay_tensor_free(&tensor);
  return ok;
}

static bool read_pgm(const char *path, struct assay_images *images, struct assay_error *error) {
  struct assay_grey grey;
  if (!assay_pgm_read(path, &grey, error)) return false;
  *images = (struct assay_images){.n = 1, .c = 1, .y = grey.y, .x = grey.x};
  const size_t count = value_count(images);
  images->data = malloc(count * sizeof *images->data);
  for (size_t i = 0; i < count && images->data != NULL; ++i) images->data[i] = grey.data[i];
  free(grey.data);
  return images->data != NULL || assay_error_memory(error);
}

bool assay_images_read(const char *path, struct assay_images *images, struct assay_error *error) {
  struct assay_images read = {0};
  bool ok;
  if (has_ending(path, ".npy")) {
    ok = read_npy(path, &read, error);
  } else if (has_ending(path, ".pgm")) {
    ok = read_pgm(path, &read, error);
  } else {
    const struct assay_mark mark = {path, 1, 1};
    ok = assay_error_at(error, &mark, "the file's ending is not known, expected .npy or .pgm");
  }
  if (ok) *images = read;
  return ok;
}

void assay_images_free(struct assay_images *images) {
  free(images->data);
  *images = (struct assay_images){0};
}

void assay_images_nhwc(const struct assay_images *images, int32_t n, float *nhwc) {
  const size_t pixels = (size_t)images->y * (size_t)images->x;
  const size_t channels = (size_t)images->c;
  const float *image = images->data + (size_t)n * channels * pixels;
  for (size_t c = 0; c < channels; ++c) {
    for (size_t p = 0; p < pixels; ++p) nhwc[p * channels + c] = image[c * pixels + p];
  }
}
