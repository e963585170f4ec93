// moments/*.yaml
#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "playbook/internal/clause_words.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

bool is_slot(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

void not_acted_on(Compiler& c, const YamlNode& node, const std::string& what) {
  c.report.note(node.position, "not-acted-on", "not acted on yet: " + what);
}

void compile_choices(Compiler& c, const Fields& fields, Moment& moment) {
  fields.choice("otherwise", {"default"});
  if (const auto pick = fields.choice("pick", {"first", "split evenly", "what works"})) {
    moment.pick = static_cast<Pick>(*pick);
    if (moment.pick == Pick::kWhatWorks) {
      not_acted_on(c, *fields.find("pick"), "pick: what works (variants are split evenly)");
    }
  }
  if (const auto tier = fields.choice("tier", {"broad", "category", "conversion"})) {
    moment.tier = static_cast<Tier>(*tier + 1);
  }
  moment.service = fields.choice("kind", {"service"}).has_value();
  if (const auto status = fields.choice("status", {"idea", "shadow", "draft", "live"})) {
    moment.status = static_cast<MomentStatus>(*status);
  }
  if (const YamlNode* node = fields.text("priority")) {
    const auto value = parse_decimal(node->text, 0);
    if (value && *value >= -1'000 && *value <= 1'000) {
      moment.priority = static_cast<int>(*value);
    } else {
      c.report.error(node->position, "bad-value",
                     "a priority is a whole number from -1000 to 1000");
    }
  }
}

void compile_limits(Compiler& c, const Fields& fields, Moment& moment) {
  read_value(fields.text("at_most"), parse_frequency, moment.at_most, c.report);
  read_value(fields.text("rest"), parse_rest, moment.rest, c.report);
  if (moment.service) moment.hold_back = {0};
  if (const YamlNode* node = fields.text("hold_back")) {
    read_value(node, parse_percent, moment.hold_back, c.report);
    if (moment.service && moment.hold_back.ppm > 0) {
      c.report.error(node->position, "bad-value", "a service message is never held back",
                     "leave hold_back out");
    } else if (moment.hold_back.ppm > 900'000) {
      c.report.error(node->position, "bad-value", "hold_back is at most 90%", "10% is usual");
    }
  }
}

void compile_dates(Compiler& c, const Fields& fields, Moment& moment) {
  moment.from = compile_date(c, fields, "from");
  moment.until = compile_date(c, fields, "until");
  if (moment.from && moment.until && *moment.from >= *moment.until) {
    c.report.error(fields.find("until")->position, "bad-value", "this is not after \"from\"");
  }
  if (compile_date(c, fields, "review")) moment.review = fields.string("review");
}

void warn_missing(Compiler& c, const YamlEntry& entry, const Fields& fields, const Moment& moment) {
  const auto missing = [&](std::string_view key, const std::string& why, std::string example) {
    if (fields.find(key) != nullptr) return;
    c.report.warning(entry.key.position, "missing-key", "\"" + moment.id + "\" " + why,
                     std::move(example));
  };
  missing("need", "does not say what the visitor needs",
          "need: be sure about the size before deciding");
  missing("because", "states no hypothesis",
          "because: why this should help; the report answers it");
  missing("owner", "belongs to nobody", "owner: merchandising");
  if (!moment.service)
    missing("expect", "has no goal, so nothing can be measured", "expect: more orders");
}

void check_complete(Compiler& c, const YamlEntry& entry, const Fields& fields,
                    const Moment& moment) {
  const SourcePosition& at = entry.key.position;
  if (moment.status == MomentStatus::kIdea) {
    if (moment.need.empty()) {
      c.report.error(at, "missing-key", "an idea says at least what the visitor needs", "need: …");
    }
    std::string lacks;
    for (const std::string_view key : {"at", "when", "show"}) {
      if (fields.find(key) == nullptr) lacks += (lacks.empty() ? "" : ", ") + std::string(key);
    }
    if (!lacks.empty())
      c.report.note(at, "idea", "idea \"" + moment.id + "\" still lacks: " + lacks);
    return;
  }
  if (fields.find("at") == nullptr) {
    c.report.error(at, "missing-key", "\"" + moment.id + "\" does not say where it is shown",
                   "at: product.reassurance");
  }
  if (fields.find("when") == nullptr) {
    c.report.error(at, "missing-key", "\"" + moment.id + "\" does not say when it is shown",
                   "when: likely unsure_about_fit");
  }
  if (fields.find("show") == nullptr) {
    c.report.error(at, "missing-key", "\"" + moment.id + "\" shows nothing",
                   "show: a message, or status: idea");
  }
  warn_missing(c, entry, fields, moment);
}

void compile_moment(Compiler& c, const YamlEntry& entry) {
  const Fields fields(entry.value, "a moment", c.report,
                      {"need",
                       "because",
                       "at",
                       "when",
                       "unless",
                       "show",
                       "otherwise",
                       "pick",
                       "at_most",
                       "rest",
                       "stop",
                       "expect",
                       "not_at_the_cost_of",
                       "without_a_sale",
                       "hold_back",
                       "tier",
                       "owner",
                       "review",
                       "kind",
                       "status",
                       "priority",
                       "from",
                       "until"},
                      {"channel", "then", "wait", "campaign", "keep", "uses"});
  Moment moment;
  moment.id = entry.key.text;
  moment.position = entry.key.position;
  moment.need = fields.string("need");
  moment.because = fields.string("because");
  moment.owner = fields.string("owner");
  // Empty on purpose is allowed: it says that this moment sells.
  const YamlNode* without = fields.find("without_a_sale");
  if (without != nullptr && !without->is_empty() &&
      !(without->is_text() && without->text.empty())) {
    moment.without_a_sale = fields.string("without_a_sale");
  }
  if (const YamlNode* at = fields.text("at")) {
    moment.slot = at->text;
    if (!is_slot(at->text)) {
      c.report.error(at->position, "bad-value", "\"" + at->text + "\" is not a place on a page",
                     "for example product.reassurance");
    }
  }
  if (const YamlNode* node = fields.find("when")) moment.when = compile_condition(c, *node);
  if (const YamlNode* node = fields.find("unless")) moment.unless = compile_condition(c, *node);
  if (const YamlNode* node = fields.find("stop")) moment.stop = compile_condition(c, *node);
  compile_messages_named(c, fields.texts("show"), moment.messages);
  compile_choices(c, fields, moment);
  compile_limits(c, fields, moment);
  compile_dates(c, fields, moment);
  compile_expectation(c, fields.text("expect"), moment.expect);
  compile_expectation(c, fields.text("not_at_the_cost_of"), moment.not_at_the_cost_of);
  if (entry.value.is_map()) check_complete(c, entry, fields, moment);
  moment.key = hash64(moment.id);
  c.playbook.moments.push_back(std::move(moment));
}

}  // namespace

void compile_expectation(Compiler& c, const YamlNode* node, Expectation& out) {
  if (node == nullptr) return;
  Words words(node->text);
  if (words.accept("no more") || words.accept("fewer")) {
    out.more = false;
  } else if (!words.accept("more")) {
    c.report.error(node->position, "bad-value", "\"" + node->text + "\" is not an expectation",
                   "more orders, fewer returns, no more returns");
    return;
  }
  const std::string_view id = words.rest();
  for (std::size_t i = 0; i < c.playbook.goals.size(); ++i) {
    if (words.matches_id(c.playbook.goals[i].id) == words.left() && words.left() > 0) {
      out.goal = static_cast<int>(i);
      return;
    }
  }
  if (c.goals_incomplete) return;
  c.report.error(node->position_of(words.offset()), "unknown-name",
                 "\"" + std::string(id) + "\" is not a goal",
                 did_you_mean(id, ids_of(c.playbook.goals)));
}

std::optional<Time> compile_date(Compiler& c, const Fields& fields, std::string_view key) {
  const YamlNode* node = fields.text(key);
  if (node == nullptr) return std::nullopt;
  const bool digits_only = node->text.find_first_not_of("0123456789") == std::string::npos;
  const auto time = digits_only ? std::nullopt : parse_time(node->text);
  if (!time) {
    c.report.error(node->position, "bad-value", "\"" + node->text + "\" is not a date",
                   "2027-03-01, or 2027-03-01T09:00:00+01:00");
  }
  return time;
}

void compile_messages_named(Compiler& c, const std::vector<const YamlNode*>& nodes,
                            std::vector<int>& out) {
  for (const YamlNode* node : nodes) {
    const Message* message = c.playbook.find_message(node->text);
    if (message == nullptr) {
      c.uses_incomplete = true;
      if (c.messages_incomplete) continue;
      c.report.error(node->position, "unknown-name", "\"" + node->text + "\" is not a message",
                     did_you_mean(node->text, ids_of(c.playbook.messages)));
      continue;
    }
    const int index = static_cast<int>(message - c.playbook.messages.data());
    if (std::find(out.begin(), out.end(), index) != out.end()) {
      c.report.error(node->position, "duplicate-name", "\"" + node->text + "\" is listed twice");
      continue;
    }
    out.push_back(index);
  }
}

void compile_moments(Compiler& c) {
  for (const auto& [file, document] : c.documents) {
    if (!file.starts_with("moments/") || !document.readable) continue;
    for (const YamlEntry* entry :
         named_entries(document.root, IdStyle::kKebab, "a moment", c.report)) {
      if (c.playbook.moments.size() >= kMostOfAKind) {
        c.report.error(entry->key.position, "too-many", "there are more than 500 moments");
        return;
      }
      if (const Moment* other = c.playbook.find_moment(entry->key.text)) {
        c.report.error(entry->key.position, "duplicate-name",
                       "moment \"" + other->id + "\" exists already: " + other->position.file +
                           ":" + std::to_string(other->position.line));
        continue;
      }
      if (!entry->value.is_map()) {
        c.report.error(entry->value.position, "wrong-type", "a moment must be a map of keys");
        continue;
      }
      compile_moment(c, *entry);
    }
  }
}

}  // namespace tact::playbook_internal
