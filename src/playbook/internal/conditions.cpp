#include "playbook/internal/clause_parser.h"
#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {
namespace {

void compile_any_of(Compiler& c, const YamlNode& node, std::vector<Clause>& out) {
  const YamlEntry& entry = node.entries.front();
  if (node.flow) {
    c.report.error(node.position, "flow-map", "conditions are not written in { }",
                   "write any of: and a list below it");
    return;
  }
  if (node.entries.size() != 1 || entry.key.text != "any of") {
    const YamlNode& wrong = entry.key.text == "any of" ? node.entries[1].key : entry.key;
    c.report.error(wrong.position, "unknown-key",
                   "a condition is a clause, a list of clauses, or any of: with a list, not \"" +
                       wrong.text + ":\"",
                   entry.key.text == "any of" ? "" : did_you_mean(wrong.text, {"any of"}));
    return;
  }
  if (!entry.value.is_list() || entry.value.items.empty()) {
    c.report.error(entry.value.position, "wrong-type", "any of: needs a list of clauses",
                   "each on its own line after a hyphen");
    return;
  }
  Clause any;
  any.kind = Clause::Kind::kAnyOf;
  any.written = "any of";
  any.position = entry.key.position;
  for (const YamlNode& item : entry.value.items) {
    Clause part;
    if (compile_clause(c, item, part)) any.parts.push_back(std::move(part));
  }
  any.says = say(any, c.names());
  if (!any.parts.empty()) out.push_back(std::move(any));
}

}  // namespace

bool compile_clause(Compiler& c, const YamlNode& node, Clause& clause) {
  if (require_text(node, "a clause", c.report) == nullptr) {
    c.uses_incomplete = true;
    return false;
  }
  ClauseError error;
  if (parse_clause_text(node.text, c.names(), clause, error)) {
    clause.position = node.position;
    for (Clause& part : clause.parts) part.position = node.position;
    return true;
  }
  c.uses_incomplete = true;
  if (error.rule == "unknown-name" && c.names_incomplete) return false;
  c.report.error(node.position_of(error.offset), error.rule, error.message, error.suggestion);
  return false;
}

std::vector<Clause> compile_condition(Compiler& c, const YamlNode& node) {
  std::vector<Clause> out;
  const auto add = [&c, &out](const YamlNode& one) {
    Clause clause;
    if (one.is_map() && !one.entries.empty()) {
      compile_any_of(c, one, out);
    } else if (compile_clause(c, one, clause)) {
      out.push_back(std::move(clause));
    }
  };
  if (!node.is_list()) {
    add(node);
    return out;
  }
  if (node.items.empty()) {
    c.report.error(node.position, "wrong-type", "this list of clauses is empty",
                   "leave the key out");
  }
  for (const YamlNode& item : node.items) add(item);
  return out;
}

}  // namespace tact::playbook_internal
