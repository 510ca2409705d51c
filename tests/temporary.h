// A folder for one test, removed at its end, and files in it.
#ifndef ASSAY_TESTS_TEMPORARY_H_
#define ASSAY_TESTS_TEMPORARY_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace assay_test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "assay_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;

  std::string path() const { return path_; }
  std::string path(const std::string &name) const { return path_ + "/" + name; }

  // Writes a file and answers its path.
  std::string Write(const std::string &name, const std::string &content) const {
    std::filesystem::remove(path(name));  // truncating a file makes ext4 write it out: slow
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

 private:
  std::string path_;
};

inline std::string ReadFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// The text with the first `piece` replaced; a piece that is not there would test nothing.
inline std::string Replaced(std::string text, const std::string &piece,
                            const std::string &replacement) {
  const size_t at = text.find(piece);
  if (at == std::string::npos) throw std::runtime_error("not in the text: " + piece);
  return text.replace(at, piece.size(), replacement);
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_TEMPORARY_H_
