// assay_loader beside the formula of its positions, assay_rows beside the rows that each group
// reads. Sizes to the ends of all fields. Twin: golden/banks.h; formulas: rtl/README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "Vassay_loader.h"
#include "Vassay_rows.h"
#include "tests/rtl/unit.h"

namespace {

using assay_test::AnyEnd;
using assay_test::AnySize;
using assay_test::Random;
using assay_test::Unit;

// As the modules are by default.
constexpr int32_t kPositions = 1 << 13;
constexpr int32_t kRowMask = (1 << 22) - 1;

/** The banks' view of an image. */
struct Image {
  int32_t in_x, in_y, in_blocks, stride_x, stride_y, ring_rows, pitch;

  int64_t words() const { return int64_t{in_x} * in_y * in_blocks; }
  int32_t plane() const { return ring_rows * pitch; }
  int32_t Position(int32_t y, int32_t block, int32_t x) const {
    return ((block * stride_x + x % stride_x) * stride_y + y % stride_y) * plane() +
           y / stride_y % ring_rows * pitch + x / stride_x;
  }
  /** The last position of a full ring lies inside the banks. */
  bool Fits() const {
    return pitch * stride_x >= in_x &&
           int64_t{in_blocks} * stride_x * stride_y * plane() <= kPositions;
  }
  std::string Text() const {
    return std::to_string(in_y) + " rows of " + std::to_string(in_blocks) + " blocks of " +
           std::to_string(in_x) + ", stride " + std::to_string(stride_y) + " x " +
           std::to_string(stride_x) + ", ring " + std::to_string(ring_rows) + " of " +
           std::to_string(pitch);
  }
};

Image AnyImage(Random &random, int64_t most) {
  Image image = {};
  do {
    image.stride_x = random.In(1, 15);
    image.stride_y = random.In(1, 15);
    image.in_x = AnySize(random, kPositions);
    image.in_y = AnySize(random, 65535);
    image.in_blocks = AnySize(random, kPositions);
    image.ring_rows = AnySize(random, kPositions);
    image.pitch = (image.in_x + image.stride_x - 1) / image.stride_x + random.In(0, 7);
  } while (!image.Fits() || image.words() > most);
  return image;
}

const Image kImages[] = {
    {8192, 3, 1, 1, 1, 1, 8192},  {1, 3, 8192, 1, 1, 1, 1},    {1, 65535, 1, 1, 1, 8192, 1},
    {1, 65535, 1, 1, 8, 1000, 1}, {4096, 9, 1, 2, 2, 1, 2048}, {8191, 5, 1, 8, 1, 1, 1024},
    {5, 3, 1638, 1, 1, 1, 5},     {2, 7, 1300, 2, 1, 3, 1},    {4096, 3, 2, 1, 1, 1, 4096}};

void RunLoader(Unit<Vassay_loader> &loader, Random &random, const Image &image, int64_t steps) {
  SCOPED_TRACE(image.Text());
  const int32_t pace = random.OneIn(2) ? 100 : random.In(5, 95);
  loader->run_i = 0;
  loader->in_x_i = static_cast<uint16_t>(image.in_x);
  loader->in_blocks_i = static_cast<uint16_t>(image.in_blocks);
  loader->pitch_i = static_cast<uint16_t>(image.pitch);
  loader->plane_i = static_cast<uint16_t>(image.plane());
  loader->column_stride_i = static_cast<uint16_t>(image.plane() * image.stride_y);
  loader->block_stride_i = static_cast<uint16_t>(image.plane() * image.stride_y * image.stride_x);
  loader->flip_i = random.OneIn(2);
  loader->accept_i = loader->s_axis_tvalid = 0;
  loader.Cycle();
  loader->run_i = 1;
  const uint64_t flip = loader->flip_i ? 0x8080808080808080u : 0;
  for (int32_t y = 0, block = 0, x = 0; y < image.in_y && steps > 0; --steps) {
    loader->accept_i = random.In(1, 100) <= pace;
    loader->s_axis_tvalid = random.In(1, 100) <= pace;
    loader->s_axis_tdata = random.Next();
    loader->eval();
    const bool taken = loader->accept_i && loader->s_axis_tvalid;
    const bool last_x = x == image.in_x - 1, last = last_x && block == image.in_blocks - 1;
    ASSERT_EQ(loader->s_axis_tready, loader->accept_i);
    ASSERT_EQ(loader->write_o, taken);
    ASSERT_EQ(loader->row_done_o, taken && last);
    ASSERT_EQ(loader->position_o, image.Position(y, block, x)) << y << " " << block << " " << x;
    ASSERT_EQ(loader->data_o, loader->s_axis_tdata ^ flip);
    loader.Cycle();
    if (!taken) continue;
    x = last_x ? 0 : x + 1;
    if (last_x) block = last ? 0 : block + 1;
    if (last) y++;
  }
}

TEST(LoadRtl, LoaderWritesToThePositionsOfTheFormula) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  Unit<Vassay_loader> loader(seed);
  loader->run_i = 0;
  loader.Reset();
  for (int32_t i = 0; i < 2000 && !testing::Test::HasFailure(); ++i) {
    const bool extreme = static_cast<size_t>(i) < std::size(kImages);
    const Image image = extreme ? kImages[i] : AnyImage(random, i % 20 == 0 ? 30000 : 2000);
    RunLoader(loader, random, image, extreme ? INT64_MAX : AnyEnd(random));
    if (random.OneIn(10)) loader.Reset();
  }
}

/** Rows of a layer; `span` is (kernel - 1) * dilation. */
struct Rows {
  int32_t in_y, out_y, stride, span, pad_top, rows_per_group, ring_rows;

  int32_t groups() const { return (out_y + rows_per_group - 1) / rows_per_group; }
  int32_t ring_in() const { return ring_rows * stride; }
  /** Row that a group needs first, and the last one it reads, if it reads any. */
  int32_t First(int64_t group) const {
    return static_cast<int32_t>(std::max<int64_t>(0, group * rows_per_group * stride - pad_top));
  }
  int32_t Last(int64_t group) const {
    const int64_t y = std::min<int64_t>(out_y, (group + 1) * rows_per_group) - 1;
    return static_cast<int32_t>(std::min<int64_t>(in_y - 1, y * stride + span - pad_top));
  }
  std::string Text() const {
    return std::to_string(in_y) + " rows in, " + std::to_string(out_y) + " out by " +
           std::to_string(rows_per_group) + ", stride " + std::to_string(stride) + ", span " +
           std::to_string(span) + ", padding " + std::to_string(pad_top) + ", ring " +
           std::to_string(ring_rows);
  }
};

Rows AnyRows(Random &random, int32_t most) {
  Rows rows = {};
  rows.in_y = AnySize(random, most);
  rows.stride = random.In(1, 15);
  rows.span = random.In(0, 6) * random.In(0, 15);
  rows.pad_top = random.In(0, random.OneIn(2) ? 3 : 255);
  const int32_t bottom = random.In(0, random.OneIn(2) ? 3 : 255);
  const int32_t reach = rows.in_y + rows.pad_top + bottom - rows.span - 1;
  rows.out_y = reach < 0 ? 0 : std::min(65535, reach / rows.stride + 1);
  if (rows.out_y == 0) return AnyRows(random, most);
  // Fewer than the input gives: rows are left over, which are taken all the same.
  if (random.OneIn(4)) rows.out_y = random.In(1, rows.out_y);
  rows.rows_per_group = AnySize(random, kPositions);
  const int32_t needed =
      std::min(rows.in_y, (rows.rows_per_group - 1) * rows.stride + rows.span + 1);
  rows.ring_rows = (needed + rows.stride - 1) / rows.stride + random.In(0, 9);
  return rows;
}

constexpr Rows kRows[] = {{65535, 65535, 1, 0, 0, 1, 1},      {65535, 65535, 1, 0, 0, 8192, 8192},
                          {65025, 65535, 1, 0, 255, 1, 1},    {65535, 21845, 3, 2, 0, 7, 9},
                          {65535, 8192, 8, 4, 3, 8191, 8195}, {40000, 40000, 1, 0, 0, 4097, 4100}};

void Describe(Unit<Vassay_rows> &dut, const Rows &rows) {
  const auto masked = [](int32_t value) { return static_cast<uint32_t>(value & kRowMask); };
  const int32_t below = rows.span - rows.pad_top;
  dut->in_y_i = static_cast<uint16_t>(rows.in_y);
  dut->pad_top_i = static_cast<uint8_t>(rows.pad_top);
  dut->ring_in_i = masked(rows.ring_in());
  dut->group_in_i = masked(rows.rows_per_group * rows.stride);
  dut->need_first_i = masked((rows.rows_per_group - 1) * rows.stride + below);
  dut->need_last_i = masked((rows.out_y - 1) * rows.stride + below);
}

/** Rows come when they may, groups begin when they may and are freed in order, each at its pace. */
void RunRows(Unit<Vassay_rows> &dut, Random &random, const Rows &rows, int64_t steps) {
  SCOPED_TRACE(rows.Text());
  const int32_t paces[] = {100, 100, 50, 10};
  const int32_t row_pace = paces[random.In(0, 3)], group_pace = paces[random.In(0, 3)];
  Describe(dut, rows);
  dut->run_i = 0;
  dut->row_done_i = dut->group_begin_i = dut->group_free_i = dut->layer_free_i = 0;
  dut.Cycle();
  dut->run_i = 1;
  int64_t in = 0, begun = 0, freed = 0;
  const int64_t groups = rows.groups();
  for (; (in < rows.in_y || freed < groups) && steps > 0; --steps) {
    const bool all = in == rows.in_y, drain = freed == groups;
    const bool accept = !all && (drain || in < int64_t{rows.First(freed)} + rows.ring_in());
    const bool ready = all || begun == groups || in > rows.Last(begun);
    dut->eval();
    ASSERT_EQ(dut->finished_o, all) << in;
    ASSERT_EQ(dut->accept_o, accept) << in << " in, " << freed << " freed";
    if (begun < groups) {
      ASSERT_EQ(dut->ready_o, ready) << in << " in, " << begun << " begun";
    }
    ASSERT_TRUE(accept || ready || freed < begun) << "the ring is too small";
    const bool row = accept && random.In(1, 100) <= row_pace;
    const bool begin = begun < groups && ready && (!accept || random.In(1, 100) <= group_pace);
    const bool free = freed < begun && (!accept || random.In(1, 100) <= group_pace);
    dut->row_done_i = row;
    dut->group_begin_i = begin;
    dut->group_free_i = free;
    dut->layer_free_i = free && freed == groups - 1;
    in += row;
    begun += begin;
    freed += free;
    dut.Cycle();
  }
}

TEST(LoadRtl, RowsComeAndGroupsBeginAsTheirTapsWant) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  Unit<Vassay_rows> dut(seed);
  dut->run_i = 0;
  dut.Reset();
  for (int32_t i = 0; i < 2000 && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("layer " + std::to_string(i));
    const bool extreme = static_cast<size_t>(i) < std::size(kRows);
    const Rows rows = extreme ? kRows[i] : AnyRows(random, i % 20 == 0 ? 65535 : 1000);
    RunRows(dut, random, rows, extreme ? INT64_MAX : AnyEnd(random));
    if (random.OneIn(10)) dut.Reset();
  }
}

}  // namespace
