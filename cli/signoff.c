/* assay signoff: the whole line, with a report. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"
#include "cli/findings.h"
#include "cli/outdir.h"
#include "cli/text.h"
#include "cli/verbs.h"

struct signoff_options {
  struct assay_evidence_options evidence;
  const char *output;
  bool quiet;
};

static const char examples[] =
    "  assay signoff\n"
    "      the shipped network on its own image; report in out/signoff/report.html\n"
    "  assay signoff --image photo.pgm -o out/photo\n"
    "      your own picture\n"
    "  assay signoff --network my_bundle --contract onednn_3_11 --stalls 0,50\n"
    "      your own network for another PyTorch engine\n"
    "  assay signoff --requantizer direct\n"
    "      what a multiplier derived without a search costs: DIFFERS, with the accumulators\n";

static const char details[] =
    "The line: bundle, integer parameters (proved against the contract), golden model, engine "
    "model\n"
    "against a plain reference, co-simulation of every layer at every stall setting and initial\n"
    "state, report. The folder gets report.html, report.json and junit.xml, and appears whole or "
    "not\n"
    "at all. Where parameters and contract differ on a reachable accumulator the verdict is "
    "DIFFERS,\n"
    "unless the bundle waives exactly that count with a reason.";

// Report folder //

typedef void writer(const struct assay_report *report, FILE *file);

static bool write_file(const struct assay_outdir *outdir, const char *name, writer *write,
                       const struct assay_report *report, struct assay_error *error) {
  FILE *file = assay_outdir_open(outdir, name, error);
  if (file == NULL) return false;
  write(report, file);
  return assay_outdir_close(file, name, error);
}

static bool write_report(const char *path, const struct assay_report *report,
                         struct assay_error *error) {
  struct assay_outdir outdir;
  if (!assay_outdir_begin(path, "report.json", &outdir, error)) return false;
  if (write_file(&outdir, "report.html", assay_report_html, report, error) &&
      write_file(&outdir, "report.json", assay_report_json, report, error) &&
      write_file(&outdir, "junit.xml", assay_report_junit, report, error)) {
    return assay_outdir_commit(&outdir, error);
  }
  assay_outdir_abandon(&outdir);
  return false;
}

// Standard output //

static void print_differences(const struct assay_report_layer *layer) {
  for (size_t oc = 0; oc < layer->channel_count; ++oc) {
    const struct assay_report_channel *channel = &layer->channels[oc];
    if (channel->lowering.differing == 0) continue;
    printf("  %s channel %zu: %" PRId64 " of %s reachable accumulators differ", layer->name, oc,
           channel->lowering.differing,
           assay_digits(channel->lowering.range.hi - channel->lowering.range.lo + 1).text);
    for (size_t i = 0; i < channel->difference_count && i < 1; ++i) {
      const struct assay_difference *d = &channel->differences[i];
      printf(", first at %" PRId32 ": contract %" PRId32 ", parameters %" PRId32, d->first, d->y_a,
             d->y_b);
    }
    putchar('\n');
  }
}

static void print_chain(const struct assay_report *report) {
  for (size_t i = 0; i < report->link_count; ++i) {
    const struct assay_report_link *link = &report->links[i];
    printf("%-10s  %s = %s: %s\n", assay_strength_text(link->strength), link->left, link->right,
           link->figure);
  }
}

static void print_outcome(const struct signoff_options *options, const struct assay_report *report,
                          const struct assay_evidence *evidence) {
  for (size_t i = 0; i < report->layer_count; ++i) {
    if (report->layers[i].differing != 0) print_differences(&report->layers[i]);
  }
  fputs(evidence->simulations.failures, stdout);
  if (!options->quiet) {
    print_chain(report);
    printf("report      %s/report.html\n", options->output);
  }
  puts(report->summary);
}

// The line //

/** The command that repeats the whole run. */
static void make_command(const struct signoff_options *options, char *text, size_t size) {
  char stalls[ASSAY_LIST_MAX * 4] = "";
  char command[ASSAY_COMMAND_TEXT];
  const struct assay_integer_list *list = &options->evidence.cosimulate.stalls;
  for (size_t i = 0; i < list->count; ++i) {
    const size_t used = strlen(stalls);
    snprintf(stalls + used, sizeof stalls - used, "%s%" PRId64, i == 0 ? "" : ",", list->values[i]);
  }
  assay_evidence_command(&options->evidence, "signoff", command);
  snprintf(text, size, "%s --stalls %s --states %" PRId64, command, stalls,
           options->evidence.cosimulate.last_state);
}

static bool judge_and_write(const struct signoff_options *options,
                            const struct assay_evidence *evidence, struct assay_report *report,
                            struct assay_error *error) {
  const struct assay_findings findings = {
      .options = &options->evidence, .evidence = evidence, .report = report};
  make_command(options, report->command, sizeof report->command);
  if (!assay_findings_collect(&findings, error)) return false;
  assay_findings_judge(&findings);
  if (!write_report(options->output, report, error)) return false;
  print_outcome(options, report, evidence);
  return true;
}

static int sign_off(const struct signoff_options *options, struct assay_error *error) {
  struct assay_evidence evidence;
  struct assay_report report = {0};
  if (!assay_evidence_prepare(&options->evidence, &evidence, error)) {
    return assay_report_error(error);
  }
  const bool ok = assay_evidence_simulate(&options->evidence, &evidence, error) &&
                  judge_and_write(options, &evidence, &report, error);
  const bool pass = report.pass;
  assay_report_free(&report);
  assay_evidence_free(&evidence);
  if (!ok) return assay_report_error(error);
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

int assay_verb_signoff(int argc, char **argv) {
  struct signoff_options options = {.evidence = assay_evidence_defaults(), .output = "out/signoff"};
  const struct assay_option table[] = {
      ASSAY_OPTIONS_EVIDENCE(options.evidence),
      ASSAY_OPTIONS_MATRIX(options.evidence),
      ASSAY_OPTION_FST(options.evidence),
      ASSAY_TEXT("output", 'o', "DIR", &options.output, "out/signoff", "folder for the report"),
      ASSAY_FLAG("quiet", &options.quiet, "print failures and the summary line only"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "signoff",
      .operands = "",
      .summary =
          "Show, link by link, that the RTL engine computes what the network's contract says.",
      .details = details,
      .examples = examples,
      .options = table};
  struct assay_error error = {0};
  const int code = assay_parse_options(&usage, argc, argv, NULL, NULL);
  if (code != ASSAY_PARSE_GO_ON) return code;
  options.evidence.cosimulate.progress = !options.quiet;
  return sign_off(&options, &error);
}
