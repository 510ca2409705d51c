/* Reads certificate files and has every statement checked. No twin. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/certificate_file.h"
#include "cli/certificate_names.h"
#include "cli/check_certificate.h"
#include "config/yaml.h"
#include "vectors/sha256.h"

enum { LEVELS = 255 };

/** One channel's statement with the memory that it points into. */
struct statement {
  struct assay_check_claim claim;
  struct assay_fixed_point integers_a, integers_b;
  int32_t list_a[LEVELS], list_b[LEVELS], hardware_a[LEVELS], hardware_b[LEVELS];
  struct assay_check_difference *differences;
};

/** One threshold; *text moves behind it. */
static bool read_threshold(const char **text, int32_t *t) {
  while (**text == ' ') ++*text;
  const bool sign_only = **text == '-' && ((*text)[1] == ' ' || (*text)[1] == '\0');
  if (**text == '*' || sign_only) {
    *t = **text == '*' ? INT32_MIN : INT32_MAX;
    ++*text;
    return true;
  }
  char *end;
  errno = 0;
  const long long value = strtoll(*text, &end, 10);
  if (end == *text || errno != 0 || value <= INT32_MIN || value >= INT32_MAX) return false;
  *t = (int32_t)value;
  *text = end;
  return true;
}

static void read_list(struct assay_node node, int32_t list[LEVELS]) {
  const char *text = assay_yaml_text(node);
  if (text == NULL) return;
  for (int32_t k = 0; k < LEVELS; k++) {
    if (read_threshold(&text, &list[k])) continue;
    assay_yaml_fail(node, "threshold %d cannot be read, expected an integer, '*' or '-'", k);
    return;
  }
  if (*text != '\0') assay_yaml_fail(node, "more than 255 thresholds, expected 255");
}

static float read_bias(struct assay_node node) {
  const char *text = assay_yaml_text(node);
  if (text == NULL) return 0;
  char *end;
  const float value = strtof(text, &end);
  if (end == text || *end != '\0' || !isfinite(value)) {
    assay_yaml_fail(node, "'%s' is no bias, expected a number in C's hexadecimal form", text);
  }
  return value;
}

static void read_scales(struct assay_node node, struct assay_channel *c) {
  const struct assay_node bias = assay_yaml_find(node, "bias");
  *c = (struct assay_channel){
      .x_scale = assay_yaml_scale(assay_yaml_get(node, "x_scale")),
      .w_scale = assay_yaml_scale(assay_yaml_get(node, "w_scale")),
      .y_scale = assay_yaml_scale(assay_yaml_get(node, "y_scale")),
      .y_zp = (int32_t)assay_yaml_int(assay_yaml_get(node, "y_zp"), -128, 255),
      .dtype = (enum assay_dtype)assay_yaml_choice(assay_yaml_get(node, "dtype"),
                                                   assay_certificate_dtypes),
      .relu = assay_yaml_int(assay_yaml_get(node, "relu"), 0, 1) != 0,
      .has_bias = bias.id != 0,
      .bias = bias.id != 0 ? read_bias(bias) : 0,
      .per_channel = assay_yaml_int(assay_yaml_get(node, "per_channel"), 0, 1) != 0,
      .forum_n = (int32_t)assay_yaml_int(assay_yaml_get(node, "forum_n"), 1, 31),
      .forum_bias = (enum assay_forum_bias)assay_yaml_int(assay_yaml_get(node, "forum_bias"), 0, 2),
  };
}

static void read_affine(struct assay_node node, struct assay_check_side *side) {
  side->multiplier = assay_yaml_int(assay_yaml_get(node, "multiplier"), 0, INT32_MAX);
  side->addend = assay_yaml_int(assay_yaml_get(node, "addend"), INT64_MIN + 1, INT64_MAX);
  side->shift = (int32_t)assay_yaml_int(assay_yaml_get(node, "shift"), 0, 63);
  side->out_min = (int32_t)assay_yaml_int(assay_yaml_get(node, "out_min"), -128, 255);
  side->out_max = (int32_t)assay_yaml_int(assay_yaml_get(node, "out_max"), -128, 255);
}

/** 64 hexadecimal digits, level 255 first. */
static void read_late(struct assay_node node, uint64_t late[4]) {
  const char *text = assay_yaml_text(node);
  if (text == NULL) return;
  if (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64) {
    assay_yaml_fail(node, "'%s' are no late levels, expected 64 hexadecimal digits", text);
    return;
  }
  for (int32_t word = 0; word < 4; word++) {
    char digits[17] = "";
    memcpy(digits, text + (ptrdiff_t)16 * (3 - word), 16);
    late[word] = strtoull(digits, NULL, 16);
  }
}

static void read_integers(struct assay_node node, const struct assay_check_side *side,
                          struct assay_fixed_point *p) {
  *p = (struct assay_fixed_point){
      .multiplier = side->multiplier,
      .shift = side->shift,
      .qbias = (int32_t)assay_yaml_int(assay_yaml_get(node, "qbias"), INT32_MIN, INT32_MAX),
      .addend = side->addend,
      .y_zp = (int32_t)assay_yaml_int(assay_yaml_get(node, "y_zp"), -128, 255),
      .out_min = side->out_min,
      .out_max = side->out_max,
  };
}

static void read_side(struct assay_node node, int32_t q_low, int32_t hardware[LEVELS],
                      struct assay_fixed_point *integers, struct assay_check_side *side) {
  *side = (struct assay_check_side){.name = assay_yaml_text(assay_yaml_get(node, "name"))};
  const size_t form = assay_yaml_choice(assay_yaml_get(node, "form"), assay_side_forms);
  if (form == ASSAY_SIDE_SCALES) read_scales(node, &side->channel);
  if (form != ASSAY_SIDE_SCALES && form != ASSAY_SIDE_THRESHOLDS) read_affine(node, side);
  if (form == ASSAY_SIDE_CORRECTED) read_late(assay_yaml_get(node, "late"), side->late);
  if (form == ASSAY_SIDE_INTEGERS) {
    read_integers(node, side, integers);
    side->integers = integers;
  }
  if (form == ASSAY_SIDE_THRESHOLDS) {
    read_list(assay_yaml_get(node, "list"), hardware);
    side->list = hardware;
    side->out_min = q_low;
  }
}

static void read_differences(struct assay_node list, struct statement *s) {
  const size_t count = assay_yaml_list(list, 0, (size_t)1 << 24);
  s->differences = calloc(count + 1, sizeof *s->differences);
  if (s->differences == NULL) {
    assay_yaml_fail(list, "out of memory for %zu differences", count);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const struct assay_node item = assay_yaml_item(list, i);
    assay_yaml_list(item, 4, 4);
    s->differences[i] = (struct assay_check_difference){
        .first = assay_yaml_int(assay_yaml_item(item, 0), INT32_MIN, INT32_MAX),
        .last = assay_yaml_int(assay_yaml_item(item, 1), INT32_MIN, INT32_MAX),
        .y_a = (int32_t)assay_yaml_int(assay_yaml_item(item, 2), -128, 255),
        .y_b = (int32_t)assay_yaml_int(assay_yaml_item(item, 3), -128, 255),
    };
  }
  s->claim.differences = s->differences;
  s->claim.difference_count = count;
}

static void read_lists(struct assay_node node, struct statement *s) {
  const struct assay_node a = assay_yaml_find(node, "thresholds_a");
  const struct assay_node b = assay_yaml_find(node, "thresholds_b");
  if (a.id != 0) {
    read_list(a, s->list_a);
    s->claim.list_a = s->list_a;
  }
  if (b.id == 0) return;
  const char *text = assay_yaml_text(b);
  const bool as_a = text != NULL && strcmp(text, "a") == 0;
  if (!as_a) read_list(b, s->list_b);
  s->claim.list_b = as_a ? s->claim.list_a : s->list_b;
}

static void read_statement(struct assay_node node, const struct assay_conv *conv,
                           struct statement *s) {
  static const char *const keys[] = {
      "channel",      "range",        "a",     "b",           "claim",
      "thresholds_a", "thresholds_b", "count", "differences", NULL};
  const int32_t q_low = assay_dtype_min(conv->y.dtype);
  assay_yaml_only(node, keys);
  s->claim.conv = conv;
  s->claim.oc = (int32_t)assay_yaml_int(assay_yaml_get(node, "channel"), 0, conv->shape.out_c - 1);
  const struct assay_node range = assay_yaml_get(node, "range");
  assay_yaml_list(range, 2, 2);
  s->claim.lo = assay_yaml_int(assay_yaml_item(range, 0), INT32_MIN, 0);
  s->claim.hi = assay_yaml_int(assay_yaml_item(range, 1), 0, INT32_MAX);
  read_side(assay_yaml_get(node, "a"), q_low, s->hardware_a, &s->integers_a, &s->claim.a);
  read_side(assay_yaml_get(node, "b"), q_low, s->hardware_b, &s->integers_b, &s->claim.b);
  read_lists(node, s);
  s->claim.count = assay_yaml_int(assay_yaml_get(node, "count"), -1, INT64_MAX);
  read_differences(assay_yaml_get(node, "differences"), s);
}

static void note_rejection(struct assay_certificate_summary *summary, const char *layer, int32_t oc,
                           const char *reason) {
  summary->rejected++;
  if (summary->first_rejection[0] != '\0') return;
  snprintf(summary->first_rejection, sizeof summary->first_rejection, "layer %.100s channel %d: %s",
           layer, oc, reason);
}

/** Whether a side with scales has those of the layer. */
static bool is_of_layer(const struct assay_check_side *side, const struct assay_conv *conv,
                        int32_t oc) {
  const struct assay_channel *c = &side->channel;
  if (c->x_scale == 0) return true;  // integer parameters
  const struct assay_channel own = assay_channel_of(conv, oc);
  return c->x_scale == own.x_scale && c->w_scale == own.w_scale && c->y_scale == own.y_scale &&
         c->y_zp == own.y_zp && c->dtype == own.dtype && c->relu == own.relu &&
         c->has_bias == own.has_bias && c->bias == own.bias && c->per_channel == own.per_channel;
}

static void judge(const struct assay_check_claim *claim, size_t stated, const char *layer,
                  struct assay_certificate_summary *summary) {
  if (stated == ASSAY_CLAIM_UNDECIDED) {
    summary->undecided++;
    return;
  }
  if ((stated == ASSAY_CLAIM_EQUAL) != (claim->count == 0)) {
    note_rejection(summary, layer, claim->oc, "the claim contradicts its own count");
    return;
  }
  if (!is_of_layer(&claim->a, claim->conv, claim->oc) ||
      !is_of_layer(&claim->b, claim->conv, claim->oc)) {
    note_rejection(summary, layer, claim->oc, "scales, bias or ReLU are not the bundle's");
    return;
  }
  const struct assay_check_result result = assay_check_certificate(claim);
  if (!result.accepted) {
    note_rejection(summary, layer, claim->oc, result.reason);
    return;
  }
  *(stated == ASSAY_CLAIM_EQUAL ? &summary->equal : &summary->differing) += 1;
  summary->trusting += result.trusts_a || result.trusts_b;
  summary->differing_accumulators += claim->count;
}

static void check_channel(struct assay_node node, const struct assay_layer *layer,
                          struct assay_certificate_summary *summary) {
  struct statement *s = calloc(1, sizeof *s);
  if (s == NULL) {
    assay_yaml_fail(node, "out of memory for one channel");
    return;
  }
  read_statement(node, &layer->conv, s);
  const size_t stated = assay_yaml_choice(assay_yaml_get(node, "claim"), assay_claim_names);
  summary->channels++;
  if (assay_yaml_ok(node.yaml)) judge(&s->claim, stated, layer->name, summary);
  free(s->differences);
  free(s);
}

static const struct assay_layer *find_layer(struct assay_node name,
                                            const struct assay_network *network) {
  const char *text = assay_yaml_text(name);
  for (size_t i = 0; text != NULL && i < network->layer_count; i++) {
    const struct assay_layer *layer = &network->layers[i];
    if (layer->kind == ASSAY_LAYER_CONV && strcmp(layer->name, text) == 0) return layer;
  }
  if (text != NULL) assay_yaml_fail(name, "'%s' is no convolution of %s", text, network->name);
  return NULL;
}

static bool weights_match(struct assay_node stated, const struct assay_conv *conv,
                          struct assay_error *error) {
  char hash[ASSAY_SHA256_TEXT];
  const size_t size = (size_t)conv->shape.out_c * (size_t)assay_conv_taps(&conv->shape);
  const char *text = assay_yaml_text(stated);
  if (text == NULL || !assay_sha256(conv->weight, size, hash, error)) return false;
  if (strcmp(text, hash) == 0) return true;
  assay_yaml_fail(stated, "other weights than the bundle's, expected %s", hash);
  return false;
}

static void check_layer(struct assay_node node, const struct assay_network *network,
                        struct assay_certificate_summary *summary, struct assay_error *error) {
  static const char *const keys[] = {"name", "weights", "channels", NULL};
  assay_yaml_only(node, keys);
  const struct assay_layer *layer = find_layer(assay_yaml_get(node, "name"), network);
  if (layer == NULL) return;
  if (!weights_match(assay_yaml_get(node, "weights"), &layer->conv, error)) return;
  const struct assay_node channels = assay_yaml_get(node, "channels");
  const size_t count = assay_yaml_list(channels, 0, (size_t)layer->conv.shape.out_c);
  for (size_t i = 0; i < count && assay_yaml_ok(node.yaml); i++) {
    check_channel(assay_yaml_item(channels, i), layer, summary);
  }
}

static void check_document(struct assay_node root, struct assay_bundle *bundle,
                           struct assay_certificate_summary *summary, struct assay_error *error) {
  static const char *const keys[] = {"format", "network", "image", "layers", NULL};
  assay_yaml_only(root, keys);
  assay_yaml_int(assay_yaml_get(root, "format"), 1, 1);
  const struct assay_node image = assay_yaml_get(root, "image");
  assay_yaml_list(image, 2, 2);
  const int32_t in_y = (int32_t)assay_yaml_int(assay_yaml_item(image, 0), 1, INT32_MAX);
  const int32_t in_x = (int32_t)assay_yaml_int(assay_yaml_item(image, 1), 1, INT32_MAX);
  const struct assay_node layers = assay_yaml_get(root, "layers");
  const size_t count = assay_yaml_list(layers, 1, ASSAY_MAX_LAYERS);
  if (!assay_yaml_ok(root.yaml) || !assay_bundle_resize(bundle, in_y, in_x, error)) return;
  for (size_t i = 0; i < count && assay_yaml_ok(root.yaml); i++) {
    check_layer(assay_yaml_item(layers, i), &bundle->network, summary, error);
  }
}

bool assay_certificate_file_check(const char *path, struct assay_bundle *bundle,
                                  struct assay_certificate_summary *summary,
                                  struct assay_error *error) {
  struct assay_certificate_summary found = {0};
  struct assay_yaml *yaml = assay_yaml_load(path, error);
  if (yaml == NULL) return false;
  check_document(assay_yaml_root(yaml), bundle, &found, error);
  const bool ok = assay_yaml_ok(yaml);
  assay_yaml_free(yaml);
  if (ok) *summary = found;
  return ok;
}
