/* The firmware's entry. Include board.h before. No twin. */
#ifndef ASSAY_TESTS_FIRMWARE_RUN_NETWORK_H_
#define ASSAY_TESTS_FIRMWARE_RUN_NETWORK_H_

#include "board.h"
#include "golden/firmware.h"

/** Memory of a run: as large as the largest layer needs. */
struct run_memory {
  uint8_t *tensor[2];         ///< [0] holds the network's input; both are overwritten in turn
  uint8_t *activation_words;  ///< one layer's activation stream
  uint8_t *output_words;      ///< one layer's output stream
};

/**
 * Runs all layers. The result is in tensor[number of layers % 2], parts of a layer counted as one.
 * @param parameters  [ASSAY_NETWORK_LAYERS] weight and parameter streams
 */
bool run_network(ASSAY_FIRMWARE_PORT engine, const struct board_parameters *parameters,
                 const struct run_memory *memory);

#endif  // ASSAY_TESTS_FIRMWARE_RUN_NETWORK_H_
