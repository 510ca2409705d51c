/* Writes junit.xml: one test case a link and a co-simulated layer. No twin. */
#include <inttypes.h>

#include "cli/report.h"
#include "cli/text.h"

static void write_case(FILE *file, const char *group, const char *name, bool pass,
                       const char *message) {
  fprintf(file, "  <testcase classname=\"%s\" name=\"", group);
  assay_html_text(file, name);
  if (pass) {
    fputs("\"/>\n", file);
    return;
  }
  fputs("\">\n    <failure message=\"", file);
  assay_html_text(file, message);
  fputs("\"/>\n  </testcase>\n", file);
}

static bool link_passes(const struct assay_report_link *link) {
  return link->strength != ASSAY_BROKEN || link->waived;
}

static void count_cases(const struct assay_report *report, size_t *cases, size_t *failures) {
  *cases = report->link_count;
  *failures = 0;
  for (size_t i = 0; i < report->link_count; ++i) *failures += !link_passes(&report->links[i]);
  for (size_t i = 0; i < report->layer_count; ++i) {
    *cases += report->layers[i].run_count;
    for (size_t r = 0; r < report->layers[i].run_count; ++r) {
      *failures += !assay_report_run_passes(&report->layers[i].runs[r]);
    }
  }
}

static void write_runs(const struct assay_report_layer *layer, FILE *file) {
  for (size_t r = 0; r < layer->run_count; ++r) {
    const struct assay_report_run *run = &layer->runs[r];
    char name[160];
    snprintf(name, sizeof name, "%s: stalls %" PRId32 " %%, state %" PRId32, layer->name,
             run->stalls, run->state);
    write_case(file, "cosim", name, assay_report_run_passes(run), run->first);
  }
}

void assay_report_junit(const struct assay_report *report, FILE *file) {
  size_t cases, failures;
  count_cases(report, &cases, &failures);
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"", file);
  assay_html_text(file, report->network);
  fprintf(file, "\" tests=\"%zu\" failures=\"%zu\">\n", cases, failures);
  for (size_t i = 0; i < report->link_count; ++i) {
    const struct assay_report_link *link = &report->links[i];
    char name[160];
    snprintf(name, sizeof name, "%s = %s: %s", link->left, link->right,
             assay_strength_text(link->strength));
    write_case(file, "links", name, link_passes(link), link->claim);
  }
  for (size_t i = 0; i < report->layer_count; ++i) write_runs(&report->layers[i], file);
  fputs("</testsuite>\n", file);
}
