// experiments/*.yaml
#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/experiment_arms.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

constexpr std::int32_t kWhole = 1'000'000;

struct Part {  // of a layer's visitors
  Probability from, to{kWhole};
};

// "40%" is the first 40%; "40% to 100%" the rest of the layer.
Result<Part> parse_part(std::string_view text) {
  Part part;
  if (const std::size_t to = text.find(" to "); to != std::string_view::npos) {
    TACT_ASSIGN(part.from, parse_percent(trim(text.substr(0, to))));
    TACT_ASSIGN(part.to, parse_percent(trim(text.substr(to + 4))));
  } else {
    TACT_ASSIGN(part.to, parse_percent(text));
  }
  if (part.from.ppm % 100 != 0 || part.to.ppm % 100 != 0)
    return make_error(ErrorCode::kInvalid, "shares count in steps of 0.01%", "for example 33.33%");
  if (part.from >= part.to)
    return make_error(ErrorCode::kInvalid, "nobody would take part", "for example 0% to 50%");
  return part;
}

bool moments_incomplete(const Compiler& c) {
  return std::any_of(c.documents.begin(), c.documents.end(), [](const auto& file) {
    return file.first.starts_with("moments/") && !file.second.readable;
  });
}

// The experiment's moment, or null: reported where it must be there.
const Moment* compile_moment_name(Compiler& c, const Fields& fields, ExperimentPlan& plan) {
  const YamlNode* node = fields.text("moment");
  if (node == nullptr) return nullptr;
  plan.moment = node->text;
  const Moment* moment = c.playbook.find_moment(plan.moment);
  if (plan.status == ExperimentStatus::kEnded) return nullptr;
  if (moment == nullptr) {
    c.uses_incomplete = true;
    if (!moments_incomplete(c)) {
      c.report.error(node->position, "unknown-name", "\"" + plan.moment + "\" is not a moment",
                     did_you_mean(plan.moment, ids_of(c.playbook.moments)));
    }
  } else if (moment->service) {
    c.report.error(node->position, "service-experiment",
                   "\"" + plan.moment + "\" is a service, which everybody gets as it is",
                   "experiment on a moment without kind: service");
    return nullptr;
  } else if (plan.status == ExperimentStatus::kLive && moment->status != MomentStatus::kLive) {
    c.report.warning(node->position, "not-running",
                     "nobody enters: the moment \"" + plan.moment +
                         "\" has status: " + std::string(to_string(moment->status)),
                     "make the moment live, or the experiment status: draft");
  }
  return moment;
}

void compile_traffic_part(Compiler& c, const Fields& fields, ExperimentPlan& plan) {
  if (const YamlNode* layer = fields.text("layer")) {
    if (check_id(*layer, IdStyle::kKebab, "a layer", c.report)) plan.layer = layer->text;
  }
  Part part;
  if (const YamlNode* node = fields.text("traffic")) {
    read_value(node, parse_part, part, c.report);
    if (fields.find("layer") == nullptr && part.from.ppm > 0) {
      c.report.error(node->position, "bad-value", "a part is one of a layer, and none is named",
                     "layer: with a name, or traffic: " + say_percent(part.to.ppm - part.from.ppm));
    }
  }
  plan.from = part.from;
  plan.to = part.to;
}

void warn_missing(Compiler& c, const YamlEntry& entry, const Fields& fields) {
  const auto missing = [&](std::string_view key, const std::string& why, std::string example) {
    if (fields.find(key) != nullptr) return;
    c.report.warning(entry.key.position, "missing-key", "\"" + entry.key.text + "\" " + why,
                     std::move(example));
  };
  missing("asks", "asks nothing", "asks: does a warmer tone help; the report answers it");
  missing("because", "states no reason to expect an answer", "because: why it may be so");
  missing("expect", "has no goal of its own, so the first one is taken", "expect: more orders");
  missing("owner", "belongs to nobody", "owner: merchandising");
  for (const std::string_view key : {"moment", "arms"}) {
    if (fields.find(key) != nullptr) continue;
    c.report.error(entry.key.position, "missing-key",
                   "\"" + entry.key.text + "\" has no " + std::string(key),
                   key == "moment" ? "moment: fit-help" : "arms: two or more, the control first");
  }
}

// --- arms that are alike, or cannot be compared
// ---------------------------------------------------

std::vector<const Variant*> shown_by(const Arm& arm, const Playbook& playbook) {
  std::vector<const Variant*> out;
  for (const int message : arm.moment.messages) {
    for (const Variant& variant : playbook.messages[static_cast<std::size_t>(message)].variants) {
      if (arm.allows(variant.id)) out.push_back(&variant);
    }
  }
  return out;
}

std::string condition_of(const Arm& arm) {
  ByteWriter out;
  for (const auto* clauses : {&arm.moment.when, &arm.moment.unless}) {
    std::set<std::string> shapes;
    for (const Clause& clause : *clauses) shapes.insert(clause_shape(clause));
    out.varint(shapes.size());
    for (const std::string& shape : shapes) out.bytes(shape);
  }
  return out.take();
}

bool same(const Arm& a, const Arm& b, const Playbook& playbook) {
  if (a.kind != b.kind) return false;
  if (a.kind == Arm::Kind::kDefault) return true;
  return shown_by(a, playbook) == shown_by(b, playbook) && condition_of(a) == condition_of(b);
}

std::set<std::string> languages_of(const Arm& arm, const Playbook& playbook) {
  std::set<std::string> out;
  for (const Variant* variant : shown_by(arm, playbook))
    out.insert(variant->locale.substr(0, variant->locale.find_first_of("-_")));
  return out;
}

bool about_product(const Arm& arm, const Playbook& playbook) {
  return std::any_of(arm.moment.messages.begin(), arm.moment.messages.end(), [&](int message) {
    return playbook.messages[static_cast<std::size_t>(message)].about == Subject::kProduct;
  });
}

void compare_arms(Compiler& c, const YamlNode& arms, ExperimentPlan& plan) {
  const Playbook& playbook = c.playbook;
  const Arm& control = plan.arms.front();
  for (std::size_t i = 1; i < plan.arms.size(); ++i) {
    const Arm& arm = plan.arms[i];
    const SourcePosition& at = arms.entries[i].key.position;
    for (std::size_t k = 0; k < i; ++k) {
      if (!same(plan.arms[k], arm, playbook)) continue;
      c.report.error(at, "same-arms",
                     "arm \"" + arm.id + "\" is the same as \"" + plan.arms[k].id + "\"",
                     "let it differ, or leave it out");
      break;
    }
    if (languages_of(arm, playbook) != languages_of(control, playbook)) {
      c.report.error(at, "missing-locale",
                     "arm \"" + arm.id + "\" does not speak the same languages as \"" + control.id +
                         "\", so that the two would not be compared on equal visitors",
                     "name variants of every language in both");
    }
    plan.triggers_differ = plan.triggers_differ || condition_of(arm) != condition_of(control) ||
                           about_product(arm, playbook) != about_product(control, playbook);
  }
}

void compile_experiment(Compiler& c, const YamlEntry& entry) {
  const Fields fields(entry.value, "an experiment", c.report,
                      {"asks", "because", "moment", "layer", "traffic", "arms", "split", "expect",
                       "not_at_the_cost_of", "owner", "review", "status", "on"});
  if (const YamlNode* on = fields.key("on")) {
    c.report.error(on->position, "unknown-key", "many tools read \"on\" as yes, so it is no key",
                   "moment: fit-help");
  }
  const std::size_t errors = c.report.errors();
  ExperimentPlan plan;
  plan.id = entry.key.text;
  plan.position = entry.key.position;
  plan.asks = fields.string("asks");
  plan.because = fields.string("because");
  plan.owner = fields.string("owner");
  if (const auto status = fields.choice("status", {"draft", "live", "ended"}))
    plan.status = static_cast<ExperimentStatus>(*status);
  if (compile_date(c, fields, "review")) plan.review = fields.string("review");
  compile_traffic_part(c, fields, plan);
  compile_expectation(c, fields.text("expect"), plan.expect);
  compile_expectation(c, fields.text("not_at_the_cost_of"), plan.not_at_the_cost_of);
  const Moment* moment = compile_moment_name(c, fields, plan);
  const YamlNode* arms = fields.find("arms");
  compile_arms(c, arms, moment, plan);
  compile_split(c, fields.find("split"), plan.arms);
  plan.definition = definition_of(plan, arms);
  warn_missing(c, entry, fields);
  // Where something named is missing, "the same" would say nothing.
  if (moment != nullptr && plan.arms.size() > 1 && c.report.errors() == errors)
    compare_arms(c, *arms, plan);
  c.playbook.experiments.push_back(std::move(plan));
}

// --- experiments that get in each other's way ---------------------------------------------------

bool overlap(const ExperimentPlan& a, const ExperimentPlan& b) {
  return a.from < b.to && b.from < a.to;
}

// What of the layer nobody has taken: "40% to 60%, 90% to 100%".
std::string free_parts(const std::vector<const ExperimentPlan*>& taken) {
  std::string out;
  std::int32_t from = 0;
  const auto add = [&](std::int32_t to) {
    if (from < to) {
      out += (out.empty() ? "" : ", ") + say_percent(from) + " to " + say_percent(to);
    }
  };
  for (const ExperimentPlan* plan : taken) {
    add(plan->from.ppm);
    from = std::max(from, plan->to.ppm);
  }
  add(kWhole);
  return out;
}

// `earlier`: the live experiments of the layer that were fine, by `from`.
void check_layer(Compiler& c, const ExperimentPlan& plan,
                 std::vector<const ExperimentPlan*>& earlier) {
  for (const ExperimentPlan* other : earlier) {
    if (!overlap(plan, *other)) continue;
    const std::string free = free_parts(earlier);
    c.report.error(plan.position, "layer-taken",
                   "\"" + plan.id + "\" and \"" + other->id + "\" both take " +
                       say_percent(std::max(plan.from, other->from).ppm) + " to " +
                       say_percent(std::min(plan.to, other->to).ppm) + " of the layer \"" +
                       plan.layer + "\"",
                   free.empty() ? "the layer is full: another layer, or less traffic for others"
                                : "traffic: with a part that is free: " + free);
    return;
  }
  earlier.insert(std::upper_bound(earlier.begin(), earlier.end(), &plan,
                                  [](const auto* a, const auto* b) { return a->from < b->from; }),
                 &plan);
}

void check_same_moment(Compiler& c, const ExperimentPlan& plan, const ExperimentPlan& other) {
  if (plan.moment != other.moment) return;
  if (!plan.layer.empty() && plan.layer == other.layer) return;  // then they share nobody
  c.report.error(plan.position, "two-experiments",
                 "\"" + plan.id + "\" and \"" + other.id + "\" are both live on \"" + plan.moment +
                     "\": who is in both sees one of them only",
                 "give both the same layer, each with its part of the traffic, or end one");
}

void check_together(Compiler& c) {
  std::map<std::string, std::vector<const ExperimentPlan*>> layers;
  const auto& all = c.playbook.experiments;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].status != ExperimentStatus::kLive) continue;
    if (!all[i].layer.empty()) check_layer(c, all[i], layers[all[i].layer]);
    for (std::size_t k = 0; k < i; ++k) {
      if (all[k].status == ExperimentStatus::kLive) check_same_moment(c, all[i], all[k]);
    }
  }
}

// Last: the arms hold copies of the moments, which need not know.
void enter_in_moments(Playbook& playbook) {
  for (std::size_t i = 0; i < playbook.experiments.size(); ++i) {
    const ExperimentPlan& plan = playbook.experiments[i];
    if (plan.status != ExperimentStatus::kLive) continue;
    for (Moment& moment : playbook.moments) {
      if (moment.id == plan.moment) moment.experiments.push_back(static_cast<int>(i));
    }
  }
}

}  // namespace

void compile_experiments(Compiler& c) {
  for (const auto& [file, document] : c.documents) {
    if (!file.starts_with("experiments/") || !document.readable) continue;
    for (const YamlEntry* entry :
         named_entries(document.root, IdStyle::kKebab, "an experiment", c.report)) {
      if (c.playbook.experiments.size() >= kMostOfAKind) {
        c.report.error(entry->key.position, "too-many", "there are more than 500 experiments");
        return;
      }
      if (const ExperimentPlan* other = c.playbook.find_experiment(entry->key.text)) {
        c.report.error(entry->key.position, "duplicate-name",
                       "experiment \"" + other->id + "\" exists already: " + other->position.file +
                           ":" + std::to_string(other->position.line));
        continue;
      }
      if (!entry->value.is_map()) {
        c.report.error(entry->value.position, "wrong-type", "an experiment must be a map of keys");
        continue;
      }
      compile_experiment(c, *entry);
    }
  }
  check_together(c);
  enter_in_moments(c.playbook);
}

}  // namespace tact::playbook_internal
