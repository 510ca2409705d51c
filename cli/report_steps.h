/* Report: the certificate link by layer, and both step functions where they are closest. No twin.
 */
#ifndef ASSAY_CLI_REPORT_STEPS_H_
#define ASSAY_CLI_REPORT_STEPS_H_

#include <stdio.h>

#include "cli/report.h"

/** A table row a layer: channels with an exact affine, multiplier bits, channels on thresholds. */
void assay_report_certificates(const struct assay_report *report, FILE *file);

/** A plot a layer: contract and affine around the threshold that affine keeps most narrowly. */
void assay_report_steps(const struct assay_report *report, FILE *file);

#endif  // ASSAY_CLI_REPORT_STEPS_H_
