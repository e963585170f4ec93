// intents.yaml, in two passes: names first, evidence once every name is known.
#include "playbook/internal/compiler.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

constexpr Probability kUsually{100'000};

bool holds_intent(const Clause& clause) {
  for (const Clause& part : clause.parts) {
    if (holds_intent(part)) return true;
  }
  return clause.kind == Clause::Kind::kIntent;
}

void compile_line(Compiler& c, const YamlNode& node, std::vector<Evidence>& out) {
  if (!node.is_map() || node.entries.size() != 1) {
    c.uses_incomplete = true;
    c.report.error(node.position, "wrong-type", "a line of evidence is a clause and its weight",
                   "- size_guide repeatedly: strong");
    return;
  }
  const YamlEntry& entry = node.entries.front();
  Evidence evidence;
  Weight weight;
  const YamlNode* written = require_text(entry.value, "a weight", c.report);
  const bool weighed = read_value(written, parse_weight, weight, c.report);
  if (entry.key.text == "any of") {
    c.report.error(entry.key.position, "clause",
                   "evidence has no any of:", "one line for each clause");
    return;
  }
  if (!compile_clause(c, entry.key, evidence.clause) || !weighed) {
    c.uses_incomplete = true;
    return;
  }
  if (holds_intent(evidence.clause)) {
    c.report.error(entry.key.position, "intent-as-evidence",
                   "an intent is no evidence for an intent", "name the signals behind it");
    return;
  }
  for (const Evidence& other : out) {
    if (other.clause.says == evidence.clause.says) {
      c.report.error(entry.key.position, "duplicate-name", "this evidence is listed twice",
                     "each line counts once: keep one and give it more weight");
      return;
    }
  }
  evidence.points = weight.points;
  evidence.decisive = weight.decisive;
  out.push_back(std::move(evidence));
}

void compile_lines(Compiler& c, const YamlNode* node, std::vector<Evidence>& out) {
  if (node == nullptr) return;
  if (!node->is_list()) {
    c.report.error(node->position, "wrong-type",
                   "evidence is a list, not " + std::string(node->kind_name()),
                   "- size_guide repeatedly: strong");
    return;
  }
  for (const YamlNode& item : node->items) compile_line(c, item, out);
}

}  // namespace

void compile_intents(Compiler& c) {
  const YamlNode* root = c.document("intents.yaml");
  if (root == nullptr) return;
  for (const YamlEntry* entry : named_entries(*root, IdStyle::kSnake, "an intent", c.report)) {
    const Fields fields(entry->value, "an intent", c.report,
                        {"means", "about", "usually", "for", "against"});
    Intent intent;
    intent.id = entry->key.text;
    intent.position = entry->key.position;
    intent.means = fields.string("means");
    if (fields.find("means") == nullptr) {
      c.report.warning(entry->key.position, "missing-key",
                       "\"" + intent.id + "\" has no words for explanations",
                       "means: what finishes \"this visitor …\"");
    }
    const auto about = fields.choice("about", {"nothing", "product", "category"});
    if (about) intent.about = static_cast<Subject>(*about);
    intent.usually = kUsually;
    if (const YamlNode* usually = fields.text("usually")) {
      read_value(usually, parse_percent, intent.usually, c.report);
      if (intent.usually.ppm < 1'000 || intent.usually.ppm > 900'000) {
        c.report.error(usually->position, "bad-value", "usually lies between 0.1% and 90%",
                       "for example 20%");
      }
    } else if (fields.find("usually") == nullptr) {
      c.report.error(entry->key.position, "missing-key",
                     "\"" + intent.id + "\" does not say how common it is",
                     "usually: 20%, where it can occur");
    }
    intent.usually_points = log_odds(intent.usually);
    c.playbook.intents.push_back(std::move(intent));
  }
}

void compile_evidence(Compiler& c) {
  const YamlNode* root = c.document("intents.yaml");
  if (root == nullptr) return;
  for (std::size_t i = 0; i < c.playbook.intents.size(); ++i) {
    const YamlNode& node = root->entries[i].value;
    if (!node.is_map()) continue;
    Report ignored;  // the keys were checked in the first pass
    const Fields fields(node, "an intent", ignored, {"for", "against"});
    Intent& intent = c.playbook.intents[i];
    compile_lines(c, fields.find("for"), intent.in_favour);
    compile_lines(c, fields.find("against"), intent.against);
    if (fields.find("for") == nullptr) {
      c.report.error(intent.position, "missing-key", "\"" + intent.id + "\" has no evidence",
                     "for: and a list");
    }
  }
}

}  // namespace tact::playbook_internal
