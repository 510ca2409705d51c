// The SystemVerilog bench in Icarus, as a user would run it: vector files in, a checked file out.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "tests/temporary.h"
#include "tests/vectors/vector_case.h"
#include "vectors/check.h"

namespace {

using assay_test::ReadFile;
using assay_test::TemporaryFolder;

const std::string kRoot = ASSAY_SOURCE_DIR;

int Shell(const std::string &command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// One layer's folder, its compiled bench and the runs of it.
class Bench {
 public:
  Bench(const std::string &engine, const std::string &layer, int n, int y, int x,
        assay_lower_policy policy)
      : layer_(layer) {
    const assay_test::VectorCase value(kRoot + "/config/networks/unet_simplified",
                                       kRoot + "/config/engines/" + engine + ".yaml", n, y, x,
                                       assay_test::Picture(static_cast<size_t>(n * y * x)), policy);
    assay_error error = {};
    EXPECT_TRUE(assay_vectors_write(folder_.path().c_str(), &value.value(), &error)) << error.text;
  }

  void Compile() {
    const std::string rtl = kRoot + "/rtl";
    EXPECT_EQ(Shell("cd " + rtl + " && iverilog -g2012 -Wall -I " + folder_.path(layer_) +
                    " -s assay_vectors_tb -o " + folder_.path("tb") + " tb/*.sv $(cat files.f) > " +
                    folder_.path("compile.log") + " 2>&1"),
              0)
        << ReadFile(folder_.path("compile.log"));
  }

  int Simulate(int seed, int stall) {
    return Shell("cd " + folder_.path() + " && vvp -n tb +dir=" + layer_ +
                 " +seed=" + std::to_string(seed) + " +stall=" + std::to_string(stall) +
                 " +timeout=5000 > run.log 2>&1");
  }

  std::string Log() const { return ReadFile(folder_.path("run.log")); }

  void ExpectPass(int seed, int stall, uint64_t values) {
    EXPECT_EQ(Simulate(seed, stall), 0) << Log();
    EXPECT_NE(Log().find("TEST PASSED"), std::string::npos) << Log();
    assay_check_result result = {};
    assay_error error = {};
    ASSERT_TRUE(assay_vectors_check(folder_.path().c_str(), layer_.c_str(), "stream_out",
                                    folder_.path("received.mem").c_str(), &result, &error))
        << error.text;
    EXPECT_TRUE(assay_check_passed(&result));
    EXPECT_EQ(result.compared, values);
  }

  std::string path(const std::string &name) const { return folder_.path(layer_ + "/" + name); }

 private:
  TemporaryFolder folder_;
  std::string layer_;
};

class VectorsBench : public testing::Test {
 protected:
  void SetUp() override {
    if (Shell("command -v iverilog vvp > /dev/null") != 0)
      GTEST_SKIP() << "Icarus is not installed";
  }
};

TEST_F(VectorsBench, Conv1WithoutAndWithStalls) {
  Bench bench("8x8", "conv1", 2, 8, 13, ASSAY_LOWER_AFFINE);
  bench.Compile();
  bench.ExpectPass(1, 0, 2 * 8 * 13 * 8);
  bench.ExpectPass(2, 60, 2 * 8 * 13 * 8);
}

TEST_F(VectorsBench, Conv2OnTheSmallEngineWithThresholds) {
  Bench bench("4x4", "conv2", 1, 5, 9, ASSAY_LOWER_THRESHOLD);
  bench.Compile();
  bench.ExpectPass(3, 30, 5 * 9 * 8);
}

TEST_F(VectorsBench, Conv3HasUnusedLanes) {
  Bench bench("8x8", "conv3", 1, 6, 7, ASSAY_LOWER_AUTO);
  bench.Compile();
  bench.ExpectPass(4, 30, 6 * 7);
}

// Replaces the first digits of a word in a file of the layer.
void Damage(const std::string &path, size_t word, const std::string &digits) {
  std::string text = ReadFile(path);
  size_t at = text.rfind("//");
  for (size_t i = 0; i <= word; ++i) at = text.find('\n', at) + 1;
  ASSERT_NE(text.substr(at, digits.size()), digits);
  std::ofstream(path, std::ios::binary) << text.replace(at, digits.size(), digits);
}

TEST_F(VectorsBench, DamagedExpectationsAndWeightsAndUnknownBitsFail) {
  Bench bench("8x8", "conv1", 1, 4, 9, ASSAY_LOWER_AFFINE);
  bench.Compile();
  bench.ExpectPass(1, 0, 4 * 9 * 8);
  const auto fails_with = [&](const std::string &text) {
    EXPECT_NE(bench.Simulate(1, 0), 0);
    EXPECT_NE(bench.Log().find(text), std::string::npos) << bench.Log();
    EXPECT_NE(bench.Log().find("TEST FAILED"), std::string::npos) << bench.Log();
    EXPECT_EQ(bench.Log().find("TEST PASSED"), std::string::npos) << bench.Log();
  };
  const std::string acc = ReadFile(bench.path("stream_acc.mem"));
  Damage(bench.path("stream_acc.mem"), 7, "7");
  fails_with("MISMATCH stream_acc (n 0, y ");
  std::ofstream(bench.path("stream_acc.mem"), std::ios::binary) << acc;
  bench.ExpectPass(1, 0, 4 * 9 * 8);
  Damage(bench.path("stream_wgt.mem"), 0, "777777");
  fails_with("MISMATCH stream_out (n 0, y ");
  Damage(bench.path("stream_wgt.mem"), 0, "xx");
  fails_with("a valid output or tap has an x or z bit");
}

}  // namespace
