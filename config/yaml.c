/* A YAML document read through checks, on libyaml's document tree. */
#include "config/yaml.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct assay_yaml {
  const char *file;
  struct assay_error *error;
  yaml_document_t document;
};

static const struct assay_node kAbsent = {NULL, 0};

static struct assay_node node_at(struct assay_yaml *yaml, int id) {
  return (struct assay_node){yaml, id};
}

static bool usable(struct assay_node node) { return node.id != 0 && assay_yaml_ok(node.yaml); }

static yaml_node_t *raw(struct assay_node node) {
  return yaml_document_get_node(&node.yaml->document, node.id);
}

// Loading //

static void parser_error(const struct assay_yaml *yaml, const yaml_parser_t *parser) {
  const struct assay_mark mark = {yaml->file, parser->problem_mark.line + 1,
                                  parser->problem_mark.column + 1};
  assay_error_at(yaml->error, &mark, "%s, expected YAML",
                 parser->problem ? parser->problem : "cannot be read");
}

/* The file must end after its first document. */
static void refuse_second_document(const struct assay_yaml *yaml, yaml_parser_t *parser) {
  yaml_document_t next;
  if (!yaml_parser_load(parser, &next)) {
    parser_error(yaml, parser);
    return;
  }
  const yaml_node_t *root = yaml_document_get_root_node(&next);
  if (root != NULL) {
    const struct assay_mark mark = {yaml->file, root->start_mark.line + 1,
                                    root->start_mark.column + 1};
    assay_error_at(yaml->error, &mark, "a second document starts, expected one");
  }
  yaml_document_delete(&next);
}

/* Fills yaml->document; on false there is no document to delete. */
static bool load_document(struct assay_yaml *yaml, yaml_parser_t *parser) {
  if (!yaml_parser_load(parser, &yaml->document)) {
    parser_error(yaml, parser);
    return false;
  }
  if (yaml_document_get_root_node(&yaml->document) == NULL) {
    const struct assay_mark mark = {yaml->file, 1, 1};
    assay_error_at(yaml->error, &mark, "the file is empty, expected a mapping");
  } else {
    refuse_second_document(yaml, parser);
  }
  if (assay_yaml_ok(yaml)) return true;
  yaml_document_delete(&yaml->document);
  return false;
}

static bool parse_file(struct assay_yaml *yaml, FILE *file) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return assay_error_memory(yaml->error);
  yaml_parser_set_input_file(&parser, file);
  const bool loaded = load_document(yaml, &parser);
  yaml_parser_delete(&parser);
  return loaded;
}

struct assay_yaml *assay_yaml_load(const char *path, struct assay_error *error) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    const struct assay_mark mark = {path, 1, 1};
    assay_error_at(error, &mark, "cannot be opened (%s), expected a YAML file", strerror(errno));
    return NULL;
  }
  struct assay_yaml *yaml = calloc(1, sizeof *yaml);
  if (yaml == NULL) {
    assay_error_memory(error);
  } else {
    *yaml = (struct assay_yaml){.file = path, .error = error};
    if (!parse_file(yaml, file)) {
      free(yaml);
      yaml = NULL;
    }
  }
  fclose(file);
  return yaml;
}

void assay_yaml_free(struct assay_yaml *yaml) {
  if (yaml == NULL) return;
  yaml_document_delete(&yaml->document);
  free(yaml);
}

// Places and complaints //

bool assay_yaml_ok(const struct assay_yaml *yaml) {
  return yaml->error->exit_code == ASSAY_EXIT_PASS;
}

struct assay_node assay_yaml_root(struct assay_yaml *yaml) {
  return node_at(yaml, 1);
}

struct assay_mark assay_yaml_mark(struct assay_node node) {
  if (node.id == 0) return (struct assay_mark){"", 0, 0};
  const yaml_mark_t *start = &raw(node)->start_mark;
  return (struct assay_mark){node.yaml->file, start->line + 1, start->column + 1};
}

void assay_yaml_fail(struct assay_node node, const char *format, ...) {
  if (!usable(node)) return;
  const struct assay_mark mark = assay_yaml_mark(node);
  va_list arguments;
  va_start(arguments, format);
  assay_error_vat(node.yaml->error, &mark, format, arguments);
  va_end(arguments);
}

void assay_join_names(const char *const *names, char *text, size_t size) {
  size_t used = 0;
  text[0] = '\0';
  for (size_t i = 0; names[i] != NULL && used < size; ++i) {
    const int more = snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", names[i]);
    if (more < 0) return;
    used += (size_t)more;
  }
}

static const char *kind_name(const yaml_node_t *node) {
  switch (node->type) {
    case YAML_SCALAR_NODE:
      return "a single value";
    case YAML_SEQUENCE_NODE:
      return "a list";
    case YAML_MAPPING_NODE:
      return "a mapping";
    default:
      return "nothing";
  }
}

static bool demand_kind(struct assay_node node, yaml_node_type_t type, const char *expected) {
  if (!usable(node)) return false;
  if (raw(node)->type == type) return true;
  assay_yaml_fail(node, "found %s, expected %s", kind_name(raw(node)), expected);
  return false;
}

/* Text of a scalar; NULL after a complaint. A zero byte cannot hide behind the end of the text. */
static const char *scalar(struct assay_node node, const char *expected) {
  if (!demand_kind(node, YAML_SCALAR_NODE, expected)) return NULL;
  const char *text = (const char *)raw(node)->data.scalar.value;
  if (strlen(text) == raw(node)->data.scalar.length) return text;
  assay_yaml_fail(node, "the value holds a zero byte, expected %s", expected);
  return NULL;
}

// Mappings //

static size_t index_of(const char *const *names, const char *name) {
  size_t i = 0;
  while (names[i] != NULL && strcmp(names[i], name) != 0) ++i;
  return i;
}

static void check_key(struct assay_node key, const char *const *keys, uint64_t *seen) {
  const char *text = scalar(key, "a key");
  if (text == NULL) return;
  const size_t index = index_of(keys, text);
  if (keys[index] == NULL) {
    char known[512];
    assay_join_names(keys, known, sizeof known);
    assay_yaml_fail(key, "unknown key '%s', expected one of: %s", text, known);
  } else if (*seen >> index & 1) {
    assay_yaml_fail(key, "key '%s' appears twice, expected once", text);
  } else {
    *seen |= UINT64_C(1) << index;
  }
}

void assay_yaml_only(struct assay_node map, const char *const *keys) {
  if (!demand_kind(map, YAML_MAPPING_NODE, "a mapping")) return;
  uint64_t seen = 0;
  const yaml_node_t *node = raw(map);
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       pair < node->data.mapping.pairs.top; ++pair) {
    check_key(node_at(map.yaml, pair->key), keys, &seen);
  }
}

static bool is_null(struct assay_node node) {
  const yaml_node_t *value = raw(node);
  if (value->type != YAML_SCALAR_NODE) return false;
  if (value->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  const char *text = (const char *)value->data.scalar.value;
  return text[0] == '\0' || strcmp(text, "null") == 0 || strcmp(text, "~") == 0;
}

struct assay_node assay_yaml_find(struct assay_node map, const char *key) {
  if (!demand_kind(map, YAML_MAPPING_NODE, "a mapping")) return kAbsent;
  const yaml_node_t *node = raw(map);
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       pair < node->data.mapping.pairs.top; ++pair) {
    const yaml_node_t *name = raw(node_at(map.yaml, pair->key));
    if (name->type != YAML_SCALAR_NODE) continue;
    if (strcmp((const char *)name->data.scalar.value, key) != 0) continue;
    const struct assay_node value = node_at(map.yaml, pair->value);
    return is_null(value) ? kAbsent : value;
  }
  return kAbsent;
}

struct assay_node assay_yaml_get(struct assay_node map, const char *key) {
  const struct assay_node value = assay_yaml_find(map, key);
  if (value.id == 0) assay_yaml_fail(map, "key '%s' has no value, expected one", key);
  return value;
}

// Scalars //

int64_t assay_yaml_int(struct assay_node node, int64_t low, int64_t high) {
  const char *text = scalar(node, "an integer");
  if (text == NULL) return 0;
  char *end = NULL;
  errno = 0;
  const bool starts = (text[0] >= '0' && text[0] <= '9') || text[0] == '-' || text[0] == '+';
  const long long value = starts ? strtoll(text, &end, 10) : 0;
  const bool whole = starts && end != text && *end == '\0';
  if (whole && errno == 0 && value >= low && value <= high) return value;
  assay_yaml_fail(node, "'%s' is not usable here, expected an integer from %" PRId64 " to %" PRId64,
                  text, low, high);
  return 0;
}

double assay_yaml_scale(struct assay_node node) {
  const char *text = scalar(node, "a scale");
  if (text == NULL) return 0.0;
  char *end = NULL;
  const bool starts = (text[0] >= '0' && text[0] <= '9') || text[0] == '.';
  const double value = starts ? strtod(text, &end) : 0.0;
  const bool whole = starts && end != text && *end == '\0';
  if (whole && isnormal((float)value)) return value;
  const bool extreme = whole && isfinite(value) && value > 0.0;
  assay_yaml_fail(node, "scale is '%s', expected a finite number above 0%s", text,
                  extreme ? " that a normal float32 can hold" : "");
  return 0.0;
}

const char *assay_yaml_text(struct assay_node node) {
  const char *text = scalar(node, "a string");
  if (text == NULL || text[0] != '\0') return text;
  assay_yaml_fail(node, "the string is empty, expected text");
  return NULL;
}

size_t assay_yaml_choice(struct assay_node node, const char *const *names) {
  const char *text = scalar(node, "a name");
  if (text == NULL) return 0;
  const size_t index = index_of(names, text);
  if (names[index] != NULL) return index;
  char known[512];
  assay_join_names(names, known, sizeof known);
  assay_yaml_fail(node, "'%s' is not known here, expected one of: %s", text, known);
  return 0;
}

// Lists //

static size_t length(struct assay_node list) {
  const yaml_node_t *node = raw(list);
  return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

size_t assay_yaml_list(struct assay_node node, size_t low, size_t high) {
  if (!demand_kind(node, YAML_SEQUENCE_NODE, "a list")) return 0;
  const size_t count = length(node);
  if (count >= low && count <= high) return count;
  assay_yaml_fail(node, "the list has %zu values, expected %zu to %zu", count, low, high);
  return 0;
}

struct assay_node assay_yaml_item(struct assay_node list, size_t index) {
  if (!usable(list) || raw(list)->type != YAML_SEQUENCE_NODE || index >= length(list)) {
    return kAbsent;
  }
  return node_at(list.yaml, raw(list)->data.sequence.items.start[index]);
}
