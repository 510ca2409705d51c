// $readmemh text: what is written, and what a simulator may leave.
#include "vectors/mem_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/temporary.h"
#include "vectors/sha256.h"

namespace {

using assay_test::TemporaryFolder;

TEST(MemText, PrintsFixedWidthTwosComplement) {
  int32_t values[] = {1, -1, 256, 0x12345678};
  const assay_tensor tensor = {ASSAY_INT32, 1, {4}, values};
  assay_buffer text = {};
  assay_mem_print(&text, &tensor, 1);
  EXPECT_STREQ(text.text, "00000001\nffffffff\n00000100\n12345678\n");
  assay_buffer_free(&text);
}

TEST(MemText, FirstElementIsInTheLowestBits) {
  uint8_t values[] = {0x01, 0x02, 0xab, 0xcd};
  const assay_tensor tensor = {ASSAY_UINT8, 2, {2, 2}, values};
  assay_buffer text = {};
  assay_mem_print(&text, &tensor, 2);
  EXPECT_STREQ(text.text, "0201\ncdab\n");
  assay_buffer_free(&text);
}

struct Mem {
  std::vector<uint8_t> data, unknown;
  size_t words = 0;
  std::string error;
};

Mem Read(const std::string &text, size_t word_bytes, size_t max_words = 100) {
  const TemporaryFolder folder;
  assay_mem mem = {};
  assay_error error = {};
  Mem result;
  if (assay_mem_read(folder.Write("a.mem", text).c_str(), word_bytes, max_words, &mem, &error)) {
    const size_t size = mem.words * word_bytes;
    result.words = mem.words;
    result.data.assign(mem.data, mem.data + size);
    result.unknown.assign(mem.unknown, mem.unknown + size);
    assay_mem_free(&mem);
  } else {
    EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
    result.error = std::string(error.text).substr(folder.path().size() + 1);
  }
  return result;
}

TEST(MemText, ReadsWhatReadmemhReads) {
  const Mem mem = Read("// a comment 12\n01 /* 02\n03 */ A_b\n@4 ff 7 // end", 1);
  ASSERT_EQ(mem.error, "");
  EXPECT_EQ(mem.data, std::vector<uint8_t>({0x01, 0xab, 0, 0, 0xff, 0x07}));
  EXPECT_EQ(mem.unknown, std::vector<uint8_t>({0, 0, 1, 1, 0, 0})) << "addresses 2, 3 were skipped";
}

TEST(MemText, UnknownDigitsMarkTheirByte) {
  const Mem mem = Read("xx12 12zZ 1X00 0\n", 2);
  ASSERT_EQ(mem.error, "");
  EXPECT_EQ(mem.unknown, std::vector<uint8_t>({0, 1, 1, 0, 0, 1, 0, 0}));
  EXPECT_EQ(mem.data[0], 0x12);
  EXPECT_EQ(mem.data[3], 0x12);
}

TEST(MemText, LeadingZerosMayExceedTheWidth) {
  EXPECT_EQ(Read("0012\n", 1).data, std::vector<uint8_t>({0x12}));
  EXPECT_EQ(Read("12\n0112\n", 1).error,
            "a.mem:2:1: the word is too wide, expected as many digits as the expected file");
}

TEST(MemText, RefusesOtherText) {
  EXPECT_EQ(Read("12 0x34\n", 1).error == "", false);
  EXPECT_EQ(Read("12\n3g\n", 1).error,
            "a.mem:2:2: this is no hexadecimal word, expected digits 0-9, a-f, x, z");
  EXPECT_EQ(Read("-1\n", 1).error,
            "a.mem:1:1: this is no hexadecimal word, expected digits 0-9, a-f, x, z");
  EXPECT_EQ(Read("/* 12\n", 1).error, "a.mem:2:1: the file ends inside a comment, expected */");
  EXPECT_EQ(Read("@ 12\n", 1).error,
            "a.mem:1:2: no address follows @, expected hexadecimal digits");
  EXPECT_EQ(Read("@64 12\n", 1).error,
            "a.mem:1:5: the file has too many words, expected fewer words");
}

TEST(MemText, EmptyFilesHaveNoWords) { EXPECT_EQ(Read("// nothing\n", 1).words, 0u); }

// FIPS 180-4, appendix B.1.
TEST(Sha256, KnownAnswer) {
  char text[ASSAY_SHA256_TEXT];
  assay_error error = {};
  ASSERT_TRUE(assay_sha256("abc", 3, text, &error));
  EXPECT_STREQ(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
