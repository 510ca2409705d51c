/* A board that is the Verilated engine: another bus than memory, and a DMA of the simulation. No
 * twin. */
#ifndef ASSAY_TESTS_FIRMWARE_BOARD_H_
#define ASSAY_TESTS_FIRMWARE_BOARD_H_

#include "sim/cosim.h"
#include "tests/firmware/streams.h"

#define ASSAY_FIRMWARE_PORT struct assay_cosim *

static inline bool assay_firmware_write(ASSAY_FIRMWARE_PORT port, uint32_t offset, uint32_t value) {
  return assay_cosim_write(port, offset, value);
}

static inline bool assay_firmware_read(ASSAY_FIRMWARE_PORT port, uint32_t offset, uint32_t *value) {
  return assay_cosim_read(port, offset, value);
}

#include "golden/firmware.h"

static inline void board_send(ASSAY_FIRMWARE_PORT engine, enum board_stream stream,
                              const void *words, uint32_t count) {
  const enum assay_port ports[] = {ASSAY_PORT_ACT, ASSAY_PORT_WGT, ASSAY_PORT_PAR};
  assay_cosim_send(engine, ports[stream], words, count);
}

static inline void board_receive(ASSAY_FIRMWARE_PORT engine, uint8_t *words, uint32_t count) {
  assay_cosim_receive(engine, words, count);
}

static inline uint32_t board_received(ASSAY_FIRMWARE_PORT engine) {
  return (uint32_t)assay_cosim_received(engine);
}

#endif  // ASSAY_TESTS_FIRMWARE_BOARD_H_
