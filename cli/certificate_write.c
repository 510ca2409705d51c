/* Writes certificate files. No twin. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/certificate_file.h"
#include "cli/certificate_names.h"
#include "vectors/sha256.h"

enum { LEVELS = 255 };

void assay_certificate_file_begin(struct assay_json *json, const struct assay_network *network) {
  int32_t in_y = 0, in_x = 0;
  for (size_t i = 0; i < network->layer_count && in_y == 0; i++) {
    if (network->layers[i].kind != ASSAY_LAYER_CONV) continue;
    in_y = network->layers[i].conv.shape.in_y;
    in_x = network->layers[i].conv.shape.in_x;
  }
  assay_json_open(json, NULL, '{');
  assay_json_integer(json, "format", 1);
  assay_json_text(json, "network", network->name);
  assay_json_open(json, "image", '[');
  assay_json_integer(json, NULL, in_y);
  assay_json_integer(json, NULL, in_x);
  assay_json_close(json, ']');
  assay_json_open(json, "layers", '[');
}

bool assay_certificate_file_layer(struct assay_json *json, const struct assay_layer *layer,
                                  struct assay_error *error) {
  char hash[ASSAY_SHA256_TEXT];
  const struct assay_conv *conv = &layer->conv;
  const size_t size = (size_t)conv->shape.out_c * (size_t)assay_conv_taps(&conv->shape);
  if (!assay_sha256(conv->weight, size, hash, error)) return false;
  assay_json_open(json, NULL, '{');
  assay_json_text(json, "name", layer->name);
  assay_json_text(json, "weights", hash);
  assay_json_open(json, "channels", '[');
  return true;
}

static void write_scales(struct assay_json *json, const struct assay_channel *c) {
  char bias[48];
  snprintf(bias, sizeof bias, "%a", (double)c->bias);
  assay_json_real(json, "x_scale", c->x_scale);
  assay_json_real(json, "w_scale", c->w_scale);
  assay_json_real(json, "y_scale", c->y_scale);
  assay_json_integer(json, "y_zp", c->y_zp);
  assay_json_text(json, "dtype", assay_certificate_dtypes[c->dtype]);
  assay_json_integer(json, "relu", c->relu);
  assay_json_text(json, "bias", c->has_bias ? bias : NULL);
  assay_json_integer(json, "per_channel", c->per_channel);
  assay_json_integer(json, "forum_n", c->forum_n);
  assay_json_integer(json, "forum_bias", c->forum_bias);
}

static void write_integers(struct assay_json *json, const struct assay_fixed_point *p) {
  assay_json_integer(json, "multiplier", p->multiplier);
  assay_json_integer(json, "addend", p->addend);
  assay_json_integer(json, "shift", p->shift);
  assay_json_integer(json, "qbias", p->qbias);
  assay_json_integer(json, "y_zp", p->y_zp);
  assay_json_integer(json, "out_min", p->out_min);
  assay_json_integer(json, "out_max", p->out_max);
}

static void write_affine(struct assay_json *json, const struct assay_side *side) {
  assay_json_integer(json, "multiplier", side->affine.multiplier);
  assay_json_integer(json, "addend", side->affine.addend);
  assay_json_integer(json, "shift", side->affine.shift);
  assay_json_integer(json, "out_min", side->out_min);
  assay_json_integer(json, "out_max", side->out_max);
}

/** Level 255 first: 64 hexadecimal digits. */
static void write_late(struct assay_json *json, const struct assay_late_levels *late) {
  char text[65];
  snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
           late->bits[3], late->bits[2], late->bits[1], late->bits[0]);
  assay_json_text(json, "late", text);
}

static void write_list(struct assay_json *json, const char *key,
                       const struct assay_threshold_list *list) {
  char text[LEVELS * 12 + 1];
  size_t used = 0;
  for (int32_t k = 0; k < LEVELS; k++) {
    const int32_t t = list->t[k];
    const char *space = k == 0 ? "" : " ";
    int n;
    if (t == INT32_MIN || t == INT32_MAX) {
      n = snprintf(text + used, sizeof text - used, "%s%c", space, t == INT32_MIN ? '*' : '-');
    } else {
      n = snprintf(text + used, sizeof text - used, "%s%d", space, t);
    }
    used += (size_t)n;
  }
  assay_json_text(json, key, text);
}

static void write_side(struct assay_json *json, const char *key, const struct assay_side *side) {
  assay_json_open(json, key, '{');
  assay_json_text(json, "name", assay_side_name(side));
  assay_json_text(json, "form", assay_side_forms[side->form]);
  if (side->form == ASSAY_SIDE_SCALES) write_scales(json, &side->channel);
  if (side->form == ASSAY_SIDE_INTEGERS) write_integers(json, &side->integers);
  if (side->form == ASSAY_SIDE_AFFINE || side->form == ASSAY_SIDE_CORRECTED) {
    write_affine(json, side);
  }
  if (side->form == ASSAY_SIDE_CORRECTED) write_late(json, &side->late);
  if (side->form == ASSAY_SIDE_THRESHOLDS) write_list(json, "list", side->list);
  assay_json_close(json, '}');
}

static bool has_list(enum assay_monotone monotone) {
  return monotone == ASSAY_MONOTONE_BY_RULE || monotone == ASSAY_MONOTONE_ENUMERATED;
}

static void write_lists(struct assay_json *json, const struct assay_certificate *c) {
  const bool a = has_list(c->monotone_a), b = has_list(c->monotone_b);
  if (a) {
    write_list(json, "thresholds_a", &c->list_a);
  } else {
    assay_json_text(json, "thresholds_a", NULL);
  }
  if (b && !(a && c->claim == ASSAY_CLAIM_EQUAL)) {
    write_list(json, "thresholds_b", &c->list_b);
  } else {
    assay_json_text(json, "thresholds_b", b ? "a" : NULL);
  }
}

void assay_certificate_file_channel(struct assay_json *json, int32_t oc,
                                    const struct assay_certificate *certificate,
                                    const struct assay_difference *differences, size_t count) {
  assay_json_open(json, NULL, '{');
  assay_json_integer(json, "channel", oc);
  assay_json_open(json, "range", '[');
  assay_json_integer(json, NULL, certificate->range.lo);
  assay_json_integer(json, NULL, certificate->range.hi);
  assay_json_close(json, ']');
  write_side(json, "a", &certificate->a);
  write_side(json, "b", &certificate->b);
  assay_json_text(json, "claim", assay_claim_names[certificate->claim]);
  write_lists(json, certificate);
  assay_json_integer(json, "count", certificate->comparison.count);
  assay_json_open(json, "differences", '[');
  for (size_t i = 0; i < count; i++) {
    const struct assay_difference *d = &differences[i];
    assay_json_open(json, NULL, '[');
    assay_json_integer(json, NULL, d->first);
    assay_json_integer(json, NULL, d->last);
    assay_json_integer(json, NULL, d->y_a);
    assay_json_integer(json, NULL, d->y_b);
    assay_json_close(json, ']');
  }
  assay_json_close(json, ']');
  assay_json_close(json, '}');
}

void assay_certificate_file_layer_end(struct assay_json *json) {
  assay_json_close(json, ']');
  assay_json_close(json, '}');
}

void assay_certificate_file_end(struct assay_json *json) {
  assay_json_close(json, ']');
  assay_json_close(json, '}');
}
