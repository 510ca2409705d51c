// Vector folders: contents against the case that they were written from, and comparisons.
#include "vectors/vector_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "tests/temporary.h"
#include "tests/vectors/vector_case.h"
#include "vectors/check.h"
#include "vectors/npy.h"
#include "vectors/sha256.h"

namespace {

using assay_test::ReadFile;
using assay_test::TemporaryFolder;

const std::string kRoot = ASSAY_SOURCE_DIR;
constexpr int kImages = 2, kRows = 9, kColumns = 10;

const assay_test::VectorCase &Case() {
  static const assay_test::VectorCase value(
      kRoot + "/config/networks/unet_simplified", kRoot + "/config/engines/4x4.yaml", kImages,
      kRows, kColumns, assay_test::Picture(kImages * kRows * kColumns), ASSAY_LOWER_AFFINE);
  return value;
}

// Data lines of a .mem, without its header.
std::vector<std::string> Words(const std::string &path) {
  std::vector<std::string> words;
  std::istringstream text(ReadFile(path));
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("//", 0) != 0) words.push_back(line);
  }
  return words;
}

std::map<std::string, std::string> Files(const std::string &folder) {
  std::map<std::string, std::string> files;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files[entry.path().string().substr(folder.size())] = ReadFile(entry.path().string());
  }
  return files;
}

class Written : public testing::Test {
 protected:
  void SetUp() override { Write(folder_.path()); }

  static void Write(const std::string &path) {
    assay_error error = {};
    ASSERT_TRUE(assay_vectors_write(path.c_str(), &Case().value(), &error)) << error.text;
  }

  assay_check_result Check(const std::string &tensor, const std::string &path) const {
    assay_check_result result = {};
    assay_error error = {};
    EXPECT_TRUE(assay_vectors_check(folder_.path().c_str(), "conv2", tensor.c_str(), path.c_str(),
                                    &result, &error))
        << error.text;
    return result;
  }

  // conv2/NAME.mem with one word replaced, under another name.
  std::string Damaged(const std::string &name, size_t word, const std::string &replacement) const {
    std::vector<std::string> words = Words(folder_.path("conv2/" + name + ".mem"));
    words.at(word) = replacement;
    std::string text;
    for (const std::string &line : words) text += line + "\n";
    return folder_.Write("damaged.mem", text);
  }

  TemporaryFolder folder_;
};

TEST_F(Written, SameBytesEveryTime) {
  const TemporaryFolder again;
  Write(again.path());
  const auto files = Files(folder_.path());
  // Three layers, 15 tensors, sizes.svh; manifest and firmware.h.
  EXPECT_EQ(files.size(), 3u * (15 * 2 + 1) + 2);
  EXPECT_TRUE(files == Files(again.path()));
}

TEST_F(Written, TensorsAreWhereTheFormulaSays) {
  const assay_vector_layer &conv2 = Case().layer(1);
  const std::vector<std::string> acc = Words(folder_.path("conv2/acc.mem"));
  ASSERT_EQ(acc.size(), static_cast<size_t>(kImages * kRows * kColumns * 8));
  for (size_t i = 0; i < acc.size(); ++i) {
    ASSERT_EQ(static_cast<uint32_t>(std::stoul(acc[i], nullptr, 16)),
              static_cast<uint32_t>(conv2.acc[i]));
  }
  const std::string header =
      "// assay vectors, format 1\n"
      "// case: unet_simplified, layer conv2, image drawn, seed 7\n"
      "// content: expected accumulators, zero points corrected, without bias\n"
      "// tensor: acc, int32 [2, 9, 10, 8], axes n, y, x, c\n"
      "// layout: address = ((n*9 + y)*10 + x)*8 + c\n"
      "// word: 32 bits, element i in bits 32*i+31..32*i, 1440 words\n";
  EXPECT_EQ(ReadFile(folder_.path("conv2/acc.mem")).substr(0, header.size()), header);
}

// The header's own formula, evaluated here: word of output (n, y, x, block).
TEST_F(Written, OutputStreamFollowsItsFormula) {
  const assay_vector_layer &conv2 = Case().layer(1);
  const int group = conv2.plan->rows_per_group;
  const std::vector<std::string> words = Words(folder_.path("conv2/stream_out.mem"));
  const size_t per_image = conv2.plan->output_words;
  ASSERT_EQ(words.size(), per_image * kImages);
  for (int n = 0; n < kImages; ++n) {
    for (int y = 0; y < kRows; ++y) {
      for (int x = 0; x < kColumns; ++x) {
        for (int c = 0; c < 8; ++c) {
          const int g = y / group, block = c / 4, lane = c % 4;
          const int rows = std::min(group, kRows - g * group);
          const size_t address =
              static_cast<size_t>(n) * per_image +
              static_cast<size_t>((g * group * 2 + block * rows + y - g * group) * kColumns + x);
          const std::string byte = words[address].substr(static_cast<size_t>(2 * (3 - lane)), 2);
          ASSERT_EQ(std::stoi(byte, nullptr, 16),
                    conv2.y[((n * kRows + y) * kColumns + x) * 8 + c]);
        }
      }
    }
  }
}

TEST_F(Written, RegistersEndWithStart) {
  const std::vector<std::string> writes = Words(folder_.path("conv1/registers.mem"));
  ASSERT_FALSE(writes.empty());
  EXPECT_EQ(writes.back(), "0000000400000001");  // CONTROL (0x04) = 1
}

// JSON is YAML enough for the YAML reader.
TEST_F(Written, ManifestListsEveryFileWithItsHash) {
  const std::string path = folder_.path("manifest.json");
  assay_error error = {};
  assay_yaml *yaml = assay_yaml_load(path.c_str(), &error);
  ASSERT_NE(yaml, nullptr) << error.text;
  const assay_node layers = assay_yaml_get(assay_yaml_root(yaml), "layers");
  ASSERT_EQ(assay_yaml_list(layers, 3, 3), 3u);
  size_t hashes = 0;
  for (size_t i = 0; i < 3; ++i) {
    const assay_node layer = assay_yaml_item(layers, i);
    const std::string name = assay_yaml_text(assay_yaml_get(layer, "name"));
    const assay_node files = assay_yaml_get(layer, "files");
    const size_t count = assay_yaml_list(files, 1, 99);
    for (size_t k = 0; k < count; ++k) {
      const assay_node file = assay_yaml_item(files, k);
      const std::string base = name + "/" + assay_yaml_text(assay_yaml_get(file, "name"));
      for (const auto &[key, ending] : {std::pair{"sha256_mem", ".mem"},
                                        std::pair{"sha256_npy", ".npy"}, std::pair{"sha256", ""}}) {
        const assay_node hash = assay_yaml_find(file, key);
        if (hash.id == 0) continue;
        const std::string content = ReadFile(folder_.path(base + ending));
        char found[ASSAY_SHA256_TEXT];
        ASSERT_TRUE(assay_sha256(content.data(), content.size(), found, &error));
        EXPECT_STREQ(assay_yaml_text(hash), found) << base << ending;
        ++hashes;
      }
    }
  }
  const assay_node firmware = assay_yaml_get(assay_yaml_root(yaml), "firmware");
  const std::string text =
      ReadFile(folder_.path(assay_yaml_text(assay_yaml_get(firmware, "name"))));
  char found[ASSAY_SHA256_TEXT];
  ASSERT_TRUE(assay_sha256(text.data(), text.size(), found, &error));
  EXPECT_STREQ(assay_yaml_text(assay_yaml_get(firmware, "sha256")), found);
  EXPECT_EQ(hashes + 1, Files(folder_.path()).size() - 1);
  EXPECT_TRUE(assay_yaml_ok(yaml)) << error.text;
  assay_yaml_free(yaml);
}

TEST_F(Written, OwnFilesPass) {
  for (const char *tensor : {"y", "acc", "stream_out", "stream_acc"}) {
    for (const char *ending : {".mem", ".npy"}) {
      const assay_check_result result =
          Check(tensor, folder_.path(std::string("conv2/") + tensor + ending));
      EXPECT_TRUE(assay_check_passed(&result)) << tensor << ending;
      EXPECT_EQ(result.compared, static_cast<uint64_t>(kImages * kRows * kColumns * 8));
    }
  }
}

TEST_F(Written, ADifferenceIsNamedByPlace) {
  // n 1, y 2, x 3, c 4: address ((1*9 + 2)*10 + 3)*8 + 4 = 908
  const std::string right = Words(folder_.path("conv2/y.mem")).at(908);
  const std::string wrong = right == "05" ? "06" : "05";
  const assay_check_result result = Check("y", Damaged("y", 908, wrong));
  EXPECT_FALSE(assay_check_passed(&result));
  EXPECT_EQ(result.mismatches, 1u);
  char text[160];
  EXPECT_EQ(assay_check_text(&result, 0, text),
            "(n 1, y 2, x 3, c 4): expected 0x" + right + " (" +
                std::to_string(std::stoi(right, nullptr, 16)) + "), found 0x" + wrong + " (" +
                std::to_string(std::stoi(wrong)) + "), word 908");
}

TEST_F(Written, AnUnknownDigitIsReportedAsSuch) {
  const std::string word = Words(folder_.path("conv2/stream_out.mem")).at(5);
  const assay_check_result result =
      Check("stream_out", Damaged("stream_out", 5, "xx" + word.substr(2)));
  EXPECT_EQ(result.unknown, 1u);
  EXPECT_EQ(result.mismatches, 1u);
  char text[160];
  const std::string line = assay_check_text(&result, 0, text);
  EXPECT_NE(line.find("(n 0, y 0, x 5, c 3): expected 0x" + word.substr(0, 2)), std::string::npos)
      << line;
  EXPECT_NE(line.find("found x, z or nothing, word 5"), std::string::npos) << line;
}

TEST_F(Written, TheNumberOfWordsIsExact) {
  const std::string text = ReadFile(folder_.path("conv2/y.mem"));
  const assay_check_result more = Check("y", folder_.Write("more.mem", text + "00\n"));
  EXPECT_EQ(more.words_found, more.words_expected + 1);
  EXPECT_FALSE(assay_check_passed(&more));
  const assay_check_result fewer =
      Check("y", folder_.Write("fewer.mem", text.substr(0, text.size() - 3)));
  EXPECT_EQ(fewer.words_found + 1, fewer.words_expected);
  EXPECT_EQ(fewer.mismatches, 0u);
  EXPECT_FALSE(assay_check_passed(&fewer));
  const assay_check_result none = Check("y", folder_.Write("none.mem", ""));
  EXPECT_EQ(none.compared, 0u);
  EXPECT_FALSE(assay_check_passed(&none));
}

std::string CheckError(const TemporaryFolder &folder, const std::string &layer,
                       const std::string &tensor, const std::string &path) {
  assay_check_result result = {};
  assay_error error = {};
  EXPECT_FALSE(assay_vectors_check(folder.path().c_str(), layer.c_str(), tensor.c_str(),
                                   path.c_str(), &result, &error));
  EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
  const std::string text = error.text;
  return text.rfind(folder.path(), 0) == 0 ? text.substr(folder.path().size() + 1) : text;
}

TEST_F(Written, BadRequestsAreErrors) {
  EXPECT_EQ(CheckError(folder_, "conv2", "weight", "a.mem"),
            "'weight' cannot be checked, expected one of: y, acc, stream_out, stream_acc");
  EXPECT_EQ(CheckError(folder_, "conv9", "y", "a.mem"),
            "conv9/y.npy:1:1: cannot be opened (No such file or directory), expected an .npy file");
  EXPECT_EQ(CheckError(folder_, "conv2", "y", "/nowhere/a.mem"),
            "/nowhere/a.mem:1:1: cannot be opened (No such file or directory), expected $readmemh "
            "text");
  EXPECT_EQ(CheckError(folder_, "conv2", "y", folder_.path("conv2/acc.npy")),
            "conv2/acc.npy:1:1: the array is int32 [2, 9, 10, 8], expected uint8 [2, 9, 10, 8]");
}

TEST(Thresholds, AreFiledInsteadOfAffineParameters) {
  const assay_test::VectorCase value(kRoot + "/config/networks/unet_simplified",
                                     kRoot + "/config/engines/8x8.yaml", 1, 4, 4,
                                     assay_test::Picture(16), ASSAY_LOWER_THRESHOLD);
  const TemporaryFolder folder;
  assay_error error = {};
  ASSERT_TRUE(assay_vectors_write(folder.path().c_str(), &value.value(), &error)) << error.text;
  const std::vector<std::string> words = Words(folder.path("conv3/threshold.mem"));
  ASSERT_EQ(words.size(), 255u);
  EXPECT_EQ(static_cast<int32_t>(std::stoul(words[100], nullptr, 16)),
            value.layer(2).lowered->channels[0].threshold->t[100]);
  EXPECT_FALSE(std::filesystem::exists(folder.path("conv3/multiplier.mem")));
}

}  // namespace
