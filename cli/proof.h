/* The certificate of a sign-off: contract against integer parameters, written and checked. No twin.
 */
#ifndef ASSAY_CLI_PROOF_H_
#define ASSAY_CLI_PROOF_H_

#include "cli/certificate_file.h"
#include "cli/lowering.h"
#include "cli/outdir.h"
#include "cli/source.h"
#include "config/error.h"

/**
 * Writes certificate.json into the folder, then has the independent checker re-verify the file.
 * @return false with *error set when that could not be done; statements that the checker rejects
 * are counted in *summary
 */
bool assay_proof_write(const struct assay_outdir *outdir, struct assay_source *source,
                       const struct assay_lowering *lowering,
                       struct assay_certificate_summary *summary, struct assay_error *error);

#endif  // ASSAY_CLI_PROOF_H_
