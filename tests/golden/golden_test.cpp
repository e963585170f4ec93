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
#include "playbook/compile.h"

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

// Every decision of a case of playbooks/shop, with what it must say.
std::vector<Step> decisions_of_the_shop() {
  std::vector<Step> decisions;
  for (const std::string& file : case_files()) {
    const auto golden = parse_case(file, read(file));
    if (!golden.has_value() || golden->playbook != "playbooks/shop") continue;
    for (const Step& step : golden->steps) {
      if (step.what == Step::What::kDecide) decisions.push_back(step);
    }
  }
  return decisions;
}

// What a moment's cases show of it. One that names no intent depends on none: that the picture is
// unclear must not stop it.
struct Shown {
  bool fires = false, blocked = false, unclear = false;
};

Shown shown_of(const Moment& moment, const Playbook& playbook, const std::vector<Step>& decisions) {
  Shown shown;
  for (const Step& step : decisions) {
    const bool wins = std::any_of(moment.messages.begin(), moment.messages.end(), [&](int message) {
      return playbook.messages[static_cast<std::size_t>(message)].id == step.expected;
    });
    shown.fires = shown.fires || (wins && !step.withheld);
    for (const std::string& says : step.says) {
      const bool of_it = says.starts_with(moment.id + ": ");
      const bool unclear = moment.names_intent()
                               ? of_it && says.starts_with(moment.id + ": unclear")
                               : wins && says == "unclear";
      const bool not_yet = says.starts_with(moment.id + ": condition: not the case");
      shown.unclear = shown.unclear || unclear;
      shown.blocked =
          shown.blocked || (of_it && !unclear && !not_yet && step.expected == "default");
    }
  }
  return shown;
}

TEST(GoldenCases, ShowEveryMomentOfTheShopFiringBlockedAndUnclear) {
  const auto files = read_playbook_folder(repository() + "/playbooks/shop");
  ASSERT_TRUE(files.has_value()) << files.error().to_text();
  const auto playbook = compile_playbook(*files).playbook;
  ASSERT_NE(playbook, nullptr);
  const std::vector<Step> decisions = decisions_of_the_shop();
  EXPECT_GE(playbook->moments.size(), 5U);
  for (const Moment& moment : playbook->moments) {
    const Shown shown = shown_of(moment, *playbook, decisions);
    EXPECT_TRUE(shown.fires) << moment.id << " comes up in no case";
    EXPECT_TRUE(shown.blocked) << moment.id << " is blocked in no case";
    EXPECT_TRUE(shown.unclear) << moment.id << ": in no case is the visit unclear";
  }
}

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
      {"arm: fit-tone\n", "x.case:2: arm is `EXPERIMENT ARM`"},
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
