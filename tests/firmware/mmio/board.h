/* A board with the engine's registers in memory and a DMA with one channel a stream: address, then
 * words, which starts it; the words that came are counted. No twin. */
#ifndef ASSAY_TESTS_FIRMWARE_BOARD_H_
#define ASSAY_TESTS_FIRMWARE_BOARD_H_

#include "golden/firmware.h"
#include "tests/firmware/streams.h"

#define BOARD_DMA ((volatile uintptr_t *)0x50000000)

static inline void board_send(ASSAY_FIRMWARE_PORT engine, enum board_stream stream,
                              const void *words, uint32_t count) {
  (void)engine;
  BOARD_DMA[2 * stream] = (uintptr_t)words;
  BOARD_DMA[2 * stream + 1] = count;
}

static inline void board_receive(ASSAY_FIRMWARE_PORT engine, uint8_t *words, uint32_t count) {
  (void)engine;
  BOARD_DMA[8] = (uintptr_t)words;
  BOARD_DMA[9] = count;
}

static inline uint32_t board_received(ASSAY_FIRMWARE_PORT engine) {
  (void)engine;
  return (uint32_t)BOARD_DMA[10];
}

#endif  // ASSAY_TESTS_FIRMWARE_BOARD_H_
