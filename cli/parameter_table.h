/* The user's own table of hardware parameters, layer by layer and channel by channel. No twin. */
#ifndef ASSAY_CLI_PARAMETER_TABLE_H_
#define ASSAY_CLI_PARAMETER_TABLE_H_

#include <stddef.h>

#include "config/error.h"
#include "golden/certificate.h"
#include "golden/network.h"

/** A table that was read. Free with assay_parameter_table_free. */
struct assay_parameter_table {
  size_t layer_count;         ///< as in the network
  struct assay_side **sides;  ///< [layer_count]: [out_c] for a convolution of the table, else NULL
};

/**
 * Reads a table; format: config/README.md, "Hardware parameters".
 * @param network  the layers that the table may name
 * @param table    untouched on failure
 * @return         false with *error set, `file:line:column: wrong, expected`
 */
bool assay_parameter_table_read(const char *path, const struct assay_network *network,
                                struct assay_parameter_table *table, struct assay_error *error);
/** A zeroed table is allowed. */
void assay_parameter_table_free(struct assay_parameter_table *table);

#endif  // ASSAY_CLI_PARAMETER_TABLE_H_
