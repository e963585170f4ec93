// guards.yaml, sensitive: what is built in, what a site adds and what it switches off.
#include <gtest/gtest.h>

#include <algorithm>

#include "playbook/compile.h"

namespace tact {
namespace {

Compilation with(const std::string& sensitive) {
  PlaybookFiles files = *read_playbook_folder("src/playbook/testdata/base");
  files["guards.yaml"] = "rest: 7d after 3 ignored\n" + sensitive;
  return compile_playbook(files);
}

const SensitiveTopic* topic_of(const Compilation& compilation, std::string_view id) {
  if (!compilation.playbook) return nullptr;
  const auto& topics = compilation.playbook->guards.sensitive;
  const auto found = std::find_if(topics.begin(), topics.end(),
                                  [id](const SensitiveTopic& topic) { return topic.id == id; });
  return found == topics.end() ? nullptr : &*found;
}

bool has(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

const Finding* finding_of(const Compilation& compilation, std::string_view rule) {
  for (const Finding& finding : compilation.findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

TEST(SensitiveTopics, ThoseOfTheLawAreBuiltIn) {
  PlaybookFiles bare;
  bare["playbook.yaml"] = "site: Bare\n";
  for (const Compilation& compilation : {compile_playbook(bare), with("")}) {
    for (const char* id : {"health", "sexuality", "religion", "politics", "trade_union",
                           "ethnicity", "genetics_and_biometrics"}) {
      const SensitiveTopic* topic = topic_of(compilation, id);
      ASSERT_NE(topic, nullptr) << id;
      EXPECT_FALSE(topic->categories.empty());
      EXPECT_EQ(topic->pages, topic->categories);
      EXPECT_EQ(topic->searches, topic->categories);
    }
  }
}

// What the compiler makes of a site's word must be what the matcher looks for.
TEST(SensitiveTopics, BuiltInWordsAreInSmallLettersAndSeparatedByOneBlank) {
  const Compilation compilation = with("");
  for (const SensitiveTopic& topic : compilation.playbook->guards.sensitive) {
    for (const std::string& word : topic.categories) {
      EXPECT_EQ(word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_,"), std::string::npos) << word;
      EXPECT_EQ(word.find("  "), std::string::npos) << word;
      EXPECT_FALSE(word.empty() || word.front() == ' ' || word.back() == ' ') << word;
      EXPECT_EQ(std::count(topic.categories.begin(), topic.categories.end(), word), 1) << word;
    }
  }
}

TEST(SensitiveTopics, ASiteAddsItsOwn) {
  const Compilation compilation = with(
      "sensitive:\n  health:\n    categories: [Folic-Acid]\n    pages: [/clinic/*, Praxis]\n"
      "  debt:\n    searches: insolven*\n");
  const SensitiveTopic* health = topic_of(compilation, "health");
  ASSERT_NE(health, nullptr);
  EXPECT_TRUE(has(health->categories, "folic acid"));
  EXPECT_TRUE(has(health->categories, "hiv"));
  EXPECT_TRUE(has(health->pages, "/clinic/*"));
  EXPECT_TRUE(has(health->pages, "praxis"));
  const SensitiveTopic* debt = topic_of(compilation, "debt");
  ASSERT_NE(debt, nullptr);
  EXPECT_EQ(debt->searches, std::vector<std::string>{"insolven*"});
  EXPECT_TRUE(debt->categories.empty());
}

TEST(SensitiveTopics, PartsAreSwitchedOffWithAReasonThatTheCheckRepeats) {
  const Compilation compilation = with(
      "sensitive:\n  health:\n    off: [maternity, \"pregnan*\"]\n"
      "    reason: \"a line of our clothes\"\n    categories: [maternity care]\n"
      "  religion: {off: all, reason: \"a museum of churches\"}\n");
  const SensitiveTopic* health = topic_of(compilation, "health");
  ASSERT_NE(health, nullptr);
  for (const auto* list : {&health->categories, &health->pages, &health->searches}) {
    EXPECT_FALSE(has(*list, "maternity"));
    EXPECT_TRUE(has(*list, "hiv"));
  }
  EXPECT_TRUE(has(health->categories, "maternity care"));
  EXPECT_TRUE(topic_of(compilation, "religion")->categories.empty());
  const Finding* note = finding_of(compilation, "sensitive-off");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->severity, Severity::kNote);
  EXPECT_NE(note->message.find("a line of our clothes"), std::string::npos);
}

TEST(SensitiveTopics, MistakesAreNamed) {
  const auto refused = [](const std::string& sensitive, std::string_view rule) {
    const Compilation compilation = with("sensitive:\n" + sensitive);
    EXPECT_FALSE(compilation.ok()) << sensitive;
    EXPECT_NE(finding_of(compilation, rule), nullptr) << sensitive;
  };
  refused("  health: {off: [maternity]}\n", "missing-key");
  refused("  health: {off: [maternitty], reason: \"x y\"}\n", "unknown-value");
  refused("  debt: {off: all, reason: \"x y\"}\n", "bad-value");
  refused("  debt: {}\n", "missing-key");
  refused("  debt: {categories: [\"*\"]}\n", "bad-value");
  refused("  debt: {pages: [/*]}\n", "bad-value");
  refused("  debt: {words: [x]}\n", "unknown-key");
  refused("  Debt: {categories: [debts]}\n", "bad-id");
}

TEST(Site, SaysWhoItSpeaksTo) {
  const auto audience = [](const std::string& line) {
    return compile_playbook({{"playbook.yaml", "site: Playroom\n" + line}}).playbook->site.audience;
  };
  EXPECT_EQ(audience(""), Audience::kAdults);
  EXPECT_EQ(audience("audience: adults\n"), Audience::kAdults);
  EXPECT_EQ(audience("audience: mixed\n"), Audience::kMixed);
  EXPECT_EQ(audience("audience: children\n"), Audience::kChildren);
}

}  // namespace
}  // namespace tact
