// facts.yaml and segments.yaml: what is known of customers, from whom, for how long.
#include <algorithm>
#include <array>

#include "playbook/internal/clause_words.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

// What Tact counts itself: needs no fact, and no fact may be called so.
constexpr std::array<std::string_view, 2> kCounted = {"orders", "visits"};
constexpr std::size_t kMaxOrigins = 8;

bool is_counted(std::string_view name) {
  return std::find(kCounted.begin(), kCounted.end(), name) != kCounted.end();
}

// "crm, then visitor, then enriched acme"
void compile_from(const YamlNode* node, Fact& fact, Report& report) {
  if (node == nullptr) return;
  Words words(node->text);
  const auto wrong = [&](std::string message) {
    report.error(node->position_of(words.offset()), "bad-value", std::move(message),
                 "crm, then visitor");
  };
  while (!words.at_end()) {
    Fact::Origin origin;
    origin.enriched = words.accept("enriched");
    std::string_view name = words.next();
    const bool comma = name.ends_with(',');
    if (comma) name.remove_suffix(1);
    if (name.empty()) return wrong("a source is missing here");
    origin.name = name;
    if (std::find(fact.from.begin(), fact.from.end(), origin) != fact.from.end())
      return wrong("\"" + origin.name + "\" is named twice");
    fact.from.push_back(std::move(origin));
    if (fact.from.size() > kMaxOrigins) return wrong("there are more than 8 sources");
    if (words.at_end() && !comma) return;
    if (!comma || !words.accept("then")) return wrong("sources are divided by \", then\"");
    if (words.at_end()) return wrong("a source is missing here");
  }
}

void compile_purpose(const Fields& fields, Fact& fact, Report& report) {
  const YamlNode* node = fields.text("purpose");
  if (node == nullptr) return;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    if (node->text == to_string(purpose)) {
      fact.purpose = purpose;
      return;
    }
    known.emplace_back(to_string(purpose));
  }
  report.error(node->position, "unknown-name", "\"" + node->text + "\" is not a purpose",
               did_you_mean(node->text, known));
}

void compile_fact(Compiler& c, const YamlEntry& entry) {
  Fact fact;
  fact.id = entry.key.text;
  fact.position = entry.key.position;
  if (is_counted(fact.id)) {
    c.report.error(entry.key.position, "bad-value",
                   "\"" + fact.id + "\" is counted by Tact itself and cannot be a fact",
                   "rename it, or use customer." + fact.id + " without declaring it");
  }
  const Fields fields(entry.value, "a fact", c.report,
                      {"says", "trait", "from", "fresh_for", "purpose", "sensitive"});
  fact.says = fields.string("says");
  if (fact.says.empty()) fact.says = spaced(fact.id);
  fact.trait = fields.string("trait");
  if (fact.trait.empty()) fact.trait = fact.id;
  compile_from(fields.text("from"), fact, c.report);
  read_value(fields.text("fresh_for"), parse_length, fact.fresh_for, c.report);
  compile_purpose(fields, fact, c.report);
  fact.sensitive = fields.choice("sensitive", {"no", "yes"}) == std::size_t{1};
  if (c.playbook.facts.size() == kMaxFacts) {
    c.report.error(entry.key.position, "too-many", "there are more than 64 facts");
  }
  c.playbook.facts.push_back(std::move(fact));
}

// No page has a topic that content.yaml does not name. Categories and brands only the site knows.
void check_topic(const Expression& where, const YamlNode& node, Compiler& c) {
  if (where.affinity != InterestKind::kTopic) return;
  std::vector<std::string> known;
  for (const PageRule& rule : c.playbook.pages) {
    if (rule.topic == where.about) return;
    if (!rule.topic.empty()) known.push_back(rule.topic);
  }
  const std::size_t at = node.text.find(where.about);
  c.report.error(node.position_of(at == std::string::npos ? 0 : at), "unknown-name",
                 "content.yaml gives no page the topic \"" + where.about + "\"",
                 did_you_mean(where.about, known));
}

// Every fact and topic an expression asks for must be declared.
void check_names(const Expression& where, const YamlNode& node, Compiler& c) {
  for (const Expression& child : where.children) check_names(child, node, c);
  check_topic(where, node, c);
  const std::string name(where.customer_fact());
  if (name.empty()) return;
  if (is_counted(name) || c.playbook.find_fact(name) != nullptr) return;
  std::vector<std::string> known = ids_of(c.playbook.facts);
  known.insert(known.end(), kCounted.begin(), kCounted.end());
  const std::size_t at = node.text.find(where.field);
  c.report.error(node.position_of(at == std::string::npos ? 0 : at), "unknown-name",
                 "facts.yaml declares no fact \"" + name + "\"", did_you_mean(name, known));
}

void compile_segment(Compiler& c, const YamlEntry& entry) {
  Segment segment;
  segment.id = entry.key.text;
  segment.position = entry.key.position;
  const Fields fields(entry.value, "a segment", c.report, {"says", "where"});
  segment.says = fields.string("says");
  if (segment.says.empty()) segment.says = "is in the group \"" + spaced(segment.id) + "\"";
  if (const YamlNode* where = fields.text("where")) {
    if (compile_where(*where, ExpressionOver::kCustomer, segment.where, c.report))
      check_names(segment.where, *where, c);
  } else if (fields.find("where") == nullptr) {
    c.report.error(entry.key.position, "missing-key",
                   "\"" + segment.id + "\" does not say who is in it",
                   "where: customer.orders == 0");
  }
  c.playbook.segments.push_back(std::move(segment));
}

}  // namespace

void compile_facts(Compiler& c) {
  const YamlNode* root = c.document("facts.yaml");
  if (root == nullptr) return;
  for (const YamlEntry* entry : named_entries(*root, IdStyle::kSnake, "a fact", c.report)) {
    compile_fact(c, *entry);
  }
}

void compile_segments(Compiler& c) {
  const YamlNode* root = c.document("segments.yaml");
  if (root == nullptr) return;
  for (const YamlEntry* entry : named_entries(*root, IdStyle::kSnake, "a segment", c.report)) {
    compile_segment(c, *entry);
  }
}

}  // namespace tact::playbook_internal
