/* Synthesis of an engine with Yosys: scripts, runs side by side, counts of cells. No twin. */
#include "cli/synthesis.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "cli/process.h"
#include "config/engine.h"

enum { kPath = ASSAY_OUTDIR_PATH + 128, kLine = 1024, kFile = 96 };

// Modules are mapped one by one: a module that occurs eight times is mapped once, which keeps the
// largest engine to a few minutes. What that leaves unused is a few percent of LUTs.
// What is placed is flattened: every cell counts.
static const char engine[] = "assay_engine";
static const struct assay_device hx8k = {"--hx8k", "ct256", "iCE40 HX8K, package CT256"};
static const struct assay_family families[] = {
    {"xcup", "Xilinx UltraScale+", "synth_xilinx -family xcup -noiopad", "36 kbit", engine, NULL},
    {"ecp5", "Lattice ECP5", "synth_ecp5 -noflatten", "18 kbit", engine, NULL},
    {"ice40", "Lattice iCE40 UltraPlus", "synth_ice40 -noflatten -dsp", "4 kbit", engine, NULL},
    {"hx8k", "Lattice iCE40 HX8K", "synth_ice40 -abc9 -device hx", "4 kbit", "assay_pins", &hx8k},
};

const struct assay_family *assay_family(size_t index) {
  return index < sizeof families / sizeof families[0] ? &families[index] : NULL;
}

// Cells //

/** What one cell takes; names that end in * are beginnings. */
struct cell_rule {
  const char *name;
  int lut, lut_ram, ff, dsp;
  double bram;
};

// LUTs of a memory cell: UG574 (UltraScale CLB), FPGA-TN-02204 (ECP5, with the slice that writes).
// Carries and wide multiplexers lie beside the LUTs of their slice; an ECP5 carry takes both LUTs.
static const struct cell_rule rules[] = {
    {"LUT*", 1, 0, 0, 0, 0},
    {"RAM32M16", 0, 8, 0, 0, 0},
    {"RAM64M8", 0, 8, 0, 0, 0},
    {"RAM32M", 0, 4, 0, 0, 0},
    {"RAM64M", 0, 4, 0, 0, 0},
    {"RAM32X1D", 0, 2, 0, 0, 0},
    {"RAM64X1D", 0, 2, 0, 0, 0},
    {"RAM128X1D", 0, 4, 0, 0, 0},
    {"RAM256X1D", 0, 8, 0, 0, 0},
    {"SRL*", 0, 1, 0, 0, 0},
    {"FD*", 0, 0, 1, 0, 0},
    {"DSP48E2", 0, 0, 0, 1, 0},
    {"RAMB36E2", 0, 0, 0, 0, 1},
    {"RAMB18E2", 0, 0, 0, 0, 0.5},
    {"CARRY*", 0, 0, 0, 0, 0},
    {"MUXF*", 0, 0, 0, 0, 0},
    {"INV", 0, 0, 0, 0, 0},
    {"BUFG", 0, 0, 0, 0, 0},
    {"CCU2C", 2, 0, 0, 0, 0},
    {"PFUMX", 0, 0, 0, 0, 0},
    {"L6MUX21", 0, 0, 0, 0, 0},
    {"TRELLIS_FF", 0, 0, 1, 0, 0},
    {"TRELLIS_DPR16X4", 0, 6, 0, 0, 0},
    {"MULT18X18D", 0, 0, 0, 1, 0},
    {"DP16KD", 0, 0, 0, 0, 1},
    {"PDPW16KD", 0, 0, 0, 0, 1},
    {"SB_LUT4", 1, 0, 0, 0, 0},
    {"SB_DFF*", 0, 0, 1, 0, 0},
    {"SB_MAC16", 0, 0, 0, 1, 0},
    {"SB_RAM40_4K*", 0, 0, 0, 0, 1},
    {"SB_CARRY", 0, 0, 0, 0, 0},
};

static bool matches(const char *pattern, const char *name) {
  const size_t length = strlen(pattern);
  if (pattern[length - 1] == '*') return strncmp(pattern, name, length - 1) == 0;
  return strcmp(pattern, name) == 0;
}

static const struct cell_rule *find_rule(const char *name) {
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; ++i) {
    if (matches(rules[i].name, name)) return &rules[i];
  }
  return NULL;
}

static bool add_cell(struct assay_synthesis *s, const char *name, int64_t count,
                     struct assay_error *error) {
  const struct cell_rule *rule = find_rule(name);
  if (rule == NULL || s->cell_count == ASSAY_SYNTH_CELLS) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE,
                           "assay synth: %s.%s: Yosys made cells %s, whose size is not known here",
                           s->engine->name, s->family->name, name);
  }
  struct assay_cell *cell = &s->cells[s->cell_count++];
  snprintf(cell->name, sizeof cell->name, "%s", name);
  cell->count = count;
  s->area.lut += rule->lut * count;
  s->area.lut_ram += rule->lut_ram * count;
  s->area.ff += rule->ff * count;
  s->area.dsp += rule->dsp * count;
  s->area.bram += rule->bram * (double)count;
  return true;
}

/** The last table of Yosys's statistics: the whole design, or its only module. */
static bool read_cells(struct assay_synthesis *s, FILE *file, struct assay_error *error) {
  char line[kLine], name[ASSAY_SYNTH_NAME];
  int64_t count;
  bool inside = false;
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "===", 3) == 0) {
      s->cell_count = 0;
      s->area = (struct assay_area){0};
      inside = false;
    } else if (strstr(line, "Number of cells:") != NULL) {
      inside = true;
    } else if (inside && sscanf(line, " %63s %" SCNd64, name, &count) == 2 && name[0] != '$') {
      // A module's own table counts the modules inside it as well; the last one does not.
      if (strncmp(name, "assay_", 6) == 0) continue;
      if (!add_cell(s, name, count, error)) return false;
    }
  }
  return s->cell_count > 0 ||
         assay_error_set(error, ASSAY_EXIT_RESOURCE, "assay synth: %s.%s: Yosys counted no cell",
                         s->engine->name, s->family->name);
}

// Files //

static void file_name(const struct assay_synthesis *s, const char *ending, char name[kFile]) {
  snprintf(name, kFile, "%s.%s.%s", s->engine->name, s->family->name, ending);
}

static void path_of(const struct assay_outdir *outdir, const char *name, char path[kPath]) {
  snprintf(path, kPath, "%s/%s", outdir->temporary, name);
}

static bool print_sources(FILE *script, struct assay_error *error) {
  char line[kLine];
  FILE *list = fopen(ASSAY_SOURCE_DIR "/rtl/files.f", "r");
  if (list == NULL) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE, "%s/rtl/files.f: cannot be read",
                           ASSAY_SOURCE_DIR);
  }
  while (fgets(line, sizeof line, list) != NULL) {
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] != '\0') {
      fprintf(script, "read_verilog -sv \"%s/rtl/%s\"\n", ASSAY_SOURCE_DIR, line);
    }
  }
  fclose(list);
  fprintf(script, "read_verilog -sv \"%s/rtl/fpga/assay_pins.sv\"\n", ASSAY_SOURCE_DIR);
  return true;
}

static bool write_script(const struct assay_outdir *outdir, const struct assay_synthesis *s,
                         bool netlist, struct assay_error *error) {
  struct assay_parameter parameter;
  char name[kFile], other[kFile];
  file_name(s, "ys", name);
  FILE *script = assay_outdir_open(outdir, name, error);
  if (script == NULL || !print_sources(script, error)) return false;
  for (size_t i = 0; assay_engine_parameter(s->engine, i, &parameter); ++i) {
    fprintf(script, "chparam -set %s %" PRId32 " assay_engine\n", parameter.name, parameter.value);
  }
  fprintf(script, "chparam -set Channels %" PRId32 " assay_pins\n", s->engine->channels);
  file_name(s, "stat", other);
  fprintf(script, "%s -top %s\ntee -o %s stat\n", s->family->command, s->family->top, other);
  file_name(s, "json", other);
  if (netlist || s->family->device != NULL) fprintf(script, "write_json %s\n", other);
  return assay_outdir_close(script, name, error);
}

static bool read_statistics(const struct assay_outdir *outdir, struct assay_synthesis *s,
                            struct assay_error *error) {
  char name[kFile], path[kPath];
  file_name(s, "stat", name);
  path_of(outdir, name, path);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE, "assay synth: %s: Yosys did not write it",
                           name);
  }
  const bool ok = read_cells(s, file, error);
  fclose(file);
  return ok;
}

/** The complaint of Yosys in a log. */
static bool report_log(const struct assay_outdir *outdir, const struct assay_synthesis *s,
                       struct assay_error *error) {
  char name[kFile], path[kPath], line[kLine], text[kLine] = "it failed without a message";
  file_name(s, "log", name);
  path_of(outdir, name, path);
  FILE *file = fopen(path, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strstr(line, "ERROR:") != NULL) memcpy(text, line, sizeof text);
  }
  if (file != NULL) fclose(file);
  text[strcspn(text, "\n")] = '\0';
  return assay_error_set(error, ASSAY_EXIT_RESOURCE, "assay synth: %s on %s: Yosys: %.600s",
                         s->engine->name, s->family->name, text);
}

// Runs //

static pid_t start_yosys(const struct assay_outdir *outdir, const char *first, const char *second,
                         const char *log) {
  struct assay_command command = {.folder = outdir->temporary};
  char path[kPath];
  path_of(outdir, log, path);
  assay_command_add(&command, "yosys", "");
  assay_command_add(&command, first, "");
  if (second != NULL) assay_command_add(&command, second, "");
  if (second != NULL) assay_command_add(&command, "-Q", "");
  const pid_t process = assay_command_start(&command, path);
  assay_command_free(&command);
  return process;
}

bool assay_synth_version(const struct assay_outdir *outdir, char *version, size_t size,
                         struct assay_error *error) {
  char path[kPath];
  path_of(outdir, "yosys.version", path);
  const int code = assay_command_wait(start_yosys(outdir, "-V", NULL, "yosys.version"));
  FILE *file = code == 0 ? fopen(path, "r") : NULL;
  const bool ok = file != NULL && fgets(version, (int)size, file) != NULL;
  if (file != NULL) fclose(file);
  if (!ok) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE,
                           "assay synth: yosys does not run, expected Debian's package yosys");
  }
  version[strcspn(version, "\n")] = '\0';
  return true;
}

/** A synthesis under way. */
struct run {
  pid_t process;
  time_t began;
};

static struct run start_run(const struct assay_outdir *outdir, const struct assay_synthesis *s) {
  char script[kFile], log[kFile];
  file_name(s, "ys", script);
  file_name(s, "log", log);
  fprintf(stderr, "assay synth: %s on %s begins\n", s->engine->name, s->family->title);
  return (struct run){start_yosys(outdir, "-s", script, log), time(NULL)};
}

/** Places what has been synthesized, if its family has a device. */
static bool place(const struct assay_outdir *outdir, int64_t seed, struct assay_synthesis *s,
                  struct assay_error *error) {
  char name[kFile];
  if (s->family->device == NULL) return true;
  file_name(s, "json", name);
  name[strlen(name) - strlen(".json")] = '\0';
  fprintf(stderr, "assay synth: %s is placed on %s\n", s->engine->name, s->family->device->title);
  return assay_place(outdir, s->family->device, name, seed, &s->placement, error);
}

static bool end_run(const struct assay_outdir *outdir, const struct run *run, int status,
                    struct assay_synthesis *s, struct assay_error *error) {
  if (assay_command_code(status) != 0) return report_log(outdir, s, error);
  fprintf(stderr, "assay synth: %s on %s took %.0f s\n", s->engine->name, s->family->title,
          difftime(time(NULL), run->began));
  return read_statistics(outdir, s, error);
}

/** Waits for any run. @return its index, or `count` when none is left */
static size_t wait_any(const struct run *runs, size_t count, int *status) {
  pid_t process;
  do {
    process = waitpid(-1, status, 0);
  } while (process < 0 && errno == EINTR);
  for (size_t i = 0; process > 0 && i < count; ++i) {
    if (runs[i].process == process) return i;
  }
  return count;
}

bool assay_synthesize_engines(const struct assay_outdir *outdir, int64_t jobs, bool netlist,
                              int64_t seed, struct assay_synthesis *list, size_t count,
                              struct assay_error *error) {
  struct run *runs = calloc(count, sizeof *runs);
  size_t begun = 0, ended = 0;
  bool ok = runs != NULL || assay_error_memory(error);
  for (size_t i = 0; ok && i < count; ++i) ok = write_script(outdir, &list[i], netlist, error);
  // After a failure no further run begins, but those under way are waited for.
  while (runs != NULL && ended < (ok ? count : begun)) {
    int status = 0;
    if (ok && begun < count && begun - ended < (size_t)jobs) {
      runs[begun] = start_run(outdir, &list[begun]);
      if (runs[begun].process < 0)
        ok = report_log(outdir, &list[begun], error);
      else
        ++begun;
      continue;
    }
    const size_t i = wait_any(runs, begun, &status);
    if (i == begun) break;
    ok = end_run(outdir, &runs[i], status, &list[i], error) && ok;
    ok = ok && place(outdir, seed, &list[i], error);
    ++ended;
  }
  free(runs);
  return ok;
}
