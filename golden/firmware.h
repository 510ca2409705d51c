/* Driver of the engine for firmware on bare metal: C99, nothing but this file and registers.h, no
 * library, no allocation. No twin.
 *
 *   #include "golden/firmware.h"
 *   #include "firmware.h"                                // written by assay gen: assay_network[]
 *
 *   volatile uint32_t *engine = (volatile uint32_t *)0x40000000;
 *   const struct assay_firmware_layer *layer = &assay_network[0];
 *   assay_firmware_start(engine, layer);                 // describe and start
 *   ...  DMA: layer->activation_words, weight_words, param_words in; output_words out
 *   while (assay_firmware_look(engine) != ASSAY_FIRMWARE_DONE) {}
 *
 * One layer may be started while another runs: it is queued, and the streams run on into it. The
 * engine has no interrupt line: the DMA's own interrupt at the end of the output stream, whose last
 * word has tlast, serves as one.
 */
#ifndef ASSAY_GOLDEN_FIRMWARE_H_
#define ASSAY_GOLDEN_FIRMWARE_H_

#include <stdbool.h>
#include <stdint.h>

#include "golden/registers.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The control port: by default a pointer to the engine's registers. For another bus define
 * ASSAY_FIRMWARE_PORT as its type, and both functions below, before including this file.
 */
#ifndef ASSAY_FIRMWARE_PORT
#define ASSAY_FIRMWARE_PORT volatile uint32_t *
/** Write or read the register at a byte offset. @return false when the bus answered an error */
static inline bool assay_firmware_write(ASSAY_FIRMWARE_PORT port, uint32_t offset, uint32_t value) {
  port[offset / 4] = value;
  return true;
}
static inline bool assay_firmware_read(ASSAY_FIRMWARE_PORT port, uint32_t offset, uint32_t *value) {
  *value = port[offset / 4];
  return true;
}
#endif

/** Part of a tensor of [rows][columns][channels] bytes. */
struct assay_firmware_box {
  int32_t rows, columns, channels;                 ///< of the tensor
  int32_t first_row, first_column, first_channel;  ///< of the box; below 0: outside of the tensor
  int32_t box_rows, box_columns, box_channels;     ///< of the box
};

/** One layer, or one part of a layer that is larger than the buffers, as the engine takes it. */
struct assay_firmware_layer {
  const char *name;
  int32_t layer;                              ///< number of the layer in the network, from 0
  const struct assay_register_write *writes;  ///< [write_count]; the last one starts
  uint32_t write_count;
  uint32_t activation_words, weight_words;  ///< to send, of word_bytes each
  uint32_t param_words;                     ///< to send, of 8 bytes each
  uint32_t output_words;                    ///< that come, of word_bytes each
  int32_t word_bytes;                       ///< channels of the engine
  int32_t rows_per_group;                   ///< output rows that come block by block
  uint8_t x_zero;                           ///< the input's zero point, as a byte
  struct assay_firmware_box in, out;        ///< of the layer's input and output
};

/** What the engine does. */
enum assay_firmware_state {
  ASSAY_FIRMWARE_IDLE = 0,  ///< nothing was started since reset
  ASSAY_FIRMWARE_RUNNING,   ///< a layer runs, another may be queued
  ASSAY_FIRMWARE_QUEUED,    ///< a layer runs, another waits: no room
  ASSAY_FIRMWARE_DONE,      ///< the layer that was started last is finished
  ASSAY_FIRMWARE_ERROR,     ///< a layer was refused or stopped: assay_firmware_error
  ASSAY_FIRMWARE_BUS,       ///< the control port did not answer
};

/** The same from a value of STATUS. */
static inline enum assay_firmware_state assay_firmware_state_of(uint32_t status) {
  if ((status & (uint32_t)ASSAY_STATUS_ERROR) != 0) return ASSAY_FIRMWARE_ERROR;
  if ((status & (uint32_t)ASSAY_STATUS_QUEUED) != 0) return ASSAY_FIRMWARE_QUEUED;
  if ((status & (uint32_t)ASSAY_STATUS_BUSY) != 0) return ASSAY_FIRMWARE_RUNNING;
  return (status & (uint32_t)ASSAY_STATUS_DONE) != 0 ? ASSAY_FIRMWARE_DONE : ASSAY_FIRMWARE_IDLE;
}

/** Looks at STATUS. */
static inline enum assay_firmware_state assay_firmware_look(ASSAY_FIRMWARE_PORT port) {
  uint32_t status = 0;
  if (!assay_firmware_read(port, ASSAY_REG_STATUS, &status)) return ASSAY_FIRMWARE_BUS;
  return assay_firmware_state_of(status);
}

/** enum assay_engine_error of the last layer that was refused or stopped; 0: none. After a stop,
 * reset the engine or the streams before another start. */
static inline uint32_t assay_firmware_error(ASSAY_FIRMWARE_PORT port) {
  uint32_t status = 0;
  if (!assay_firmware_read(port, ASSAY_REG_STATUS, &status)) return 0;
  return (status & (uint32_t)ASSAY_STATUS_ERROR) >> 8;
}

/** Whether an engine answers that has `word_bytes` channels and at least these buffers: those of
 * the configuration that the network was planned for. */
static inline bool assay_firmware_suits(ASSAY_FIRMWARE_PORT port, uint32_t lanes,
                                        uint32_t bank_depth, uint32_t weight_depth) {
  uint32_t id = 0, own_lanes = 0, banks = 0, weights = 0;
  return assay_firmware_read(port, ASSAY_REG_ID, &id) && id == ASSAY_ID_VALUE &&
         assay_firmware_read(port, ASSAY_REG_LANES, &own_lanes) && own_lanes == lanes &&
         assay_firmware_read(port, ASSAY_REG_BANK_DEPTH, &banks) && banks >= bank_depth &&
         assay_firmware_read(port, ASSAY_REG_WEIGHT_DEPTH, &weights) && weights >= weight_depth;
}

/** Makes the writes of a description in order. @return false at the first that the bus refuses */
static inline bool assay_firmware_describe(ASSAY_FIRMWARE_PORT port,
                                           const struct assay_register_write *writes,
                                           uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!assay_firmware_write(port, writes[i].address, writes[i].value)) return false;
  }
  return true;
}

/**
 * Describes a layer and starts it, behind the running one if there is one.
 * @return false, and nothing is written, while another waits already; false for a bus error, too
 */
static inline bool assay_firmware_start(ASSAY_FIRMWARE_PORT port,
                                        const struct assay_firmware_layer *layer) {
  const enum assay_firmware_state state = assay_firmware_look(port);
  if (state == ASSAY_FIRMWARE_QUEUED || state == ASSAY_FIRMWARE_BUS) return false;
  return assay_firmware_describe(port, layer->writes, layer->write_count);
}

/** Cycles of the last finished layer; 0 for a bus error. */
static inline uint32_t assay_firmware_cycles(ASSAY_FIRMWARE_PORT port) {
  uint32_t cycles = 0;
  return assay_firmware_read(port, ASSAY_REG_CYCLES, &cycles) ? cycles : 0;
}

/** Offset in a tensor of a row, column and channel of a box; -1 outside. */
static inline int32_t assay_firmware_at(const struct assay_firmware_box *box, int32_t row,
                                        int32_t column, int32_t channel) {
  const int32_t y = box->first_row + row, x = box->first_column + column;
  if (y < 0 || y >= box->rows || x < 0 || x >= box->columns) return -1;
  return (y * box->columns + x) * box->channels + box->first_channel + channel;
}

/**
 * The activation stream of a layer, from its input tensor: row, block of channels, column.
 * @param tensor  [in.rows][in.columns][in.channels] of the whole layer
 * @param words   receives activation_words * word_bytes bytes
 */
static inline void assay_firmware_input(const struct assay_firmware_layer *layer,
                                        const uint8_t *tensor, uint8_t *words) {
  const struct assay_firmware_box *box = &layer->in;
  for (int32_t row = 0; row < box->box_rows; row++) {
    for (int32_t first = 0; first < box->box_channels; first += layer->word_bytes) {
      for (int32_t column = 0; column < box->box_columns; column++) {
        for (int32_t lane = 0; lane < layer->word_bytes; lane++) {
          const int32_t at = assay_firmware_at(box, row, column, first + lane);
          *words++ = first + lane >= box->box_channels ? 0 : at < 0 ? layer->x_zero : tensor[at];
        }
      }
    }
  }
}

/**
 * The output stream back to the layer's output tensor: group of rows, block of channels, row,
 * column. Parts of a layer fill one tensor in turn.
 * @param words   output_words * word_bytes bytes
 * @param tensor  [out.rows][out.columns][out.channels] of the whole layer
 */
static inline void assay_firmware_output(const struct assay_firmware_layer *layer,
                                         const uint8_t *words, uint8_t *tensor) {
  const struct assay_firmware_box *box = &layer->out;
  for (int32_t group = 0; group < box->box_rows; group += layer->rows_per_group) {
    const int32_t left = box->box_rows - group;
    const int32_t rows = left < layer->rows_per_group ? left : layer->rows_per_group;
    for (int32_t first = 0; first < box->box_channels; first += layer->word_bytes) {
      for (int32_t pixel = 0; pixel < rows * box->box_columns; pixel++) {
        const int32_t row = group + pixel / box->box_columns, column = pixel % box->box_columns;
        for (int32_t lane = 0; lane < layer->word_bytes; lane++, words++) {
          if (first + lane >= box->box_channels) continue;
          tensor[assay_firmware_at(box, row, column, first + lane)] = *words;
        }
      }
    }
  }
}

#ifdef __cplusplus
}
#endif

#endif  // ASSAY_GOLDEN_FIRMWARE_H_
