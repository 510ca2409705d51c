/* Words of certificate files that the writer and the reader share. No twin. */
#ifndef ASSAY_CLI_CERTIFICATE_NAMES_H_
#define ASSAY_CLI_CERTIFICATE_NAMES_H_

/** By value of enum assay_claim. */
static const char *const assay_claim_names[] = {"equal", "differs", "undecided", NULL};
/** By value of enum assay_side_form. */
static const char *const assay_side_forms[] = {"scales",     "integers",  "affine",
                                               "thresholds", "corrected", NULL};
/** By value of enum assay_dtype. */
static const char *const assay_certificate_dtypes[] = {"quint8", "qint8", NULL};

#endif  // ASSAY_CLI_CERTIFICATE_NAMES_H_
