/* Certificate files: written as JSON, and re-verified from the file and the bundle. No twin. */
#ifndef ASSAY_CLI_CERTIFICATE_FILE_H_
#define ASSAY_CLI_CERTIFICATE_FILE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/json.h"
#include "config/error.h"
#include "golden/certificate.h"
#include "golden/network.h"
#include "vectors/bundle.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The file:
 *
 *   format        1
 *   network       name in the bundle
 *   image         [rows, columns]: the size for which the interval was computed
 *   layers        list of
 *     name          layer
 *     weights       SHA-256 of its int8 weights in the order oc, ky, kx, ic
 *     channels      list of
 *       channel       index oc
 *       range         [least, greatest] reachable accumulator
 *       a, b          sides: `name` and the parameters of that contract or requantizer; a float32
 *                     bias is text in C's hexadecimal form
 *       claim         equal, differs or undecided
 *       thresholds_a  255 thresholds as text, `*` always reached, `-` never; null when the side is
 *                     not known to be monotone
 *       thresholds_b  likewise, or "a": as thresholds_a
 *       count         accumulators that differ
 *       differences   list of [first, last, output of a, output of b]
 */

/** Starts a file. *json belongs to the caller: {.file = FILE}. */
void assay_certificate_file_begin(struct assay_json *json, const struct assay_network *network);
/** Starts a layer. @return false with *error set when the hash fails */
bool assay_certificate_file_layer(struct assay_json *json, const struct assay_layer *layer,
                                  struct assay_error *error);
/** One channel; differences as assay_certify found them, all of them. */
void assay_certificate_file_channel(struct assay_json *json, int32_t oc,
                                    const struct assay_certificate *certificate,
                                    const struct assay_difference *differences, size_t count);
void assay_certificate_file_layer_end(struct assay_json *json);
void assay_certificate_file_end(struct assay_json *json);

/** What a check of a file found. */
struct assay_certificate_summary {
  size_t channels;                 ///< in the file
  size_t equal;                    ///< accepted, proved equal
  size_t differing;                ///< accepted, differ as stated
  size_t undecided;                ///< stated as undecided: nothing was checked
  size_t rejected;                 ///< statements that are not true or could not be checked
  size_t trusting;                 ///< accepted with a contract function of the library (see
                                   ///< assay_check_trusted), by visiting every accumulator
  int64_t differing_accumulators;  ///< of all accepted channels
  char first_rejection[320];       ///< "layer conv1 channel 3: reason"; empty if none
};

/**
 * Checks every statement of a file with cli/check_certificate.h.
 * @param bundle  the network that the certificate is about; it is resized to the file's image
 * @return        false with *error set when the file cannot be read as a certificate, or is about
 *                another network or other weights. A statement that is not true is counted, not an
 *                error.
 */
bool assay_certificate_file_check(const char *path, struct assay_bundle *bundle,
                                  struct assay_certificate_summary *summary,
                                  struct assay_error *error);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CLI_CERTIFICATE_FILE_H_
