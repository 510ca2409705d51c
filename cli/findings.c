/* Turns what a run of the line found into a report: layers, channels, co-simulations. No twin. */
#include "cli/findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "golden/bounds.h"
#include "golden/requantizer.h"
#include "golden/thresholds.h"
#include "golden/trail.h"
#include "sim/mismatch.h"

// Channels //

static int32_t count_steps(const struct assay_threshold_list *list, struct assay_interval range) {
  int32_t steps = 0;
  for (int k = 0; k < 255; ++k) steps += list->t[k] > range.lo && list->t[k] <= range.hi;
  return steps;
}

/** The accumulators at which an affine or corrected channel differs from its contract. */
static void find_differences(const struct assay_lowered *lowered, size_t oc,
                             struct assay_report_channel *channel) {
  struct assay_requantizer r;
  struct assay_threshold_list affine;
  if (channel->lowering.differing <= 0 || channel->lowering.monotone == ASSAY_MONOTONE_REFUTED ||
      assay_requantizer_of_lowered(lowered, (int32_t)oc, &r) != ASSAY_OK) {
    return;
  }
  assay_thresholds_find(&r, channel->lowering.range, lowered->q_low, &affine);
  channel->difference_count =
      assay_compare_lists(channel->list, &affine, lowered->q_low, channel->lowering.range,
                          channel->differences, ASSAY_REPORT_DIFFERENCES)
          .intervals;
}

static bool collect_channels(const struct assay_layer_lowering *lowering,
                             const struct assay_lowered *lowered,
                             struct assay_report_layer *layer) {
  layer->channel_count = (size_t)lowering->layer->conv.shape.out_c;
  layer->channels = calloc(layer->channel_count, sizeof *layer->channels);
  if (layer->channels == NULL) return false;
  for (size_t oc = 0; oc < layer->channel_count; ++oc) {
    struct assay_report_channel *channel = &layer->channels[oc];
    channel->lowering = lowering->results[oc];
    channel->acc_init = lowering->channels[oc].acc_init;
    channel->affine = lowering->channels[oc].affine;
    channel->list = &lowering->lists[oc];
    channel->steps = count_steps(channel->list, channel->lowering.range);
    channel->late = lowering->channels[oc].late;
    if (layer->affine) find_differences(lowered, oc, channel);
  }
  return true;
}

// Bounds of the accumulator //

static void widen(struct assay_report_layer *layer, const struct assay_partial_bounds *bounds) {
  if (bounds->final.lo < layer->lo) layer->lo = bounds->final.lo;
  if (bounds->final.hi > layer->hi) layer->hi = bounds->final.hi;
  if (bounds->wrap_bits > layer->wrap_bits) layer->wrap_bits = bounds->wrap_bits;
  if (bounds->saturate_bits > layer->saturate_bits) layer->saturate_bits = bounds->saturate_bits;
}

/* Every part has its own order of additions. */
static bool collect_bounds(const struct assay_layer_job *job, struct assay_report_layer *layer,
                           struct assay_error *error) {
  struct assay_order_step *steps = calloc((size_t)layer->taps, sizeof *steps);
  if (steps == NULL) return assay_error_memory(error);
  bool ok = true;
  for (size_t i = 0; ok && i < job->part_count; ++i) {
    const struct assay_part_job *part = &job->runs[i];
    for (int32_t oc = 0; ok && oc < part->conv.shape.out_c; ++oc) {
      struct assay_partial_bounds bounds;
      ok = assay_jobs_bounds(part, oc, steps, &bounds);
      if (ok) widen(layer, &bounds);
    }
  }
  free(steps);
  return ok || assay_error_set(error, ASSAY_EXIT_RESOURCE, "layer %s: bounds cannot be computed",
                               layer->name);
}

// Co-simulations: the images of one layer are summed //

static void add_result(const struct assay_cosim_result *result, struct assay_report_run *run) {
  for (int stage = 0; stage < ASSAY_REPORT_STAGES; ++stage) {
    run->compared[stage] += result->stage[stage].compared;
  }
  run->expected += result->stage[ASSAY_STAGE_ACC].expected;
  run->mismatches += result->failure_total;
  run->cycles += result->cycles_counted;
  if (result->failure_count > 0 && run->first[0] == '\0') {
    assay_mismatch_line(&result->failures[0], run->first, sizeof run->first);
  }
}

static bool collect_runs(const struct assay_cosimulations *simulations, size_t index,
                         struct assay_report_layer *layer) {
  layer->run_count = simulations->count;
  layer->runs = calloc(layer->run_count, sizeof *layer->runs);
  if (layer->runs == NULL) return false;
  for (size_t r = 0; r < simulations->count; ++r) {
    const struct assay_cosimulation *simulation = &simulations->runs[r];
    layer->runs[r].stalls = simulation->stall;
    layer->runs[r].state = simulation->state;
    for (size_t n = 0; n < (size_t)simulations->images; ++n) {
      add_result(&simulation->results[n * simulations->layer_count + index], &layer->runs[r]);
    }
  }
  return true;
}

// Waivers //

static void collect_waiver(const struct assay_network *network, const char *contract,
                           struct assay_report_layer *layer) {
  for (size_t i = 0; i < network->waiver_count; ++i) {
    const struct assay_waiver *waiver = &network->waivers[i];
    if (strcmp(waiver->layer, layer->name) != 0 || strcmp(waiver->contract, contract) != 0)
      continue;
    layer->waiver_reason = waiver->reason;
    if (waiver->count == layer->differing) layer->waived = waiver->count;
  }
}

// Layers //

static const char *mode_text(enum assay_engine_mode mode) {
  static const char *const texts[] = {"reduce", "spread", "depthwise"};
  return texts[mode];
}

static void describe_layer(const struct assay_layer *layer, const struct assay_layer_job *job,
                           const struct assay_lowered *lowered, struct assay_report_layer *out) {
  const struct assay_conv_shape *shape = &layer->conv.shape;
  out->name = layer->name;
  out->type = layer->conv.relu ? "ConvReLU2d" : "Conv2d";
  snprintf(out->geometry, sizeof out->geometry,
           "%" PRId32 "\u00d7%" PRId32 "\u00d7%" PRId32 " \u2192 %" PRId32 "\u00d7%" PRId32
           "\u00d7%" PRId32 ", %" PRId32 "\u00d7%" PRId32,
           shape->in_c, shape->in_y, shape->in_x, shape->out_c, assay_conv_out_y(shape),
           assay_conv_out_x(shape), shape->kernel_y, shape->kernel_x);
  out->mode = mode_text(job->runs[0].plan.mode);
  out->affine = lowered->kind != ASSAY_REQUANT_THRESHOLD;
  out->requantizer = assay_requant_name(lowered->kind);
  out->q_low = lowered->q_low;
  out->taps = assay_conv_taps(shape);
  out->parts = (int64_t)job->part_count;
}

/** Adds a layer's table to the network's. */
static bool collect_forum(const struct assay_findings *findings, const struct assay_layer *layer,
                          struct assay_error *error) {
  struct assay_forum_row rows[ASSAY_FORUM_ROWS];
  const enum assay_status status =
      assay_forum_table(&layer->conv, findings->evidence->source.contract, rows);
  if (status != ASSAY_OK) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "layer %s: %s", layer->name,
                           assay_status_text(status));
  }
  for (int i = 0; i < ASSAY_FORUM_ROWS; ++i) {
    struct assay_forum_row *sum = &findings->report->forum[i];
    sum->n = rows[i].n;
    sum->bias = rows[i].bias;
    sum->channels += rows[i].channels;
    sum->refused += rows[i].refused;
    sum->unequal += rows[i].unequal;
    sum->reachable += rows[i].reachable;
    sum->differing += rows[i].differing;
    if (rows[i].max_lsb > sum->max_lsb) sum->max_lsb = rows[i].max_lsb;
  }
  return true;
}

static bool collect_layer(const struct assay_findings *findings, size_t index,
                          struct assay_error *error) {
  const struct assay_evidence *evidence = findings->evidence;
  const struct assay_layer_lowering *lowering = &evidence->lowering.layers[index];
  const struct assay_layer_job *job = &evidence->jobs.layers[index];
  struct assay_report_layer *layer = &findings->report->layers[index];
  struct assay_model_check check;
  describe_layer(lowering->layer, job, &evidence->lowering.lowered[index], layer);
  layer->macs = assay_conv_macs(&lowering->layer->conv.shape) * evidence->source.images.n;
  layer->planned_cycles = job->parts.cycles * (uint64_t)evidence->source.images.n;
  layer->differing = assay_lowering_differing(&evidence->lowering, index);
  collect_waiver(&evidence->source.bundle.network, evidence->source.contract->name, layer);
  if (!collect_channels(lowering, &evidence->lowering.lowered[index], layer) ||
      !collect_runs(&evidence->simulations, index, layer)) {
    return assay_error_memory(error);
  }
  if (!assay_jobs_check_model(&evidence->jobs, index, &check, error)) return false;
  layer->reference_compared = check.compared;
  layer->reference_mismatches = check.mismatches;
  return collect_forum(findings, lowering->layer, error) && collect_bounds(job, layer, error);
}

bool assay_findings_collect(const struct assay_findings *findings, struct assay_error *error) {
  const struct assay_evidence *evidence = findings->evidence;
  struct assay_report *report = findings->report;
  report->network = evidence->source.bundle.network.name;
  report->provenance = evidence->source.bundle.network.provenance;
  report->contract = evidence->source.contract->name;
  report->engine = evidence->engine.name;
  report->requantizer = assay_requantizer_choices[findings->options->requantizer];
  report->seed = findings->options->cosimulate.seed;
  report->multipliers = evidence->engine.pixels * evidence->engine.channels;
  report->layers = calloc(evidence->lowering.layer_count, sizeof *report->layers);
  if (report->layers == NULL) return assay_error_memory(error);
  report->layer_count = evidence->lowering.layer_count;
  bool ok = true;
  for (size_t i = 0; ok && i < report->layer_count; ++i) ok = collect_layer(findings, i, error);
  ok = ok && assay_records_compare(findings->records, &evidence->source, &evidence->lowering,
                                   &report->recorded, error);
  return ok && assay_findings_pictures(findings, error) && assay_findings_facts(findings, error);
}
