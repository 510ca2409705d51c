/* A planned layer, in as many parts as it needs. No twin. */
#include "cli/layer_plan.h"

#include <stdlib.h>

#include "golden/arithmetic.h"
#include "golden/sequencer.h"

static void add_cycles(const struct assay_cycles *part, bool first, struct assay_cycles *sum) {
  const uint64_t queued = assay_queued_cycles(part);
  const uint64_t hidden = first ? 0 : part->total - queued;
  sum->total += part->total - hidden;
  sum->setup += part->setup - hidden;
  sum->compute += part->compute;
  sum->wait_rows += part->wait_rows;
  sum->wait_weights += part->wait_weights;
  sum->wait_params += part->wait_params;
  sum->wait_output += part->wait_output;
  sum->rest += part->rest;
}

static void add_words(const struct assay_plan *plan, struct assay_layer_plan *sum) {
  const size_t words[ASSAY_STREAMS] = {plan->activation_words, plan->weight_words,
                                       plan->param_words, plan->output_words};
  const size_t repeats[ASSAY_STREAMS] = {1, (size_t)assay_stream_repeats(plan, plan->weight_slots),
                                         (size_t)assay_stream_repeats(plan, plan->param_slots), 1};
  for (int i = 0; i < ASSAY_STREAMS; ++i) {
    sum->words[i] += words[i];
    sum->once[i] += words[i] / repeats[i];
  }
}

static void add_part(const struct assay_plan *plan, bool first, struct assay_layer_plan *sum) {
  const struct assay_cycles cycles = assay_predict_cycles(plan);
  const struct assay_buffer_use use = assay_plan_buffers(plan);
  add_cycles(&cycles, first, &sum->cycles);
  add_words(plan, sum);
  sum->use.bank_words = assay_greater(sum->use.bank_words, use.bank_words);
  sum->use.weight_words = assay_greater(sum->use.weight_words, use.weight_words);
  sum->use.param_blocks = assay_greater(sum->use.param_blocks, use.param_blocks);
}

bool assay_layer_plan_make(const struct assay_engine_config *engine, const struct assay_conv *conv,
                           const struct assay_lowered *lowered, const struct assay_mark *at,
                           const char *name, struct assay_layer_plan *plan,
                           struct assay_error *error) {
  char reason[256] = "";
  *plan = (struct assay_layer_plan){0};
  if (assay_parts_plan(engine, conv, lowered, NULL, &plan->parts, reason) != ASSAY_OK) {
    return assay_error_at(error, at, "layer %s does not fit engine %s: %s", name, engine->name,
                          reason);
  }
  plan->count = assay_parts_count(&plan->parts);
  plan->plans = calloc(plan->count, sizeof *plan->plans);
  if (plan->plans == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < plan->count; ++i) {
    const struct assay_part part = assay_parts_at(&plan->parts, i);
    if (assay_part_plan(engine, conv, lowered, &part, &plan->plans[i], reason) != ASSAY_OK) {
      assay_layer_plan_free(plan);
      return assay_error_at(error, at, "layer %s, part %zu: %s", name, i, reason);
    }
    add_part(&plan->plans[i], i == 0, plan);
  }
  return true;
}

void assay_layer_plan_free(struct assay_layer_plan *plan) {
  free(plan->plans);
  *plan = (struct assay_layer_plan){0};
}

size_t assay_busiest_stream(const size_t words[ASSAY_STREAMS]) {
  size_t most = words[0];
  for (int i = 1; i < ASSAY_STREAMS; ++i) {
    if (words[i] > most) most = words[i];
  }
  return most;
}
