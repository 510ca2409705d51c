// The Verilated engine with its clock, reset and trace. dut.cc is the only file that knows
// Verilator.
#ifndef ASSAY_SIM_DUT_H_
#define ASSAY_SIM_DUT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "golden/engine.h"

namespace assay::sim {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "a port's bit 8i is byte i of its memory only on little-endian hosts");

// Ports are plain pointers into the model, so that driving one costs a store, whatever the model.

struct SourcePins {  // a slave stream of the engine, which the driver feeds
  uint8_t *tvalid;
  const uint8_t *tready;
  uint8_t *tdata;
  size_t bytes;  // of a word
};

struct SinkPins {  // the engine's master stream, which the driver takes
  const uint8_t *tvalid;
  uint8_t *tready;
  const uint8_t *tdata;
  const uint8_t *tlast;
  size_t bytes;
};

struct TapPins {
  const uint8_t *valid;
  const uint16_t *y, *x, *block;
  const uint8_t *data;
};

struct AxiLitePins {
  uint8_t *awvalid;
  const uint8_t *awready;
  uint16_t *awaddr;
  uint8_t *wvalid;
  const uint8_t *wready;
  uint32_t *wdata;
  uint8_t *wstrb;
  const uint8_t *bvalid;
  uint8_t *bready;
  const uint8_t *bresp;
  uint8_t *arvalid;
  const uint8_t *arready;
  uint16_t *araddr;
  const uint8_t *rvalid;
  uint8_t *rready;
  const uint32_t *rdata;
  const uint8_t *rresp;
};

struct Pins {
  uint8_t *clk;
  uint8_t *rst_n;
  SourcePins act, wgt, par;
  SinkPins out;
  TapPins tap_acc, tap_out;
  AxiLitePins axil;
};

struct DutOptions {
  std::string engine;
  int initial_state = 0;  // 0 zeros, 1 ones, 2 random (Verilator's randReset)
  int seed = 1;           // of random initial states; not 0
  std::string trace_path;
  uint64_t trace_first = 0;
  uint64_t trace_last = UINT64_MAX;
};

// A model with its context and trace; what differs between engines is behind it (dut.cc).
class Model;

class Dut {
 public:
  // Null with a reason when there is no such engine or the trace cannot be written.
  static std::unique_ptr<Dut> open(const DutOptions &options, std::string *reason);
  ~Dut();

  // Configuration of the built engine of this number, or null beyond the last.
  static const assay_engine_config *engine(size_t index);

  const assay_engine_config &config() const { return config_; }
  const Pins &pins() const { return pins_; }
  uint64_t cycle() const { return cycle_; }  // rising edges so far

  // Both halves of a cycle. After fall(), every output shows what the next rising edge will see:
  // drive inputs, fall(), look at handshakes and taps, rise(). If no input has changed since
  // rise(), every output shows that already; the model then only has to see an edge again.
  void fall(bool inputs_changed = true) {
    if (!inputs_changed && clock_before_ != nullptr) {
      *clock_before_ = 0;
      return;
    }
    *pins_.clk = 0;
    eval_(model_);
    if (trace_) dump(5);
  }
  void rise() {
    *pins_.clk = 1;
    eval_(model_);
    ++cycle_;
    if (trace_) dump(0);
  }

  // Asserts reset for a few cycles with all inputs idle.
  void reset();

 private:
  Dut(const assay_engine_config &config, std::unique_ptr<Model> body);
  void dump(uint64_t ns_after_edge);
  void idle_inputs();

  assay_engine_config config_;
  std::unique_ptr<Model> body_;
  Pins pins_;
  void *model_;
  void (*eval_)(void *);  // the model's own eval(): not virtual, one well predicted call an edge
  uint8_t *clock_before_ = nullptr;  // the clock that the model saw last; null: not known
  bool trace_;
  uint64_t cycle_ = 0;
};

}  // namespace assay::sim

#endif  // ASSAY_SIM_DUT_H_
