/* assay plan: how every layer runs on an engine. No twin. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/evidence.h"
#include "cli/text.h"
#include "cli/verbs.h"

struct plan_options {
  struct assay_evidence_options evidence;
  bool registers;
};

static const char examples[] =
    "  assay plan\n"
    "      the shipped network on its own image: mode, streams and cycles of every layer\n"
    "  assay plan --engine 4x4 --registers\n"
    "      another engine, with the register writes that a driver makes\n";

static const char *mode_text(enum assay_engine_mode mode) {
  static const char *const texts[] = {"reduce", "spread", "depthwise"};
  return texts[mode];
}

static void print_registers(const struct assay_plan *plan) {
  for (size_t i = 0; i < plan->write_count; ++i) {
    printf("    0x%03" PRIx32 " = 0x%08" PRIx32 "\n", plan->writes[i].address,
           plan->writes[i].value);
  }
}

static void print_layer(const struct assay_layer *layer, const struct assay_plan *plan,
                        bool registers) {
  const int64_t macs = assay_conv_macs(&plan->shape);
  const double multipliers = (double)plan->engine.pixels * (double)plan->engine.channels;
  printf("%s: %s, %" PRId32 " rows a group, %" PRId32 " input and %" PRId32 " output blocks\n",
         layer->name, mode_text(plan->mode), plan->rows_per_group, plan->in_blocks,
         plan->out_blocks);
  printf("    words: activations %zu, weights %zu, parameters %zu, outputs %zu\n",
         plan->activation_words, plan->weight_words, plan->param_words, plan->output_words);
  printf("    %s products in %s cycles: %.1f %% of %.0f multipliers\n", assay_digits(macs).text,
         assay_digits((int64_t)plan->cycles).text,
         100.0 * (double)macs / (multipliers * (double)plan->cycles), multipliers);
  if (registers) print_registers(plan);
}

static void print_all(const struct assay_evidence *evidence, bool registers) {
  int64_t macs = 0, cycles = 0;
  for (size_t i = 0; i < evidence->jobs.layer_count; ++i) {
    const struct assay_plan *plan = &evidence->jobs.layers[i].plan;
    print_layer(evidence->jobs.expected.layers[i].layer, plan, registers);
    macs += assay_conv_macs(&plan->shape);
    cycles += (int64_t)plan->cycles;
  }
  const double multipliers = (double)evidence->engine.pixels * (double)evidence->engine.channels;
  printf("%s  engine %s  %s products in %s cycles: %.1f %%\n", evidence->source.bundle.network.name,
         evidence->engine.name, assay_digits(macs).text, assay_digits(cycles).text,
         100.0 * (double)macs / (multipliers * (double)cycles));
}

int assay_verb_plan(int argc, char **argv) {
  struct plan_options options = {.evidence = assay_evidence_defaults()};
  struct assay_source_options *source = &options.evidence.source;
  const struct assay_option table[] = {
      ASSAY_OPTION_NETWORK(*source),
      ASSAY_OPTION_IMAGE(*source),
      ASSAY_OPTION_CONTRACT(*source),
      ASSAY_OPTION_ENGINE(*source),
      ASSAY_OPTION_REQUANTIZER(&options.evidence.requantizer),
      ASSAY_FLAG("registers", &options.registers, "print the writes to the control port"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "plan",
      .operands = "",
      .summary = "Show how every layer is mapped to an engine, with the cycles that it needs.",
      .details = "",
      .examples = examples,
      .options = table};
  struct assay_error error = {0};
  struct assay_evidence evidence;
  const int code = assay_parse_options(&usage, argc, argv, NULL, NULL);
  if (code != ASSAY_PARSE_GO_ON) return code;
  if (!assay_evidence_prepare(&options.evidence, &evidence, &error)) {
    return assay_report_error(&error);
  }
  print_all(&evidence, options.registers);
  assay_evidence_free(&evidence);
  return ASSAY_EXIT_PASS;
}
