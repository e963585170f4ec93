// Text-file cases (testdata/README.md), and what text files cannot say: bytes, limits, determinism.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/hash.h"
#include "playbook/compile.h"

namespace tact {
namespace {

namespace fs = std::filesystem;
const std::string kTestdata = "src/playbook/testdata/";

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream.good()) << path;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string findings_text(const Compilation& compilation) {
  std::string text;
  for (const Finding& finding : compilation.findings) text += finding.to_text() + "\n";
  return text;
}

// TACT_UPDATE_CASES=1 writes what is found into the case files, to be read in the diff.
bool updating() { return std::getenv("TACT_UPDATE_CASES") != nullptr; }

struct Case {
  std::string title;
  std::string body;  // as written, up to the expectations
  PlaybookFiles files;
  std::string expected;  // findings, one a line
};

PlaybookFiles base_files() { return *read_playbook_folder(kTestdata + "base"); }

std::vector<Case> read_cases(const std::string& path) {
  std::vector<Case> cases;
  std::string* file = nullptr;
  bool expecting = false;
  for (const std::string& line : lines_of(read_file(path))) {
    if (line.starts_with("#### ")) {
      cases.push_back({line.substr(5), "", base_files(), ""});
      file = nullptr;
      expecting = false;
    } else if (cases.empty()) {
      continue;
    } else if (line.starts_with("=== ")) {
      expecting = true;
      continue;
    } else if (expecting) {
      if (!line.empty()) cases.back().expected += line + "\n";
      continue;
    } else if (line.starts_with("--- no ")) {
      cases.back().files.erase(line.substr(7));
    } else if (line.starts_with("--- ")) {
      file = &cases.back().files[line.substr(4)];
      file->clear();
    } else if (file != nullptr) {
      *file += line + "\n";
    }
    cases.back().body += line + "\n";
  }
  return cases;
}

void write_cases(const std::string& path, const std::vector<Case>& cases) {
  std::ofstream stream(path, std::ios::binary);
  for (const Case& one : cases) {
    stream << one.body << "=== findings\n" << findings_text(compile_playbook(one.files)) << "\n";
  }
}

std::vector<std::string> case_files() {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(kTestdata)) {
    if (entry.path().extension() == ".case") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(PlaybookCases, FindExactlyWhatTheySay) {
  EXPECT_EQ(findings_text(compile_playbook(base_files())), "") << "the base of all cases is clean";
  for (const std::string& path : case_files()) {
    const std::vector<Case> cases = read_cases(path);
    EXPECT_FALSE(cases.empty()) << path;
    if (updating()) {
      write_cases(path, cases);
      continue;
    }
    for (const Case& one : cases) {
      EXPECT_EQ(findings_text(compile_playbook(one.files)), one.expected)
          << path << ": " << one.title;
    }
  }
}

// Every rule of the sources has a case that provokes it, or is named here with the test that does.
TEST(PlaybookCases, ProvokeEveryRule) {
  std::set<std::string> provoked = {"too-large",         "not-utf8", "yaml-depth", "too-many",
                                    "too-many-findings", "folder",   "internal"};
  for (const std::string& path : case_files()) {
    for (const Case& one : read_cases(path)) {
      for (const std::string& line : lines_of(one.expected)) {
        provoked.insert(line.substr(line.rfind('[') + 1, line.size() - line.rfind('[') - 2));
      }
    }
  }
  for (const std::string& rule : lines_of(read_file(kTestdata + "rules.txt"))) {
    EXPECT_TRUE(provoked.contains(rule)) << "no case provokes [" << rule << "]";
  }
  std::set<std::string> listed;
  for (const std::string& rule : lines_of(read_file(kTestdata + "rules.txt"))) listed.insert(rule);
  for (const std::string& rule : provoked)
    EXPECT_TRUE(listed.contains(rule)) << rule << " is not in rules.txt";
}

// testdata/clauses.txt: "clause => words" or "clause => column: what is wrong".
TEST(PlaybookCases, ClausesSayThemselves) {
  const Compilation base = compile_playbook(base_files());
  ASSERT_TRUE(base.ok()) << findings_text(base);
  Playbook p = *base.playbook;
  p.segments = {{.id = "large_company", .says = "works for a large company"}};
  const ClauseNames names{&p.signals, &p.intents, &p.dayparts, &p.keyword_groups, &p.segments, 2};
  std::string updated;
  for (const std::string& line : lines_of(read_file(kTestdata + "clauses.txt"))) {
    const std::size_t arrow = line.find(" =>");
    if (line.empty() || line.starts_with('#') || arrow == std::string::npos) {
      updated += line + "\n";
      continue;
    }
    const std::string text = line.substr(0, arrow);
    const auto clause = parse_clause(text, names);
    const std::string found =
        clause ? clause->says : clause.error().where + ": " + clause.error().message;
    updated += text + " => " + found + "\n";
    if (!updating()) {
      EXPECT_EQ(line, text + " => " + found);
    }
  }
  if (updating()) std::ofstream(kTestdata + "clauses.txt", std::ios::binary) << updated;
}

}  // namespace
}  // namespace tact
