/* Reads a hardware configuration, config/engines/NAME.yaml. */
#include "config/engine.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "config/yaml.h"

/* One integer key: its range, and where its value goes. */
struct field {
  const char *key;
  size_t offset;
  int32_t low, high;
  bool power_of_two;
};

#define FIELD(name, low, high, power_of_two) \
  { #name, offsetof(struct assay_engine_config, name), low, high, power_of_two }

static const struct field kFields[] = {
    FIELD(pixels, 2, 16, true),         FIELD(channels, 2, 16, true),
    FIELD(bank_depth, 16, 65536, true), FIELD(weight_depth, 16, 1048576, true),
    FIELD(param_blocks, 1, 1024, true), FIELD(threshold_blocks, 1, 1024, true),
    FIELD(max_kernel, 1, 11, false),    FIELD(multiplier_bits, 8, 31, false),
    FIELD(addend_bits, 32, 56, false),
};
enum { kFieldCount = sizeof kFields / sizeof kFields[0] };

static const char *const kKeys[] = {"pixels",        "channels",         "bank_depth",
                                    "weight_depth",  "param_blocks",     "threshold_blocks",
                                    "max_kernel",    "multiplier_bits",  "addend_bits",
                                    "requantizers",  "acc_bits",         "packed_multipliers",
                                    "requant_lanes", "int4_weights",     "size_bits",
                                    "step_bits",     "tree_multipliers", NULL};
static const char *const kRequantizers[] = {"affine", "threshold", "corrected", NULL};
static const char *const kBools[] = {"false", "true", NULL};

static void read_field(struct assay_node root, const struct field *field,
                       struct assay_engine_config *engine) {
  const struct assay_node node = assay_yaml_get(root, field->key);
  const int32_t value = (int32_t)assay_yaml_int(node, field->low, field->high);
  if (field->power_of_two && (value & (value - 1)) != 0) {
    assay_yaml_fail(node, "%s is %d, expected a power of two", field->key, value);
  }
  memcpy((char *)engine + field->offset, &value, sizeof value);
}

static void read_requantizers(struct assay_node list, struct assay_engine_config *engine) {
  bool *const present[] = {&engine->affine, &engine->threshold, &engine->corrected};
  const size_t count = assay_yaml_list(list, 1, 3);
  for (size_t i = 0; i < count; ++i) {
    const struct assay_node item = assay_yaml_item(list, i);
    const size_t choice = assay_yaml_choice(item, kRequantizers);
    if (*present[choice]) {
      assay_yaml_fail(item, "'%s' appears twice, expected once", kRequantizers[choice]);
    }
    *present[choice] = true;
  }
  if (engine->corrected && !engine->affine) {
    assay_yaml_fail(list, "'corrected' without 'affine', expected both");
  }
}

/* Keys that may be left out. */
static int32_t read_bits(struct assay_node root, const char *key, int32_t low, int32_t high) {
  const struct assay_node node = assay_yaml_find(root, key);
  return node.id == 0 ? high : (int32_t)assay_yaml_int(node, low, high);
}

static void read_requant_lanes(struct assay_node root, struct assay_engine_config *engine) {
  const struct assay_node node = assay_yaml_find(root, "requant_lanes");
  engine->requant_lanes = engine->channels;
  if (node.id == 0) return;
  const int32_t lanes = (int32_t)assay_yaml_int(node, 1, engine->channels);
  if ((lanes & (lanes - 1)) != 0) {
    assay_yaml_fail(node, "requant_lanes is %d, expected a power of two", lanes);
  }
  engine->requant_lanes = lanes;
}

static bool read_bool(struct assay_node root, const char *key, bool otherwise) {
  const struct assay_node node = assay_yaml_find(root, key);
  return node.id == 0 ? otherwise : assay_yaml_choice(node, kBools) == 1;
}

/* The engine's name: the file's, without its folder and ending. */
static bool read_name(const char *path, struct assay_engine_config *engine,
                      struct assay_error *error) {
  const char *slash = strrchr(path, '/');
  const char *start = slash == NULL ? path : slash + 1;
  const char *dot = strrchr(start, '.');
  const size_t length = dot == NULL ? strlen(start) : (size_t)(dot - start);
  const struct assay_mark mark = {path, 1, 1};
  if (length == 0 || length >= sizeof engine->name) {
    return assay_error_at(error, &mark, "the file's name has %zu characters, expected 1 to %zu",
                          length, sizeof engine->name - 1);
  }
  memcpy(engine->name, start, length);
  return true;
}

/* bank_depth -> BankDepth */
static void camel_case(const char *key, char name[32]) {
  bool upper = true;
  size_t length = 0;
  for (; *key != '\0' && length < 31; ++key) {
    if (*key != '_') name[length++] = (char)(upper ? toupper((unsigned char)*key) : *key);
    upper = *key == '_';
  }
  name[length] = '\0';
}

bool assay_engine_parameter(const struct assay_engine_config *engine, size_t index,
                            struct assay_parameter *parameter) {
  const struct assay_parameter others[] = {
      {"WithAffine", engine->affine},          {"WithThreshold", engine->threshold},
      {"AccBits", engine->acc_bits},           {"PackedMultipliers", engine->packed_multipliers},
      {"RequantLanes", engine->requant_lanes}, {"WithCorrected", engine->corrected},
      {"WithInt4", engine->int4_weights},      {"SizeBits", engine->size_bits},
      {"StepBits", engine->step_bits},         {"TreeMultipliers", engine->tree_multipliers}};
  if (index >= kFieldCount + sizeof others / sizeof others[0]) return false;
  if (index >= kFieldCount) {
    *parameter = others[index - kFieldCount];
    return true;
  }
  camel_case(kFields[index].key, parameter->name);
  memcpy(&parameter->value, (const char *)engine + kFields[index].offset, sizeof(int32_t));
  return true;
}

bool assay_engine_read(const char *path, struct assay_engine_config *engine,
                       struct assay_error *error) {
  struct assay_engine_config read = {0};
  struct assay_yaml *yaml = assay_yaml_load(path, error);
  if (yaml == NULL) return false;
  const struct assay_node root = assay_yaml_root(yaml);
  assay_yaml_only(root, kKeys);
  for (size_t i = 0; i < kFieldCount; ++i) read_field(root, &kFields[i], &read);
  read_requantizers(assay_yaml_get(root, "requantizers"), &read);
  read.acc_bits = read_bits(root, "acc_bits", 17, 32);
  read.size_bits = read_bits(root, "size_bits", 8, 16);
  read.step_bits = read_bits(root, "step_bits", 4, 8);
  read.packed_multipliers = read_bool(root, "packed_multipliers", false);
  read_requant_lanes(root, &read);
  read.int4_weights = read_bool(root, "int4_weights", false);
  read.tree_multipliers = read_bool(root, "tree_multipliers", false);
  const bool ok = assay_yaml_ok(yaml) && read_name(path, &read, error);
  assay_yaml_free(yaml);
  if (ok) *engine = read;
  return ok;
}
