/* The integer hardware parameters of a whole network, with what is proved about them. No twin. */
#include "cli/lowering.h"

#include <stdlib.h>

// Order of enum assay_lower_policy.
const char *const assay_requantizer_choices[] = {"auto",   "affine",    "threshold",
                                                 "direct", "corrected", NULL};

static bool allocate_layer(const struct assay_layer *layer, struct assay_layer_lowering *lowering) {
  const size_t count = (size_t)layer->conv.shape.out_c;
  lowering->layer = layer;
  lowering->channels = calloc(count, sizeof *lowering->channels);
  lowering->lists = calloc(count, sizeof *lowering->lists);
  lowering->results = calloc(count, sizeof *lowering->results);
  return lowering->channels != NULL && lowering->lists != NULL && lowering->results != NULL;
}

static bool lower_layer(const struct assay_source *source,
                        const struct assay_lower_options *options, const struct assay_layer *layer,
                        struct assay_lowering *lowering, struct assay_error *error) {
  const size_t index = lowering->layer_count++;
  struct assay_layer_lowering *target = &lowering->layers[index];
  if (!allocate_layer(layer, target)) return assay_error_memory(error);
  const enum assay_status status =
      assay_lower_layer(&layer->conv, source->contract, options, target->channels, target->lists,
                        target->results, &lowering->lowered[index]);
  return status == ASSAY_OK ||
         assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "%s: layer %s, contract %s: %s",
                         source->folder, layer->name, source->contract->name,
                         assay_status_text(status));
}

static bool lower_layers(const struct assay_source *source,
                         const struct assay_lower_options *options, struct assay_lowering *lowering,
                         struct assay_error *error) {
  const struct assay_network *network = &source->bundle.network;
  lowering->layers = calloc(network->layer_count, sizeof *lowering->layers);
  lowering->lowered = calloc(network->layer_count, sizeof *lowering->lowered);
  if (lowering->layers == NULL || lowering->lowered == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < network->layer_count; ++i) {
    const struct assay_layer *layer = &network->layers[i];
    if (layer->kind != ASSAY_LAYER_CONV) continue;
    lowering->layers[lowering->layer_count].at = source->bundle.text.layers[i].at;
    if (!lower_layer(source, options, layer, lowering, error)) return false;
  }
  return true;
}

bool assay_lowering_compute(const struct assay_source *source,
                            const struct assay_engine_config *engine,
                            enum assay_lower_policy policy, struct assay_lowering *lowering,
                            struct assay_error *error) {
  struct assay_lower_options options = assay_lower_defaults();
  options.policy = policy;
  options.limits.multiplier_bits = engine->multiplier_bits;
  options.limits.addend_bits = engine->addend_bits;
  options.corrected = engine->corrected;
  *lowering = (struct assay_lowering){0};
  if (lower_layers(source, &options, lowering, error)) return true;
  assay_lowering_free(lowering);
  return false;
}

void assay_lowering_free(struct assay_lowering *lowering) {
  for (size_t i = 0; i < lowering->layer_count; ++i) {
    free(lowering->layers[i].channels);
    free(lowering->layers[i].lists);
    free(lowering->layers[i].results);
  }
  free(lowering->layers);
  free(lowering->lowered);
  *lowering = (struct assay_lowering){0};
}

int64_t assay_lowering_differing(const struct assay_lowering *lowering, size_t layer) {
  const struct assay_layer_lowering *target = &lowering->layers[layer];
  int64_t total = 0;
  for (int32_t oc = 0; oc < target->layer->conv.shape.out_c; ++oc) {
    if (target->results[oc].differing < 0) return -1;
    total += target->results[oc].differing;
  }
  return total;
}
