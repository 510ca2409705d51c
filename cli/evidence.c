/* The whole line for one network and image: what signoff, cosim and replay share. No twin. */
#include "cli/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct assay_evidence_options assay_evidence_defaults(void) {
  return (struct assay_evidence_options){
      .requantizer = ASSAY_LOWER_AUTO,
      .cosimulate = {.seed = 1,
                     .stalls = {.count = 3, .values = {0, 30, 90}},
                     .last_state = 3,
                     .progress = true}};
}

/** Inputs and expected values: the image through the network, or directed inputs of each layer. */
static bool make_expected(const struct assay_evidence_options *options,
                          struct assay_evidence *evidence, struct assay_values *values,
                          struct assay_error *error) {
  if (!options->directed) {
    return assay_values_compute(&evidence->source, evidence->lowering.lowered, values, error);
  }
  if (!assay_directed_make(&evidence->lowering, &evidence->directed, error)) return false;
  *values = evidence->directed.values;
  evidence->directed.values = (struct assay_values){0};
  return true;
}

bool assay_evidence_prepare(const struct assay_evidence_options *options,
                            struct assay_evidence *evidence, struct assay_error *error) {
  struct assay_values expected;
  *evidence = (struct assay_evidence){0};
  if (assay_source_engine(&options->source, &evidence->engine, error) &&
      assay_source_load(&options->source, &evidence->source, error) &&
      assay_lowering_compute(&evidence->source, &evidence->engine,
                             (enum assay_lower_policy)options->requantizer, &evidence->lowering,
                             error) &&
      make_expected(options, evidence, &expected, error) &&
      assay_jobs_make(&evidence->engine, &evidence->lowering, &expected, &evidence->jobs, error)) {
    return true;
  }
  assay_evidence_free(evidence);
  return false;
}

void assay_evidence_free(struct assay_evidence *evidence) {
  assay_cosimulations_free(&evidence->simulations);
  assay_jobs_free(&evidence->jobs);
  assay_directed_free(&evidence->directed);
  assay_lowering_free(&evidence->lowering);
  assay_source_free(&evidence->source);
}

// Commands //

static void append(char *text, const char *more) {
  const size_t used = strlen(text);
  snprintf(text + used, ASSAY_COMMAND_TEXT - used, "%s", more);
}

/** Appends one word, in single quotes unless it is plain. */
static void append_word(char *text, const char *word) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:=+@";
  if (word[strspn(word, plain)] == '\0') {
    append(text, word);
    return;
  }
  append(text, "'");
  for (const char *c = word; *c != '\0'; ++c) {
    const char one[] = {*c, '\0'};
    append(text, *c == '\'' ? "'\\''" : one);
  }
  append(text, "'");
}

static void append_option(char *text, const char *name, const char *value) {
  if (value == NULL) return;
  append(text, name);
  append_word(text, value);
}

void assay_evidence_command(const struct assay_evidence_options *options, const char *verb,
                            char text[ASSAY_COMMAND_TEXT]) {
  const char *program = getenv("ASSAY_COMMAND");  // what the user typed; set by the launcher
  char seed[24];
  text[0] = '\0';
  append_word(text, program != NULL ? program : "assay");
  append(text, " ");
  append(text, verb);
  append_option(text, " --network ", options->source.network);
  append_option(text, " --image ", options->source.image);
  append_option(text, " --contract ", options->source.contract);
  append_option(text, " --engine ", options->source.engine);
  if (options->requantizer != ASSAY_LOWER_AUTO) {
    append_option(text, " --requantizer ", assay_requantizer_choices[options->requantizer]);
  }
  if (options->directed) append(text, " --directed");
  snprintf(seed, sizeof seed, "%" PRId64, options->cosimulate.seed);
  append_option(text, " --seed ", seed);
}
