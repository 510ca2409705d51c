/* assay synth: area of an engine on FPGAs, by Yosys, and frequency, by nextpnr. No twin. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/source.h"
#include "cli/synth_report.h"
#include "cli/verbs.h"

enum { kEngines = 16, kFamilies = 8, kNames = 1024 };

static const char examples[] =
    "  assay synth\n"
    "      the default engine on every family, in out/synth\n"
    "  assay synth --engine 4x4,8x8 --family xcup\n"
    "      two engines beside each other on Xilinx UltraScale+\n"
    "  assay synth --engine mine.yaml --family ice40 --netlist -o out/mine\n"
    "      a configuration of your own, with its netlist for a place-and-route tool\n"
    "  assay synth --engine 2x2 --family hx8k\n"
    "      the least engine, placed and routed: its frequency\n";

static const char details[] =
    "Families: xcup (Xilinx UltraScale+), ecp5 (Lattice ECP5), ice40 (Lattice iCE40 UltraPlus),\n"
    "hx8k (Lattice iCE40 HX8K in package CT256, placed and routed by nextpnr-ice40).\n"
    "LUT: LUTs that compute, of 6, 4 and 4 inputs. LUT RAM: LUTs that are memory or shift\n"
    "registers. FF: flip-flops. DSP: multiplier blocks (DSP48E2, MULT18X18D, SB_MAC16). BRAM: "
    "block\n"
    "memories of 36, 18 and 4 kbit; a half one of 36 kbit counts 0.5. These are counts of mapped\n"
    "cells, before placement; modules are mapped one by one, without what only a view across them\n"
    "would save, and with the observer's taps. An engine of 64 multipliers takes one to two "
    "minutes\n"
    "a family.\n\n"
    "hx8k gives the whole engine's fmax after routing, by nextpnr's timing of that device: "
    "flattened,\n"
    "without taps, behind rtl/fpga/assay_pins.sv, which has a register at every port and counts.\n"
    "Three to six minutes; one seed is one sample, others differ by some percent.\n\n"
    "The folder gets synth.json with every cell, and for each engine and family the script that\n"
    "Yosys ran (run it there to repeat it), its log and the cells of every module; for hx8k what\n"
    "nextpnr said, in ENGINE.hx8k.pnr, with the critical path.";

struct synth_options {
  const char *engines, *families, *output;
  int64_t jobs, seed;
  bool netlist;
};

/** What the options name. */
struct choice {
  size_t engine_count, family_count;
  struct assay_engine_config engines[kEngines];
  const struct assay_family *families[kFamilies];
};

/** Calls take(item) for every item of "A,B,..". */
static bool for_each(const char *option, const char *list,
                     bool (*take)(struct choice *, const char *, struct assay_error *),
                     struct choice *choice, struct assay_error *error) {
  char names[kNames];
  char *rest = NULL;
  if (list[0] == ',' || strlen(list) >= sizeof names) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay synth: --%s: expected names separated by commas", option);
  }
  memcpy(names, list, strlen(list) + 1);
  for (char *name = strtok_r(names, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
    if (!take(choice, name, error)) return false;
  }
  return true;
}

static bool take_engine(struct choice *choice, const char *name, struct assay_error *error) {
  const struct assay_source_options options = {.engine = name};
  if (choice->engine_count == kEngines) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay synth: --engine: expected at most %d names", kEngines);
  }
  struct assay_engine_config *engine = &choice->engines[choice->engine_count];
  if (!assay_source_engine(&options, engine, error)) return false;
  for (size_t i = 0; i < choice->engine_count; ++i) {
    if (strcmp(choice->engines[i].name, engine->name) == 0) {
      return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                             "assay synth: --engine: %s appears twice, expected once",
                             engine->name);
    }
  }
  choice->engine_count++;
  return true;
}

static bool take_family(struct choice *choice, const char *name, struct assay_error *error) {
  const struct assay_family *family = NULL;
  for (size_t i = 0; (family = assay_family(i)) != NULL; ++i) {
    if (strcmp(family->name, name) == 0) break;
  }
  if (family == NULL || choice->family_count == kFamilies) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay synth: --family: unknown family \"%s\", expected some of xcup, "
                           "ecp5, ice40, hx8k",
                           name);
  }
  choice->families[choice->family_count++] = family;
  return true;
}

/** Of Yosys; of nextpnr, or "" where nothing is placed. */
struct versions {
  char yosys[128], place[128];
};

static bool read_versions(const struct assay_outdir *outdir, const struct assay_synthesis *list,
                          size_t count, struct versions *versions, struct assay_error *error) {
  bool placed = false;
  for (size_t i = 0; i < count; ++i) placed = placed || list[i].family->device != NULL;
  return assay_synth_version(outdir, versions->yosys, sizeof versions->yosys, error) &&
         (!placed || assay_place_version(outdir, versions->place, sizeof versions->place, error));
}

/** The folder, from its begin to its commit. */
static bool write_folder(const struct assay_outdir *outdir, const struct synth_options *options,
                         struct assay_synthesis *list, size_t count, struct versions *versions,
                         struct assay_error *error) {
  if (!read_versions(outdir, list, count, versions, error) ||
      !assay_synthesize_engines(outdir, options->jobs, options->netlist, options->seed, list, count,
                                error)) {
    return false;
  }
  FILE *file = assay_outdir_open(outdir, "synth.json", error);
  if (file == NULL) return false;
  assay_synth_json(file, list, count, versions->yosys, versions->place, options->seed);
  return assay_outdir_close(file, "synth.json", error);
}

static bool synthesize(const struct synth_options *options, const struct choice *choice,
                       struct assay_error *error) {
  const size_t count = choice->engine_count * choice->family_count;  // 1 or more
  struct assay_synthesis *list = calloc(count + 1, sizeof *list);
  struct assay_outdir outdir;
  struct versions versions = {"", ""};
  if (list == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < count; ++i) {
    list[i].engine = &choice->engines[i / choice->family_count];
    list[i].family = choice->families[i % choice->family_count];
  }
  bool ok = assay_outdir_begin(options->output, "synth.json", &outdir, error);
  if (ok) {
    ok = write_folder(&outdir, options, list, count, &versions, error) &&
         assay_outdir_commit(&outdir, error);
    if (!ok) assay_outdir_abandon(&outdir);
  }
  if (ok) assay_synth_print(list, count, versions.yosys, versions.place, options->seed);
  free(list);
  return ok;
}

static int run_verb(const struct synth_options *options) {
  struct assay_error error = {0};
  struct choice choice = {0};
  const bool ok = for_each("engine", options->engines, take_engine, &choice, &error) &&
                  for_each("family", options->families, take_family, &choice, &error) &&
                  synthesize(options, &choice, &error);
  return ok ? ASSAY_EXIT_PASS : assay_report_error(&error);
}

int assay_verb_synth(int argc, char **argv) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  struct synth_options options = {.engines = ASSAY_DEFAULT_ENGINE,
                                  .families = "xcup,ecp5,ice40",
                                  .output = "out/synth",
                                  .jobs = processors > 0 ? processors : 1,
                                  .seed = 1};
  const struct assay_option table[] = {
      ASSAY_TEXT("engine", 0, "NAME,...", &options.engines, ASSAY_DEFAULT_ENGINE,
                 "hardware configurations: names in config/engines/, or files"),
      ASSAY_TEXT("family", 0, "NAME,...", &options.families, "xcup,ecp5,ice40",
                 "families of devices"),
      ASSAY_FLAG("netlist", &options.netlist, "keep the netlists, as Yosys's JSON"),
      ASSAY_INTEGER("seed", &options.seed, 1, 1000000, "1", "of the placer, for hx8k"),
      ASSAY_INTEGER("jobs", &options.jobs, 1, 64, "all processors", "runs of Yosys at a time"),
      ASSAY_TEXT("output", 'o', "DIR", &options.output, "out/synth", "folder to write"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "synth",
      .operands = "",
      .summary =
          "Synthesize engines with Yosys: LUTs, flip-flops, DSPs, memories; place one: fmax.",
      .details = details,
      .examples = examples,
      .options = table};
  const int code = assay_parse_options(&usage, argc, argv, NULL, NULL);
  return code == ASSAY_PARSE_GO_ON ? run_verb(&options) : code;
}
