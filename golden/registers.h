/* Control registers of the engine: byte offsets and fields on the AXI4-Lite port. Twin:
 * rtl/assay_registers.sv. */
#ifndef ASSAY_GOLDEN_REGISTERS_H_
#define ASSAY_GOLDEN_REGISTERS_H_

#include <stdint.h>

/** A write to the control port. */
struct assay_register_write {
  uint32_t address;  ///< byte offset, a multiple of 4
  uint32_t value;
};

/** Offsets. Fields are given as [high:low]; unnamed bits are written as 0 and read as 0. */
enum assay_register {
  ASSAY_REG_ID = 0x00,  ///< read only: ASSAY_ID_VALUE
  ASSAY_REG_CONTROL =
      0x04,  ///< write 1: start the described layer, or queue it while one runs; reads 0
  ASSAY_REG_STATUS =
      0x08,  ///< [0] busy, [1] done, [2] a layer is queued, [15:8] enum assay_engine_error
  ASSAY_REG_CYCLES = 0x0C,  ///< cycles from start to done of the last finished layer

  ASSAY_REG_LANES = 0x10,         ///< read only: [7:0] Pixels, [15:8] Channels
  ASSAY_REG_BANK_DEPTH = 0x14,    ///< read only: words of an activation bank
  ASSAY_REG_WEIGHT_DEPTH = 0x18,  ///< read only: words of the weight memory
  ASSAY_REG_PARAM_BLOCKS = 0x1C,  ///< read only: [15:0] affine blocks, [31:16] threshold blocks
  ASSAY_REG_FEATURES = 0x20,      ///< read only: [0] affine, [1] threshold, [2] corrected, [3] int4
                                  ///< weights, [15:8] MaxKernel, [23:16] MultiplierBits, [31:24]
                                  ///< AddendBits

  ASSAY_REG_WIDTHS = 0x24,  ///< read only: [7:0] SizeBits, [15:8] StepBits, [23:16] AccBits

  ASSAY_REG_MODE = 0x40,      ///< [1:0] enum assay_engine_mode, [4] input is qint8, [5] output is
                              ///< qint8, [9:8] requantizer: 0 affine, 1 threshold, 2
                              ///< corrected, [10] weights are int4
  ASSAY_REG_IN_SIZE = 0x44,   ///< [15:0] in_x, [31:16] in_y
  ASSAY_REG_OUT_SIZE = 0x48,  ///< [15:0] out_x, [31:16] out_y
  ASSAY_REG_CHANNELS = 0x4C,  ///< [15:0] in_blocks, [31:16] out_c
  ASSAY_REG_KERNEL = 0x50,    ///< [7:0] kernel_x, [15:8] kernel_y, [31:16] count
  ASSAY_REG_STEP =
      0x54,  ///< [7:0] stride_x, [15:8] stride_y, [23:16] dilation_x, [31:24] dilation_y
  ASSAY_REG_PAD =
      0x58,  ///< [7:0] pad_left, [15:8] pad_top, [23:16] x_zp - least value of the input dtype
  ASSAY_REG_CLAMP = 0x5C,        ///< [8:0] out_min, [24:16] out_max, both two's complement
  ASSAY_REG_GROUP = 0x60,        ///< [15:0] rows_per_group, [31:16] ring_rows
  ASSAY_REG_PITCH = 0x64,        ///< [15:0] pitch
  ASSAY_REG_SLOTS = 0x68,        ///< [15:0] weight_slots, [31:16] param_slots
  ASSAY_REG_WEIGHT_BASE = 0x6C,  ///< [19:0] weight_base: word of the weight memory where slot 0
                                 ///< begins
};

/** Bits of STATUS. */
enum assay_status_bit {
  ASSAY_STATUS_BUSY = 1 << 0,      ///< a layer runs or is being set up
  ASSAY_STATUS_DONE = 1 << 1,      ///< the layer that started last is finished
  ASSAY_STATUS_QUEUED = 1 << 2,    ///< a layer waits behind the running one: no room for another
  ASSAY_STATUS_ERROR = 0xFF << 8,  ///< enum assay_engine_error
};

/** Why the engine refused a layer or stopped; 0 in STATUS[15:8] means none. */
enum assay_engine_error {
  ASSAY_ENGINE_ERROR_SIZE = 1,   ///< a size is 0, or an output that the input cannot give
  ASSAY_ENGINE_ERROR_STEP = 2,   ///< kernel, stride or dilation out of range
  ASSAY_ENGINE_ERROR_BANKS = 3,  ///< the ring is larger than the banks
  ASSAY_ENGINE_ERROR_RING = 4,  ///< the ring does not hold a row group's window, or the pitch a row
  ASSAY_ENGINE_ERROR_ALIGNMENT =
      5,  ///< several rows a group, but pitch or ring size break the bank order
  ASSAY_ENGINE_ERROR_WEIGHTS = 6,      ///< the weight slots end beyond the weight memory
  ASSAY_ENGINE_ERROR_PARAMS = 7,       ///< more parameter slots than the memory has
  ASSAY_ENGINE_ERROR_REQUANTIZER = 8,  ///< the requantizer is not present, or the clamp is empty
  ASSAY_ENGINE_ERROR_MODE = 9,         ///< unknown mode, or counts that do not belong to it
  ASSAY_ENGINE_ERROR_RECORD = 10,  ///< a parameter record of wrong type, channel or length arrived
  ASSAY_ENGINE_ERROR_INT4 = 11,    ///< int4 weights, which this engine does not have
  ASSAY_ENGINE_ERROR_WIDE = 12,    ///< a field was written with a value wider than this engine's
};

#define ASSAY_ID_VALUE 0x41535359u

#endif  // ASSAY_GOLDEN_REGISTERS_H_
