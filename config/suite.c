/* Reads a list of layer shapes, config/suites/NAME.yaml. */
#include "config/suite.h"

#include <stdlib.h>
#include <string.h>

#include "config/geometry.h"
#include "config/yaml.h"

enum { kMaxLayers = 4096, kMaxTarget = 100 };

static const char *const kSuiteKeys[] = {"format", "name", "source", "target", "layers", NULL};
static const char *const kConvKeys[] = {"name",     "type",         "in_size",     "in_channels",
                                        "stride",   "out_channels", "kernel_size", "padding",
                                        "dilation", "groups",       "target",      NULL};
static const char *const kLinearKeys[] = {"name",         "type",   "in_channels",
                                          "out_channels", "target", NULL};
static const char *const kTypes[] = {"Conv2d", "ConvReLU2d", "Linear", NULL};

enum type { kTypeConv, kTypeConvRelu, kTypeLinear };

static int32_t read_target(struct assay_node map) {
  const struct assay_node node = assay_yaml_find(map, "target");
  return node.id == 0 ? 0 : (int32_t)assay_yaml_int(node, 1, kMaxTarget);
}

static struct assay_conv_shape read_linear(struct assay_node map) {
  struct assay_conv_shape shape = {.in_y = 1,
                                   .in_x = 1,
                                   .kernel_y = 1,
                                   .kernel_x = 1,
                                   .stride_y = 1,
                                   .stride_x = 1,
                                   .dilation_y = 1,
                                   .dilation_x = 1,
                                   .groups = 1};
  assay_yaml_only(map, kLinearKeys);
  shape.in_c = assay_yaml_channels(map, "in_channels");
  shape.out_c = assay_yaml_channels(map, "out_channels");
  return shape;
}

static struct assay_conv_shape read_conv(struct assay_node map) {
  assay_yaml_only(map, kConvKeys);
  struct assay_conv_shape shape = assay_yaml_conv_shape(map);
  assay_yaml_image_size(assay_yaml_get(map, "in_size"), &shape.in_y, &shape.in_x);
  if (assay_yaml_ok(map.yaml) && assay_conv_shape_check(&shape) != ASSAY_OK) {
    assay_yaml_fail(map, "the kernel is larger than the padded image, expected an output");
  }
  return shape;
}

static void read_layer(struct assay_node map, struct assay_suite_layer *layer) {
  const enum type type = (enum type)assay_yaml_choice(assay_yaml_get(map, "type"), kTypes);
  layer->name = assay_yaml_name(assay_yaml_get(map, "name"));
  layer->at = assay_yaml_mark(map);
  layer->linear = type == kTypeLinear;
  layer->relu = type == kTypeConvRelu;
  layer->shape = layer->linear ? read_linear(map) : read_conv(map);
  layer->target = read_target(map);
}

static void check_unique(struct assay_node map, const struct assay_suite *suite, size_t index) {
  if (!assay_yaml_ok(map.yaml)) return;
  for (size_t i = 0; i < index; ++i) {
    if (strcmp(suite->layers[i].name, suite->layers[index].name) == 0) {
      assay_yaml_fail(assay_yaml_find(map, "name"),
                      "a second layer is named '%s', expected unique names",
                      suite->layers[index].name);
    }
  }
}

static bool read_layers(struct assay_node list, struct assay_suite *suite,
                        struct assay_error *error) {
  const size_t count = assay_yaml_list(list, 1, kMaxLayers);
  if (count == 0) return false;
  suite->layers = calloc(count, sizeof *suite->layers);
  if (suite->layers == NULL) return assay_error_memory(error);
  suite->layer_count = count;
  for (size_t i = 0; i < count && assay_yaml_ok(list.yaml); ++i) {
    const struct assay_node map = assay_yaml_item(list, i);
    read_layer(map, &suite->layers[i]);
    check_unique(map, suite, i);
  }
  return assay_yaml_ok(list.yaml);
}

static bool read_root(struct assay_node root, struct assay_suite *suite,
                      struct assay_error *error) {
  assay_yaml_only(root, kSuiteKeys);
  assay_yaml_int(assay_yaml_get(root, "format"), 1, 1);
  suite->name = assay_yaml_name(assay_yaml_get(root, "name"));
  suite->source = assay_yaml_text(assay_yaml_get(root, "source"));
  suite->target = read_target(root);
  return read_layers(assay_yaml_get(root, "layers"), suite, error);
}

bool assay_suite_read(const char *path, struct assay_suite *suite, struct assay_error *error) {
  struct assay_suite read = {.path = strdup(path)};
  if (read.path == NULL) return assay_error_memory(error);
  read.yaml = assay_yaml_load(read.path, error);
  const bool ok = read.yaml != NULL && read_root(assay_yaml_root(read.yaml), &read, error);
  if (ok) {
    *suite = read;
  } else {
    assay_suite_free(&read);
  }
  return ok;
}

void assay_suite_free(struct assay_suite *suite) {
  assay_yaml_free(suite->yaml);
  free(suite->path);
  free(suite->layers);
  *suite = (struct assay_suite){0};
}
