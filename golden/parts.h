/* A layer in parts: each is a layer of its own that the engine takes, a box of the outputs and the
 * inputs that the box reads. No twin: the engine sees one part after another. */
#ifndef ASSAY_GOLDEN_PARTS_H_
#define ASSAY_GOLDEN_PARTS_H_

#include "golden/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How a layer is cut: outputs of one part along each axis. The last part of an axis may have fewer.
 * In a grouped layer a part has whole groups, or lies inside one. Sums are never cut: a part reads
 * all input channels of its outputs, because the engine gives out 8-bit values and no sums.
 */
struct assay_parts {
  struct assay_conv_shape shape;       ///< the whole layer
  int32_t rows, columns, channels;     ///< outputs of a part, >= 1; not more than the layer has
  int32_t y_count, x_count, oc_count;  ///< parts along each axis
  uint64_t cycles;                     ///< of all parts, each queued behind the one before
};

/** One part: its place in the layer and its own geometry. */
struct assay_part {
  int32_t y, x, oc;  ///< first output row, column, channel
  int32_t in_y, in_x,
      in_c;  ///< first input row, column, channel. A box of which every tap lies in the padding
             ///< begins or ends outside the image, and has zero points there
  struct assay_conv_shape shape;  ///< padding only where the layer has it
};

/** The cut with so many outputs a part; 0: all of them. Values above the layer's are lowered to it,
 * channels of a grouped layer to whole groups. `cycles` is 0. */
struct assay_parts assay_parts_of(const struct assay_conv_shape *shape, int32_t rows,
                                  int32_t columns, int32_t channels);

/** Number of parts, >= 1. */
size_t assay_parts_count(const struct assay_parts *parts);

/** Part `index` of the order in which they run: rows, then columns, then channels, which are
 * fastest. The only part of an uncut layer is the layer as it is; others leave out the input that
 * no output reads. */
struct assay_part assay_parts_at(const struct assay_parts *parts, size_t index);

/** The part's convolution: shape, weights, scales and bias of its channels, borrowed. */
struct assay_conv assay_part_conv(const struct assay_part *part, const struct assay_conv *conv);
/** The part's parameters: those of its channels, borrowed. */
struct assay_lowered assay_part_lowered(const struct assay_part *part,
                                        const struct assay_lowered *lowered);

/**
 * Input of a part.
 * @param x     [in_y][in_x][in_c] of the layer
 * @param x_zp  input zero point, for a part in the padding
 * @param out   receives [in_y][in_x][in_c] of the part
 */
void assay_part_input(const struct assay_parts *parts, const struct assay_part *part,
                      const uint8_t *x, int32_t x_zp, uint8_t *out);
/**
 * Outputs of a part, out of the layer's.
 * @param whole    [out_y][out_x][out_c] of the layer
 * @param element  bytes of a value: 1 for outputs, 4 for accumulators
 * @param out      receives [out_y][out_x][out_c] of the part
 */
void assay_part_output(const struct assay_parts *parts, const struct assay_part *part,
                       const void *whole, size_t element, void *out);
/** The inverse: puts a part's outputs in their places of the layer; nothing else is written. */
void assay_part_join(const struct assay_parts *parts, const struct assay_part *part,
                     const void *values, size_t element, void *whole);

/** Cuts that the caller chooses; 0 leaves an axis to the planner. */
struct assay_parts_wish {
  int32_t rows, columns, channels;
};

/**
 * Choose the cut that takes the fewest cycles by the cycle model (golden/cycles.h), of those worth
 * trying: along the columns as few as fit and somewhat more, along the channels even ones and those
 * whose parameters or weights stay in the engine, along the rows only where 16-bit fields end. A
 * layer that fits whole is cut only where that saves more than 1 %.
 * @param wish    NULL: none
 * @param reason  receives one English sentence on failure; may be NULL
 * @return        as assay_plan_layer. ASSAY_ERROR_CAPACITY: not even parts of one output column fit
 */
ASSAY_MUST_CHECK enum assay_status assay_parts_plan(const struct assay_engine_config *engine,
                                                    const struct assay_conv *conv,
                                                    const struct assay_lowered *lowered,
                                                    const struct assay_parts_wish *wish,
                                                    struct assay_parts *parts, char reason[256]);

/** Plan of one part; never fails on a part that assay_parts_plan chose. */
ASSAY_MUST_CHECK enum assay_status assay_part_plan(const struct assay_engine_config *engine,
                                                   const struct assay_conv *conv,
                                                   const struct assay_lowered *lowered,
                                                   const struct assay_part *part,
                                                   struct assay_plan *plan, char reason[256]);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_PARTS_H_
