// What the steps of compile.cpp share. Each step reads its files and fills its part of the
// playbook; steps run in the order below, so that clauses can refer to signals, intents and
// dayparts.
#pragma once

#include <map>
#include <string>

#include "playbook/internal/expression_parser.h"
#include "playbook/internal/fields.h"
#include "playbook/internal/report.h"
#include "playbook/internal/yaml_reader.h"

namespace tact::playbook_internal {

inline constexpr std::size_t kMostOfAKind = 500;  // signals, intents, messages, moments, …

struct Compiler {
  std::map<std::string, YamlDocument> documents;  // by relative path
  Report report;
  Playbook playbook;
  // Some names are missing because their file is broken: then "unknown name" says nothing.
  bool names_incomplete = false;
  bool messages_incomplete = false;
  bool goals_incomplete = false;
  // Some clause or reference was refused: then "nobody uses" and "cannot reach" say nothing either.
  bool uses_incomplete = false;
  std::vector<const YamlNode*> message_nodes;  // parallel to playbook.messages: for positions
  std::vector<std::size_t> reveals_missing;  // indices of messages whose `reveals` is to be derived

  const YamlNode* document(const std::string& file) const;  // null if absent or unreadable
  ClauseNames names() const;
};

void compile_site(Compiler& c);                           // playbook.yaml
void compile_privacy(Compiler& c, const YamlNode& node);  // its `privacy:`
void compile_traffic(Compiler& c, const YamlNode& node);  // its `traffic:`
void compile_content(Compiler& c);                        // content.yaml
void compile_facts(Compiler& c);                          // facts.yaml
void compile_segments(Compiler& c);                       // segments.yaml
void compile_signals(Compiler& c);
void compile_intents(Compiler& c);
void check_names(Compiler& c);       // ids that make clauses ambiguous
void compile_evidence(Compiler& c);  // second half of intents.yaml: needs all names
void compile_guards(Compiler& c);
void compile_sensitive(Compiler& c, const YamlNode* node);  // its `sensitive:`; null = none
void compile_purposes(Compiler& c, const YamlNode& node);   // its `purposes:`
void compile_goals(Compiler& c);
void compile_messages(Compiler& c);
void check_answers(Compiler& c);  // `answer QUESTION = ANSWER` of signals and goals
void compile_moments(Compiler& c);
void compile_experiments(Compiler& c);  // needs the moments
void check_use(Compiler& c);            // unused, unreachable, shadowed, `reveals`
void check_costs(Compiler& c);          // costs a report could not tell
void check_copy(Compiler& c);           // wording, links, locales, look-alikes

std::uint64_t derived_hash(const Playbook& playbook);

// `where:` of a signal or a segment. Reports at its column if it is none.
bool compile_where(const YamlNode& node, ExpressionOver over, Expression& where, Report& report);

// `seen:` of signals and goals. Reports and returns false if it is not one.
bool compile_seen(const YamlNode& node, Seen& seen, Report& report);

bool is_locale(std::string_view text);  // "de", "de-AT"

// The entries of a map of ids, each checked for style and number.
std::vector<const YamlEntry*> named_entries(const YamlNode& root, IdStyle style,
                                            std::string_view what, Report& report);

// One clause, reported at its column if it is none.
bool compile_clause(Compiler& c, const YamlNode& node, Clause& clause);
// A condition: a clause, a list of conditions, or {any of: [clauses]}.
std::vector<Clause> compile_condition(Compiler& c, const YamlNode& node);

// "more orders", "fewer returns"; null node = none.
void compile_expectation(Compiler& c, const YamlNode* node, Expectation& out);
// A date or an instant; absent, or reported: nullopt.
std::optional<Time> compile_date(Compiler& c, const Fields& fields, std::string_view key);
// Indices of the messages named, those unknown or named twice reported and left out.
void compile_messages_named(Compiler& c, const std::vector<const YamlNode*>& nodes,
                            std::vector<int>& out);
// What a clause asks for, comparable: equal for two ways to write the same.
std::string clause_shape(const Clause& clause);

// Reads a small value (values.h) from a text node: reports at its position, or assigns.
template <typename T, typename Parse>
bool read_value(const YamlNode* node, Parse parse, T& target, Report& report) {
  if (node == nullptr) return false;
  auto value = parse(std::string_view(node->text));
  if (!value) {
    report.error(node->position, "bad-value", value.error().message, value.error().where);
    return false;
  }
  target = *std::move(value);
  return true;
}

template <typename T>
std::vector<std::string> ids_of(const std::vector<T>& all) {
  std::vector<std::string> ids;
  for (const T& one : all) ids.push_back(one.id);
  return ids;
}

}  // namespace tact::playbook_internal
