#include "golden/forum_table.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "golden/bounds.h"

namespace {

// Every row against a visit of every accumulator of every channel.
TEST(ForumTable, EqualsEnumeration) {
  const std::vector<int8_t> weight = {60, -50, 3, 127, 90, 1};
  const std::vector<double> scale = {0.011f, 0.007f, 0.02f};
  const std::vector<float> bias = {0.37f, -0.11f, 2.0f};
  assay_conv conv = {};
  conv.shape = {4, 4, 2, 3, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
  conv.x = {0.05f, 4, ASSAY_QUINT8};
  conv.y = {0.09f, 30, ASSAY_QUINT8};
  conv.per_channel = true;
  conv.weight = weight.data();
  conv.w_scale = scale.data();
  conv.bias = bias.data();
  const assay_contract *qnnpack = assay_contract_find("qnnpack");
  std::vector<assay_forum_row> rows(ASSAY_FORUM_ROWS);
  ASSERT_EQ(assay_forum_table(&conv, qnnpack, rows.data()), ASSAY_OK);
  EXPECT_EQ(rows.front().n, 8);
  EXPECT_EQ(rows.back().n, 31);
  for (const assay_forum_row &row : rows) {
    int64_t differing = 0, reachable = 0;
    int32_t max_lsb = 0, unequal = 0;
    for (int32_t oc = 0; oc < 3; oc++) {
      assay_channel channel = assay_channel_of(&conv, oc);
      channel.forum_n = row.n;
      channel.forum_bias = row.bias;
      assay_requantizer a, b;
      assay_interval range;
      ASSERT_EQ(qnnpack->prepare(&channel, &a), ASSAY_OK);
      ASSERT_EQ(assay_contract_find("forum")->prepare(&channel, &b), ASSAY_OK);
      ASSERT_EQ(assay_bounds_of_channel(&conv, oc, &range), ASSAY_OK);
      const int64_t before = differing;
      for (int64_t acc = range.lo; acc <= range.hi; acc++) {
        const int32_t lsb = std::abs(assay_requantize(&a, static_cast<int32_t>(acc)) -
                                     assay_requantize(&b, static_cast<int32_t>(acc)));
        differing += lsb != 0;
        max_lsb = std::max(max_lsb, lsb);
        reachable++;
      }
      unequal += differing > before;
    }
    EXPECT_EQ(row.differing, differing) << row.n << " " << row.bias;
    EXPECT_EQ(row.reachable, reachable);
    EXPECT_EQ(row.max_lsb, max_lsb);
    EXPECT_EQ(row.unequal, unequal);
    EXPECT_EQ(row.channels, 3);
    EXPECT_EQ(row.refused, 0);
  }
}

}  // namespace
