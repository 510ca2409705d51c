/* Flat face of the golden library for Python (tests/live/shim.py mirrors these structs). No twin.
 */
#ifndef ASSAY_TESTS_LIVE_LIVE_SHIM_H_
#define ASSAY_TESTS_LIVE_LIVE_SHIM_H_

#include <stdint.h>

#include "golden/layer.h"

/** What the functions return. */
enum assay_live_status {
  ASSAY_LIVE_OK = 0,
  ASSAY_LIVE_UNKNOWN,  ///< no contract of that name
  ASSAY_LIVE_REFUSED,  ///< the contract refuses these scales
  ASSAY_LIVE_SHAPE,    ///< impossible shape, or an accumulator leaves int32
  ASSAY_LIVE_MEMORY,
};

/** Quantization parameters of a layer. Pointers are borrowed. */
struct assay_live_layer {
  double x_scale, y_scale;
  const double *w_scale;  ///< [channels], also when one scale serves all of them
  const float *bias;      ///< [channels], real units; NULL: none
  int32_t channels;
  int32_t x_zp, y_zp;
  int32_t is_signed, relu, per_channel;  ///< 0 or 1
};

/** Counts of a comparison and its first difference. */
struct assay_live_result {
  int64_t compared, differ;
  int64_t index;  ///< position of the first difference; -1: there is none
  int32_t acc, expected, found;
};

/** Compares found[pixels][channels] with the contract at acc = base[pixel] + offset[channel]. */
int assay_live_sweep(const char *contract, const struct assay_live_layer *layer,
                     const int32_t *base, int64_t pixels, const int32_t *offset,
                     const uint8_t *found, struct assay_live_result *result);

/** out[pixels][channels] = contract of acc[pixels][channels]. */
int assay_live_requantize(const char *contract, const struct assay_live_layer *layer,
                          const int32_t *acc, int64_t pixels, uint8_t *out);

/** Reference accumulators of a batch: x is [batch][y][x][c], weight OHWI, acc [batch][y][x][oc]. */
int assay_live_accumulate(const struct assay_live_layer *layer,
                          const struct assay_conv_shape *shape, int32_t batch, const uint8_t *x,
                          const int8_t *weight, int32_t *acc);

/**
 * Compares the contract of a layer of one channel with a recorded step function at every
 * accumulator from low to high: first + the number of thresholds that are <= acc.
 * @param threshold  ascending, [count]
 */
int assay_live_steps(const char *contract, const struct assay_live_layer *layer, int32_t low,
                     int32_t high, int32_t first, const int32_t *threshold, int32_t count,
                     struct assay_live_result *result);

/** quantize_per_tensor in the form "mul" or "fma"; q is [count] bytes. */
int assay_live_quantize(const char *form, double scale, int32_t zero_point, int is_signed,
                        const float *x, uint8_t *q, int64_t count);

/** dequantize of [count] bytes. */
int assay_live_dequantize(double scale, int32_t zero_point, int is_signed, const uint8_t *q,
                          float *x, int64_t count);

int32_t assay_live_contract_count(void);
const char *assay_live_contract_name(int32_t index);
/** PyTorch versions and engines that compute the contract, or "none". */
const char *assay_live_contract_engines(int32_t index);

#endif  // ASSAY_TESTS_LIVE_LIVE_SHIM_H_
