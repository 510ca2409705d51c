/* A network as firmware on bare metal runs it: C99, no library. `assay gen` writes firmware.h; a
 * board gives its DMA and, if it has another bus, its control port (board.h). No twin. */
#include "board.h"
#include "firmware.h"

#include "run_network.h"

/* Waits for a layer's outputs. False when the engine stopped instead. */
static bool wait_for_outputs(ASSAY_FIRMWARE_PORT engine, uint32_t words) {
  while (board_received(engine) < words) {
    const enum assay_firmware_state state = assay_firmware_look(engine);
    if (state == ASSAY_FIRMWARE_ERROR || state == ASSAY_FIRMWARE_BUS) return false;
  }
  return true;
}

/* Starts a layer as soon as the engine has room for it: a layer ends some cycles after its last
 * output. */
static bool start_layer(ASSAY_FIRMWARE_PORT engine, const struct assay_firmware_layer *layer) {
  while (assay_firmware_look(engine) == ASSAY_FIRMWARE_QUEUED) continue;
  return assay_firmware_start(engine, layer);
}

static bool run_layer(ASSAY_FIRMWARE_PORT engine, const struct assay_firmware_layer *layer,
                      const struct board_parameters *parameters, const struct run_memory *memory) {
  const uint8_t *x = memory->tensor[layer->layer % 2];
  uint8_t *y = memory->tensor[(layer->layer + 1) % 2];
  board_receive(engine, memory->output_words, layer->output_words);
  board_send(engine, BOARD_WEIGHTS, parameters->weights, layer->weight_words);
  board_send(engine, BOARD_PARAMETERS, parameters->params, layer->param_words);
  assay_firmware_input(layer, x, memory->activation_words);
  board_send(engine, BOARD_ACTIVATIONS, memory->activation_words, layer->activation_words);
  if (!wait_for_outputs(engine, layer->output_words)) return false;
  assay_firmware_output(layer, memory->output_words, y);
  return true;
}

bool run_network(ASSAY_FIRMWARE_PORT engine, const struct board_parameters *parameters,
                 const struct run_memory *memory) {
  if (!assay_firmware_suits(engine, ASSAY_NETWORK_LANES, ASSAY_NETWORK_BANK_DEPTH,
                            ASSAY_NETWORK_WEIGHT_DEPTH) ||
      !assay_firmware_start(engine, &assay_network[0])) {
    return false;
  }
  for (uint32_t i = 0; i < ASSAY_NETWORK_LAYERS; i++) {
    // The next one is set up while this one runs.
    const bool more = i + 1 < ASSAY_NETWORK_LAYERS;
    if (more && !start_layer(engine, &assay_network[i + 1])) return false;
    if (!run_layer(engine, &assay_network[i], &parameters[i], memory)) return false;
  }
  while (assay_firmware_look(engine) == ASSAY_FIRMWARE_RUNNING) continue;
  return assay_firmware_look(engine) == ASSAY_FIRMWARE_DONE;
}
