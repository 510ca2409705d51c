/* What every board of these tests has. No twin. */
#ifndef ASSAY_TESTS_FIRMWARE_STREAMS_H_
#define ASSAY_TESTS_FIRMWARE_STREAMS_H_

#include <stdint.h>

enum board_stream { BOARD_ACTIVATIONS, BOARD_WEIGHTS, BOARD_PARAMETERS };

/** Streams of a layer that do not depend on its input, e.g. in flash. */
struct board_parameters {
  const uint8_t *weights;
  const uint64_t *params;
};

#endif  // ASSAY_TESTS_FIRMWARE_STREAMS_H_
