/* A worked example of a contract: every intermediate value of one channel and one accumulator. No
 * twin. */
#ifndef ASSAY_GOLDEN_EXPLAIN_H_
#define ASSAY_GOLDEN_EXPLAIN_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/contract.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the value of a step is stored and best printed. */
enum assay_step_kind {
  ASSAY_STEP_INT,     ///< value.integer, decimal
  ASSAY_STEP_DOUBLE,  ///< value.real, a double (a scale as PyTorch keeps it): "%.17g"
  ASSAY_STEP_FLOAT,   ///< value.real, which is a float32: "%.9g" and "%a"
  ASSAY_STEP_BITS,    ///< value.integer, a float32 as its 32 bits: "0x%08X"; value.real as a number
};

/** One line of a worked example. Texts are static storage. */
struct assay_step {
  const char *label;    ///< name of the value, e.g. "rs"
  const char *formula;  ///< the C expression that gave it, as compiled
  enum assay_step_kind kind;
  int64_t integer;
  double real;
};

/** Where steps are written. `count` goes on counting when `capacity` is used up. */
struct assay_steps {
  struct assay_step *step;  ///< [capacity], the caller's
  size_t capacity;
  size_t count;  ///< 0 at the start
};

/** Steps that every contract fits in, setup included. */
enum { ASSAY_STEPS_MAX = 48 };

/**
 * Setup (from scales to constants) and run (from accumulator to output) of one contract. The steps
 * come from the functions that compute, not from a second description; the last one is the output,
 * labelled "y".
 * @param steps  receives the steps, appended
 * @return ASSAY_OK, or what contract->prepare answers for this channel
 */
ASSAY_MUST_CHECK enum assay_status assay_explain(const struct assay_contract *contract,
                                                 const struct assay_channel *channel, int32_t acc,
                                                 struct assay_steps *steps);

/** The run alone, of a requantizer that is already prepared (also from integer parameters). */
void assay_explain_run(const struct assay_requantizer *requantizer, int32_t acc,
                       struct assay_steps *steps);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_EXPLAIN_H_
