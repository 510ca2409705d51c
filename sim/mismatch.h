/* A failure of the co-simulation as text: place, cycle, values, accumulator trail, replay command.
 * No twin. */
#ifndef ASSAY_SIM_MISMATCH_H_
#define ASSAY_SIM_MISMATCH_H_

#include <stddef.h>
#include <stdint.h>

#include "golden/engine.h"
#include "golden/lowered.h"
#include "golden/parts.h"
#include "sim/cosim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is known about the job that failed. Borrows everything. Of a part (golden/parts.h), all
 * tensors and parameters are the part's own. */
struct assay_mismatch_context {
  const struct assay_plan *plan;
  const struct assay_part *part;        ///< the job's part; NULL: the layer is not cut
  const uint8_t *x;                     ///< input image NHWC [in_y][in_x][in_c]; NULL: no trail
  const int8_t *weight;                 ///< OHWI; NULL: no trail
  const struct assay_lowered *lowered;  ///< for acc_init and the requantizer; NULL: no trail
  size_t trail_head, trail_tail;        ///< steps shown at both ends of a trail; 0, 0: 4 and 4
  const char *replay;  ///< command that shows this failure again; NULL: no such line
};

/**
 * Describe a failure in lines of text, each ended by a newline.
 * @param text  receives at most `size` bytes, always terminated
 * @return      bytes that the whole description needs, its final 0 included
 */
size_t assay_mismatch_text(const struct assay_failure *failure,
                           const struct assay_mismatch_context *context, char *text, size_t size);

/** One line: kind, place, cycle and both values in hexadecimal and signed decimal; no newline.
 * Likewise bounded; the same return value. */
size_t assay_mismatch_line(const struct assay_failure *failure, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_SIM_MISMATCH_H_
