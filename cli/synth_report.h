/* The table and the JSON of assay synth. No twin. */
#ifndef ASSAY_CLI_SYNTH_REPORT_H_
#define ASSAY_CLI_SYNTH_REPORT_H_

#include <stdio.h>

#include "cli/synthesis.h"

/** Prints the engines, then published figures of other engines with their sources. */
void assay_synth_print(const struct assay_synthesis *list, size_t count, const char *version);

/** Writes the same, and every cell, as JSON. */
void assay_synth_json(FILE *file, const struct assay_synthesis *list, size_t count,
                      const char *version);

#endif  // ASSAY_CLI_SYNTH_REPORT_H_
