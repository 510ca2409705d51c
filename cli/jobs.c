/* Everything that an engine needs for every layer and image: plans, streams, expected values. No
 * twin. */
#include "cli/jobs.h"

#include <stdlib.h>

enum { kAlignment = 16 };

static bool allocate_streams(struct assay_layer_job *job, size_t images) {
  const size_t word = (size_t)job->plan.engine.channels;
  job->activation_bytes = job->plan.activation_words * word;
  job->activations = malloc(images * job->activation_bytes);
  job->weights = malloc(job->plan.weight_words * word);
  job->params = malloc(job->plan.param_words * sizeof *job->params);
  return job->activations != NULL && job->weights != NULL && job->params != NULL;
}

static bool make_streams(const struct assay_layer_values *values, int32_t n,
                         const struct assay_lowered *lowered, struct assay_layer_job *job,
                         struct assay_error *error) {
  if (!allocate_streams(job, (size_t)n)) return assay_error_memory(error);
  for (int32_t i = 0; i < n; ++i) {
    assay_stream_activations(&job->plan, values->x + (size_t)i * values->x_size,
                             job->activations + (size_t)i * job->activation_bytes);
  }
  assay_stream_weights(&job->plan, values->layer->conv.weight, job->weights);
  assay_stream_params(&job->plan, lowered, job->params);
  return true;
}

static bool plan_layer(const struct assay_engine_config *engine, const struct assay_layer *layer,
                       const struct assay_lowered *lowered, struct assay_plan *plan,
                       struct assay_error *error) {
  char reason[256] = "";
  const enum assay_status status = assay_plan_layer(engine, &layer->conv, lowered, plan, reason);
  return status == ASSAY_OK ||
         assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "layer %s does not fit engine %s: %s",
                         layer->name, engine->name, reason);
}

static bool make_all(const struct assay_engine_config *engine,
                     const struct assay_lowering *lowering, struct assay_jobs *jobs,
                     struct assay_error *error) {
  const struct assay_values *expected = &jobs->expected;
  jobs->layers = calloc(expected->layer_count, sizeof *jobs->layers);
  if (jobs->layers == NULL) return assay_error_memory(error);
  jobs->layer_count = expected->layer_count;
  for (size_t i = 0; i < jobs->layer_count; ++i) {
    const struct assay_layer_values *values = &expected->layers[i];
    if (!plan_layer(engine, values->layer, &lowering->lowered[i], &jobs->layers[i].plan, error) ||
        !make_streams(values, expected->n, &lowering->lowered[i], &jobs->layers[i], error)) {
      return false;
    }
  }
  return true;
}

bool assay_jobs_make(const struct assay_engine_config *engine,
                     const struct assay_lowering *lowering, struct assay_values *expected,
                     struct assay_jobs *jobs, struct assay_error *error) {
  *jobs = (struct assay_jobs){.expected = *expected};
  *expected = (struct assay_values){0};
  if (make_all(engine, lowering, jobs, error)) return true;
  assay_jobs_free(jobs);
  return false;
}

void assay_jobs_free(struct assay_jobs *jobs) {
  for (size_t i = 0; i < jobs->layer_count; ++i) {
    free(jobs->layers[i].activations);
    free(jobs->layers[i].weights);
    free(jobs->layers[i].params);
  }
  free(jobs->layers);
  assay_values_free(&jobs->expected);
  *jobs = (struct assay_jobs){0};
}

// The engine model against the plain reference //

/** Memory for one run of the engine model. */
struct model_buffers {
  void *scratch;
  int32_t *acc;
  uint8_t *y;
};

static bool allocate_buffers(const struct assay_plan *plan, size_t y_size,
                             struct model_buffers *buffers) {
  const size_t scratch = (assay_engine_scratch(plan) + kAlignment - 1) / kAlignment * kAlignment;
  buffers->scratch = aligned_alloc(kAlignment, scratch);
  buffers->acc = malloc(y_size * sizeof *buffers->acc);
  buffers->y = malloc(y_size);
  return buffers->scratch != NULL && buffers->acc != NULL && buffers->y != NULL;
}

static void free_buffers(struct model_buffers *buffers) {
  free(buffers->scratch);
  free(buffers->acc);
  free(buffers->y);
}

static bool check_image(const struct assay_layer_job *job, const struct assay_layer_values *values,
                        size_t n, const struct model_buffers *buffers,
                        struct assay_model_check *check, struct assay_error *error) {
  const enum assay_status status =
      assay_engine_run(&job->plan, job->activations + n * job->activation_bytes, job->weights,
                       job->params, buffers->scratch, buffers->acc, buffers->y);
  if (status != ASSAY_OK) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE, "engine model, layer %s: %s",
                           values->layer->name, assay_status_text(status));
  }
  const int32_t *acc = values->acc + n * values->y_size;
  const uint8_t *y = values->y + n * values->y_size;
  for (size_t i = 0; i < values->y_size; ++i) {
    check->mismatches += (uint64_t)(buffers->acc[i] != acc[i]) + (uint64_t)(buffers->y[i] != y[i]);
  }
  check->compared += 2 * values->y_size;
  return true;
}

bool assay_jobs_check_model(const struct assay_jobs *jobs, size_t layer,
                            struct assay_model_check *check, struct assay_error *error) {
  const struct assay_layer_job *job = &jobs->layers[layer];
  const struct assay_layer_values *values = &jobs->expected.layers[layer];
  struct model_buffers buffers = {0};
  *check = (struct assay_model_check){0};
  bool ok = allocate_buffers(&job->plan, values->y_size, &buffers) || assay_error_memory(error);
  for (size_t n = 0; ok && n < (size_t)jobs->expected.n; ++n) {
    ok = check_image(job, values, n, &buffers, check, error);
  }
  free_buffers(&buffers);
  return ok;
}
