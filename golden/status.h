/* What a library call can answer. No twin: hardware reports through its STATUS register. */
#ifndef ASSAY_GOLDEN_STATUS_H_
#define ASSAY_GOLDEN_STATUS_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Result of every library function that can fail. On anything but ASSAY_OK the outputs are
 * untouched. Functions that cannot fail state their preconditions and return a value or nothing.
 */
enum assay_status {
  ASSAY_OK = 0,
  ASSAY_ERROR_ARGUMENT,  ///< a parameter is outside its documented range
  ASSAY_ERROR_SHAPE,     ///< tensor shapes do not fit together, or an output would be empty
  ASSAY_ERROR_SCALE,     ///< a scale is zero, negative, infinite, NaN, or refused by the contract
  ASSAY_ERROR_OVERFLOW,  ///< a value that must fit its integer type does not
  ASSAY_ERROR_CAPACITY,  ///< the engine's buffers are too small for the layer
  ASSAY_ERROR_UNSUPPORTED,  ///< known, but not implemented by this engine or contract
};

/** One English phrase for a status, without a final stop. Never NULL. Static storage. */
const char *assay_status_text(enum assay_status status);

#ifdef __cplusplus
}
#endif

#define ASSAY_MUST_CHECK __attribute__((warn_unused_result))

#endif  // ASSAY_GOLDEN_STATUS_H_
