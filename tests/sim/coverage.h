// What random layers reached; a class that none reached would be a claim without evidence.
#ifndef ASSAY_TESTS_SIM_COVERAGE_H_
#define ASSAY_TESTS_SIM_COVERAGE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "golden/sequencer.h"
#include "sim/cosim.h"
#include "tests/sim/cosim_case.h"

namespace assay_test {

class Coverage {
 public:
  std::map<std::string, int> classes;
  std::set<std::pair<int, int>> stalls;  // port, percent

  /** Counts the classes that the layer belongs to. */
  void Layer(const assay_plan &p) {
    Shape(p);
    Numbers(p);
    Buffers(p);
  }

  void Stalls(const assay_cosim_options &options) {
    for (int port = 0; port < ASSAY_PORT_COUNT; ++port) {
      stalls.insert({port, options.stall_percent[port]});
    }
  }

  void Add(const Coverage &other) {
    for (const auto &[name, count] : other.classes) classes[name] += count;
    stalls.insert(other.stalls.begin(), other.stalls.end());
  }

 private:
  void Shape(const assay_plan &p) {
    const assay_conv_shape &s = p.shape;
    ++classes["mode " + std::to_string(p.mode)];
    classes["grouped"] += s.groups > 1 && p.mode != ASSAY_MODE_DEPTHWISE;
    classes["1x1"] += s.kernel_y == 1 && s.kernel_x == 1;
    classes["strided"] += s.stride_y > 1 || s.stride_x > 1;
    classes["dilated"] += s.dilation_y > 1 || s.dilation_x > 1;
    classes["padded on one side"] += s.pad_left != s.pad_right || s.pad_top != s.pad_bottom;
    classes["partly filled block"] += s.out_c % p.engine.channels != 0;
    classes["tile runs on"] += p.rows_per_group > 1 && assay_conv_out_x(&s) % p.engine.pixels != 0;
  }

  void Numbers(const assay_plan &p) {
    const int32_t steps = assay_block_passes(&p, 0) * assay_pass_steps(&p);
    classes["int8 input"] += p.x_dtype == ASSAY_QINT8;
    classes["int8 output"] += p.q_low < 0;
    classes["affine"] += p.kind == ASSAY_REQUANT_AFFINE;
    classes["corrected"] += p.kind == ASSAY_REQUANT_CORRECTED;
    classes["threshold"] += p.kind == ASSAY_REQUANT_THRESHOLD;
    classes["int4 in mode " + std::to_string(p.mode)] += p.int4_weights;
    classes["int4 with half a word"] += p.int4_weights && steps % 2 != 0;
  }

  void Buffers(const assay_plan &p) {
    const bool several = p.rows_per_group < assay_conv_out_y(&p.shape);
    classes["ring wraps"] += p.ring_rows * p.shape.stride_y < p.shape.in_y;
    classes["weights streamed"] += p.weight_slots < p.out_blocks;
    classes["weights sent again"] += several && p.weight_slots < p.out_blocks;
    classes["parameters streamed"] += p.param_slots < p.out_blocks;
    classes["parameters sent again"] += several && p.param_slots < p.out_blocks;
  }
};

/** Every port draws its own percentage, and the run its seed. */
inline assay_cosim_options RandomStalls(const char *engine, Random *random) {
  constexpr uint8_t kPercent[] = {0, 25, 50, 75, 95};
  assay_cosim_options options = Options(engine, 0);
  options.seed = random->Next();
  for (uint8_t &port : options.stall_percent) port = kPercent[random->In(0, 4)];
  return options;
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_SIM_COVERAGE_H_
