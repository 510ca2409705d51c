// golden/README.md says what the registry says, and its worked ties are true.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "contract_channel.h"
#include "golden/requantizer.h"

namespace {

std::string Readme() {
  std::ifstream file(std::string(ASSAY_SOURCE_DIR) + "/golden/README.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool IsIntegerForm(const std::string &name) {
  return name.size() > 8 && name.substr(name.size() - 8) == "_integer";
}

bool Has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

TEST(Readme, HasAPageForEveryContract) {
  const std::string readme = Readme();
  ASSERT_FALSE(readme.empty());
  for (size_t i = 0; i < assay_contract_count(); i++) {
    const assay_contract *c = assay_contract_at(i);
    const std::string name = std::string("`") + c->name + "`";
    if (IsIntegerForm(c->name)) {
      EXPECT_TRUE(Has(readme, name)) << c->name;
      continue;
    }
    EXPECT_TRUE(Has(readme, "### " + name + "\n")) << c->name;
    EXPECT_TRUE(Has(readme, std::string("```\n") + c->formula + "\n```")) << c->name;
    EXPECT_TRUE(Has(readme, c->source)) << c->name;
    std::istringstream pitfalls(c->pitfalls);
    for (std::string line; std::getline(pitfalls, line);) {
      EXPECT_TRUE(Has(readme, "* " + line + "\n")) << c->name << ": " << line;
    }
  }
}

// The ties worked out on the pages: M = 0.25, zero point 3.
TEST(Readme, WorkedTiesAreTrue) {
  const assay_channel c = Channel(0.5, 0.5, 1.0, 3);
  const struct {
    const char *name;
    int32_t acc, y;
  } ties[] = {
      {"qnnpack", -6, 1},
      {"qnnpack", 2, 3},
      {"onednn_2", -6, 2},
      {"onednn_2", 2, 4},
      {"onednn_3_11_linear", 2, 4},
      {"xnnpack", -6, 1},
      {"ort", -6, 1},
      {"xnnpack_rndnu", -6, 2},
      {"tflite_double", -6, 1},
      {"tflite_ruy", -6, 2},
      {"tflite_ruy", -7, 2},
      {"tflite_single", -6, 2},
      {"tflite_single", -7, 1},
      {"tosa_32_single", -6, 2},
      {"tosa_32_double", -6, 1},
      {"tosa_16", -6, 2},
      {"tvm_upward", -6, 2},
      {"tvm_tonearest", -6, 1},
      {"tvm_tonearest", 6, 5},
      {"nvdla", -6, 1},
      {"ne16", -6, 1},
      {"ne16", 6, 4},
      {"forum", -6, 1},
      {"forum", 2, 3},
      {"qnnpack_integer", -6, 1},
  };
  for (const auto &t : ties) EXPECT_EQ(Output(t.name, c, t.acc), t.y) << t.name << " " << t.acc;
  const assay_channel zero = Signed(Channel(0.5, 0.5, 1.0, 0));
  EXPECT_EQ(Output("gemmini", zero, -6), -2);
  EXPECT_EQ(Output("gemmini", zero, 2), 0);
  EXPECT_EQ(Output("gemmini", Signed(c), -6), 2);
}

TEST(Readme, WorkedTiesOfTheEngineAreTrue) {
  assay_requantizer r;
  const assay_affine half_up = {1, 14, 2}, half_even = {1, 12, 2};
  ASSERT_EQ(assay_requantizer_from_affine(&half_up, 0, 255, false, &r), ASSAY_OK);
  EXPECT_EQ(assay_requantize(&r, -6), 2);
  ASSERT_EQ(assay_requantizer_from_affine(&half_even, 0, 255, true, &r), ASSAY_OK);
  EXPECT_EQ(assay_requantize(&r, -6), 2);
  EXPECT_EQ(assay_requantize(&r, 2), 4);
  const assay_affine plain = {1, 2, 2};
  const assay_late_levels late = {{1 << 3, 0, 0, 0}};
  ASSERT_EQ(assay_requantizer_from_corrected(&plain, &late, 0, 255, &r), ASSAY_OK);
  EXPECT_EQ(assay_requantize(&r, 9), 2);
  EXPECT_EQ(assay_requantize(&r, 10), 2);
  EXPECT_EQ(assay_requantize(&r, 11), 3);
  assay_threshold_list list;
  list.t[0] = INT32_MIN;
  for (int32_t k = 1; k < 255; k++) list.t[k] = 4 * k - 10;
  ASSERT_EQ(assay_requantizer_from_thresholds(&list, 0, &r), ASSAY_OK);
  EXPECT_EQ(assay_requantize(&r, -6), 2);
  EXPECT_EQ(assay_requantize(&r, -7), 1);
}

}  // namespace
