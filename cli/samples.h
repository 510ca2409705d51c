/* Observations of a device: accumulators and outputs, from .npy or text. No twin. */
#ifndef ASSAY_CLI_SAMPLES_H_
#define ASSAY_CLI_SAMPLES_H_

#include <stddef.h>

#include "config/error.h"
#include "golden/identify.h"

/** Samples in the order of the file. Free with assay_samples_free. */
struct assay_samples {
  size_t count;  ///< >= 1
  struct assay_sample *list;
  size_t *line;  ///< [count] line of a text file; of .npy: the sample's number from 1
};

/**
 * Reads a file: `.npy` of integers [n][2], or text with one `accumulator output` a line; a comma
 * may stand between them, `#` starts a comment.
 * @param q_low    least output; the greatest is q_low + 255
 * @param samples  untouched on failure
 */
bool assay_samples_read(const char *path, int32_t q_low, struct assay_samples *samples,
                        struct assay_error *error);
/** A zeroed value is allowed. */
void assay_samples_free(struct assay_samples *samples);

/** Least and greatest accumulator that was sampled. */
struct assay_interval assay_samples_range(const struct assay_samples *samples);

/**
 * Whether no accumulator gave two outputs, and with `monotone` whether no output decreases.
 * @param pair  indices of two samples that contradict it, filled on false
 */
bool assay_samples_consistent(const struct assay_samples *samples, bool monotone, size_t pair[2],
                              struct assay_error *error);

#endif  // ASSAY_CLI_SAMPLES_H_
