/* assay identify: which contracts samples of an unknown requantizer leave standing. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/candidates.h"
#include "cli/samples.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "golden/compare.h"

static const char examples[] =
    "  assay identify samples.txt --layer conv1\n"
    "      what your device computed for the accumulators of 'assay probe --layer conv1'\n"
    "  assay identify samples.npy --x-scale 0.02 --w-scale 0.005 --y-scale 0.1 --y-zp 3 --bias "
    "1.5\n"
    "      the same for scales of your own\n"
    "  assay identify samples.txt --multiplier 1412310093 --shift 37 --monotone\n"
    "      integer parameters, of a device that is declared not to decrease\n";

static const char details[] =
    "SAMPLES is an .npy of integers [n][2], or text with one `accumulator output` a line.\n"
    "EQUAL is said only of a device that is declared monotone and was sampled at both ends of the\n"
    "range and on both sides of every threshold of the contract ('assay probe --complete').\n\n"
    "Exit code 1: no contract is left, or the samples contradict each other.\n\n";

struct identify_options {
  struct assay_candidate_options candidates;
  bool monotone;
};

/** Prints one verdict. @return whether the candidate is left */
static bool print_verdict(const struct assay_candidate *candidate,
                          const struct assay_identification *id,
                          const struct assay_samples *samples, const struct assay_interval *range) {
  printf("  %-30s ", candidate->name);
  if (id->identity == ASSAY_IDENTITY_REFUTED) {
    const struct assay_sample *s = &samples->list[id->agreeing];
    printf("refuted by sample %zu (line %zu): acc %" PRId32 " gave %" PRId32 ", expected %" PRId32
           "\n",
           id->agreeing + 1, samples->line[id->agreeing], s->acc, s->y, id->expected);
    return false;
  }
  if (id->identity == ASSAY_IDENTITY_EQUAL) {
    printf("EQUAL on [%s, %s], sampled around every threshold\n", assay_digits(range->lo).text,
           assay_digits(range->hi).text);
  } else {
    printf("consistent with %s\n", assay_plural((int64_t)samples->count, "sample").text);
  }
  return true;
}

/** How a candidate that is left compares with the first one that is left. */
static void print_relation(const struct assay_candidates *c, const struct assay_candidate *first,
                           const struct assay_candidate *other) {
  if (!first->has_list || !other->has_list) return;
  const struct assay_comparison comparison =
      assay_compare_lists(&first->list, &other->list, c->device.q_low, c->device.range, NULL, 0);
  if (comparison.count == 0) {
    printf("  %s = %s on the whole range\n", other->name, first->name);
  } else {
    printf("  %s differs from %s on %s of the range that was not sampled, the nearest %" PRId32
           "\n",
           other->name, first->name, assay_plural(comparison.count, "accumulator").text,
           comparison.nearest);
  }
}

static size_t print_all(const struct assay_candidates *c, const struct assay_samples *samples,
                        bool *left) {
  const struct assay_candidate *first = NULL;
  size_t remaining = 0;
  for (size_t i = 0; i < c->count; ++i) {
    const struct assay_candidate *item = &c->items[i];
    const struct assay_identification id =
        assay_identify(&item->requantizer, item->has_list ? &item->list : NULL, &c->device,
                       samples->list, samples->count);
    left[i] = print_verdict(item, &id, samples, &c->device.range);
    remaining += left[i];
  }
  for (size_t i = 0; i < c->count; ++i) {
    if (!left[i]) continue;
    if (first != NULL) print_relation(c, first, &c->items[i]);
    if (first == NULL) first = &c->items[i];
  }
  return remaining;
}

static int conclude(const struct assay_candidates *c, const bool *left, size_t remaining) {
  printf("%s  %zu of %zu contracts left", remaining > 0 ? "PASS" : "REFUTED", remaining, c->count);
  const char *mark = ": ";
  for (size_t i = 0; i < c->count; ++i) {
    if (!left[i]) continue;
    printf("%s%s", mark, c->items[i].name);
    mark = ", ";
  }
  putchar('\n');
  return remaining > 0 ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

static int judge(struct assay_candidates *c, const struct assay_samples *samples,
                 struct assay_error *error) {
  bool *left = calloc(c->count, sizeof *left);
  if (left == NULL) {
    assay_error_memory(error);
    return assay_report_error(error);
  }
  const size_t remaining = print_all(c, samples, left);
  const int code = conclude(c, left, remaining);
  free(left);
  return code;
}

/** Samples that no function, or no monotone one, can give. */
static int report_contradiction(const struct assay_samples *samples, const size_t pair[2]) {
  const struct assay_sample *a = &samples->list[pair[0]], *b = &samples->list[pair[1]];
  printf("REFUTED  the samples contradict %s: line %zu: acc %" PRId32 " gave %" PRId32
         ", line %zu: acc %" PRId32 " gave %" PRId32 "\n",
         a->acc == b->acc ? "each other" : "--monotone", samples->line[pair[0]], a->acc, a->y,
         samples->line[pair[1]], b->acc, b->y);
  return ASSAY_EXIT_MISMATCH;
}

static int identify_samples(const struct identify_options *options, struct assay_candidates *c,
                            const struct assay_samples *samples, struct assay_error *error) {
  size_t pair[2];
  if (!assay_samples_consistent(samples, options->monotone, pair, error)) {
    return error->exit_code != 0 ? assay_report_error(error) : report_contradiction(samples, pair);
  }
  if (!c->has_range) c->device.range = assay_samples_range(samples);
  c->device.monotone = options->monotone;
  if (!assay_candidates_prepare(c, error)) return assay_report_error(error);
  return judge(c, samples, error);
}

static int identify(const struct identify_options *options, const char *path) {
  struct assay_candidates candidates;
  struct assay_samples samples = {0};
  struct assay_error error = {0};
  if (!assay_candidates_begin("identify", &options->candidates, &candidates, &error)) {
    return assay_report_error(&error);
  }
  const int code = assay_samples_read(path, candidates.device.q_low, &samples, &error)
                       ? identify_samples(options, &candidates, &samples, &error)
                       : assay_report_error(&error);
  assay_samples_free(&samples);
  assay_candidates_free(&candidates);
  return code;
}

int assay_verb_identify(int argc, char **argv) {
  struct identify_options options = {.candidates = assay_candidate_defaults()};
  const struct assay_option table[] = {
      ASSAY_OPTIONS_CANDIDATES(options.candidates),
      ASSAY_LIST("range", "LO,HI", &options.candidates.range, INT32_MIN, INT32_MAX,
                 "the layer's reachable interval, or that of the samples",
                 "accumulators that the device can see"),
      ASSAY_FLAG("monotone", &options.monotone,
                 "declare that the device's output does not decrease with the accumulator"),
      ASSAY_OPTION_END};
  char help[2048];
  snprintf(help, sizeof help, "%s%s", details, assay_candidates_help);
  const struct assay_usage usage = {
      .verb = "identify",
      .operands = "SAMPLES",
      .summary = "Say for each contract whether samples of an unknown requantizer refute it.",
      .details = help,
      .examples = examples,
      .options = table,
      .operands_min = 1,
      .operands_max = 1};
  const char *path = NULL;
  const int code = assay_parse_options(&usage, argc, argv, &path, NULL);
  return code != ASSAY_PARSE_GO_ON ? code : identify(&options, path);
}
