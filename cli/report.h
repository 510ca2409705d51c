/* The evidence of one sign-off run as plain data, and its three writers. No twin. */
#ifndef ASSAY_CLI_REPORT_H_
#define ASSAY_CLI_REPORT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/records.h"
#include "golden/compare.h"
#include "golden/forum_table.h"
#include "golden/lower.h"

/** How strong a link of the chain of evidence is, strongest first. */
enum assay_strength {
  ASSAY_PROVED,      ///< decided for every value that can occur
  ASSAY_EXHAUSTIVE,  ///< every value of a stated domain was run
  ASSAY_TESTED,      ///< this many values were compared, 0 differ
  ASSAY_OPEN,        ///< not established in this run
  ASSAY_BROKEN,      ///< shown not to hold
};

/** "proved", "exhaustive", "tested", "open", "broken". Static storage. */
const char *assay_strength_text(enum assay_strength strength);

enum { ASSAY_REPORT_TEXT = 320, ASSAY_REPORT_LINKS = 6 };

/** One link of the chain: what it claims, how strongly, and why. */
struct assay_report_link {
  const char *left, *right;  ///< the two things that are claimed equal
  bool in_picture;  ///< part of the chain from PyTorch to RTL; false: a condition beside it
  enum assay_strength strength;
  bool waived;                     ///< broken, but the bundle accepts exactly this
  char figure[48];                 ///< a few words under the link, e.g. "17 of 17 channels"
  char claim[ASSAY_REPORT_TEXT];   ///< one sentence: what holds
  char method[ASSAY_REPORT_TEXT];  ///< one sentence: how that was established, and what it trusts
};

enum { ASSAY_REPORT_DIFFERENCES = 4 };

/** One output channel: the contract's step function beside the hardware's parameters. */
struct assay_report_channel {
  struct assay_lower_result lowering;  ///< reachable accumulators, proof, synthesis
  int32_t acc_init;                    ///< start value of the accumulator
  struct assay_affine affine;          ///< parameters, where the layer takes affine or corrected
  struct assay_late_levels late;       ///< where the layer takes corrected
  int32_t steps;                       ///< thresholds inside (lo, hi]
  const struct assay_threshold_list *list;  ///< of the contract; borrowed
  size_t difference_count;                  ///< intervals on which contract and parameters differ
  struct assay_difference differences[ASSAY_REPORT_DIFFERENCES];  ///< the first of them
};

enum { ASSAY_REPORT_STAGES = 3 };

/** One co-simulation of one layer. */
struct assay_report_run {
  int32_t stalls;                          ///< chance of a stall on every port and cycle, %
  int32_t state;                           ///< which random initial state of the registers, from 1
  uint64_t compared[ASSAY_REPORT_STAGES];  ///< values: accumulators, requantized values, outputs
  uint64_t expected;                       ///< the layer's count of values, the same in every stage
  uint64_t mismatches;                     ///< over all stages, beats too few or too many included
  uint64_t cycles;                         ///< from start to done
  char first[ASSAY_REPORT_TEXT];           ///< first mismatch, or ""
};

/** One convolution. */
struct assay_report_layer {
  const char *name;
  const char *type;             ///< "Conv2d" or "ConvReLU2d"
  char geometry[96];            ///< e.g. "8 x 64 x 64 -> 8 x 64 x 64, 3x3"
  const char *mode;             ///< how the array is used: reduce, spread, depthwise
  const char *requantizer;      ///< "affine", "corrected" or "threshold"
  int64_t taps;                 ///< products of one output value
  int64_t macs;                 ///< of the whole layer, all images
  int64_t lo, hi;               ///< least and greatest accumulator over all channels
  int32_t wrap_bits;            ///< least safe width of a wrapping adder
  int32_t saturate_bits;        ///< least safe width of a saturating or C adder
  int64_t parts;                ///< jobs that the layer is cut into; 1: it fits the engine whole
  uint64_t planned_cycles;      ///< predicted for all images, streams that never stall
  uint64_t reference_compared;  ///< engine model against plain reference, accumulators
  uint64_t reference_mismatches;
  int64_t differing;  ///< reachable accumulators with another output than the contract's; -1: open
  int64_t waived;     ///< of those, how many the bundle accepts: all or 0
  const char *waiver_reason;  ///< NULL: no waiver
  bool affine;                ///< the requantizer is affine or corrected
  int32_t q_low;              ///< least value of the output dtype
  size_t channel_count;
  struct assay_report_channel *channels;  ///< owned
  size_t run_count;
  struct assay_report_run *runs;  ///< owned
};

/** A grey picture. */
struct assay_report_picture {
  const char *group;  ///< pictures of one group stand in one row; borrowed
  char title[64];
  char caption[128];
  bool large;
  int32_t height, width;
  uint8_t *pixels;  ///< [height][width]; owned by the report
};

/** A name and its value: versions, hashes, options. */
struct assay_report_fact {
  char name[64];
  char value[192];
};

enum { ASSAY_REPORT_FACTS = 48, ASSAY_REPORT_PICTURES = 20 };

/** Everything that a report says. */
struct assay_report {
  char verdict[48];  ///< "PASS", "PASS (waived: n)", "DIFFERS", "FAIL"
  bool pass;
  char summary[ASSAY_REPORT_TEXT];  ///< the last line on standard output, verdict included
  const char *network, *contract, *engine, *requantizer, *provenance;
  int64_t seed;
  int32_t multipliers;  ///< of the engine's array
  char command[1200];   ///< what repeats this run
  char weakest[ASSAY_REPORT_TEXT];
  size_t link_count;
  struct assay_report_link links[ASSAY_REPORT_LINKS];
  size_t layer_count;
  struct assay_report_layer *layers;               ///< owned
  struct assay_recorded recorded;                  ///< real libraries on this network
  struct assay_forum_row forum[ASSAY_FORUM_ROWS];  ///< summed over the layers
  size_t picture_count;
  struct assay_report_picture pictures[ASSAY_REPORT_PICTURES];
  size_t fact_count;
  struct assay_report_fact facts[ASSAY_REPORT_FACTS];
};

/** The row of the shift formula's table for one N and treatment of the bias. */
const struct assay_forum_row *assay_report_forum(const struct assay_report *report, int32_t n,
                                                 int bias);

/** Whether every stage compared exactly its count, which is not 0, and nothing failed. */
bool assay_report_run_passes(const struct assay_report_run *run);

/** Frees what the report owns and zeroes it. */
void assay_report_free(struct assay_report *report);

/** Adds one fact; silently keeps the first ASSAY_REPORT_FACTS. */
void assay_report_fact(struct assay_report *report, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The writers only print; the caller checks the file for errors. */
void assay_report_html(const struct assay_report *report, FILE *file);
void assay_report_json(const struct assay_report *report, FILE *file);
/** One test case a link and a co-simulation. */
void assay_report_junit(const struct assay_report *report, FILE *file);

#endif  // ASSAY_CLI_REPORT_H_
