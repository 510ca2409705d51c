/* A YAML document read through checks: known keys only, ranges, and a place for every complaint. */
#ifndef ASSAY_CONFIG_YAML_H_
#define ASSAY_CONFIG_YAML_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One YAML document. The first failed check is kept in the error that was given to
 * assay_yaml_load; after it every getter returns its neutral value (0, NULL, an absent node), so
 * that a reader can be written as a straight list and look at the error once. */
struct assay_yaml;

/** A value of the document; id 0: absent. Valid until assay_yaml_free. */
struct assay_node {
  struct assay_yaml *yaml;
  int id;
};

/**
 * Reads a file that holds exactly one document.
 * @param path   kept in marks: must outlive the document
 * @param error  receives this and every later error; must outlive the document
 * @return       the document, or NULL with *error set; free with assay_yaml_free
 */
struct assay_yaml *assay_yaml_load(const char *path, struct assay_error *error);
/** NULL is allowed. */
void assay_yaml_free(struct assay_yaml *yaml);

/** The document's outermost value. */
struct assay_node assay_yaml_root(struct assay_yaml *yaml);
/** Where a value starts. */
struct assay_mark assay_yaml_mark(struct assay_node node);
/** Records `file:line:column: text` at a value. */
void assay_yaml_fail(struct assay_node node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** No error so far, in this document or in what else shares its error. */
bool assay_yaml_ok(const struct assay_yaml *yaml);

/** Demands a mapping whose keys are all in this NULL-terminated list, each at most once. */
void assay_yaml_only(struct assay_node map, const char *const *keys);
/** Value of a key; absent (without an error) where there is none, or where it is null. */
struct assay_node assay_yaml_find(struct assay_node map, const char *key);
/** Value of a key that must be there. */
struct assay_node assay_yaml_get(struct assay_node map, const char *key);

/** A decimal integer in low..high. */
int64_t assay_yaml_int(struct assay_node node, int64_t low, int64_t high);
/** A positive finite number, decimal or C's hexadecimal form (0x1.8p+3), rounded to double. As
 * float32, which is how PyTorch computes with it, it must be normal. */
double assay_yaml_scale(struct assay_node node);
/** A string that is not empty. Borrowed from the document. */
const char *assay_yaml_text(struct assay_node node);
/** Index of a string in a NULL-terminated list of names. */
size_t assay_yaml_choice(struct assay_node node, const char *const *names);

/** Demands a list of low..high values. @return its length */
size_t assay_yaml_list(struct assay_node node, size_t low, size_t high);
/** Value at an index of a list. */
struct assay_node assay_yaml_item(struct assay_node list, size_t index);

/** Writes "a, b, c" of a NULL-terminated list of names, cut to the buffer. */
void assay_join_names(const char *const *names, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_CONFIG_YAML_H_
