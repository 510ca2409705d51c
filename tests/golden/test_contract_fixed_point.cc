// The fixed-point contracts, against values worked out by hand and measured on the real libraries.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "contract_channel.h"

namespace {

// A fixed-point contract without zero point and clamp; multiplier of `bits` bits from a real one.
int32_t Scaled(const std::string &name, double real, int bits, int32_t acc) {
  int exponent;
  const double fraction = std::frexp(real, &exponent);
  auto multiplier = static_cast<int64_t>(std::round(std::ldexp(fraction, bits)));
  if (multiplier == INT64_C(1) << bits) {
    multiplier /= 2;
    exponent++;
  }
  const assay_fixed_point p = {multiplier, bits - exponent, 0, 0, 0, INT32_MIN, INT32_MAX};
  assay_requantizer r = {};
  const assay_contract *contract = assay_contract_find(name.c_str());
  const assay_status status = contract->from_fixed_point(&p, &r);
  EXPECT_EQ(status, ASSAY_OK) << name;
  return status == ASSAY_OK ? assay_requantize(&r, acc) : 0;
}

// A float contract before its zero point, which is chosen so that the clamp is out of the way.
int32_t FloatScaled(const std::string &name, double real, int32_t acc) {
  const int32_t y_zp = acc < 0 ? 255 : 0;
  return Output(name, Channel(1.0, real, 1.0, y_zp), acc) - y_zp;
}

struct Row {
  int32_t acc;
  double real;
  int32_t fp32, once, twice, rndnu, tonearest, narrow;
};

// Measured: real gemmlowp, TFLite Micro, CMSIS-NN, QNNPACK; the others computed from the same
// sources by a separate program.
const Row kRows[] = {
    {-5, 0.5, -2, -2, -2, -2, -3, -2},
    {-3, 0.5, -2, -1, -1, -1, -2, -1},
    {-1, 0.5, 0, 0, 0, 0, -1, 0},
    {1, 0.5, 0, 1, 1, 1, 1, 1},
    {3, 0.5, 2, 2, 2, 2, 2, 2},
    {5, 0.5, 2, 3, 3, 3, 3, 3},
    {-10, 0.25, -2, -2, -3, -2, -3, -2},
    {-6, 0.25, -2, -1, -2, -1, -2, -1},
    {-2, 0.25, 0, 0, -1, 0, -1, 0},
    {2, 0.25, 0, 1, 1, 1, 1, 1},
    {6, 0.25, 2, 2, 2, 2, 2, 2},
    {10, 0.25, 2, 3, 3, 3, 3, 3},
    {-12, 0.125, -2, -1, -2, -1, -2, -1},
    {-4, 0.125, 0, 0, -1, 0, -1, 0},
    {20, 0.125, 2, 3, 3, 3, 3, 3},
    {-320, 0.0078125, -2, -2, -3, -2, -3, -2},
    {-64, 0.0078125, 0, 0, -1, 0, -1, 0},
    {64, 0.0078125, 0, 1, 1, 1, 1, 1},
    {320, 0.0078125, 2, 3, 3, 3, 3, 3},
    {-191, 0.0078125, -1, -1, -1, -1, -1, -1},
    {-193, 0.0078125, -2, -2, -2, -2, -2, -2},
    {13, 1.5 / 13, 2, 1, 2, 2, 1, 1},
    {-13, 1.5 / 13, -2, -1, -2, -2, -1, -1},
    {1000003, 0.000125, 125, 125, 125, 125, 125, 125},
    {16777217, 5e-06, 84, 84, 84, 84, 84, 84},
    {-16777219, 7.4505806e-06, -125, -125, -125, -125, -125, -125},
    {2147483647, 5.9e-08, 127, 127, 127, 127, 127, 127},
    {INT32_MIN, 5.9e-08, -127, -127, -127, -127, -127, -127},
    {-54813, 0.0005017, -27, -27, -28, -27, -27, -27},
    {-50655, 0.0005034, -25, -25, -26, -25, -25, -25},
    {-58404, 0.0005051, -29, -29, -30, -29, -29, -29},
    {-55674, 0.0005119, -28, -28, -29, -28, -28, -29},
};

TEST(MeasuredTable, EveryFamilyRoundsAsItsLibrary) {
  for (const Row &row : kRows) {
    const std::string where = std::to_string(row.acc) + " * " + std::to_string(row.real);
    EXPECT_EQ(FloatScaled("qnnpack", row.real, row.acc), row.fp32) << where;
    EXPECT_EQ(FloatScaled("ort", row.real, row.acc), row.fp32) << where;
    EXPECT_EQ(FloatScaled("xnnpack_rndnu", row.real, row.acc), row.rndnu) << where;
    EXPECT_EQ(Scaled("tflite_single", row.real, 31, row.acc), row.once) << where;
    EXPECT_EQ(Scaled("tosa_32_single", row.real, 31, row.acc), row.once) << where;
    EXPECT_EQ(Scaled("tvm_upward", row.real, 31, row.acc), row.once) << where;
    EXPECT_EQ(Scaled("tflite_double", row.real, 31, row.acc), row.twice) << where;
    EXPECT_EQ(Scaled("tosa_32_double", row.real, 31, row.acc), row.twice) << where;
    EXPECT_EQ(Scaled("tvm_tonearest", row.real, 31, row.acc), row.tonearest) << where;
    EXPECT_EQ(Scaled("tosa_16", row.real, 15, row.acc), row.narrow) << where;
  }
}

// The last rows of the measured table: no clamp in sight, results near 2^31.
TEST(MeasuredTable, ResultsNearTheEndOfInt32) {
  EXPECT_EQ(Scaled("tflite_double", 0.9999999, 31, INT32_MAX), 2147483432);
  EXPECT_EQ(Scaled("tflite_single", 0.9999999, 31, INT32_MIN), -2147483433);
  EXPECT_EQ(Scaled("tvm_tonearest", 0.9999999, 31, INT32_MIN), -2147483433);
  EXPECT_EQ(Scaled("tosa_16", 0.9999999, 15, INT32_MAX), 2147483647);
}

// scales 0.5 * 0.5 / 1: the multiplier is 2^30 and the whole shift 32.
TEST(FixedPoint, MultiplierAndShiftComeFromTheScales) {
  for (const char *name : {"tflite_double", "tflite_single", "tosa_32_single", "tvm_tonearest"}) {
    const assay_requantizer r = Prepare(name, Channel(0.5, 0.5, 1.0, 3));
    EXPECT_EQ(r.i[0], 1 << 30) << name;
    EXPECT_EQ(r.i[1], 32) << name;
  }
  const assay_requantizer narrow = Prepare("tosa_16", Channel(0.5, 0.5, 1.0, 3));
  EXPECT_EQ(narrow.i[0], 1 << 14);
  EXPECT_EQ(narrow.i[1], 16);
  // 1 is 0.5 * 2^1.
  const assay_requantizer one = Prepare("tvm_tonearest", Channel(1.0, 1.0, 1.0, 0));
  EXPECT_EQ(one.i[0], 1 << 30);
  EXPECT_EQ(one.i[1], 30);
}

TEST(FixedPoint, ZeroPointAndClampAfterTheShift) {
  const assay_channel c = Signed(Channel(0.5, 0.5, 1.0, -3));  // M = 0.25
  EXPECT_EQ(Output("tflite_single", c, -6), -4);               // -1.5 -> -1
  EXPECT_EQ(Output("tflite_double", c, -6), -5);               // -1.5 -> -2
  EXPECT_EQ(Output("tflite_double", c, 519), 127);             // 129.75 -> 130 - 3
  EXPECT_EQ(Output("tflite_double", c, 600), 127);
  EXPECT_EQ(Output("tflite_double", c, -600), -128);
  EXPECT_EQ(Output("tflite_double", Relu(c), -6), -3);
  EXPECT_EQ(Output("tosa_32_single", WithBias(c, 1.0f), -6), -3);  // 4 units: -0.5 -> 0
}

// M = 2 is 2^30 * 2^-29: the library shifts the accumulator left by 2 before it multiplies.
TEST(TfliteDouble, LeftShiftWraps) {
  const assay_channel c = Channel(2.0, 1.0, 1.0, 0);
  EXPECT_EQ(Output("tflite_double", c, 100), 200);
  EXPECT_EQ(Output("tflite_double", c, 1 << 29), 0);  // 2^31 wraps to -2^31
  EXPECT_EQ(Output("tflite_single", c, 1 << 29), 255);
}

TEST(Tflite, TinyMultipliersBecomeZero) {
  const assay_channel c = Channel(1e-6, 1e-6, 1.0, 7);  // 1e-12 is below 2^-32
  EXPECT_EQ(Output("tflite_double", c, INT32_MAX), 7);
  EXPECT_EQ(Output("tflite_single", c, INT32_MIN), 7);
  EXPECT_EQ(StatusOf("tvm_upward", c), ASSAY_ERROR_SCALE);
}

// A power of two takes int32 shifts: the rounding addition wraps at the top.
TEST(TvmUpward, PowerOfTwoWraps) {
  const assay_channel c = Channel(1.0, 0.25, 1.0, 0);
  EXPECT_EQ(Output("tvm_upward", c, 2), 1);
  EXPECT_EQ(Output("tvm_upward", c, INT32_MAX), 0);
  EXPECT_EQ(Output("tvm_tonearest", c, INT32_MAX), 255);
  EXPECT_EQ(Output("tvm_upward", Channel(1.0, 4.0, 1.0, 0), 20), 80);  // a shift to the left
}

// quint8, zero point 3 is int8, zero point -125.
TEST(Nvdla, HalfAwayThenZeroPointThenInt8) {
  const assay_channel c = Channel(1.0, 0.25, 1.0, 3);
  EXPECT_EQ(Output("nvdla", c, 2), 4);    // 0.5 -> 1
  EXPECT_EQ(Output("nvdla", c, -2), 2);   // -0.5 -> -1
  EXPECT_EQ(Output("nvdla", c, -20), 0);  // -5 - 125 saturates at -128
  EXPECT_EQ(Output("nvdla", c, 2000), 255);
  EXPECT_EQ(Output("nvdla", Signed(c), 2), 4);
  EXPECT_EQ(Output("nvdla", Relu(c), -2), 3);
}

// M = 0.5: the greatest 8-bit multiplier is 128, the shift 8.
TEST(Ne16, FloorAndWrap) {
  const assay_channel c = Channel(1.0, 0.5, 1.0, 3);
  const assay_requantizer r = Prepare("ne16", c);
  EXPECT_EQ(r.i[0], 128);
  EXPECT_EQ(r.i[1], 8);
  EXPECT_EQ(r.i[2], 3 << 8);
  EXPECT_EQ(assay_requantize(&r, -1), 2);  // floor(-0.5) + 3
  EXPECT_EQ(assay_requantize(&r, 1), 3);
  EXPECT_EQ(assay_requantize(&r, 1 << 25), 3);         // the product 2^32 wraps to 0
  EXPECT_EQ(Output("ne16", WithBias(c, 1.0f), 1), 4);  // 1 + 2 units: 1.5 + 3
  // y_zp = 255 at M = 2^-20: the addend leaves room for a shift of 23 only, multiplier 8.
  EXPECT_EQ(Prepare("ne16", Channel(1.0, 0x1p-20, 1.0, 255)).i[1], 23);
  EXPECT_EQ(StatusOf("ne16", Channel(1.0, 256.0, 1.0, 0)), ASSAY_ERROR_SCALE);
  // 2^31 / 255 bias units leave no shift at which bias * multiplier fits.
  EXPECT_EQ(StatusOf("ne16", WithBias(Channel(1.0, 255.0, 1.0, 0), 3e9f)), ASSAY_ERROR_OVERFLOW);
}

TEST(Gemmini, HalfEvenWithThePreloadedBias) {
  const assay_channel c = Signed(Channel(1.0, 0.5, 1.0, 0));
  EXPECT_EQ(Output("gemmini", c, 1), 0);
  EXPECT_EQ(Output("gemmini", c, 3), 2);
  EXPECT_EQ(Output("gemmini", c, -3), -2);
  EXPECT_EQ(Output("gemmini", c, 1000), 127);
  // quint8, zero point 131: 3 above the middle is 6 accumulator units, added before rounding.
  EXPECT_EQ(Output("gemmini", Channel(1.0, 0.5, 1.0, 131), 1), 132);  // 3.5 -> 4
  EXPECT_EQ(Output("gemmini", Channel(1.0, 0.5, 1.0, 131), 3), 132);  // 4.5 -> 4
}

assay_channel Forum(int32_t n, assay_forum_bias treatment, float bias) {
  assay_channel c = WithBias(Channel(1.0, 0.25, 0.5, 10), bias);  // M = 0.5
  c.forum_n = n;
  c.forum_bias = treatment;
  return c;
}

// bias 0.375 is 0.75 output units and 1.5 accumulator units; K = 8 at N = 4.
TEST(Forum, ThreeTreatmentsOfTheBias) {
  EXPECT_EQ(Output("forum", Forum(4, ASSAY_FORUM_BIAS_ROUNDED, 0.375f), 0), 11);
  EXPECT_EQ(Output("forum", Forum(4, ASSAY_FORUM_BIAS_FOLDED, 0.375f), 0), 10);  // 12 >> 4
  EXPECT_EQ(Output("forum", Forum(4, ASSAY_FORUM_BIAS_INT32, 0.375f), 0), 11);   // 16 >> 4
  EXPECT_EQ(Output("forum", Forum(4, ASSAY_FORUM_BIAS_FOLDED, 0.375f), 1), 11);  // 20 >> 4
  EXPECT_EQ(Output("forum", Forum(4, ASSAY_FORUM_BIAS_ROUNDED, 0.375f), -1), 10);
  EXPECT_EQ(Output("forum", Forum(31, ASSAY_FORUM_BIAS_FOLDED, 0.375f), 1), 11);
}

TEST(Forum, RefusesNAndConstantsOutOfRange) {
  EXPECT_EQ(StatusOf("forum", Forum(0, ASSAY_FORUM_BIAS_FOLDED, 0.0f)), ASSAY_ERROR_ARGUMENT);
  EXPECT_EQ(StatusOf("forum", Forum(32, ASSAY_FORUM_BIAS_FOLDED, 0.0f)), ASSAY_ERROR_ARGUMENT);
  EXPECT_EQ(StatusOf("forum", Forum(16, ASSAY_FORUM_BIAS_FOLDED, 1e20f)), ASSAY_ERROR_OVERFLOW);
  assay_channel large = Forum(31, ASSAY_FORUM_BIAS_FOLDED, 0.0f);
  large.w_scale = 1.0;  // M = 2: K = 2^32
  EXPECT_EQ(StatusOf("forum", large), ASSAY_ERROR_OVERFLOW);
}

TEST(Xnnpack, ClampsBeforeRoundingAndRefusesWhatTheLibraryRefuses) {
  EXPECT_EQ(Output("xnnpack", Channel(1.0, 100.0, 1.0, 0), INT32_MAX), 255);  // qnnpack: 0
  EXPECT_EQ(StatusOf("xnnpack", Channel(1.0, 256.0, 1.0, 0)), ASSAY_ERROR_SCALE);
  EXPECT_EQ(Output("ort", Channel(1.0, 256.0, 1.0, 0), 1), 255);
  const assay_channel empty = Relu(Signed(Channel(1.0, 0.5, 1.0, 127)));
  EXPECT_EQ(StatusOf("xnnpack", empty), ASSAY_ERROR_UNSUPPORTED);
  EXPECT_EQ(Output("ort", empty, -5), 127);
}

TEST(FromFixedPoint, RefusesWhatTheArithmeticDoesNotTake) {
  assay_requantizer r = {};
  const struct {
    const char *name;
    assay_fixed_point p;
  } bad[] = {
      {"tflite_double", {-1, 31, 0, 0, 0, 0, 255}},
      {"tflite_double", {INT64_C(1) << 31, 31, 0, 0, 0, 0, 255}},
      {"tflite_double", {1, 0, 0, 0, 0, 0, 255}},
      {"tflite_double", {1, 63, 0, 0, 0, 0, 255}},
      {"tosa_16", {1 << 15, 20, 0, 0, 0, 0, 255}},
      {"tosa_32_single", {1, 1, 0, 0, 0, 0, 255}},
      {"ne16", {1, 8, 0, INT64_C(1) << 31, 0, 0, 255}},
      {"forum", {1, 32, 0, 0, 0, 0, 255}},
      {"nvdla", {1, 8, 0, 0, 0, 5, 4}},
  };
  for (const auto &t : bad) {
    EXPECT_EQ(assay_contract_find(t.name)->from_fixed_point(&t.p, &r), ASSAY_ERROR_ARGUMENT)
        << t.name;
  }
  EXPECT_EQ(assay_contract_find("qnnpack")->from_fixed_point, nullptr);
}

}  // namespace
