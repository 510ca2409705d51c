// Accumulator trails: by hand, and against the plain convolution.
#include "golden/trail.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <vector>

#include "golden/reference.h"
#include "tests/golden/engine_case.h"

namespace {

using assay_test::Case;

// One pixel, 5 inputs, one output on an engine with 4 rows: row 0 also takes the fifth input.
TEST(Trail, ReduceByHand) {
  Case c;
  c.engine = assay_test::Engine(4, 4, 64, 64, 1);
  c.conv.shape = {1, 1, 5, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
  c.conv.x.dtype = ASSAY_QINT8;
  c.conv.x.zero_point = -127;
  c.weight = {2, -3, 4, -5, 6};
  c.x = {0x80, 0xFF, 0x00, 0x7F, 0x01};  // -128 -1 0 127 1
  c.lowered = {ASSAY_REQUANT_AFFINE, 0, 0, 255, nullptr};
  c.channels.resize(1);
  c.wish.mode = ASSAY_MODE_REDUCE;
  c.Link();
  assay_plan plan = {};
  ASSERT_EQ(assay_plan_layer_as(&c.engine, &c.conv, &c.lowered, &c.wish, &plan, nullptr), ASSAY_OK);
  std::array<assay_trail_step, 5> steps = {};
  // acc_init = -(-127 + 128) * 4 = -4; raw inputs are 0 127 128 255 129.
  const int32_t acc =
      assay_engine_trail(&plan, c.x.data(), c.weight.data(), -4, 0, 0, 0, steps.data());
  EXPECT_EQ(acc, -4 + 2 * 0 - 3 * 127 + 4 * 128 - 5 * 255 + 6 * 129);
  const std::array<int32_t, 5> rows = {0, 1, 2, 3, 0};
  const std::array<int32_t, 5> partials = {-4, -381, 512, -1275, 770};
  const std::array<int32_t, 5> inputs = {-128, -1, 0, 127, 1};
  for (size_t i = 0; i < 5; i++) {
    EXPECT_EQ(steps[i].ic, static_cast<int32_t>(i));
    EXPECT_EQ(steps[i].row, rows[i]) << i;
    EXPECT_EQ(steps[i].partial, partials[i]) << i;
    EXPECT_EQ(steps[i].x, inputs[i]) << i;
    EXPECT_FALSE(steps[i].padded);
  }
}

// A 1x3 kernel centred on the left pixel: the first tap is padding and reads the zero point.
TEST(Trail, PaddedTapReadsTheZeroPoint) {
  Case c;
  c.engine = assay_test::Engine(4, 4, 64, 64, 1);
  c.conv.shape = {1, 2, 1, 2, 1, 3, 1, 1, 1, 1, 0, 0, 1, 1, 1};
  c.conv.x.zero_point = 9;
  c.weight = {1, 1, 1, 10, 20, 30};
  c.x = {50, 70};
  c.lowered = {ASSAY_REQUANT_AFFINE, 0, 0, 255, nullptr};
  c.channels.resize(2);
  c.wish.mode = ASSAY_MODE_SPREAD;
  c.Link();
  assay_plan plan = {};
  ASSERT_EQ(assay_plan_layer_as(&c.engine, &c.conv, &c.lowered, &c.wish, &plan, nullptr), ASSAY_OK);
  std::array<assay_trail_step, 3> steps = {};
  EXPECT_EQ(assay_engine_trail(&plan, c.x.data(), c.weight.data(), -540, 0, 0, 1, steps.data()),
            (50 - 9) * 20 + (70 - 9) * 30);
  EXPECT_TRUE(steps[0].padded);
  EXPECT_EQ(steps[0].x, 9);
  EXPECT_EQ(steps[0].partial, -540 + 9 * 10);
  EXPECT_EQ(steps[1].partial, -540 + 90 + 50 * 20);
  EXPECT_EQ(steps[2].row, 1);
  EXPECT_EQ(steps[2].kx, 2);
}

// Every tap once; the sums of the rows give the accumulator.
void CheckOrder(const assay_plan &plan, int32_t oc, const std::vector<assay_trail_step> &trail,
                int32_t init, int32_t acc) {
  std::vector<assay_order_step> order(trail.size());
  std::vector<int> seen(trail.size());
  assay_engine_order(&plan, oc, order.data());
  // A group need not use the row that acc_init starts in.
  std::map<int32_t, int32_t> last = {{assay_engine_init_row(&plan, oc), init}};
  const int32_t in_group = plan.shape.in_c / plan.shape.groups;
  for (size_t i = 0; i < trail.size(); i++) {
    ASSERT_GE(order[i].tap, 0);
    ASSERT_LT(static_cast<size_t>(order[i].tap), trail.size());
    seen[static_cast<size_t>(order[i].tap)]++;
    ASSERT_EQ((trail[i].ky * plan.shape.kernel_x + trail[i].kx) * in_group + trail[i].ic,
              order[i].tap);
    ASSERT_EQ(trail[i].row, order[i].row);
    last[trail[i].row] = trail[i].partial;
  }
  for (const int count : seen) ASSERT_EQ(count, 1);
  int64_t sum = 0;
  for (const auto &row : last) sum += row.second;
  ASSERT_EQ(static_cast<int32_t>(sum), acc);
}

void CheckCase(const Case &c, const assay_plan &plan) {
  const assay_conv_shape &s = plan.shape;
  const int32_t out_y = assay_conv_out_y(&s), out_x = assay_conv_out_x(&s);
  std::vector<int32_t> acc(static_cast<size_t>(out_y * out_x * s.out_c));
  ASSERT_EQ(assay_reference_conv(&c.conv, c.x.data(), acc.data()), ASSAY_OK);
  std::vector<assay_trail_step> trail(static_cast<size_t>(assay_conv_taps(&s)));
  for (size_t i = 0; i < acc.size(); i += 1 + acc.size() / 7) {
    const int32_t n = static_cast<int32_t>(i), oc = n % s.out_c, pixel = n / s.out_c;
    const int32_t init = c.channels[static_cast<size_t>(oc)].acc_init;
    ASSERT_EQ(assay_engine_trail(&plan, c.x.data(), c.weight.data(), init, pixel / out_x,
                                 pixel % out_x, oc, trail.data()),
              acc[i]);
    CheckOrder(plan, oc, trail, init, acc[i]);
  }
}

TEST(Trail, EqualsThePlainConvolutionOnRandomLayers) {
  const uint64_t seed = assay_test::Seed() + 2;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed - 2));
  int layers = 0;
  for (int32_t id = 0; layers < 400; id++) {
    SCOPED_TRACE("replay: ASSAY_SEED, case " + std::to_string(id));
    Case c;
    assay_test::MakeCase(seed, id, 30000, &c);
    assay_plan plan = {};
    if (assay_plan_layer_as(&c.engine, &c.conv, &c.lowered, &c.wish, &plan, nullptr) != ASSAY_OK) {
      continue;
    }
    ASSERT_NO_FATAL_FAILURE(CheckCase(c, plan)) << assay_test::Describe(c, plan);
    layers++;
  }
}

}  // namespace
