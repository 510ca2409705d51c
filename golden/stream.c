/* Tensors to stream words and back, in the engine's order (rtl/README.md, Streams). No twin: in
 * hardware a driver or a DMA does this. */
#include <string.h>

#include "golden/arithmetic.h"
#include "golden/banks.h"
#include "golden/engine.h"
#include "golden/requant.h"
#include "golden/sequencer.h"

/* One word: channels from `block` of a pixel that has `all` channels, the rest 0. */
static void word_of_pixel(const struct assay_plan *plan, const uint8_t *pixel, int32_t all,
                          int32_t block, uint8_t *word) {
  const int32_t channels = plan->engine.channels;
  const int32_t used = assay_lesser(channels, all - block * channels);
  memset(word, 0, (size_t)channels);
  memcpy(word, pixel + (size_t)block * (size_t)channels, (size_t)used);
}

void assay_stream_activations(const struct assay_plan *plan, const uint8_t *x, uint8_t *words) {
  const struct assay_conv_shape *s = &plan->shape;
  for (int32_t row = 0; row < s->in_y; row++) {
    for (int32_t block = 0; block < plan->in_blocks; block++) {
      for (int32_t column = 0; column < s->in_x; column++) {
        const size_t pixel = (size_t)row * (size_t)s->in_x + (size_t)column;
        word_of_pixel(plan, x + pixel * (size_t)s->in_c, s->in_c, block, words);
        words += plan->engine.channels;
      }
    }
  }
}

/* Weight of an output channel for input channel c of the whole input; 0 outside its group. */
static int8_t weight_at(const struct assay_plan *plan, const int8_t *weight, int32_t oc, int32_t ky,
                        int32_t kx, int32_t c) {
  const struct assay_conv_shape *s = &plan->shape;
  if (oc >= s->out_c) return 0;
  const int32_t in_group = s->in_c / s->groups;
  const int32_t ic = c - oc / (s->out_c / s->groups) * in_group;
  if (ic < 0 || ic >= in_group) return 0;
  const int64_t tap = ((int64_t)oc * s->kernel_y + ky) * s->kernel_x + kx;
  return weight[tap * in_group + ic];
}

/* The word that step `index` of a pass takes; `oc` is the pass's channel or the block's first. */
static void weight_word(const struct assay_plan *plan, const int8_t *weight, int32_t oc,
                        int32_t index, uint8_t *word) {
  const int32_t channels = plan->engine.channels;
  const struct assay_step step = assay_step_at(plan, assay_channel_first(plan, oc), index);
  for (int32_t i = 0; i < channels; i++) {
    const int32_t row_oc = plan->mode == ASSAY_MODE_REDUCE ? oc : oc + i;
    const int32_t c = step.in_block * channels + (step.select < 0 ? i : step.select);
    word[i] = (uint8_t)weight_at(plan, weight, row_oc, step.ky, step.kx, c);
  }
}

/* The weights of step `step` of a block: a word, or its nibbles in half a word. */
static void put_weights(const struct assay_plan *plan, int64_t step, const uint8_t *weights,
                        uint8_t *words) {
  const int32_t channels = plan->engine.channels;
  if (!plan->int4_weights) {
    memcpy(words + step * channels, weights, (size_t)channels);
    return;
  }
  uint8_t *word = words + step / 2 * channels;
  for (int32_t i = 0; i < channels; i++) {
    const uint8_t nibble = weights[i] & 0xfu;
    word[i] = (uint8_t)(step % 2 == 0 ? nibble : word[i] | nibble << 4);
  }
}

static uint8_t *weight_block(const struct assay_plan *plan, const int8_t *weight, int32_t block,
                             uint8_t *words) {
  const int32_t channels = plan->engine.channels, steps = assay_pass_steps(plan);
  for (int32_t pass = 0; pass < assay_block_passes(plan, block); pass++) {
    for (int32_t index = 0; index < steps; index++) {
      uint8_t weights[ASSAY_MAX_LANES];
      weight_word(plan, weight, block * channels + pass, index, weights);
      put_weights(plan, (int64_t)pass * steps + index, weights, words);
    }
  }
  return words + (size_t)assay_block_weight_words(plan, block) * (size_t)channels;
}

/* A stream that the engine cannot keep is sent again for every row group. */
static void repeat(void *stream, size_t bytes, int32_t times) {
  for (int32_t i = 1; i < times; i++) memcpy((uint8_t *)stream + (size_t)i * bytes, stream, bytes);
}

void assay_stream_weights(const struct assay_plan *plan, const int8_t *weight, uint8_t *words) {
  uint8_t *end = words;
  for (int32_t block = 0; block < plan->out_blocks; block++) {
    end = weight_block(plan, weight, block, end);
  }
  repeat(words, (size_t)(end - words), assay_stream_repeats(plan, plan->weight_slots));
}

void assay_stream_params(const struct assay_plan *plan, const struct assay_lowered *lowered,
                         uint64_t *words) {
  const size_t record = (size_t)assay_record_words(lowered->kind);
  for (int32_t oc = 0; oc < plan->shape.out_c; oc++) {
    assay_record_write(lowered->kind, oc, assay_channel_first(plan, oc), &lowered->channels[oc],
                       words + (size_t)oc * record);
  }
  const size_t bytes = (size_t)plan->shape.out_c * record * sizeof(*words);
  repeat(words, bytes, assay_stream_repeats(plan, plan->param_slots));
}

struct assay_place assay_output_place(const struct assay_plan *plan, size_t word) {
  const size_t out_x = (size_t)assay_conv_out_x(&plan->shape);
  const size_t blocks = (size_t)plan->out_blocks;
  const size_t group_words = (size_t)plan->rows_per_group * out_x * blocks;
  const int32_t group = (int32_t)(word / group_words);
  const size_t block_words = (size_t)assay_group_rows(plan, group) * out_x;
  const size_t in_group = word % group_words, pixel = in_group % block_words;
  return (struct assay_place){group * plan->rows_per_group + (int32_t)(pixel / out_x),
                              (int32_t)(pixel % out_x), (int32_t)(in_group / block_words)};
}

static size_t output_pixel(const struct assay_plan *plan, struct assay_place place) {
  const size_t out_x = (size_t)assay_conv_out_x(&plan->shape);
  return ((size_t)place.y * out_x + (size_t)place.x) * (size_t)plan->shape.out_c;
}

void assay_stream_outputs(const struct assay_plan *plan, const uint8_t *y, uint8_t *words) {
  for (size_t word = 0; word < plan->output_words; word++) {
    const struct assay_place place = assay_output_place(plan, word);
    word_of_pixel(plan, y + output_pixel(plan, place), plan->shape.out_c, place.block,
                  words + word * (size_t)plan->engine.channels);
  }
}

void assay_unstream_outputs(const struct assay_plan *plan, const uint8_t *words, uint8_t *y) {
  const size_t channels = (size_t)plan->engine.channels;
  for (size_t word = 0; word < plan->output_words; word++) {
    const struct assay_place place = assay_output_place(plan, word);
    memcpy(y + output_pixel(plan, place) + (size_t)place.block * channels, words + word * channels,
           (size_t)assay_block_channels(plan, place.block));
  }
}
