// AXI4-Lite master: one access at a time, its channels stalled independently.
#include "sim/axil.h"

namespace assay::sim {

namespace {
enum Channel : unsigned { kAw, kW, kB, kAr, kR };
}  // namespace

void AxiLite::begin(const Stall &stall) {
  stall_ = stall;
  kind_ = Kind::kNone;
  release();
}

void AxiLite::release() {
  active_ = false;
  *pins_.awvalid = *pins_.wvalid = *pins_.bready = *pins_.arvalid = *pins_.rready = 0;
}

void AxiLite::write(uint32_t address, uint32_t value) {
  kind_ = Kind::kWrite;
  active_ = true;
  address_ = address;
  value_ = value;
  address_taken_ = value_taken_ = false;
}

void AxiLite::read(uint32_t address) {
  kind_ = Kind::kRead;
  active_ = true;
  address_ = address;
  address_taken_ = false;
}

void AxiLite::drive(uint64_t cycle) {
  if (kind_ == Kind::kWrite) drive_write(cycle);
  if (kind_ == Kind::kRead) drive_read(cycle);
  if (kind_ == Kind::kNone) release();
}

// A valid that was raised stays until its ready; ready may come and go.
void AxiLite::drive_write(uint64_t cycle) {
  const bool was_aw = *pins_.awvalid != 0;
  const bool was_w = *pins_.wvalid != 0;
  *pins_.awaddr = static_cast<uint16_t>(address_);
  *pins_.wdata = value_;
  *pins_.wstrb = 0xF;
  *pins_.awvalid = !address_taken_ && (was_aw || !stalled(kAw, cycle));
  *pins_.wvalid = !value_taken_ && (was_w || !stalled(kW, cycle));
  *pins_.bready = !stalled(kB, cycle);
}

void AxiLite::drive_read(uint64_t cycle) {
  const bool was_ar = *pins_.arvalid != 0;
  *pins_.araddr = static_cast<uint16_t>(address_);
  *pins_.arvalid = !address_taken_ && (was_ar || !stalled(kAr, cycle));
  *pins_.rready = !stalled(kR, cycle);
}

void AxiLite::sample(uint64_t cycle) {
  if (kind_ == Kind::kWrite) sample_write(cycle);
  if (kind_ == Kind::kRead) sample_read();
}

void AxiLite::sample_write(uint64_t cycle) {
  const bool aw = *pins_.awvalid != 0 && *pins_.awready != 0;
  const bool w = *pins_.wvalid != 0 && *pins_.wready != 0;
  const bool b = *pins_.bvalid != 0 && *pins_.bready != 0;
  address_taken_ |= aw;
  value_taken_ |= w;
  if (aw || w) accepted_cycle_ = cycle;
  if (b) end(*pins_.bresp);
}

void AxiLite::sample_read() {
  address_taken_ |= *pins_.arvalid != 0 && *pins_.arready != 0;
  if (*pins_.rvalid != 0 && *pins_.rready != 0) {
    data_ = *pins_.rdata;
    end(*pins_.rresp);
  }
}

void AxiLite::end(uint8_t response) {
  // A response before its request was taken breaks the protocol, whatever it says.
  const bool early = !address_taken_ || (kind_ == Kind::kWrite && !value_taken_);
  response_ = response;
  okay_ = response == 0 && !early;
  kind_ = Kind::kNone;
}

}  // namespace assay::sim
