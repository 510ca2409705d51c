// Damaged input files: every truncation and every changed byte is read or refused in one line. What
// must not happen, reading outside of memory, is for the sanitizer build to see.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "config/engine.h"
#include "config/network.h"
#include "tests/temporary.h"
#include "vectors/image.h"
#include "vectors/mem_text.h"
#include "vectors/npy.h"

namespace {

using assay_test::ReadFile;
using assay_test::TemporaryFolder;

// Reads a file and answers whether it was accepted.
using Reader = std::function<bool(const std::string &path, assay_error *error)>;

struct Totals {
  int accepted = 0, refused = 0;
};

class Damage {
 public:
  Damage(std::string name, Reader reader) : name_(std::move(name)), reader_(std::move(reader)) {}

  Totals All(const std::string &content) {
    EXPECT_TRUE(Try(content)) << "the undamaged file must be read";
    totals_ = {};
    for (size_t size = 0; size < content.size(); ++size) Try(content.substr(0, size));
    for (size_t at = 0; at < content.size(); ++at) {
      for (const int change : {0x01, 0x20, 0x80, 0xff}) {
        std::string damaged = content;
        damaged[at] = static_cast<char>(damaged[at] ^ change);
        Try(damaged);
      }
    }
    return totals_;
  }

 private:
  bool Try(const std::string &content) {
    assay_error error = {};
    const bool accepted = reader_(folder_.Write(name_, content), &error);
    EXPECT_EQ(accepted, error.exit_code == ASSAY_EXIT_PASS);
    if (!accepted) {
      EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT) << error.text;
      EXPECT_NE(std::string(error.text).find("expected"), std::string::npos) << error.text;
    }
    (accepted ? totals_.accepted : totals_.refused)++;
    return accepted;
  }

  TemporaryFolder folder_;
  std::string name_;
  Reader reader_;
  Totals totals_;
};

TEST(Damage, Npy) {
  Damage damage("a.npy", [](const std::string &path, assay_error *error) {
    assay_tensor tensor = {};
    const bool ok = assay_npy_read(path.c_str(), &tensor, error);
    assay_tensor_free(&tensor);
    return ok;
  });
  const Totals totals = damage.All(
      ReadFile(std::string(ASSAY_SOURCE_DIR) + "/config/networks/unet_simplified/conv1.bias.npy"));
  EXPECT_EQ(totals.accepted, 32 * 4) << "only the 32 data bytes may take any value";
}

TEST(Damage, Pgm) {
  for (const std::string &content :
       {std::string("P5\n# c\n3 2\n255\nabcdef"), std::string("P2\n3 2 9\n1 2 3\n4 5 6\n")}) {
    Damage damage("a.pgm", [](const std::string &path, assay_error *error) {
      assay_images images = {};
      const bool ok = assay_images_read(path.c_str(), &images, error);
      assay_images_free(&images);
      return ok;
    });
    EXPECT_GT(damage.All(content).refused, 20);
  }
}

TEST(Damage, MemText) {
  Damage damage("a.mem", [](const std::string &path, assay_error *error) {
    assay_mem mem = {};
    const bool ok = assay_mem_read(path.c_str(), 2, 1000, &mem, error);
    assay_mem_free(&mem);
    return ok;
  });
  EXPECT_GT(damage.All("// c\n12xz /* d */ @2 1_2\n@10 00ff\n").refused, 20);
}

TEST(Damage, EngineYaml) {
  Damage damage("e.yaml", [](const std::string &path, assay_error *error) {
    assay_engine_config engine = {};
    return assay_engine_read(path.c_str(), &engine, error);
  });
  const Totals totals =
      damage.All(ReadFile(std::string(ASSAY_SOURCE_DIR) + "/config/engines/8x8.yaml"));
  EXPECT_GT(totals.refused, totals.accepted / 2);
}

TEST(Damage, NetworkYaml) {
  Damage damage("network.yaml", [](const std::string &path, assay_error *error) {
    assay_network_text text = {};
    const std::string folder = path.substr(0, path.rfind('/'));
    const bool ok = assay_network_text_read(folder.c_str(), &text, error);
    if (ok) assay_network_text_free(&text);
    return ok;
  });
  const Totals totals = damage.All(
      "format: 1\nname: t\nprovenance: {pytorch: 1, engine: e}\ncontract: qnnpack\n"
      "quantize: mul\nlayers:\n"
      "- {name: q, type: Quantize, scale: 0.5, zero_point: 3}\n"
      "- {name: a, type: Conv2d, in_channels: 2, out_channels: 4, kernel_size: [1, 2], groups: 2,\n"
      "   qscheme: per_channel_affine, weight: w.npy, weight_scale: s.npy, scale: 1e-3,\n"
      "   zero_point: 7, padding: [1, 1]}\n");
  EXPECT_GT(totals.refused, totals.accepted);
}

}  // namespace
