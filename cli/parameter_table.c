/* The user's own table of hardware parameters, layer by layer and channel by channel. No twin. */
#include "cli/parameter_table.h"

#include <stdlib.h>
#include <string.h>

#include "config/yaml.h"
#include "golden/affine.h"
#include "golden/lower.h"

static const int64_t kAddendMax = ((int64_t)1 << (ASSAY_AFFINE_MAX_ADDEND_BITS - 1)) - 1;

/** What all channels of a layer share. */
struct layer_form {
  const struct assay_contract *contract;  ///< NULL: affine
  int32_t y_zp, out_min, out_max;
};

static struct assay_side read_affine(struct assay_node node, const struct layer_form *form) {
  static const char *const keys[] = {"multiplier", "addend", "shift", NULL};
  assay_yaml_only(node, keys);
  return (struct assay_side){
      .form = ASSAY_SIDE_AFFINE,
      .affine = {.multiplier =
                     (int32_t)assay_yaml_int(assay_yaml_get(node, "multiplier"), 0, INT32_MAX),
                 .addend = assay_yaml_int(assay_yaml_get(node, "addend"), -kAddendMax, kAddendMax),
                 .shift = (int32_t)assay_yaml_int(assay_yaml_get(node, "shift"), 0,
                                                  ASSAY_AFFINE_MAX_SHIFT)},
      .out_min = form->out_min,
      .out_max = form->out_max,
  };
}

/** Value of a key that may be left out. */
static int64_t optional(struct assay_node map, const char *key, int64_t low, int64_t high,
                        int64_t otherwise) {
  const struct assay_node node = assay_yaml_find(map, key);
  return node.id == 0 ? otherwise : assay_yaml_int(node, low, high);
}

static struct assay_side read_integers(struct assay_node node, const struct layer_form *form) {
  static const char *const keys[] = {"multiplier", "shift", "qbias", "addend", NULL};
  struct assay_requantizer unused;
  assay_yaml_only(node, keys);
  const struct assay_side side = {
      .form = ASSAY_SIDE_INTEGERS,
      .contract = form->contract,
      .integers = {
          .multiplier = assay_yaml_int(assay_yaml_get(node, "multiplier"), 0, INT32_MAX),
          .shift = (int32_t)assay_yaml_int(assay_yaml_get(node, "shift"), 0, 63),
          .qbias = (int32_t)optional(node, "qbias", INT32_MIN, INT32_MAX, 0),
          .addend = optional(node, "addend", -kAddendMax, kAddendMax, 0),
          .y_zp = form->y_zp,
          .out_min = form->out_min,
          .out_max = form->out_max,
      }};
  if (node.id != 0 && form->contract->from_fixed_point(&side.integers, &unused) != ASSAY_OK) {
    assay_yaml_fail(node,
                    "%s does not take these integers, expected those of its page (assay "
                    "contracts %s)",
                    form->contract->name, form->contract->name);
  }
  return side;
}

/** The requantizer: "affine", or a contract that takes integers. */
static void read_requantizer(struct assay_node map, struct layer_form *form) {
  const struct assay_node node = assay_yaml_find(map, "requantizer");
  const char *name = node.id == 0 ? "affine" : assay_yaml_text(node);
  if (name == NULL || strcmp(name, "affine") == 0) return;
  const struct assay_contract *contract = assay_contract_find(name);
  if (contract == NULL || contract->from_fixed_point == NULL) {
    assay_yaml_fail(node,
                    "\"%s\" takes no integers, expected affine, or a contract that does: "
                    "tflite_double, tosa_32_single, tvm_upward, nvdla, ne16, forum, ...",
                    name);
    return;
  }
  form->contract = contract;
}

static void read_clamp(struct assay_node map, enum assay_dtype dtype, struct layer_form *form) {
  const struct assay_node node = assay_yaml_find(map, "clamp");
  if (node.id == 0) return;
  const int32_t low = assay_dtype_min(dtype), high = assay_dtype_max(dtype);
  assay_yaml_list(node, 2, 2);
  form->out_min = (int32_t)assay_yaml_int(assay_yaml_item(node, 0), low, high);
  form->out_max = (int32_t)assay_yaml_int(assay_yaml_item(node, 1), low, high);
  if (form->out_min > form->out_max) {
    assay_yaml_fail(node, "the clamp [%d, %d] is empty, expected [least, greatest]", form->out_min,
                    form->out_max);
  }
}

static struct layer_form read_form(struct assay_node map, const struct assay_conv *conv) {
  const struct assay_channel channel = assay_channel_of(conv, 0);
  struct layer_form form = {.y_zp = channel.y_zp,
                            .out_min = assay_lower_out_min(&channel),
                            .out_max = assay_lower_out_max(&channel)};
  read_requantizer(map, &form);
  read_clamp(map, conv->y.dtype, &form);
  const int32_t low = assay_dtype_min(conv->y.dtype), high = assay_dtype_max(conv->y.dtype);
  form.y_zp = (int32_t)optional(map, "zero_point", low, high, form.y_zp);
  return form;
}

static void read_channels(struct assay_node map, const struct assay_conv *conv,
                          struct assay_side *sides) {
  const struct layer_form form = read_form(map, conv);
  const struct assay_node channels = assay_yaml_get(map, "channels");
  const size_t count = (size_t)conv->shape.out_c;
  if (assay_yaml_list(channels, count, count) != count) return;
  for (size_t oc = 0; oc < count; ++oc) {
    const struct assay_node node = assay_yaml_item(channels, oc);
    sides[oc] = form.contract == NULL ? read_affine(node, &form) : read_integers(node, &form);
  }
}

/** Index of the convolution that a layer of the table names; layer_count after a complaint. */
static size_t find_layer(struct assay_node node, const struct assay_network *network) {
  const char *name = assay_yaml_text(node);
  if (name == NULL) return network->layer_count;
  for (size_t i = 0; i < network->layer_count; ++i) {
    const struct assay_layer *layer = &network->layers[i];
    if (layer->kind == ASSAY_LAYER_CONV && strcmp(layer->name, name) == 0) return i;
  }
  assay_yaml_fail(node, "%s has no convolution \"%s\", expected the name of one", network->name,
                  name);
  return network->layer_count;
}

static void read_layer(struct assay_node map, const struct assay_network *network,
                       struct assay_parameter_table *table, struct assay_error *error) {
  static const char *const keys[] = {"name",       "requantizer", "clamp",
                                     "zero_point", "channels",    NULL};
  assay_yaml_only(map, keys);
  const struct assay_node name = assay_yaml_get(map, "name");
  const size_t index = find_layer(name, network);
  if (index == network->layer_count) return;
  if (table->sides[index] != NULL) {
    assay_yaml_fail(name, "layer %s appears twice, expected once", network->layers[index].name);
    return;
  }
  const struct assay_conv *conv = &network->layers[index].conv;
  table->sides[index] = calloc((size_t)conv->shape.out_c, sizeof **table->sides);
  if (table->sides[index] == NULL) {
    assay_error_memory(error);
    return;
  }
  read_channels(map, conv, table->sides[index]);
}

static void check_complete(struct assay_node layers, const struct assay_network *network,
                           const struct assay_parameter_table *table) {
  for (size_t i = 0; i < network->layer_count; ++i) {
    if (network->layers[i].kind == ASSAY_LAYER_CONV && table->sides[i] == NULL) {
      assay_yaml_fail(layers, "layer %s is missing, expected every convolution of %s",
                      network->layers[i].name, network->name);
    }
  }
}

static void read_table(struct assay_node root, const struct assay_network *network,
                       struct assay_parameter_table *table, struct assay_error *error) {
  static const char *const keys[] = {"format", "layers", NULL};
  assay_yaml_only(root, keys);
  assay_yaml_int(assay_yaml_get(root, "format"), 1, 1);
  const struct assay_node layers = assay_yaml_get(root, "layers");
  const size_t count = assay_yaml_list(layers, 1, network->layer_count);
  for (size_t i = 0; i < count; ++i) {
    read_layer(assay_yaml_item(layers, i), network, table, error);
  }
  check_complete(layers, network, table);
}

bool assay_parameter_table_read(const char *path, const struct assay_network *network,
                                struct assay_parameter_table *table, struct assay_error *error) {
  struct assay_parameter_table read = {.layer_count = network->layer_count};
  read.sides = calloc(network->layer_count, sizeof *read.sides);
  if (read.sides == NULL) return assay_error_memory(error);
  struct assay_yaml *yaml = assay_yaml_load(path, error);
  if (yaml != NULL) {
    read_table(assay_yaml_root(yaml), network, &read, error);
    assay_yaml_free(yaml);
  }
  if (error->exit_code == ASSAY_EXIT_PASS) {
    *table = read;
    return true;
  }
  assay_parameter_table_free(&read);
  return false;
}

void assay_parameter_table_free(struct assay_parameter_table *table) {
  for (size_t i = 0; i < table->layer_count; ++i) free(table->sides[i]);
  free(table->sides);
  *table = (struct assay_parameter_table){0};
}
