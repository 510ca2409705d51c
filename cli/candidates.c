/* Contracts that a requantizer might have: one channel's parameters, every contract that takes
 * them. No twin. */
#include "cli/candidates.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "golden/requantizer.h"
#include "golden/thresholds.h"

enum { kAnySize = 256 };  // an image size at which every shipped layer has an output

static const int64_t kEnumerateLimit = (int64_t)1 << 24;

const char *const assay_dtype_choices[] = {"quint8", "qint8", NULL};
const char *const assay_forum_bias_choices[] = {"rounded", "folded", "int32", NULL};

const char assay_candidates_help[] =
    "The parameters come from --x-scale, --w-scale, --y-scale (with --bias, --y-zp, --relu), or\n"
    "from --multiplier and --shift (with --addend, --qbias, --y-zp, --clamp), or from a layer\n"
    "(--layer, with --network and --channel). Every contract that takes them is a candidate.";

struct assay_candidate_options assay_candidate_defaults(void) {
  return (struct assay_candidate_options){.x_scale = NAN,
                                          .w_scale = NAN,
                                          .y_scale = NAN,
                                          .bias = NAN,
                                          .multiplier = -1,
                                          .shift = -1,
                                          .forum_n = 16,
                                          .forum_bias = ASSAY_FORUM_BIAS_FOLDED};
}

// Parameters //

static bool check_scale(const char *verb, const char *name, double scale,
                        struct assay_error *error) {
  if (scale > 0 && isnormal((float)scale)) return true;
  return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                         "assay %s: --%s is %g, expected a number above 0, normal as float32", verb,
                         name, scale);
}

static bool read_scales(const char *verb, const struct assay_candidate_options *o,
                        struct assay_candidates *c, struct assay_error *error) {
  if (!check_scale(verb, "x-scale", o->x_scale, error) ||
      !check_scale(verb, "w-scale", o->w_scale, error) ||
      !check_scale(verb, "y-scale", o->y_scale, error)) {
    return false;
  }
  c->has_channel = true;
  c->channel = (struct assay_channel){
      .x_scale = o->x_scale,
      .w_scale = o->w_scale,
      .y_scale = o->y_scale,
      .y_zp = (int32_t)o->y_zp,
      .dtype = (enum assay_dtype)o->dtype,
      .relu = o->relu,
      .has_bias = !isnan(o->bias),
      .bias = isnan(o->bias) ? 0 : (float)o->bias,
      .per_channel = !o->per_tensor,
  };
  return true;
}

static bool read_integers(const char *verb, const struct assay_candidate_options *o,
                          struct assay_candidates *c, struct assay_error *error) {
  const enum assay_dtype dtype = (enum assay_dtype)o->dtype;
  const bool clamp = o->clamp.count == 2 && o->clamp.values[0] <= o->clamp.values[1];
  if (o->clamp.count != 0 && !clamp) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay %s: --clamp: expected two integers, LO,HI, LO <= HI", verb);
  }
  int32_t out_min = clamp ? (int32_t)o->clamp.values[0] : assay_dtype_min(dtype);
  if (o->relu && out_min < o->y_zp) out_min = (int32_t)o->y_zp;
  c->integers = (struct assay_fixed_point){
      .multiplier = o->multiplier,
      .shift = (int32_t)o->shift,
      .qbias = (int32_t)o->qbias,
      .addend = o->addend,
      .y_zp = (int32_t)o->y_zp,
      .out_min = out_min,
      .out_max = clamp ? (int32_t)o->clamp.values[1] : assay_dtype_max(dtype),
  };
  return true;
}

static const struct assay_conv *find_conv(const struct assay_network *network, const char *name) {
  for (size_t i = 0; i < network->layer_count; ++i) {
    const struct assay_layer *layer = &network->layers[i];
    if (layer->kind == ASSAY_LAYER_CONV && strcmp(layer->name, name) == 0) return &layer->conv;
  }
  return NULL;
}

/** Channel, interval and reachable accumulators of a layer. */
static bool read_conv(const char *verb, const struct assay_candidate_options *o,
                      const struct assay_conv *conv, struct assay_candidates *c,
                      struct assay_error *error) {
  struct assay_taps taps;
  if (conv == NULL || o->channel >= conv->shape.out_c) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay %s: there is no layer \"%s\" with a channel %" PRId64
                           ", expected a convolution of the network and one of its channels",
                           verb, o->layer, o->channel);
  }
  const int32_t oc = (int32_t)o->channel;
  c->has_channel = true;
  c->channel = assay_channel_of(conv, oc);
  if (assay_bounds_of_channel(conv, oc, &c->device.range) != ASSAY_OK) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay %s: layer %s: an accumulator leaves int32", verb, o->layer);
  }
  c->has_range = true;
  if (!assay_taps_interior(conv, oc, &taps)) return true;
  c->reach = malloc(sizeof *c->reach);
  if (c->reach == NULL) return assay_error_memory(error);
  assay_reach_prepare(&taps, c->reach);
  c->reach->taps.weight = NULL;  // of the bundle, which goes; queries do not need it
  return true;
}

static bool read_layer(const char *verb, const struct assay_candidate_options *o,
                       struct assay_candidates *c, struct assay_error *error) {
  struct assay_source source;
  if (!assay_source_load_network(&o->source, kAnySize, kAnySize, &source, error)) return false;
  const bool ok = read_conv(verb, o, find_conv(&source.bundle.network, o->layer), c, error);
  assay_source_free(&source);
  return ok;
}

static bool read_range(const char *verb, const struct assay_candidate_options *o,
                       struct assay_candidates *c, struct assay_error *error) {
  const struct assay_integer_list *range = &o->range;
  if (range->count == 0) return true;
  if (range->count != 2 || range->values[0] > range->values[1]) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay %s: --range: expected two integers, LO,HI, LO <= HI", verb);
  }
  c->device.range = (struct assay_interval){range->values[0], range->values[1]};
  c->has_range = true;
  free(c->reach);  // its ends are the layer's
  c->reach = NULL;
  return true;
}

/** Exactly one of the three ways to give parameters. */
static bool read_parameters(const char *verb, const struct assay_candidate_options *o,
                            struct assay_candidates *c, struct assay_error *error) {
  const bool scales = !isnan(o->x_scale) || !isnan(o->w_scale) || !isnan(o->y_scale);
  const bool integers = o->multiplier >= 0 || o->shift >= 0;
  if (scales + integers + (o->layer != NULL) != 1) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay %s: expected one of: --x-scale, --w-scale and --y-scale; "
                           "--multiplier and --shift; --layer",
                           verb);
  }
  if (integers && (o->multiplier < 0 || o->shift < 0)) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                           "assay %s: --multiplier and --shift: one is missing, expected both",
                           verb);
  }
  c->device.q_low = assay_dtype_min((enum assay_dtype)o->dtype);
  if (scales) return read_scales(verb, o, c, error);
  if (integers) return read_integers(verb, o, c, error);
  if (!read_layer(verb, o, c, error)) return false;
  c->device.q_low = assay_dtype_min(c->channel.dtype);
  return true;
}

bool assay_candidates_begin(const char *verb, const struct assay_candidate_options *options,
                            struct assay_candidates *candidates, struct assay_error *error) {
  struct assay_candidates *c = candidates;
  *c = (struct assay_candidates){0};
  if (read_parameters(verb, options, c, error) && read_range(verb, options, c, error)) {
    c->channel.forum_n = (int32_t)options->forum_n;
    c->channel.forum_bias = (enum assay_forum_bias)options->forum_bias;
    c->device.reach = c->reach;
    return true;
  }
  assay_candidates_free(c);
  return false;
}

// Candidates //

/** Keeps the last item, with its normal form where it has one. */
static void keep(struct assay_candidates *c, const char *name, enum assay_monotone rule) {
  struct assay_candidate *item = &c->items[c->count++];
  item->name = name;
  const enum assay_monotone known = assay_thresholds_of(
      &item->requantizer, rule, c->device.range, c->device.q_low, kEnumerateLimit, &item->list);
  item->has_list = known == ASSAY_MONOTONE_BY_RULE || known == ASSAY_MONOTONE_ENUMERATED;
}

static void add_contract(struct assay_candidates *c, const struct assay_contract *contract) {
  struct assay_requantizer *r = &c->items[c->count].requantizer;
  const struct assay_interval range = c->device.range;
  if (c->has_channel) {
    if (contract->prepare(&c->channel, r) != ASSAY_OK) return;
    keep(c, contract->name, assay_is_monotone(contract, &c->channel, range));
  } else if (contract->from_fixed_point != NULL) {
    if (contract->from_fixed_point(&c->integers, r) != ASSAY_OK) return;
    keep(c, contract->name, assay_is_monotone_fixed(contract, &c->integers, range));
  }
}

/** The affine requantizer has neither a bias nor a zero point of its own. */
static void add_affine(struct assay_candidates *c, const char *name, bool half_even) {
  const struct assay_fixed_point *p = &c->integers;
  const struct assay_affine affine = {(int32_t)p->multiplier, p->addend, p->shift};
  if (c->has_channel || p->qbias != 0 || p->y_zp != 0) return;
  struct assay_requantizer *r = &c->items[c->count].requantizer;
  if (assay_requantizer_from_affine(&affine, p->out_min, p->out_max, half_even, r) == ASSAY_OK) {
    keep(c, name, ASSAY_MONOTONE_BY_RULE);
  }
}

bool assay_candidates_prepare(struct assay_candidates *candidates, struct assay_error *error) {
  candidates->items = calloc(assay_contract_count() + 3, sizeof *candidates->items);
  if (candidates->items == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < assay_contract_count(); ++i) {
    add_contract(candidates, assay_contract_at(i));
  }
  add_affine(candidates, "affine", false);
  add_affine(candidates, "affine_half_even", true);
  return candidates->count > 0 ||
         assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                         "assay: no contract takes these parameters, expected scales or integers "
                         "inside the ranges of 'assay contracts NAME'");
}

const struct assay_candidate *assay_candidates_find(const struct assay_candidates *candidates,
                                                    const char *name) {
  for (size_t i = 0; i < candidates->count; ++i) {
    if (strcmp(candidates->items[i].name, name) == 0) return &candidates->items[i];
  }
  return NULL;
}

void assay_candidates_free(struct assay_candidates *candidates) {
  free(candidates->items);
  free(candidates->reach);
  *candidates = (struct assay_candidates){0};
}
