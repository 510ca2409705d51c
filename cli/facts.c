/* Versions, hashes and parameters that belong to the evidence of a report. No twin. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/findings.h"
#include "vectors/file.h"
#include "vectors/sha256.h"

static bool hash_file(struct assay_report *report, const char *name, const char *path,
                      struct assay_error *error) {
  struct assay_bytes bytes;
  char hash[ASSAY_SHA256_TEXT];
  if (!assay_file_read(path, "a file to hash", &bytes, error)) return false;
  const bool ok = assay_sha256(bytes.data, bytes.size, hash, error);
  assay_bytes_free(&bytes);
  if (ok) assay_report_fact(report, name, "sha256 %s", hash);
  return ok;
}

static bool hash_in(struct assay_report *report, const char *folder, const char *name,
                    struct assay_error *error) {
  char *path = assay_path_join(folder, name, error);
  const bool ok = path != NULL && hash_file(report, name, path, error);
  free(path);
  return ok;
}

static bool hash_optional(struct assay_report *report, const char *folder,
                          const struct assay_file_name *file, struct assay_error *error) {
  return file->name == NULL || hash_in(report, folder, file->name, error);
}

static bool hash_bundle(const struct assay_source *source, struct assay_report *report,
                        struct assay_error *error) {
  const struct assay_network_text *text = &source->bundle.text;
  if (!hash_in(report, source->folder, "network.yaml", error)) return false;
  for (size_t i = 0; i < text->layer_count; ++i) {
    const struct assay_layer_text *layer = &text->layers[i];
    if (layer->kind != ASSAY_LAYER_CONV) continue;
    if (!hash_optional(report, source->folder, &layer->weight, error) ||
        !hash_optional(report, source->folder, &layer->weight_scale, error) ||
        !hash_optional(report, source->folder, &layer->bias, error)) {
      return false;
    }
  }
  return hash_file(report, "image", source->image_path, error);
}

static bool append_file(const char *name, struct assay_bytes *all, struct assay_error *error) {
  struct assay_bytes bytes;
  char *path = assay_path_join(ASSAY_SOURCE_DIR "/rtl", name, error);
  if (path == NULL || !assay_file_read(path, "an RTL file", &bytes, error)) {
    free(path);
    return false;
  }
  uint8_t *grown = realloc(all->data, all->size + bytes.size + 1);
  if (grown != NULL) {
    memcpy(grown + all->size, bytes.data, bytes.size);
    all->data = grown;
    all->size += bytes.size;
  }
  assay_bytes_free(&bytes);
  free(path);
  return grown != NULL || assay_error_memory(error);
}

/** One hash over all files that rtl/files.f names, in its order. */
static bool hash_rtl(struct assay_report *report, struct assay_error *error) {
  struct assay_bytes list, all = {0};
  char hash[ASSAY_SHA256_TEXT];
  if (!assay_file_read(ASSAY_SOURCE_DIR "/rtl/files.f", "the list of RTL files", &list, error)) {
    return false;
  }
  bool ok = true;
  for (char *name = strtok((char *)list.data, "\n"); ok && name != NULL;
       name = strtok(NULL, "\n")) {
    ok = strstr(name, ".sv") == NULL || append_file(name, &all, error);
  }
  ok = ok && assay_sha256(all.data, all.size, hash, error);
  if (ok) assay_report_fact(report, "RTL, files of rtl/files.f in order", "sha256 %s", hash);
  assay_bytes_free(&list);
  assay_bytes_free(&all);
  return ok;
}

static void describe_engine(const struct assay_engine_config *engine, struct assay_report *report) {
  assay_report_fact(report, "engine",
                    "pixels %" PRId32 ", channels %" PRId32 ", bank_depth %" PRId32
                    ", weight_depth %" PRId32 ", multiplier_bits %" PRId32 ", addend_bits %" PRId32
                    ", requant_lanes %" PRId32 ", acc_bits %" PRId32 ", size_bits %" PRId32
                    ", step_bits %" PRId32 "%s%s%s%s%s%s",
                    engine->pixels, engine->channels, engine->bank_depth, engine->weight_depth,
                    engine->multiplier_bits, engine->addend_bits, engine->requant_lanes,
                    engine->acc_bits, engine->size_bits, engine->step_bits,
                    engine->packed_multipliers ? ", packed_multipliers" : "",
                    engine->tree_multipliers ? ", tree_multipliers" : "",
                    engine->int4_weights ? ", int4_weights" : "", engine->affine ? ", affine" : "",
                    engine->corrected ? ", corrected" : "", engine->threshold ? ", threshold" : "");
}

bool assay_findings_facts(const struct assay_findings *findings, struct assay_error *error) {
  struct assay_report *report = findings->report;
  const struct assay_source *source = &findings->evidence->source;
  assay_report_fact(report, "assay", "%s", ASSAY_VERSION);
  assay_report_fact(report, "compiler", "%s", ASSAY_COMPILER);
  assay_report_fact(report, "simulator", "%s", ASSAY_SIMULATOR);
  assay_report_fact(report, "numbers from", "%s", report->provenance);
  assay_report_fact(report, "quantize", "form %s", source->bundle.network.quantize);
  describe_engine(&findings->evidence->engine, report);
  assay_report_fact(report, "images", "%" PRId32 " of %" PRId32 " x %" PRId32 " x %" PRId32,
                    source->images.n, source->images.c, source->images.y, source->images.x);
  return hash_bundle(source, report, error) && hash_rtl(report, error);
}
