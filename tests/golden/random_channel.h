// Random quantized channels as networks have them, and harder ones. A pure function of the seed.
#ifndef ASSAY_TESTS_GOLDEN_RANDOM_CHANNEL_H_
#define ASSAY_TESTS_GOLDEN_RANDOM_CHANNEL_H_

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "golden/bounds.h"
#include "golden/contract.h"

// One output channel with its weights; fan-in taps in a 1x1 kernel.
struct RandomChannel {
  assay_channel channel = {};
  std::vector<int8_t> weight;
  int32_t x_zp = 0;

  assay_taps Taps() const {
    assay_taps taps = {};
    taps.weight = weight.data();
    taps.kernel_y = taps.kernel_x = taps.ky_end = taps.kx_end = 1;
    taps.in_c = static_cast<int32_t>(weight.size());
    taps.x_max = 255;
    taps.x_zp = x_zp;
    return taps;
  }
  assay_interval Range() const {
    const assay_taps taps = Taps();
    return assay_bounds_of_taps(&taps);
  }
};

class ChannelMaker {
 public:
  explicit ChannelMaker(uint64_t seed) : random_(seed) {}

  // Fan-in of 1 to max_taps; one in five channels is degenerate: scales that are powers of two, a
  // dead channel, a constant one.
  RandomChannel Make(int32_t max_taps) {
    static const int32_t kTaps[] = {1, 2, 9, 25, 27, 64, 144, 576, 1152, 2304, 4608};
    int32_t taps = kTaps[Pick(11)];
    while (taps > max_taps) taps = kTaps[Pick(11)];
    RandomChannel c;
    FillWeights(taps, &c);
    FillScales(taps, &c);
    if (Pick(5) == 0) Degenerate(&c);
    return c;
  }

  // A channel as networks have them, of this fan-in.
  RandomChannel MakeTypical(int32_t taps) {
    RandomChannel c;
    FillWeights(taps, &c);
    FillScales(taps, &c);
    return c;
  }

  int32_t Pick(int32_t n) { return static_cast<int32_t>(random_() % static_cast<uint64_t>(n)); }
  double Uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(random_() >> 11) * 0x1p-53;
  }

 private:
  void FillWeights(int32_t taps, RandomChannel *c) {
    const double sigma = Uniform(5, 50);
    for (int32_t i = 0; i < taps; i++) {
      const double sum = Uniform(-1, 1) + Uniform(-1, 1) + Uniform(-1, 1);
      const double w = std::nearbyint(sum * sigma);
      c->weight.push_back(static_cast<int8_t>(w < -128 ? -128 : w > 127 ? 127 : w));
    }
    c->x_zp = Pick(3) == 0 ? Pick(256) : 0;
  }

  // Scales such that the outputs of typical inputs span the output range.
  void FillScales(int32_t taps, RandomChannel *c) {
    c->channel.x_scale = static_cast<float>(Uniform(0.005, 0.2));
    c->channel.w_scale = static_cast<float>(Uniform(0.0002, 0.02));
    const double spread = std::sqrt(taps) * 25 * 100 * Uniform(0.3, 3) + 200;
    c->channel.y_scale = static_cast<float>(c->channel.x_scale * c->channel.w_scale * spread / 127);
    c->channel.relu = Pick(2) == 0;
    c->channel.y_zp = c->channel.relu && Pick(2) == 0 ? 0 : Pick(256);
    c->channel.dtype = ASSAY_QUINT8;
    c->channel.has_bias = Pick(4) != 0;
    c->channel.bias = static_cast<float>(Uniform(-60, 60) * c->channel.y_scale);
    c->channel.per_channel = Pick(2) == 0;
    c->channel.forum_n = 16;
    c->channel.forum_bias = ASSAY_FORUM_BIAS_FOLDED;
  }

  void Degenerate(RandomChannel *c) {
    switch (Pick(4)) {
      case 0:  // every product of scales is a power of two: ties
        c->channel.x_scale = 0.0625;
        c->channel.w_scale = 0.001953125;
        c->channel.y_scale = std::exp2(std::round(std::log2(c->channel.y_scale)));
        break;
      case 1:  // dead: the least scale of an observer
        c->channel.w_scale = 1.1920928955078125e-07;
        for (int8_t &w : c->weight) w = 0;
        break;
      case 2:  // an output that never leaves the clamp
        c->channel.bias = static_cast<float>(400 * c->channel.y_scale);
        c->channel.has_bias = true;
        break;
      default:  // a step of many output values for one accumulator
        c->channel.y_scale = c->channel.x_scale * c->channel.w_scale * Uniform(0.01, 3);
    }
  }

  std::mt19937_64 random_;
};

#endif  // ASSAY_TESTS_GOLDEN_RANDOM_CHANNEL_H_
