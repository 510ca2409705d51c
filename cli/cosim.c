/* assay cosim and assay replay: the RTL engine against the golden model, without a report. No twin.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cli/evidence.h"
#include "cli/text.h"
#include "cli/verbs.h"

static const char cosim_examples[] =
    "  assay cosim\n"
    "      the shipped network: every layer at 0, 30 and 90 % stalls, three initial states\n"
    "  assay cosim --image photo.pgm --stalls 50 --states 1\n"
    "      your own picture, one co-simulation\n"
    "  assay cosim --directed --stalls 30 --states 1\n"
    "      every threshold of every channel, hit exactly\n"
    "  assay cosim --stalls 0 --states 1 --fst wave.fst\n"
    "      with a waveform\n";

static const char replay_examples[] =
    "  assay replay --seed 1 --stalls 30 --state 2\n"
    "      the second of the three initial states at 30 % stalls\n"
    "  assay replay --seed 1 --stalls 30 --state 2 --fst wave.fst\n"
    "      the same run again, with a waveform\n";

static void print_layer(const struct assay_cosimulation *run, const struct assay_jobs *jobs,
                        size_t index) {
  const struct assay_cosim_result *result = &run->results[index];
  const size_t layer = index % jobs->layer_count;
  printf("%-12s image %zu  stalls %2" PRId32 " %%  state %" PRId32,
         jobs->expected.layers[layer].layer->name, index / jobs->layer_count, run->stall,
         run->state);
  for (int stage = 0; stage < ASSAY_STAGE_COUNT; ++stage) {
    printf("  %s %" PRIu64 "/%" PRIu64, assay_stage_name((enum assay_stage)stage),
           result->stage[stage].compared, result->stage[stage].expected);
  }
  printf("  mismatches %" PRIu64 "  cycles %" PRIu64 "\n", result->failure_total,
         result->cycles_counted);
}

static void print_runs(const struct assay_evidence *evidence) {
  const struct assay_cosimulations *simulations = &evidence->simulations;
  const size_t count = (size_t)simulations->images * simulations->layer_count;
  for (size_t run = 0; run < simulations->count; ++run) {
    for (size_t i = 0; i < count; ++i) print_layer(&simulations->runs[run], &evidence->jobs, i);
  }
  fputs(simulations->failures, stdout);
}

/** What the directed inputs reach; whether every one of them is at its target. */
static bool print_directed(const struct assay_evidence *evidence) {
  int64_t counts[3];
  const int64_t hits = assay_directed_hits(&evidence->directed, &evidence->jobs.expected);
  assay_directed_count(&evidence->directed, counts);
  printf("directed inputs: %s reached, %s on target; %s proved unreachable, %s unknown\n",
         assay_digits(counts[ASSAY_REACH_WITNESS]).text, assay_digits(hits).text,
         assay_digits(counts[ASSAY_REACH_NEVER]).text,
         assay_digits(counts[ASSAY_REACH_UNKNOWN]).text);
  return hits > 0 && hits == counts[ASSAY_REACH_WITNESS];
}

static int simulate_and_print(const struct assay_evidence_options *options,
                              struct assay_evidence *evidence, struct assay_error *error) {
  if (!assay_evidence_simulate(options, evidence, error)) return assay_report_error(error);
  bool pass = assay_cosimulations_pass(&evidence->simulations);
  print_runs(evidence);
  if (options->directed) pass = print_directed(evidence) && pass;
  printf("%s  %s  contract %s  engine %s  %s values compared  %s mismatches  seed %" PRId64 "\n",
         pass ? "PASS" : "FAIL", evidence->source.bundle.network.name,
         evidence->source.contract->name, evidence->engine.name,
         assay_digits((int64_t)evidence->simulations.compared).text,
         assay_digits((int64_t)evidence->simulations.mismatches).text, options->cosimulate.seed);
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

static int run_verb(const struct assay_usage *usage, struct assay_evidence_options *options,
                    int argc, char **argv) {
  struct assay_evidence evidence;
  struct assay_error error = {0};
  int code = assay_parse_options(usage, argc, argv, NULL, NULL);
  if (code != ASSAY_PARSE_GO_ON) return code;
  if (!assay_evidence_prepare(options, &evidence, &error)) return assay_report_error(&error);
  code = simulate_and_print(options, &evidence, &error);
  assay_evidence_free(&evidence);
  return code;
}

int assay_verb_cosim(int argc, char **argv) {
  struct assay_evidence_options options = assay_evidence_defaults();
  const struct assay_option table[] = {
      ASSAY_OPTIONS_EVIDENCE(options), ASSAY_OPTIONS_MATRIX(options),
      ASSAY_OPTION_DIRECTED(options), ASSAY_OPTION_FST(options), ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "cosim",
      .operands = "",
      .summary =
          "Run every layer on the Verilated engine and compare all stages with the golden "
          "model.",
      .details = "",
      .examples = cosim_examples,
      .options = table};
  return run_verb(&usage, &options, argc, argv);
}

int assay_verb_replay(int argc, char **argv) {
  struct assay_evidence_options options = assay_evidence_defaults();
  options.cosimulate.stalls = (struct assay_integer_list){.count = 1};
  int64_t *state = &options.cosimulate.last_state;
  *state = 1;
  const struct assay_option table[] = {
      ASSAY_OPTIONS_EVIDENCE(options),
      ASSAY_LIST("stalls", "P", &options.cosimulate.stalls, 0, 99, "0",
                 "chance of a stall on every port and cycle, %"),
      ASSAY_INTEGER("state", state, 1, 1000, "1", "which random initial state"),
      ASSAY_OPTION_DIRECTED(options),
      ASSAY_OPTION_FST(options),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "replay",
      .operands = "",
      .summary = "Repeat one co-simulation of signoff or cosim exactly; failures print this line.",
      .details = "",
      .examples = replay_examples,
      .options = table};
  options.cosimulate.single_state = true;
  return run_verb(&usage, &options, argc, argv);
}
