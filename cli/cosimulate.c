/* Co-simulations of a whole network: one for each stall setting and initial state. No twin. */
#include "cli/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/mismatch.h"

enum { kShownFailures = 5, kFailureText = 4096 };

// Jobs: image by image, layer by layer, back to back //

static struct assay_cosim_job make_job(const struct assay_jobs *jobs, size_t layer, size_t n) {
  const struct assay_layer_job *job = &jobs->layers[layer];
  const struct assay_layer_values *expected = &jobs->expected.layers[layer];
  return (struct assay_cosim_job){
      .plan = &job->plan,
      .activations = job->activations + n * job->activation_bytes,
      .weights = job->weights,
      .params = job->params,
      .acc = expected->acc + n * expected->y_size,
      .y = expected->y + n * expected->y_size,
      .layer = expected->layer->name,
      .layer_index = (int32_t)layer,
      .n = (int32_t)n,
  };
}

static struct assay_cosim_job *make_jobs(const struct assay_jobs *jobs) {
  const size_t images = (size_t)jobs->expected.n;
  struct assay_cosim_job *list = calloc(images * jobs->layer_count, sizeof *list);
  for (size_t i = 0; list != NULL && i < images * jobs->layer_count; ++i) {
    list[i] = make_job(jobs, i % jobs->layer_count, i / jobs->layer_count);
  }
  return list;
}

/** A state's own seed; states and stalls of other states stay as they are when one is added. */
static uint64_t seed_of_state(int64_t seed, int64_t state) {
  return (uint64_t)seed + (uint64_t)(state - 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool run_one(const struct assay_jobs *jobs, const struct assay_cosim_job *list,
                    const struct assay_cosimulate_options *options, bool traced,
                    struct assay_cosimulation *run, struct assay_error *error) {
  struct assay_cosim *cosim = NULL;
  char reason[256] = "";
  struct assay_cosim_options open = {
      .engine = jobs->layers[0].plan.engine.name,
      .seed = seed_of_state(options->seed, run->state),
      .initial_state = ASSAY_INITIAL_RANDOM,
      .trace_path = traced ? options->trace : NULL,
  };
  memset(open.stall_percent, run->stall, sizeof open.stall_percent);
  enum assay_status status = assay_cosim_open(&open, &cosim, reason);
  if (status == ASSAY_OK) {
    status = assay_cosim_run(cosim, list, (size_t)jobs->expected.n * jobs->layer_count,
                             run->results, reason);
  }
  assay_cosim_close(cosim);
  return status == ASSAY_OK ||
         assay_error_set(
             error, status == ASSAY_ERROR_ARGUMENT ? ASSAY_EXIT_BAD_INPUT : ASSAY_EXIT_RESOURCE,
             "co-simulation: %s", reason);
}

// Failures as text //

struct failure_text {
  char *text;
  size_t used, size;
  int shown;
};

static void describe_failure(const struct assay_jobs *jobs, const struct assay_lowering *lowering,
                             const struct assay_cosimulate_options *options,
                             const struct assay_cosimulation *run,
                             const struct assay_failure *failure, struct failure_text *out) {
  const size_t layer = (size_t)failure->layer_index;
  const struct assay_layer_values *values = &jobs->expected.layers[layer];
  char replay[1200];
  snprintf(replay, sizeof replay, "%s --stalls %" PRId32 " --state %" PRId32, options->replay,
           run->stall, run->state);
  const struct assay_mismatch_context context = {
      .plan = &jobs->layers[layer].plan,
      .x = values->x + (size_t)failure->n * values->x_size,
      .weight = values->layer->conv.weight,
      .lowered = &lowering->lowered[layer],
      .replay = replay};
  const size_t needed =
      assay_mismatch_text(failure, &context, out->text + out->used, out->size - out->used);
  out->used += needed - 1 < out->size - out->used ? needed - 1 : out->size - out->used - 1;
  ++out->shown;
}

static void describe_failures(const struct assay_jobs *jobs, const struct assay_lowering *lowering,
                              const struct assay_cosimulate_options *options,
                              const struct assay_cosimulation *run, struct failure_text *out) {
  const size_t count = (size_t)jobs->expected.n * jobs->layer_count;
  for (size_t i = 0; i < count; ++i) {
    const struct assay_cosim_result *result = &run->results[i];
    for (size_t f = 0; f < result->failure_count && out->shown < kShownFailures; ++f) {
      describe_failure(jobs, lowering, options, run, &result->failures[f], out);
    }
  }
}

// All runs //

static bool allocate(const struct assay_jobs *jobs, const struct assay_cosimulate_options *options,
                     struct assay_cosimulations *result) {
  const int64_t first_state = options->single_state ? options->last_state : 1;
  const size_t states = (size_t)(options->last_state - first_state + 1);
  const size_t layers = (size_t)jobs->expected.n * jobs->layer_count;
  *result = (struct assay_cosimulations){.count = options->stalls.count * states,
                                         .layer_count = jobs->layer_count,
                                         .images = jobs->expected.n};
  result->runs = calloc(result->count, sizeof *result->runs);
  result->failures = calloc(kShownFailures, kFailureText);
  if (result->runs == NULL || result->failures == NULL) return false;
  for (size_t i = 0; i < result->count; ++i) {
    struct assay_cosimulation *run = &result->runs[i];
    run->stall = (int32_t)options->stalls.values[i / states];
    run->state = (int32_t)(first_state + (int64_t)(i % states));
    run->results = calloc(layers, sizeof *run->results);
    if (run->results == NULL) return false;
  }
  return true;
}

static void add_counts(const struct assay_cosimulation *run, struct assay_cosimulations *result) {
  for (size_t i = 0; i < (size_t)result->images * result->layer_count; ++i) {
    for (int stage = 0; stage < ASSAY_STAGE_COUNT; ++stage) {
      result->compared += run->results[i].stage[stage].compared;
    }
    result->mismatches += run->results[i].failure_total;
  }
}

static void show_progress(const struct assay_cosimulate_options *options, size_t index,
                          const struct assay_cosimulations *result) {
  if (!options->progress || isatty(STDERR_FILENO) == 0) return;
  const struct assay_cosimulation *run = &result->runs[index];
  fprintf(stderr, "\rco-simulation %zu of %zu: stalls %" PRId32 " %%, state %" PRId32 "   ",
          index + 1, result->count, run->stall, run->state);
  if (index + 1 == result->count) fputs("\r\033[K", stderr);
}

static bool run_all(const struct assay_jobs *jobs, const struct assay_lowering *lowering,
                    const struct assay_cosimulate_options *options,
                    const struct assay_cosim_job *list, struct assay_cosimulations *result,
                    struct assay_error *error) {
  struct failure_text text = {result->failures, 0, (size_t)kShownFailures * kFailureText, 0};
  for (size_t i = 0; i < result->count; ++i) {
    show_progress(options, i, result);
    if (!run_one(jobs, list, options, i == 0, &result->runs[i], error)) return false;
    describe_failures(jobs, lowering, options, &result->runs[i], &text);
    add_counts(&result->runs[i], result);
  }
  return true;
}

bool assay_cosimulate(const struct assay_jobs *jobs, const struct assay_lowering *lowering,
                      const struct assay_cosimulate_options *options,
                      struct assay_cosimulations *result, struct assay_error *error) {
  *result = (struct assay_cosimulations){0};
  struct assay_cosim_job *list = make_jobs(jobs);
  const bool allocated = list != NULL && allocate(jobs, options, result);
  const bool ok =
      allocated ? run_all(jobs, lowering, options, list, result, error) : assay_error_memory(error);
  free(list);
  if (!ok) assay_cosimulations_free(result);
  return ok;
}

bool assay_evidence_simulate(const struct assay_evidence_options *options,
                             struct assay_evidence *evidence, struct assay_error *error) {
  char replay[ASSAY_COMMAND_TEXT];
  struct assay_cosimulate_options cosimulate = options->cosimulate;
  assay_evidence_command(options, "replay", replay);
  cosimulate.replay = replay;
  return assay_cosimulate(&evidence->jobs, &evidence->lowering, &cosimulate, &evidence->simulations,
                          error);
}
