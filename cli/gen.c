/* assay gen: vector files for a user's own simulator. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bounds_table.h"
#include "cli/evidence.h"
#include "cli/outdir.h"
#include "cli/text.h"
#include "cli/vector_layers.h"
#include "cli/verbs.h"
#include "vectors/vector_files.h"

struct gen_options {
  struct assay_evidence_options evidence;
  const char *output;
};

static const char examples[] =
    "  assay gen\n"
    "      every layer of the shipped network, in out/vectors\n"
    "  assay gen --image photo.pgm -o out/photo\n"
    "      your own picture\n"
    "  assay gen --directed -o out/directed\n"
    "      inputs that hit both sides of every threshold of every channel\n";

static const char details[] =
    "The folder gets manifest.json, and for each layer its tensors and streams as $readmemh text\n"
    "and .npy; and firmware.h, the layers for a driver on bare metal (golden/firmware.h). "
    "Formats:\n"
    "vectors/README.md. A layer that is larger than the engine's buffers comes in parts, NAME@0,\n"
    "NAME@1, ..., each a layer of its own. With --directed also targets.csv: every accumulator\n"
    "that was asked for, its place, or that it is proved unreachable; and bounds.csv: the bounds "
    "of\n"
    "every channel's accumulator, the bits that an adder needs, and an input that reaches each.";

// Targets of directed inputs //

static const char *reachability_text(enum assay_reachability reachability) {
  static const char *const texts[] = {"reached", "never", "unknown"};
  return texts[reachability];
}

static void print_target(FILE *file, const char *layer, const struct assay_directed_vector *v) {
  static const char *const kinds[] = {"low", "high", "below", "at"};
  fprintf(file, "%s,%" PRId32 ",%s,%" PRId32 ",%" PRId32 ",%s", layer, v->oc, kinds[v->target.kind],
          v->target.acc, v->target.y, reachability_text(v->reachability));
  if (v->reachability == ASSAY_REACH_WITNESS) {
    fprintf(file, ",%" PRId32 ",%" PRId32 ",%" PRId32 "\n", v->n, v->y, v->x);
  } else {
    fputs(",,,\n", file);
  }
}

static bool write_targets(const struct assay_outdir *outdir, const struct assay_directed *directed,
                          struct assay_error *error) {
  FILE *file = assay_outdir_open(outdir, "targets.csv", error);
  if (file == NULL) return false;
  fputs("layer,channel,kind,acc,y,answer,n,out_y,out_x\n", file);
  for (size_t i = 0; i < directed->layer_count; ++i) {
    for (size_t k = 0; k < directed->images[i].count; ++k) {
      print_target(file, directed->layers[i].name, &directed->images[i].vectors[k]);
    }
  }
  return assay_outdir_close(file, "targets.csv", error);
}

// The folder //

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static bool write_vectors(const struct gen_options *options, const struct assay_evidence *evidence,
                          const char *folder, struct assay_error *error) {
  struct assay_vector_layers layers;
  if (!assay_vector_layers_make(&evidence->jobs, &layers, error)) return false;
  const struct assay_vector_case vector_case = {
      .network = &evidence->source.bundle.network,
      .engine = &evidence->engine,
      .contract = evidence->source.contract->name,
      .image = options->evidence.directed ? "directed" : base_name(evidence->source.image_path),
      .n = evidence->jobs.expected.n,
      .layer_count = layers.count,
      .layers = layers.layers};
  const bool ok = assay_vectors_write(folder, &vector_case, error);
  assay_vector_layers_free(&layers);
  return ok;
}

static bool write_folder(const struct gen_options *options, const struct assay_evidence *evidence,
                         struct assay_error *error) {
  struct assay_outdir outdir;
  if (!assay_outdir_begin(options->output, "manifest.json", &outdir, error)) return false;
  if (write_vectors(options, evidence, outdir.temporary, error) &&
      (!options->evidence.directed || (write_targets(&outdir, &evidence->directed, error) &&
                                       assay_bounds_table_write(&outdir, evidence, error)))) {
    return assay_outdir_commit(&outdir, error);
  }
  assay_outdir_abandon(&outdir);
  return false;
}

// The verb //

static bool generate(const struct gen_options *options, struct assay_error *error) {
  struct assay_evidence evidence;
  if (!assay_evidence_prepare(&options->evidence, &evidence, error)) return false;
  const bool ok = write_folder(options, &evidence, error);
  if (ok) {
    uint64_t values = 0;
    for (size_t i = 0; i < evidence.jobs.layer_count; ++i) {
      values += (uint64_t)evidence.jobs.expected.n * evidence.jobs.expected.layers[i].y_size;
    }
    printf("%s  %s  contract %s  %s expected outputs and as many accumulators\n", options->output,
           evidence.source.bundle.network.name, evidence.source.contract->name,
           assay_digits((int64_t)values).text);
  }
  assay_evidence_free(&evidence);
  return ok;
}

int assay_verb_gen(int argc, char **argv) {
  struct gen_options options = {.evidence = assay_evidence_defaults(), .output = "out/vectors"};
  struct assay_source_options *source = &options.evidence.source;
  const struct assay_option table[] = {
      ASSAY_OPTION_NETWORK(*source),
      ASSAY_OPTION_IMAGE(*source),
      ASSAY_OPTION_CONTRACT(*source),
      ASSAY_OPTION_ENGINE(*source),
      ASSAY_OPTION_REQUANTIZER(&options.evidence.requantizer),
      ASSAY_OPTION_DIRECTED(options.evidence),
      ASSAY_TEXT("output", 'o', "DIR", &options.output, "out/vectors", "folder to write"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "gen",
      .operands = "",
      .summary = "Write stimulus and expected values of every layer as files.",
      .details = details,
      .examples = examples,
      .options = table};
  struct assay_error error = {0};
  const int code = assay_parse_options(&usage, argc, argv, NULL, NULL);
  if (code != ASSAY_PARSE_GO_ON) return code;
  return generate(&options, &error) ? ASSAY_EXIT_PASS : assay_report_error(&error);
}
