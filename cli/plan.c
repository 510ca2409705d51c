/* assay plan: cycles, utilization, buffers and bandwidth of every layer, without simulating. No
 * twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/layer_plan.h"
#include "cli/lowering.h"
#include "cli/plan_series.h"
#include "cli/plan_suite.h"
#include "cli/roofline.h"
#include "cli/source.h"
#include "cli/text.h"
#include "cli/verbs.h"

struct plan_options {
  struct assay_source_options source;
  int requantizer;
  int64_t height, width;  // 0: the image's
  bool registers;
  const char *suite;
};

/** All plans of a network. */
struct plans {
  size_t count;
  struct assay_layer_plan *layers;
  struct assay_plan_series series;
};

static const char examples[] =
    "  assay plan\n"
    "      the shipped network on its own image and the 8x8 engine\n"
    "  assay plan NETWORK --engine 16x16 --height 64 --width 128\n"
    "      another network, engine and image size\n"
    "  assay plan --registers\n"
    "      with the writes to the control port that a driver makes\n"
    "  assay plan --suite resnet18\n"
    "      utilization of every layer shape of a network, with every requantizer\n";

static const char details[] =
    "Cycles are those of the engine's CYCLES register with streams that never stall; the\n"
    "co-simulation checks them. Utilization: multiplications / (multipliers x cycles), loading "
    "and\n"
    "emptying included. Bandwidth: words per cycle on the activation, weight, parameter and "
    "output\n"
    "stream; each can move one. Bound: what takes most of the cycles. A layer that is larger than\n"
    "the engine's buffers, or faster so, runs in parts; its line is their sum, buffer use the "
    "most.";

static const char *const mode_names[] = {"reduce", "spread", "depthwise"};

static bool plan_layers(const struct assay_engine_config *engine,
                        const struct assay_lowering *lowering, struct plans *plans,
                        struct assay_error *error) {
  plans->layers = calloc(lowering->layer_count, sizeof *plans->layers);
  if (plans->layers == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < lowering->layer_count; ++i) {
    const struct assay_layer_lowering *target = &lowering->layers[i];
    if (!assay_layer_plan_make(engine, &target->layer->conv, &lowering->lowered[i], &target->at,
                               target->layer->name, &plans->layers[i], error)) {
      return false;
    }
    plans->count++;
  }
  return assay_plan_series_make(plans->layers, plans->count, &plans->series) ||
         assay_error_memory(error);
}

static void plans_free(struct plans *plans) {
  for (size_t i = 0; i < plans->count; ++i) assay_layer_plan_free(&plans->layers[i]);
  free(plans->layers);
}

static double multipliers(const struct assay_engine_config *engine) {
  return (double)engine->pixels * engine->channels;
}

static double share(double part, double whole) { return 100 * part / whole; }

static void print_parts(const struct assay_parts *parts) {
  const struct assay_conv_shape *s = &parts->shape;
  printf("    in %zu parts of %" PRId32 " x %" PRId32 " x %" PRId32
         " outputs (rows, columns, channels) of %" PRId32 " x %" PRId32 " x %" PRId32 "\n",
         assay_parts_count(parts), parts->rows, parts->columns, parts->channels,
         assay_conv_out_y(s), assay_conv_out_x(s), s->out_c);
}

static void print_layer(const char *name, const struct assay_layer_plan *layer) {
  const struct assay_plan *plan = &layer->plans[0];
  const double total = (double)layer->cycles.total;
  const double macs = (double)assay_conv_macs(&layer->parts.shape);
  const struct assay_buffer_use *use = &layer->use;
  printf("%-16s %-9s %4" PRId32 " %14s %12s %6.1f%%  %-10s", name, mode_names[plan->mode],
         plan->rows_per_group, assay_digits((int64_t)macs).text,
         assay_digits((int64_t)layer->cycles.total).text,
         share(macs, total * multipliers(&plan->engine)),
         assay_bound_name(assay_bound_of(&layer->cycles)));
  const bool lists = plan->kind == ASSAY_REQUANT_THRESHOLD;
  printf(
      " %5.1f%% %5.1f%% %5.1f%% ", share(use->bank_words, plan->engine.bank_depth),
      share(use->weight_words, plan->engine.weight_depth),
      share(use->param_blocks, lists ? plan->engine.threshold_blocks : plan->engine.param_blocks));
  for (int i = 0; i < ASSAY_STREAMS; ++i) printf(" %5.3f", (double)layer->words[i] / total);
  putchar('\n');
  if (layer->count > 1) print_parts(&layer->parts);
}

static void print_table(const struct assay_lowering *lowering, const struct plans *plans) {
  printf("%-16s %-9s %4s %14s %12s %7s  %-10s %6s %6s %6s  %5s %5s %5s %5s\n", "", "", "rows/", "",
         "", "utili-", "", "buffer", "use", "", "words", "per", "cycle", "");
  printf("%-16s %-9s %4s %14s %12s %7s  %-10s %6s %6s %6s  %5s %5s %5s %5s\n", "layer", "mode",
         "group", "MACs", "cycles", "zation", "bound", "banks", "wgt", "par", "act", "wgt", "par",
         "out");
  for (size_t i = 0; i < plans->count; ++i) {
    print_layer(lowering->layers[i].layer->name, &plans->layers[i]);
  }
}

static void print_writes(const struct assay_plan *plan) {
  for (size_t i = 0; i < plan->write_count; ++i) {
    printf("    0x%03" PRIx32 " = 0x%08" PRIx32 "\n", plan->writes[i].address,
           plan->writes[i].value);
  }
}

static void print_registers(const char *name, const struct assay_layer_plan *layer) {
  for (size_t i = 0; i < layer->count; ++i) {
    const struct assay_part part = assay_parts_at(&layer->parts, i);
    if (layer->count == 1) {
      printf("\n%s: registers\n", name);
    } else {
      printf("\n%s part %zu, from row %" PRId32 ", column %" PRId32 ", channel %" PRId32
             ": registers\n",
             name, i, part.y, part.x, part.oc);
    }
    print_writes(&layer->plans[i]);
  }
}

/** Sum over all layers, each alone, and the time of all when each is queued behind the other. */
static void print_total(const struct assay_engine_config *engine, const struct plans *plans) {
  double macs = 0;
  uint64_t cycles = 0;
  for (size_t i = 0; i < plans->count; ++i) {
    macs += (double)assay_conv_macs(&plans->layers[i].parts.shape);
    cycles += plans->layers[i].cycles.total;
  }
  printf("\nall layers: %s MACs in %s cycles, %.1f %% of %.0f multipliers\n",
         assay_digits((int64_t)macs).text, assay_digits((int64_t)cycles).text,
         share(macs, (double)cycles * multipliers(engine)), multipliers(engine));
  const struct assay_plan_series *series = &plans->series;
  printf(
      "queued behind each other: %s cycles, %.1f %%; setting up beside the layer before saves "
      "%s cycles, weights loaded then %s\n",
      assay_digits((int64_t)series->cycles).text,
      share(macs, (double)series->cycles * multipliers(engine)),
      assay_digits((int64_t)(cycles - series->cycles_late)).text,
      assay_digits((int64_t)(series->cycles_late - series->cycles)).text);
}

static void print_roofline(const struct assay_engine_config *engine,
                           const struct assay_lowering *lowering, const struct plans *plans) {
  struct assay_roofline_point *points = calloc(plans->count, sizeof *points);
  if (points == NULL) return;
  for (size_t i = 0; i < plans->count; ++i) {
    points[i] = assay_roofline_point(&plans->layers[i]);
    points[i].name = lowering->layers[i].layer->name;
  }
  putchar('\n');
  assay_print_roofline(stdout, points, plans->count, multipliers(engine));
  free(points);
}

static void print_all(const struct assay_lowering *lowering, const struct plans *plans,
                      const struct assay_engine_config *engine, bool registers) {
  print_table(lowering, plans);
  print_total(engine, plans);
  print_roofline(engine, lowering, plans);
  for (size_t i = 0; registers && i < plans->count; ++i) {
    print_registers(lowering->layers[i].layer->name, &plans->layers[i]);
  }
}

static bool plan_source(const struct plan_options *options, const struct assay_source *source,
                        const struct assay_engine_config *engine, struct assay_error *error) {
  struct assay_lowering lowering;
  struct plans plans = {0};
  if (!assay_lowering_compute(source, engine, (enum assay_lower_policy)options->requantizer,
                              &lowering, error)) {
    return false;
  }
  const bool ok = plan_layers(engine, &lowering, &plans, error);
  if (ok) {
    const struct assay_conv_shape *first = &plans.layers[0].parts.shape;
    printf("%s on engine %s, images of %" PRId32 " rows and %" PRId32 " columns\n\n",
           source->bundle.network.name, engine->name, first->in_y, first->in_x);
    print_all(&lowering, &plans, engine, options->registers);
  }
  plans_free(&plans);
  assay_lowering_free(&lowering);
  return ok;
}

/** The image's size counts unless one is given; one number is both sides of a square. */
static bool load(const struct plan_options *options, struct assay_source *source,
                 struct assay_error *error) {
  const int64_t height = options->height > 0 ? options->height : options->width;
  const int64_t width = options->width > 0 ? options->width : options->height;
  if (height == 0) return assay_source_load(&options->source, source, error);
  return assay_source_load_network(&options->source, (int32_t)height, (int32_t)width, source,
                                   error);
}

static int plan(const struct plan_options *options, struct assay_error *error) {
  struct assay_source source;
  struct assay_engine_config engine;
  if (!assay_source_engine(&options->source, &engine, error) || !load(options, &source, error)) {
    return assay_report_error(error);
  }
  const bool ok = plan_source(options, &source, &engine, error);
  assay_source_free(&source);
  return ok ? ASSAY_EXIT_PASS : assay_report_error(error);
}

/** A list of shapes has no numbers to choose a requantizer by: auto shows all. */
static int plan_suite(const struct plan_options *options, struct assay_error *error) {
  const int chosen = options->requantizer;
  const bool all = chosen == ASSAY_LOWER_AUTO;
  struct assay_engine_config engine = {0};
  struct assay_suite suite = {0};
  bool ok = assay_source_engine(&options->source, &engine, error) &&
            assay_source_suite(options->suite, &suite, error);
  const bool shown[ASSAY_PLAN_SUITE_KINDS] = {
      chosen == ASSAY_LOWER_AFFINE || chosen == ASSAY_LOWER_DIRECT || (all && engine.affine),
      chosen == ASSAY_LOWER_CORRECTED || (all && engine.corrected),
      chosen == ASSAY_LOWER_THRESHOLD || (all && engine.threshold)};
  ok = ok && assay_plan_suite(&suite, &engine, shown, error);
  assay_suite_free(&suite);
  return ok ? ASSAY_EXIT_PASS : assay_report_error(error);
}

int assay_verb_plan(int argc, char **argv) {
  struct plan_options options = {0};
  const struct assay_option table[] = {
      ASSAY_OPTION_NETWORK(options.source),
      ASSAY_OPTION_IMAGE(options.source),
      ASSAY_OPTION_CONTRACT(options.source),
      ASSAY_OPTION_ENGINE(options.source),
      ASSAY_OPTION_REQUANTIZER(&options.requantizer),
      ASSAY_INTEGER("height", &options.height, 1, 65535, "the image's", "rows of the input"),
      ASSAY_INTEGER("width", &options.width, 1, 65535, "the image's", "columns of the input"),
      ASSAY_FLAG("registers", &options.registers, "print the writes to the control port"),
      ASSAY_TEXT("suite", 0, "NAME", &options.suite, "the network's own layers",
                 "plan a list of layer shapes instead: a name in config/suites/, or a file.\n"
                 "--requantizer auto shows all"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "plan",
      .operands = "[NETWORK]",
      .summary = "Map every layer to an engine: cycles, utilization, buffers, bandwidth, roofline.",
      .details = details,
      .examples = examples,
      .options = table,
      .operands_max = 1};
  struct assay_error error = {0};
  const char *network = NULL;
  int operands = 0;
  const int code = assay_parse_options(&usage, argc, argv, &network, &operands);
  if (code != ASSAY_PARSE_GO_ON) return code;
  if (options.suite != NULL) return plan_suite(&options, &error);
  if (operands == 1) options.source.network = network;
  return plan(&options, &error);
}
