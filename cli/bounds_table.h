/* The bounds of every channel's accumulator, with the place of an input that reaches each. No twin.
 */
#ifndef ASSAY_CLI_BOUNDS_TABLE_H_
#define ASSAY_CLI_BOUNDS_TABLE_H_

#include "cli/evidence.h"
#include "cli/outdir.h"

/**
 * Writes bounds.csv: layer, channel, bound (low or high), the accumulator, the least safe width of
 * an adder that wraps and of one that saturates (golden/bounds.h), and image and output pixel of
 * the directed input that reaches the bound.
 * @param evidence  prepared with directed inputs
 * @return          false with *error set
 */
bool assay_bounds_table_write(const struct assay_outdir *outdir,
                              const struct assay_evidence *evidence, struct assay_error *error);

#endif  // ASSAY_CLI_BOUNDS_TABLE_H_
