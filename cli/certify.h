/* What the parts of assay certify share. No twin. */
#ifndef ASSAY_CLI_CERTIFY_H_
#define ASSAY_CLI_CERTIFY_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/source.h"
#include "golden/certificate.h"

/** Options of the verb. */
struct assay_certify_options {
  struct assay_source_options source;
  int requantizer;            ///< enum assay_lower_policy
  int64_t multiplier_bits;    ///< 0: the engine's
  const char *with, *params;  ///< the other side; NULL: the lowered parameters
  const char *output;         ///< certificate file; NULL: none
  const char *check;          ///< certificate file to check; NULL: make one
  int64_t list;               ///< intervals printed a channel
  bool witness, qdq;
};

/** Counts over all channels. */
struct assay_certify_totals {
  int64_t channels, equal, differing, undecided;
  int64_t accumulators;  ///< on which differing channels differ
};

/** Prints one channel with its first differences, and whether they are reachable. */
void assay_certify_print(const struct assay_certify_options *options, const struct assay_conv *conv,
                         int32_t oc, const struct assay_certificate *certificate,
                         const struct assay_difference *differences);

/** The Q/DQ float model against the contract, for the actual input. @return exit code */
int assay_certify_qdq(const struct assay_source_options *options);

#endif  // ASSAY_CLI_CERTIFY_H_
