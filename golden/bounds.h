/* Exact bounds of a channel's accumulator and of every partial sum, with inputs that reach them. No
 * twin: it is arithmetic about the engine, not in it. */
#ifndef ASSAY_GOLDEN_BOUNDS_H_
#define ASSAY_GOLDEN_BOUNDS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "golden/engine.h"
#include "golden/layer.h"
#include "golden/status.h"
#include "golden/trail.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A closed interval of integers, lo <= hi. */
struct assay_interval {
  int64_t lo, hi;
};

/**
 * The taps of one output value that lie inside the image, and what they may hold. A padded tap
 * holds x_zp and adds nothing to acc. Owns nothing.
 *
 *   acc = sum over ky in [ky_first, ky_end), kx in [kx_first, kx_end), ic of (x - x_zp) * w
 */
struct assay_taps {
  const int8_t *weight;                        ///< [kernel_y][kernel_x][in_c] of one output channel
  int32_t kernel_y, kernel_x;                  ///< the whole kernel
  int32_t in_c;                                ///< input channels of one group
  int32_t ky_first, ky_end, kx_first, kx_end;  ///< the part of the kernel inside the image
  int32_t y, x;                                ///< an output position where this is so
  int32_t x_min, x_max;  ///< range of an activation (the input dtype's, or narrower), holds x_zp
  int32_t x_zp;
};

/** Taps of channel oc at output position (y, x), activations over the whole input dtype. */
struct assay_taps assay_taps_at(const struct assay_conv *conv, int32_t oc, int32_t y, int32_t x);

/**
 * Taps of channel oc at an output position where the whole kernel lies inside the image.
 * Activations are independent and 0 is among the values of (x - x_zp), so what is reachable
 * anywhere is reachable there.
 * @return false when the layer has no such position (*taps is untouched): use assay_taps_at
 */
bool assay_taps_interior(const struct assay_conv *conv, int32_t oc, struct assay_taps *taps);

/** Values of a patch: kernel_y * kernel_x * in_c. */
size_t assay_taps_patch_size(const struct assay_taps *taps);

/** Exact least and greatest accumulator of these taps. lo <= 0 <= hi. */
struct assay_interval assay_bounds_of_taps(const struct assay_taps *taps);

/**
 * Exact least and greatest accumulator of channel oc over all output positions, activations over
 * the whole input dtype.
 * @return ASSAY_ERROR_OVERFLOW when a bound leaves int32, ASSAY_ERROR_SHAPE or _ARGUMENT for a bad
 * shape
 */
ASSAY_MUST_CHECK enum assay_status assay_bounds_of_channel(const struct assay_conv *conv,
                                                           int32_t oc,
                                                           struct assay_interval *bounds);

/**
 * An input patch whose accumulator is the upper (or lower) bound.
 * @param patch  [kernel_y][kernel_x][in_c] bytes (two's complement for QINT8); padded taps get x_zp
 */
void assay_bounds_witness(const struct assay_taps *taps, bool upper, uint8_t *patch);

/**
 * The order in which hardware adds the products of unsigned activations x - x_low: one partial sum
 * a row of the array, which are then summed, one after the other or in a balanced tree.
 */
struct assay_addition_order {
  const struct assay_order_step *steps;  ///< [count], borrowed: tap and row of each addition
  size_t count;                          ///< every tap of the kernel, padded ones included
  int32_t rows;                          ///< 1..ASSAY_MAX_LANES (golden/banks.h)
  int32_t init_row;                      ///< row that starts from acc_init; the others from 0
  int32_t acc_init;                      ///< -(x_zp - x_low) * sum of the weights
  int32_t x_low;                         ///< subtracted from an activation: the dtype's least value
  bool tree;                             ///< ((0+1)+(2+3))+...; else ((0+1)+2)+...
};

/**
 * Order of the engine for one output channel (golden/trail.h).
 * @param acc_init  of the lowered channel
 * @param steps     [assay_conv_taps(&plan->shape)], filled; the order points to it
 */
struct assay_addition_order assay_bounds_engine_order(const struct assay_plan *plan, int32_t oc,
                                                      int32_t acc_init,
                                                      struct assay_order_step *steps);

/** Bounds of everything that an adder of this order ever holds. */
struct assay_partial_bounds {
  struct assay_interval final;    ///< the accumulator
  struct assay_interval partial;  ///< union over all partial sums, row sums, acc_init and the final
  size_t lo_step, hi_step;    ///< number of additions done when partial.lo / partial.hi is reached;
                              ///< beyond count: in the sum of the rows
  uint32_t lo_rows, hi_rows;  ///< rows in that sum: bit i is row i
  int32_t wrap_bits;          ///< least two's complement width of a wrapping adder: holds `final`
  int32_t saturate_bits;      ///< least width of a saturating or C adder: holds `partial`
};

/**
 * Bounds of all partial sums.
 * @param steps  NULL, or [order->count]: bounds of the row's sum after each addition
 * @return ASSAY_ERROR_ARGUMENT for a row or tap out of range
 */
ASSAY_MUST_CHECK enum assay_status assay_bounds_of_order(const struct assay_taps *taps,
                                                         const struct assay_addition_order *order,
                                                         struct assay_interval *steps,
                                                         struct assay_partial_bounds *bounds);

/**
 * An input patch that reaches the bound of the sum of `rows` (bit i is row i) after `step`
 * additions: taps that this sum has taken are at their extremes, all others hold x_zp.
 * @param patch  as in assay_bounds_witness
 */
void assay_bounds_partial_witness(const struct assay_taps *taps,
                                  const struct assay_addition_order *order, size_t step,
                                  uint32_t rows, bool upper, uint8_t *patch);

/** Least n for which [lo, hi] lies in [-2^(n-1), 2^(n-1) - 1]. */
int32_t assay_signed_bits(struct assay_interval interval);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_BOUNDS_H_
