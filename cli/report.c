/* What the writers of a report share. No twin. */
#include "cli/report.h"

#include <stdarg.h>

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
