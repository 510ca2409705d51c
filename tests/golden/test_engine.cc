// The engine model against the plain convolution and a requantizer written down once more here.
#include "golden/engine.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "golden/reference.h"
#include "golden/trail.h"
#include "tests/golden/engine_case.h"

namespace {

using assay_test::Case;
using assay_test::EngineRun;

// floor(value / 2^shift) by division, not by a shift.
__extension__ typedef __int128 Wide;
Wide FloorDivide(Wide value, Wide by) {
  const Wide quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

Wide Unclamped(const Case &c, size_t oc, int32_t acc) {
  const assay_lowered_channel &channel = c.channels[oc];
  if (c.lowered.kind != ASSAY_REQUANT_THRESHOLD) {
    const Wide one = static_cast<Wide>(1) << channel.affine.shift;
    const Wide sum = static_cast<Wide>(acc) * channel.affine.multiplier + channel.affine.addend;
    const Wide y = FloorDivide(sum, one);
    if (c.lowered.kind == ASSAY_REQUANT_AFFINE) return y;
    if (y < c.lowered.out_min || y > c.lowered.out_max) return y;
    const uint8_t byte = static_cast<uint8_t>(y);
    const bool late = (channel.late.bits[byte / 64] >> byte % 64 & 1) != 0;
    return late ? FloorDivide(sum - channel.affine.multiplier, one) : y;  // that of acc - 1
  }
  int32_t y = c.lowered.q_low;
  for (const int32_t t : channel.threshold->t) y += t <= acc ? 1 : 0;
  return y;
}

uint8_t Expected(const Case &c, size_t oc, int32_t acc) {
  Wide y = Unclamped(c, oc, acc);
  if (y < c.lowered.out_min) y = c.lowered.out_min;
  if (y > c.lowered.out_max) y = c.lowered.out_max;
  return static_cast<uint8_t>(y);
}

// What the random layers reached; a class that no layer reached would be a test that checks
// nothing.
struct Reached {
  int64_t layers = 0, values = 0, refused = 0;
  std::set<int> modes, engines, strides, dilations, kernels;
  int64_t ring_wraps = 0, weights_again = 0, params_again = 0, run_on = 0, grouped = 0;

  void Count(const assay_plan &p, size_t count) {
    layers++;
    values += static_cast<int64_t>(count);
    modes.insert(p.mode);
    engines.insert(p.engine.pixels * 100 + p.engine.channels);
    strides.insert(p.shape.stride_y * 10 + p.shape.stride_x);
    dilations.insert(p.shape.dilation_y * 10 + p.shape.dilation_x);
    kernels.insert(p.shape.kernel_y * 10 + p.shape.kernel_x);
    ring_wraps += p.ring_rows * p.shape.stride_y < p.shape.in_y;
    const bool several = p.rows_per_group < assay_conv_out_y(&p.shape);
    weights_again += several && p.weight_slots < p.out_blocks;
    params_again += several && p.param_slots < p.out_blocks;
    run_on += p.rows_per_group > 1 && assay_conv_out_x(&p.shape) % p.engine.pixels != 0;
    grouped += p.shape.groups > 1 && p.mode != ASSAY_MODE_DEPTHWISE;
  }
};

void CompareLayer(const Case &c, const assay_plan &plan, const EngineRun &run) {
  std::vector<int32_t> acc(run.acc.size());
  ASSERT_EQ(assay_reference_conv(&c.conv, c.x.data(), acc.data()), ASSAY_OK);
  for (size_t i = 0; i < acc.size(); i++) {
    const size_t oc = i % static_cast<size_t>(c.conv.shape.out_c);
    ASSERT_EQ(run.acc[i], acc[i]) << "accumulator " << i << ", " << assay_test::Describe(c, plan);
    ASSERT_EQ(run.y[i], Expected(c, oc, acc[i])) << "output " << i;
  }
}

void RunCase(uint64_t seed, int32_t id, Reached *reached) {
  SCOPED_TRACE("replay: ASSAY_SEED=" + std::to_string(seed) + ", case " + std::to_string(id));
  Case c;
  assay_test::MakeCase(seed, id, 60000, &c);
  assay_plan plan = {};
  char reason[256] = "";
  if (assay_plan_layer_as(&c.engine, &c.conv, &c.lowered, &c.wish, &plan, reason) != ASSAY_OK) {
    EXPECT_STRNE(reason, "");
    reached->refused++;
    return;
  }
  EngineRun run;
  assay_test::RunEngine(c, plan, &run);
  ASSERT_EQ(run.status, ASSAY_OK) << assay_test::Describe(c, plan);
  CompareLayer(c, plan, run);
  reached->Count(plan, run.acc.size());
}

TEST(Engine, EqualsThePlainConvolutionOnRandomLayers) {
  const uint64_t seed = assay_test::Seed();
  Reached reached;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (int32_t id = 0; reached.layers < 2500 && !HasFatalFailure(); id++) {
    RunCase(seed, id, &reached);
  }
  std::printf(
      "%lld layers, %lld values, %lld refused, %lld wrap the ring, %lld stream weights "
      "again, %lld parameters, %lld run on, %lld grouped\n",
      (long long)reached.layers, (long long)reached.values, (long long)reached.refused,
      (long long)reached.ring_wraps, (long long)reached.weights_again,
      (long long)reached.params_again, (long long)reached.run_on, (long long)reached.grouped);
  EXPECT_EQ(reached.modes.size(), 3u);
  EXPECT_EQ(reached.engines.size(), 4u);
  EXPECT_EQ(reached.strides.size(), 16u);
  EXPECT_EQ(reached.dilations.size(), 16u);
  EXPECT_EQ(reached.kernels.size(), 49u);
  EXPECT_GT(reached.ring_wraps, 100);
  EXPECT_GT(reached.weights_again, 100);
  EXPECT_GT(reached.params_again, 100);
  EXPECT_GT(reached.run_on, 100);
  EXPECT_GT(reached.grouped, 100);
}

// A case that wraps its ring: 3x3 on 12 rows, one output row a group.
void MakeRingCase(Case *c, assay_plan *plan) {
  c->engine = assay_test::Engine(4, 4, 256, 256, 2);
  c->conv.shape = {12, 9, 5, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  assay_test::Random random(7);
  assay_test::RandomTensors(random, c);
  assay_test::RandomParameters(random, c);
  c->wish = {ASSAY_MODE_REDUCE, 1, 3, 1, 1};
  ASSERT_EQ(assay_plan_layer_as(&c->engine, &c->conv, &c->lowered, &c->wish, plan, nullptr),
            ASSAY_OK);
}

int64_t Differences(const Case &c, const assay_plan &plan) {
  EngineRun run;
  assay_test::RunEngine(c, plan, &run);
  std::vector<int32_t> acc(run.acc.size());
  EXPECT_EQ(run.status, ASSAY_OK);
  EXPECT_EQ(assay_reference_conv(&c.conv, c.x.data(), acc.data()), ASSAY_OK);
  int64_t count = 0;
  for (size_t i = 0; i < acc.size(); i++) count += run.acc[i] != acc[i];
  return count;
}

// The model must be able to show a wrong plan: what it cannot see it cannot guard.
TEST(Engine, RingThatIsTooSmallShowsAsWrongValues) {
  Case c;
  assay_plan plan = {};
  ASSERT_NO_FATAL_FAILURE(MakeRingCase(&c, &plan));
  EXPECT_EQ(Differences(c, plan), 0);
  plan.ring_rows = 2;
  EXPECT_GT(Differences(c, plan), 0);
}

TEST(Engine, PitchThatIsTooSmallShowsAsWrongValues) {
  Case c;
  assay_plan plan = {};
  ASSERT_NO_FATAL_FAILURE(MakeRingCase(&c, &plan));
  plan.pitch = 8;
  EXPECT_GT(Differences(c, plan), 0);
}

// Row 1 must begin 9 banks after row 0; one position later two lanes meet in a bank.
TEST(Engine, BankConflictIsReported) {
  Case c;
  assay_plan plan = {};
  ASSERT_NO_FATAL_FAILURE(MakeRingCase(&c, &plan));
  plan.rows_per_group = 2;
  plan.ring_rows = 4;
  plan.pitch = 10;
  EngineRun run;
  plan.weight_words *= 2;  // long enough for whatever is read
  assay_test::RunEngine(c, plan, &run);
  EXPECT_EQ(run.status, ASSAY_ERROR_ARGUMENT);
}

TEST(Engine, RecordOfAnotherChannelOrKindIsRefused) {
  Case c;
  assay_plan plan = {};
  ASSERT_NO_FATAL_FAILURE(MakeRingCase(&c, &plan));
  EngineRun run;
  assay_test::RunEngine(c, plan, &run);
  for (const int bit : {0, 16, 32}) {  // type, length, channel
    std::vector<uint64_t> params = run.params;
    params[0] ^= uint64_t{1} << bit;
    std::vector<uint8_t> y(run.y.size());
    EXPECT_EQ(assay_engine_run(&plan, run.activations.data(), run.weights.data(), params.data(),
                               run.scratch.data(), nullptr, y.data()),
              ASSAY_ERROR_ARGUMENT)
        << bit;
  }
}

}  // namespace
