/* Turns what a run of the line found into a report. No twin. */
#ifndef ASSAY_CLI_FINDINGS_H_
#define ASSAY_CLI_FINDINGS_H_

#include "cli/certificate_file.h"
#include "cli/evidence.h"
#include "cli/report.h"

/** What signoff establishes beside the co-simulation. */
struct assay_findings {
  const struct assay_evidence_options *options;
  const struct assay_evidence *evidence;                ///< the image
  const struct assay_evidence *directed;                ///< directed inputs; NULL: not run
  const struct assay_certificate_summary *certificate;  ///< as the independent checker found it
  const char *records;                                  ///< folder of recordings of real libraries
  struct assay_report *report;                          ///< being filled
};

/**
 * Fills everything but the verdict: layers, channels, co-simulations, pictures, facts.
 * @return false with *error set; free the report either way
 */
bool assay_findings_collect(const struct assay_findings *findings, struct assay_error *error);

/** Pictures of the first image and of what the layers made of it. */
bool assay_findings_pictures(const struct assay_findings *findings, struct assay_error *error);

/** Versions, hashes, the engine's parameters. */
bool assay_findings_facts(const struct assay_findings *findings, struct assay_error *error);

/** Links, verdict and summary, from what has been collected. */
void assay_findings_judge(const struct assay_findings *findings);

#endif  // ASSAY_CLI_FINDINGS_H_
