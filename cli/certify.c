/* assay certify: equality of two requantizers, proved or refuted channel by channel. No twin. */
#include "cli/certify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/certificate_file.h"
#include "cli/check_certificate.h"
#include "cli/lowering.h"
#include "cli/parameter_table.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "vectors/file.h"

enum { kAnySize = 256 };  // an image size at which every shipped layer has an output

static const char examples[] =
    "  assay certify\n"
    "      the shipped network: its contract against the parameters that 'assay lower' derives\n"
    "  assay certify --requantizer affine -o certificate.json\n"
    "      affine alone, and the certificate as a file\n"
    "  assay certify --check certificate.json\n"
    "      have the independent checker verify it\n"
    "  assay certify --contract qnnpack --with onednn_2 --witness\n"
    "      two contracts, with an input that shows each difference\n"
    "  assay certify config/networks/unet_simplified --params mine.yaml\n"
    "      the multipliers of your own hardware (format: config/README.md)\n"
    "  assay certify --qdq --image photo.pgm\n"
    "      the Q/DQ float model on your picture, whatever its order of summation\n";

static const char details[] =
    "Both sides are step functions of one integer: they are equal on every accumulator that the\n"
    "real weights can reach iff their thresholds are. Where a contract is not known not to "
    "decrease,\n"
    "every accumulator is visited. An accumulator that differs is reachable (an input was found,\n"
    "--witness prints it for the nearest), proved unreachable, or unknown.\n\n"
    "Exit code 1: something differs or is undecided; with --check: a statement was rejected, or\n"
    "nothing was checked; with --qdq: an output differs or is open.";

/** Everything that one run needs. */
struct certification {
  const struct assay_certify_options *options;
  struct assay_source source;
  const struct assay_contract *with;  ///< the other contract, or NULL
  struct assay_parameter_table table;
  struct assay_lowering lowering;
  struct assay_json *json;  ///< certificate file, or NULL
  struct assay_difference *differences;
  size_t capacity;
  struct assay_certify_totals totals;
};

/** The other side of a channel. @param conv_index  number of the convolution among convolutions */
static struct assay_side side_b(const struct certification *c, size_t layer, size_t conv_index,
                                int32_t oc) {
  if (c->with != NULL) {
    const struct assay_channel channel =
        assay_channel_of(&c->source.bundle.network.layers[layer].conv, oc);
    return assay_side_of_contract(c->with, &channel);
  }
  if (c->options->params != NULL) return c->table.sides[layer][oc];
  return assay_side_of_lowered(&c->lowering.lowered[conv_index], oc);
}

static bool grow(struct certification *c, size_t intervals, struct assay_error *error) {
  struct assay_difference *larger = realloc(c->differences, intervals * sizeof *larger);
  if (larger == NULL) return assay_error_memory(error);
  c->differences = larger;
  c->capacity = intervals;
  return true;
}

/** Compares, a second time with room for all differences if there were too many. */
static bool compare(struct certification *c, const struct assay_layer *layer, int32_t oc,
                    const struct assay_side *b, struct assay_certificate *certificate,
                    struct assay_error *error) {
  const struct assay_channel channel = assay_channel_of(&layer->conv, oc);
  const struct assay_side a = assay_side_of_contract(c->source.contract, &channel);
  const int32_t q_low = assay_dtype_min(layer->conv.y.dtype);
  struct assay_interval range;
  enum assay_status status = assay_bounds_of_channel(&layer->conv, oc, &range);
  do {
    if (status == ASSAY_OK) {
      status = assay_certify(&a, b, q_low, range, ASSAY_ENUMERATE_LIMIT, certificate,
                             c->differences, c->capacity);
    }
    if (status != ASSAY_OK) {
      return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                             "assay certify: layer %s channel %" PRId32 ", %s against %s: %s",
                             layer->name, oc, assay_side_name(&a), assay_side_name(b),
                             assay_status_text(status));
    }
  } while (certificate->comparison.intervals > c->capacity &&
           grow(c, certificate->comparison.intervals, error));
  return error->exit_code == ASSAY_EXIT_PASS;
}

static void count(struct assay_certify_totals *totals, const struct assay_certificate *c) {
  totals->channels++;
  totals->equal += c->claim == ASSAY_CLAIM_EQUAL;
  totals->differing += c->claim == ASSAY_CLAIM_DIFFERS;
  totals->undecided += c->claim == ASSAY_CLAIM_UNDECIDED;
  totals->accumulators += c->claim == ASSAY_CLAIM_DIFFERS ? c->comparison.count : 0;
}

static bool certify_channel(struct certification *c, size_t layer, size_t conv_index, int32_t oc,
                            struct assay_error *error) {
  const struct assay_layer *of = &c->source.bundle.network.layers[layer];
  const struct assay_side b = side_b(c, layer, conv_index, oc);
  struct assay_certificate certificate;
  if (!compare(c, of, oc, &b, &certificate, error)) return false;
  if (oc == 0)
    printf("%s: %s against %s\n", of->name, c->source.contract->name, assay_side_name(&b));
  assay_certify_print(c->options, &of->conv, oc, &certificate, c->differences);
  if (c->json != NULL) {
    assay_certificate_file_channel(c->json, oc, &certificate, c->differences,
                                   certificate.comparison.intervals);
  }
  count(&c->totals, &certificate);
  return true;
}

static bool certify_layer(struct certification *c, size_t layer, size_t conv_index,
                          struct assay_error *error) {
  const struct assay_layer *of = &c->source.bundle.network.layers[layer];
  if (c->json != NULL && !assay_certificate_file_layer(c->json, of, error)) return false;
  for (int32_t oc = 0; oc < of->conv.shape.out_c; ++oc) {
    if (!certify_channel(c, layer, conv_index, oc, error)) return false;
  }
  if (c->json != NULL) assay_certificate_file_layer_end(c->json);
  return true;
}

static bool certify_network(struct certification *c, struct assay_error *error) {
  const struct assay_network *network = &c->source.bundle.network;
  size_t conv_index = 0;
  if (!grow(c, ASSAY_MAX_DIFFERENCES, error)) return false;
  if (c->json != NULL) assay_certificate_file_begin(c->json, network);
  for (size_t i = 0; i < network->layer_count; ++i) {
    if (network->layers[i].kind != ASSAY_LAYER_CONV) continue;
    if (!certify_layer(c, i, conv_index++, error)) return false;
  }
  if (c->json != NULL) assay_certificate_file_end(c->json);
  return true;
}

/** The same with the certificate collected in memory and written whole. */
static bool certify_to_file(struct certification *c, struct assay_error *error) {
  char *text = NULL;
  size_t size = 0;
  struct assay_json json = {.file = open_memstream(&text, &size)};
  if (json.file == NULL) return assay_error_memory(error);
  c->json = &json;
  bool ok = certify_network(c, error);
  ok = (fclose(json.file) == 0 || assay_error_memory(error)) && ok;
  if (ok) ok = assay_file_write(c->options->output, text, size, error);
  free(text);
  return ok;
}

// The other side //

static bool find_with(struct certification *c, struct assay_error *error) {
  c->with = assay_contract_find(c->options->with);
  return c->with != NULL ||
         assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                         "assay certify: --with: unknown contract \"%s\", expected a name that "
                         "'assay contracts' lists",
                         c->options->with);
}

static bool lower(struct certification *c, struct assay_error *error) {
  struct assay_engine_config engine;
  if (!assay_source_engine(&c->options->source, &engine, error)) return false;
  if (c->options->multiplier_bits > 0) {
    engine.multiplier_bits = (int32_t)c->options->multiplier_bits;
  }
  return assay_lowering_compute(
      &c->source, &engine, (enum assay_lower_policy)c->options->requantizer, &c->lowering, error);
}

static bool prepare(struct certification *c, struct assay_error *error) {
  if (!assay_source_load_network(&c->options->source, kAnySize, kAnySize, &c->source, error)) {
    return false;
  }
  if (c->options->with != NULL) return find_with(c, error);
  if (c->options->params != NULL) {
    return assay_parameter_table_read(c->options->params, &c->source.bundle.network, &c->table,
                                      error);
  }
  return lower(c, error);
}

static int conclude(const struct certification *c) {
  const struct assay_certify_totals *t = &c->totals;
  const bool pass = t->channels > 0 && t->equal == t->channels;
  const char *other = c->with != NULL              ? c->with->name
                      : c->options->params != NULL ? c->options->params
                                                   : "lowered";
  printf("%s  %s  %s = %s  %s of %s proved equal", pass ? "PASS" : "DIFFERS",
         c->source.bundle.network.name, c->source.contract->name, other,
         assay_digits(t->equal).text, assay_plural(t->channels, "channel").text);
  if (t->differing > 0) {
    printf(", %s differ on %s", assay_digits(t->differing).text,
           assay_plural(t->accumulators, "accumulator").text);
  }
  if (t->undecided > 0) printf(", %s undecided", assay_digits(t->undecided).text);
  putchar('\n');
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

static int certify(const struct assay_certify_options *options) {
  struct certification c = {.options = options};
  struct assay_error error = {0};
  const bool ok = prepare(&c, &error) && (options->output != NULL ? certify_to_file(&c, &error)
                                                                  : certify_network(&c, &error));
  const int code = ok ? conclude(&c) : assay_report_error(&error);
  assay_parameter_table_free(&c.table);
  assay_lowering_free(&c.lowering);
  assay_source_free(&c.source);
  free(c.differences);
  return code;
}

// --check //

static int64_t channels_of(const struct assay_network *network) {
  int64_t channels = 0;
  for (size_t i = 0; i < network->layer_count; ++i) {
    if (network->layers[i].kind == ASSAY_LAYER_CONV) {
      channels += network->layers[i].conv.shape.out_c;
    }
  }
  return channels;
}

static int print_check(const struct assay_network *network,
                       const struct assay_certificate_summary *s) {
  const size_t accepted = s->equal + s->differing;
  const bool pass = accepted > 0 && accepted == s->channels;
  printf("%zu of the network's %s stated\n", s->channels,
         assay_plural(channels_of(network), "channel").text);
  printf("accepted: %zu proved equal, %zu differ as stated on %s\n", s->equal, s->differing,
         assay_plural(s->differing_accumulators, "accumulator").text);
  if (s->undecided > 0) printf("stated as undecided, not checked: %zu\n", s->undecided);
  if (s->rejected > 0) printf("rejected: %zu, the first: %s\n", s->rejected, s->first_rejection);
  printf("by visiting every accumulator with the library's own contract function: %zu\n",
         s->trusting);
  printf("trusted, not checked:\n%s\n", assay_check_trusted);
  printf("%s  %s  %s\n", pass ? "PASS" : "REJECTED", network->name,
         pass ? "every statement is true" : "not every statement was found true");
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

static int check(const struct assay_certify_options *options) {
  struct assay_source source;
  struct assay_certificate_summary summary;
  struct assay_error error = {0};
  if (!assay_source_load_network(&options->source, kAnySize, kAnySize, &source, &error)) {
    return assay_report_error(&error);
  }
  const bool ok = assay_certificate_file_check(options->check, &source.bundle, &summary, &error);
  const int code = ok ? print_check(&source.bundle.network, &summary) : assay_report_error(&error);
  assay_source_free(&source);
  return code;
}

// The verb //

/** Options that exclude each other. */
static int refuse_contradiction(const struct assay_certify_options *o) {
  const int other_sides = (o->with != NULL) + (o->params != NULL);
  if (other_sides > 1)
    return assay_usage_error("certify", "--with and --params exclude each other");
  if (o->check != NULL && (other_sides > 0 || o->output != NULL || o->qdq)) {
    return assay_usage_error("certify", "--check goes with the network alone");
  }
  if (o->qdq && (other_sides > 0 || o->output != NULL)) {
    return assay_usage_error("certify", "--qdq goes with network, image and contract alone");
  }
  if (!o->qdq && o->source.image != NULL) {
    return assay_usage_error("certify", "--image goes with --qdq: all else holds for every image");
  }
  return ASSAY_PARSE_GO_ON;
}

static int run_verb(const struct assay_usage *usage, struct assay_certify_options *options,
                    int argc, char **argv) {
  const char *network = NULL;
  int operands = 0;
  int code = assay_parse_options(usage, argc, argv, &network, &operands);
  if (code == ASSAY_PARSE_GO_ON) code = refuse_contradiction(options);
  if (code != ASSAY_PARSE_GO_ON) return code;
  if (operands == 1) options->source.network = network;
  if (options->check != NULL) return check(options);
  return options->qdq ? assay_certify_qdq(&options->source) : certify(options);
}

int assay_verb_certify(int argc, char **argv) {
  struct assay_certify_options options = {.list = 8};
  const struct assay_option table[] = {
      ASSAY_OPTION_NETWORK(options.source),
      ASSAY_OPTION_CONTRACT(options.source),
      ASSAY_TEXT("with", 0, "NAME", &options.with, "the lowered parameters",
                 "compare the contract with another contract"),
      ASSAY_TEXT("params", 0, "FILE", &options.params, "the lowered parameters",
                 "compare the contract with your own table of hardware parameters\n"
                 "(config/README.md)"),
      ASSAY_OPTION_ENGINE(options.source),
      ASSAY_OPTION_REQUANTIZER(&options.requantizer),
      ASSAY_INTEGER("multiplier-bits", &options.multiplier_bits, 1, 31, "the engine's",
                    "width of the affine multiplier"),
      ASSAY_INTEGER("list", &options.list, 0, 1 << 24, "8",
                    "intervals of differing accumulators printed for a channel"),
      ASSAY_FLAG("witness", &options.witness,
                 "print an input for the nearest differing accumulator of a channel"),
      ASSAY_TEXT("output", 'o', "FILE", &options.output, "nothing is written",
                 "certificate file, with every difference"),
      ASSAY_TEXT("check", 0, "FILE", &options.check, "a certificate is made",
                 "have the independent checker verify this certificate file"),
      ASSAY_FLAG("qdq", &options.qdq,
                 "compare the Q/DQ float model with the contract on the actual input"),
      ASSAY_OPTION_IMAGE(options.source),
      ASSAY_OPTION_END};
  const struct assay_usage usage = {
      .verb = "certify",
      .operands = "[NETWORK]",
      .summary =
          "Prove, channel by channel, that two requantizers are equal, or list where they "
          "differ.",
      .details = details,
      .examples = examples,
      .options = table,
      .operands_max = 1};
  return run_verb(&usage, &options, argc, argv);
}
