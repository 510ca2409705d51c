/* assay explain: one contract, one channel, one accumulator, every intermediate value. No twin. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/source.h"
#include "cli/verbs.h"
#include "golden/explain.h"

enum { kAnySize = 256 };  // an image size at which every shipped layer has an output

struct explain_options {
  struct assay_source_options source;
  const char *layer;
  int64_t channel, acc;
  double x_scale, w_scale, y_scale, bias;  // NaN: the layer's
  int64_t y_zp;                            // INT64_MIN: the layer's
  int64_t forum_n;
  int forum_bias;
};

static const char *const forum_choices[] = {"rounded", "folded", "int32", NULL};

static const char examples[] =
    "  assay explain qnnpack --acc 12345\n"
    "      channel 0 of the shipped network's first convolution\n"
    "  assay explain onednn_3_11 --acc -873 --layer conv3\n"
    "      another engine, another layer\n"
    "  assay explain qnnpack --acc 7 --x-scale 0.5 --w-scale 0.5 --y-scale 0.5 --bias 0\n"
    "      your own numbers: here a tie\n";

static const struct assay_conv *find_layer(const struct assay_network *network, const char *name) {
  for (size_t i = 0; i < network->layer_count; ++i) {
    const struct assay_layer *layer = &network->layers[i];
    if (layer->kind == ASSAY_LAYER_CONV && (name == NULL || strcmp(layer->name, name) == 0)) {
      return &layer->conv;
    }
  }
  return NULL;
}

/** The layer's channel, with what the options replace. */
static struct assay_channel make_channel(const struct explain_options *options,
                                         const struct assay_conv *conv) {
  struct assay_channel channel = assay_channel_of(conv, (int32_t)options->channel);
  if (!isnan(options->x_scale)) channel.x_scale = options->x_scale;
  if (!isnan(options->w_scale)) channel.w_scale = options->w_scale;
  if (!isnan(options->y_scale)) channel.y_scale = options->y_scale;
  if (!isnan(options->bias)) {
    channel.bias = (float)options->bias;
    channel.has_bias = true;
  }
  if (options->y_zp != INT64_MIN) channel.y_zp = (int32_t)options->y_zp;
  channel.forum_n = (int32_t)options->forum_n;
  channel.forum_bias = (enum assay_forum_bias)options->forum_bias;
  return channel;
}

static void print_step(const struct assay_step *step) {
  char value[64];
  switch (step->kind) {
    case ASSAY_STEP_INT:
      snprintf(value, sizeof value, "%" PRId64, step->integer);
      break;
    case ASSAY_STEP_DOUBLE:
      snprintf(value, sizeof value, "%.17g", step->real);
      break;
    case ASSAY_STEP_FLOAT:
      snprintf(value, sizeof value, "%.9g  (%a)", step->real, step->real);
      break;
    case ASSAY_STEP_BITS:
      snprintf(value, sizeof value, "0x%08" PRIX64 "  (%.9g)", (uint64_t)step->integer, step->real);
      break;
  }
  printf("  %-14s = %-40s %s\n", step->label, value, step->formula);
}

static bool print_explanation(const struct assay_contract *contract,
                              const struct assay_channel *channel, int32_t acc,
                              struct assay_error *error) {
  struct assay_step list[ASSAY_STEPS_MAX];
  struct assay_steps steps = {.step = list, .capacity = ASSAY_STEPS_MAX};
  const enum assay_status status = assay_explain(contract, channel, acc, &steps);
  if (status != ASSAY_OK) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "assay explain: contract %s: %s",
                           contract->name, assay_status_text(status));
  }
  printf("%s: %s\n", contract->name, contract->summary);
  for (size_t i = 0; i < steps.count && i < steps.capacity; ++i) print_step(&list[i]);
  return true;
}

static bool explain_channel(const struct explain_options *options,
                            const struct assay_source *source, struct assay_error *error) {
  const struct assay_conv *conv = find_layer(&source->bundle.network, options->layer);
  if (conv == NULL) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay explain: --layer: %s has no convolution \"%s\"", source->folder,
                           options->layer);
  }
  if (options->channel >= conv->shape.out_c) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay explain: --channel: %" PRId64 ", expected 0 to %" PRId32,
                           options->channel, conv->shape.out_c - 1);
  }
  const struct assay_channel channel = make_channel(options, conv);
  return print_explanation(source->contract, &channel, (int32_t)options->acc, error);
}

static bool explain(struct explain_options *options, struct assay_error *error) {
  struct assay_source source;
  if (!assay_source_load_network(&options->source, kAnySize, kAnySize, &source, error)) {
    return false;
  }
  const bool ok = explain_channel(options, &source, error);
  assay_source_free(&source);
  return ok;
}

int assay_verb_explain(int argc, char **argv) {
  struct explain_options options = {.x_scale = NAN,
                                    .w_scale = NAN,
                                    .y_scale = NAN,
                                    .bias = NAN,
                                    .y_zp = INT64_MIN,
                                    .forum_n = 16,
                                    .forum_bias = 1};
  const struct assay_option table[] = {
      ASSAY_INTEGER("acc", &options.acc, INT32_MIN, INT32_MAX, "0",
                    "the accumulator: sum of (x - x_zp) * w, without the bias"),
      ASSAY_OPTION_NETWORK(options.source),
      ASSAY_TEXT("layer", 0, "NAME", &options.layer, "the first convolution",
                 "layer that the scales are taken from"),
      ASSAY_INTEGER("channel", &options.channel, 0, INT32_MAX, "0", "its output channel"),
      ASSAY_REAL("x-scale", &options.x_scale, "the layer's", "input scale"),
      ASSAY_REAL("w-scale", &options.w_scale, "the layer's", "weight scale of the channel"),
      ASSAY_REAL("y-scale", &options.y_scale, "the layer's", "output scale"),
      ASSAY_REAL("bias", &options.bias, "the layer's", "bias in real units"),
      ASSAY_INTEGER("y-zp", &options.y_zp, -128, 255, "the layer's", "output zero point"),
      ASSAY_INTEGER("forum-n", &options.forum_n, 1, 31, "16", "contract forum: the shift"),
      ASSAY_CHOICE("forum-bias", "HOW", &options.forum_bias, forum_choices, "folded",
                   "contract forum: treatment of the bias"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "explain",
      .operands = "CONTRACT",
      .summary =
          "Show every intermediate value of one contract, from scales and accumulator to output.",
      .details = "",
      .examples = examples,
      .options = table,
      .operands_min = 1,
      .operands_max = 1};
  struct assay_error error = {0};
  const int code = assay_parse_options(&usage, argc, argv, &options.source.contract, NULL);
  if (code != ASSAY_PARSE_GO_ON) return code;
  return explain(&options, &error) ? ASSAY_EXIT_PASS : assay_report_error(&error);
}
