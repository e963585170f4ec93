// Ids that would make a clause mean two things, and answers to questions that are never asked.
#include <algorithm>

#include "playbook/internal/clause_parser.h"
#include "playbook/internal/clause_words.h"
#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {
namespace {

struct Name {
  std::string id;
  std::string_view kind;
  SourcePosition position;
};

void check_one(const Name& name, Report& report) {
  const std::string text = spaced(name.id);
  if (const std::string_view word = reserved_word_in(text); !word.empty()) {
    report.error(name.position, "ambiguous-name",
                 "\"" + name.id + "\" contains \"" + std::string(word) +
                     "\", which has its own meaning in clauses",
                 "choose another name");
    return;
  }
  for (const std::string_view suffix : {"", " repeatedly", " this visit"}) {
    if (!is_fixed_clause(text + std::string(suffix))) continue;
    report.error(name.position, "ambiguous-name",
                 "\"" + text + std::string(suffix) + "\" is already a clause of the language",
                 "choose another name");
    return;
  }
}

// Where each daypart is written; they carry no position of their own.
void add_dayparts(const Compiler& c, std::vector<Name>& names) {
  const YamlNode* root = c.document("content.yaml");
  if (root == nullptr) return;
  for (const YamlEntry& section : root->entries) {
    if (section.key.text != "dayparts") continue;
    for (const YamlEntry& entry : section.value.entries) {
      names.push_back({entry.key.text, "daypart", entry.key.position});
    }
  }
}

void check_answer(Compiler& c, const Seen& seen, const YamlNode& node) {
  const Message* question = c.playbook.find_message(seen.question);
  if (question == nullptr || question->kind != MessageKind::kQuestion) {
    if (c.messages_incomplete) return;
    std::vector<std::string> known;
    for (const Message& message : c.playbook.messages) {
      if (message.kind == MessageKind::kQuestion) known.push_back(message.id);
    }
    c.report.error(node.position_of(node.text.find(seen.question)), "unknown-name",
                   "\"" + seen.question + "\" is not a message of kind: question",
                   did_you_mean(seen.question, known));
    return;
  }
  std::vector<std::string> known;
  for (const Variant& variant : question->variants) {
    for (const Content::Option& option : variant.content.options) {
      if (option.value == seen.answer) return;
      if (std::find(known.begin(), known.end(), option.value) == known.end())
        known.push_back(option.value);
    }
  }
  c.report.error(node.position_of(node.text.rfind(seen.answer)), "unknown-name",
                 "\"" + seen.answer + "\" is no answer to \"" + seen.question + "\"",
                 did_you_mean(seen.answer, known));
}

const YamlNode* seen_of(const YamlNode& definition) {
  for (const YamlEntry& entry : definition.entries) {
    if (entry.key.text == "seen" && entry.value.is_text()) return &entry.value;
  }
  return nullptr;
}

}  // namespace

void check_names(Compiler& c) {
  std::vector<Name> names;
  for (const Signal& signal : c.playbook.signals)
    names.push_back({signal.id, "signal", signal.position});
  for (const Intent& intent : c.playbook.intents)
    names.push_back({intent.id, "intent", intent.position});
  add_dayparts(c, names);
  std::map<std::string, const Name*> first;
  for (const Name& name : names) {
    check_one(name, c.report);
    const auto [it, added] = first.emplace(spaced(name.id), &name);
    if (added) continue;
    const Name& other = *it->second;
    c.report.error(name.position, "ambiguous-name",
                   "\"" + name.id + "\" names a " + std::string(other.kind) + " already: " +
                       other.position.file + ":" + std::to_string(other.position.line),
                   "a clause could not tell them apart: rename one");
  }
}

void check_answers(Compiler& c) {
  const auto check_file = [&c](const std::string& file, const auto& all) {
    const YamlNode* root = c.document(file);
    if (root == nullptr) return;
    for (std::size_t i = 0; i < all.size() && i < root->entries.size(); ++i) {
      const YamlNode* node = seen_of(root->entries[i].value);
      if (node != nullptr && all[i].seen.kind == Seen::Kind::kAnswer &&
          !all[i].seen.answer.empty()) {
        check_answer(c, all[i].seen, *node);
      }
    }
  };
  check_file("signals.yaml", c.playbook.signals);
  check_file("goals.yaml", c.playbook.goals);
}

}  // namespace tact::playbook_internal
