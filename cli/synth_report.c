/* The table and the JSON of assay synth. No twin. */
#include "cli/synth_report.h"

#include <inttypes.h>

#include "cli/json.h"
#include "cli/text.h"

/** Published figures of an engine of others; -1: not published. */
struct peer {
  const char *name;
  const char *family;
  int multipliers;
  int64_t lut, ff, dsp;
  double bram;
  const char *what;    ///< what the figures hold
  const char *source;  ///< who published them
};

static const struct peer peers[] = {
    {"NVDLA nv_small", "7-series", 64, 76280, -1, -1, -1,
     "whole accelerator, with pooling and DMA; Vivado 2018.3",
     "github.com/nvdla/hw, issue 90, comment of 2019-09-19"},
    {"CFU-Playground gen2", "xcup", 32, 3820, 2549, 36, 2,
     "array, buffers, requantizer, without the processor; Yosys 0.23, RAM cells not in LUT",
     "github.com/google/CFU-Playground, commit 7f8ec41, proj/hps_accel/gateware/gen2"},
    {"FINN MVU, 8x8 bits", "xcup", 64, -1, -1, 32, -1,
     "multipliers alone, two a DSP48E2; no requantizer by multiplication",
     "github.com/Xilinx/finn, commit 39f0c9a, finn-rtllib/mvu/mvu_8sx8u_dsp48.sv"},
};

enum { PEER_COUNT = sizeof peers / sizeof peers[0] };

static int32_t multipliers(const struct assay_engine_config *engine) {
  return engine->pixels * engine->channels;
}

static struct assay_digits or_dash(int64_t value) {
  return value < 0 ? (struct assay_digits){"-"} : assay_digits(value);
}

static struct assay_digits blocks(double bram) {
  struct assay_digits digits = {"-"};
  if (bram >= 0) snprintf(digits.text, sizeof digits.text, "%.1f", bram);
  return digits;
}

static void print_row(const char *name, const char *family, int32_t count,
                      const struct assay_area *area) {
  printf("%-20s %-9s %5d %9s %8s %8s %6s %7s\n", name, family, count, or_dash(area->lut).text,
         or_dash(area->lut_ram).text, or_dash(area->ff).text, or_dash(area->dsp).text,
         blocks(area->bram).text);
}

static void print_peers(void) {
  puts("\npublished figures of others:");
  for (size_t i = 0; i < PEER_COUNT; ++i) {
    const struct peer *p = &peers[i];
    const struct assay_area area = {p->lut, -1, p->ff, p->dsp, p->bram};
    print_row(p->name, p->family, p->multipliers, &area);
    printf("    %s\n    %s\n", p->what, p->source);
  }
}

/** Frequencies of what was placed. */
static void print_placed(const struct assay_synthesis *list, size_t count, const char *version,
                         int64_t seed) {
  if (version[0] == '\0') return;
  printf("\n%s, seed %" PRId64 "\n\n%-20s %-28s %16s %14s\n", version, seed, "engine", "placed on",
         "logic cells", "fmax");
  for (size_t i = 0; i < count; ++i) {
    const struct assay_placement *p = &list[i].placement;
    char cells[160], fmax[32] = "does not fit";
    if (list[i].family->device == NULL) continue;
    snprintf(cells, sizeof cells, "%s of %s", assay_digits(p->cells).text,
             assay_digits(p->room).text);
    if (p->mhz > 0) snprintf(fmax, sizeof fmax, "%.1f MHz", p->mhz);
    printf("%-20s %-28s %16s %14s\n", list[i].engine->name, list[i].family->device->title, cells,
           fmax);
  }
}

void assay_synth_print(const struct assay_synthesis *list, size_t count, const char *version,
                       const char *place_version, int64_t seed) {
  printf("%s\n\n%-20s %-9s %5s %9s %8s %8s %6s %7s\n", version, "engine", "family", "MACs", "LUT",
         "LUT RAM", "FF", "DSP", "BRAM");
  for (size_t i = 0; i < count; ++i) {
    print_row(list[i].engine->name, list[i].family->name, multipliers(list[i].engine),
              &list[i].area);
  }
  print_placed(list, count, place_version, seed);
  print_peers();
}

static void write_cells(const struct assay_synthesis *s, struct assay_json *json) {
  assay_json_open(json, "cells", '{');
  for (size_t i = 0; i < s->cell_count; ++i) {
    assay_json_integer(json, s->cells[i].name, s->cells[i].count);
  }
  assay_json_close(json, '}');
}

static void write_synthesis(const struct assay_synthesis *s, struct assay_json *json) {
  assay_json_open(json, NULL, '{');
  assay_json_text(json, "engine", s->engine->name);
  assay_json_text(json, "family", s->family->name);
  assay_json_integer(json, "multipliers", multipliers(s->engine));
  assay_json_integer(json, "lut", s->area.lut);
  assay_json_integer(json, "lut_ram", s->area.lut_ram);
  assay_json_integer(json, "ff", s->area.ff);
  assay_json_integer(json, "dsp", s->area.dsp);
  assay_json_real(json, "bram", s->area.bram);
  assay_json_text(json, "bram_unit", s->family->bram);
  if (s->family->device != NULL) {
    assay_json_text(json, "device", s->family->device->title);
    assay_json_integer(json, "logic_cells", s->placement.cells);
    assay_json_integer(json, "logic_cells_of_device", s->placement.room);
    if (s->placement.mhz > 0)
      assay_json_real(json, "fmax_mhz", s->placement.mhz);
    else
      assay_json_text(json, "fmax_mhz", NULL);
  }
  write_cells(s, json);
  assay_json_close(json, '}');
}

/** A figure that was not published is null. */
static void write_figure(struct assay_json *json, const char *key, int64_t value) {
  if (value < 0)
    assay_json_text(json, key, NULL);
  else
    assay_json_integer(json, key, value);
}

static void write_peer(const struct peer *p, struct assay_json *json) {
  assay_json_open(json, NULL, '{');
  assay_json_text(json, "engine", p->name);
  assay_json_text(json, "family", p->family);
  assay_json_integer(json, "multipliers", p->multipliers);
  write_figure(json, "lut", p->lut);
  write_figure(json, "ff", p->ff);
  write_figure(json, "dsp", p->dsp);
  if (p->bram < 0)
    assay_json_text(json, "bram", NULL);
  else
    assay_json_real(json, "bram", p->bram);
  assay_json_text(json, "what", p->what);
  assay_json_text(json, "source", p->source);
  assay_json_close(json, '}');
}

void assay_synth_json(FILE *file, const struct assay_synthesis *list, size_t count,
                      const char *version, const char *place_version, int64_t seed) {
  struct assay_json json = {.file = file};
  assay_json_open(&json, NULL, '{');
  assay_json_text(&json, "yosys", version);
  if (place_version[0] != '\0') {
    assay_json_text(&json, "nextpnr", place_version);
    assay_json_integer(&json, "seed", seed);
  }
  assay_json_open(&json, "engines", '[');
  for (size_t i = 0; i < count; ++i) write_synthesis(&list[i], &json);
  assay_json_close(&json, ']');
  assay_json_open(&json, "published", '[');
  for (size_t i = 0; i < PEER_COUNT; ++i) write_peer(&peers[i], &json);
  assay_json_close(&json, ']');
  assay_json_close(&json, '}');
}
