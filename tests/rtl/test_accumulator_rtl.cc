// The stated widths of the accumulators, on the shipped network: for every channel an input reaches
// each bound, a register of the stated width holds it, one bit less does not. In the engine model,
// in the whole RTL engine (32 bits), and in the RTL's accumulators of every width.
//
// Wrapping adders, which this engine has: the final sum decides (wrap_bits). Saturating adders and
// those of C, which must not overflow: every partial sum decides (saturate_bits).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "Vassay_widths.h"
#include "golden/bounds.h"
#include "tests/rtl/directed_case.h"
#include "tests/rtl/unit.h"

namespace {

constexpr char kNetwork[] = ASSAY_SOURCE_DIR "/config/networks/unet_simplified";
constexpr int32_t kLeast = 17, kChannels = 8;

// Value of a signed register of this many bits that is asked to hold `value`.
int64_t Wrapped(int64_t value, int32_t bits) {
  const int64_t range = int64_t{1} << bits;
  const int64_t low = ((value % range) + range) % range;
  return low >= range / 2 ? low - range : low;
}

// The RTL's array and row sum in all widths.
class Widths {
 public:
  // One cycle: products of these rows, the others get zeros.
  void Cycle(bool first, const std::array<int32_t, kChannels> &operand,
             const std::array<int32_t, kChannels> &weight,
             const std::array<int32_t, kChannels> &initial) {
    model_->operand_i = Bytes(operand);
    model_->weight_i = Bytes(weight);
    for (size_t i = 0; i < kChannels; i++) {
      model_->initial_i[i] = static_cast<uint32_t>(initial[i]);
    }
    model_->first_i = first;
    model_->valid_i = 1;
    model_.Cycle();
  }
  int32_t Row(int32_t bits, int32_t row) const {
    return static_cast<int32_t>(
        model_->acc_o[static_cast<size_t>((bits - kLeast) * kChannels + row)]);
  }
  int32_t Sum(int32_t bits) const {
    return static_cast<int32_t>(model_->sum_o[static_cast<size_t>(bits - kLeast)]);
  }

 private:
  static uint64_t Bytes(const std::array<int32_t, kChannels> &values) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < kChannels; i++) {
      bytes |= static_cast<uint64_t>(static_cast<uint8_t>(values[i])) << (8 * i);
    }
    return bytes;
  }
  assay_test::Unit<Vassay_widths> model_;
};

// One channel of a layer with its bounds in the engine's order.
struct Channel {
  const assay_conv *conv;
  const assay_plan *plan;
  int32_t oc, acc_init;
  assay_taps taps = {};
  std::vector<assay_order_step> steps;
  assay_addition_order order = {};
  assay_partial_bounds bounds = {};

  Channel(const assay_conv &layer, const assay_plan &mapped, int32_t channel, int32_t init)
      : conv(&layer), plan(&mapped), oc(channel), acc_init(init) {
    steps.resize(static_cast<size_t>(assay_conv_taps(&layer.shape)));
    EXPECT_TRUE(assay_taps_interior(conv, oc, &taps));
    order = assay_bounds_engine_order(plan, oc, acc_init, steps.data());
    EXPECT_EQ(assay_bounds_of_order(&taps, &order, nullptr, &bounds), ASSAY_OK);
  }

  // An image with a witness, everything else at the zero point.
  std::vector<uint8_t> Image(bool partial, bool upper) const {
    std::vector<uint8_t> patch(steps.size());
    const assay_conv_shape &s = conv->shape;
    std::vector<uint8_t> x(static_cast<size_t>(s.in_y * s.in_x * s.in_c),
                           static_cast<uint8_t>(conv->x.zero_point));
    if (partial) {
      assay_bounds_partial_witness(&taps, &order, upper ? bounds.hi_step : bounds.lo_step,
                                   upper ? bounds.hi_rows : bounds.lo_rows, upper, patch.data());
    } else {
      assay_bounds_witness(&taps, upper, patch.data());
    }
    assay_directed_paste(conv, oc, {taps.y, taps.x}, patch.data(), x.data());
    return x;
  }
  std::vector<assay_trail_step> Trail(const std::vector<uint8_t> &x) const {
    std::vector<assay_trail_step> trail(steps.size());
    assay_engine_trail(plan, x.data(), conv->weight, acc_init, taps.y, taps.x, oc, trail.data());
    return trail;
  }
  int32_t InputLow() const { return assay_dtype_min(conv->x.dtype); }
  int64_t Bound(bool partial, bool upper) const {
    const assay_interval &b = partial ? bounds.partial : bounds.final;
    return upper ? b.hi : b.lo;
  }
};

// What the RTL's accumulators hold of one sum: the value of `rows` after `stop` additions.
int64_t RtlValue(Widths *rtl, const Channel &channel, const std::vector<assay_trail_step> &trail,
                 size_t stop, uint32_t rows, int32_t bits) {
  std::array<int32_t, kChannels> initial = {}, operand = {}, weight = {};
  initial[static_cast<size_t>(assay_engine_init_row(channel.plan, channel.oc))] = channel.acc_init;
  rtl->Cycle(true, operand, weight, initial);  // products of zero: only the start values
  for (size_t i = 0; i < std::min(stop, trail.size()); i++) {
    operand = weight = {};
    operand[static_cast<size_t>(trail[i].row)] = trail[i].x - channel.InputLow();
    weight[static_cast<size_t>(trail[i].row)] = trail[i].w;
    rtl->Cycle(false, operand, weight, initial);
  }
  if (rows == (1u << kChannels) - 1) return rtl->Sum(bits);
  int64_t sum = 0;  // an inner value of the chain of assay_row_sum
  for (int32_t row = 0; row < kChannels; row++) {
    if (rows >> row & 1u) sum = Wrapped(sum + rtl->Row(bits, row), bits);
  }
  return sum;
}

// Final sum of a saturating adder, by plain arithmetic.
int64_t Saturated(const Channel &channel, const std::vector<assay_trail_step> &trail,
                  int32_t bits) {
  const int64_t top = (int64_t{1} << (bits - 1)) - 1;
  const auto clamp = [top](int64_t value) { return std::clamp(value, -top - 1, top); };
  std::array<int64_t, kChannels> row = {};
  row[static_cast<size_t>(assay_engine_init_row(channel.plan, channel.oc))] =
      clamp(channel.acc_init);
  for (const assay_trail_step &step : trail) {
    int64_t &sum = row[static_cast<size_t>(step.row)];
    sum = clamp(sum + int64_t{step.x - channel.InputLow()} * step.w);
  }
  int64_t all = row[0];
  for (size_t i = 1; i < kChannels; i++) all = clamp(all + row[i]);
  return all;
}

int64_t Exact(const Channel &channel, const std::vector<assay_trail_step> &trail) {
  int64_t sum = channel.acc_init;
  for (const assay_trail_step &step : trail) sum += int64_t{step.x - channel.InputLow()} * step.w;
  return sum;
}

class Accumulator : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(bundle_.ok()) << bundle_.error();
    for (const assay_layer *layer : bundle_.Convolutions()) {
      auto d = std::make_unique<assay_test::DirectedLayer>();
      ASSERT_TRUE(assay_test::LowerLayer(layer, "qnnpack", d.get()));
      d->name = layer->name;
      d->images.conv = layer->conv;
      d->images.conv.shape.in_y = 6;
      d->images.conv.shape.in_x = 10;
      ASSERT_EQ(
          assay_plan_layer(assay_cosim_engine(0), &d->images.conv, &d->lowered, &d->plan, nullptr),
          ASSAY_OK);
      layers_.push_back(std::move(d));
    }
  }
  template <class Visit>
  void EachChannel(const Visit &visit) {
    for (const auto &d : layers_) {
      for (int32_t oc = 0; oc < d->images.conv.shape.out_c; oc++) {
        SCOPED_TRACE(d->name + " channel " + std::to_string(oc));
        visit(Channel(d->images.conv, d->plan, oc, d->channels[static_cast<size_t>(oc)].acc_init));
      }
    }
  }

  assay_test::Bundle bundle_{kNetwork};
  std::vector<std::unique_ptr<assay_test::DirectedLayer>> layers_;
};

// Accumulator of the channel by the engine model with accumulators of this width.
int32_t ModelValue(const assay_test::DirectedLayer &layer, const Channel &channel,
                   const std::vector<uint8_t> &x, int32_t bits) {
  assay_plan plan = *channel.plan;
  plan.engine.acc_bits = bits;
  std::vector<assay_trail_step> trail(channel.steps.size());
  const int32_t by_trail =
      assay_engine_trail(&plan, x.data(), channel.conv->weight, channel.acc_init, channel.taps.y,
                         channel.taps.x, channel.oc, trail.data());
  assay_test::DirectedLayer run;
  run.images.conv = layer.images.conv;
  run.images.n = 1;
  run.images.x = static_cast<uint8_t *>(std::malloc(x.size()));
  std::copy(x.begin(), x.end(), run.images.x);
  run.plan = plan;
  run.lowered = layer.lowered;
  assay_test::MakeStreams(&run);
  EXPECT_EQ(assay_test::RunModel(&run), ASSAY_OK);
  const assay_conv_shape &s = plan.shape;
  const int32_t found = run.acc[static_cast<size_t>(
      (channel.taps.y * assay_conv_out_x(&s) + channel.taps.x) * s.out_c + channel.oc)];
  EXPECT_EQ(found, by_trail);
  return found;
}

TEST_F(Accumulator, WrappingAddersNeedTheBitsOfTheFinalSum) {
  Widths rtl;
  int32_t channels = 0, least = 64, most = 0;
  for (const auto &d : layers_) {
    for (int32_t oc = 0; oc < d->images.conv.shape.out_c; oc++, channels++) {
      SCOPED_TRACE(d->name + " channel " + std::to_string(oc));
      const Channel channel(d->images.conv, d->plan, oc,
                            d->channels[static_cast<size_t>(oc)].acc_init);
      const int32_t bits = channel.bounds.wrap_bits;
      ASSERT_GT(bits, kLeast);
      int32_t failed = 0;
      for (const bool upper : {false, true}) {
        const std::vector<uint8_t> x = channel.Image(false, upper);
        const auto trail = channel.Trail(x);
        const int64_t bound = channel.Bound(false, upper);
        const uint32_t rows = (1u << kChannels) - 1;
        ASSERT_EQ(Exact(channel, trail), bound);
        for (const int32_t width : {32, bits, bits - 1}) {
          const int64_t found = RtlValue(&rtl, channel, trail, trail.size(), rows, width);
          EXPECT_EQ(found, ModelValue(*d, channel, x, width));
          EXPECT_EQ(found, Wrapped(bound, width));
          if (width >= bits) {
            EXPECT_EQ(found, bound);
          }
          failed += width < bits && found != bound;
        }
      }
      EXPECT_GE(failed, 1) << "one bit less must fail on a witness";
      least = std::min(least, bits);
      most = std::max(most, bits);
    }
  }
  EXPECT_EQ(channels, 17);
  std::printf("wrapping: %d channels, %d to %d bits\n", channels, least, most);
}

// A register of saturate_bits holds every partial sum; with one bit less the sum at the witness is
// another one in the RTL's register, and a saturating adder ends on a wrong sum.
TEST_F(Accumulator, SaturatingAddersNeedTheBitsOfEveryPartialSum) {
  Widths rtl;
  int32_t least = 64, most = 0, wider = 0;
  EachChannel([&](const Channel &channel) {
    const int32_t bits = channel.bounds.saturate_bits;
    int32_t lost = 0, wrong = 0;
    ASSERT_GT(bits, kLeast);
    for (const bool upper : {false, true}) {
      const size_t step = upper ? channel.bounds.hi_step : channel.bounds.lo_step;
      const uint32_t rows = upper ? channel.bounds.hi_rows : channel.bounds.lo_rows;
      const auto trail = channel.Trail(channel.Image(true, upper));
      const int64_t bound = channel.Bound(true, upper);
      EXPECT_EQ(RtlValue(&rtl, channel, trail, step, rows, 32), bound);
      EXPECT_EQ(RtlValue(&rtl, channel, trail, step, rows, bits), bound);
      lost += RtlValue(&rtl, channel, trail, step, rows, bits - 1) != bound;
      EXPECT_EQ(Saturated(channel, trail, bits), Exact(channel, trail));
      wrong += Saturated(channel, trail, bits - 1) != Exact(channel, trail);
    }
    EXPECT_GE(lost, 1) << "one bit less must fail on a witness";
    EXPECT_GE(wrong, 1) << "one bit less must saturate on a witness";
    least = std::min(least, bits);
    most = std::max(most, bits);
    wider += bits > channel.bounds.wrap_bits;
  });
  std::printf("saturating: %d to %d bits; %d channels need more than a wrapping adder\n", least,
              most, wider);
}

// All witnesses as images through the whole RTL engine: its accumulator is exactly the bound.
TEST_F(Accumulator, WitnessesReachTheirBoundsInTheWholeEngine) {
  assay_test::Cosim cosim(assay_test::Options(assay_cosim_engine(0)->name, 20));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  for (const auto &d : layers_) {
    std::vector<uint8_t> images;
    std::vector<int64_t> expected;
    std::vector<size_t> index;
    for (int32_t oc = 0; oc < d->images.conv.shape.out_c; oc++) {
      const Channel channel(d->images.conv, d->plan, oc,
                            d->channels[static_cast<size_t>(oc)].acc_init);
      for (const int kind : {0, 1, 2, 3}) {
        const std::vector<uint8_t> x = channel.Image(kind > 1, kind % 2 == 1);
        const size_t n = expected.size();
        const int32_t pixel = channel.taps.y * assay_conv_out_x(&d->plan.shape) + channel.taps.x;
        index.push_back(n * d->OutputSize() +
                        static_cast<size_t>(pixel * d->images.conv.shape.out_c + oc));
        expected.push_back(kind > 1 ? Exact(channel, channel.Trail(x))
                                    : channel.Bound(false, kind % 2 == 1));
        images.insert(images.end(), x.begin(), x.end());
      }
    }
    d->images.n = static_cast<int32_t>(expected.size());
    d->images.x = static_cast<uint8_t *>(std::malloc(images.size()));
    std::copy(images.begin(), images.end(), d->images.x);
    assay_test::MakeStreams(d.get());
    ASSERT_EQ(assay_test::RunModel(d.get()), ASSAY_OK);
    for (size_t i = 0; i < index.size(); i++) EXPECT_EQ(d->acc[index[i]], expected[i]);
    ASSERT_TRUE(assay_test::RunRtl(cosim.get(), d.get()));
    EXPECT_EQ(assay_test::Passed(*d), expected.size());  // tap_acc carried these accumulators
  }
}

}  // namespace
