/* A worked example of a contract. No twin. */
#include "golden/explain.h"

#include "golden/contract_private.h"

void assay_explain_run(const struct assay_requantizer *r, int32_t acc, struct assay_steps *steps) {
  assay_note_int(steps, "acc", "input", acc);
  (void)r->trace(r, acc, steps);
}

enum assay_status assay_explain(const struct assay_contract *contract,
                                const struct assay_channel *channel, int32_t acc,
                                struct assay_steps *steps) {
  struct assay_requantizer r = {0};
  const size_t before = steps->count;
  const enum assay_status status = contract->setup(channel, &r, steps);
  if (status == ASSAY_OK) {
    assay_explain_run(&r, acc, steps);
  } else {
    steps->count = before;
  }
  return status;
}
