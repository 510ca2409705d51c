// The checked YAML layer: each complaint with its place.
#include "config/yaml.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/temporary.h"

namespace {

using assay_test::TemporaryFolder;

// Loads a text, runs some getters on its root and answers the complaint without the folder.
std::string Complaint(const std::string &text, const std::function<void(assay_node)> &use) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("a.yaml", text);
  assay_error error = {};
  assay_yaml *yaml = assay_yaml_load(path.c_str(), &error);
  if (yaml != nullptr) use(assay_yaml_root(yaml));
  assay_yaml_free(yaml);
  if (error.exit_code == ASSAY_EXIT_PASS) return "";
  EXPECT_EQ(error.exit_code, ASSAY_EXIT_BAD_INPUT);
  std::string message = error.text;
  if (message.rfind(folder.path() + "/", 0) == 0) message.erase(0, folder.path().size() + 1);
  return message;
}

void Nothing(assay_node) {}

void OnlyAB(assay_node root) {
  const char *const keys[] = {"a", "b", nullptr};
  assay_yaml_only(root, keys);
}

TEST(Yaml, FileErrors) {
  EXPECT_EQ(Complaint("", Nothing), "a.yaml:1:1: the file is empty, expected a mapping");
  EXPECT_EQ(Complaint("a: [1, 2\nb: 3\n", Nothing),
            "a.yaml:2:2: did not find expected ',' or ']', expected YAML");
  EXPECT_EQ(Complaint("a: 1\n---\nb: 2\n", Nothing),
            "a.yaml:3:1: a second document starts, expected one");
  assay_error error = {};
  EXPECT_EQ(assay_yaml_load("/nowhere/a.yaml", &error), nullptr);
  EXPECT_STREQ(error.text,
               "/nowhere/a.yaml:1:1: cannot be opened (No such file or directory), expected a "
               "YAML file");
}

TEST(Yaml, KeysAreKnownAndUnique) {
  EXPECT_EQ(Complaint("a: 1\nb: 2\n", OnlyAB), "");
  EXPECT_EQ(Complaint("a: 1\n  # comment\nc: 2\n", OnlyAB),
            "a.yaml:3:1: unknown key 'c', expected one of: a, b");
  EXPECT_EQ(Complaint("a: 1\nb: 2\na: 3\n", OnlyAB),
            "a.yaml:3:1: key 'a' appears twice, expected once");
  EXPECT_EQ(Complaint("[1]\n", OnlyAB), "a.yaml:1:1: found a list, expected a mapping");
}

TEST(Yaml, MissingAndNullAreTheSame) {
  const auto get = [](assay_node root) { assay_yaml_get(root, "a"); };
  EXPECT_EQ(Complaint("b: 1\n", get), "a.yaml:1:1: key 'a' has no value, expected one");
  EXPECT_EQ(Complaint("a: null\n", get), "a.yaml:1:1: key 'a' has no value, expected one");
  EXPECT_EQ(Complaint("a: 'null'\n", get), "");
}

std::string IntComplaint(const std::string &text) {
  return Complaint("a: " + text + "\n",
                   [](assay_node root) { assay_yaml_int(assay_yaml_get(root, "a"), -3, 12); });
}

TEST(Yaml, IntegersAreWholeAndInRange) {
  for (const char *good : {"-3", "12", "+7", "0"}) EXPECT_EQ(IntComplaint(good), "");
  for (const char *bad : {"13", "-4", "1.0", "0x3", "3 4", "99999999999999999999", "one"}) {
    EXPECT_EQ(IntComplaint(bad), std::string("a.yaml:1:4: '") + bad +
                                     "' is not usable here, expected an integer from -3 to 12");
  }
  EXPECT_EQ(IntComplaint("[1]"), "a.yaml:1:4: found a list, expected an integer");
}

TEST(Yaml, ScalesAreFiniteAndPositive) {
  double scale = 0;
  const auto read = [&](assay_node root) { scale = assay_yaml_scale(assay_yaml_get(root, "a")); };
  EXPECT_EQ(Complaint("a: 0.1\n", read), "");
  EXPECT_EQ(scale, 0.1);
  EXPECT_EQ(Complaint("a: 0x1.8p+3\n", read), "");
  EXPECT_EQ(scale, 12.0);
  for (const char *bad : {"0", "0.0", "-1.5", "nan", ".nan", "inf", ".inf", "1e999", "1.5x"}) {
    EXPECT_EQ(Complaint(std::string("a: ") + bad + "\n", read),
              std::string("a.yaml:1:4: scale is '") + bad + "', expected a finite number above 0");
  }
}

TEST(Yaml, ChoicesNameWhatIsKnown) {
  const auto read = [](assay_node root) {
    const char *const names[] = {"mul", "fma", nullptr};
    EXPECT_EQ(assay_yaml_choice(assay_yaml_get(root, "a"), names), 0u);
  };
  EXPECT_EQ(Complaint("a: mul\n", read), "");
  EXPECT_EQ(Complaint("a: div\n", read),
            "a.yaml:1:4: 'div' is not known here, expected one of: mul, fma");
}

TEST(Yaml, ListsHaveALength) {
  const auto read = [](assay_node root) { assay_yaml_list(assay_yaml_get(root, "a"), 2, 3); };
  EXPECT_EQ(Complaint("a: [1, 2]\n", read), "");
  EXPECT_EQ(Complaint("a: [1]\n", read), "a.yaml:1:4: the list has 1 values, expected 2 to 3");
  EXPECT_EQ(Complaint("a: 1\n", read), "a.yaml:1:4: found a single value, expected a list");
}

TEST(Yaml, TheFirstErrorStays) {
  EXPECT_EQ(Complaint("a: x\nb: y\n",
                      [](assay_node root) {
                        assay_yaml_int(assay_yaml_get(root, "a"), 0, 1);
                        EXPECT_EQ(assay_yaml_get(root, "b").id, 0);
                        EXPECT_EQ(assay_yaml_text(assay_yaml_get(root, "b")), nullptr);
                        assay_yaml_int(assay_yaml_get(root, "b"), 0, 1);
                      }),
            "a.yaml:1:4: 'x' is not usable here, expected an integer from 0 to 1");
}

}  // namespace
