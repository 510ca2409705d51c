/* What recordings of real libraries say about a network's channels. No twin. */
#ifndef ASSAY_CLI_RECORDS_H_
#define ASSAY_CLI_RECORDS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/lowering.h"
#include "cli/source.h"
#include "config/error.h"

/**
 * A record (vectors/reference/README.md) holds a library's output for every accumulator of a band.
 * A channel is covered when a record of its contract has these very scales and bias over all
 * accumulators that the channel can reach.
 */
struct assay_recorded {
  char libraries[160];   ///< of the records that cover channels, e.g. "PyTorch 2.13.0+cpu"
  size_t records;        ///< records of the contract that cover at least one channel
  int64_t channels;      ///< of the network
  int64_t covered;       ///< channels that at least one record covers
  int64_t accumulators;  ///< compared, over all records
  int64_t differing;     ///< of those, with another output than the contract's
  char first[160];       ///< the first difference, or ""
};

/** Where the project's own records are. */
#define ASSAY_DEFAULT_RECORDS ASSAY_SOURCE_DIR "/vectors/reference/records"

/**
 * Compares the source's contract with all records FOLDER/name.json.
 * @return false with *error set when a record cannot be read; that there is none is no error
 */
bool assay_records_compare(const char *folder, const struct assay_source *source,
                           const struct assay_lowering *lowering, struct assay_recorded *recorded,
                           struct assay_error *error);

#endif  // ASSAY_CLI_RECORDS_H_
