// What the engine refuses, by itself: every error code, on the same device that then runs a layer.
// Random layers under stalls: tests/sim/test_cosim.cc.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "golden/registers.h"
#include "golden/sequence.h"
#include "golden/sequencer.h"
#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Cosim;
using assay_test::Failures;
using assay_test::Layer;
using assay_test::Options;

// 3x3, two input blocks to three output blocks, row groups of two rows, streamed weights: every
// rule has something to check.
std::unique_ptr<Layer> LegalLayer(const assay_engine_config &engine, assay_requant_kind kind) {
  auto layer = std::make_unique<Layer>();
  assay_test::Random random(1);
  layer->c.engine = engine;
  layer->c.conv.shape = {
      20, 20, 2 * engine.channels, 3 * engine.channels, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  layer->c.conv.x = {1.0, 7, ASSAY_QUINT8};
  layer->c.conv.y = {1.0, 0, ASSAY_QUINT8};
  layer->c.wish.mode = ASSAY_MODE_REDUCE;
  layer->c.wish.rows_per_group = 2;
  assay_test::RandomTensors(random, &layer->c);
  do {
    layer->c.thresholds.clear();
    assay_test::RandomParameters(random, &layer->c);
  } while (layer->c.lowered.kind != kind);
  assay_test::NarrowParameters(&layer->c);
  layer->name = "legal";
  EXPECT_EQ(assay_plan_layer_as(&engine, &layer->c.conv, &layer->c.lowered, &layer->c.wish,
                                &layer->plan, nullptr),
            ASSAY_OK);
  EXPECT_TRUE(assay_test::ExpectedValues(layer.get()));
  assay_test::MakeJob(layer.get());
  return layer;
}

int32_t Words(const assay_plan &plan) { return plan.weight_slots * assay_slot_words(&plan); }

struct Edit {
  const char *what;
  uint32_t address;
  int32_t low, bits;  // field
  uint32_t value;
  assay_engine_error error;
};

// One value that is too wide in every field, on an engine with narrow ones.
std::vector<Edit> WideEdits(const assay_engine_config &e) {
  std::vector<Edit> edits;
  for (uint32_t address = ASSAY_REG_IN_SIZE; address <= ASSAY_REG_SLOTS; address += 4) {
    const bool bytes = address == ASSAY_REG_STEP || address == ASSAY_REG_PAD;
    if (address == ASSAY_REG_CLAMP) continue;
    for (int32_t low = 0; low < 32; low += 8) {
      const bool step = bytes || (address == ASSAY_REG_KERNEL && low < 16);
      const bool named = (address != ASSAY_REG_PAD || low < 16) &&
                         (address != ASSAY_REG_PITCH || low < 16) && (step || low % 16 == 0);
      const int32_t bits = step ? e.step_bits : e.size_bits, full = step ? 8 : 16;
      if (!named || bits == full) continue;
      edits.push_back({"too wide", address, low, full, 1u << bits, ASSAY_ENGINE_ERROR_WIDE});
    }
  }
  return edits;
}

std::vector<Edit> Edits(const assay_plan &plan) {
  const assay_engine_config &e = plan.engine;
  const uint32_t weights_last = static_cast<uint32_t>(e.weight_depth - Words(plan));
  const uint32_t kernel = static_cast<uint32_t>(e.max_kernel) + 1;
  const uint32_t blocks = static_cast<uint32_t>(e.param_blocks) + 1;
  return {
      {"no columns", ASSAY_REG_IN_SIZE, 0, 16, 0, ASSAY_ENGINE_ERROR_SIZE},
      {"no rows", ASSAY_REG_IN_SIZE, 16, 16, 0, ASSAY_ENGINE_ERROR_SIZE},
      {"no output columns", ASSAY_REG_OUT_SIZE, 0, 16, 0, ASSAY_ENGINE_ERROR_SIZE},
      {"no output rows", ASSAY_REG_OUT_SIZE, 16, 16, 0, ASSAY_ENGINE_ERROR_SIZE},
      {"output too wide", ASSAY_REG_OUT_SIZE, 0, 16, 20 + 16 * 20, ASSAY_ENGINE_ERROR_SIZE},
      {"output too high", ASSAY_REG_OUT_SIZE, 16, 16, 20 + 16 * 20, ASSAY_ENGINE_ERROR_SIZE},
      {"no input blocks", ASSAY_REG_CHANNELS, 0, 16, 0, ASSAY_ENGINE_ERROR_SIZE},
      {"no output channels", ASSAY_REG_CHANNELS, 16, 16, 0, ASSAY_ENGINE_ERROR_SIZE},
      {"kernel_x 0", ASSAY_REG_KERNEL, 0, 8, 0, ASSAY_ENGINE_ERROR_STEP},
      {"kernel_y 0", ASSAY_REG_KERNEL, 8, 8, 0, ASSAY_ENGINE_ERROR_STEP},
      {"kernel_x too large", ASSAY_REG_KERNEL, 0, 8, kernel, ASSAY_ENGINE_ERROR_STEP},
      {"kernel_y too large", ASSAY_REG_KERNEL, 8, 8, kernel, ASSAY_ENGINE_ERROR_STEP},
      {"stride_x 0", ASSAY_REG_STEP, 0, 8, 0, ASSAY_ENGINE_ERROR_STEP},
      {"stride_y 0", ASSAY_REG_STEP, 8, 8, 0, ASSAY_ENGINE_ERROR_STEP},
      {"dilation_x 0", ASSAY_REG_STEP, 16, 8, 0, ASSAY_ENGINE_ERROR_STEP},
      {"dilation_y 0", ASSAY_REG_STEP, 24, 8, 0, ASSAY_ENGINE_ERROR_STEP},
      {"ring too large", ASSAY_REG_GROUP, 16, 16, 60000, ASSAY_ENGINE_ERROR_BANKS},
      {"too many blocks", ASSAY_REG_CHANNELS, 0, 16, 60000, ASSAY_ENGINE_ERROR_BANKS},
      {"ring below the window", ASSAY_REG_GROUP, 16, 16, 2, ASSAY_ENGINE_ERROR_RING},
      {"no ring", ASSAY_REG_GROUP, 16, 16, 0, ASSAY_ENGINE_ERROR_RING},
      {"no rows a group", ASSAY_REG_GROUP, 0, 16, 0, ASSAY_ENGINE_ERROR_RING},
      {"more rows than the ring", ASSAY_REG_GROUP, 0, 16, 19, ASSAY_ENGINE_ERROR_RING},
      {"pitch below a row", ASSAY_REG_PITCH, 0, 16, 20 - 16, ASSAY_ENGINE_ERROR_RING},
      {"pitch 0", ASSAY_REG_PITCH, 0, 16, 0, ASSAY_ENGINE_ERROR_RING},
      {"pitch breaks the order", ASSAY_REG_PITCH, 0, 16, 21, ASSAY_ENGINE_ERROR_ALIGNMENT},
      {"weights too many", ASSAY_REG_SLOTS, 0, 16, 60000, ASSAY_ENGINE_ERROR_WEIGHTS},
      {"no weight slot", ASSAY_REG_SLOTS, 0, 16, 0, ASSAY_ENGINE_ERROR_WEIGHTS},
      {"weights end too high", ASSAY_REG_WEIGHT_BASE, 0, 20, weights_last + 1,
       ASSAY_ENGINE_ERROR_WEIGHTS},
      {"weights begin too high", ASSAY_REG_WEIGHT_BASE, 0, 20, 0xFFFFF, ASSAY_ENGINE_ERROR_WEIGHTS},
      {"parameters too many", ASSAY_REG_SLOTS, 16, 16, blocks, ASSAY_ENGINE_ERROR_PARAMS},
      {"no parameter slot", ASSAY_REG_SLOTS, 16, 16, 0, ASSAY_ENGINE_ERROR_PARAMS},
      {"empty clamp", ASSAY_REG_CLAMP, 16, 9, 0x100, ASSAY_ENGINE_ERROR_REQUANTIZER},
      {"two requantizers", ASSAY_REG_MODE, 8, 2, 3, ASSAY_ENGINE_ERROR_REQUANTIZER},
      {"unknown mode", ASSAY_REG_MODE, 0, 2, 3, ASSAY_ENGINE_ERROR_MODE},
      {"count 0", ASSAY_REG_KERNEL, 16, 16, 0, ASSAY_ENGINE_ERROR_MODE},
      {"count beyond the blocks", ASSAY_REG_KERNEL, 16, 16, 17, ASSAY_ENGINE_ERROR_MODE},
      {"depthwise with a count", ASSAY_REG_MODE, 0, 2, 2, ASSAY_ENGINE_ERROR_MODE},
  };
}

// Writes a plan's registers with one field changed, start included, and waits for the answer.
uint32_t StartEdited(assay_cosim *cosim, const assay_plan &plan, const Edit &edit) {
  const uint32_t mask = ((1u << edit.bits) - 1) << edit.low;
  for (size_t i = 0; i < plan.write_count; i++) {
    const assay_register_write &write = plan.writes[i];
    const bool hit = write.address == edit.address;
    const uint32_t value = hit ? (write.value & ~mask) | edit.value << edit.low : write.value;
    EXPECT_TRUE(assay_cosim_write(cosim, write.address, value));
  }
  uint32_t status = 1;
  for (int32_t poll = 0; poll < 1000 && (status & 1) != 0; poll++) {
    EXPECT_TRUE(assay_cosim_read(cosim, ASSAY_REG_STATUS, &status));
  }
  return status;
}

TEST(EngineRtl, RefusesEveryIllegalDescriptionWithItsCode) {
  for (size_t i = 0; const assay_engine_config *engine = assay_cosim_engine(i); i++) {
    const auto layer = LegalLayer(*engine, ASSAY_REQUANT_AFFINE);
    Cosim cosim(Options(engine->name, 0));
    for (const Edit &edit : Edits(layer->plan)) {
      const uint32_t status = StartEdited(cosim.get(), layer->plan, edit);
      const bool wide = edit.bits == 16 && edit.value >> engine->size_bits != 0;
      const assay_engine_error error = wide ? ASSAY_ENGINE_ERROR_WIDE : edit.error;
      EXPECT_EQ(status, static_cast<uint32_t>(error) << 8) << edit.what;
    }
    for (const Edit &edit : WideEdits(*engine)) {
      const uint32_t status = StartEdited(cosim.get(), layer->plan, edit);
      EXPECT_EQ(status, static_cast<uint32_t>(edit.error) << 8) << edit.address << " " << edit.low;
    }
    assay_plan_place(&layer->plan,
                     engine->weight_depth - Words(layer->plan));  // the last legal one
    const assay_cosim_result result = cosim.Run(*layer);
    EXPECT_TRUE(result.pass) << Failures(*layer, result);
  }
}

struct RecordEdit {
  const char *what;
  size_t word;
  uint64_t flip;
};

TEST(EngineRtl, StopsAtARecordThatDoesNotFit) {
  const RecordEdit edits[] = {{"type", 0, 3},
                              {"length", 0, UINT64_C(1) << 16},
                              {"channel", 0, UINT64_C(1) << 32},
                              {"first beyond the input", 1, UINT64_C(1) << 36}};
  for (size_t i = 0; const assay_engine_config *engine = assay_cosim_engine(i); i++) {
    for (const assay_requant_kind kind :
         {ASSAY_REQUANT_AFFINE, ASSAY_REQUANT_CORRECTED, ASSAY_REQUANT_THRESHOLD}) {
      if (kind == ASSAY_REQUANT_CORRECTED && !engine->corrected) continue;
      if (kind == ASSAY_REQUANT_THRESHOLD && !engine->threshold) continue;
      Cosim cosim(Options(engine->name, 30));
      for (const RecordEdit &edit : edits) {
        const auto layer = LegalLayer(*engine, kind);
        const size_t record = kind == ASSAY_REQUANT_AFFINE      ? 4
                              : kind == ASSAY_REQUANT_CORRECTED ? 8
                                                                : 130;
        layer->golden.params[5 * record + edit.word] ^= edit.flip;
        const assay_cosim_result result = cosim.Run(*layer);
        EXPECT_FALSE(result.pass) << edit.what;
        EXPECT_EQ(result.status, static_cast<uint32_t>(ASSAY_ENGINE_ERROR_RECORD) << 8)
            << edit.what;
        assay_cosim_reset(cosim.get());
        layer->golden.params[5 * record + edit.word] ^= edit.flip;
        const assay_cosim_result again = cosim.Run(*layer);
        EXPECT_TRUE(again.pass) << edit.what << "\n" << Failures(*layer, again);
      }
    }
  }
}

TEST(EngineRtl, AnswersWrongAccessesWithAnError) {
  Cosim cosim(Options(assay_cosim_engine(0)->name, 0));
  uint32_t value = 0;
  for (const uint32_t address : {0x28u, 0x3Cu, 0x70u, 0x7Cu, 0x80u, 0x140u, 0x41u, 0xFFCu}) {
    EXPECT_FALSE(assay_cosim_read(cosim.get(), address, &value)) << address;
    EXPECT_FALSE(assay_cosim_write(cosim.get(), address, 1)) << address;
  }
  EXPECT_FALSE(assay_cosim_write(cosim.get(), ASSAY_REG_ID, 1));
  EXPECT_FALSE(assay_cosim_write(cosim.get(), ASSAY_REG_STATUS, 1));
}

// Bits without a name read 0: golden/registers.h.
uint32_t Named(uint32_t address) {
  switch (address) {
    case ASSAY_REG_MODE:
      return 0x733;
    case ASSAY_REG_PAD:
      return 0xFFFFFF;
    case ASSAY_REG_CLAMP:
      return 0x1FF01FF;
    case ASSAY_REG_PITCH:
      return 0xFFFF;
    case ASSAY_REG_WEIGHT_BASE:
      return 0xFFFFF;
    default:
      return UINT32_MAX;
  }
}

TEST(EngineRtl, KeepsADescriptionUntilItIsStarted) {
  Cosim cosim(Options(assay_cosim_engine(0)->name, 0));
  for (uint32_t address = ASSAY_REG_MODE; address <= ASSAY_REG_WEIGHT_BASE; address += 4) {
    ASSERT_TRUE(assay_cosim_write(cosim.get(), address, address * 0x01010101u));
  }
  for (uint32_t address = ASSAY_REG_MODE; address <= ASSAY_REG_WEIGHT_BASE; address += 4) {
    uint32_t value = 0;
    ASSERT_TRUE(assay_cosim_read(cosim.get(), address, &value));
    EXPECT_EQ(value, address * 0x01010101u & Named(address));
  }
}

}  // namespace
