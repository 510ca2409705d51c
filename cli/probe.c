/* assay probe: the accumulators worth sampling from an unknown requantizer. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/candidates.h"
#include "cli/verbs.h"
#include "vectors/file.h"
#include "vectors/npy.h"

enum { kCountMax = 4096 };

static const char examples[] =
    "  assay probe --layer conv1\n"
    "      200 accumulators that tell the contracts apart on channel 0 of conv1\n"
    "  assay probe --layer conv1 --complete qnnpack -o probe.npy\n"
    "      all that a proof of equality with qnnpack needs, as int32 [n]\n"
    "  assay probe --multiplier 1412310093 --shift 37 --range -200000,200000 --count 64\n"
    "      integer parameters of your own\n";

static const char details[] =
    "Put the accumulators into your device, write its output behind each, and give the file to\n"
    "'assay identify'.\n\n";

struct probe_options {
  struct assay_candidate_options candidates;
  const char *complete, *output;
  int64_t count;
};

static size_t choose_separating(const struct assay_candidates *c, int32_t *accs, size_t capacity,
                                struct assay_error *error) {
  const struct assay_threshold_list **lists = calloc(c->count, sizeof *lists);
  size_t count = 0, chosen = 0;
  if (lists == NULL) {
    assay_error_memory(error);
    return 0;
  }
  for (size_t i = 0; i < c->count; ++i) {
    if (c->items[i].has_list) lists[count++] = &c->items[i].list;
  }
  if (count > 0) chosen = assay_probe_separating(lists, count, &c->device, accs, capacity);
  free(lists);
  return chosen;
}

static size_t choose_complete(const struct assay_candidates *c, const char *name, int32_t *accs,
                              struct assay_error *error) {
  const struct assay_candidate *candidate = assay_candidates_find(c, name);
  if (candidate != NULL && candidate->has_list) {
    return assay_probe_complete(&candidate->list, &c->device, accs);
  }
  assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                  "assay probe: --complete: %s %s, expected a contract that takes these parameters "
                  "and does not decrease",
                  name, candidate == NULL ? "takes no such parameters" : "has no thresholds here");
  return 0;
}

static int by_value(const void *a, const void *b) {
  const int32_t p = *(const int32_t *)a, q = *(const int32_t *)b;
  return (p > q) - (p < q);
}

static bool write_text(const char *path, const int32_t *accs, size_t count,
                       struct assay_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  if (file == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < count; ++i) fprintf(file, "%" PRId32 "\n", accs[i]);
  const bool ok =
      fclose(file) == 0 ? assay_file_write(path, text, size, error) : assay_error_memory(error);
  free(text);
  return ok;
}

static bool write_npy(const char *path, int32_t *accs, size_t count, struct assay_error *error) {
  const struct assay_tensor tensor = {
      .element = ASSAY_INT32, .dims = 1, .shape = {(int64_t)count}, .data = accs};
  return assay_npy_write(path, &tensor, error);
}

static bool output(const char *path, int32_t *accs, size_t count, struct assay_error *error) {
  if (path == NULL) {
    for (size_t i = 0; i < count; ++i) printf("%" PRId32 "\n", accs[i]);
    return true;
  }
  const size_t length = strlen(path);
  const bool npy = length > 4 && strcmp(path + length - 4, ".npy") == 0;
  const bool ok = npy ? write_npy(path, accs, count, error) : write_text(path, accs, count, error);
  if (ok) printf("%zu accumulators in %s\n", count, path);
  return ok;
}

static bool probe_candidates(const struct probe_options *options, struct assay_candidates *c,
                             struct assay_error *error) {
  int32_t accs[kCountMax];
  if (!c->has_range) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay probe: which accumulators can the device see? expected --range "
                           "LO,HI, or --layer");
  }
  if (!assay_candidates_prepare(c, error)) return false;
  const size_t count = options->complete != NULL
                           ? choose_complete(c, options->complete, accs, error)
                           : choose_separating(c, accs, (size_t)options->count, error);
  if (error->exit_code != 0) return false;
  qsort(accs, count, sizeof *accs, by_value);
  return output(options->output, accs, count, error);
}

static int probe(const struct probe_options *options) {
  struct assay_candidates candidates;
  struct assay_error error = {0};
  if (!assay_candidates_begin("probe", &options->candidates, &candidates, &error)) {
    return assay_report_error(&error);
  }
  const bool ok = probe_candidates(options, &candidates, &error);
  assay_candidates_free(&candidates);
  return ok ? ASSAY_EXIT_PASS : assay_report_error(&error);
}

int assay_verb_probe(int argc, char **argv) {
  struct probe_options options = {.candidates = assay_candidate_defaults(), .count = 200};
  const struct assay_option table[] = {
      ASSAY_OPTIONS_CANDIDATES(options.candidates),
      ASSAY_LIST("range", "LO,HI", &options.candidates.range, INT32_MIN, INT32_MAX,
                 "the layer's reachable interval", "accumulators that the device can see"),
      ASSAY_INTEGER("count", &options.count, 2, kCountMax, "200", "accumulators at most"),
      ASSAY_TEXT("complete", 0, "NAME", &options.complete, "those that tell contracts apart",
                 "both sides of every threshold of this contract and the ends, at most 512"),
      ASSAY_TEXT("output", 'o', "FILE", &options.output, "standard output",
                 "text, one a line; or .npy of int32 [n]"),
      ASSAY_OPTION_END};
  char help[2048];
  snprintf(help, sizeof help, "%s%s", details, assay_candidates_help);
  const struct assay_usage usage = {
      .verb = "probe",
      .operands = "",
      .summary = "Choose the accumulators worth sampling from an unknown requantizer.",
      .details = help,
      .examples = examples,
      .options = table};
  const int code = assay_parse_options(&usage, argc, argv, NULL, NULL);
  return code != ASSAY_PARSE_GO_ON ? code : probe(&options);
}
