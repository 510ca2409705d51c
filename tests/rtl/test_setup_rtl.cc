// assay_setup as it is built without options: what such an engine refuses. Codes of what every
// engine refuses: test_engine_rtl.cc.
#include <gtest/gtest.h>

#include "Vassay_setup.h"
#include "golden/registers.h"
#include "tests/rtl/unit.h"

namespace {

class Module {
 public:
  Module() {
    model_->start_i = model_->apply_i = 0;
    model_.Reset();
  }

  // Error code of a description, 0: legal.
  int Judge(const assay_plan &plan, uint32_t mode_flip) {
    for (size_t i = 0; i < plan.write_count; i++) {
      const assay_register_write &write = plan.writes[i];
      if (write.address < ASSAY_REG_MODE) continue;
      const uint32_t flip = write.address == ASSAY_REG_MODE ? mode_flip : 0;
      model_->next_i[(write.address - ASSAY_REG_MODE) / 4] = write.value ^ flip;
    }
    model_->start_i = 1;
    model_.Cycle();
    model_->start_i = 0;
    for (int i = 0; i < 1000 && model_->done_o == 0; i++) model_.Cycle();
    EXPECT_EQ(model_->done_o, 1);
    return model_->error_o;
  }

 private:
  assay_test::Unit<Vassay_setup> model_;
};

TEST(SetupRtl, RefusesInt4WeightsWithoutWithInt4) {
  assay_test::Case c;
  assay_test::Random random(1);
  c.engine = assay_test::Engine(8, 8, 1024, 16384, 16);
  c.conv.shape = {20, 20, 16, 24, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  assay_test::RandomTensors(random, &c);
  do {
    c.thresholds.clear();
    assay_test::RandomParameters(random, &c);
  } while (c.lowered.kind != ASSAY_REQUANT_AFFINE);
  assay_plan plan = {};
  ASSERT_EQ(assay_plan_layer(&c.engine, &c.conv, &c.lowered, &plan, nullptr), ASSAY_OK);
  Module setup;
  EXPECT_EQ(setup.Judge(plan, 0), 0);
  EXPECT_EQ(setup.Judge(plan, 1u << 10), ASSAY_ENGINE_ERROR_INT4);
  EXPECT_EQ(setup.Judge(plan, 0), 0);
}

}  // namespace
