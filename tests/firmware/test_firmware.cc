// A firmware (run_network.c) on the Verilated engine: every register access and every word goes
// through golden/firmware.h. What comes out is what the real PyTorch computed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
#include "board.h"
#include "run_network.h"
}
#include "firmware.h"
#include "golden/parts.h"
#include "tests/golden/engine_case.h"
#include "vectors/npy.h"

namespace {

// Recorded from PyTorch 1.13.1, engine qnnpack: vectors/reference/README.md.
constexpr char kRecorded[] = ASSAY_SOURCE_DIR "/vectors/reference/unet_simplified/qnnpack/";

template <class Value>
std::vector<Value> Read(const std::string &path) {
  assay_tensor tensor = {};
  assay_error error = {};
  EXPECT_TRUE(assay_npy_read(path.c_str(), &tensor, &error)) << error.text;
  std::vector<Value> values(assay_tensor_bytes(&tensor) / sizeof(Value));
  if (!values.empty()) std::memcpy(values.data(), tensor.data, values.size() * sizeof(Value));
  assay_tensor_free(&tensor);
  return values;
}

// Flash and memory of the board.
struct Board {
  std::vector<std::vector<uint8_t>> weights;
  std::vector<std::vector<uint64_t>> params;
  std::vector<board_parameters> parameters;
  std::vector<uint8_t> tensors[2], activations, outputs;

  Board() {
    size_t bytes = 0;
    for (const assay_firmware_layer &layer : assay_network) {
      const std::string folder = std::string(VECTORS "/") + layer.name;
      weights.push_back(Read<uint8_t>(folder + "/stream_wgt.npy"));
      params.push_back(Read<uint64_t>(folder + "/stream_par.npy"));
      const size_t word = static_cast<size_t>(layer.word_bytes);
      bytes =
          std::max({bytes, layer.activation_words * word, layer.output_words * word,
                    static_cast<size_t>(layer.out.rows * layer.out.columns * layer.out.channels)});
    }
    for (size_t i = 0; i < weights.size(); ++i) {
      parameters.push_back({weights[i].data(), params[i].data()});
    }
    for (std::vector<uint8_t> *memory : {&tensors[0], &tensors[1], &activations, &outputs}) {
      memory->assign(bytes, 0xEE);
    }
  }

  run_memory Memory() {
    return {{tensors[0].data(), tensors[1].data()}, activations.data(), outputs.data()};
  }
};

class Simulation {
 public:
  Simulation() {
    assay_cosim_options options = {};
    options.engine = "8x8";
    options.initial_state = ASSAY_INITIAL_RANDOM;
    options.stall_percent[ASSAY_PORT_AXIL] = 50;
    EXPECT_EQ(assay_cosim_open(&options, &cosim, nullptr), ASSAY_OK);
  }
  ~Simulation() { assay_cosim_close(cosim); }
  Simulation(const Simulation &) = delete;
  Simulation &operator=(const Simulation &) = delete;
  assay_cosim *cosim = nullptr;
};

TEST(Firmware, OutputsAreThoseOfPyTorch) {
  Simulation simulation;
  Board board;
  const std::vector<uint8_t> x = Read<uint8_t>(std::string(kRecorded) + "quant.npy");
  const std::vector<uint8_t> expected = Read<uint8_t>(std::string(kRecorded) + "conv3.npy");
  ASSERT_EQ(expected.size(), 24u * 24u);
  for (int run = 0; run < 2; ++run) {  // the engine needs no reset in between
    std::copy(x.begin(), x.end(), board.tensors[0].begin());
    const run_memory memory = board.Memory();
    ASSERT_TRUE(run_network(simulation.cosim, board.parameters.data(), &memory))
        << "error " << assay_firmware_error(simulation.cosim);
    // Three layers: the result is in the second tensor.
    const std::vector<uint8_t> &result = board.tensors[1];
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), result.begin()));
    EXPECT_GT(assay_firmware_cycles(simulation.cosim), 0u);
  }
}

// A part of a random layer for the firmware, as firmware.h describes it.
assay_firmware_layer Describe(const assay_parts &parts, const assay_part &part,
                              const assay_plan &plan) {
  const assay_conv_shape &whole = parts.shape, &own = part.shape;
  assay_firmware_layer layer = {};
  layer.word_bytes = plan.engine.channels;
  layer.rows_per_group = plan.rows_per_group;
  layer.x_zero = static_cast<uint8_t>(plan.x_zp);
  layer.in = {whole.in_y, whole.in_x, whole.in_c, part.in_y, part.in_x,
              part.in_c,  own.in_y,   own.in_x,   own.in_c};
  layer.out = {
      assay_conv_out_y(&whole), assay_conv_out_x(&whole), whole.out_c, part.y, part.x, part.oc,
      assay_conv_out_y(&own),   assay_conv_out_x(&own),   own.out_c};
  return layer;
}

TEST(Firmware, StreamsAreThoseOfTheGoldenModel) {
  const uint64_t seed = assay_test::Seed() + 31;
  int run_on = 0, cut = 0;
  for (int32_t id = 0; id < 200; ++id) {
    SCOPED_TRACE("ASSAY_SEED=" + std::to_string(seed - 31) + ", case " + std::to_string(id));
    assay_test::Case c;
    assay_test::MakeCase(seed, id, 40000, &c);
    assay_test::Random random(seed + static_cast<uint64_t>(id));
    const assay_parts_wish wish = {random.OneIn(2) ? random.In(1, 6) : 0,
                                   random.OneIn(2) ? random.In(1, 6) : 0,
                                   random.OneIn(2) ? random.In(1, 9) : 0};
    assay_parts parts = {};
    if (assay_parts_plan(&c.engine, &c.conv, &c.lowered, &wish, &parts, nullptr) != ASSAY_OK) {
      continue;
    }
    cut += assay_parts_count(&parts) > 1;
    for (size_t i = 0; i < assay_parts_count(&parts); ++i) {
      const assay_part part = assay_parts_at(&parts, i);
      assay_plan plan = {};
      ASSERT_EQ(assay_part_plan(&c.engine, &c.conv, &c.lowered, &part, &plan, nullptr), ASSAY_OK);
      run_on += plan.rows_per_group > 1;
      const assay_firmware_layer layer = Describe(parts, part, plan);
      const size_t word = static_cast<size_t>(plan.engine.channels);
      // Inputs.
      const assay_conv_shape &s = part.shape;
      std::vector<uint8_t> x(static_cast<size_t>(s.in_y * s.in_x * s.in_c));
      assay_part_input(&parts, &part, c.x.data(), c.conv.x.zero_point, x.data());
      std::vector<uint8_t> expected(plan.activation_words * word), words(expected.size(), 0xEE);
      assay_stream_activations(&plan, x.data(), expected.data());
      assay_firmware_input(&layer, c.x.data(), words.data());
      ASSERT_TRUE(words == expected);
      // Outputs: random words, of which lanes beyond the last channel are not looked at.
      std::vector<uint8_t> outputs(plan.output_words * word);
      for (uint8_t &byte : outputs) byte = static_cast<uint8_t>(random.In(0, 255));
      std::vector<uint8_t> y(
          static_cast<size_t>(assay_conv_out_y(&s) * assay_conv_out_x(&s) * s.out_c));
      assay_unstream_outputs(&plan, outputs.data(), y.data());
      std::vector<uint8_t> whole(
          static_cast<size_t>(assay_conv_macs(&parts.shape) / assay_conv_taps(&parts.shape)), 0x55);
      std::vector<uint8_t> joined = whole;
      assay_part_join(&parts, &part, y.data(), 1, whole.data());
      assay_firmware_output(&layer, outputs.data(), joined.data());
      ASSERT_TRUE(joined == whole);
    }
  }
  EXPECT_GT(run_on, 20);
  EXPECT_GT(cut, 20);
}

TEST(Firmware, ARefusedLayerIsSeen) {
  Simulation simulation;
  Board board;
  assay_firmware_layer layer = assay_network[0];
  std::vector<assay_register_write> writes(layer.writes, layer.writes + layer.write_count);
  for (assay_register_write &write : writes) {
    if (write.address == ASSAY_REG_OUT_SIZE) write.value = 0;
  }
  layer.writes = writes.data();
  EXPECT_EQ(assay_firmware_look(simulation.cosim), ASSAY_FIRMWARE_IDLE);
  ASSERT_TRUE(assay_firmware_start(simulation.cosim, &layer));
  while (assay_firmware_look(simulation.cosim) == ASSAY_FIRMWARE_RUNNING) continue;
  EXPECT_EQ(assay_firmware_look(simulation.cosim), ASSAY_FIRMWARE_ERROR);
  EXPECT_EQ(assay_firmware_error(simulation.cosim), uint32_t{ASSAY_ENGINE_ERROR_SIZE});
}

TEST(Firmware, AThirdLayerFindsNoRoom) {
  Simulation simulation;
  const assay_firmware_layer &layer = assay_network[0];
  ASSERT_TRUE(assay_firmware_start(simulation.cosim, &layer));
  // No stream is fed: the first one waits for ever.
  for (int i = 0; i < 1000 && assay_firmware_start(simulation.cosim, &layer); ++i) {
    ASSERT_LT(i, 2);
  }
  EXPECT_EQ(assay_firmware_look(simulation.cosim), ASSAY_FIRMWARE_QUEUED);
  EXPECT_FALSE(assay_firmware_start(simulation.cosim, &layer));
}

TEST(Firmware, AnotherEngineDoesNotSuit) {
  Simulation simulation;
  EXPECT_TRUE(assay_firmware_suits(simulation.cosim, ASSAY_NETWORK_LANES, 16, 16));
  EXPECT_FALSE(assay_firmware_suits(simulation.cosim, 0x0404, 16, 16));
  EXPECT_FALSE(assay_firmware_suits(simulation.cosim, ASSAY_NETWORK_LANES, 1u << 20, 16));
  EXPECT_FALSE(assay_firmware_suits(simulation.cosim, ASSAY_NETWORK_LANES, 16, 1u << 20));
}

}  // namespace
