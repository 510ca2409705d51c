/* assay signoff: the whole line, with a report. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"
#include "cli/findings.h"
#include "cli/outdir.h"
#include "cli/proof.h"
#include "cli/text.h"
#include "cli/verbs.h"

struct signoff_options {
  struct assay_evidence_options evidence;
  const char *output;
  const char *records;
  bool quiet;
};

/** Everything that one run holds. */
struct signoff {
  struct assay_evidence evidence, directed;
  struct assay_certificate_summary certificate;
  struct assay_report report;
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

static bool write_report(const struct assay_outdir *outdir, const struct assay_report *report,
                         struct assay_error *error) {
  return write_file(outdir, "report.html", assay_report_html, report, error) &&
         write_file(outdir, "report.json", assay_report_json, report, error) &&
         write_file(outdir, "junit.xml", assay_report_junit, report, error);
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

static void print_outcome(const struct signoff_options *options, const struct signoff *run) {
  const struct assay_report *report = &run->report;
  for (size_t i = 0; i < report->layer_count; ++i) {
    if (report->layers[i].differing != 0) print_differences(&report->layers[i]);
  }
  fputs(run->evidence.simulations.failures, stdout);
  fputs(run->directed.simulations.failures, stdout);
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

/** One co-simulation of directed inputs, at the middle stall setting. */
static bool simulate_directed(const struct signoff_options *options,
                              struct assay_evidence *directed, struct assay_error *error) {
  struct assay_evidence_options narrowed = options->evidence;
  struct assay_cosimulate_options *cosimulate = &narrowed.cosimulate;
  narrowed.directed = true;
  cosimulate->stalls.values[0] = cosimulate->stalls.values[cosimulate->stalls.count / 2];
  cosimulate->stalls.count = 1;
  cosimulate->last_state = 1;
  cosimulate->trace = NULL;
  return assay_evidence_prepare(&narrowed, directed, error) &&
         assay_evidence_simulate(&narrowed, directed, error);
}

static bool simulate(const struct signoff_options *options, struct signoff *run,
                     struct assay_error *error) {
  return assay_evidence_prepare(&options->evidence, &run->evidence, error) &&
         assay_evidence_simulate(&options->evidence, &run->evidence, error) &&
         simulate_directed(options, &run->directed, error);
}

static bool judge_and_write(const struct signoff_options *options, struct signoff *run,
                            const struct assay_outdir *outdir, struct assay_error *error) {
  const struct assay_findings findings = {.options = &options->evidence,
                                          .evidence = &run->evidence,
                                          .directed = &run->directed,
                                          .certificate = &run->certificate,
                                          .records = options->records,
                                          .report = &run->report};
  make_command(options, run->report.command, sizeof run->report.command);
  if (!assay_proof_write(outdir, &run->evidence.source, &run->evidence.lowering, &run->certificate,
                         error) ||
      !assay_findings_collect(&findings, error)) {
    return false;
  }
  assay_findings_judge(&findings);
  return write_report(outdir, &run->report, error);
}

/** Simulates before the folder is begun: bad input leaves no trace. */
static bool fill_folder(const struct signoff_options *options, struct signoff *run,
                        struct assay_error *error) {
  struct assay_outdir outdir;
  if (!simulate(options, run, error) ||
      !assay_outdir_begin(options->output, "report.json", &outdir, error)) {
    return false;
  }
  if (judge_and_write(options, run, &outdir, error)) return assay_outdir_commit(&outdir, error);
  assay_outdir_abandon(&outdir);
  return false;
}

static int sign_off(const struct signoff_options *options, struct assay_error *error) {
  struct signoff run = {0};
  const bool ok = fill_folder(options, &run, error);
  const bool pass = run.report.pass;
  if (ok) print_outcome(options, &run);
  assay_report_free(&run.report);
  assay_evidence_free(&run.directed);
  assay_evidence_free(&run.evidence);
  if (!ok) return assay_report_error(error);
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

int assay_verb_signoff(int argc, char **argv) {
  struct signoff_options options = {.evidence = assay_evidence_defaults(),
                                    .output = "out/signoff",
                                    .records = ASSAY_DEFAULT_RECORDS};
  const struct assay_option table[] = {
      ASSAY_OPTIONS_EVIDENCE(options.evidence),
      ASSAY_OPTIONS_MATRIX(options.evidence),
      ASSAY_OPTION_FST(options.evidence),
      ASSAY_TEXT("output", 'o', "DIR", &options.output, "out/signoff", "folder for the report"),
      ASSAY_TEXT("records", 0, "DIR", &options.records, "vectors/reference/records",
                 "recordings of real libraries (vectors/reference/README.md)"),
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
