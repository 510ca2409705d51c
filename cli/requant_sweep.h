/* A user's own requantizer module, Verilated at run time and swept. No twin. */
#ifndef ASSAY_CLI_REQUANT_SWEEP_H_
#define ASSAY_CLI_REQUANT_SWEEP_H_

#include <stddef.h>
#include <stdint.h>

#include "config/error.h"
#include "golden/bounds.h"

/** What the module is. Texts are borrowed; NULL: there is none. */
struct assay_sweep_module {
  const char *const *files;  ///< [file_count] SystemVerilog or Verilog
  size_t file_count;
  const char *top;                   ///< module name
  const char *acc, *y;               ///< port names
  const char *clock, *reset;         ///< ports; no clock: combinational
  bool reset_low;                    ///< reset is active at 0
  const char *in_valid, *out_valid;  ///< ports; both or none
  int64_t latency;                   ///< rising edges from acc to y, where there is no out_valid
  const char *set;                   ///< "NAME=INT,..." constants on further input ports
  const char *parameters;            ///< "NAME=INT,..." module parameters
  bool is_signed;                    ///< y is two's complement
};

/** Outputs of accumulators first..last: all y. */
struct assay_sweep_run {
  int64_t first, last, y;
};

/**
 * Builds the module in a temporary folder and runs it over intervals. The clock of a clocked module
 * ticks at least once an accumulator; with valid ports a quarter of the cycles is a gap.
 * @param intervals  [count], each inside int32
 * @param receive    called for every run, in the order of the intervals
 * @return           false with *error set: ASSAY_EXIT_BAD_INPUT for a module that Verilator refuses
 *                   or whose ports do not fit, ASSAY_EXIT_RESOURCE when a tool fails
 */
bool assay_requant_sweep(const struct assay_sweep_module *module,
                         const struct assay_interval *intervals, size_t count,
                         void (*receive)(void *user, const struct assay_sweep_run *run), void *user,
                         struct assay_error *error);

#endif  // ASSAY_CLI_REQUANT_SWEEP_H_
