/* Plots of the report as inline SVG. No twin. */
#ifndef ASSAY_CLI_REPORT_PLOT_H_
#define ASSAY_CLI_REPORT_PLOT_H_

#include <stdio.h>

#include "cli/report.h"

/** Share of differing accumulators over N, one curve a treatment of the bias. */
void assay_plot_forum(const struct assay_report *report, FILE *file);

#endif  // ASSAY_CLI_REPORT_PLOT_H_
