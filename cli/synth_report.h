/* The table and the JSON of assay synth. No twin. */
#ifndef ASSAY_CLI_SYNTH_REPORT_H_
#define ASSAY_CLI_SYNTH_REPORT_H_

#include <stdio.h>

#include "cli/synthesis.h"

/**
 * Prints the engines, the frequencies of those that were placed, then published figures of other
 * engines with their sources.
 * @param version        of Yosys
 * @param place_version  of nextpnr-ice40; "": nothing was placed
 * @param seed           of the placer
 */
void assay_synth_print(const struct assay_synthesis *list, size_t count, const char *version,
                       const char *place_version, int64_t seed);

/** Writes the same, and every cell, as JSON. */
void assay_synth_json(FILE *file, const struct assay_synthesis *list, size_t count,
                      const char *version, const char *place_version, int64_t seed);

#endif  // ASSAY_CLI_SYNTH_REPORT_H_
