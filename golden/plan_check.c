/* What an engine can take: parameters, shapes and requantizers checked against it. No twin: the RTL
 * checks registers (rtl/assay_setup.sv), this checks the layer behind them. */
#include <stdarg.h>
#include <stdio.h>

#include "golden/affine.h"
#include "golden/correct.h"
#include "golden/plan_private.h"
#include "golden/threshold.h"

enum {
  REASON_SIZE = 256,
  PAD_MAX = 255,    // below and on the right, which no register tells
  STEP_MAX = 4,     // stride and dilation that the address generator has
  KERNEL_MAX = 11,  // greatest max_kernel of an engine
};

enum assay_status assay_plan_refuse(enum assay_status status, char *reason, const char *format,
                                    ...) {
  if (reason) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reason, REASON_SIZE, format, arguments);
    va_end(arguments);
  }
  return status;
}

static bool between(int64_t value, int64_t low, int64_t high) {
  return value >= low && value <= high;
}

static bool lanes_valid(int32_t lanes) {
  return lanes == 2 || lanes == 4 || lanes == 8 || lanes == 16;
}

static bool power_of_two(int32_t value) { return value > 0 && (value & (value - 1)) == 0; }

static enum assay_status check_engine(const struct assay_engine_config *e, char *reason) {
  const bool valid = lanes_valid(e->pixels) && lanes_valid(e->channels) &&
                     power_of_two(e->bank_depth) && e->bank_depth <= 1 << 20 &&
                     power_of_two(e->weight_depth) && e->weight_depth <= 1 << 24 &&
                     (!e->affine || power_of_two(e->param_blocks)) &&
                     (!e->threshold || power_of_two(e->threshold_blocks)) &&
                     (!e->corrected || e->affine) && between(e->max_kernel, 1, KERNEL_MAX) &&
                     between(e->multiplier_bits, 1, 31) && between(e->addend_bits, 1, 64) &&
                     between(e->acc_bits, 17, 32) && between(e->size_bits, 8, 16) &&
                     between(e->step_bits, 4, 8) && power_of_two(e->requant_lanes) &&
                     e->requant_lanes <= e->channels && (e->affine || e->threshold);
  if (valid) return ASSAY_OK;
  return assay_plan_refuse(ASSAY_ERROR_ARGUMENT, reason, "engine %s has a parameter out of range",
                           e->name);
}

/* One limit of the address generator; the sentence names the layer's value and the engine's. */
struct limit {
  const char *what;
  int32_t value, max;
};

static enum assay_status check_limits(const struct assay_engine_config *e,
                                      const struct assay_conv_shape *s, char *reason) {
  const int32_t size_max = assay_field_max(e->size_bits);
  const int32_t pad_max = assay_field_max(e->step_bits);
  const struct limit limits[] = {
      {"kernel height", s->kernel_y, e->max_kernel},
      {"kernel width", s->kernel_x, e->max_kernel},
      {"vertical stride", s->stride_y, STEP_MAX},
      {"horizontal stride", s->stride_x, STEP_MAX},
      {"vertical dilation", s->dilation_y, STEP_MAX},
      {"horizontal dilation", s->dilation_x, STEP_MAX},
      {"padding above", s->pad_top, pad_max},
      {"padding below", s->pad_bottom, PAD_MAX},
      {"padding on the left", s->pad_left, pad_max},
      {"padding on the right", s->pad_right, PAD_MAX},
      {"input height", s->in_y, size_max},
      {"input width", s->in_x, size_max},
      {"number of input channels", s->in_c, size_max},
      {"number of output channels", s->out_c, size_max},
      {"output height", assay_conv_out_y(s), size_max},
      {"output width", assay_conv_out_x(s), size_max},
  };
  for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
    if (limits[i].value <= limits[i].max) continue;
    return assay_plan_refuse(ASSAY_ERROR_UNSUPPORTED, reason,
                             "the %s is %d, expected at most %d as engine %s takes", limits[i].what,
                             limits[i].value, limits[i].max, e->name);
  }
  return ASSAY_OK;
}

static enum assay_status check_affine(const struct assay_engine_config *e,
                                      const struct assay_affine *affine, int32_t oc, char *reason) {
  const int64_t multiplier_end = INT64_C(1) << e->multiplier_bits;
  const int32_t addend_bits =
      e->addend_bits < ASSAY_AFFINE_MAX_ADDEND_BITS ? e->addend_bits : ASSAY_AFFINE_MAX_ADDEND_BITS;
  const int64_t addend_end = INT64_C(1) << (addend_bits - 1);
  if (!between(affine->multiplier, 0, multiplier_end - 1)) {
    return assay_plan_refuse(ASSAY_ERROR_UNSUPPORTED, reason,
                             "the multiplier of channel %d is %d; engine %s takes 0 to %lld", oc,
                             affine->multiplier, e->name, (long long)multiplier_end - 1);
  }
  if (!between(affine->addend, -addend_end + 1, addend_end - 1)) {
    return assay_plan_refuse(ASSAY_ERROR_UNSUPPORTED, reason,
                             "the addend of channel %d is %lld; engine %s has %d bits for it", oc,
                             (long long)affine->addend, e->name, addend_bits);
  }
  if (!between(affine->shift, 0, ASSAY_AFFINE_MAX_SHIFT)) {
    return assay_plan_refuse(ASSAY_ERROR_ARGUMENT, reason,
                             "the shift of channel %d is %d; 0 to 55 was expected", oc,
                             affine->shift);
  }
  return ASSAY_OK;
}

static enum assay_status check_late(const struct assay_lowered *lowered, int32_t oc, char *reason) {
  const struct assay_lowered_channel *channel = &lowered->channels[oc];
  if (assay_correct_check(&channel->affine, &channel->late, lowered->out_min, lowered->out_max) ==
      ASSAY_OK) {
    return ASSAY_OK;
  }
  return assay_plan_refuse(ASSAY_ERROR_ARGUMENT, reason,
                           "channel %d has a late level that is not in %d..%d, or a multiplier "
                           "above 2^shift",
                           oc, lowered->out_min + 1, lowered->out_max);
}

static enum assay_status check_channels(const struct assay_engine_config *e,
                                        const struct assay_lowered *lowered, int32_t out_c,
                                        char *reason) {
  for (int32_t oc = 0; oc < out_c; oc++) {
    const struct assay_lowered_channel *channel = &lowered->channels[oc];
    if (lowered->kind != ASSAY_REQUANT_THRESHOLD) {
      enum assay_status status = check_affine(e, &channel->affine, oc, reason);
      if (status == ASSAY_OK && lowered->kind == ASSAY_REQUANT_CORRECTED) {
        status = check_late(lowered, oc, reason);
      }
      if (status != ASSAY_OK) return status;
    } else if (!channel->threshold || assay_threshold_check(channel->threshold) != ASSAY_OK) {
      return assay_plan_refuse(ASSAY_ERROR_ARGUMENT, reason,
                               "channel %d has no threshold list, or one that decreases", oc);
    }
  }
  return ASSAY_OK;
}

static enum assay_status check_requantizer(const struct assay_engine_config *e,
                                           const struct assay_lowered *lowered, int32_t out_c,
                                           char *reason) {
  const enum assay_requant_kind kind = lowered->kind;
  if (kind != ASSAY_REQUANT_AFFINE && kind != ASSAY_REQUANT_THRESHOLD &&
      kind != ASSAY_REQUANT_CORRECTED) {
    return assay_plan_refuse(ASSAY_ERROR_ARGUMENT, reason,
                             "the requantizer's kind is %d; 1, 2 or 3 was expected", (int)kind);
  }
  const bool present = kind == ASSAY_REQUANT_AFFINE      ? e->affine
                       : kind == ASSAY_REQUANT_CORRECTED ? e->corrected
                                                         : e->threshold;
  if (!present) {
    return assay_plan_refuse(ASSAY_ERROR_UNSUPPORTED, reason,
                             "the layer needs the %s requantizer, which engine %s does not have",
                             assay_requant_name(kind), e->name);
  }
  const int32_t q_low = lowered->q_low;
  const bool clamp = (q_low == 0 || q_low == -128) && lowered->out_min >= q_low &&
                     lowered->out_min <= lowered->out_max && lowered->out_max <= q_low + 255;
  if (!clamp) {
    return assay_plan_refuse(
        ASSAY_ERROR_ARGUMENT, reason,
        "the clamp %d..%d is empty or leaves the output type, which begins at %d", lowered->out_min,
        lowered->out_max, q_low);
  }
  return check_channels(e, lowered, out_c, reason);
}

static enum assay_status refuse_shape(const struct assay_conv_shape *s, enum assay_status status,
                                      char *reason) {
  if (status != ASSAY_ERROR_SHAPE) {
    return assay_plan_refuse(status, reason,
                             "a size, stride, padding or dilation of the layer is out of range");
  }
  if (s->in_c % s->groups != 0 || s->out_c % s->groups != 0) {
    return assay_plan_refuse(status, reason,
                             "%d groups do not divide %d input and %d output channels", s->groups,
                             s->in_c, s->out_c);
  }
  return assay_plan_refuse(status, reason,
                           "a kernel of %d rows by %d columns leaves no output of %d by %d",
                           s->kernel_y, s->kernel_x, s->in_y, s->in_x);
}

enum assay_status assay_plan_check_channels(const struct assay_engine_config *e,
                                            const struct assay_lowered *lowered, int32_t out_c,
                                            char *reason) {
  return check_requantizer(e, lowered, out_c, reason);
}

/* Weights that are declared int4; a caller who only wants cycles may have none. */
static enum assay_status check_int4(const struct assay_conv *conv, char *reason) {
  if (!conv->int4_weights || !conv->weight) return ASSAY_OK;
  const int64_t taps = assay_conv_taps(&conv->shape), count = conv->shape.out_c * taps;
  for (int64_t i = 0; i < count; i++) {
    if (between(conv->weight[i], ASSAY_INT4_MIN, ASSAY_INT4_MAX)) continue;
    return assay_plan_refuse(ASSAY_ERROR_ARGUMENT, reason,
                             "a weight of channel %d is %d; declared int4, -8 to 7 was expected",
                             (int)(i / taps), conv->weight[i]);
  }
  return ASSAY_OK;
}

enum assay_status assay_plan_check(const struct assay_engine_config *e,
                                   const struct assay_conv *conv,
                                   const struct assay_lowered *lowered, char *reason) {
  enum assay_status status = check_engine(e, reason);
  if (status != ASSAY_OK) return status;
  status = assay_conv_shape_check(&conv->shape);
  if (status != ASSAY_OK) return refuse_shape(&conv->shape, status, reason);
  const int32_t low = assay_dtype_min(conv->x.dtype);
  if (!between(conv->x.zero_point, low, low + 255)) {
    return assay_plan_refuse(ASSAY_ERROR_ARGUMENT, reason,
                             "the input zero point is %d; %d to %d was expected",
                             conv->x.zero_point, low, low + 255);
  }
  status = check_int4(conv, reason);
  if (status != ASSAY_OK) return status;
  status = check_limits(e, &conv->shape, reason);
  if (status != ASSAY_OK) return status;
  return check_requantizer(e, lowered, conv->shape.out_c, reason);
}
