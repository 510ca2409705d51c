/* The whole line for one network and image: what signoff, cosim and replay share. No twin. */
#ifndef ASSAY_CLI_EVIDENCE_H_
#define ASSAY_CLI_EVIDENCE_H_

#include "cli/cosimulate.h"
#include "cli/directed.h"
#include "cli/jobs.h"
#include "cli/lowering.h"
#include "cli/source.h"
#include "cli/values.h"

/** Options of a run of the line. */
struct assay_evidence_options {
  struct assay_source_options source;
  int requantizer;  ///< enum assay_lower_policy
  bool directed;    ///< inputs at every threshold of every channel, instead of the image
  struct assay_cosimulate_options cosimulate;
};

/** Defaults: the shipped network, auto, seed 1, stalls 0, 30, 90 %, states 1 to 3. */
struct assay_evidence_options assay_evidence_defaults(void);

/** Entries that the verbs share. */
#define ASSAY_OPTIONS_EVIDENCE(options)                                               \
  ASSAY_OPTION_NETWORK((options).source), ASSAY_OPTION_IMAGE((options).source),       \
      ASSAY_OPTION_CONTRACT((options).source), ASSAY_OPTION_ENGINE((options).source), \
      ASSAY_OPTION_REQUANTIZER(&(options).requantizer),                               \
      ASSAY_INTEGER("seed", &(options).cosimulate.seed, 0, INT64_MAX, "1",            \
                    "of stalls and initial states; the same seed gives the same run")
#define ASSAY_OPTIONS_MATRIX(options)                                                         \
  ASSAY_LIST("stalls", "P,P,...", &(options).cosimulate.stalls, 0, 99, "0,30,90",             \
             "chance of a stall on every port and cycle, %; one set of co-simulations each"), \
      ASSAY_INTEGER("states", &(options).cosimulate.last_state, 1, 1000, "3",                 \
                    "random initial states of all registers; one co-simulation each")
#define ASSAY_OPTION_DIRECTED(options)                                            \
  ASSAY_FLAG("directed", &(options).directed,                                     \
             "not the image, but for each channel inputs whose accumulator lies " \
             "on both\nsides of every threshold, and at both ends")
#define ASSAY_OPTION_FST(options)                                          \
  ASSAY_TEXT("fst", 0, "FILE", &(options).cosimulate.trace, "no waveform", \
             "waveform of the first co-simulation, for GTKWave or Surfer")

/** The line's stages as they come to be. Free with assay_evidence_free. */
struct assay_evidence {
  struct assay_source source;
  struct assay_engine_config engine;
  struct assay_lowering lowering;
  struct assay_directed directed;  ///< filled where the options ask for it
  struct assay_jobs jobs;
  struct assay_cosimulations simulations;
};

/** Reads, lowers, plans; everything before the co-simulation. @return false with *error set */
bool assay_evidence_prepare(const struct assay_evidence_options *options,
                            struct assay_evidence *evidence, struct assay_error *error);
/** The co-simulations; only in builds with the Verilated engine. */
bool assay_evidence_simulate(const struct assay_evidence_options *options,
                             struct assay_evidence *evidence, struct assay_error *error);
/** A zeroed value is allowed. */
void assay_evidence_free(struct assay_evidence *evidence);

/** Room for a command line. */
enum { ASSAY_COMMAND_TEXT = 1024 };
/** "assay VERB" and every option that names the inputs, quoted for a shell. */
void assay_evidence_command(const struct assay_evidence_options *options, const char *verb,
                            char text[ASSAY_COMMAND_TEXT]);

#endif  // ASSAY_CLI_EVIDENCE_H_
