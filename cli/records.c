/* What recordings of real libraries say about a network's channels. No twin. */
#include "cli/records.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/yaml.h"
#include "golden/compare.h"
#include "vectors/file.h"

/** One run over the records. */
struct search {
  const struct assay_source *source;
  const struct assay_lowering *lowering;
  bool *covered;  ///< [channels of the network]
  struct assay_recorded *recorded;
};

static bool is_true(struct assay_node map, const char *key) {
  static const char *const choices[] = {"false", "true", NULL};
  return assay_yaml_choice(assay_yaml_get(map, key), choices) == 1;
}

// Matching: a family's and a channel's parameters must be the network's, digit for digit //

static bool family_matches(struct assay_node family, const struct assay_conv *conv) {
  static const char *const dtypes[] = {"quint8", "qint8", NULL};  // order of enum assay_dtype
  return assay_yaml_scale(assay_yaml_get(family, "x_scale")) == conv->x.scale &&
         assay_yaml_scale(assay_yaml_get(family, "y_scale")) == conv->y.scale &&
         assay_yaml_int(assay_yaml_get(family, "y_zp"), -128, 255) == conv->y.zero_point &&
         assay_yaml_choice(assay_yaml_get(family, "dtype"), dtypes) == (size_t)conv->y.dtype &&
         is_true(family, "relu") == conv->relu &&
         is_true(family, "per_channel") == conv->per_channel;
}

static bool bias_matches(struct assay_node entry, const struct assay_channel *channel) {
  const struct assay_node bias = assay_yaml_find(entry, "bias");
  if (bias.id == 0) return !channel->has_bias;
  const char *text = assay_yaml_text(bias);
  return channel->has_bias && text != NULL && strtof(text, NULL) == channel->bias;
}

static bool holds(struct assay_node family, struct assay_interval range) {
  return assay_yaml_int(assay_yaml_get(family, "low"), INT32_MIN, INT32_MAX) <= range.lo &&
         assay_yaml_int(assay_yaml_get(family, "high"), INT32_MIN, INT32_MAX) >= range.hi;
}

// Comparison //

/** The recorded thresholds; each but the first is stored as the difference to the one before. */
static void read_thresholds(struct assay_node entry, int32_t q_low,
                            struct assay_threshold_list *list) {
  const struct assay_node thresholds = assay_yaml_get(entry, "thresholds");
  const int32_t first =
      (int32_t)assay_yaml_int(assay_yaml_get(entry, "first"), q_low, q_low + 255) - q_low;
  const size_t count = assay_yaml_list(thresholds, 0, (size_t)(255 - first));
  int64_t threshold = 0;
  for (int32_t k = 0; k < 255; ++k) {
    const bool above = k >= first && (size_t)(k - first) < count;
    if (above) {
      threshold +=
          assay_yaml_int(assay_yaml_item(thresholds, (size_t)(k - first)), INT32_MIN, INT32_MAX);
    }
    list->t[k] = k < first ? INT32_MIN : above ? (int32_t)threshold : INT32_MAX;
  }
}

static void compare_channel(const struct search *search, struct assay_node entry, size_t layer,
                            int32_t oc) {
  const struct assay_layer_lowering *lowering = &search->lowering->layers[layer];
  const struct assay_interval range = lowering->results[oc].range;
  const int32_t q_low = assay_dtype_min(lowering->layer->conv.y.dtype);
  struct assay_threshold_list list;
  struct assay_difference difference;
  read_thresholds(entry, q_low, &list);
  const struct assay_comparison comparison =
      assay_compare_lists(&lowering->lists[oc], &list, q_low, range, &difference, 1);
  struct assay_recorded *recorded = search->recorded;
  recorded->accumulators += range.hi - range.lo + 1;
  recorded->differing += comparison.count;
  if (comparison.count > 0 && recorded->first[0] == '\0') {
    snprintf(recorded->first, sizeof recorded->first,
             "%.64s channel %" PRId32 ", acc %" PRId32 ": contract %" PRId32 ", library %" PRId32,
             lowering->layer->name, oc, difference.first, difference.y_a, difference.y_b);
  }
}

/** Whether the contract has a normal form on the channel, so that lists can be compared. */
static bool has_list(const struct assay_lower_result *result) {
  return result->monotone == ASSAY_MONOTONE_BY_RULE ||
         result->monotone == ASSAY_MONOTONE_ENUMERATED;
}

/** Compares a channel with the first matching entry of a family. */
static bool search_family(const struct search *search, struct assay_node family, size_t layer,
                          int32_t oc) {
  const struct assay_layer_lowering *lowering = &search->lowering->layers[layer];
  const struct assay_channel channel = assay_channel_of(&lowering->layer->conv, oc);
  const struct assay_node entries = assay_yaml_get(family, "channels");
  const size_t count = assay_yaml_list(entries, 1, 4096);
  if (!has_list(&lowering->results[oc]) || !holds(family, lowering->results[oc].range))
    return false;
  for (size_t i = 0; i < count; ++i) {
    const struct assay_node entry = assay_yaml_item(entries, i);
    if (assay_yaml_scale(assay_yaml_get(entry, "w_scale")) != channel.w_scale) continue;
    if (!bias_matches(entry, &channel)) continue;
    compare_channel(search, entry, layer, oc);
    return true;
  }
  return false;
}

// Records //

/** Channels of all layers before this one. */
static size_t first_channel(const struct assay_lowering *lowering, size_t layer) {
  size_t first = 0;
  for (size_t i = 0; i < layer; ++i) first += (size_t)lowering->layers[i].layer->conv.shape.out_c;
  return first;
}

/** Compares a layer with every family of its parameters. @return channels that were compared */
static size_t search_layer(const struct search *search, struct assay_node families, size_t layer) {
  const struct assay_conv *conv = &search->lowering->layers[layer].layer->conv;
  const size_t count = assay_yaml_list(families, 1, 4096);
  const size_t first = first_channel(search->lowering, layer);
  size_t found = 0;
  for (size_t f = 0; f < count; ++f) {
    const struct assay_node family = assay_yaml_item(families, f);
    if (!family_matches(family, conv)) continue;
    for (int32_t oc = 0; oc < conv->shape.out_c; ++oc) {
      if (!search_family(search, family, layer, oc)) continue;
      search->covered[first + (size_t)oc] = true;
      ++found;
    }
  }
  return found;
}

static void name_library(struct assay_node root, struct assay_recorded *recorded) {
  const char *library = assay_yaml_text(assay_yaml_get(root, "library"));
  const size_t used = strlen(recorded->libraries);
  ++recorded->records;
  if (library == NULL || strstr(recorded->libraries, library) != NULL) return;
  snprintf(recorded->libraries + used, sizeof recorded->libraries - used, "%s%s",
           used > 0 ? ", " : "", library);
}

static bool search_record(const struct search *search, const char *path,
                          struct assay_error *error) {
  struct assay_yaml *yaml = assay_yaml_load(path, error);
  if (yaml == NULL) return false;
  const struct assay_node root = assay_yaml_root(yaml);
  const char *contract = assay_yaml_text(assay_yaml_get(root, "contract"));
  size_t found = 0;
  if (contract != NULL && strcmp(contract, search->source->contract->name) == 0) {
    const struct assay_node families = assay_yaml_get(root, "families");
    for (size_t i = 0; i < search->lowering->layer_count; ++i) {
      found += search_layer(search, families, i);
    }
  }
  if (found > 0) name_library(root, search->recorded);
  const bool ok = assay_yaml_ok(yaml);
  assay_yaml_free(yaml);
  return ok;
}

static bool search_folder(const struct search *search, const char *folder,
                          struct assay_error *error) {
  glob_t found = {0};
  char *pattern = assay_path_join(folder, "*.json", error);
  bool ok = pattern != NULL;
  if (ok) glob(pattern, 0, NULL, &found);
  for (size_t i = 0; ok && i < found.gl_pathc; ++i) {
    ok = search_record(search, found.gl_pathv[i], error);
  }
  globfree(&found);
  free(pattern);
  return ok;
}

bool assay_records_compare(const char *folder, const struct assay_source *source,
                           const struct assay_lowering *lowering, struct assay_recorded *recorded,
                           struct assay_error *error) {
  const size_t channels = first_channel(lowering, lowering->layer_count);
  bool *covered = calloc(channels + 1, sizeof *covered);
  if (covered == NULL) return assay_error_memory(error);
  *recorded = (struct assay_recorded){.channels = (int64_t)channels};
  const struct search search = {source, lowering, covered, recorded};
  const bool ok = search_folder(&search, folder, error);
  for (size_t i = 0; i < channels; ++i) recorded->covered += covered[i];
  free(covered);
  return ok;
}
