// assay_walker and assay_place beside four plain loops: row group, output block, row, column. Sizes
// to the ends of all fields; swaps and vectors at any time. Twin: golden/sequencer.h.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "Vassay_place.h"
#include "Vassay_walker.h"
#include "tests/rtl/unit.h"

namespace {

using assay_test::AnyEnd;
using assay_test::AnySize;
using assay_test::Bits;
using assay_test::Random;
using assay_test::Unit;

// As the modules are by default.
constexpr int32_t kPixels = 8;
constexpr uint32_t kRowBits = 22, kSlotBits = 13, kPositions = 1u << 13;

struct Layer {
  int32_t out_x, out_y, out_blocks, rows_per_group;
  int32_t stride_x = 1, stride_y = 1, ring_rows = 1, pitch = 1;

  int64_t vectors() const { return int64_t{out_x} * out_y * out_blocks; }
  std::string Text() const {
    return std::to_string(out_y) + " x " + std::to_string(out_x) + " pixels of " +
           std::to_string(out_blocks) + " blocks by " + std::to_string(rows_per_group) +
           " rows, stride " + std::to_string(stride_y) + " x " + std::to_string(stride_x) +
           ", ring " + std::to_string(ring_rows) + " of " + std::to_string(pitch);
  }
};

/** The loops, one pixel a step. */
struct Walk {
  explicit Walk(const Layer &l) : layer(l) {}

  const Layer &layer;
  int32_t group_y = 0, block = 0, y = 0, x = 0;
  bool ended = false;

  int32_t group_end() const {
    return static_cast<int32_t>(
        std::min<int64_t>(layer.out_y, int64_t{group_y} + layer.rows_per_group));
  }
  bool last_block() const { return block == layer.out_blocks - 1; }
  /** The pixel is the last one of the block in this group, of the layer. */
  bool at_block_end() const { return x == layer.out_x - 1 && y == group_end() - 1; }
  bool at_layer_end() const { return at_block_end() && last_block() && y == layer.out_y - 1; }

  void Next() {
    if (at_layer_end()) {
      ended = true;
    } else if (at_block_end()) {
      if (last_block()) group_y = group_end();
      block = last_block() ? 0 : block + 1;
      y = group_y;
      x = 0;
    } else if (++x == layer.out_x) {
      x = 0;
      y++;
    }
  }
};

const Layer kExtremes[] = {{65535, 1, 1, 1},
                           {1, 65535, 1, 1},
                           {1, 65535, 1, 65535},
                           {1, 65535, 1, 32767},
                           {1, 1, 65535, 1},
                           {2, 40001, 2, 40000},
                           {40000, 3, 1, 2},
                           {1, 3, 16385, 2},
                           {1, 65535, 1, 65534},
                           {5, 9, 700, 4, 4, 4, 3, 5},
                           {1, 60000, 2, 29999, 15, 15, 63, 130},
                           {40001, 1, 1, 1, 15, 2, 1, 8192}};

Layer AnyLayer(Random &random, int64_t most) {
  Layer layer = {};
  do {
    layer.out_x = AnySize(random, 65535);
    layer.out_y = AnySize(random, 65535);
    layer.out_blocks = AnySize(random, 65535);
  } while (layer.vectors() > most);
  layer.rows_per_group = AnySize(random, 65535);
  layer.stride_x = random.In(1, 15);
  layer.stride_y = random.In(1, 15);
  layer.ring_rows = AnySize(random, kPositions);
  layer.pitch = random.In(1, static_cast<int32_t>(kPositions) / layer.ring_rows);
  return layer;
}

/** How often something happens, in percent of the cycles. */
int32_t AnyPace(Random &random) { return random.OneIn(2) ? 100 : random.In(5, 95); }

void RunPlace(Unit<Vassay_place> &place, Random &random, const Layer &layer, int32_t pace,
              int64_t steps) {
  SCOPED_TRACE(layer.Text());
  place->run_i = 0;
  place->next_i = random.OneIn(2);
  place->out_x_i = static_cast<uint16_t>(layer.out_x);
  place->out_y_i = static_cast<uint16_t>(layer.out_y);
  place->out_blocks_i = static_cast<uint16_t>(layer.out_blocks);
  place->rows_per_group_i = static_cast<uint16_t>(layer.rows_per_group);
  place.Cycle();
  place->run_i = 1;
  for (Walk walk(layer); !walk.ended && steps > 0; --steps) {
    place->next_i = random.In(1, 100) <= pace;
    place->eval();
    ASSERT_EQ(place->x_o, walk.x);
    ASSERT_EQ(place->y_o, walk.y);
    ASSERT_EQ(place->block_o, walk.block);
    ASSERT_EQ(place->partial_o, walk.last_block());
    ASSERT_EQ(place->block_end_o, walk.at_block_end());
    ASSERT_EQ(place->layer_end_o, walk.at_layer_end());
    if (place->next_i) walk.Next();
    place.Cycle();
  }
}

/** Up to kPixels pixels of one block and group, as the walker collects them. */
struct Tile {
  struct Pixel {
    int32_t x, y;
  } pixels[kPixels];
  int32_t count = 0;
  bool block_end = false, group_end = false, layer_end = false;

  explicit Tile(Walk *walk) {
    const bool last_block = walk->last_block();
    while (count < kPixels && !block_end) {
      pixels[count++] = {walk->x, walk->y};
      block_end = walk->at_block_end();
      group_end = block_end && last_block;
      layer_end = walk->at_layer_end();
      walk->Next();
    }
  }
};

void ExpectTile(Unit<Vassay_walker> &walker, const Layer &layer, const Tile &tile) {
  ASSERT_EQ(walker->count_o, tile.count);
  ASSERT_EQ(walker->tile_block_end_o, tile.block_end);
  ASSERT_EQ(walker->tile_group_end_o, tile.group_end);
  ASSERT_EQ(walker->tile_layer_end_o, tile.layer_end);
  for (uint32_t j = 0; j < static_cast<uint32_t>(tile.count); ++j) {
    const auto [x, y] = tile.pixels[j];
    SCOPED_TRACE("lane " + std::to_string(j));
    ASSERT_EQ(Bits(walker->x_o, 16 * j, 16), static_cast<uint32_t>(x));
    ASSERT_EQ(Bits(walker->row_o, kRowBits * j, kRowBits),
              static_cast<uint32_t>(y * layer.stride_y));
    ASSERT_EQ(Bits(walker->column_o, kRowBits * j, kRowBits),
              static_cast<uint32_t>(x * layer.stride_x));
    ASSERT_EQ(Bits(walker->slot_o, kSlotBits * j, kSlotBits),
              static_cast<uint32_t>(y % layer.ring_rows * layer.pitch));
  }
}

void RunWalker(Unit<Vassay_walker> &walker, Random &random, const Layer &layer, int32_t pace,
               int64_t steps) {
  SCOPED_TRACE(layer.Text());
  walker->run_i = 0;
  walker->swap_i = 0;
  walker->out_x_i = static_cast<uint16_t>(layer.out_x);
  walker->out_y_i = static_cast<uint16_t>(layer.out_y);
  walker->out_blocks_i = static_cast<uint16_t>(layer.out_blocks);
  walker->rows_per_group_i = static_cast<uint16_t>(layer.rows_per_group);
  walker->stride_x_i = static_cast<uint8_t>(layer.stride_x);
  walker->stride_y_i = static_cast<uint8_t>(layer.stride_y);
  walker->pitch_i = static_cast<uint16_t>(layer.pitch);
  walker->plane_i = static_cast<uint16_t>(layer.ring_rows * layer.pitch);
  walker.Cycle();
  walker->run_i = 1;
  for (Walk walk(layer); !walk.ended; --steps) {
    if (steps == 0) return;
    const Tile tile(&walk);
    // A pixel a cycle, of which the swap's is the first.
    const int32_t cycles = walker->swap_i ? kPixels - 1 : kPixels;
    walker->swap_i = 0;
    for (int32_t i = 0; i < cycles; ++i) {
      ASSERT_EQ(walker->valid_o, 0);
      walker.Cycle();
    }
    while (random.In(1, 100) > pace) walker.Cycle();
    ASSERT_EQ(walker->valid_o, 1);
    ASSERT_EQ(walker->block_end_o, tile.block_end);
    ASSERT_EQ(walker->layer_end_o, tile.layer_end);
    walker->swap_i = 1;
    walker.Cycle();
    ExpectTile(walker, layer, tile);
    if (testing::Test::HasFailure()) return;
  }
  walker->swap_i = 0;
  for (int32_t i = 0; i < 2 * kPixels; ++i) {
    ASSERT_EQ(walker->valid_o, 0) << "after the last tile";
    walker.Cycle();
  }
}

template <class Model, class Run>
void RunAll(Run run, int32_t count) {
  const uint64_t seed = assay_test::Seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  Unit<Model> unit(seed);
  unit->run_i = 0;
  unit.Reset();
  for (const Layer &layer : kExtremes) {
    run(unit, random, layer, 100, INT64_MAX);
    if (testing::Test::HasFailure()) return;
  }
  for (int32_t i = 0; i < count; ++i) {
    SCOPED_TRACE("layer " + std::to_string(i));
    const Layer layer = AnyLayer(random, i % 20 == 0 ? 20000 : 1000);
    run(unit, random, layer, AnyPace(random), AnyEnd(random));
    if (testing::Test::HasFailure()) return;
    if (random.OneIn(10)) unit.Reset();
  }
}

TEST(WalkRtl, PlaceIsFourLoops) { RunAll<Vassay_place>(RunPlace, 1000); }
TEST(WalkRtl, WalkerIsFourLoops) { RunAll<Vassay_walker>(RunWalker, 1000); }

}  // namespace
