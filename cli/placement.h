/* Placement and routing of a synthesized engine with nextpnr-ice40. No twin. */
#ifndef ASSAY_CLI_PLACEMENT_H_
#define ASSAY_CLI_PLACEMENT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/outdir.h"
#include "config/error.h"

/** A device that is placed, as nextpnr-ice40 calls it. */
struct assay_device {
  const char *option;   ///< e.g. "--hx8k"
  const char *package;  ///< e.g. "ct256"
  const char *title;    ///< e.g. "iCE40 HX8K, package CT256"
};

/** What came out. */
struct assay_placement {
  int64_t cells;  ///< logic cells that the netlist takes
  int64_t room;   ///< logic cells of the device
  double mhz;     ///< fmax after routing, of the slowest clock; 0: the netlist does not fit
};

/** Version of the installed nextpnr-ice40, one line. @return false with *error set: it does not
 * run */
bool assay_place_version(const struct assay_outdir *outdir, char *version, size_t size,
                         struct assay_error *error);

/**
 * Places and routes netlist NAME.json of the folder; writes NAME.pnr, what nextpnr said.
 * @param name  file name without its ending
 * @param seed  of the placer; the same seed gives the same result
 * @return false with *error set: nextpnr failed other than by the size of the netlist
 */
bool assay_place(const struct assay_outdir *outdir, const struct assay_device *device,
                 const char *name, int64_t seed, struct assay_placement *placement,
                 struct assay_error *error);

#endif  // ASSAY_CLI_PLACEMENT_H_
