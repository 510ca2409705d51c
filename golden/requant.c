/* Parameter records and the requantizer that they select. Twins: rtl/assay_params.sv,
 * rtl/assay_requant.sv. */
#include "golden/requant.h"

#include <string.h>

#include "golden/affine.h"
#include "golden/correct.h"
#include "golden/rounding.h"
#include "golden/threshold.h"

const char *assay_requant_name(enum assay_requant_kind kind) {
  if (kind == ASSAY_REQUANT_AFFINE) return "affine";
  return kind == ASSAY_REQUANT_CORRECTED ? "corrected" : "threshold";
}

int32_t assay_record_words(enum assay_requant_kind kind) {
  if (kind == ASSAY_REQUANT_AFFINE) return ASSAY_RECORD_WORDS_AFFINE;
  return kind == ASSAY_REQUANT_CORRECTED ? ASSAY_RECORD_WORDS_CORRECTED
                                         : ASSAY_RECORD_WORDS_THRESHOLD;
}

static uint64_t header(enum assay_requant_kind kind, int32_t oc) {
  const uint64_t length = (uint64_t)assay_record_words(kind) - 1;
  return (uint64_t)kind | length << 16 | (uint64_t)(uint32_t)oc << 32;
}

static uint64_t pair(uint32_t low, uint32_t high) { return low | (uint64_t)high << 32; }

static void write_affine(const struct assay_affine *affine, uint64_t *words) {
  words[2] = (uint64_t)affine->addend;
  words[3] = pair((uint32_t)affine->multiplier, (uint32_t)affine->shift);
}

static void write_thresholds(const int32_t *t, uint64_t *words) {
  for (int32_t k = 0; k < 254; k += 2) {
    words[2 + k / 2] = pair((uint32_t)t[k], (uint32_t)t[k + 1]);
  }
  words[129] = pair((uint32_t)t[254], 0);
}

void assay_record_write(enum assay_requant_kind kind, int32_t oc, int32_t first,
                        const struct assay_lowered_channel *channel, uint64_t *words) {
  words[0] = header(kind, oc);
  words[1] = pair((uint32_t)channel->acc_init, (uint32_t)first);
  if (kind == ASSAY_REQUANT_THRESHOLD) {
    write_thresholds(channel->threshold->t, words);
    return;
  }
  write_affine(&channel->affine, words);
  if (kind == ASSAY_REQUANT_CORRECTED) memcpy(&words[4], channel->late.bits, 4 * sizeof(*words));
}

static void read_affine(const uint64_t *words, struct assay_affine *affine) {
  affine->addend = (int64_t)words[2];
  affine->multiplier = (int32_t)(uint32_t)words[3];
  affine->shift = (int32_t)(words[3] >> 32 & 0x3f);
}

static void read_thresholds(const uint64_t *words, int32_t *t) {
  for (int32_t k = 0; k < ASSAY_THRESHOLD_COUNT; k++) {
    t[k] = (int32_t)(uint32_t)(words[2 + k / 2] >> (k % 2 * 32));
  }
}

enum assay_status assay_record_read(const struct assay_plan *plan, int32_t oc,
                                    const uint64_t *words, struct assay_record *record) {
  if (words[0] != header(plan->kind, oc)) return ASSAY_ERROR_ARGUMENT;
  record->acc_init = (int32_t)(uint32_t)words[1];
  record->first = (int32_t)(words[1] >> 32 & 0xffff);
  if (plan->kind == ASSAY_REQUANT_THRESHOLD) {
    read_thresholds(words, record->threshold.t);
    return ASSAY_OK;
  }
  read_affine(words, &record->affine);
  if (plan->kind == ASSAY_REQUANT_CORRECTED) {
    memcpy(record->late.bits, &words[4], 4 * sizeof(*words));
  }
  return ASSAY_OK;
}

int32_t assay_requant(const struct assay_plan *plan, const struct assay_record *record,
                      int32_t acc) {
  if (plan->kind == ASSAY_REQUANT_AFFINE) {
    return assay_affine_apply(&record->affine, plan->out_min, plan->out_max, acc);
  }
  if (plan->kind == ASSAY_REQUANT_CORRECTED) {
    return assay_correct_apply(&record->affine, &record->late, plan->out_min, plan->out_max, acc);
  }
  const int32_t value = assay_threshold_apply(&record->threshold, plan->q_low, acc);
  return (int32_t)assay_clamp(value, plan->out_min, plan->out_max);
}
