/* What the forum's formula costs against a contract, for every N and treatment of the bias. No
 * twin. */
#include "golden/forum_table.h"

#include "golden/bounds.h"
#include "golden/compare.h"
#include "golden/thresholds.h"

/** Accumulators visited where no rule holds: a table has 72 rows. */
static const int64_t limit = (int64_t)1 << 20;

/** The contract's side of one channel. */
struct reference {
  struct assay_channel channel;
  struct assay_interval range;
  struct assay_threshold_list list;
  enum assay_monotone monotone;
};

static bool has_list(enum assay_monotone monotone) {
  return monotone == ASSAY_MONOTONE_BY_RULE || monotone == ASSAY_MONOTONE_ENUMERATED;
}

static enum assay_status make_reference(const struct assay_conv *conv,
                                        const struct assay_contract *contract, int32_t oc,
                                        struct reference *reference) {
  struct assay_requantizer requantizer;
  reference->channel = assay_channel_of(conv, oc);
  enum assay_status status = assay_bounds_of_channel(conv, oc, &reference->range);
  if (status == ASSAY_OK) status = contract->prepare(&reference->channel, &requantizer);
  if (status != ASSAY_OK) return status;
  reference->monotone = assay_thresholds_of_contract(contract, &reference->channel, &requantizer,
                                                     reference->range, limit, &reference->list);
  return ASSAY_OK;
}

static void count_channel(const struct reference *reference, const struct assay_contract *forum,
                          struct assay_forum_row *row) {
  struct assay_channel channel = reference->channel;
  struct assay_requantizer requantizer;
  struct assay_threshold_list list;
  channel.forum_n = row->n;
  channel.forum_bias = row->bias;
  if (!has_list(reference->monotone) || forum->prepare(&channel, &requantizer) != ASSAY_OK ||
      !has_list(assay_thresholds_of_contract(forum, &channel, &requantizer, reference->range, limit,
                                             &list))) {
    row->refused++;
    return;
  }
  const struct assay_comparison c = assay_compare_lists(
      &reference->list, &list, assay_dtype_min(channel.dtype), reference->range, NULL, 0);
  row->channels++;
  row->unequal += c.count > 0;
  row->reachable += reference->range.hi - reference->range.lo + 1;
  row->differing += c.count;
  if (c.max_lsb > row->max_lsb) row->max_lsb = c.max_lsb;
}

enum assay_status assay_forum_table(const struct assay_conv *conv,
                                    const struct assay_contract *contract,
                                    struct assay_forum_row *rows) {
  const struct assay_contract *forum = assay_contract_find("forum");
  for (int32_t i = 0; i < ASSAY_FORUM_ROWS; i++) {
    rows[i] = (struct assay_forum_row){
        .n = ASSAY_FORUM_FIRST_N + i / ASSAY_FORUM_TREATMENTS,
        .bias = (enum assay_forum_bias)(i % ASSAY_FORUM_TREATMENTS),
    };
  }
  for (int32_t oc = 0; oc < conv->shape.out_c; oc++) {
    struct reference reference;
    const enum assay_status status = make_reference(conv, contract, oc, &reference);
    if (status != ASSAY_OK) return status;
    for (int32_t i = 0; i < ASSAY_FORUM_ROWS; i++) count_channel(&reference, forum, &rows[i]);
  }
  return ASSAY_OK;
}
