/* Everything that an engine needs for every layer and image: plans, streams, expected values. No
 * twin. */
#include "cli/jobs.h"

#include <stdlib.h>

#include "golden/sequence.h"

enum { kAlignment = 16 };

/* The values' layer has the shape that is run: that of directed inputs differs from the network's.
 */
static bool cut_layer(const struct assay_engine_config *engine,
                      const struct assay_lowering *lowering, size_t index,
                      const struct assay_layer *layer, struct assay_parts *parts,
                      struct assay_error *error) {
  char reason[256] = "";
  const enum assay_status status =
      assay_parts_plan(engine, &layer->conv, &lowering->lowered[index], NULL, parts, reason);
  return status == ASSAY_OK ||
         assay_error_at(error, &lowering->layers[index].at, "layer %s does not fit engine %s: %s",
                        layer->name, engine->name, reason);
}

static bool allocate_streams(struct assay_part_job *job, size_t images) {
  const size_t word = (size_t)job->plan.engine.channels;
  const struct assay_conv_shape *s = &job->conv.shape;
  job->x_size = (size_t)s->in_y * (size_t)s->in_x * (size_t)s->in_c;
  job->activation_bytes = job->plan.activation_words * word;
  job->x = malloc(images * job->x_size);
  job->activations = malloc(images * job->activation_bytes);
  job->weights = malloc(job->plan.weight_words * word);
  job->params = malloc(job->plan.param_words * sizeof *job->params);
  return job->x != NULL && job->activations != NULL && job->weights != NULL && job->params != NULL;
}

static bool make_streams(const struct assay_layer_values *values, int32_t n,
                         const struct assay_parts *parts, struct assay_part_job *job,
                         struct assay_error *error) {
  if (!allocate_streams(job, (size_t)n)) return assay_error_memory(error);
  for (int32_t i = 0; i < n; ++i) {
    uint8_t *x = job->x + (size_t)i * job->x_size;
    assay_part_input(parts, &job->part, values->x + (size_t)i * values->x_size,
                     job->conv.x.zero_point, x);
    assay_stream_activations(&job->plan, x, job->activations + (size_t)i * job->activation_bytes);
  }
  assay_stream_weights(&job->plan, job->conv.weight, job->weights);
  assay_stream_params(&job->plan, &job->lowered, job->params);
  return true;
}

static bool make_part(const struct assay_engine_config *engine,
                      const struct assay_layer_values *values, int32_t n,
                      const struct assay_lowered *lowered, const struct assay_parts *parts,
                      struct assay_part_job *job, struct assay_error *error) {
  const struct assay_conv *conv = &values->layer->conv;
  char reason[256] = "";
  job->conv = assay_part_conv(&job->part, conv);
  job->lowered = assay_part_lowered(&job->part, lowered);
  if (assay_part_plan(engine, conv, lowered, &job->part, &job->plan, reason) != ASSAY_OK) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE, "layer %s: a part that was planned: %s",
                           values->layer->name, reason);
  }
  return make_streams(values, n, parts, job, error);
}

static bool make_layer(const struct assay_engine_config *engine,
                       const struct assay_lowering *lowering, size_t index, struct assay_jobs *jobs,
                       struct assay_error *error) {
  struct assay_layer_job *job = &jobs->layers[index];
  if (!cut_layer(engine, lowering, index, jobs->expected.layers[index].layer, &job->parts, error)) {
    return false;
  }
  const size_t count = assay_parts_count(&job->parts);
  job->runs = calloc(count, sizeof *job->runs);
  if (job->runs == NULL) return assay_error_memory(error);
  job->part_count = count;
  jobs->part_count += count;
  for (size_t i = 0; i < count; ++i) {
    job->runs[i].part = assay_parts_at(&job->parts, i);
    if (!make_part(engine, &jobs->expected.layers[index], jobs->expected.n,
                   &lowering->lowered[index], &job->parts, &job->runs[i], error)) {
      return false;
    }
  }
  return true;
}

/* The weights of a part are loaded while the one before computes. */
static void place_weights(struct assay_jobs *jobs) {
  const struct assay_plan *before = NULL;
  for (size_t i = 0; i < jobs->layer_count; ++i) {
    for (size_t p = 0; p < jobs->layers[i].part_count; ++p) {
      assay_plan_follow(&jobs->layers[i].runs[p].plan, before);
      before = &jobs->layers[i].runs[p].plan;
    }
  }
}

static bool make_all(const struct assay_engine_config *engine,
                     const struct assay_lowering *lowering, struct assay_jobs *jobs,
                     struct assay_error *error) {
  jobs->layers = calloc(jobs->expected.layer_count, sizeof *jobs->layers);
  if (jobs->layers == NULL) return assay_error_memory(error);
  jobs->layer_count = jobs->expected.layer_count;
  for (size_t i = 0; i < jobs->layer_count; ++i) {
    if (!make_layer(engine, lowering, i, jobs, error)) return false;
  }
  place_weights(jobs);
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

static void free_part(struct assay_part_job *job) {
  free(job->x);
  free(job->activations);
  free(job->weights);
  free(job->params);
}

void assay_jobs_free(struct assay_jobs *jobs) {
  for (size_t i = 0; i < jobs->layer_count; ++i) {
    struct assay_layer_job *layer = &jobs->layers[i];
    for (size_t k = 0; k < layer->part_count; ++k) free_part(&layer->runs[k]);
    free(layer->runs);
  }
  free(jobs->layers);
  assay_values_free(&jobs->expected);
  *jobs = (struct assay_jobs){0};
}

// The engine model against the plain reference //

/** Memory for one run of the engine model, and for the values that are expected of it. */
struct model_buffers {
  size_t size;  // values of the part's output
  void *scratch;
  int32_t *acc, *expected_acc;
  uint8_t *y, *expected_y;
};

static bool allocate_buffers(const struct assay_plan *plan, struct model_buffers *buffers) {
  const size_t scratch = (assay_engine_scratch(plan) + kAlignment - 1) / kAlignment * kAlignment;
  const struct assay_conv_shape *s = &plan->shape;
  const size_t size = (size_t)assay_conv_out_y(s) * (size_t)assay_conv_out_x(s) * (size_t)s->out_c;
  *buffers = (struct model_buffers){.size = size,
                                    .scratch = aligned_alloc(kAlignment, scratch),
                                    .acc = malloc(size * sizeof(int32_t)),
                                    .expected_acc = malloc(size * sizeof(int32_t)),
                                    .y = malloc(size),
                                    .expected_y = malloc(size)};
  return buffers->scratch != NULL && buffers->acc != NULL && buffers->expected_acc != NULL &&
         buffers->y != NULL && buffers->expected_y != NULL;
}

static void free_buffers(struct model_buffers *buffers) {
  free(buffers->scratch);
  free(buffers->acc);
  free(buffers->expected_acc);
  free(buffers->y);
  free(buffers->expected_y);
}

static bool check_image(const struct assay_parts *parts, const struct assay_part_job *job,
                        const struct assay_layer_values *values, size_t n,
                        const struct model_buffers *buffers, struct assay_model_check *check,
                        struct assay_error *error) {
  const enum assay_status status =
      assay_engine_run(&job->plan, job->activations + n * job->activation_bytes, job->weights,
                       job->params, buffers->scratch, buffers->acc, buffers->y);
  if (status != ASSAY_OK) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE, "engine model, layer %s: %s",
                           values->layer->name, assay_status_text(status));
  }
  assay_part_output(parts, &job->part, values->acc + n * values->y_size, sizeof(int32_t),
                    buffers->expected_acc);
  assay_part_output(parts, &job->part, values->y + n * values->y_size, 1, buffers->expected_y);
  for (size_t i = 0; i < buffers->size; ++i) {
    check->mismatches += (uint64_t)(buffers->acc[i] != buffers->expected_acc[i]) +
                         (uint64_t)(buffers->y[i] != buffers->expected_y[i]);
  }
  check->compared += 2 * buffers->size;
  return true;
}

static bool check_part(const struct assay_jobs *jobs, size_t layer, size_t part,
                       struct assay_model_check *check, struct assay_error *error) {
  const struct assay_layer_job *job = &jobs->layers[layer];
  struct model_buffers buffers = {0};
  bool ok = allocate_buffers(&job->runs[part].plan, &buffers) || assay_error_memory(error);
  for (size_t n = 0; ok && n < (size_t)jobs->expected.n; ++n) {
    ok = check_image(&job->parts, &job->runs[part], &jobs->expected.layers[layer], n, &buffers,
                     check, error);
  }
  free_buffers(&buffers);
  return ok;
}

bool assay_jobs_check_model(const struct assay_jobs *jobs, size_t layer,
                            struct assay_model_check *check, struct assay_error *error) {
  *check = (struct assay_model_check){0};
  for (size_t i = 0; i < jobs->layers[layer].part_count; ++i) {
    if (!check_part(jobs, layer, i, check, error)) return false;
  }
  return true;
}

bool assay_jobs_bounds(const struct assay_part_job *part, int32_t oc,
                       struct assay_order_step *steps, struct assay_partial_bounds *bounds) {
  struct assay_taps taps;
  if (!assay_taps_interior(&part->conv, oc, &taps)) taps = assay_taps_at(&part->conv, oc, 0, 0);
  const struct assay_addition_order order =
      assay_bounds_engine_order(&part->plan, oc, part->lowered.channels[oc].acc_init, steps);
  return assay_bounds_of_order(&taps, &order, NULL, bounds) == ASSAY_OK;
}
