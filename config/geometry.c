/* Names and geometry of layers, as every file of layers writes them. */
#include "config/geometry.h"

#include <string.h>

enum { kMaxChannels = 1 << 20, kMaxWindow = 1024, kMaxImage = 65535 };

// Names //

static bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

/* A name that is safe as a part of a file name. */
const char *assay_yaml_name(struct assay_node node) {
  const char *name = assay_yaml_text(node);
  if (name == NULL) return NULL;
  size_t length = 0;
  while (name_character(name[length])) ++length;
  if (name[length] == '\0' && length <= 64 && name[0] != '.') return name;
  assay_yaml_fail(node,
                  "name '%s' is not usable in file names, expected up to 64 letters, digits, "
                  "'.', '_', '-', not starting with '.'",
                  name);
  return NULL;
}

// Geometry //

int32_t assay_yaml_channels(struct assay_node map, const char *key) {
  return (int32_t)assay_yaml_int(assay_yaml_get(map, key), 1, kMaxChannels);
}

/* [y, x], or a default for both where the key is absent. */
static void read_pair(struct assay_node list, int32_t low, int32_t fallback, int32_t *y,
                      int32_t *x) {
  *y = fallback;
  *x = fallback;
  if (list.id == 0) return;
  assay_yaml_list(list, 2, 2);
  *y = (int32_t)assay_yaml_int(assay_yaml_item(list, 0), low, kMaxWindow);
  *x = (int32_t)assay_yaml_int(assay_yaml_item(list, 1), low, kMaxWindow);
}

/* [y, x] as in PyTorch, or [top, bottom, left, right]. */
static void read_padding(struct assay_node list, struct assay_conv_shape *shape) {
  if (list.id == 0) return;
  const size_t count = assay_yaml_list(list, 2, 4);
  if (count == 3) assay_yaml_fail(list, "the list has 3 values, expected 2 or 4");
  int32_t *const pads[] = {&shape->pad_top, &shape->pad_bottom, &shape->pad_left,
                           &shape->pad_right};
  for (size_t i = 0; i < 4; ++i) {
    const struct assay_node item = assay_yaml_item(list, count == 2 ? i / 2 : i);
    *pads[i] = (int32_t)assay_yaml_int(item, 0, kMaxWindow);
  }
}

static int32_t read_groups(struct assay_node map, const struct assay_conv_shape *shape) {
  const struct assay_node node = assay_yaml_find(map, "groups");
  if (node.id == 0) return 1;
  const int32_t groups = (int32_t)assay_yaml_int(node, 1, kMaxChannels);
  if (groups > 0 && (shape->in_c % groups != 0 || shape->out_c % groups != 0)) {
    assay_yaml_fail(node, "groups is %d, expected a divisor of in_channels %d and out_channels %d",
                    groups, shape->in_c, shape->out_c);
  }
  return groups;
}

struct assay_conv_shape assay_yaml_conv_shape(struct assay_node map) {
  struct assay_conv_shape shape = {0};
  shape.in_c = assay_yaml_channels(map, "in_channels");
  shape.out_c = assay_yaml_channels(map, "out_channels");
  read_pair(assay_yaml_get(map, "kernel_size"), 1, 1, &shape.kernel_y, &shape.kernel_x);
  read_pair(assay_yaml_find(map, "stride"), 1, 1, &shape.stride_y, &shape.stride_x);
  read_pair(assay_yaml_find(map, "dilation"), 1, 1, &shape.dilation_y, &shape.dilation_x);
  read_padding(assay_yaml_find(map, "padding"), &shape);
  shape.groups = read_groups(map, &shape);
  return shape;
}

void assay_yaml_image_size(struct assay_node node, int32_t *y, int32_t *x) {
  assay_yaml_list(node, 2, 2);
  *y = (int32_t)assay_yaml_int(assay_yaml_item(node, 0), 1, kMaxImage);
  *x = (int32_t)assay_yaml_int(assay_yaml_item(node, 1), 1, kMaxImage);
}
