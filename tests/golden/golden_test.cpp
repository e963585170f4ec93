// One test per *.case file below tests/golden, found at run time. Run it from the repository's root
// or set TACT_REPOSITORY.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "golden_case.h"
#include "golden_world.h"

namespace tact::golden {
namespace {

namespace fs = std::filesystem;

std::string repository() {
  const char* set = std::getenv("TACT_REPOSITORY");
  return set == nullptr ? std::string(".") : std::string(set);
}

std::vector<std::string> case_files() {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(repository() + "/tests/golden", error), end;
       !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".case") {
      files.push_back(fs::relative(it->path(), repository()).string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const std::string& file) {
  std::ifstream in(repository() + "/" + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Empty, or what is wrong, with the whole explanation.
std::string disagreement(const Case& golden, const Step& step, const Answer& answer) {
  std::string wrong;
  if (answer.message != step.expected || answer.withheld != step.withheld) {
    wrong = "decided " + answer.message + (answer.withheld ? " withheld" : "") + ", expected " +
            step.expected + (step.withheld ? " withheld" : "");
  }
  for (const std::string& says : step.says) {
    const bool said =
        std::any_of(answer.explanation.begin(), answer.explanation.end(),
                    [&](const std::string& line) { return line.find(says) != std::string::npos; });
    if (!said) wrong += std::string(wrong.empty() ? "" : "; ") + "does not say \"" + says + "\"";
  }
  if (wrong.empty()) return {};
  wrong = golden.file + ":" + std::to_string(step.line) + ": " + wrong + "\n  The explanation:\n";
  for (const std::string& line : answer.explanation) wrong += "    " + line + "\n";
  return wrong;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, DecidesAndSaysWhy) {
  const auto golden = parse_case(GetParam(), read(GetParam()));
  ASSERT_TRUE(golden.has_value()) << golden.error().to_text();
  auto world = World::open(*golden, repository());
  ASSERT_TRUE(world.has_value()) << world.error().to_text();
  for (const Step& step : golden->steps) {
    if (step.what == Step::What::kDecide) {
      const std::string wrong = disagreement(*golden, step, (*world)->decide(step));
      EXPECT_TRUE(wrong.empty()) << wrong;
    } else if (const Status done = (*world)->happen(step); !done.has_value()) {
      FAIL() << golden->file << ":" << step.line << ": " << done.error().to_text();
    }
  }
  // What `tact explain` stands on. (A decision advances the profile only if it is recorded.)
  EXPECT_TRUE((*world)->refolds_to_the_same()) << GetParam() << ": state is not fold(history)";
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(case_files()), [](const auto& tested) {
  std::string name = fs::path(tested.param).stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

TEST(GoldenCases, AreFound) { EXPECT_GE(case_files().size(), 40U) << "run from the repository"; }

TEST(GoldenCases, AWrongLineIsNamed) {
  const std::string head = "playbook: playbooks/shop\n";
  const std::pair<const char*, const char*> wrong[] = {
      {"10:00  pgae /\n", "x.case:2: what happens is one of"},
      {"10:00  page /\n09:59  page /\n", "x.case:3: time goes backwards"},
      {"25:00  page /\n", "x.case:2: `25:00` is no time of day"},
      {"10:00  decide slot fit-guide\n", "x.case:2: `decide SLOT -> MESSAGE`"},
      {"10:00  decide slot -> fit-guide shown\n", "x.case:2: behind the arrow"},
      {"10:00  page / product\n", "x.case:2: `product` is not key=value"},
      {"colour: red\n", "x.case:2: `colour` is no setting"},
      {"visitor: inside\n", "x.case:2: visitor is"},
      {"10:00  seen\n", "x.case:2: a reaction needs a `decide` before it"},
      {"10:00  page /\n", "x.case:2: nothing is decided"},
  };
  for (const auto& [text, message] : wrong) {
    const auto parsed = parse_case("x.case", head + text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().to_text().find(message), 0U) << parsed.error().to_text();
  }
}

}  // namespace
}  // namespace tact::golden
