/* Co-simulations of a whole network: one for each stall setting and initial state. No twin. */
#ifndef ASSAY_CLI_COSIMULATE_H_
#define ASSAY_CLI_COSIMULATE_H_

#include <stddef.h>
#include <stdint.h>

#include "cli/jobs.h"
#include "cli/options.h"
#include "sim/cosim.h"

/** Which co-simulations to run. */
struct assay_cosimulate_options {
  int64_t seed;                      ///< >= 0
  struct assay_integer_list stalls;  ///< chance of a stall on every port and cycle, %
  int64_t last_state;                ///< random initial states of the registers: 1 to this one
  bool single_state;                 ///< only last_state
  const char *trace;                 ///< FST file of the first co-simulation, or NULL
  bool progress;                     ///< one line each on standard error, if it is a terminal
  const char *replay;                ///< command that `--stalls P --state N` completes
};

/** One co-simulation of the whole network. */
struct assay_cosimulation {
  int32_t stall;
  int32_t state;
  struct assay_cosim_result *results;  ///< [images][layers], owned; of a layer in parts their sum
};

/** What a set of co-simulations gave. Free with assay_cosimulations_free. */
struct assay_cosimulations {
  size_t count;
  struct assay_cosimulation *runs;
  size_t layer_count;
  int32_t images;
  char *failures;       ///< text of the first failures, "" if there are none
  uint64_t mismatches;  ///< failures of any kind, over all runs
  uint64_t compared;    ///< values, over all runs and stages
};

/**
 * Runs them all. A failing co-simulation is described, and the rest still runs.
 * @return false with *error set when a simulation could not take place
 */
bool assay_cosimulate(const struct assay_jobs *jobs, const struct assay_cosimulate_options *options,
                      struct assay_cosimulations *result, struct assay_error *error);
/** A zeroed value is allowed. */
void assay_cosimulations_free(struct assay_cosimulations *result);

/** Whether every stage of every layer of every run compared exactly its count, none of them 0. */
bool assay_cosimulations_pass(const struct assay_cosimulations *result);

#endif  // ASSAY_CLI_COSIMULATE_H_
