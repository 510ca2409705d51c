/* assay run: a network on the golden model, on integers from end to end. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/outdir.h"
#include "cli/source.h"
#include "cli/values.h"
#include "cli/verbs.h"
#include "golden/quantize.h"
#include "vectors/npy.h"
#include "vectors/sha256.h"

struct run_options {
  struct assay_source_options source;
  const char *output;
};

static const char examples[] =
    "  assay run\n"
    "      the shipped network on its own image\n"
    "  assay run --image photo.pgm -o out/photo\n"
    "      your own picture; writes output.npy and every layer's integers\n"
    "  assay run --contract onednn_3_11\n"
    "      the same layers with another engine's arithmetic\n";

static const char details[] =
    "With -o: output.npy (float32, dequantized), and per layer NAME.acc.npy (int32, without the\n"
    "bias) and NAME.y.npy (the layer's integers), all [n][c][y][x] as PyTorch keeps them.";

// Files //

/** [n][y][x][c] to [n][c][y][x], elements of `size` bytes. */
static void channels_first(const void *from, void *to, const int64_t shape[4], size_t size) {
  const unsigned char *source = from;
  unsigned char *target = to;
  for (int64_t n = 0; n < shape[0]; ++n) {
    for (int64_t c = 0; c < shape[1]; ++c) {
      for (int64_t yx = 0; yx < shape[2] * shape[3]; ++yx) {
        const int64_t index = (n * shape[2] * shape[3] + yx) * shape[1] + c;
        for (size_t byte = 0; byte < size; ++byte) {
          *target++ = source[(size_t)index * size + byte];
        }
      }
    }
  }
}

static bool write_tensor(const struct assay_outdir *outdir, const char *name,
                         const struct assay_conv_shape *shape, int32_t n,
                         enum assay_element element, const void *nhwc, struct assay_error *error) {
  char path[ASSAY_OUTDIR_PATH + 128];
  struct assay_tensor tensor = {
      .element = element,
      .dims = 4,
      .shape = {n, shape->out_c, assay_conv_out_y(shape), assay_conv_out_x(shape)}};
  snprintf(path, sizeof path, "%s/%s.npy", outdir->temporary, name);
  tensor.data = malloc(assay_tensor_bytes(&tensor));
  if (tensor.data == NULL) return assay_error_memory(error);
  channels_first(nhwc, tensor.data, tensor.shape, assay_element_size(element));
  const bool written = assay_npy_write(path, &tensor, error);
  assay_tensor_free(&tensor);
  return written;
}

static bool write_layer(const struct assay_outdir *outdir, const struct assay_layer_values *values,
                        int32_t n, struct assay_error *error) {
  const struct assay_conv *conv = &values->layer->conv;
  char name[96];
  snprintf(name, sizeof name, "%.64s.acc", values->layer->name);
  if (!write_tensor(outdir, name, &conv->shape, n, ASSAY_INT32, values->acc, error)) return false;
  snprintf(name, sizeof name, "%.64s.y", values->layer->name);
  return write_tensor(outdir, name, &conv->shape, n,
                      conv->y.dtype == ASSAY_QINT8 ? ASSAY_INT8 : ASSAY_UINT8, values->y, error);
}

static bool write_all(const struct assay_outdir *outdir, const struct assay_values *values,
                      struct assay_error *error) {
  const struct assay_layer_values *last = &values->layers[values->layer_count - 1];
  for (size_t i = 0; i < values->layer_count; ++i) {
    if (!write_layer(outdir, &values->layers[i], values->n, error)) return false;
  }
  return write_tensor(outdir, "output", &last->layer->conv.shape, values->n, ASSAY_FLOAT32,
                      values->output, error);
}

static bool write_folder(const char *path, const struct assay_values *values,
                         struct assay_error *error) {
  struct assay_outdir outdir;
  if (!assay_outdir_begin(path, "output.npy", &outdir, error)) return false;
  if (write_all(&outdir, values, error)) return assay_outdir_commit(&outdir, error);
  assay_outdir_abandon(&outdir);
  return false;
}

// Summary //

static void print_range(const struct assay_layer_values *values, int32_t n) {
  const struct assay_conv *conv = &values->layer->conv;
  int32_t acc_min = INT32_MAX, acc_max = INT32_MIN, y_min = INT32_MAX, y_max = INT32_MIN;
  for (size_t i = 0; i < (size_t)n * values->y_size; ++i) {
    const int32_t y = assay_integer_of(values->y[i], conv->y.dtype);
    if (values->acc[i] < acc_min) acc_min = values->acc[i];
    if (values->acc[i] > acc_max) acc_max = values->acc[i];
    if (y < y_min) y_min = y;
    if (y > y_max) y_max = y;
  }
  printf("%-16s %4d x %d x %d   acc %9" PRId32 " to %9" PRId32 "   y %4" PRId32 " to %4" PRId32
         "\n",
         values->layer->name, conv->shape.out_c, assay_conv_out_y(&conv->shape),
         assay_conv_out_x(&conv->shape), acc_min, acc_max, y_min, y_max);
}

static bool print_summary(const struct assay_source *source, const struct assay_values *values,
                          struct assay_error *error) {
  char hash[ASSAY_SHA256_TEXT];
  const size_t floats = (size_t)values->n * values->output_size;
  if (!assay_sha256(values->output, floats * sizeof *values->output, hash, error)) return false;
  for (size_t i = 0; i < values->layer_count; ++i) print_range(&values->layers[i], values->n);
  printf("%s  contract %s  %" PRId32 " image%s  output sha256 %s\n", source->bundle.network.name,
         source->contract->name, values->n, values->n == 1 ? "" : "s", hash);
  return true;
}

static bool run(const struct run_options *options, struct assay_error *error) {
  struct assay_source source;
  struct assay_values values;
  if (!assay_source_load(&options->source, &source, error)) return false;
  bool ok = assay_values_compute(&source, NULL, &values, error);
  if (ok) {
    ok = (options->output == NULL || write_folder(options->output, &values, error)) &&
         print_summary(&source, &values, error);
    assay_values_free(&values);
  }
  assay_source_free(&source);
  return ok;
}

int assay_verb_run(int argc, char **argv) {
  struct run_options options = {0};
  const struct assay_option table[] = {
      ASSAY_OPTION_NETWORK(options.source), ASSAY_OPTION_IMAGE(options.source),
      ASSAY_OPTION_CONTRACT(options.source),
      ASSAY_TEXT("output", 'o', "DIR", &options.output, "nothing is written",
                 "folder for the results as .npy"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "run",
      .operands = "",
      .summary = "Run a quantized network on the golden model: quantize, convolutions, dequantize.",
      .details = details,
      .examples = examples,
      .options = table};
  struct assay_error error = {0};
  const int code = assay_parse_options(&usage, argc, argv, NULL, NULL);
  if (code != ASSAY_PARSE_GO_ON) return code;
  return run(&options, &error) ? ASSAY_EXIT_PASS : assay_report_error(&error);
}
