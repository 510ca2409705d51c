// Taps of a 1x1 kernel over some channels, and the plain sum over an input patch.
#ifndef ASSAY_TESTS_GOLDEN_TAPS_H_
#define ASSAY_TESTS_GOLDEN_TAPS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "golden/bounds.h"

inline assay_taps Line(const std::vector<int8_t> &weight, int32_t x_min, int32_t x_max,
                       int32_t x_zp) {
  assay_taps taps = {};
  taps.weight = weight.data();
  taps.kernel_y = taps.kernel_x = taps.ky_end = taps.kx_end = 1;
  taps.in_c = static_cast<int32_t>(weight.size());
  taps.x_min = x_min;
  taps.x_max = x_max;
  taps.x_zp = x_zp;
  return taps;
}

inline int64_t Accumulate(const assay_taps &taps, const std::vector<uint8_t> &patch) {
  int64_t acc = 0;
  for (size_t i = 0; i < patch.size(); i++) {
    const int32_t x = taps.x_min < 0 ? static_cast<int8_t>(patch[i]) : patch[i];
    EXPECT_GE(x, taps.x_min);
    EXPECT_LE(x, taps.x_max);
    acc += taps.weight[i] * (x - taps.x_zp);
  }
  return acc;
}

#endif  // ASSAY_TESTS_GOLDEN_TAPS_H_
