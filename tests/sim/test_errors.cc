// A wrong record in mid-layer, wherever the engine is by then: the next layer runs as if nothing
// had been, without a reset.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "golden/registers.h"
#include "golden/sequencer.h"
#include "tests/sim/cosim_case.h"

namespace {

using assay_test::Cosim;
using assay_test::Failures;
using assay_test::Layer;

size_t RecordWords(const assay_plan &plan) {
  return plan.kind == ASSAY_REQUANT_AFFINE ? 4 : plan.kind == ASSAY_REQUANT_CORRECTED ? 8 : 130;
}

/** Records come all along: for every row group again. */
bool Streamed(const assay_plan &plan) {
  return plan.param_slots < plan.out_blocks && assay_group_count(&plan) >= 3;
}

/** Runs the layer with one record's type changed, not one of the first block's. */
void RunWrong(assay_test::Random &random, Cosim *cosim, Layer *layer) {
  const size_t words = RecordWords(layer->plan);
  const auto records = static_cast<int32_t>(layer->golden.params.size() / words);
  const int32_t wrong = random.In(layer->plan.engine.channels, records - 1);
  uint64_t *header = &layer->golden.params[static_cast<size_t>(wrong) * words];
  *header ^= 3;
  const assay_cosim_result result = cosim->Run(*layer);
  *header ^= 3;
  ASSERT_FALSE(result.pass);
  ASSERT_EQ(result.status, static_cast<uint32_t>(ASSAY_ENGINE_ERROR_RECORD) << 8);
}

TEST(Errors, InMidLayerLeaveNothingBehind) {
  const assay_engine_config &engine = *assay_cosim_engine(0);
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  assay_test::Random random(seed);
  for (const uint8_t stall : {uint8_t{0}, uint8_t{60}}) {
    Cosim cosim(assay_test::Options(engine.name, stall));
    ASSERT_TRUE(cosim.open()) << cosim.reason();
    for (int32_t id = 0, found = 0; found < 25; ++id) {
      const auto wrong = assay_test::MakeLayer(engine, seed, 9000 + id, 20000);
      const auto next = assay_test::MakeLayer(engine, seed, 19000 + id, 20000);
      if (wrong == nullptr || next == nullptr || !Streamed(wrong->plan)) continue;
      SCOPED_TRACE("layer " + std::to_string(id));
      found++;
      ASSERT_NO_FATAL_FAILURE(RunWrong(random, &cosim, wrong.get()));
      const assay_cosim_result result = cosim.Run(*next);
      ASSERT_TRUE(result.pass) << Failures(*next, result);
      if (stall == 0) {
        EXPECT_EQ(result.cycles, next->plan.cycles);
      }
    }
  }
}

}  // namespace
