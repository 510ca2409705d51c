// Time a channel of certify and lower, by fan-in and over the channels of ResNet-50. Not a test:
// prints a table. Usage: bench_solver [channels a fan-in]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "golden/certificate.h"
#include "golden/lower.h"
#include "tests/golden/random_channel.h"

namespace {

using Clock = std::chrono::steady_clock;

// Fan-in of ResNet-50's 53 convolutions and how many output channels have it: 26,560 in all.
struct Group {
  int32_t taps, channels;
};
const Group kResNet50[] = {{64, 1088},   {128, 2048},  {147, 64},    {256, 6912},
                           {512, 7808},  {576, 192},   {1024, 3840}, {1152, 512},
                           {2048, 1024}, {2304, 1536}, {4608, 1536}};

struct Times {
  double certify = 0, lower = 0;  // seconds
  int32_t channels = 0, exact = 0, proved = 0;
  int64_t searched = 0;
};

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void Measure(const RandomChannel &c, const char *name, Times *times) {
  const assay_contract *contract = assay_contract_find(name);
  const assay_lower_options options = assay_lower_defaults();
  const assay_side a = assay_side_of_contract(contract, &c.channel);
  const assay_side b = assay_side_of_contract(assay_contract_find("tflite_single"), &c.channel);
  assay_certificate certificate;
  assay_threshold_list list;
  assay_affine affine;
  assay_lower_result result;
  const auto start = Clock::now();
  if (assay_certify(&a, &b, 0, c.Range(), 1, &certificate, nullptr, 0) != ASSAY_OK) return;
  times->certify += Since(start);
  const auto middle = Clock::now();
  if (assay_lower_channel(contract, &c.channel, c.Range(), &options, &list, &affine, &result) !=
      ASSAY_OK) {
    return;
  }
  times->lower += Since(middle);
  times->channels++;
  times->exact += result.synthesis.verdict == ASSAY_SYNTHESIS_EXACT;
  times->proved += result.synthesis.fewest_proved;
  times->searched += result.synthesis.multipliers_searched;
}

}  // namespace

int main(int argc, char **argv) {
  const int32_t count = argc > 1 ? std::atoi(argv[1]) : 200;
  const char *const names[] = {"qnnpack", "fbgemm", "onednn_2", "onednn_3", "onednn_3_11"};
  double certify = 0, lower = 0;
  std::printf("fan-in  certify us  lower us  exact  fewest proved  multipliers tried\n");
  for (const Group &group : kResNet50) {
    ChannelMaker maker(static_cast<uint64_t>(group.taps));
    Times times;
    for (int32_t i = 0; i < count; i++) {
      Measure(maker.MakeTypical(group.taps), names[i % 5], &times);
    }
    const double n = times.channels;
    std::printf("%6d  %10.1f  %8.1f  %4.0f%%  %12.0f%%  %17.0f\n", group.taps,
                times.certify / n * 1e6, times.lower / n * 1e6, 100 * times.exact / n,
                100 * times.proved / n, static_cast<double>(times.searched) / n);
    certify += times.certify / n * group.channels;
    lower += times.lower / n * group.channels;
  }
  std::printf("ResNet-50, 26,560 channels weighted: certify %.1f s, lower %.1f s\n", certify,
              lower);
  return 0;
}
