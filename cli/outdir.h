/* Output folders that appear whole or not at all. No twin. */
#ifndef ASSAY_CLI_OUTDIR_H_
#define ASSAY_CLI_OUTDIR_H_

#include <stdio.h>

#include "config/error.h"

enum { ASSAY_OUTDIR_PATH = 4096 };

/** A folder being written under a temporary name beside its final one. */
struct assay_outdir {
  char path[ASSAY_OUTDIR_PATH];       ///< final name
  char temporary[ASSAY_OUTDIR_PATH];  ///< where files go until the end
  const char *marker;                 ///< file that shows that a folder is an earlier output
};

/**
 * Starts a folder; parents are made. A folder that is already there is accepted only if it is empty
 * or an earlier output, because it will be replaced.
 * @param marker  name of a file that every output of this verb has, e.g. "report.json"; borrowed
 * @return        false with *error set, nothing made
 */
bool assay_outdir_begin(const char *path, const char *marker, struct assay_outdir *outdir,
                        struct assay_error *error);

/** Opens a new file in the folder. NULL with *error set. Close with assay_outdir_close. */
FILE *assay_outdir_open(const struct assay_outdir *outdir, const char *name,
                        struct assay_error *error);
/** Closes it. @return false with *error set when anything was not written */
bool assay_outdir_close(FILE *file, const char *name, struct assay_error *error);

/** Gives the folder its final name, in place of an earlier output. @return false with *error set */
bool assay_outdir_commit(struct assay_outdir *outdir, struct assay_error *error);
/** Removes what was written so far. */
void assay_outdir_abandon(struct assay_outdir *outdir);

#endif  // ASSAY_CLI_OUTDIR_H_
