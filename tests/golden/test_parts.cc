// Layers in parts: that every output is computed once and from the right inputs, by arithmetic of
// its own; that the joined parts equal the plain reference; that the planner's cut is a good one.
#include "golden/parts.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "golden/cycles.h"
#include "golden/reference.h"
#include "tests/golden/engine_case.h"

namespace {

using assay_test::Case;
using assay_test::EngineRun;
using assay_test::Random;

std::vector<assay_part> AllParts(const assay_parts &parts) {
  std::vector<assay_part> all;
  for (size_t i = 0; i < assay_parts_count(&parts); ++i) all.push_back(assay_parts_at(&parts, i));
  return all;
}

// The boxes //

// One axis of a layer or a part: input position of a tap, counted from the image's first.
struct Axis {
  int32_t in, stride, dilation, pad;
  int32_t At(int32_t out, int32_t tap) const { return out * stride + tap * dilation - pad; }
  bool Inside(int32_t position) const { return position >= 0 && position < in; }
};

Axis Vertical(const assay_conv_shape &s) { return {s.in_y, s.stride_y, s.dilation_y, s.pad_top}; }

Axis Horizontal(const assay_conv_shape &s) {
  return {s.in_x, s.stride_x, s.dilation_x, s.pad_left};
}

// Output `out` of the layer is output out - `first` of the part: every tap must read the same place
// of the image, or a zero point on both sides.
void ExpectSameTaps(const Axis &whole, const Axis &part, int32_t first, int32_t from, int32_t out,
                    int32_t kernel) {
  for (int32_t tap = 0; tap < kernel; ++tap) {
    const int32_t wanted = whole.At(out, tap), own = part.At(out - first, tap);
    if (part.Inside(own)) {
      EXPECT_EQ(own + from, wanted) << "output " << out << ", tap " << tap;
    } else {
      EXPECT_FALSE(whole.Inside(wanted)) << "output " << out << ", tap " << tap;
    }
  }
}

void ExpectSameInputs(const assay_conv_shape &whole, const assay_part &part) {
  for (int32_t y = 0; y < assay_conv_out_y(&part.shape); ++y) {
    ExpectSameTaps(Vertical(whole), Vertical(part.shape), part.y, part.in_y, part.y + y,
                   whole.kernel_y);
  }
  for (int32_t x = 0; x < assay_conv_out_x(&part.shape); ++x) {
    ExpectSameTaps(Horizontal(whole), Horizontal(part.shape), part.x, part.in_x, part.x + x,
                   whole.kernel_x);
  }
  const auto first_channel = [](const assay_conv_shape &s, int32_t oc) {
    return oc / (s.out_c / s.groups) * (s.in_c / s.groups);
  };
  ASSERT_EQ(part.shape.in_c / part.shape.groups, whole.in_c / whole.groups);
  for (int32_t oc = 0; oc < part.shape.out_c; ++oc) {
    EXPECT_EQ(part.in_c + first_channel(part.shape, oc), first_channel(whole, part.oc + oc));
  }
}

// Kernel, stride, dilation are the layer's; the input has no row or column that no output reads,
// beyond those of the last window.
void ExpectTight(const assay_conv_shape &whole, const assay_part &part) {
  const assay_conv_shape &s = part.shape;
  ASSERT_EQ(assay_conv_shape_check(&s), ASSAY_OK);
  EXPECT_EQ(std::vector<int32_t>(
                {s.kernel_y, s.kernel_x, s.stride_y, s.stride_x, s.dilation_y, s.dilation_x}),
            std::vector<int32_t>({whole.kernel_y, whole.kernel_x, whole.stride_y, whole.stride_x,
                                  whole.dilation_y, whole.dilation_x}));
  const int32_t rows = (assay_conv_out_y(&s) - 1) * s.stride_y + (s.kernel_y - 1) * s.dilation_y;
  EXPECT_EQ(s.pad_top + s.in_y + s.pad_bottom, rows + 1);
  const int32_t columns = (assay_conv_out_x(&s) - 1) * s.stride_x + (s.kernel_x - 1) * s.dilation_x;
  EXPECT_EQ(s.pad_left + s.in_x + s.pad_right, columns + 1);
}

void ExpectCovered(const assay_parts &parts) {
  const assay_conv_shape &s = parts.shape;
  const size_t out_x = static_cast<size_t>(assay_conv_out_x(&s));
  const size_t out_c = static_cast<size_t>(s.out_c);
  std::vector<int> times(static_cast<size_t>(assay_conv_out_y(&s)) * out_x * out_c);
  for (const assay_part &part : AllParts(parts)) {
    for (int32_t y = part.y; y < part.y + assay_conv_out_y(&part.shape); ++y) {
      for (int32_t x = part.x; x < part.x + assay_conv_out_x(&part.shape); ++x) {
        for (int32_t c = part.oc; c < part.oc + part.shape.out_c; ++c) {
          ++times.at((static_cast<size_t>(y) * out_x + static_cast<size_t>(x)) * out_c +
                     static_cast<size_t>(c));
        }
      }
    }
  }
  EXPECT_EQ(times, std::vector<int>(times.size(), 1));
}

TEST(Parts, EveryOutputOnceFromItsOwnInputs) {
  const uint64_t seed = assay_test::Seed() + 11;
  int in_padding = 0, inside_groups = 0, several_groups = 0;
  for (int32_t id = 0; id < 400 && !testing::Test::HasFailure(); ++id) {
    SCOPED_TRACE("ASSAY_SEED=" + std::to_string(seed - 11) + ", case " + std::to_string(id));
    Random random(seed * 31u + static_cast<uint64_t>(id));
    const assay_conv_shape s = assay_test::RandomShape(random, 200000);
    const assay_parts parts =
        assay_parts_of(&s, random.In(0, 8), random.In(0, 12), random.In(0, s.out_c));
    ExpectCovered(parts);
    const auto all = AllParts(parts);
    for (const assay_part &part : all) {
      ExpectSameInputs(s, part);
      if (all.size() > 1) ExpectTight(s, part);
      in_padding += part.in_y < 0 || part.in_x < 0 || part.in_y + part.shape.in_y > s.in_y ||
                    part.in_x + part.shape.in_x > s.in_x;
    }
    inside_groups += s.groups > 1 && parts.channels < s.out_c / s.groups;
    several_groups += s.groups > 1 && parts.channels > s.out_c / s.groups && parts.oc_count > 1;
  }
  EXPECT_GT(in_padding, 0);
  EXPECT_GT(inside_groups, 0);
  EXPECT_GT(several_groups, 0);
}

// By hand: 10 columns, kernel 3, padding 1, cut after 4 outputs. The first part reads columns 0..4
// behind one padded, the second 3..8, the third 7..9 before one padded.
TEST(Parts, ColumnsByHand) {
  const assay_conv_shape s = {6, 10, 2, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  const assay_parts parts = assay_parts_of(&s, 0, 4, 0);
  ASSERT_EQ(assay_parts_count(&parts), 3u);
  const int32_t expected[3][5] = {{0, 0, 5, 1, 0}, {4, 3, 6, 0, 0}, {8, 7, 3, 0, 1}};
  for (size_t i = 0; i < 3; ++i) {
    const assay_part part = assay_parts_at(&parts, i);
    EXPECT_EQ(part.x, expected[i][0]);
    EXPECT_EQ(part.in_x, expected[i][1]);
    EXPECT_EQ(part.shape.in_x, expected[i][2]);
    EXPECT_EQ(part.shape.pad_left, expected[i][3]);
    EXPECT_EQ(part.shape.pad_right, expected[i][4]);
    EXPECT_EQ(part.shape.in_y, 6);
    EXPECT_EQ(part.shape.out_c, 5);
  }
}

TEST(Parts, AnUncutLayerStaysAsItIs) {
  const assay_conv_shape s = {8, 8, 2, 5, 2, 2, 3, 3, 1, 1, 0, 0, 0, 0, 1};  // row 8 is not read
  const assay_parts parts = assay_parts_of(&s, 0, 0, 0);
  ASSERT_EQ(assay_parts_count(&parts), 1u);
  EXPECT_EQ(assay_parts_at(&parts, 0).shape.in_y, 8);
}

// Values //

// The engine model on every part, joined.
void RunParts(const Case &c, const assay_parts &parts, std::vector<int32_t> *acc,
              std::vector<uint8_t> *y) {
  for (const assay_part &part : AllParts(parts)) {
    Case own;
    own.engine = c.engine;
    own.conv = assay_part_conv(&part, &c.conv);
    own.lowered = assay_part_lowered(&part, &c.lowered);
    own.weight.assign(own.conv.weight,
                      own.conv.weight + part.shape.out_c * assay_conv_taps(&part.shape));
    own.x.resize(static_cast<size_t>(part.shape.in_y) *
                 static_cast<size_t>(part.shape.in_x * part.shape.in_c));
    assay_part_input(&parts, &part, c.x.data(), c.conv.x.zero_point, own.x.data());
    assay_plan plan = {};
    char reason[256] = "";
    ASSERT_EQ(assay_part_plan(&c.engine, &c.conv, &c.lowered, &part, &plan, reason), ASSAY_OK)
        << reason;
    EngineRun run;
    assay_test::RunEngine(own, plan, &run);
    ASSERT_EQ(run.status, ASSAY_OK);
    assay_part_join(&parts, &part, run.acc.data(), sizeof(int32_t), acc->data());
    assay_part_join(&parts, &part, run.y.data(), 1, y->data());
    std::vector<uint8_t> back(run.y.size());
    assay_part_output(&parts, &part, y->data(), 1, back.data());
    ASSERT_TRUE(back == run.y);
  }
}

void ExpectReference(const Case &c, const std::vector<int32_t> &acc,
                     const std::vector<uint8_t> &y) {
  std::vector<int32_t> plain(acc.size());
  ASSERT_EQ(assay_reference_conv(&c.conv, c.x.data(), plain.data()), ASSAY_OK);
  ASSERT_TRUE(plain == acc);
  for (size_t i = 0; i < y.size(); ++i) {
    const int32_t oc = static_cast<int32_t>(i % static_cast<size_t>(c.conv.shape.out_c));
    ASSERT_EQ(y[i], assay_test::PlainOutput(c.lowered, oc, plain[i])) << "output " << i;
  }
}

uint64_t SumOfCycles(const Case &c, const assay_parts &parts) {
  uint64_t sum = 0;
  for (const assay_part &part : AllParts(parts)) {
    assay_plan plan = {};
    if (assay_part_plan(&c.engine, &c.conv, &c.lowered, &part, &plan, nullptr) != ASSAY_OK) {
      return 0;
    }
    const assay_cycles cycles = assay_predict_cycles(&plan);
    sum += sum == 0 ? cycles.total : assay_queued_cycles(&cycles);
  }
  return sum;
}

TEST(Parts, JoinedPartsEqualTheReference) {
  const uint64_t seed = assay_test::Seed() + 12;
  int cut = 0, too_large = 0, refused = 0;
  for (int32_t id = 0; id < 300; ++id) {
    SCOPED_TRACE("ASSAY_SEED=" + std::to_string(seed - 12) + ", case " + std::to_string(id));
    Case c;
    assay_test::MakeCase(seed, id, 60000, &c);
    c.engine.bank_depth = 1 << (3 + id % 4);
    c.engine.weight_depth = 1 << (5 + id % 5);
    assay_parts parts = {};
    char reason[256] = "";
    if (assay_parts_plan(&c.engine, &c.conv, &c.lowered, nullptr, &parts, reason) != ASSAY_OK) {
      EXPECT_NE(std::string(reason).find("expected at most"), std::string::npos) << reason;
      ++refused;
      continue;
    }
    assay_plan whole = {};
    const bool fits = assay_plan_layer(&c.engine, &c.conv, &c.lowered, &whole, nullptr) == ASSAY_OK;
    EXPECT_EQ(parts.cycles, SumOfCycles(c, parts));
    if (fits) {
      EXPECT_LE(parts.cycles, whole.cycles);
    }
    std::vector<int32_t> acc(
        static_cast<size_t>(assay_conv_macs(&c.conv.shape) / assay_conv_taps(&c.conv.shape)));
    std::vector<uint8_t> y(acc.size());
    ASSERT_NO_FATAL_FAILURE(RunParts(c, parts, &acc, &y));
    ASSERT_NO_FATAL_FAILURE(ExpectReference(c, acc, y));
    cut += assay_parts_count(&parts) > 1;
    too_large += !fits;
  }
  std::printf("seed %llu: %d of 300 layers cut, %d of them too large in one part; %d refused\n",
              static_cast<unsigned long long>(seed - 12), cut, too_large, refused);
  EXPECT_GT(too_large, 60);
  EXPECT_GT(refused, 3);
}

// The planner tries some cuts; here all of them are tried, on small layers. It may miss the best,
// but not by much.
TEST(Parts, CutIsNearTheBestOfAll) {
  const uint64_t seed = assay_test::Seed() + 13;
  uint64_t chosen = 0, best_sum = 0;
  for (int32_t id = 0; id < 25; ++id) {
    Case c;
    assay_test::MakeCase(seed, id, 30000, &c);
    c.engine.bank_depth = 1 << (4 + id % 3);
    assay_parts parts = {};
    if (assay_parts_plan(&c.engine, &c.conv, &c.lowered, nullptr, &parts, nullptr) != ASSAY_OK) {
      continue;
    }
    uint64_t best = parts.cycles;
    for (int32_t columns = 1; columns <= assay_conv_out_x(&c.conv.shape); ++columns) {
      for (int32_t channels = 1; channels <= c.conv.shape.out_c; ++channels) {
        const uint64_t sum = SumOfCycles(c, assay_parts_of(&c.conv.shape, 0, columns, channels));
        if (sum != 0 && sum < best) best = sum;
      }
    }
    chosen += parts.cycles;
    best_sum += best;
  }
  std::printf("%llu cycles chosen, %llu the best of all cuts\n",
              static_cast<unsigned long long>(chosen), static_cast<unsigned long long>(best_sum));
  EXPECT_GT(best_sum, 0u);
  EXPECT_LE(chosen * 100, best_sum * 102);
}

// Limits //

Case &Dense(Case *c, const assay_conv_shape &shape) {
  c->engine = assay_test::Engine(8, 8, 1024, 16384, 16);
  c->conv.shape = shape;
  c->conv.x.scale = c->conv.y.scale = 1.0;
  c->lowered.kind = ASSAY_REQUANT_AFFINE;
  c->lowered.out_max = 255;
  c->channels.resize(static_cast<size_t>(shape.out_c));
  c->Link();
  return *c;
}

TEST(Parts, RowsAreCutWhereTheFieldsEnd) {
  Case c;
  Dense(&c, {100000, 4, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  assay_parts parts = {};
  char reason[256] = "";
  ASSERT_EQ(assay_parts_plan(&c.engine, &c.conv, &c.lowered, nullptr, &parts, reason), ASSAY_OK)
      << reason;
  EXPECT_EQ(parts.y_count, 2);
  EXPECT_EQ(parts.rows, 50000);
}

TEST(Parts, AWideImageIsCutInColumns) {
  Case c;
  Dense(&c, {1080, 1920, 3, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  assay_parts parts = {};
  char reason[256] = "";
  assay_plan plan = {};
  c.conv.shape.in_x = 5000;
  EXPECT_EQ(assay_plan_layer(&c.engine, &c.conv, &c.lowered, &plan, nullptr), ASSAY_ERROR_CAPACITY);
  ASSERT_EQ(assay_parts_plan(&c.engine, &c.conv, &c.lowered, nullptr, &parts, reason), ASSAY_OK)
      << reason;
  EXPECT_GT(parts.x_count, 1);
  EXPECT_EQ(parts.y_count, 1);
}

// 3 * 3 * ceil(8000/8) positions for a single output: more than 8 * 1024.
TEST(Parts, InputChannelsThatDoNotFitAreRefused) {
  Case c;
  Dense(&c, {3, 3, 8000, 1, 3, 3, 1, 1, 1, 1, 0, 0, 0, 0, 1});
  assay_parts parts = {};
  char reason[256] = "";
  EXPECT_EQ(assay_parts_plan(&c.engine, &c.conv, &c.lowered, nullptr, &parts, reason),
            ASSAY_ERROR_CAPACITY);
  EXPECT_STREQ(reason,
               "an image 3 pixels wide needs 1125 words of each activation bank, expected at most "
               "1024 as engine test has, even for one output; sums over input channels cannot be "
               "cut");
}

TEST(Parts, RefusalsOfThePlannerPassThrough) {
  Case c;
  Dense(&c, {30, 30, 8, 8, 9, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  assay_parts parts = {};
  char reason[256] = "";
  EXPECT_EQ(assay_parts_plan(&c.engine, &c.conv, &c.lowered, nullptr, &parts, reason),
            ASSAY_ERROR_UNSUPPORTED);
  EXPECT_STREQ(reason, "the kernel height is 9, expected at most 7 as engine test takes");
}

}  // namespace
