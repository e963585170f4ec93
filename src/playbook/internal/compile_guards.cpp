// guards.yaml and goals.yaml
#include "playbook/internal/clause_words.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {

void compile_guards(Compiler& c) {
  const YamlNode* root = c.document("guards.yaml");
  if (root == nullptr) return compile_sensitive(c, nullptr);
  const Fields fields(
      *root, "guards.yaml", c.report,
      {"all", "selling", "rest", "after_dismissal", "purchase", "ahead_by", "sensitive",
       "purposes"},
      {"quiet_hours", "retention", "campaigns", "fatigue", "discounts", "audience_floor"});
  compile_sensitive(c, fields.find("sensitive"));
  Guards& guards = c.playbook.guards;
  read_value(fields.text("all"), parse_frequency, guards.all, c.report);
  read_value(fields.text("selling"), parse_frequency, guards.selling, c.report);
  read_value(fields.text("rest"), parse_rest, guards.rest, c.report);
  read_value(fields.text("after_dismissal"), parse_length, guards.after_dismissal, c.report);
  if (const YamlNode* node = fields.text("ahead_by")) {
    read_value(node, parse_percent, guards.ahead_by, c.report);
    if (guards.ahead_by.ppm > 500'000) {
      c.report.error(node->position, "bad-value", "ahead_by is at most 50%", "15% is usual");
    }
  }
  if (const YamlNode* purposes = fields.find("purposes")) compile_purposes(c, *purposes);
  const YamlNode* purchase = fields.find("purchase");
  if (purchase == nullptr) return;
  const Fields bought(*purchase, "\"purchase\"", c.report, {"product", "category", "durable"});
  read_value(bought.text("product"), parse_length, guards.suppress_product, c.report);
  read_value(bought.text("category"), parse_length, guards.suppress_category, c.report);
  for (const YamlNode* node : bought.texts("durable"))
    guards.durable_categories.push_back(node->text);
}

void compile_goals(Compiler& c) {
  const YamlNode* root = c.document("goals.yaml");
  if (root == nullptr) return;
  for (const YamlEntry* entry : named_entries(*root, IdStyle::kSnake, "a goal", c.report)) {
    const Fields fields(entry->value, "a goal", c.report, {"says", "seen", "value", "within"});
    Goal goal;
    goal.id = entry->key.text;
    goal.position = entry->key.position;
    goal.says = fields.string("says");
    if (fields.find("says") == nullptr) {
      c.report.warning(entry->key.position, "missing-key",
                       "\"" + goal.id + "\" has no words for reports", "says: placed an order");
      goal.says = "reached \"" + spaced(goal.id) + "\"";
    }
    if (const YamlNode* seen = fields.text("seen")) {
      compile_seen(*seen, goal.seen, c.report);
    } else if (fields.find("seen") == nullptr) {
      c.report.error(entry->key.position, "missing-key",
                     "\"" + goal.id + "\" does not say how it is seen",
                     "seen: track Order Completed");
    }
    goal.value_from_total = fields.choice("value", {"total"}).has_value();
    if (const YamlNode* within = fields.text("within")) {
      read_value(within, parse_length, goal.within, c.report);
      if (goal.within > days(180)) {
        c.report.error(within->position, "bad-value", "a goal is waited for at most 180 days",
                       "14d is usual");
      }
    }
    c.playbook.goals.push_back(std::move(goal));
  }
}

}  // namespace tact::playbook_internal
