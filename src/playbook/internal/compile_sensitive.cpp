// `sensitive:` of guards.yaml: topics beside those built in, and what of these is off.
#include <algorithm>
#include <numeric>

#include "playbook/internal/compiler.h"
#include "playbook/internal/did_you_mean.h"
#include "playbook/internal/sensitive_topics.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

constexpr std::size_t kMostPatterns = 100;  // of one list; each is tried on every event

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '*' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// "Folic-Acid" → "folic acid"
std::string as_words(std::string_view text) {
  std::string words;
  for (const char written : text) {
    const bool capital = written >= 'A' && written <= 'Z';
    const char c = capital ? static_cast<char>(written - 'A' + 'a') : written;
    if (is_word_character(c)) {
      words += c;
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

bool says_something(std::string_view pattern) {
  return std::count_if(pattern.begin(), pattern.end(),
                       [](char c) { return c != '*' && c != ' ' && c != '/'; }) >= 2;
}

void add_patterns(const Fields& fields, std::string_view key, std::vector<std::string>& list,
                  Compiler& c) {
  std::vector<const YamlNode*> nodes = fields.texts(key);
  if (nodes.size() > kMostPatterns) {
    c.report.error(
        nodes[kMostPatterns]->position, "too-many",
        "\"" + std::string(key) + "\" has over " + std::to_string(kMostPatterns) + " entries",
        "one word with * may stand for many");
    nodes.resize(kMostPatterns);
  }
  for (const YamlNode* node : nodes) {
    const bool is_path = key == "pages" && node->text.starts_with('/');
    std::string pattern = is_path ? node->text : as_words(node->text);
    if (!says_something(pattern)) {
      c.report.error(node->position, "bad-value",
                     "\"" + node->text + "\" would make nearly everything sensitive",
                     "a word of two letters or more, which may end in *");
    } else {
      list.push_back(std::move(pattern));
    }
  }
}

// Takes a word out of all lists of a built-in topic.
bool switch_off(SensitiveTopic& topic, const std::string& word) {
  bool found = false;
  for (auto* list : {&topic.categories, &topic.pages, &topic.searches}) {
    found = std::erase(*list, word) > 0 || found;
  }
  return found;
}

void compile_off(const Fields& fields, const YamlNode& key, SensitiveTopic& topic, bool built_in,
                 Compiler& c) {
  const std::vector<const YamlNode*> off = fields.texts("off");
  if (off.empty()) return;
  if (!built_in) {
    c.report.error(off.front()->position, "bad-value",
                   "\"" + topic.id + "\" is no built-in topic: nothing of it is to be switched off",
                   "leave the words out instead");
    return;
  }
  const std::string reason = fields.string("reason");
  if (reason.empty()) {
    c.report.error(off.front()->position, "missing-key",
                   "switching off what is sensitive by law needs a reason",
                   "reason: \"maternity is a line of our clothes\"");
    return;
  }
  c.report.note(key.position, "sensitive-off",
                "of the sensitive topic \"" + topic.id + "\" not everything is guarded: " + reason);
  const std::vector<std::string> known = topic.categories;
  for (const YamlNode* node : off) {
    if (node->text == "all") {
      topic.categories = topic.pages = topic.searches = {};
      return;
    }
    if (switch_off(topic, as_words(node->text))) continue;
    c.report.error(node->position, "unknown-value",
                   "\"" + node->text + "\" is no built-in word of \"" + topic.id + "\"",
                   did_you_mean(as_words(node->text), known));
  }
}

void compile_topic(const YamlEntry& entry, Compiler& c) {
  const Fields fields(entry.value, "a sensitive topic", c.report,
                      {"categories", "pages", "searches", "off", "reason"});
  auto& topics = c.playbook.guards.sensitive;
  auto topic = std::find_if(topics.begin(), topics.end(), [&](const SensitiveTopic& known) {
    return known.id == entry.key.text;
  });
  const bool built_in = topic != topics.end();
  if (!built_in) {
    topics.push_back({.id = entry.key.text});
    topic = topics.end() - 1;
  }
  compile_off(fields, entry.key, *topic, built_in, c);  // before the site's own words
  add_patterns(fields, "categories", topic->categories, c);
  add_patterns(fields, "pages", topic->pages, c);
  add_patterns(fields, "searches", topic->searches, c);
  if (!built_in && topic->categories.empty() && topic->pages.empty() && topic->searches.empty()) {
    c.report.error(entry.key.position, "missing-key",
                   "\"" + entry.key.text + "\" does not say what it is told by",
                   "categories, pages or searches");
  }
}

PhraseList by_beginning(std::vector<std::string> phrases) {
  std::sort(phrases.begin(), phrases.end());
  phrases.erase(std::unique(phrases.begin(), phrases.end()), phrases.end());
  PhraseList list;
  for (std::string& phrase : phrases) {
    const bool plain = phrase.size() > 1 && phrase.substr(0, 2).find_first_of("* ") == phrase.npos;
    if (plain) ++list.below[static_cast<unsigned char>(phrase.front()) + 1];
    (plain ? list.sorted : list.others).push_back(std::move(phrase));
  }
  std::partial_sum(list.below.begin(), list.below.end(), list.below.begin());
  return list;
}

SensitiveWords words_of(const std::vector<SensitiveTopic>& topics) {
  SensitiveWords all;
  std::vector<std::string> categories, pages, searches;
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& words) {
    to.insert(to.end(), words.begin(), words.end());
  };
  for (const SensitiveTopic& topic : topics) {
    add(categories, topic.categories);
    add(searches, topic.searches);
    for (const std::string& page : topic.pages) {
      (page.starts_with('/') ? all.page_globs : pages).push_back(page);
    }
  }
  all.categories = by_beginning(std::move(categories));
  all.pages = by_beginning(std::move(pages));
  all.searches = by_beginning(std::move(searches));
  return all;
}

// Sorted once, for most playbooks name no topic of their own.
const SensitiveWords& built_in_words() {
  static const SensitiveWords words = words_of(built_in_sensitive_topics());
  return words;
}

}  // namespace

void compile_sensitive(Compiler& c, const YamlNode* node) {
  auto& topics = c.playbook.guards.sensitive;
  topics = built_in_sensitive_topics();
  if (node == nullptr) {
    c.playbook.guards.sensitive_words = built_in_words();
    return;
  }
  for (const YamlEntry* entry :
       named_entries(*node, IdStyle::kSnake, "a sensitive topic", c.report)) {
    compile_topic(*entry, c);
  }
  c.playbook.guards.sensitive_words = words_of(topics);
}

}  // namespace tact::playbook_internal
