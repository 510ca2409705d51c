/* The array of multipliers and accumulators. Twins: rtl/assay_array.sv, rtl/assay_initial.sv,
 * rtl/assay_row_sum.sv. */
#include "golden/array.h"

#include <stddef.h>

#include "golden/array_packed.h"

void assay_array_start(struct assay_array *array, const struct assay_plan *plan,
                       const int32_t *init) {
  for (int32_t j = 0; j < plan->engine.pixels; j++) {
    for (int32_t i = 0; i < plan->engine.channels; i++) array->acc[j][i] = (uint32_t)init[i];
  }
}

/* The product is at most 255 * 128 in size; the sum wraps. */
static uint32_t multiply_add(uint32_t acc, uint8_t a, int8_t w) {
  return acc + (uint32_t)((int32_t)a * (int32_t)w);
}

static void add_word(uint32_t *acc, const uint8_t *a, const int8_t *w, int32_t channels) {
  for (int32_t i = 0; i < channels; i++) acc[i] = multiply_add(acc[i], a[i], w[i]);
}

static void add_selected(uint32_t *acc, uint8_t a, const int8_t *w, int32_t channels) {
  for (int32_t i = 0; i < channels; i++) acc[i] = multiply_add(acc[i], a, w[i]);
}

/* What lane j reads for one tap: row i takes a[i * stride]. */
struct operands {
  const uint8_t *a;
  size_t stride;
};

static struct operands operands_of(const struct assay_banks *banks, const struct assay_lanes *lanes,
                                   const struct assay_step *step, int32_t lane,
                                   const uint8_t *zero) {
  const struct assay_plan *plan = banks->plan;
  const int32_t position = lanes->position[lane];
  if (position < 0) return (struct operands){zero, 0};
  const int32_t word = step->in_block * assay_bank_plane(plan) + position;
  const uint8_t *a = banks->memory + (size_t)word * (size_t)plan->engine.channels;
  return step->select < 0 ? (struct operands){a, 1} : (struct operands){a + step->select, 0};
}

/* Lanes in pairs: one multiplication for both. */
static void step_packed(struct assay_array *array, const struct assay_banks *banks,
                        const struct assay_lanes *lanes, const struct assay_step *step,
                        const int8_t *w, const uint8_t *zero) {
  const struct assay_engine_config *engine = &banks->plan->engine;
  for (int32_t j = 0; j < engine->pixels; j += 2) {
    const struct operands low = operands_of(banks, lanes, step, j, zero);
    const struct operands high = operands_of(banks, lanes, step, j + 1, zero);
    for (int32_t i = 0; i < engine->channels; i++) {
      const struct assay_pair pair =
          assay_pair_multiply(low.a[(size_t)i * low.stride], high.a[(size_t)i * high.stride], w[i]);
      array->acc[j][i] += (uint32_t)pair.low;
      array->acc[j + 1][i] += (uint32_t)pair.high;
    }
  }
}

void assay_array_step(struct assay_array *array, const struct assay_banks *banks,
                      const struct assay_lanes *lanes, const struct assay_step *step,
                      const int8_t *w) {
  const struct assay_plan *plan = banks->plan;
  const int32_t channels = plan->engine.channels;
  const int32_t block_base = step->in_block * assay_bank_plane(plan);
  const uint8_t zero = (uint8_t)(plan->x_zp - assay_dtype_min(plan->x_dtype));
  if (plan->engine.packed_multipliers) {
    step_packed(array, banks, lanes, step, w, &zero);
    return;
  }
  for (int32_t j = 0; j < plan->engine.pixels; j++) {
    const int32_t position = lanes->position[j];
    if (position < 0) {
      add_selected(array->acc[j], zero, w, channels);
      continue;
    }
    const uint8_t *a = banks->memory + (size_t)(block_base + position) * (size_t)channels;
    if (step->select < 0) {
      add_word(array->acc[j], a, w, channels);
    } else {
      add_selected(array->acc[j], a[step->select], w, channels);
    }
  }
}

int32_t assay_acc_of(uint32_t sum, int32_t acc_bits) {
  const uint32_t sign = UINT32_C(1) << (acc_bits - 1);
  return (int32_t)(((sum & (sign | (sign - 1))) ^ sign) - sign);
}

int32_t assay_row_sum(const struct assay_array *array, const struct assay_plan *plan,
                      int32_t lane) {
  uint32_t sum = 0;
  for (int32_t i = 0; i < plan->engine.channels; i++) sum += array->acc[lane][i];
  return assay_acc_of(sum, plan->engine.acc_bits);
}
