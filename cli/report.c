/* What the writers of a report share. No twin. */
#include "cli/report.h"

#include <stdarg.h>
#include <stdlib.h>

const char *assay_strength_text(enum assay_strength strength) {
  static const char *const texts[] = {"proved", "exhaustive", "tested", "open", "broken"};
  return texts[strength];
}

void assay_report_fact(struct assay_report *report, const char *name, const char *format, ...) {
  if (report->fact_count == ASSAY_REPORT_FACTS) return;
  struct assay_report_fact *fact = &report->facts[report->fact_count++];
  snprintf(fact->name, sizeof fact->name, "%s", name);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(fact->value, sizeof fact->value, format, arguments);
  va_end(arguments);
}

const struct assay_forum_row *assay_report_forum(const struct assay_report *report, int32_t n,
                                                 int bias) {
  return &report->forum[(n - ASSAY_FORUM_FIRST_N) * ASSAY_FORUM_TREATMENTS + bias];
}

bool assay_report_run_passes(const struct assay_report_run *run) {
  bool pass = run->expected > 0 && run->mismatches == 0;
  for (int stage = 0; stage < ASSAY_REPORT_STAGES; ++stage) {
    pass = pass && run->compared[stage] == run->expected;
  }
  return pass;
}

void assay_report_free(struct assay_report *report) {
  for (size_t i = 0; i < report->layer_count; ++i) {
    free(report->layers[i].channels);
    free(report->layers[i].runs);
  }
  for (size_t i = 0; i < report->picture_count; ++i) free(report->pictures[i].pixels);
  free(report->layers);
  *report = (struct assay_report){0};
}
