/* From counts to links, their strengths, and the verdict. No twin. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/findings.h"
#include "cli/text.h"

/** Sums over all layers, on which every sentence below rests. */
struct totals {
  int64_t channels, exact, enumerated, undecided, reachable;
  int64_t differing, waived;
  uint64_t model_compared, model_mismatches;
  uint64_t cosim_compared, cosim_mismatches;
  int64_t directed_targets[3];  ///< by enum assay_reachability
  int64_t directed_hits;
  bool directed_pass;  ///< golden model and RTL agree on the directed inputs, or they were not run
};

static void add_channel(const struct assay_report_channel *channel, struct totals *totals) {
  const struct assay_lower_result *lowering = &channel->lowering;
  ++totals->channels;
  totals->exact += lowering->differing == 0;
  totals->undecided += lowering->differing < 0;
  totals->enumerated += lowering->monotone != ASSAY_MONOTONE_BY_RULE;
  totals->reachable += lowering->range.hi - lowering->range.lo + 1;
}

/** The directed inputs: how many targets, and whether golden model and RTL hit every one. */
static void add_directed(const struct assay_evidence *directed, struct totals *totals) {
  totals->directed_pass = true;
  if (directed == NULL) return;
  assay_directed_count(&directed->directed, totals->directed_targets);
  totals->directed_hits = assay_directed_hits(&directed->directed, &directed->jobs.expected);
  totals->cosim_compared += directed->simulations.compared;
  totals->cosim_mismatches += directed->simulations.mismatches;
  totals->directed_pass = assay_cosimulations_pass(&directed->simulations);
}

static struct totals sum_up(const struct assay_findings *findings) {
  const struct assay_report *report = findings->report;
  struct totals totals = {.cosim_compared = findings->evidence->simulations.compared,
                          .cosim_mismatches = findings->evidence->simulations.mismatches};
  add_directed(findings->directed, &totals);
  for (size_t i = 0; i < report->layer_count; ++i) {
    const struct assay_report_layer *layer = &report->layers[i];
    for (size_t oc = 0; oc < layer->channel_count; ++oc) {
      add_channel(&layer->channels[oc], &totals);
    }
    if (layer->differing > 0) totals.differing += layer->differing;
    totals.waived += layer->waived;
    totals.model_compared += layer->reference_compared;
    totals.model_mismatches += layer->reference_mismatches;
  }
  return totals;
}

// Links //

static struct assay_report_link *add_link(struct assay_report *report, const char *left,
                                          const char *right, bool in_picture) {
  struct assay_report_link *link = &report->links[report->link_count++];
  *link = (struct assay_report_link){.left = left, .right = right, .in_picture = in_picture};
  return link;
}

static void say(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** snprintf for sentences: too long a one is cut, which harms nobody. */
static void say(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, size, format, arguments);
  va_end(arguments);
}

#define SAY(field, ...) say(field, sizeof field, __VA_ARGS__)

/** The part of the first link that this run can show: recordings of the real library. */
static void say_recorded(const struct assay_recorded *recorded, struct assay_report *report,
                         struct assay_report_link *link) {
  const bool whole = recorded->covered == recorded->channels;
  link->strength = recorded->differing > 0 ? ASSAY_BROKEN : whole ? ASSAY_EXHAUSTIVE : ASSAY_OPEN;
  SAY(link->figure, "%" PRId64 " of %s recorded", recorded->covered,
      assay_plural(recorded->channels, "channel").text);
  SAY(link->claim,
      "%s gave the outputs of contract %s on every accumulator that %s of %" PRId64
      " channels can reach: %s compared, %s differ%s%s.",
      recorded->libraries, report->contract, assay_digits(recorded->covered).text,
      recorded->channels, assay_digits(recorded->accumulators).text,
      assay_digits(recorded->differing).text, recorded->differing > 0 ? ", first at " : "",
      recorded->first);
  SAY(link->method,
      "Complete recordings of the real library (vectors/reference). './assay test' also runs the "
      "PyTorch of this machine, on gap-free bands of accumulators and random layers.");
}

static void link_engine(struct assay_report *report) {
  struct assay_report_link *link = add_link(report, "PyTorch", "contract", true);
  if (report->recorded.covered > 0) {
    say_recorded(&report->recorded, report, link);
    return;
  }
  link->strength = ASSAY_OPEN;
  SAY(link->figure, "not run here");
  SAY(link->claim, "%s computes what contract %s says.", report->provenance, report->contract);
  SAY(link->method,
      "No recording has this network's scales, and this run needs no PyTorch. './assay test' runs "
      "the real library on gap-free bands of accumulators and random layers, and compares every "
      "output.");
}

static void link_parameters(const struct assay_findings *findings, const struct totals *totals) {
  const struct assay_certificate_summary *certificate = findings->certificate;
  struct assay_report *report = findings->report;
  struct assay_report_link *link = add_link(report, "contract", "integer parameters", true);
  const bool whole = totals->differing == 0 && totals->undecided == 0;
  link->strength = totals->differing > 0   ? ASSAY_BROKEN
                   : totals->undecided > 0 ? ASSAY_OPEN
                                           : ASSAY_PROVED;
  link->waived = totals->differing > 0 && totals->differing == totals->waived;
  SAY(link->figure, "%" PRId64 " of %s", totals->exact,
      assay_plural(totals->channels, "channel").text);
  SAY(link->claim,
      "Outputs of contract %s and of the hardware's parameters %s %s reachable "
      "accumulators (%" PRId64 " of %" PRId64 " channels without a difference%s).",
      report->contract, whole ? "are equal on all" : "differ on",
      assay_digits(whole ? totals->reachable : totals->differing).text, totals->exact,
      totals->channels, totals->undecided > 0 ? ", some not decided" : "");
  SAY(link->method,
      "Thresholds of both. The contract does not decrease: by rule on %" PRId64
      " channels, seen by visiting every accumulator on %" PRId64
      ". An independent checker re-verified certificate.json: %zu statements, %zu rejected.",
      totals->channels - totals->enumerated, totals->enumerated, certificate->channels,
      certificate->rejected);
}

static void link_golden(struct assay_report *report, const struct totals *totals) {
  struct assay_report_link *link = add_link(report, "integer parameters", "golden model", true);
  link->strength = totals->model_mismatches > 0 ? ASSAY_BROKEN : ASSAY_TESTED;
  if (totals->model_compared == 0) link->strength = ASSAY_OPEN;
  SAY(link->figure, "%s values", assay_digits((int64_t)totals->model_compared).text);
  SAY(link->claim,
      "The golden model with the hardware's structure gives the accumulators of a plain six-loop "
      "convolution and the outputs of the parameters' formula: %s values, %s differ.",
      assay_digits((int64_t)totals->model_compared).text,
      assay_digits((int64_t)totals->model_mismatches).text);
  SAY(link->method,
      "Both run on this image; './assay test' does so on random layers of every kind.");
}

static void link_rtl(struct assay_report *report, const struct totals *totals) {
  struct assay_report_link *link = add_link(report, "golden model", "RTL", true);
  link->strength = totals->cosim_mismatches > 0 ? ASSAY_BROKEN : ASSAY_TESTED;
  if (totals->cosim_compared == 0) link->strength = ASSAY_OPEN;
  SAY(link->figure, "%s values", assay_digits((int64_t)totals->cosim_compared).text);
  SAY(link->claim,
      "Accumulators, requantized values and output words of the Verilated engine: %s values "
      "compared, %s failures.",
      assay_digits((int64_t)totals->cosim_compared).text,
      assay_digits((int64_t)totals->cosim_mismatches).text);
  SAY(link->method,
      "Every layer at every stall setting and initial state below; a value too few or too many "
      "fails. Directed inputs put accumulators on both sides of every threshold: %s reached, %s "
      "hit, %s proved unreachable, %s unknown.",
      assay_digits(totals->directed_targets[ASSAY_REACH_WITNESS]).text,
      assay_digits(totals->directed_hits).text,
      assay_digits(totals->directed_targets[ASSAY_REACH_NEVER]).text,
      assay_digits(totals->directed_targets[ASSAY_REACH_UNKNOWN]).text);
}

static void link_overflow(struct assay_report *report) {
  struct assay_report_link *link = add_link(report, "int32 accumulator", "no overflow", false);
  int32_t wrap = 0, saturate = 0;
  for (size_t i = 0; i < report->layer_count; ++i) {
    if (report->layers[i].wrap_bits > wrap) wrap = report->layers[i].wrap_bits;
    if (report->layers[i].saturate_bits > saturate) saturate = report->layers[i].saturate_bits;
  }
  link->strength = saturate <= 32 ? ASSAY_PROVED : ASSAY_BROKEN;
  SAY(link->figure, "%" PRId32 " bits", saturate);
  SAY(link->claim,
      "No input makes a sum leave 32 bits: %" PRId32 " bits suffice for wrapping adders, %" PRId32
      " where every partial sum must fit.",
      wrap, saturate);
  SAY(link->method, "Exact bounds from the real weights, in the order in which the engine adds.");
}

/** One sentence on the weakest link of the chain from PyTorch to RTL. */
static void say_weakest(struct assay_report *report) {
  const struct assay_report_link *weakest = &report->links[0];
  for (size_t i = 0; i < report->link_count; ++i) {
    const struct assay_report_link *link = &report->links[i];
    if (link->in_picture && link->strength > weakest->strength) weakest = link;
  }
  SAY(report->weakest, "Weakest link: %s = %s is %s (%s).", weakest->left, weakest->right,
      assay_strength_text(weakest->strength), weakest->figure);
}

// Verdict //

static bool links_hold(const struct assay_report *report) {
  for (size_t i = 0; i < report->link_count; ++i) {
    const struct assay_report_link *link = &report->links[i];
    const bool parameters = strcmp(link->left, "contract") == 0;
    if (link->strength == ASSAY_BROKEN && !parameters) return false;
  }
  return true;
}

static bool runs_hold(const struct assay_report *report) {
  for (size_t i = 0; i < report->layer_count; ++i) {
    for (size_t r = 0; r < report->layers[i].run_count; ++r) {
      if (!assay_report_run_passes(&report->layers[i].runs[r])) return false;
    }
  }
  return true;
}

static void decide(struct assay_report *report, const struct totals *totals,
                   const struct assay_certificate_summary *certificate) {
  const bool waived = totals->differing > 0 && totals->differing == totals->waived;
  const bool compared = totals->cosim_compared > 0 && totals->model_compared > 0;
  const bool certified = certificate->channels > 0 && certificate->rejected == 0;
  // Parameters that differ from the contract cannot hit all of its thresholds.
  const bool hit = totals->differing > 0 ||
                   totals->directed_hits == totals->directed_targets[ASSAY_REACH_WITNESS];
  const bool sound = compared && hit && certified && totals->undecided == 0 &&
                     totals->directed_pass && links_hold(report) && runs_hold(report);
  report->pass = sound && (totals->differing == 0 || waived);
  if (!sound) {
    SAY(report->verdict, "FAIL");
  } else if (waived) {
    SAY(report->verdict, "PASS (waived: %" PRId64 ")", totals->waived);
  } else {
    SAY(report->verdict, "%s", totals->differing > 0 ? "DIFFERS" : "PASS");
  }
}

static void summarize(struct assay_report *report, const struct totals *totals) {
  char parameters[96];
  if (totals->differing > 0) {
    SAY(parameters, "%s of %s reachable accumulators differ", assay_digits(totals->differing).text,
        assay_digits(totals->reachable).text);
  } else {
    SAY(parameters, "%" PRId64 "/%" PRId64 " channels proved", totals->exact, totals->channels);
  }
  SAY(report->summary,
      "%s  %s  contract %s  engine %s  %s  %s values compared, %s failures  seed %" PRId64,
      report->verdict, report->network, report->contract, report->engine, parameters,
      assay_digits((int64_t)totals->cosim_compared).text,
      assay_digits((int64_t)(totals->cosim_mismatches + totals->model_mismatches)).text,
      report->seed);
}

void assay_findings_judge(const struct assay_findings *findings) {
  struct assay_report *report = findings->report;
  const struct totals totals = sum_up(findings);
  link_engine(report);
  link_parameters(findings, &totals);
  link_golden(report, &totals);
  link_rtl(report, &totals);
  link_overflow(report);
  say_weakest(report);
  decide(report, &totals, findings->certificate);
  summarize(report, &totals);
}
