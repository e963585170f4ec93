// What the arms of an experiment say, and how the traffic is split among them.
#include "playbook/internal/experiment_arms.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

constexpr std::size_t kMostArms = 20;
constexpr std::int32_t kWhole = 1'000'000;

void write_text(ByteWriter& out, const YamlNode& node) {
  out.u8(static_cast<std::uint8_t>(node.kind));
  out.bytes(node.text);
  out.varint(node.items.size());
  for (const YamlNode& item : node.items) write_text(out, item);
  out.varint(node.entries.size());
  for (const YamlEntry& entry : node.entries) {
    out.bytes(entry.key.text);
    write_text(out, entry.value);
  }
}

std::vector<std::string> variant_ids(const Playbook& playbook, const Moment& moment) {
  std::vector<std::string> ids;
  for (const int message : moment.messages) {
    for (const Variant& variant : playbook.messages[static_cast<std::size_t>(message)].variants) {
      if (std::find(ids.begin(), ids.end(), variant.id) == ids.end()) ids.push_back(variant.id);
    }
  }
  return ids;
}

void compile_variants(Compiler& c, const Fields& fields, Arm& arm) {
  const std::vector<std::string> known = variant_ids(c.playbook, arm.moment);
  for (const YamlNode* node : fields.texts("variants")) {
    if (std::find(arm.variants.begin(), arm.variants.end(), node->text) != arm.variants.end()) {
      c.report.error(node->position, "duplicate-name", "\"" + node->text + "\" is listed twice");
    } else if (std::find(known.begin(), known.end(), node->text) != known.end()) {
      arm.variants.push_back(node->text);
    } else if (!known.empty()) {
      c.report.error(node->position, "unknown-name",
                     "\"" + node->text + "\" is not a variant of what this arm shows",
                     did_you_mean(node->text, known));
    }
  }
}

// At the same instants as the others, a message that says nothing of the visitor: it does not
// reveal, and its reason is its own.
void compile_generic(Compiler& c, const Fields& fields, Arm& arm) {
  const YamlNode* node = fields.text("generic");
  if (node == nullptr) return;
  arm.kind = Arm::Kind::kGeneric;
  arm.moment.messages.clear();
  compile_messages_named(c, {node}, arm.moment.messages);
  if (fields.find("show") != nullptr) {
    c.report.error(fields.key("generic")->position, "bad-value",
                   "an arm shows either a message or a generic one, not both", "keep one");
  }
  if (arm.moment.messages.empty()) return;
  const auto index = static_cast<std::size_t>(arm.moment.messages.front());
  const Message& message = c.playbook.messages[index];
  const auto& missing = c.reveals_missing;
  const bool derived = std::find(missing.begin(), missing.end(), index) != missing.end();
  if (derived || message.reveals > Reveals::kPage) {
    c.report.error(node->position, "reveals-too-high",
                   "\"" + message.id + "\" is not generic: it " +
                       (derived ? "does not say what it reveals"
                                : "reveals: " + std::string(to_string(message.reveals))),
                   "a message with reveals: page or nothing");
  }
  if (message.because.empty()) {
    c.report.error(node->position, "missing-key",
                   "the reason for \"" + message.id +
                       "\" would be made from what the visitor did, which is not generic",
                   "because: \"A tip from our shop\", in the message");
  }
}

void compile_shown(Compiler& c, const Fields& fields, const std::string& id, Arm& arm) {
  std::vector<const YamlNode*> named;
  for (const YamlNode* node : fields.texts("show")) {
    if (node->text == "default" && c.playbook.find_message("default") == nullptr) {
      c.report.error(node->position, "unknown-name", "\"default\" is not a message",
                     "an arm that shows nothing is written " + id + ": default");
    } else {
      named.push_back(node);
    }
  }
  if (fields.find("show") == nullptr) return;
  arm.moment.messages.clear();
  compile_messages_named(c, named, arm.moment.messages);
}

// `moment` is null where the experiment's is unknown, or nothing is looked up any more.
void compile_differences(Compiler& c, const YamlEntry& entry, const Moment* moment, Arm& arm) {
  const Fields fields(entry.value, "an arm", c.report,
                      {"show", "variants", "generic", "when", "unless"}, {"then", "rank"});
  if (moment == nullptr) return;
  compile_shown(c, fields, entry.key.text, arm);
  compile_generic(c, fields, arm);
  compile_variants(c, fields, arm);
  if (const YamlNode* node = fields.find("when")) arm.moment.when = compile_condition(c, *node);
  if (const YamlNode* node = fields.find("unless")) arm.moment.unless = compile_condition(c, *node);
}

Arm compile_arm(Compiler& c, const YamlEntry& entry, const Moment* moment) {
  Arm arm;
  arm.id = entry.key.text;
  if (moment != nullptr) arm.moment = *moment;
  const YamlNode& says = entry.value;
  if (says.is_map()) {
    compile_differences(c, entry, moment, arm);
  } else if (says.is_text() && says.text == "default") {
    arm.kind = Arm::Kind::kDefault;
  } else if (!says.is_text() || says.text != "as written") {
    c.report.error(says.position, says.is_text() ? "unknown-value" : "wrong-type",
                   "arm \"" + arm.id + "\" does not say what differs",
                   "as written (the moment as it is), default (nothing is shown), or below it "
                   "show, variants, generic, when or unless");
  }
  return arm;
}

void split_evenly(std::vector<Arm>& arms) {
  const auto n = static_cast<std::int32_t>(arms.size());
  for (std::int32_t i = 0; i < n; ++i) {
    const std::int32_t from = 10'000 * i / n, to = 10'000 * (i + 1) / n;
    arms[static_cast<std::size_t>(i)].weight = {(to - from) * 100};
  }
}

void compile_weight(Compiler& c, const YamlEntry& entry, std::vector<Arm>& arms,
                    std::vector<bool>& given) {
  const auto arm = std::find_if(arms.begin(), arms.end(),
                                [&](const Arm& one) { return one.id == entry.key.text; });
  if (arm == arms.end()) {
    c.report.error(entry.key.position, "unknown-name",
                   "\"" + entry.key.text + "\" is not an arm of this experiment",
                   did_you_mean(entry.key.text, ids_of(arms)));
    return;
  }
  given[static_cast<std::size_t>(arm - arms.begin())] = true;
  const YamlNode* share = require_text(entry.value, "a share", c.report);
  if (!read_value(share, parse_percent, arm->weight, c.report)) return;
  if (arm->weight.ppm == 0) {
    c.report.error(share->position, "bad-value", "nobody is in an arm of 0%", "leave the arm out");
  } else if (arm->weight.ppm % 100 != 0) {
    c.report.error(share->position, "bad-value", "shares count in steps of 0.01%",
                   say_percent(arm->weight.ppm / 100 * 100));
  }
}

}  // namespace

std::string say_percent(std::int32_t ppm) {
  std::string text = std::to_string(ppm / 10'000);
  if (ppm % 10'000 != 0) {
    std::string behind = std::to_string(10'000 + ppm % 10'000).substr(1);
    behind.erase(behind.find_last_not_of('0') + 1);
    text += "." + behind;
  }
  return text + "%";
}

void compile_arms(Compiler& c, const YamlNode* node, const Moment* moment, ExperimentPlan& plan) {
  if (node == nullptr) return;
  for (const YamlEntry* entry : named_entries(*node, IdStyle::kKebab, "an arm", c.report)) {
    if (plan.arms.size() >= kMostArms) {
      c.report.error(entry->key.position, "too-many", "there are more than 20 arms");
      break;
    }
    plan.arms.push_back(compile_arm(c, *entry, moment));
  }
  if (node->is_map() && plan.arms.size() == 1) {
    c.report.error(node->entries.front().key.position, "one-arm",
                   "one arm has nothing to be compared with",
                   "add the moment as it is: now: as written");
  }
}

void compile_split(Compiler& c, const YamlNode* node, std::vector<Arm>& arms) {
  split_evenly(arms);
  if (node == nullptr || (node->is_text() && node->text == "evenly")) return;
  if (!node->is_map()) {
    c.report.error(node->position, "bad-value", "this is not a split",
                   "evenly, or below it a share for each arm, such as 50%");
    return;
  }
  const std::size_t errors = c.report.errors();
  std::vector<bool> given(arms.size());
  for (const YamlEntry& entry : node->entries) compile_weight(c, entry, arms, given);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (!given[i]) {
      c.report.error(node->position, "missing-key", "arm \"" + arms[i].id + "\" has no share",
                     arms[i].id + ": with its share, such as 50%");
      return;
    }
    sum += arms[i].weight.ppm;
  }
  if (sum != kWhole && c.report.errors() == errors) {
    c.report.error(
        node->position, "bad-value",
        "the shares add up to " + say_percent(static_cast<std::int32_t>(sum)) + ", not to 100%",
        "change one of them by " + say_percent(static_cast<std::int32_t>(std::abs(kWhole - sum))));
  }
}

std::uint64_t definition_of(const ExperimentPlan& plan, const YamlNode* arms) {
  ByteWriter out;
  out.bytes(plan.moment);
  if (arms != nullptr) write_text(out, *arms);
  for (const Arm& arm : plan.arms) out.varint(static_cast<std::uint64_t>(arm.weight.ppm));
  return hash64(out.str());
}

}  // namespace tact::playbook_internal
