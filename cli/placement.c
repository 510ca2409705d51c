/* Placement and routing of a synthesized engine with nextpnr-ice40. No twin. */
#include "cli/placement.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/process.h"

enum { kPath = ASSAY_OUTDIR_PATH + 128, kLine = 1024 };

// The placer aims at this frequency, above what an engine reaches: a lower aim is met early.
static const char kAim[] = "100";

static void path_of(const struct assay_outdir *outdir, const char *name, const char *ending,
                    char path[kPath]) {
  snprintf(path, kPath, "%s/%s%s", outdir->temporary, name, ending);
}

bool assay_place_version(const struct assay_outdir *outdir, char *version, size_t size,
                         struct assay_error *error) {
  struct assay_command command = {.folder = outdir->temporary};
  char path[kPath];
  path_of(outdir, "nextpnr", ".version", path);
  assay_command_add(&command, "nextpnr-ice40", "");
  assay_command_add(&command, "--version", "");
  const int code = assay_command_wait(assay_command_start(&command, path));
  assay_command_free(&command);
  FILE *file = code == 0 ? fopen(path, "r") : NULL;
  const bool ok = file != NULL && fgets(version, (int)size, file) != NULL;
  if (file != NULL) fclose(file);
  if (!ok) {
    return assay_error_set(
        error, ASSAY_EXIT_RESOURCE,
        "assay synth: nextpnr-ice40 does not run, expected Debian's package nextpnr-ice40");
  }
  version[strcspn(version, "\n")] = '\0';
  return true;
}

/** What the log says; `text` receives nextpnr's complaint, if there is one. */
static void read_log(FILE *file, struct assay_placement *placement, char text[kLine]) {
  char line[kLine];
  while (fgets(line, sizeof line, file) != NULL) {
    const char *cells = strstr(line, "ICESTORM_LC:");
    const char *clock = strstr(line, "Max frequency for clock ");
    double mhz = 0;
    int64_t used = 0, room = 0;
    if (cells != NULL && sscanf(cells, "ICESTORM_LC: %" SCNd64 "/ %" SCNd64, &used, &room) == 2) {
      placement->cells = used;
      placement->room = room;
    }
    // Told after placing and again after routing: the last one counts.
    if (clock != NULL) clock = strstr(clock, "': ");
    if (clock != NULL && sscanf(clock, "': %lf MHz", &mhz) == 1) placement->mhz = mhz;
    if (strstr(line, "ERROR:") != NULL) memcpy(text, line, sizeof line);
  }
  text[strcspn(text, "\n")] = '\0';
}

bool assay_place(const struct assay_outdir *outdir, const struct assay_device *device,
                 const char *name, int64_t seed, struct assay_placement *placement,
                 struct assay_error *error) {
  struct assay_command command = {.folder = outdir->temporary};
  char path[kPath], netlist[kPath], number[24], text[kLine] = "it failed without a message";
  const char *const arguments[] = {"nextpnr-ice40",
                                   device->option,
                                   "--package",
                                   device->package,
                                   "--json",
                                   netlist,
                                   "--seed",
                                   number,
                                   "--freq",
                                   kAim,
                                   "--timing-allow-fail"};
  snprintf(netlist, sizeof netlist, "%s.json", name);
  snprintf(number, sizeof number, "%" PRId64, seed);
  path_of(outdir, name, ".pnr", path);
  for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; ++i) {
    assay_command_add(&command, arguments[i], "");
  }
  const int code = assay_command_wait(assay_command_start(&command, path));
  assay_command_free(&command);
  *placement = (struct assay_placement){0};
  FILE *file = fopen(path, "r");
  if (file != NULL) read_log(file, placement, text);
  if (file != NULL) fclose(file);
  if (code == 0 && placement->mhz > 0) return true;
  placement->mhz = 0;
  if (placement->cells > placement->room) return true;  // it does not fit: a result
  return assay_error_set(error, ASSAY_EXIT_RESOURCE, "assay synth: %s: nextpnr-ice40: %.600s", name,
                         text);
}
