/* Parameter records and the requantizer that they select. Twins: rtl/assay_params.sv,
 * rtl/assay_requant.sv. */
#ifndef ASSAY_GOLDEN_REQUANT_H_
#define ASSAY_GOLDEN_REQUANT_H_

#include <stdint.h>

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 64-bit words of a record, its header included. */
enum {
  ASSAY_RECORD_WORDS_AFFINE = 4,
  ASSAY_RECORD_WORDS_CORRECTED = 8,
  ASSAY_RECORD_WORDS_THRESHOLD = 130,
};

/** Words of one record of this kind. */
int32_t assay_record_words(enum assay_requant_kind kind);

/** Write one channel's record (rtl/README.md): assay_record_words(kind) words. */
void assay_record_write(enum assay_requant_kind kind, int32_t oc, int32_t first,
                        const struct assay_lowered_channel *channel, uint64_t *words);

/** A record as the engine keeps it. */
struct assay_record {
  int32_t acc_init;
  int32_t first;  ///< first input block or input channel
  struct assay_affine affine;
  struct assay_late_levels late;
  struct assay_threshold_list threshold;
};

/**
 * Take a record from the parameter memory, checked as the engine does on arrival.
 * @return ASSAY_OK, or ASSAY_ERROR_ARGUMENT for a wrong type, length or channel
 */
ASSAY_MUST_CHECK enum assay_status assay_record_read(const struct assay_plan *plan, int32_t oc,
                                                     const uint64_t *words,
                                                     struct assay_record *record);

/** Output integer of one accumulator by the channel's record. */
int32_t assay_requant(const struct assay_plan *plan, const struct assay_record *record,
                      int32_t acc);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_REQUANT_H_
