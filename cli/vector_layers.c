/* What vector files are made of: every part of every layer as a layer of its own. No twin. */
#include "cli/vector_layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** A part as a layer: name and expected values of its own. */
struct assay_vector_part {
  struct assay_layer layer;
  char *name;
  int32_t *acc;
  uint8_t *y;
};

static char *part_name(const char *layer, size_t index) {
  const size_t size = strlen(layer) + 24;
  char *name = malloc(size);
  if (name != NULL) snprintf(name, size, "%s@%zu", layer, index);
  return name;
}

static bool cut_values(const struct assay_layer_values *values, size_t n,
                       const struct assay_parts *parts, const struct assay_part *part,
                       struct assay_vector_part *made) {
  const struct assay_conv_shape *s = &part->shape;
  const size_t size = (size_t)assay_conv_out_y(s) * (size_t)assay_conv_out_x(s) * (size_t)s->out_c;
  made->acc = malloc(n * size * sizeof *made->acc);
  made->y = malloc(n * size);
  if (made->acc == NULL || made->y == NULL) return false;
  for (size_t i = 0; i < n; ++i) {
    assay_part_output(parts, part, values->acc + i * values->y_size, sizeof *made->acc,
                      made->acc + i * size);
    assay_part_output(parts, part, values->y + i * values->y_size, 1, made->y + i * size);
  }
  return true;
}

static struct assay_vector_layer uncut_layer(const struct assay_part_job *job,
                                             const struct assay_layer_values *values) {
  return (struct assay_vector_layer){.layer = values->layer,
                                     .lowered = &job->lowered,
                                     .plan = &job->plan,
                                     .x = values->x,
                                     .acc = values->acc,
                                     .y = values->y};
}

static bool add_part(const struct assay_jobs *jobs, size_t layer, size_t index,
                     struct assay_vector_layers *layers) {
  const struct assay_layer_job *job = &jobs->layers[layer];
  const struct assay_part_job *run = &job->runs[index];
  const struct assay_layer_values *values = &jobs->expected.layers[layer];
  struct assay_vector_part *part = &layers->parts[layers->count];
  part->layer = *values->layer;
  part->layer.conv = run->conv;
  part->layer.name = part->name = part_name(values->layer->name, index);
  if (part->name == NULL ||
      !cut_values(values, (size_t)jobs->expected.n, &job->parts, &run->part, part)) {
    return false;
  }
  layers->layers[layers->count] = (struct assay_vector_layer){.layer = &part->layer,
                                                              .part_of = values->layer->name,
                                                              .part = run->part,
                                                              .parts = &job->parts,
                                                              .lowered = &run->lowered,
                                                              .plan = &run->plan,
                                                              .x = run->x,
                                                              .acc = part->acc,
                                                              .y = part->y};
  return true;
}

static bool add_all(const struct assay_jobs *jobs, struct assay_vector_layers *layers) {
  for (size_t i = 0; i < jobs->layer_count; ++i) {
    const struct assay_layer_job *job = &jobs->layers[i];
    if (job->part_count == 1) {
      layers->layers[layers->count++] = uncut_layer(&job->runs[0], &jobs->expected.layers[i]);
      continue;
    }
    for (size_t part = 0; part < job->part_count; ++part) {
      const bool added = add_part(jobs, i, part, layers);
      ++layers->count;  // what it has is freed, also when it is not all
      if (!added) return false;
    }
  }
  return true;
}

bool assay_vector_layers_make(const struct assay_jobs *jobs, struct assay_vector_layers *layers,
                              struct assay_error *error) {
  *layers = (struct assay_vector_layers){.layers = calloc(jobs->part_count, sizeof *layers->layers),
                                         .parts = calloc(jobs->part_count, sizeof *layers->parts)};
  if (layers->layers != NULL && layers->parts != NULL && add_all(jobs, layers)) return true;
  assay_vector_layers_free(layers);
  return assay_error_memory(error);
}

void assay_vector_layers_free(struct assay_vector_layers *layers) {
  for (size_t i = 0; layers->parts != NULL && i < layers->count; ++i) {
    free(layers->parts[i].name);
    free(layers->parts[i].acc);
    free(layers->parts[i].y);
  }
  free(layers->layers);
  free(layers->parts);
  *layers = (struct assay_vector_layers){0};
}
