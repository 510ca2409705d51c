/* Runs a bundle on an image, on integers from quantize to dequantize, and prints the result. */
#include <stdio.h>
#include <stdlib.h>

#include "golden/run.h"
#include "vectors/bundle.h"
#include "vectors/image.h"

int main(int argc, char **argv) {
  struct assay_error error = {0};
  struct assay_images image;
  struct assay_bundle bundle;
  struct assay_run_sizes sizes;
  if (argc != 3 || !assay_images_read(argv[2], &image, &error) ||
      !assay_bundle_read(argv[1], image.y, image.x, &bundle, &error) ||
      assay_run_sizes_of(&bundle.network, &sizes) != ASSAY_OK) {
    fprintf(stderr, "%s\n", argc != 3 ? "expected: BUNDLE IMAGE" : error.text);
    return 2;
  }
  uint8_t *tensors = malloc(2 * sizes.tensor);
  int32_t *acc = malloc(sizes.acc * sizeof *acc);
  float *output = malloc(sizes.output * sizeof *output);
  const struct assay_run_buffers buffers = {{tensors, tensors + sizes.tensor}, acc};
  const struct assay_run_options options = {0};  // the bundle's own contract
  const enum assay_status status =
      assay_run_network(&bundle.network, &options, image.data, &buffers, output);
  for (size_t i = 0; status == ASSAY_OK && i < sizes.output; ++i) printf("%.9g\n", output[i]);
  free(tensors);
  free(acc);
  free(output);
  assay_bundle_free(&bundle);
  assay_images_free(&image);
  return status == ASSAY_OK ? 0 : 1;
}
