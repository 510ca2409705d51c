// .npy files: bytes as NumPy writes them, and every refusal.
#include "vectors/npy.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "tests/temporary.h"

namespace {

using assay_test::ReadFile;
using assay_test::TemporaryFolder;

// Version 1.0 or 2.0 file around a header text, which is used as it is.
std::string Npy(const std::string &header, const std::string &data, int version = 1) {
  std::string file = "\x93NUMPY";
  file += static_cast<char>(version);
  file += '\0';
  file += static_cast<char>(header.size() & 255);
  file += static_cast<char>(header.size() >> 8);
  if (version == 2) file += std::string(2, '\0');
  return file + header + data;
}

std::string Header(const std::string &descr, const std::string &shape,
                   const std::string &order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

std::string Refusal(const std::string &content) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("a.npy", content);
  assay_tensor tensor = {};
  assay_error error = {};
  EXPECT_FALSE(assay_npy_read(path.c_str(), &tensor, &error));
  EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
  EXPECT_EQ(tensor.data, nullptr);
  return std::string(error.text).substr(folder.path().size() + 1);
}

TEST(Npy, ReadsBothVersionsAndAllTypes) {
  const TemporaryFolder folder;
  const struct {
    const char *descr;
    assay_element element;
    size_t size;
  } cases[] = {{"|i1", ASSAY_INT8, 1},   {"|u1", ASSAY_UINT8, 1},  {"<i4", ASSAY_INT32, 4},
               {"<i8", ASSAY_INT64, 8},  {"<u8", ASSAY_UINT64, 8}, {"<f4", ASSAY_FLOAT32, 4},
               {"<f8", ASSAY_FLOAT64, 8}};
  for (const auto &c : cases) {
    for (int version : {1, 2}) {
      const std::string data(c.size * 6, '\x5a');
      const std::string path = folder.Write("a.npy", Npy(Header(c.descr, "(2, 3)"), data, version));
      assay_tensor tensor = {};
      assay_error error = {};
      ASSERT_TRUE(assay_npy_read(path.c_str(), &tensor, &error)) << error.text;
      EXPECT_EQ(tensor.element, c.element);
      ASSERT_EQ(tensor.dims, 2u);
      EXPECT_EQ(tensor.shape[0], 2);
      EXPECT_EQ(tensor.shape[1], 3);
      EXPECT_EQ(assay_tensor_bytes(&tensor), data.size());
      EXPECT_EQ(std::memcmp(tensor.data, data.data(), data.size()), 0);
      assay_tensor_free(&tensor);
    }
  }
}

TEST(Npy, WritesWhatNumpyWrites) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npy");
  int32_t values[] = {1, -1};
  const assay_tensor tensor = {ASSAY_INT32, 1, {2}, values};
  assay_error error = {};
  ASSERT_TRUE(assay_npy_write(path.c_str(), &tensor, &error)) << error.text;
  std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }";
  header += std::string(117 - header.size(), ' ') + "\n";  // 10 + 118 = 128, as numpy.save pads
  EXPECT_EQ(ReadFile(path), Npy(header, std::string("\1\0\0\0\xff\xff\xff\xff", 8)));
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(Npy, ReadsBackWhatItWrote) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npy");
  double values[24];
  for (int i = 0; i < 24; ++i) values[i] = i / 7.0;
  const assay_tensor tensor = {ASSAY_FLOAT64, 4, {2, 1, 3, 4}, values};
  assay_error error = {};
  ASSERT_TRUE(assay_npy_write(path.c_str(), &tensor, &error)) << error.text;
  assay_tensor back = {};
  ASSERT_TRUE(assay_npy_read(path.c_str(), &back, &error)) << error.text;
  EXPECT_EQ(back.dims, 4u);
  EXPECT_EQ(std::memcmp(back.shape, tensor.shape, sizeof tensor.shape), 0);
  EXPECT_EQ(std::memcmp(back.data, values, sizeof values), 0);
  assay_tensor_free(&back);
}

TEST(Npy, RefusesDamage) {
  EXPECT_EQ(Refusal("P5 1 1 255 12345"),
            "a.npy:1:1: not an .npy file, expected it to start with \\x93NUMPY");
  EXPECT_EQ(Refusal(Npy(Header("|i1", "(2,)"), "ab", 3)),
            "a.npy:1:1: .npy version is 3.0, expected 1.0 or 2.0");
  EXPECT_EQ(Refusal(Npy(Header("|i1", "(2,)"), "").substr(0, 40)),
            "a.npy:1:1: the file ends inside its header, expected 58 bytes of it");
  EXPECT_EQ(Refusal(Npy(Header("<i4", "(3,)"), "12345678901")),
            "a.npy:1:80: the file is truncated: 11 data bytes, expected 12 for int32 [3]");
  EXPECT_EQ(Refusal(Npy(Header("<i4", "(3,)"), "1234567890123")),
            "a.npy:1:81: bytes follow the last element: 13 data bytes, expected 12 for int32 [3]");
}

TEST(Npy, RefusesWhatItCannotRead) {
  EXPECT_EQ(Refusal(Npy(Header("<i4", "(1, 2)", "True"), "12345678")),
            "a.npy:1:45: the array is in Fortran order, expected C order: save "
            "numpy.ascontiguousarray(a)");
  EXPECT_EQ(Refusal(Npy(Header(">i4", "(1,)"), "1234")),
            "a.npy:1:21: element type '>i4' is not supported, expected little-endian int8, uint8, "
            "int32, int64, uint64, float32 or float64");
  EXPECT_EQ(Refusal(Npy("{'descr': '<i4', 'shape': (1,), }\n", "1234")),
            "a.npy:1:45: the .npy header cannot be read here, expected 'descr', 'fortran_order' "
            "and 'shape'");
  EXPECT_EQ(Refusal(Npy(Header("<i4", "(1, -2)"), "1234")),
            "a.npy:1:65: the .npy header cannot be read here, expected a number");
  EXPECT_EQ(Refusal(Npy(Header("<i4", "(2147483647, 2147483647, 2147483647)"), "1234")),
            "a.npy:1:1: shape [2147483647, 2147483647, 2147483647] is too large, expected fewer "
            "than 2^64 bytes");
}

TEST(Npy, MissingFileIsNamed) {
  assay_tensor tensor = {};
  assay_error error = {};
  EXPECT_FALSE(assay_npy_read("/nowhere/a.npy", &tensor, &error));
  EXPECT_STREQ(
      error.text,
      "/nowhere/a.npy:1:1: cannot be opened (No such file or directory), expected an .npy file");
}

TEST(Npy, UnwritableFolderIsAResourceError) {
  int8_t value = 1;
  const assay_tensor tensor = {ASSAY_INT8, 0, {}, &value};
  assay_error error = {};
  EXPECT_FALSE(assay_npy_write("/nowhere/a.npy", &tensor, &error));
  EXPECT_EQ(error.exit_code, ASSAY_EXIT_RESOURCE);
}

}  // namespace
