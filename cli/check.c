/* assay check: a simulator's output file against the expected values of a vector folder. No twin.
 */
#include "vectors/check.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/source.h"
#include "cli/text.h"
#include "cli/verbs.h"

static const char examples[] =
    "  assay check out/vectors conv1 stream_out dump.mem\n"
    "      what your test bench wrote with $writememh, against the expected output stream\n"
    "  assay check out/vectors conv2 acc acc.npy\n"
    "      accumulators from a model of your own\n";

static const char details[] =
    "FOLDER is what 'assay gen' wrote. TENSOR is y, acc, stream_out or stream_acc. FILE is .npy, "
    "or\n"
    "$readmemh text with any other ending. A file with a word too few or too many does not pass, "
    "nor\n"
    "does one in which nothing was compared.";

static const struct assay_option no_options[] = {{0}};

static const struct assay_usage usage = {.verb = "check",
                                         .operands = "FOLDER LAYER TENSOR FILE",
                                         .summary =
                                             "Compare a simulator's output file with the "
                                             "expected values.",
                                         .details = details,
                                         .examples = examples,
                                         .options = no_options,
                                         .operands_min = 4,
                                         .operands_max = 4};

static void print_mismatches(const struct assay_check_result *result) {
  for (size_t i = 0; i < result->shown; ++i) {
    char text[160];
    puts(assay_check_text(result, i, text));
  }
  if (result->mismatches > result->shown) {
    printf("and %" PRIu64 " more\n", result->mismatches - result->shown);
  }
}

int assay_verb_check(int argc, char **argv) {
  const char *operands[4];
  struct assay_error error = {0};
  struct assay_check_result result;
  const int code = assay_parse_options(&usage, argc, argv, operands, NULL);
  if (code != ASSAY_PARSE_GO_ON) return code;
  if (!assay_vectors_check(operands[0], operands[1], operands[2], operands[3], &result, &error)) {
    return assay_report_error(&error);
  }
  const bool pass = assay_check_passed(&result);
  print_mismatches(&result);
  printf("%s  %s %s  %s values compared, %s mismatches", pass ? "PASS" : "FAIL", operands[1],
         operands[2], assay_digits((int64_t)result.compared).text,
         assay_digits((int64_t)result.mismatches).text);
  if (result.words_found != result.words_expected) {
    printf(", %" PRIu64 " words, expected %" PRIu64, result.words_found, result.words_expected);
  }
  putchar('\n');
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}
