/* Command-line options as tables: one table parses a line and writes its help. No twin. */
#include "cli/options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 28 };

int assay_usage_error(const char *verb, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "assay %s: ", verb);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  return ASSAY_EXIT_BAD_INPUT;
}

// Help //

static void print_lines(const char *text, int indent) {
  for (const char *line = text; *line != '\0';) {
    const size_t length = strcspn(line, "\n");
    printf("%.*s\n", (int)length, line);
    line += length;
    if (*line == '\n') ++line;
    if (*line != '\0') printf("%*s", indent, "");
  }
}

static void print_choices(const struct assay_option *option) {
  printf("%*s", HELP_COLUMN, "");
  for (size_t i = 0; option->choices[i] != NULL; ++i) {
    printf("%s%s", i == 0 ? "one of: " : ", ", option->choices[i]);
  }
  putchar('\n');
}

static void print_option(const struct assay_option *option) {
  char head[64];
  const char letter[] = {'-', option->letter, ',', ' ', '\0'};
  snprintf(head, sizeof head, "  %s--%s%s%s", option->letter != 0 ? letter : "", option->name,
           option->value != NULL ? " " : "", option->value != NULL ? option->value : "");
  if (strlen(head) + 2 > HELP_COLUMN) {
    printf("%s\n%*s", head, HELP_COLUMN, "");
  } else {
    printf("%-*s", HELP_COLUMN, head);
  }
  print_lines(option->help, HELP_COLUMN);
  if (option->choices != NULL) print_choices(option);
  if (option->shown != NULL) printf("%*sdefault: %s\n", HELP_COLUMN, "", option->shown);
}

static void print_help(const struct assay_usage *usage) {
  printf("usage: assay %s [options]%s%s\n\n%s\n\noptions:\n", usage->verb,
         usage->operands[0] != '\0' ? " " : "", usage->operands, usage->summary);
  for (const struct assay_option *o = usage->options; o->name != NULL; ++o) print_option(o);
  printf("%-*sthis text\n", HELP_COLUMN, "  --help");
  if (usage->details[0] != '\0') printf("\n%s\n", usage->details);
  printf("\nexamples:\n%s", usage->examples);
  printf("\nexit codes: 0 pass, 1 mismatch, 2 usage or bad input, 3 a tool or resource failed\n");
}

// Values //

static bool parse_integer(const char *text, int64_t *value) {
  char *end = NULL;
  errno = 0;
  const long long parsed = strtoll(text, &end, 0);
  if (errno != 0 || end == text || *end != '\0') return false;
  *value = parsed;
  return true;
}

static bool in_range(const struct assay_option *option, int64_t value) {
  return value >= option->least && value <= option->greatest;
}

static bool read_integer(const struct assay_option *option, const char *text, int64_t *value) {
  return parse_integer(text, value) && in_range(option, *value);
}

static bool read_list(const struct assay_option *option, const char *text) {
  struct assay_integer_list list = {0};
  while (list.count < ASSAY_LIST_MAX) {
    char number[32];
    const size_t length = strcspn(text, ",");
    if (length == 0 || length >= sizeof number) return false;
    memcpy(number, text, length);
    number[length] = '\0';
    if (!read_integer(option, number, &list.values[list.count++])) return false;
    if (text[length] == '\0') {
      *(struct assay_integer_list *)option->target = list;
      return true;
    }
    text += length + 1;
  }
  return false;
}

static bool read_real(const struct assay_option *option, const char *text) {
  char *end = NULL;
  const double value = strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(value)) return false;
  *(double *)option->target = value;
  return true;
}

static bool read_choice(const struct assay_option *option, const char *text) {
  for (int i = 0; option->choices[i] != NULL; ++i) {
    if (strcmp(option->choices[i], text) == 0) {
      *(int *)option->target = i;
      return true;
    }
  }
  return false;
}

static bool read_value(const struct assay_option *option, const char *text) {
  switch (option->kind) {
    case ASSAY_OPTION_FLAG:
      *(bool *)option->target = true;
      return true;
    case ASSAY_OPTION_TEXT:
      *(const char **)option->target = text;
      return text[0] != '\0';
    case ASSAY_OPTION_INTEGER: {
      int64_t value;
      if (!read_integer(option, text, &value)) return false;
      *(int64_t *)option->target = value;
      return true;
    }
    case ASSAY_OPTION_REAL:
      return read_real(option, text);
    case ASSAY_OPTION_LIST:
      return read_list(option, text);
    case ASSAY_OPTION_CHOICE:
      return read_choice(option, text);
  }
  return false;
}

static void describe_expected(const struct assay_option *option, char *text, size_t size) {
  switch (option->kind) {
    case ASSAY_OPTION_INTEGER:
    case ASSAY_OPTION_LIST:
      snprintf(
          text, size, "%s from %lld to %lld",
          option->kind == ASSAY_OPTION_LIST ? "integers with commas between them," : "an integer",
          (long long)option->least, (long long)option->greatest);
      break;
    case ASSAY_OPTION_REAL:
      snprintf(text, size, "a finite number");
      break;
    case ASSAY_OPTION_CHOICE: {
      size_t used = (size_t)snprintf(text, size, "one of");
      for (size_t i = 0; option->choices[i] != NULL && used < size; ++i) {
        used += (size_t)snprintf(text + used, size - used, "%s %s", i == 0 ? "" : ",",
                                 option->choices[i]);
      }
      break;
    }
    default:
      snprintf(text, size, "a text that is not empty");
  }
}

// Arguments //

static const struct assay_option *find_option(const struct assay_usage *usage, const char *argument,
                                              size_t length) {
  for (const struct assay_option *o = usage->options; o->name != NULL; ++o) {
    const bool is_long = strncmp(argument, "--", 2) == 0;
    if (is_long && strlen(o->name) == length - 2 &&
        strncmp(o->name, argument + 2, length - 2) == 0) {
      return o;
    }
    if (!is_long && length == 2 && o->letter != 0 && argument[1] == o->letter) return o;
  }
  return NULL;
}

/** Read the option at argv[*index]; moves *index past a value in the next argument. */
static int parse_option(const struct assay_usage *usage, int argc, char **argv, int *index) {
  const char *argument = argv[*index];
  const size_t length = strcspn(argument, "=");
  const struct assay_option *option = find_option(usage, argument, length);
  const char *text = argument[length] == '=' ? argument + length + 1 : NULL;
  if (option == NULL) {
    return assay_usage_error(usage->verb, "unknown option %.*s; 'assay %s --help' lists them",
                             (int)length, argument, usage->verb);
  }
  if (option->kind == ASSAY_OPTION_FLAG && text != NULL) {
    return assay_usage_error(usage->verb, "--%s takes no value", option->name);
  }
  if (option->kind != ASSAY_OPTION_FLAG && text == NULL) {
    if (*index + 1 >= argc) {
      return assay_usage_error(usage->verb, "--%s needs a value: %s", option->name, option->value);
    }
    text = argv[++*index];
  }
  if (!read_value(option, text != NULL ? text : "")) {
    char expected[256];
    describe_expected(option, expected, sizeof expected);
    return assay_usage_error(usage->verb, "--%s: \"%s\" is not legal, expected %s", option->name,
                             text, expected);
  }
  return ASSAY_PARSE_GO_ON;
}

static int check_operands(const struct assay_usage *usage, int count) {
  if (count >= usage->operands_min && count <= usage->operands_max) return ASSAY_PARSE_GO_ON;
  return assay_usage_error(usage->verb, "%s operands, expected: assay %s [options] %s",
                           count < usage->operands_min ? "too few" : "too many", usage->verb,
                           usage->operands);
}

int assay_parse_options(const struct assay_usage *usage, int argc, char **argv,
                        const char **operands, int *operand_count) {
  bool only_operands = false;
  int count = 0;
  for (int i = 0; i < argc; ++i) {
    if (!only_operands && strcmp(argv[i], "--") == 0) {
      only_operands = true;
    } else if (!only_operands && strcmp(argv[i], "--help") == 0) {
      print_help(usage);
      return ASSAY_EXIT_PASS;
    } else if (!only_operands && argv[i][0] == '-' && argv[i][1] != '\0') {
      const int code = parse_option(usage, argc, argv, &i);
      if (code != ASSAY_PARSE_GO_ON) return code;
    } else {
      if (count < usage->operands_max) operands[count] = argv[i];
      ++count;
    }
  }
  if (operand_count != NULL) *operand_count = count;
  return check_operands(usage, count);
}
