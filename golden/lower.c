/* Lowering: from float quantization parameters to the engine's integers. No twin. */
#include "golden/lower.h"

#include <math.h>
#include <string.h>

#include "golden/compare.h"
#include "golden/correct.h"
#include "golden/requantizer.h"

struct assay_lower_options assay_lower_defaults(void) {
  return (struct assay_lower_options){
      .policy = ASSAY_LOWER_AUTO,
      .limits = {.multiplier_bits = 24, .addend_bits = 56, .max_shift = ASSAY_MAX_SHIFT},
      .corrected = true,
      .budget = 4096,
      .enumerate_limit = ASSAY_ENUMERATE_LIMIT,
  };
}

int32_t assay_lower_out_min(const struct assay_channel *channel) {
  return channel->relu ? channel->y_zp : assay_dtype_min(channel->dtype);
}

int32_t assay_lower_out_max(const struct assay_channel *channel) {
  return assay_dtype_max(channel->dtype);
}

/** The multiplier from accumulator to output units as the contract's library rounds it. */
static double contract_scale(const struct assay_contract *contract,
                             const struct assay_channel *channel) {
  const float x = (float)channel->x_scale, w = (float)channel->w_scale;
  const float y = (float)channel->y_scale;
  if (strncmp(contract->name, "qnnpack", 7) == 0) return (double)((w * x) * (1.0f / y));
  if (strncmp(contract->name, "fbgemm", 6) == 0) return (double)((x * w) / y);
  return (double)(float)(channel->x_scale * channel->w_scale / channel->y_scale);
}

enum assay_status assay_lower_direct(const struct assay_contract *contract,
                                     const struct assay_channel *channel,
                                     const struct assay_affine_limits *limits,
                                     struct assay_affine *affine) {
  const double scale = contract_scale(contract, channel);
  if (!(scale > 0 && scale < ldexp(1, limits->multiplier_bits - 1))) return ASSAY_ERROR_SCALE;
  int exponent;
  frexp(scale, &exponent);
  int32_t shift = limits->multiplier_bits - exponent;
  if (shift > limits->max_shift) shift = limits->max_shift;
  double multiplier = nearbyint(ldexp(scale, shift));
  if (multiplier >= ldexp(1, limits->multiplier_bits)) {
    shift--;
    multiplier = nearbyint(ldexp(scale, shift));
  }
  const double bias = channel->has_bias ? (double)channel->bias / channel->y_scale : 0;
  const double addend = nearbyint(ldexp(bias + channel->y_zp + 0.5, shift));
  if (!(fabs(addend) < ldexp(1, limits->addend_bits - 1))) return ASSAY_ERROR_OVERFLOW;
  *affine = (struct assay_affine){(int32_t)multiplier, (int64_t)addend, shift};
  return ASSAY_OK;
}

static bool has_normal_form(const struct assay_lower_result *result) {
  return result->monotone == ASSAY_MONOTONE_BY_RULE ||
         result->monotone == ASSAY_MONOTONE_ENUMERATED;
}

/** What one channel's lowering works on. */
struct job {
  const struct assay_contract *contract;
  const struct assay_channel *channel;
  const struct assay_lower_options *options;
  struct assay_requantizer requantizer;
  struct assay_step_target target;
};

/** Lowering of a contract that decreases or is not decided: direct affine, and what it costs. */
static enum assay_status lower_unproved(const struct job *job, struct assay_threshold_list *list,
                                        struct assay_affine *affine,
                                        struct assay_lower_result *result) {
  const struct assay_step_target *t = &job->target;
  const enum assay_status status =
      assay_lower_direct(job->contract, job->channel, &job->options->limits, affine);
  if (status != ASSAY_OK) return status;
  assay_thresholds_of_affine(affine, t->out_min, t->out_max, t->range, t->q_low, list);
  result->differing = -1;
  if (result->monotone == ASSAY_MONOTONE_REFUTED) {
    struct assay_requantizer lowered;
    const enum assay_status made = assay_requantizer_from_thresholds(list, t->q_low, &lowered);
    if (made != ASSAY_OK) return made;
    result->differing =
        assay_compare_enumerate(&job->requantizer, &lowered, t->range, NULL, 0).count;
  }
  return ASSAY_OK;
}

/** Lowering of a contract whose normal form is known. */
static enum assay_status lower_proved(const struct job *job, struct assay_affine *affine,
                                      struct assay_lower_result *result) {
  const enum assay_lower_policy policy = job->options->policy;
  enum assay_status status = ASSAY_OK;
  if (policy == ASSAY_LOWER_THRESHOLD) {
    *affine = (struct assay_affine){0, 0, 0};
    result->differing = 0;
  } else if (policy == ASSAY_LOWER_DIRECT) {
    status = assay_lower_direct(job->contract, job->channel, &job->options->limits, affine);
    if (status == ASSAY_OK) result->differing = assay_affine_differing(&job->target, affine);
  } else {
    status = assay_synthesize(&job->target, &job->options->limits, job->options->budget,
                              &result->synthesis);
    *affine = result->synthesis.affine;
    result->differing = result->synthesis.differing;
  }
  return status;
}

enum assay_status assay_lower_channel(const struct assay_contract *contract,
                                      const struct assay_channel *channel,
                                      struct assay_interval range,
                                      const struct assay_lower_options *options,
                                      struct assay_threshold_list *list,
                                      struct assay_affine *affine,
                                      struct assay_lower_result *result) {
  struct job job = {
      .contract = contract,
      .channel = channel,
      .options = options,
      .target = {.list = list,
                 .range = range,
                 .q_low = assay_dtype_min(channel->dtype),
                 .out_min = assay_lower_out_min(channel),
                 .out_max = assay_lower_out_max(channel)},
  };
  const enum assay_status status = contract->prepare(channel, &job.requantizer);
  if (status != ASSAY_OK) return status;
  struct assay_lower_result found = {.range = range, .late = -1};
  found.monotone = assay_thresholds_of_contract(contract, channel, &job.requantizer, range,
                                                options->enumerate_limit, list);
  const enum assay_status lowered = has_normal_form(&found)
                                        ? lower_proved(&job, affine, &found)
                                        : lower_unproved(&job, list, affine, &found);
  if (lowered == ASSAY_OK) *result = found;
  return lowered;
}

/** -(x_zp - dtype's least value) * sum of the channel's weights: the array is unsigned. */
static enum assay_status make_acc_init(const struct assay_conv *conv, int32_t oc,
                                       int32_t *acc_init) {
  const int8_t *w = assay_conv_channel_weight(conv, oc);
  const int64_t taps = assay_conv_taps(&conv->shape);
  int64_t sum = 0;
  for (int64_t i = 0; i < taps; i++) sum += w[i];
  const int64_t init = -sum * (conv->x.zero_point - assay_dtype_min(conv->x.dtype));
  if (init < INT32_MIN || init > INT32_MAX) return ASSAY_ERROR_OVERFLOW;
  *acc_init = (int32_t)init;
  return ASSAY_OK;
}

/** Where affine alone is not exact: affine and late levels that together are. */
static void correct(const struct assay_channel *channel, const struct assay_lower_options *options,
                    const struct assay_threshold_list *list, struct assay_lowered_channel *out,
                    struct assay_lower_result *result) {
  const struct assay_step_target target = {.list = list,
                                           .range = result->range,
                                           .q_low = assay_dtype_min(channel->dtype),
                                           .out_min = assay_lower_out_min(channel),
                                           .out_max = assay_lower_out_max(channel)};
  if (result->differing == 0) {
    result->late = 0;
  } else if (has_normal_form(result) &&
             assay_synthesize_corrected(&target, &options->limits, &out->affine, &out->late)) {
    result->late = assay_late_count(&out->late);
  }
}

static bool wants_correction(const struct assay_lower_options *options) {
  return options->policy == ASSAY_LOWER_CORRECTED ||
         (options->policy == ASSAY_LOWER_AUTO && options->corrected);
}

static enum assay_status lower_one(const struct assay_conv *conv,
                                   const struct assay_contract *contract,
                                   const struct assay_lower_options *options, int32_t oc,
                                   struct assay_lowered_channel *out,
                                   struct assay_threshold_list *list,
                                   struct assay_lower_result *result) {
  const struct assay_channel channel = assay_channel_of(conv, oc);
  struct assay_interval range;
  enum assay_status status = assay_bounds_of_channel(conv, oc, &range);
  if (status == ASSAY_OK) status = make_acc_init(conv, oc, &out->acc_init);
  if (status != ASSAY_OK) return status;
  out->threshold = list;
  out->late = (struct assay_late_levels){{0}};
  status = assay_lower_channel(contract, &channel, range, options, list, &out->affine, result);
  if (status == ASSAY_OK && wants_correction(options)) {
    correct(&channel, options, list, out, result);
  }
  return status;
}

static enum assay_requant_kind choose_kind(enum assay_lower_policy policy,
                                           const struct assay_lower_result *results,
                                           int32_t count) {
  if (policy == ASSAY_LOWER_THRESHOLD) return ASSAY_REQUANT_THRESHOLD;
  if (policy == ASSAY_LOWER_CORRECTED) return ASSAY_REQUANT_CORRECTED;
  if (policy != ASSAY_LOWER_AUTO) return ASSAY_REQUANT_AFFINE;
  enum assay_requant_kind kind = ASSAY_REQUANT_AFFINE;
  for (int32_t oc = 0; oc < count; oc++) {
    if (results[oc].differing != 0 && results[oc].late < 0) return ASSAY_REQUANT_THRESHOLD;
    if (results[oc].differing != 0) kind = ASSAY_REQUANT_CORRECTED;
  }
  return kind;
}

/** What the channel keeps of what was found, and what is known about it. */
static void take(enum assay_requant_kind kind, struct assay_lowered_channel *channel,
                 struct assay_lower_result *result) {
  if (kind == ASSAY_REQUANT_THRESHOLD) {  // equal to every contract that has a normal form
    if (result->late > 0) channel->affine = result->synthesis.affine;
    channel->late = (struct assay_late_levels){{0}};
    if (has_normal_form(result)) result->differing = 0;
    return;
  }
  channel->threshold = NULL;
  if (kind == ASSAY_REQUANT_CORRECTED && result->late >= 0) result->differing = 0;
}

enum assay_status assay_lower_layer(const struct assay_conv *conv,
                                    const struct assay_contract *contract,
                                    const struct assay_lower_options *options,
                                    struct assay_lowered_channel *channels,
                                    struct assay_threshold_list *lists,
                                    struct assay_lower_result *results,
                                    struct assay_lowered *lowered) {
  const int32_t count = conv->shape.out_c;
  for (int32_t oc = 0; oc < count; oc++) {
    const enum assay_status status =
        lower_one(conv, contract, options, oc, &channels[oc], &lists[oc], &results[oc]);
    if (status != ASSAY_OK) return status;
  }
  const enum assay_requant_kind kind = choose_kind(options->policy, results, count);
  for (int32_t oc = 0; oc < count; oc++) {
    take(kind, &channels[oc], &results[oc]);
  }
  const struct assay_channel channel = assay_channel_of(conv, 0);
  *lowered = (struct assay_lowered){
      .kind = kind,
      .q_low = assay_dtype_min(conv->y.dtype),
      .out_min = assay_lower_out_min(&channel),
      .out_max = assay_lower_out_max(&channel),
      .channels = channels,
  };
  return ASSAY_OK;
}
