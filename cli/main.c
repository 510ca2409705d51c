/* The assay command: finds the verb and runs it. No twin. */
#include <stdio.h>
#include <string.h>

#include "cli/verbs.h"

struct verb {
  const char *name;
  const char *summary;
  int (*run)(int argc, char **argv);
};

static const struct verb verbs[] = {
#ifdef ASSAY_WITH_SIM
    {"signoff", "the whole line from PyTorch's numbers to RTL, with a report", assay_verb_signoff},
#endif
    {"contracts", "list the named numeric contracts, or explain one", assay_verb_contracts},
    {"explain", "show every intermediate value of one contract", assay_verb_explain},
    {"run", "run a network on the golden model", assay_verb_run},
    {"lower", "derive the integer hardware parameters of every channel", assay_verb_lower},
    {"plan", "cycles, utilization, buffers and registers of a network on an engine",
     assay_verb_plan},
    {"gen", "write vector files for your own simulator", assay_verb_gen},
    {"check", "compare your simulator's output with the expected values", assay_verb_check},
    {"certify", "prove that two requantizers are equal, channel by channel", assay_verb_certify},
    {"probe", "choose the accumulators worth sampling from a device", assay_verb_probe},
    {"identify", "say which contracts samples of a device refute", assay_verb_identify},
    {"sweep", "Verilate your own requantizer module and identify it", assay_verb_sweep},
    {"synth", "synthesize the engine for FPGAs with Yosys: LUT, FF, DSP, BRAM", assay_verb_synth},
#ifdef ASSAY_WITH_SIM
    {"cosim", "compare the RTL engine with the golden model, stage by stage", assay_verb_cosim},
    {"replay", "repeat one co-simulation exactly", assay_verb_replay},
#endif
};

enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static void print_help(FILE *file) {
  fprintf(
      file,
      "usage: assay VERB [options]\n\n"
      "Assay shows, link by link, that int8 convolution hardware computes exactly what PyTorch\n"
      "computes: PyTorch engine = named contract = integer parameters = golden model = RTL.\n\n"
      "verbs:\n");
  for (size_t i = 0; i < VERB_COUNT; ++i) {
    fprintf(file, "  %-10s %s\n", verbs[i].name, verbs[i].summary);
  }
  fprintf(file,
          "  %-10s run all tests (needs further packages, which it installs)\n\n"
          "'assay VERB --help' explains a verb, with examples.\n\n"
          "exit codes: 0 pass, 1 mismatch, 2 usage or bad input, 3 a tool or resource failed\n",
          "test");
}

int main(int argc, char **argv) {
  if (argc < 2) {
    print_help(stderr);
    return ASSAY_EXIT_BAD_INPUT;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
    print_help(stdout);
    return ASSAY_EXIT_PASS;
  }
  if (strcmp(argv[1], "--version") == 0) {
    puts("assay " ASSAY_VERSION);
    return ASSAY_EXIT_PASS;
  }
  for (size_t i = 0; i < VERB_COUNT; ++i) {
    if (strcmp(argv[1], verbs[i].name) == 0) return verbs[i].run(argc - 2, argv + 2);
  }
  fprintf(stderr, "assay: unknown verb \"%s\"; 'assay --help' lists them\n", argv[1]);
  return ASSAY_EXIT_BAD_INPUT;
}
