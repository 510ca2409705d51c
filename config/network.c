/* Reads network.yaml and waivers.yaml of a bundle: all but the tensors. */
#include "config/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/geometry.h"
#include "config/yaml.h"
#include "golden/contract.h"

static const char *const kNetworkKeys[] = {"format",   "name",   "provenance", "contract",
                                           "quantize", "layers", NULL};
static const char *const kProvenanceKeys[] = {"pytorch", "engine", NULL};
static const char *const kQuantizeKeys[] = {"name", "type", "scale", "zero_point", "dtype", NULL};
static const char *const kConvKeys[] = {
    "name",    "type",     "in_channels", "out_channels", "kernel_size",  "stride",
    "padding", "dilation", "groups",      "qscheme",      "weight",       "weight_scale",
    "bias",    "scale",    "zero_point",  "dtype",        "weight_dtype", NULL};
static const char *const kDequantizeKeys[] = {"name", "type", NULL};
static const char *const kWaiverKeys[] = {"layer", "contract", "count", "reason", NULL};

static const char *const kQuantizeForms[] = {"mul", "fma", NULL};
static const char *const kTypes[] = {"Quantize", "Conv2d", "ConvReLU2d", "DeQuantize", NULL};
static const char *const kDtypes[] = {"quint8", "qint8", NULL};  // order of enum assay_dtype
static const char *const kWeightDtypes[] = {"int8", "int4", NULL};
static const char *const kSchemes[] = {"per_tensor_affine", "per_channel_affine", NULL};

enum type { kTypeQuantize, kTypeConv, kTypeConvRelu, kTypeDequantize };

static enum assay_layer_kind kind_of(enum type type) {
  if (type == kTypeQuantize) return ASSAY_LAYER_QUANTIZE;
  return type == kTypeDequantize ? ASSAY_LAYER_DEQUANTIZE : ASSAY_LAYER_CONV;
}

// Names //

/* A file inside the bundle: bundles are copied and hashed as one folder. */
static struct assay_file_name read_file_name(struct assay_node node) {
  struct assay_file_name file = {assay_yaml_text(node), assay_yaml_mark(node)};
  if (file.name != NULL && (file.name[0] == '/' || strstr(file.name, "..") != NULL)) {
    assay_yaml_fail(node, "'%s' leaves the bundle's folder, expected a file inside it", file.name);
  }
  return file;
}

/* A contract that the golden model has. */
static const char *read_contract(struct assay_node node) {
  const char *name = assay_yaml_text(node);
  if (name == NULL || assay_contract_find(name) != NULL) return name;
  assay_yaml_fail(node, "contract '%s' is not known, expected one that 'assay contracts' lists",
                  name);
  return NULL;
}

// Quantization //

static struct assay_quant read_quant(struct assay_node map) {
  struct assay_quant quant = {.dtype = ASSAY_QUINT8};
  const struct assay_node dtype = assay_yaml_find(map, "dtype");
  if (dtype.id != 0) quant.dtype = (enum assay_dtype)assay_yaml_choice(dtype, kDtypes);
  quant.scale = assay_yaml_scale(assay_yaml_get(map, "scale"));
  quant.zero_point =
      (int32_t)assay_yaml_int(assay_yaml_get(map, "zero_point"), assay_dtype_min(quant.dtype),
                              assay_dtype_max(quant.dtype));
  return quant;
}

// Layers //

static void read_conv(struct assay_node map, struct assay_layer_text *layer) {
  assay_yaml_only(map, kConvKeys);
  layer->shape = assay_yaml_conv_shape(map);
  layer->quant = read_quant(map);
  layer->per_channel = assay_yaml_choice(assay_yaml_get(map, "qscheme"), kSchemes) == 1;
  layer->weight = read_file_name(assay_yaml_get(map, "weight"));
  layer->weight_scale = read_file_name(assay_yaml_get(map, "weight_scale"));
  const struct assay_node weight_dtype = assay_yaml_find(map, "weight_dtype");
  if (weight_dtype.id != 0) {
    layer->int4_weights = assay_yaml_choice(weight_dtype, kWeightDtypes) == 1;
    layer->weight_dtype_at = assay_yaml_mark(weight_dtype);
  }
  const struct assay_node bias = assay_yaml_find(map, "bias");
  if (bias.id != 0) layer->bias = read_file_name(bias);
}

static void read_layer(struct assay_node map, struct assay_layer_text *layer) {
  const enum type type = (enum type)assay_yaml_choice(assay_yaml_get(map, "type"), kTypes);
  layer->at = assay_yaml_mark(map);
  layer->name = assay_yaml_name(assay_yaml_get(map, "name"));
  layer->kind = kind_of(type);
  layer->relu = type == kTypeConvRelu;
  if (layer->kind == ASSAY_LAYER_CONV) {
    read_conv(map, layer);
  } else if (layer->kind == ASSAY_LAYER_QUANTIZE) {
    assay_yaml_only(map, kQuantizeKeys);
    layer->quant = read_quant(map);
  } else {
    assay_yaml_only(map, kDequantizeKeys);
  }
}

static void check_unique(struct assay_node map, const struct assay_network_text *text,
                         size_t index) {
  if (!assay_yaml_ok(map.yaml)) return;
  for (size_t i = 0; i < index; ++i) {
    if (strcmp(text->layers[i].name, text->layers[index].name) == 0) {
      assay_yaml_fail(assay_yaml_find(map, "name"),
                      "a second layer is named '%s', expected unique names",
                      text->layers[index].name);
    }
  }
}

/* Quantize, convolutions (at least one), perhaps DeQuantize. */
static void check_order(struct assay_node map, const struct assay_network_text *text,
                        size_t index) {
  const enum assay_layer_kind kind = text->layers[index].kind;
  const struct assay_node type = assay_yaml_find(map, "type");
  if ((kind == ASSAY_LAYER_QUANTIZE) != (index == 0)) {
    assay_yaml_fail(type, "layer %zu is %s, expected %s", index + 1,
                    index == 0 ? "not a Quantize" : "a Quantize",
                    index == 0 ? "a Quantize first" : "none but the first");
  }
  if (kind == ASSAY_LAYER_DEQUANTIZE && (index + 1 != text->layer_count || index == 1)) {
    assay_yaml_fail(type, "a DeQuantize stands at layer %zu, expected it last, after a convolution",
                    index + 1);
  }
}

static void check_chain(struct assay_node map, const struct assay_network_text *text,
                        size_t index) {
  if (index < 2 || text->layers[index].kind != ASSAY_LAYER_CONV) return;
  const struct assay_layer_text *before = &text->layers[index - 1];
  const struct assay_layer_text *layer = &text->layers[index];
  if (before->kind != ASSAY_LAYER_CONV || before->shape.out_c == layer->shape.in_c) return;
  assay_yaml_fail(assay_yaml_find(map, "in_channels"),
                  "in_channels is %d, expected %d, the out_channels of '%s'", layer->shape.in_c,
                  before->shape.out_c, before->name);
}

static bool read_layers(struct assay_node list, struct assay_network_text *text,
                        struct assay_error *error) {
  const size_t count = assay_yaml_list(list, 2, ASSAY_MAX_LAYERS);
  if (count == 0) return false;
  text->layers = calloc(count, sizeof *text->layers);
  if (text->layers == NULL) return assay_error_memory(error);
  text->layer_count = count;
  for (size_t i = 0; i < count && assay_yaml_ok(list.yaml); ++i) {
    const struct assay_node map = assay_yaml_item(list, i);
    read_layer(map, &text->layers[i]);
    check_unique(map, text, i);
    check_order(map, text, i);
    check_chain(map, text, i);
  }
  return assay_yaml_ok(list.yaml);
}

// Waivers //

static bool is_conv(const struct assay_network_text *text, const char *name) {
  for (size_t i = 0; i < text->layer_count; ++i) {
    if (text->layers[i].kind == ASSAY_LAYER_CONV && strcmp(text->layers[i].name, name) == 0) {
      return true;
    }
  }
  return false;
}

static void read_waiver(struct assay_node map, const struct assay_network_text *text,
                        struct assay_waiver *waiver) {
  assay_yaml_only(map, kWaiverKeys);
  const struct assay_node layer = assay_yaml_get(map, "layer");
  waiver->layer = assay_yaml_text(layer);
  if (waiver->layer != NULL && !is_conv(text, waiver->layer)) {
    assay_yaml_fail(layer, "no convolution is named '%s', expected a layer of this network",
                    waiver->layer);
  }
  waiver->contract = read_contract(assay_yaml_get(map, "contract"));
  waiver->count = assay_yaml_int(assay_yaml_get(map, "count"), 1, INT64_MAX);
  waiver->reason = assay_yaml_text(assay_yaml_get(map, "reason"));
}

static bool read_waivers(struct assay_node list, struct assay_network_text *text,
                         struct assay_error *error) {
  const size_t count = assay_yaml_list(list, 1, ASSAY_MAX_WAIVERS);
  text->waivers = calloc(count + 1, sizeof *text->waivers);
  if (text->waivers == NULL) return assay_error_memory(error);
  text->waiver_count = count;
  for (size_t i = 0; i < count; ++i) {
    read_waiver(assay_yaml_item(list, i), text, &text->waivers[i]);
  }
  return assay_yaml_ok(list.yaml);
}

// The file //

static bool read_provenance(struct assay_node map, struct assay_network_text *text,
                            struct assay_error *error) {
  assay_yaml_only(map, kProvenanceKeys);
  const char *pytorch = assay_yaml_text(assay_yaml_get(map, "pytorch"));
  const char *engine = assay_yaml_text(assay_yaml_get(map, "engine"));
  if (pytorch == NULL || engine == NULL) return false;
  const size_t size = strlen(pytorch) + strlen(engine) + sizeof "PyTorch  ";
  text->provenance = malloc(size);
  if (text->provenance == NULL) return assay_error_memory(error);
  snprintf(text->provenance, size, "PyTorch %s %s", pytorch, engine);
  return true;
}

static bool read_root(struct assay_node root, struct assay_network_text *text,
                      struct assay_error *error) {
  assay_yaml_only(root, kNetworkKeys);
  assay_yaml_int(assay_yaml_get(root, "format"), 1, 1);
  text->name = assay_yaml_name(assay_yaml_get(root, "name"));
  text->contract = read_contract(assay_yaml_get(root, "contract"));
  const struct assay_node quantize = assay_yaml_get(root, "quantize");
  text->quantize = kQuantizeForms[assay_yaml_choice(quantize, kQuantizeForms)];
  return read_provenance(assay_yaml_get(root, "provenance"), text, error) &&
         read_layers(assay_yaml_get(root, "layers"), text, error) && assay_yaml_ok(root.yaml);
}

static char *path_of(const char *folder, const char *name) {
  const size_t size = strlen(folder) + strlen(name) + 2;
  char *path = malloc(size);
  if (path != NULL) snprintf(path, size, "%s/%s", folder, name);
  return path;
}

static bool read_network_file(struct assay_network_text *text, struct assay_error *error) {
  text->yaml = assay_yaml_load(text->path, error);
  return text->yaml != NULL && read_root(assay_yaml_root(text->yaml), text, error);
}

/* waivers.yaml is written by people, network.yaml by programs; a bundle may have none. */
static bool read_waiver_file(struct assay_network_text *text, struct assay_error *error) {
  if (access(text->waiver_path, F_OK) != 0) return true;
  text->waiver_yaml = assay_yaml_load(text->waiver_path, error);
  return text->waiver_yaml != NULL && read_waivers(assay_yaml_root(text->waiver_yaml), text, error);
}

bool assay_network_text_read(const char *folder, struct assay_network_text *text,
                             struct assay_error *error) {
  struct assay_network_text read = {.path = path_of(folder, "network.yaml"),
                                    .waiver_path = path_of(folder, "waivers.yaml")};
  bool ok = read.path != NULL && read.waiver_path != NULL;
  if (!ok) {
    assay_error_memory(error);
  } else {
    ok = read_network_file(&read, error) && read_waiver_file(&read, error);
  }
  if (ok) {
    *text = read;
  } else {
    assay_network_text_free(&read);
  }
  return ok;
}

void assay_network_text_free(struct assay_network_text *text) {
  assay_yaml_free(text->yaml);
  assay_yaml_free(text->waiver_yaml);
  free(text->path);
  free(text->waiver_path);
  free(text->provenance);
  free(text->layers);
  free(text->waivers);
  *text = (struct assay_network_text){0};
}
