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

static struct assay_cosim_job make_job(const struct assay_jobs *jobs, size_t layer, size_t part,
                                       size_t n) {
  const struct assay_layer_job *job = &jobs->layers[layer];
  const struct assay_part_job *run = &job->runs[part];
  const struct assay_layer_values *expected = &jobs->expected.layers[layer];
  return (struct assay_cosim_job){
      .plan = &run->plan,
      .parts = &job->parts,
      .part = run->part,
      .activations = run->activations + n * run->activation_bytes,
      .weights = run->weights,
      .params = run->params,
      .acc = expected->acc + n * expected->y_size,
      .y = expected->y + n * expected->y_size,
      .layer = expected->layer->name,
      .layer_index = (int32_t)layer,
      .n = (int32_t)n,
  };
}

static size_t job_count(const struct assay_jobs *jobs) {
  return (size_t)jobs->expected.n * jobs->part_count;
}

static struct assay_cosim_job *make_jobs(const struct assay_jobs *jobs) {
  struct assay_cosim_job *list = calloc(job_count(jobs), sizeof *list);
  size_t next = 0;
  for (size_t n = 0; list != NULL && n < (size_t)jobs->expected.n; ++n) {
    for (size_t layer = 0; layer < jobs->layer_count; ++layer) {
      for (size_t part = 0; part < jobs->layers[layer].part_count; ++part) {
        list[next++] = make_job(jobs, layer, part, n);
      }
    }
  }
  return list;
}

/** A state's own seed; states and stalls of other states stay as they are when one is added. */
static uint64_t seed_of_state(int64_t seed, int64_t state) {
  return (uint64_t)seed + (uint64_t)(state - 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool run_one(const struct assay_jobs *jobs, const struct assay_cosim_job *list,
                    const struct assay_cosimulate_options *options, bool traced, int32_t stall,
                    int32_t state, struct assay_cosim_result *results, struct assay_error *error) {
  struct assay_cosim *cosim = NULL;
  char reason[256] = "";
  struct assay_cosim_options open = {
      .engine = jobs->layers[0].runs[0].plan.engine.name,
      .seed = seed_of_state(options->seed, state),
      .initial_state = ASSAY_INITIAL_RANDOM,
      .trace_path = traced ? options->trace : NULL,
  };
  memset(open.stall_percent, stall, sizeof open.stall_percent);
  enum assay_status status = assay_cosim_open(&open, &cosim, reason);
  if (status == ASSAY_OK) {
    status = assay_cosim_run(cosim, list, job_count(jobs), results, reason);
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

/* The part that a job runs. */
static const struct assay_part_job *run_of(const struct assay_jobs *jobs,
                                           const struct assay_cosim_job *job) {
  const struct assay_layer_job *layer = &jobs->layers[job->layer_index];
  size_t part = 0;
  while (&layer->runs[part].plan != job->plan) ++part;
  return &layer->runs[part];
}

static void describe_failure(const struct assay_jobs *jobs, const struct assay_cosim_job *job,
                             const struct assay_cosimulate_options *options,
                             const struct assay_cosimulation *run,
                             const struct assay_failure *failure, struct failure_text *out) {
  const struct assay_part_job *part = run_of(jobs, job);
  char replay[1200];
  snprintf(replay, sizeof replay, "%s --stalls %" PRId32 " --state %" PRId32, options->replay,
           run->stall, run->state);
  const struct assay_mismatch_context context = {.plan = &part->plan,
                                                 .part = &part->part,
                                                 .x = part->x + (size_t)failure->n * part->x_size,
                                                 .weight = part->conv.weight,
                                                 .lowered = &part->lowered,
                                                 .replay = replay};
  const size_t needed =
      assay_mismatch_text(failure, &context, out->text + out->used, out->size - out->used);
  out->used += needed - 1 < out->size - out->used ? needed - 1 : out->size - out->used - 1;
  ++out->shown;
}

static void describe_failures(const struct assay_jobs *jobs, const struct assay_cosim_job *list,
                              const struct assay_cosimulate_options *options,
                              const struct assay_cosimulation *run,
                              const struct assay_cosim_result *results, struct failure_text *out) {
  for (size_t i = 0; i < job_count(jobs); ++i) {
    for (size_t f = 0; f < results[i].failure_count && out->shown < kShownFailures; ++f) {
      describe_failure(jobs, &list[i], options, run, &results[i].failures[f], out);
    }
  }
}

// Results of a layer's parts become the layer's //

static void add_stage(const struct assay_stage_count *part, struct assay_stage_count *sum) {
  sum->expected += part->expected;
  sum->compared += part->compared;
  sum->mismatched += part->mismatched;
  sum->missing += part->missing;
  sum->extra += part->extra;
}

static void add_part(const struct assay_cosim_result *part, struct assay_cosim_result *sum) {
  sum->pass = sum->pass && part->pass;
  for (int stage = 0; stage < ASSAY_STAGE_COUNT; ++stage) {
    add_stage(&part->stage[stage], &sum->stage[stage]);
  }
  sum->status = part->status;
  sum->cycles = part->cycles;
  sum->cycles_counted += part->cycles_counted;
  sum->failure_total += part->failure_total;
  for (size_t f = 0; f < part->failure_count; ++f) {
    if (sum->failure_count == ASSAY_COSIM_MAX_FAILURES) return;
    sum->failures[sum->failure_count++] = part->failures[f];
  }
}

static void join_results(const struct assay_jobs *jobs, const struct assay_cosim_result *results,
                         struct assay_cosim_result *layers) {
  for (size_t i = 0; i < (size_t)jobs->expected.n * jobs->layer_count; ++i) {
    const size_t parts = jobs->layers[i % jobs->layer_count].part_count;
    layers[i] = *results++;
    for (size_t part = 1; part < parts; ++part) add_part(results++, &layers[i]);
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

static bool run_all(const struct assay_jobs *jobs, const struct assay_cosimulate_options *options,
                    const struct assay_cosim_job *list, struct assay_cosim_result *results,
                    struct assay_cosimulations *result, struct assay_error *error) {
  struct failure_text text = {result->failures, 0, (size_t)kShownFailures * kFailureText, 0};
  for (size_t i = 0; i < result->count; ++i) {
    struct assay_cosimulation *run = &result->runs[i];
    show_progress(options, i, result);
    if (!run_one(jobs, list, options, i == 0, run->stall, run->state, results, error)) return false;
    describe_failures(jobs, list, options, run, results, &text);
    join_results(jobs, results, run->results);
    add_counts(run, result);
  }
  return true;
}

bool assay_cosimulate(const struct assay_jobs *jobs, const struct assay_cosimulate_options *options,
                      struct assay_cosimulations *result, struct assay_error *error) {
  *result = (struct assay_cosimulations){0};
  if (jobs->expected.n < 1 || jobs->layer_count == 0 || jobs->part_count == 0) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "there is no layer or no image to run");
  }
  struct assay_cosim_job *list = make_jobs(jobs);
  struct assay_cosim_result *results = calloc(job_count(jobs), sizeof *results);
  const bool allocated = list != NULL && results != NULL && allocate(jobs, options, result);
  const bool ok =
      allocated ? run_all(jobs, options, list, results, result, error) : assay_error_memory(error);
  free(results);
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
  return assay_cosimulate(&evidence->jobs, &cosimulate, &evidence->simulations, error);
}
