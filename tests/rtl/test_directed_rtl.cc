// Directed vectors of the shipped network: every one hits its threshold in the plain reference, in
// the engine model and in the RTL, for every contract.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "golden/reference.h"
#include "golden/run.h"
#include "tests/rtl/directed_case.h"
#include "vectors/npy.h"

namespace {

using assay_test::DirectedLayer;

constexpr char kNetwork[] = ASSAY_SOURCE_DIR "/config/networks/unet_simplified";

// Accumulators by the plain convolution, outputs by the contract itself instead of its parameters.
size_t PlainHits(const DirectedLayer &d, const char *contract) {
  std::vector<int32_t> acc(d.acc.size());
  std::vector<uint8_t> y(d.y.size());
  for (size_t n = 0; n < static_cast<size_t>(d.images.n); n++) {
    int32_t *to = acc.data() + n * d.OutputSize();
    EXPECT_EQ(assay_reference_conv(&d.images.conv, d.images.x + n * d.ImageBytes(), to), ASSAY_OK);
    EXPECT_EQ(assay_requantize_layer(&d.images.conv, assay_contract_find(contract), to,
                                     y.data() + n * d.OutputSize()),
              ASSAY_OK);
  }
  return assay_directed_images_hits(&d.images, acc.data(), y.data());
}

class Directed : public ::testing::TestWithParam<const char *> {};

TEST_P(Directed, EveryVectorHitsItsThreshold) {
  const assay_test::Bundle bundle(kNetwork);
  ASSERT_TRUE(bundle.ok()) << bundle.error();
  const assay_engine_config &engine = *assay_cosim_engine(0);
  assay_test::Cosim cosim(assay_test::Options(engine.name, 0));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  for (const assay_layer *layer : bundle.Convolutions()) {
    const auto d = assay_test::MakeDirected(layer, GetParam(), engine);
    ASSERT_NE(d, nullptr) << layer->name;
    const size_t reached = d->images.answers[ASSAY_REACH_WITNESS];
    EXPECT_GT(reached, 200u * static_cast<size_t>(layer->conv.shape.out_c));
    EXPECT_EQ(d->images.answers[ASSAY_REACH_UNKNOWN], 0u);
    EXPECT_EQ(PlainHits(*d, GetParam()), reached) << layer->name;
    EXPECT_EQ(assay_directed_images_hits(&d->images, d->acc.data(), d->y.data()), reached);
    ASSERT_TRUE(assay_test::RunRtl(cosim.get(), d.get()));
    EXPECT_EQ(assay_test::Passed(*d), d->cosim.size()) << layer->name;  // accumulators, too
    EXPECT_EQ(assay_directed_images_hits(&d->images, d->acc.data(), d->received.data()), reached);
    std::printf("%s %s: %zu of %zu vectors hit, %zu proved unreachable, %d images\n", GetParam(),
                layer->name, reached, d->images.count, d->images.answers[ASSAY_REACH_NEVER],
                d->images.n);
  }
}

INSTANTIATE_TEST_SUITE_P(Contracts, Directed,
                         ::testing::Values("qnnpack", "onednn_2", "fbgemm", "onednn_3_11"),
                         [](const auto &test) { return std::string(test.param); });

// What PyTorch answered: output by channel and accumulator (vectors/reference/record_directed.py).
using Record = std::map<std::pair<int32_t, int32_t>, int32_t>;

Record ReadRecord(const std::string &contract, const std::string &layer) {
  const std::string path = std::string(ASSAY_SOURCE_DIR "/vectors/reference/unet_simplified/") +
                           contract + "/directed_" + layer + ".npy";
  assay_tensor tensor = {};
  assay_error error = {};
  Record record;
  EXPECT_TRUE(assay_npy_read(path.c_str(), &tensor, &error)) << error.text;
  EXPECT_EQ(tensor.element, ASSAY_INT32);
  const auto *row = static_cast<const int32_t *>(tensor.data);
  for (size_t i = 0; row != nullptr && i < assay_tensor_count(&tensor) / 3; i++, row += 3) {
    record[{row[0], row[1]}] = row[2];
  }
  assay_tensor_free(&tensor);
  return record;
}

class Recorded : public ::testing::TestWithParam<const char *> {};

// The RTL's outputs, not the model's, against those of the real engine.
TEST_P(Recorded, RtlAnswersAsPyTorchDid) {
  const assay_test::Bundle bundle(kNetwork);
  ASSERT_TRUE(bundle.ok()) << bundle.error();
  assay_test::Cosim cosim(assay_test::Options(assay_cosim_engine(0)->name, 30));
  ASSERT_TRUE(cosim.open()) << cosim.reason();
  for (const assay_layer *layer : bundle.Convolutions()) {
    const auto d = assay_test::MakeDirected(layer, GetParam(), *assay_cosim_engine(0));
    ASSERT_NE(d, nullptr) << layer->name;
    ASSERT_TRUE(assay_test::RunRtl(cosim.get(), d.get()));
    const Record record = ReadRecord(GetParam(), layer->name);
    EXPECT_EQ(record.size(), d->images.answers[ASSAY_REACH_WITNESS]);
    size_t equal = 0;
    for (size_t i = 0; i < d->images.count; i++) {
      const assay_directed_vector &v = d->images.vectors[i];
      const auto found = record.find({v.oc, v.target.acc});
      ASSERT_NE(found, record.end()) << "channel " << v.oc << " accumulator " << v.target.acc;
      const size_t index = assay_directed_images_index(&d->images, &v);
      EXPECT_EQ(d->received[index], found->second) << v.oc << " " << v.target.acc;
      equal += d->received[index] == found->second ? 1 : 0;
    }
    std::printf("%s %s: %zu of %zu recorded outputs equal\n", GetParam(), layer->name, equal,
                record.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Contracts, Recorded, ::testing::Values("fbgemm", "onednn_3_11"),
                         [](const auto &test) { return std::string(test.param); });

}  // namespace
