/* Control registers of the engine: byte offsets on the AXI4-Lite port. Twin: rtl/assay_registers.sv. */
#ifndef ASSAY_GOLDEN_REGISTERS_H_
#define ASSAY_GOLDEN_REGISTERS_H_

/** Offsets of the registers that every layer uses; the layer descriptor follows from 0x40 (rtl/README.md). */
enum {
  ASSAY_REG_ID = 0x00,       ///< read only: 0x41535359
  ASSAY_REG_CONTROL = 0x04,  ///< write 1: start the described layer; reads 0
  ASSAY_REG_STATUS = 0x08,   ///< bit 0 busy, bit 1 done (cleared by start), bits 15:8 error code (0: none)
  ASSAY_REG_CYCLES = 0x0C,   ///< cycles from start to done of the last finished layer
};

#define ASSAY_ID_VALUE 0x41535359u

#endif  // ASSAY_GOLDEN_REGISTERS_H_
