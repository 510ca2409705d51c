/* Command-line options as tables: one table parses a line and writes its help. No twin. */
#ifndef ASSAY_CLI_OPTIONS_H_
#define ASSAY_CLI_OPTIONS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/error.h"

/** How an option's text is read, and what `target` points to. */
enum assay_option_kind {
  ASSAY_OPTION_FLAG,     ///< no value; bool, set to true
  ASSAY_OPTION_TEXT,     ///< const char *, borrowed from the command line
  ASSAY_OPTION_INTEGER,  ///< int64_t, decimal or 0x, inside [least, greatest]
  ASSAY_OPTION_REAL,     ///< double, finite
  ASSAY_OPTION_LIST,  ///< struct assay_integer_list: comma-separated integers in [least, greatest]
  ASSAY_OPTION_CHOICE,  ///< int: index of the text in `choices`
};

enum { ASSAY_LIST_MAX = 16 };

/** Value of an ASSAY_OPTION_LIST. */
struct assay_integer_list {
  size_t count;
  int64_t values[ASSAY_LIST_MAX];
};

/** One option. The defaults stand in the targets before parsing; `shown` is their text for help. */
struct assay_option {
  const char *name;             ///< without the two dashes
  const char *value;            ///< placeholder in help, e.g. "FILE"; NULL for a flag
  void *target;                 ///< where the value goes; type by kind
  const char *shown;            ///< default as help prints it; NULL: none
  const char *help;             ///< what it does, one or more lines
  int64_t least, greatest;      ///< ASSAY_OPTION_INTEGER and _LIST
  const char *const *choices;   ///< ASSAY_OPTION_CHOICE: texts, NULL at the end
  enum assay_option_kind kind;  ///< how the text is read
  char letter;                  ///< short form, or 0
};

/** Entries of an option table. `letter` is 0 for none, `shown` NULL for no default. */
#define ASSAY_FLAG(name_, target_, help_) \
  { .name = (name_), .kind = ASSAY_OPTION_FLAG, .target = (target_), .help = (help_) }
#define ASSAY_TEXT(name_, letter_, value_, target_, shown_, help_)                      \
  {                                                                                     \
    .name = (name_), .letter = (letter_), .value = (value_), .kind = ASSAY_OPTION_TEXT, \
    .target = (target_), .shown = (shown_), .help = (help_)                             \
  }
#define ASSAY_REAL(name_, target_, shown_, help_)                                  \
  {                                                                                \
    .name = (name_), .value = "R", .kind = ASSAY_OPTION_REAL, .target = (target_), \
    .shown = (shown_), .help = (help_)                                             \
  }
#define ASSAY_INTEGER(name_, target_, least_, greatest_, shown_, help_)               \
  {                                                                                   \
    .name = (name_), .value = "N", .kind = ASSAY_OPTION_INTEGER, .target = (target_), \
    .shown = (shown_), .help = (help_), .least = (least_), .greatest = (greatest_)    \
  }
#define ASSAY_LIST(name_, value_, target_, least_, greatest_, shown_, help_)            \
  {                                                                                     \
    .name = (name_), .value = (value_), .kind = ASSAY_OPTION_LIST, .target = (target_), \
    .shown = (shown_), .help = (help_), .least = (least_), .greatest = (greatest_)      \
  }
#define ASSAY_CHOICE(name_, value_, target_, choices_, shown_, help_)                     \
  {                                                                                       \
    .name = (name_), .value = (value_), .kind = ASSAY_OPTION_CHOICE, .target = (target_), \
    .shown = (shown_), .help = (help_), .choices = (choices_)                             \
  }
#define ASSAY_OPTION_END \
  { .name = NULL }

/** What a verb accepts: its help text and its options. */
struct assay_usage {
  const char *verb;                    ///< e.g. "run"
  const char *operands;                ///< operands as help shows them, "" for none
  const char *summary;                 ///< one sentence
  const char *details;                 ///< paragraphs of help after the options; may be ""
  const char *examples;                ///< lines "  command\n      what it does\n"
  const struct assay_option *options;  ///< `name` is NULL at the end
  int operands_min, operands_max;      ///< how many operands are legal
};

/** What parsing decided: go on, or leave with this exit code. */
enum { ASSAY_PARSE_GO_ON = -1 };

/**
 * Read the arguments after the verb. `--name value`, `--name=value`, `-o value`, `--` ends options.
 * On `--help` prints help on standard output; on a mistake one line on standard error.
 * @param operands       receives up to usage->operands_max pointers into argv
 * @param operand_count  receives how many there are
 * @return ASSAY_PARSE_GO_ON, or the exit code: ASSAY_EXIT_PASS after help, ASSAY_EXIT_BAD_INPUT
 */
int assay_parse_options(const struct assay_usage *usage, int argc, char **argv,
                        const char **operands, int *operand_count);

/** Print one line `assay VERB: ...` on standard error; returns ASSAY_EXIT_BAD_INPUT. */
int assay_usage_error(const char *verb, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif  // ASSAY_CLI_OPTIONS_H_
