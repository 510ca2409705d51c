// Input images from .npy and .pgm.
#include "vectors/image.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/temporary.h"
#include "vectors/npy.h"
#include "vectors/pgm.h"

namespace {

using assay_test::TemporaryFolder;

std::string Refusal(const std::string &name, const std::string &content) {
  const TemporaryFolder folder;
  const std::string path = folder.Write(name, content);
  assay_images images = {};
  assay_error error = {};
  EXPECT_FALSE(assay_images_read(path.c_str(), &images, &error));
  EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
  EXPECT_EQ(images.data, nullptr);
  return std::string(error.text).substr(folder.path().size() + 1);
}

assay_images Read(const std::string &path) {
  assay_images images = {};
  assay_error error = {};
  EXPECT_TRUE(assay_images_read(path.c_str(), &images, &error)) << error.text;
  return images;
}

std::string WriteNpy(const TemporaryFolder &folder, std::vector<float> values,
                     std::vector<int64_t> shape) {
  assay_tensor tensor = {ASSAY_FLOAT32, shape.size(), {}, values.data()};
  for (size_t i = 0; i < shape.size(); ++i) tensor.shape[i] = shape[i];
  assay_error error = {};
  EXPECT_TRUE(assay_npy_write(folder.path("i.npy").c_str(), &tensor, &error)) << error.text;
  return folder.path("i.npy");
}

TEST(Image, MissingAxesAreOne) {
  const TemporaryFolder folder;
  assay_images images = Read(WriteNpy(folder, {1, 2, 3, 4, 5, 6}, {2, 3}));
  EXPECT_EQ(images.n, 1);
  EXPECT_EQ(images.c, 1);
  EXPECT_EQ(images.y, 2);
  EXPECT_EQ(images.x, 3);
  EXPECT_EQ(images.data[4], 5.0f);
  assay_images_free(&images);
}

TEST(Image, ChannelsMoveToTheLastAxis) {
  const TemporaryFolder folder;  // n = 2, c = 2, y = 1, x = 2
  assay_images images = Read(WriteNpy(folder, {0, 1, 10, 11, 100, 101, 110, 111}, {2, 2, 1, 2}));
  float nhwc[4];
  assay_images_nhwc(&images, 1, nhwc);
  EXPECT_EQ(std::vector<float>(nhwc, nhwc + 4), std::vector<float>({100, 110, 101, 111}));
  assay_images_free(&images);
}

TEST(Image, RefusesNpyThatIsNoImage) {
  const TemporaryFolder folder;
  assay_images images = {};
  assay_error error = {};
  EXPECT_FALSE(assay_images_read(WriteNpy(folder, {1, 2}, {2}).c_str(), &images, &error));
  EXPECT_EQ(std::string(error.text).substr(folder.path().size() + 1),
            "i.npy:1:1: the image has shape [2], expected [y, x], [c, y, x] or [n, c, y, x]");
  error = {};
  EXPECT_FALSE(
      assay_images_read(WriteNpy(folder, {1, std::nanf("")}, {1, 2}).c_str(), &images, &error));
  EXPECT_EQ(std::string(error.text).substr(folder.path().size() + 1),
            "i.npy:1:1: value 1 of the image is NaN, expected numbers");
  EXPECT_EQ(Refusal("i.png", "x"),
            "i.png:1:1: the file's ending is not known, expected .npy or .pgm");
}

TEST(Pgm, ReadsTextAndBinary) {
  const TemporaryFolder folder;
  const std::string files[] = {
      folder.Write("t.pgm", "P2 # comment\n3 2\n# another\n9\n0 1 2\n3 4 9\n"),
      folder.Write("b.pgm", std::string("P5\n3 2\n9\n\0\1\2\3\4\x09", 15))};
  for (const std::string &path : files) {
    assay_images images = Read(path);
    EXPECT_EQ(images.y, 2);
    EXPECT_EQ(images.x, 3);
    EXPECT_EQ(std::vector<float>(images.data, images.data + 6),
              std::vector<float>({0, 1, 2, 3, 4, 9}));
    assay_images_free(&images);
  }
}

TEST(Pgm, SixteenBitsAreBigEndian) {
  const TemporaryFolder folder;
  assay_images images = Read(folder.Write("w.pgm", std::string("P5 1 1 65535\n\x01\x02", 15)));
  EXPECT_EQ(images.data[0], 258.0f);
  assay_images_free(&images);
}

TEST(Pgm, RefusesDamage) {
  EXPECT_EQ(Refusal("a.pgm", "P6 1 1 255 x"), "a.pgm:1:1: not a grey map, expected P2 or P5");
  EXPECT_EQ(Refusal("a.pgm", "P2\n0 1 255\n"),
            "a.pgm:2:1: the value is not usable, expected a width from 1 to 1048576");
  EXPECT_EQ(Refusal("a.pgm", "P2\n2 1 255\n7\n"),
            "a.pgm:4:1: the file ends, expected a grey value from 0 to 255");
  EXPECT_EQ(Refusal("a.pgm", "P2 1 1 9\n10\n"),
            "a.pgm:2:1: the value is not usable, expected a grey value from 0 to 9");
  EXPECT_EQ(Refusal("a.pgm", "P2 1 1 9 1 2"),
            "a.pgm:1:12: data follow the last pixel, expected the end of the file");
  EXPECT_EQ(Refusal("a.pgm", "P5 2 2 255\nabc"),
            "a.pgm:2:1: the picture is truncated, expected 4 bytes, found 3");
  EXPECT_EQ(Refusal("a.pgm", "P5 2 1 255\nabc"),
            "a.pgm:2:1: data follow the last pixel, expected 2 bytes, found 3");
  EXPECT_EQ(Refusal("a.pgm", "P5 1 1 9\na"),
            "a.pgm:2:1: a pixel is above the file's maximum, expected at most that");
}

TEST(Pgm, EncodesP5) {
  const uint8_t pixels[] = {1, 2, 3, 4};
  assay_bytes bytes = {};
  assay_error error = {};
  ASSERT_TRUE(assay_pgm_encode(pixels, 1, 4, &bytes, &error));
  EXPECT_EQ(std::string(reinterpret_cast<char *>(bytes.data), bytes.size),
            "P5\n4 1\n255\n\1\2\3\4");
  assay_bytes_free(&bytes);
}

}  // namespace
