/* Writes report.json: everything that report.html says, for machines. No twin. */
#include <inttypes.h>

#include "cli/json.h"
#include "cli/report.h"
#include "golden/correct.h"

static void write_links(const struct assay_report *report, struct assay_json *json) {
  assay_json_open(json, "links", '[');
  for (size_t i = 0; i < report->link_count; ++i) {
    const struct assay_report_link *link = &report->links[i];
    assay_json_open(json, NULL, '{');
    assay_json_text(json, "left", link->left);
    assay_json_text(json, "right", link->right);
    assay_json_text(json, "strength", assay_strength_text(link->strength));
    assay_json_text(json, "figure", link->figure);
    assay_json_text(json, "claim", link->claim);
    assay_json_text(json, "method", link->method);
    assay_json_close(json, '}');
  }
  assay_json_close(json, ']');
}

static const char *monotone_text(enum assay_monotone monotone) {
  static const char *const texts[] = {"unknown", "by rule", "enumerated", "refuted"};
  return texts[monotone];
}

static void write_differences(const struct assay_report_channel *channel, struct assay_json *json) {
  assay_json_open(json, "first_differences", '[');
  for (size_t i = 0; i < channel->difference_count && i < ASSAY_REPORT_DIFFERENCES; ++i) {
    const struct assay_difference *difference = &channel->differences[i];
    assay_json_open(json, NULL, '{');
    assay_json_integer(json, "first", difference->first);
    assay_json_integer(json, "last", difference->last);
    assay_json_integer(json, "contract", difference->y_a);
    assay_json_integer(json, "parameters", difference->y_b);
    assay_json_close(json, '}');
  }
  assay_json_close(json, ']');
}

static void write_channel(const struct assay_report_channel *channel, struct assay_json *json) {
  assay_json_open(json, NULL, '{');
  assay_json_integer(json, "lo", channel->lowering.range.lo);
  assay_json_integer(json, "hi", channel->lowering.range.hi);
  assay_json_text(json, "monotone", monotone_text(channel->lowering.monotone));
  assay_json_integer(json, "acc_init", channel->acc_init);
  assay_json_integer(json, "multiplier", channel->affine.multiplier);
  assay_json_integer(json, "addend", channel->affine.addend);
  assay_json_integer(json, "shift", channel->affine.shift);
  assay_json_integer(json, "late_levels", assay_late_count(&channel->late));
  assay_json_integer(json, "steps", channel->steps);
  assay_json_integer(json, "differing", channel->lowering.differing);
  write_differences(channel, json);
  assay_json_close(json, '}');
}

static void write_run(const struct assay_report_run *run, struct assay_json *json) {
  assay_json_open(json, NULL, '{');
  assay_json_integer(json, "stalls_percent", run->stalls);
  assay_json_integer(json, "state", run->state);
  assay_json_integer(json, "expected", (int64_t)run->expected);
  assay_json_integer(json, "acc_compared", (int64_t)run->compared[0]);
  assay_json_integer(json, "requant_compared", (int64_t)run->compared[1]);
  assay_json_integer(json, "output_compared", (int64_t)run->compared[2]);
  assay_json_integer(json, "mismatches", (int64_t)run->mismatches);
  assay_json_integer(json, "cycles", (int64_t)run->cycles);
  assay_json_close(json, '}');
}

static void write_layer(const struct assay_report_layer *layer, struct assay_json *json) {
  assay_json_open(json, NULL, '{');
  assay_json_text(json, "name", layer->name);
  assay_json_text(json, "type", layer->type);
  assay_json_text(json, "geometry", layer->geometry);
  assay_json_text(json, "mode", layer->mode);
  assay_json_text(json, "requantizer", layer->requantizer);
  assay_json_integer(json, "taps", layer->taps);
  assay_json_integer(json, "macs", layer->macs);
  assay_json_integer(json, "lo", layer->lo);
  assay_json_integer(json, "hi", layer->hi);
  assay_json_integer(json, "wrap_bits", layer->wrap_bits);
  assay_json_integer(json, "saturate_bits", layer->saturate_bits);
  assay_json_integer(json, "parts", layer->parts);
  assay_json_integer(json, "planned_cycles", (int64_t)layer->planned_cycles);
  assay_json_integer(json, "reference_compared", (int64_t)layer->reference_compared);
  assay_json_integer(json, "reference_mismatches", (int64_t)layer->reference_mismatches);
  assay_json_text(json, "waiver_reason", layer->waiver_reason);
  assay_json_open(json, "channels", '[');
  for (size_t oc = 0; oc < layer->channel_count; ++oc) write_channel(&layer->channels[oc], json);
  assay_json_close(json, ']');
  assay_json_open(json, "runs", '[');
  for (size_t r = 0; r < layer->run_count; ++r) write_run(&layer->runs[r], json);
  assay_json_close(json, ']');
  assay_json_close(json, '}');
}

static void write_forum(const struct assay_report *report, struct assay_json *json) {
  static const char *const names[] = {"rounded", "folded", "int32"};
  assay_json_open(json, "forum", '[');
  for (int i = 0; i < ASSAY_FORUM_ROWS; ++i) {
    const struct assay_forum_row *row = &report->forum[i];
    assay_json_open(json, NULL, '{');
    assay_json_integer(json, "n", row->n);
    assay_json_text(json, "bias", names[row->bias]);
    assay_json_integer(json, "channels", row->channels);
    assay_json_integer(json, "refused", row->refused);
    assay_json_integer(json, "unequal", row->unequal);
    assay_json_integer(json, "reachable", row->reachable);
    assay_json_integer(json, "differing", row->differing);
    assay_json_integer(json, "max_lsb", row->max_lsb);
    assay_json_close(json, '}');
  }
  assay_json_close(json, ']');
}

void assay_report_json(const struct assay_report *report, FILE *file) {
  struct assay_json json = {.file = file};
  assay_json_open(&json, NULL, '{');
  assay_json_text(&json, "verdict", report->verdict);
  assay_json_bool(&json, "pass", report->pass);
  assay_json_text(&json, "summary", report->summary);
  assay_json_text(&json, "network", report->network);
  assay_json_text(&json, "provenance", report->provenance);
  assay_json_text(&json, "contract", report->contract);
  assay_json_text(&json, "engine", report->engine);
  assay_json_text(&json, "requantizer", report->requantizer);
  assay_json_integer(&json, "seed", report->seed);
  assay_json_text(&json, "command", report->command);
  assay_json_text(&json, "weakest", report->weakest);
  write_links(report, &json);
  assay_json_open(&json, "layers", '[');
  for (size_t i = 0; i < report->layer_count; ++i) write_layer(&report->layers[i], &json);
  assay_json_close(&json, ']');
  write_forum(report, &json);
  assay_json_open(&json, "facts", '{');
  for (size_t i = 0; i < report->fact_count; ++i) {
    assay_json_text(&json, report->facts[i].name, report->facts[i].value);
  }
  assay_json_close(&json, '}');
  assay_json_close(&json, '}');
}
