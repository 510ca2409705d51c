/* The Q/DQ float model against a contract, output by output, for an actual input. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/certify.h"
#include "cli/text.h"
#include "cli/values.h"
#include "golden/float_bound.h"

/** Outputs by verdict. */
struct tally {
  int64_t outputs;
  int64_t verdict[3];  ///< by enum assay_float_verdict, given that the layer's inputs are equal
  int64_t chained;     ///< EQUAL, and so is every input on the way from the image
};

/** One layer on one image. */
struct layer_view {
  const struct assay_conv *conv;
  const uint8_t *x, *y;
  const uint8_t *x_proved;  ///< [in_y][in_x][in_c] 1: equal in the float model
  uint8_t *y_proved;        ///< [out_y][out_x][out_c]
  assay_quantize_function quantize;
  uint8_t *patch;  ///< [taps] scratch
};

/** Collects the inputs of one output. @return whether all of them are proved */
static bool gather(const struct layer_view *view, const struct assay_taps *taps, int32_t oc) {
  const struct assay_conv_shape *s = &view->conv->shape;
  const size_t depth = (size_t)taps->in_c;
  const size_t first = (size_t)(oc / (s->out_c / s->groups)) * depth;
  bool proved = true;
  for (int32_t ky = taps->ky_first; ky < taps->ky_end; ++ky) {
    for (int32_t kx = taps->kx_first; kx < taps->kx_end; ++kx) {
      const size_t row = (size_t)(taps->y * s->stride_y - s->pad_top + ky * s->dilation_y);
      const size_t column = (size_t)(taps->x * s->stride_x - s->pad_left + kx * s->dilation_x);
      const size_t at = (row * (size_t)s->in_x + column) * (size_t)s->in_c + first;
      const size_t tap = (size_t)(ky * taps->kernel_x + kx) * depth;
      memcpy(view->patch + tap, view->x + at, depth);
      proved = proved && memchr(view->x_proved + at, 0, depth) == NULL;
    }
  }
  return proved;
}

static void judge_output(const struct layer_view *view, int32_t y, int32_t x, int32_t oc,
                         struct tally *tally) {
  const struct assay_conv *conv = view->conv;
  const struct assay_taps taps = assay_taps_at(conv, oc, y, x);
  const struct assay_channel channel = assay_channel_of(conv, oc);
  const size_t out_x = (size_t)assay_conv_out_x(&conv->shape);
  const size_t at = ((size_t)y * out_x + (size_t)x) * (size_t)conv->shape.out_c + (size_t)oc;
  const bool inputs_proved = gather(view, &taps, oc);
  const struct assay_float_bound bound =
      assay_float_bound_of(&taps, &channel, conv->x.dtype, view->patch, view->quantize);
  const enum assay_float_verdict verdict =
      assay_float_judge(&bound, assay_integer_of(view->y[at], conv->y.dtype));
  tally->outputs++;
  tally->verdict[verdict]++;
  view->y_proved[at] = verdict == ASSAY_FLOAT_EQUAL && inputs_proved;
  tally->chained += view->y_proved[at];
}

static void judge_layer(const struct layer_view *view, struct tally *tally) {
  const struct assay_conv_shape *s = &view->conv->shape;
  for (int32_t y = 0; y < assay_conv_out_y(s); ++y) {
    for (int32_t x = 0; x < assay_conv_out_x(s); ++x) {
      for (int32_t oc = 0; oc < s->out_c; ++oc) judge_output(view, y, x, oc, tally);
    }
  }
}

/** One image through one layer; *proved is replaced by the map of the layer's outputs. */
static bool judge_image(const struct assay_layer_values *values, size_t n,
                        assay_quantize_function quantize, uint8_t **proved, struct tally *tally,
                        struct assay_error *error) {
  struct layer_view view = {
      .conv = &values->layer->conv,
      .x = values->x + n * values->x_size,
      .y = values->y + n * values->y_size,
      .x_proved = *proved,
      .y_proved = malloc(values->y_size),
      .quantize = quantize,
      .patch = calloc((size_t)assay_conv_taps(&values->layer->conv.shape), 1),
  };
  const bool ok = view.y_proved != NULL && view.patch != NULL;
  if (ok) judge_layer(&view, tally);
  free(view.patch);
  free(*proved);
  *proved = view.y_proved;
  return ok || assay_error_memory(error);
}

/** All layers of one image; quantize of the image itself is the same function on both sides. */
static bool judge_chain(const struct assay_values *values, size_t n,
                        assay_quantize_function quantize, struct tally *tallies,
                        struct assay_error *error) {
  uint8_t *proved = malloc(values->layers[0].x_size);
  if (proved == NULL) return assay_error_memory(error);
  memset(proved, 1, values->layers[0].x_size);
  bool ok = true;
  for (size_t i = 0; ok && i < values->layer_count; ++i) {
    ok = judge_image(&values->layers[i], n, quantize, &proved, &tallies[i], error);
  }
  free(proved);
  return ok;
}

static void print_tally(const char *name, int64_t fan_in, const struct tally *t) {
  const double share =
      t->outputs > 0 ? 100.0 * (double)t->verdict[ASSAY_FLOAT_OPEN] / (double)t->outputs : 0;
  printf("%-16s %8" PRId64 " %12s %12s %10s %10s %9.4f %% %12s\n", name, fan_in,
         assay_digits(t->outputs).text, assay_digits(t->verdict[ASSAY_FLOAT_EQUAL]).text,
         assay_digits(t->verdict[ASSAY_FLOAT_OPEN]).text,
         assay_digits(t->verdict[ASSAY_FLOAT_DIFFERS]).text, share, assay_digits(t->chained).text);
}

static struct tally add(struct tally a, const struct tally *b) {
  a.outputs += b->outputs;
  a.chained += b->chained;
  for (int i = 0; i < 3; ++i) a.verdict[i] += b->verdict[i];
  return a;
}

static int print_all(const struct assay_source *source, const struct assay_values *values,
                     const struct tally *tallies) {
  struct tally total = {0};
  printf("%-16s %8s %12s %12s %10s %10s %11s %12s\n", "layer", "fan-in", "outputs", "equal", "open",
         "differ", "open share", "from image");
  for (size_t i = 0; i < values->layer_count; ++i) {
    const struct assay_layer *layer = values->layers[i].layer;
    print_tally(layer->name, assay_conv_taps(&layer->conv.shape), &tallies[i]);
    total = add(total, &tallies[i]);
  }
  puts(
      "equal, open, differ: given that the layer's inputs are equal. From image: equal, and so is\n"
      "every input on the way. Not covered: Winograd, TF32, bfloat16.");
  const bool pass = total.outputs > 0 && total.chained == total.outputs;
  const char *word = pass ? "PASS" : total.verdict[ASSAY_FLOAT_DIFFERS] > 0 ? "DIFFERS" : "OPEN";
  printf("%s  %s  Q/DQ float = %s in any order of summation  %s of %s proved, %s open, %s differ\n",
         word, source->bundle.network.name, source->contract->name,
         assay_digits(total.verdict[ASSAY_FLOAT_EQUAL]).text,
         assay_plural(total.outputs, "output").text,
         assay_digits(total.verdict[ASSAY_FLOAT_OPEN]).text,
         assay_digits(total.verdict[ASSAY_FLOAT_DIFFERS]).text);
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

static int judge_all(const struct assay_source *source, const struct assay_values *values,
                     struct assay_error *error) {
  const assay_quantize_function quantize = assay_quantize_find(source->bundle.network.quantize);
  struct tally *tallies = calloc(values->layer_count, sizeof *tallies);
  bool ok = tallies != NULL || assay_error_memory(error);
  for (size_t n = 0; ok && n < (size_t)values->n; ++n) {
    ok = judge_chain(values, n, quantize, tallies, error);
  }
  const int code = ok ? print_all(source, values, tallies) : assay_report_error(error);
  free(tallies);
  return code;
}

int assay_certify_qdq(const struct assay_source_options *options) {
  struct assay_source source;
  struct assay_values values;
  struct assay_error error = {0};
  if (!assay_source_load(options, &source, &error)) return assay_report_error(&error);
  int code;
  if (assay_values_compute(&source, NULL, &values, &error)) {
    code = judge_all(&source, &values, &error);
    assay_values_free(&values);
  } else {
    code = assay_report_error(&error);
  }
  assay_source_free(&source);
  return code;
}
