// AXI4-Lite master: one access at a time, its channels stalled independently.
#ifndef ASSAY_SIM_AXIL_H_
#define ASSAY_SIM_AXIL_H_

#include <cstdint>

#include "sim/dut.h"
#include "sim/stream.h"

namespace assay::sim {

class AxiLite {
 public:
  explicit AxiLite(const AxiLitePins &pins) : pins_(pins) {}

  // Forgets an unfinished access.
  void begin(const Stall &stall);

  void write(uint32_t address, uint32_t value);
  void read(uint32_t address);

  bool busy() const { return kind_ != Kind::kNone; }
  bool okay() const { return okay_; }      // of the last access: the response was OKAY
  uint32_t data() const { return data_; }  // of the last read
  uint8_t response() const { return response_; }
  // Cycle in which address and data of the last write had both been taken.
  uint64_t accepted_cycle() const { return accepted_cycle_; }

  // Called every cycle while active(), which lasts one cycle longer than busy().
  bool active() const { return active_; }
  void drive(uint64_t cycle);
  void sample(uint64_t cycle);

 private:
  enum class Kind { kNone, kWrite, kRead };

  void drive_write(uint64_t cycle);
  void drive_read(uint64_t cycle);
  void sample_write(uint64_t cycle);
  void sample_read();
  void end(uint8_t response);
  void release();
  bool stalled(unsigned channel, uint64_t cycle) const { return stall_(5 * cycle + channel); }

  AxiLitePins pins_;
  Stall stall_;
  Kind kind_ = Kind::kNone;
  bool active_ = false;
  uint32_t address_ = 0;
  uint32_t value_ = 0;
  bool address_taken_ = false;
  bool value_taken_ = false;
  bool okay_ = true;
  uint8_t response_ = 0;
  uint32_t data_ = 0;
  uint64_t accepted_cycle_ = 0;
};

}  // namespace assay::sim

#endif  // ASSAY_SIM_AXIL_H_
