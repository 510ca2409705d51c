/* The verbs of the assay command, one file each. No twin. */
#ifndef ASSAY_CLI_VERBS_H_
#define ASSAY_CLI_VERBS_H_

#include "cli/options.h"

/*
 * A verb reads its own arguments (argv[0] is the first one after the verb), does its work and
 * returns an exit code.
 */
int assay_verb_check(int argc, char **argv);
int assay_verb_certify(int argc, char **argv);
int assay_verb_contracts(int argc, char **argv);
int assay_verb_cosim(int argc, char **argv);
int assay_verb_explain(int argc, char **argv);
int assay_verb_gen(int argc, char **argv);
int assay_verb_identify(int argc, char **argv);
int assay_verb_lower(int argc, char **argv);
int assay_verb_plan(int argc, char **argv);
int assay_verb_probe(int argc, char **argv);
int assay_verb_replay(int argc, char **argv);
int assay_verb_run(int argc, char **argv);
int assay_verb_signoff(int argc, char **argv);
int assay_verb_sweep(int argc, char **argv);
int assay_verb_synth(int argc, char **argv);

#endif  // ASSAY_CLI_VERBS_H_
