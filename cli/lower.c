/* assay lower: derives the integer hardware parameters of every channel. No twin. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/lowering.h"
#include "cli/source.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "golden/correct.h"

enum { kAnySize = 256 };  // parameters do not depend on the image

struct lower_options {
  struct assay_source_options source;
  int requantizer;
  int64_t multiplier_bits;
};

static const char examples[] =
    "  assay lower\n"
    "      multiplier, addend and shift of every channel of the shipped network\n"
    "  assay lower --contract onednn_2 --multiplier-bits 16\n"
    "      another contract, a narrower multiplier\n"
    "  assay lower --requantizer direct\n"
    "      what a multiplier derived without a search would differ on\n";

static const char details[] =
    "A channel is proved when affine equals the contract on every accumulator that the real "
    "weights\n"
    "can reach. Where no exact (M, B, S) exists, three conflicting conditions show it, and the "
    "one\n"
    "with the fewest differing accumulators is given. A corrected layer has one bit a level "
    "besides:\n"
    "a late level comes one accumulator later than affine has it. The line printed above its "
    "channels\n"
    "is the exact integer arithmetic, for hardware of your own.";

static void print_conflict(const struct assay_synthesis *synthesis) {
  printf("      impossible:");
  for (int i = 0; i < 3; ++i) {
    const struct assay_constraint *c = &synthesis->conflict[i];
    printf(" %s y(%" PRId32 ") %s %" PRId32, i == 0 ? "" : "and", c->acc, c->at_least ? ">=" : "<",
           c->level);
  }
  putchar('\n');
}

/** What is known about the channel's affine parameters, whichever requantizer the layer takes. */
static void print_judgement(const struct assay_lower_result *result) {
  if (result->monotone == ASSAY_MONOTONE_UNKNOWN || result->monotone == ASSAY_MONOTONE_REFUTED) {
    puts(result->monotone == ASSAY_MONOTONE_UNKNOWN ? "not decided" : "the contract decreases");
    return;
  }
  switch (result->synthesis.verdict) {
    case ASSAY_SYNTHESIS_EXACT:
      if (result->differing == 0) {
        puts("affine is exact");
      } else {
        printf("differs on %" PRId64 "\n", result->differing);
      }
      break;
    case ASSAY_SYNTHESIS_WIDE:
      printf("affine differs on %" PRId64 ", exact with %" PRId32 " bits and S %" PRId32 "\n",
             result->synthesis.differing, result->synthesis.multiplier_bits,
             result->synthesis.exact_shift);
      break;
    case ASSAY_SYNTHESIS_IMPOSSIBLE:
      printf("affine differs on %" PRId64 "%s\n", result->synthesis.differing,
             result->synthesis.fewest_proved ? " at best" : ", the least found");
      print_conflict(&result->synthesis);
  }
}

/** Levels that the correction delays, as bits: level 255 (or -1) first. */
static void print_late(const struct assay_late_levels *late) {
  printf("      late: %" PRId32 " levels, 0x", assay_late_count(late));
  for (int word = 3; word >= 0; --word) printf("%016" PRIx64, late->bits[word]);
  putchar('\n');
}

static void print_channel(const struct assay_layer_lowering *layer, bool corrected, int32_t oc) {
  const struct assay_lower_result *result = &layer->results[oc];
  const struct assay_affine *parameters = &layer->channels[oc].affine;
  printf("  %4" PRId32 "  [%s, %s]  M %" PRId32 " (%" PRId32 " bits)  B %" PRId64 "  S %" PRId32
         "  ",
         oc, assay_digits(result->range.lo).text, assay_digits(result->range.hi).text,
         parameters->multiplier, assay_multiplier_bits(parameters->multiplier), parameters->addend,
         parameters->shift);
  print_judgement(result);
  if (corrected && result->late > 0) print_late(&layer->channels[oc].late);
}

static void print_layer(const struct assay_lowering *lowering, size_t index) {
  const struct assay_layer_lowering *layer = &lowering->layers[index];
  const struct assay_lowered *lowered = &lowering->lowered[index];
  const bool corrected = lowered->kind == ASSAY_REQUANT_CORRECTED;
  const int64_t differing = assay_lowering_differing(lowering, index);
  printf("%s: takes %s, ", layer->layer->name, assay_requant_name(lowered->kind));
  if (differing < 0) {
    puts("not decided");
  } else if (differing == 0) {
    puts("proved equal to the contract on every reachable accumulator");
  } else {
    printf("differs on %s reachable accumulators\n", assay_digits(differing).text);
  }
  if (corrected) {
    printf("  t = acc * M + B;  v = t >> S;  y = v < %" PRId32 " ? %" PRId32 " : v > %" PRId32
           " ? %" PRId32 " : v - (late[v & 255] && (t & (2^S - 1)) < M)\n",
           lowered->out_min, lowered->out_min, lowered->out_max, lowered->out_max);
  }
  for (int32_t oc = 0; oc < layer->layer->conv.shape.out_c; ++oc) {
    print_channel(layer, corrected, oc);
  }
}

/** Prints all layers; returns the number of differing accumulators, -1 if any is not decided. */
static int64_t print_all(const struct assay_lowering *lowering) {
  int64_t total = 0;
  bool decided = true;
  for (size_t i = 0; i < lowering->layer_count; ++i) {
    const int64_t differing = assay_lowering_differing(lowering, i);
    print_layer(lowering, i);
    decided = decided && differing >= 0;
    total += differing > 0 ? differing : 0;
  }
  return decided ? total : -1;
}

static int lower(const struct lower_options *options, struct assay_error *error) {
  struct assay_source source;
  struct assay_engine_config engine;
  struct assay_lowering lowering;
  if (!assay_source_engine(&options->source, &engine, error) ||
      !assay_source_load_network(&options->source, kAnySize, kAnySize, &source, error)) {
    return assay_report_error(error);
  }
  if (options->multiplier_bits > 0) engine.multiplier_bits = (int32_t)options->multiplier_bits;
  const bool ok = assay_lowering_compute(
      &source, &engine, (enum assay_lower_policy)options->requantizer, &lowering, error);
  int64_t differing = 0;
  if (ok) {
    differing = print_all(&lowering);
    printf("%s  %s  contract %s  ", differing == 0 ? "PASS" : "DIFFERS", source.bundle.network.name,
           source.contract->name);
    printf(differing < 0 ? "not decided on some channels\n" : "%s accumulators differ\n",
           assay_digits(differing).text);
    assay_lowering_free(&lowering);
  }
  assay_source_free(&source);
  if (!ok) return assay_report_error(error);
  return differing == 0 ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

int assay_verb_lower(int argc, char **argv) {
  struct lower_options options = {0};
  const struct assay_option table[] = {
      ASSAY_OPTION_NETWORK(options.source),
      ASSAY_OPTION_CONTRACT(options.source),
      ASSAY_OPTION_ENGINE(options.source),
      ASSAY_OPTION_REQUANTIZER(&options.requantizer),
      ASSAY_INTEGER("multiplier-bits", &options.multiplier_bits, 1, 31, "the engine's",
                    "width of the affine multiplier"),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "lower",
      .operands = "",
      .summary = "Derive multiplier, addend and shift of every channel, and say what is proved.",
      .details = details,
      .examples = examples,
      .options = table};
  struct assay_error error = {0};
  const int code = assay_parse_options(&usage, argc, argv, NULL, NULL);
  return code != ASSAY_PARSE_GO_ON ? code : lower(&options, &error);
}
