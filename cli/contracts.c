/* assay contracts: lists the named numeric contracts, or explains one. No twin. */
#include <stdio.h>

#include "cli/verbs.h"
#include "golden/contract.h"

static const struct assay_option no_options[] = {{0}};

static const struct assay_usage usage = {
    .verb = "contracts",
    .operands = "[CONTRACT]",
    .summary = "List the named numeric contracts, or explain one.",
    .details =
        "A contract is one named arithmetic from float or integer parameters and an int32\n"
        "accumulator to an output integer. Its name carries the library's version where the\n"
        "arithmetic changed between versions.",
    .examples =
        "  assay contracts\n      one line a contract, and which PyTorch has it\n"
        "  assay contracts qnnpack\n      formula, source and pitfalls of one\n",
    .options = no_options,
    .operands_max = 1,
};

static void list_contracts(void) {
  for (size_t i = 0; i < assay_contract_count(); ++i) {
    const struct assay_contract *contract = assay_contract_at(i);
    printf("%s\n    %s\n    computed by: %s\n", contract->name, contract->summary,
           contract->engines);
  }
}

int assay_verb_contracts(int argc, char **argv) {
  const char *name = NULL;
  int count = 0;
  const int code = assay_parse_options(&usage, argc, argv, &name, &count);
  if (code != ASSAY_PARSE_GO_ON) return code;
  if (count == 0) {
    list_contracts();
    return ASSAY_EXIT_PASS;
  }
  const struct assay_contract *contract = assay_contract_find(name);
  if (contract == NULL) {
    return assay_usage_error("contracts", "no contract \"%s\"; 'assay contracts' lists them", name);
  }
  printf("%s: %s\n\n%s\n\nsource: %s\ncomputed by: %s\n\npitfalls:\n%s\n", contract->name,
         contract->summary, contract->formula, contract->source, contract->engines,
         contract->pitfalls);
  return ASSAY_EXIT_PASS;
}
