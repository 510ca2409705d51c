/* The convolution engine in C: same structure, same order of additions, same names. Twin:
 * rtl/assay_engine.sv. */
#ifndef ASSAY_GOLDEN_ENGINE_H_
#define ASSAY_GOLDEN_ENGINE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "golden/layer.h"
#include "golden/lowered.h"
#include "golden/registers.h"
#include "golden/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One hardware configuration: the parameters of rtl/assay_engine.sv, read from
 * config/engines/NAME.yaml. */
struct assay_engine_config {
  char name[32];       ///< file name without its ending, e.g. "8x8"
  int32_t pixels;      ///< lanes along output pixels: 2, 4, 8 or 16
  int32_t channels;    ///< lanes along channels: 2, 4, 8 or 16; bytes of a stream word
  int32_t bank_depth;  ///< words of each activation bank (there are `pixels` banks); a power of two
  int32_t weight_depth;  ///< words of the weight memory; a power of two
  int32_t
      param_blocks;  ///< blocks of `channels` channels whose affine parameters fit; a power of two
  int32_t threshold_blocks;  ///< blocks of `channels` channels whose threshold lists fit; a power
                             ///< of two
  int32_t max_kernel;        ///< greatest kernel size in each axis
  int32_t multiplier_bits;   ///< width of the affine multiplier
  int32_t addend_bits;       ///< width of the affine addend, signed
  bool affine;               ///< the affine requantizer is present
  bool threshold;            ///< the threshold requantizer is present
  int32_t acc_bits;          ///< width of the accumulators, which wrap: 17..32
  bool packed_multipliers;   ///< for multipliers of 27 x 18 bits; the values are the same
  int32_t requant_lanes;     ///< of the requantizer: a power of two, 1..channels; a vector takes
                             ///< channels / requant_lanes cycles
  bool corrected;            ///< the affine requantizer can correct: golden/correct.h
  bool int4_weights;         ///< layers may have int4 weights, in half the memory and stream
  int32_t size_bits;         ///< width of a description's sizes and numbers: 8..16
  int32_t step_bits;         ///< width of its kernels, strides, dilations and paddings: 4..8
  bool tree_multipliers;     ///< multipliers are trees of adders; the values are the same
};

/** How the rows of the array are used (rtl/README.md). */
enum assay_engine_mode {
  ASSAY_MODE_REDUCE = 0,     ///< rows are input channels, summed: dense layers
  ASSAY_MODE_SPREAD = 1,     ///< rows are output channels: few input channels
  ASSAY_MODE_DEPTHWISE = 2,  ///< rows are channels, one weight each
};

enum { ASSAY_PLAN_MAX_WRITES = 64 };

/** One layer mapped to one engine: registers, stream lengths, expected cycles. A plain value. */
struct assay_plan {
  struct assay_engine_config engine;
  struct assay_conv_shape shape;
  enum assay_engine_mode mode;
  enum assay_dtype x_dtype;
  int32_t x_zp;
  enum assay_requant_kind kind;
  int32_t q_low;             ///< least value of the output dtype
  int32_t out_min, out_max;  ///< clamp
  int32_t rows_per_group;    ///< G: output rows that share one pass over the weights
  int32_t ring_rows;         ///< N: input rows of one row phase that the banks hold
  int32_t pitch;             ///< bank positions of one row and column phase
  int32_t count;  ///< steps per tap: input blocks (reduce), input channels (spread), 1 (depthwise)
  bool int4_weights;        ///< a weight word has the weights of two steps, a nibble each
  int32_t weight_slots;     ///< blocks that the weight memory holds; >= out_blocks: loaded once
  int32_t weight_base;      ///< word of the weight memory where they begin (golden/sequence.h)
  int32_t param_slots;      ///< likewise for parameters
  int32_t in_blocks;        ///< ceil(in_c / channels)
  int32_t out_blocks;       ///< ceil(out_c / channels)
  size_t activation_words;  ///< words of the activation stream; a word is `channels` bytes
  size_t weight_words;  ///< words of the weight stream, repeats for row groups included; a word is
                        ///< `channels` bytes
  size_t param_words;   ///< 64-bit words of the parameter stream, repeats included
  size_t output_words;  ///< words of the output stream; a word is `channels` bytes
  uint64_t cycles;      ///< predicted from start to done with streams that never stall
  size_t write_count;
  struct assay_register_write writes[ASSAY_PLAN_MAX_WRITES];  ///< descriptor, then start, in order
};

/**
 * Map a layer to an engine.
 * @param reason  receives one English sentence on failure (what does not fit and what would); may
 * be NULL
 * @return ASSAY_ERROR_CAPACITY when a buffer is too small (naming it), ASSAY_ERROR_UNSUPPORTED for
 * a shape or a requantizer that this engine does not have, ASSAY_ERROR_ARGUMENT or
 * ASSAY_ERROR_SHAPE for a bad layer
 */
ASSAY_MUST_CHECK enum assay_status assay_plan_layer(const struct assay_engine_config *engine,
                                                    const struct assay_conv *conv,
                                                    const struct assay_lowered *lowered,
                                                    struct assay_plan *plan, char reason[256]);

/** Activations of one image, NHWC bytes [in_y][in_x][in_c], to stream words: order (row, channel
 * block, x). */
void assay_stream_activations(const struct assay_plan *plan, const uint8_t *x, uint8_t *words);
/** Weights OHWI to stream words, in the order of use, repeats included. */
void assay_stream_weights(const struct assay_plan *plan, const int8_t *weight, uint8_t *words);
/** Parameter records to 64-bit stream words, repeats included. */
void assay_stream_params(const struct assay_plan *plan, const struct assay_lowered *lowered,
                         uint64_t *words);
/** Expected output stream from the output tensor NHWC [out_y][out_x][out_c]; bytes beyond the last
 * channel are 0. */
void assay_stream_outputs(const struct assay_plan *plan, const uint8_t *y, uint8_t *words);
/** Output stream words back to the tensor; the inverse of assay_stream_outputs. */
void assay_unstream_outputs(const struct assay_plan *plan, const uint8_t *words, uint8_t *y);

/** Place of one vector of a stage: `channels` values of one output pixel. The RTL emits the same
 * three numbers. */
struct assay_place {
  int32_t y, x;  ///< output pixel
  int32_t
      block;  ///< output channel block: channels block*channels .. block*channels + channels - 1
};
/** Place of the word at this index of the output stream (which is the order in every stage). */
struct assay_place assay_output_place(const struct assay_plan *plan, size_t word);

/** Bytes of scratch memory that assay_engine_run needs for this plan. */
size_t assay_engine_scratch(const struct assay_plan *plan);

/**
 * Run one layer on one image with the engine's structure: streams in, stages out, additions in the
 * engine's order, accumulators of acc_bits that wrap.
 * @param activations, weights, params  streams as built above
 * @param scratch  assay_engine_scratch(plan) bytes, 16-byte aligned
 * @param acc      [out_y][out_x][out_c] accumulators; may be NULL
 * @param y        [out_y][out_x][out_c] requantized outputs
 */
ASSAY_MUST_CHECK enum assay_status assay_engine_run(const struct assay_plan *plan,
                                                    const uint8_t *activations,
                                                    const uint8_t *weights, const uint64_t *params,
                                                    void *scratch, int32_t *acc, uint8_t *y);

/** One addition of an accumulator, for an accumulator trail. */
struct assay_trail_step {
  int32_t ky, kx, ic;  ///< tap; ic counts inside the group
  int32_t x, w;        ///< input (zero point where padded) and weight
  bool padded;
  int32_t partial;  ///< the adder's value after this product, in its row of the array; it grew by
                    ///< (x - least value of the dtype) * w
  int32_t row;      ///< row of the array that holds the partial sum
};
/**
 * All additions that lead to one accumulator, in the engine's order.
 * @param x      [in_y][in_x][in_c]
 * @param steps  assay_conv_taps(shape) entries
 * @return       the accumulator
 */
int32_t assay_engine_trail(const struct assay_plan *plan, const uint8_t *x, const int8_t *weight,
                           int32_t acc_init, int32_t y, int32_t xx, int32_t oc,
                           struct assay_trail_step *steps);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_ENGINE_H_
