/* Synthesis of an engine with Yosys: scripts, runs side by side, counts of cells. No twin. */
#ifndef ASSAY_CLI_SYNTHESIS_H_
#define ASSAY_CLI_SYNTHESIS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/outdir.h"
#include "cli/placement.h"
#include "config/error.h"
#include "golden/engine.h"

enum { ASSAY_SYNTH_CELLS = 64, ASSAY_SYNTH_NAME = 64 };

/** A family of devices that Yosys maps to. */
struct assay_family {
  const char *name;                   ///< as the user says it, e.g. "xcup"
  const char *title;                  ///< e.g. "Xilinx UltraScale+"
  const char *command;                ///< of Yosys, without -top
  const char *bram;                   ///< what one block memory is
  const char *top;                    ///< module that is synthesized
  const struct assay_device *device;  ///< placed and routed on it; NULL: not placed
};

/** The families, in turn from index 0; NULL beyond the last. */
const struct assay_family *assay_family(size_t index);

/** Cells of one kind in a netlist. */
struct assay_cell {
  char name[ASSAY_SYNTH_NAME];
  int64_t count;
};

/** What a netlist takes on a device. */
struct assay_area {
  int64_t lut;      ///< LUTs that compute
  int64_t lut_ram;  ///< LUTs that are memory or shift registers
  int64_t ff;       ///< flip-flops
  int64_t dsp;      ///< multiplier blocks
  double bram;      ///< block memories, in the family's unit
};

/** One engine on one family. */
struct assay_synthesis {
  const struct assay_engine_config *engine;  ///< borrowed
  const struct assay_family *family;
  size_t cell_count;
  struct assay_cell cells[ASSAY_SYNTH_CELLS];  ///< every cell of the netlist, as Yosys lists them
  struct assay_area area;
  struct assay_placement placement;  ///< where the family has a device
};

/** Version of the installed Yosys, one line. @return false with *error set: it does not run */
bool assay_synth_version(const struct assay_outdir *outdir, char *version, size_t size,
                         struct assay_error *error);

/**
 * Synthesizes rtl/assay_engine.sv for every entry. Writes ENGINE.FAMILY.ys (what Yosys ran; run it
 * in the folder to repeat it), .log and .stat (cells of every module) into the folder, and with
 * `netlist` ENGINE.FAMILY.json, Yosys's own format. A family with a device is placed and routed as
 * well: always the netlist, and ENGINE.FAMILY.pnr. Says on standard error what is done.
 * @param jobs     processes at a time, 1 or more
 * @param seed     of the placer
 * @param list     engine and family given; receives cells and area
 * @return         false with *error set: Yosys failed, or made a cell that is not known here
 */
bool assay_synthesize_engines(const struct assay_outdir *outdir, int64_t jobs, bool netlist,
                              int64_t seed, struct assay_synthesis *list, size_t count,
                              struct assay_error *error);

#endif  // ASSAY_CLI_SYNTHESIS_H_
