/* assay sweep: a user's own requantizer module under Verilator, identified. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/candidates.h"
#include "cli/requant_sweep.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "golden/threshold.h"

enum { kFiles = 16, kProbeMax = 4096 };

static const char examples[] =
    "  assay sweep requant.sv --top requant --layer conv1 --set mult=8391639,shift=29\n"
    "      every accumulator that channel 0 of conv1 reaches, against every contract\n"
    "  assay sweep requant.sv --top requant --clock clk --latency 3 --layer conv1 --contract "
    "qnnpack\n"
    "      a pipeline of three registers, against one contract\n"
    "  assay sweep requant.v --top rq --acc sum --y q --multiplier 12345 --shift 20 \\\n"
    "      --range -1000000,1000000 --clock clk --reset rst_n --reset-low --in-valid vi "
    "--out-valid "
    "vo\n"
    "      ports of your own names, with valid bits, against integer contracts\n";

static const char details[] =
    "FILE...: the module and what it needs. An accumulator is driven in two's complement of the\n"
    "port's width. Without --probe the sweep leaves no gap: EQUAL then holds for every "
    "accumulator\n"
    "of the range, whatever the module is.\n\n"
    "Exit code 1: no contract is left, or not that of --contract.\n\n";

struct sweep_options {
  struct assay_candidate_options candidates;
  struct assay_sweep_module module;
  int64_t probe;
};

/** What the sweep showed about one candidate. */
struct finding {
  int64_t differing, first;
  int64_t y;  ///< of the module at `first`
};

struct findings {
  const struct assay_candidates *candidates;
  struct finding *list;  ///< [candidates->count]
  int64_t swept;
};

static void note(struct finding *finding, int64_t first, int64_t count, int64_t y) {
  if (count <= 0) return;
  if (finding->differing == 0) {
    finding->first = first;
    finding->y = y;
  }
  finding->differing += count;
}

/** Least accumulator of an output value, by the list; `otherwise` when it is clipped. */
static int64_t step_to(const struct assay_candidate *candidate, int64_t y, int32_t q_low,
                       const struct assay_sweep_run *run) {
  const int64_t k = y - q_low;
  if (k <= 0) return run->first;
  const int64_t t = k > ASSAY_THRESHOLD_COUNT ? INT64_MAX : candidate->list.t[k - 1];
  if (k > ASSAY_THRESHOLD_COUNT || t == INT32_MAX || t > run->last) return run->last + 1;
  return t < run->first ? run->first : t;
}

/** A run against a normal form: what lies before and behind the interval on which it gives y. */
static void compare_list(const struct assay_candidate *candidate, int32_t q_low,
                         const struct assay_sweep_run *run, struct finding *finding) {
  const bool legal = run->y >= q_low && run->y <= q_low + ASSAY_THRESHOLD_COUNT;
  const int64_t from = legal ? step_to(candidate, run->y, q_low, run) : run->last + 1;
  const int64_t to = legal ? step_to(candidate, run->y + 1, q_low, run) : run->last + 1;
  note(finding, run->first, from - run->first, run->y);
  note(finding, to, run->last + 1 - to, run->y);
}

static void compare_each(const struct assay_candidate *candidate, const struct assay_sweep_run *run,
                         struct finding *finding) {
  for (int64_t acc = run->first; acc <= run->last; ++acc) {
    note(finding, acc, assay_requantize(&candidate->requantizer, (int32_t)acc) != run->y, run->y);
  }
}

static void receive(void *user, const struct assay_sweep_run *run) {
  struct findings *findings = user;
  const struct assay_candidates *c = findings->candidates;
  findings->swept += run->last - run->first + 1;
  for (size_t i = 0; i < c->count; ++i) {
    if (c->items[i].has_list) {
      compare_list(&c->items[i], c->device.q_low, run, &findings->list[i]);
    } else {
      compare_each(&c->items[i], run, &findings->list[i]);
    }
  }
}

// Accumulators //

/** The intervals to be swept; the caller frees them. @return their number, 0 with *error set */
static size_t choose_intervals(const struct sweep_options *options,
                               const struct assay_candidates *c, struct assay_interval **intervals,
                               struct assay_error *error) {
  const size_t most = options->probe > 0 ? (size_t)options->probe : 1;
  const struct assay_threshold_list **lists = calloc(c->count, sizeof *lists);
  int32_t *accs = calloc(most, sizeof *accs);
  size_t count = 0, known = 0;
  *intervals = calloc(most, sizeof **intervals);
  if (lists == NULL || accs == NULL || *intervals == NULL) {
    assay_error_memory(error);
  } else if (options->probe == 0) {
    (*intervals)[count++] = c->device.range;
  } else {
    for (size_t i = 0; i < c->count; ++i) {
      if (c->items[i].has_list) lists[known++] = &c->items[i].list;
    }
    count = assay_probe_separating(lists, known, &c->device, accs, most);
    for (size_t i = 0; i < count; ++i) {
      (*intervals)[i] = (struct assay_interval){accs[i], accs[i]};
    }
  }
  free(lists);
  free(accs);
  return count;
}

// Report //

static void print_finding(const struct findings *findings, size_t i, bool gap_free) {
  const struct assay_candidates *c = findings->candidates;
  const struct finding *f = &findings->list[i];
  const struct assay_interval range = c->device.range;
  printf("  %-30s ", c->items[i].name);
  if (f->differing > 0) {
    printf("differs on %s of %s, the first %" PRId64 ": module %" PRId64 ", contract %" PRId32 "\n",
           assay_digits(f->differing).text, assay_digits(findings->swept).text, f->first, f->y,
           assay_requantize(&c->items[i].requantizer, (int32_t)f->first));
  } else if (gap_free) {
    printf("EQUAL on every accumulator of [%s, %s]\n", assay_digits(range.lo).text,
           assay_digits(range.hi).text);
  } else {
    printf("consistent with %s\n", assay_plural(findings->swept, "accumulator").text);
  }
}

static int print_all(const struct sweep_options *options, const struct findings *findings) {
  const struct assay_candidates *c = findings->candidates;
  const char *wanted = options->candidates.source.contract;
  size_t left = 0;
  bool found = wanted == NULL;
  for (size_t i = 0; i < c->count; ++i) {
    print_finding(findings, i, options->probe == 0);
    if (findings->list[i].differing > 0) continue;
    ++left;
    found = found || assay_candidates_find(c, wanted) == &c->items[i];
  }
  const bool pass = left > 0 && found && findings->swept > 0;
  printf("%s  %s  %s  %zu of %zu contracts left", pass ? "PASS" : "DIFFERS", options->module.top,
         assay_plural(findings->swept, "accumulator").text, left, c->count);
  if (wanted != NULL) printf(", %s %s", wanted, found ? "among them" : "not among them");
  putchar('\n');
  return pass ? ASSAY_EXIT_PASS : ASSAY_EXIT_MISMATCH;
}

static bool check_wanted(const struct assay_candidates *c, const char *wanted,
                         struct assay_error *error) {
  return wanted == NULL || assay_candidates_find(c, wanted) != NULL ||
         assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                         "assay sweep: --contract: %s takes no such parameters, expected one that "
                         "does",
                         wanted);
}

static int sweep_candidates(const struct sweep_options *options, struct assay_candidates *c,
                            struct assay_error *error) {
  struct assay_interval *intervals = NULL;
  struct findings findings = {.candidates = c, .list = calloc(c->count, sizeof *findings.list)};
  const size_t count = choose_intervals(options, c, &intervals, error);
  const bool ok =
      (findings.list != NULL || assay_error_memory(error)) && count > 0 &&
      assay_requant_sweep(&options->module, intervals, count, receive, &findings, error);
  const int code = ok ? print_all(options, &findings) : assay_report_error(error);
  free(intervals);
  free(findings.list);
  return code;
}

static int sweep(const struct sweep_options *options) {
  struct assay_candidates candidates;
  struct assay_error error = {0};
  if (!assay_candidates_begin("sweep", &options->candidates, &candidates, &error)) {
    return assay_report_error(&error);
  }
  bool ok = candidates.has_range ||
            assay_error_set(&error, ASSAY_EXIT_BAD_INPUT,
                            "assay sweep: which accumulators can the module see? expected --range "
                            "LO,HI, or --layer");
  ok = ok && assay_candidates_prepare(&candidates, &error) &&
       check_wanted(&candidates, options->candidates.source.contract, &error);
  const int code = ok ? sweep_candidates(options, &candidates, &error) : assay_report_error(&error);
  assay_candidates_free(&candidates);
  return code;
}

/** Ports that only make sense together. */
static int check_ports(const struct assay_sweep_module *m) {
  if (m->top == NULL) return assay_usage_error("sweep", "--top is missing, expected a module name");
  if ((m->in_valid == NULL) != (m->out_valid == NULL)) {
    return assay_usage_error("sweep", "expected --in-valid and --out-valid, or neither");
  }
  if (m->clock == NULL && (m->reset != NULL || m->in_valid != NULL || m->latency > 0)) {
    return assay_usage_error("sweep", "--clock is missing: without it a module is combinational");
  }
  if (m->clock != NULL && m->out_valid == NULL && m->latency == 0) {
    return assay_usage_error("sweep", "--clock needs --latency, or --in-valid and --out-valid");
  }
  return ASSAY_PARSE_GO_ON;
}

static int run_verb(const struct assay_usage *usage, struct sweep_options *options, int argc,
                    char **argv) {
  const char *files[kFiles];
  int count = 0;
  int code = assay_parse_options(usage, argc, argv, files, &count);
  if (code == ASSAY_PARSE_GO_ON) code = check_ports(&options->module);
  if (code != ASSAY_PARSE_GO_ON) return code;
  options->module.files = files;
  options->module.file_count = (size_t)count;
  options->module.is_signed = options->candidates.dtype == ASSAY_QINT8;
  return sweep(options);
}

int assay_verb_sweep(int argc, char **argv) {
  struct sweep_options options = {.candidates = assay_candidate_defaults(),
                                  .module = {.acc = "acc", .y = "y"}};
  struct assay_sweep_module *module = &options.module;
  const struct assay_option table[] = {
      ASSAY_TEXT("top", 0, "NAME", &module->top, NULL, "the module; required"),
      ASSAY_TEXT("acc", 0, "PORT", &module->acc, "acc", "input: accumulator"),
      ASSAY_TEXT("y", 0, "PORT", &module->y, "y", "output: requantized value"),
      ASSAY_TEXT("clock", 0, "PORT", &module->clock, "combinational", "input: clock"),
      ASSAY_TEXT("reset", 0, "PORT", &module->reset, "none", "input: reset, active high"),
      ASSAY_FLAG("reset-low", &module->reset_low, "the reset is active low"),
      ASSAY_TEXT("in-valid", 0, "PORT", &module->in_valid, "none",
                 "input: acc is valid; a quarter of the cycles is a gap"),
      ASSAY_TEXT("out-valid", 0, "PORT", &module->out_valid, "none", "output: y is valid"),
      ASSAY_INTEGER("latency", &module->latency, 1, 1000, NULL,
                    "rising edges from acc to y, without --out-valid"),
      ASSAY_TEXT("set", 0, "LIST", &module->set, NULL,
                 "constants on further inputs: NAME=INTEGER,..."),
      ASSAY_TEXT("parameters", 0, "LIST", &module->parameters, NULL,
                 "parameters of the module: NAME=INTEGER,..."),
      ASSAY_TEXT("contract", 0, "NAME", &options.candidates.source.contract, "any",
                 "the contract that the module must equal"),
      ASSAY_INTEGER("probe", &options.probe, 2, kProbeMax, "every accumulator of the range",
                    "only so many, chosen as 'assay probe' does"),
      ASSAY_OPTIONS_CANDIDATES(options.candidates),
      ASSAY_LIST("range", "LO,HI", &options.candidates.range, INT32_MIN, INT32_MAX,
                 "the layer's reachable interval", "accumulators that the module can see"),
      ASSAY_OPTION_END};
  char help[2048];
  snprintf(help, sizeof help, "%s%s", details, assay_candidates_help);
  const struct assay_usage usage = {
      .verb = "sweep",
      .operands = "FILE...",
      .summary = "Verilate your own requantizer, sweep it, and say which contracts it equals.",
      .details = help,
      .examples = examples,
      .options = table,
      .operands_min = 1,
      .operands_max = kFiles};
  return run_verb(&usage, &options, argc, argv);
}
