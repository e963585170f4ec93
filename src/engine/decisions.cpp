#include "engine/decisions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "base/bytes.h"
#include "base/stop.h"
#include "log/log.h"
#include "profile/fold.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr int kMaxHops = 64;
constexpr std::uint64_t kFewest = 50;  // who withdrew, to be told how many

// What the table is made for.
struct Asked {
  const DecisionsAsked& asked;
  const Experiment& experiment;
  const WatchedGoal& goal;
  int minor_digits = 2;
};

// A text that a browser sent may not begin like a formula: the table is opened in spreadsheets.
std::string cell(std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != text.npos;
  std::string out = formula ? "'" : "";
  out += text;
  if (out.find_first_of(",\"\r\n") == out.npos) return out;
  std::string quoted = "\"";
  for (const char c : out) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// Where a number is not known there is none.
std::string cell_or_empty(std::int64_t number, bool known) {
  return known ? std::to_string(number) : std::string();
}

std::string in_units(std::int64_t minor, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits,
                static_cast<double>(minor) / std::pow(10.0, digits));
  return text;
}

std::string in_millionths(std::uint64_t ppm) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(ppm) / 1e6);
  return text;
}

std::string day_of(Time at) { return format_time(at).substr(0, 10); }

// Of an hour of the week from 1; with the day an hour would name the visit in a web server's log.
std::string part_of_day(std::uint8_t hour_of_week) {
  if (hour_of_week == 0) return {};
  constexpr std::array<const char*, 4> kParts = {"night", "morning", "afternoon", "evening"};
  return kParts[(hour_of_week - 1U) % 24 / 6];
}

constexpr std::string_view kHeader =
    "day,message,variant,propensity,reward,device,visit,orders,days_since_order,source,language,"
    "region,part_of_day,page_type,intent_level,intent,stage,simulated\n";

std::string reward_of(const Exposure& row, const Asked& what) {
  const auto tally = std::find_if(row.goals.begin(), row.goals.end(),
                                  [&](const GoalTally& one) { return one.goal == what.goal.key; });
  if (tally == row.goals.end()) return "0";
  if (!what.asked.money) return std::to_string(tally->count);
  return in_units(tally->value_minor, what.minor_digits);
}

// Of what was done: showing this variant, or nothing. Shares of visitors are drawn in 1 / 10,000
// (assign/assign.h).
std::uint64_t propensity_of(const DecisionRecord& decision, Probability hold_back) {
  const auto held_back = static_cast<std::uint64_t>(hold_back.ppm / 100) * 100;
  if (decision.outcome != Outcome::kShown) return held_back;
  return (1'000'000 - held_back) * decision.propensity_ppm / 1'000'000;
}

std::string line_of(const Exposure& row, const DecisionRecord& decision, std::uint64_t propensity,
                    const Asked& what) {
  const Covariates& before = row.covariates;
  const bool shown = decision.outcome == Outcome::kShown;
  std::string line = day_of(row.at);
  const auto add = [&](const std::string& text) { line += "," + text; };
  add(shown ? cell(decision.message) : "");
  add(shown ? cell(decision.variant) : "");
  add(in_millionths(propensity));
  add(reward_of(row, what));
  add(row.device == Device::kUnknown ? "" : std::string(to_string(row.device)));
  add(std::to_string(row.visit_number));
  add(std::to_string(row.prior_orders));
  add(cell_or_empty(before.days_since_order, before.days_since_order >= 0));
  add(before.source == TrafficSource::kUnknown ? "" : std::string(to_string(before.source)));
  add(cell(before.language));
  add(cell(before.region));
  add(part_of_day(before.hour_of_week));
  add(cell(before.page_type));
  add(before.intent_level == IntentLevel::kUntold ? ""
                                                  : std::string(to_string(before.intent_level)));
  add(cell(before.intent));
  add(cell(before.stage));
  add(row.simulated ? "1" : "0");
  return line + "\n";
}

// The decision of `moment` at that instant, by the visitor or by one absorbed.
Result<std::optional<DecisionRecord>> decision_at(const Store& store, const VisitorId& visitor,
                                                  Offset to, std::string_view moment, Time at,
                                                  int hops) {
  if (hops > kMaxHops) return make_error(ErrorCode::kCorrupt, "a chain of merges does not end");
  std::optional<DecisionRecord> found;
  Status inner = ok();
  TACT_TRY(read_visitor(store, visitor, Offset{1}, to, [&](Offset, const Record& record) {
    const auto* decision = std::get_if<DecisionRecord>(&record.body);
    if (decision != nullptr && record.event_time == at && decision->moment == moment) {
      found = *decision;
    } else if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
      auto theirs = decision_at(store, absorb->loser, Offset{absorb->loser_offset.value - 1},
                                moment, at, hops + 1);
      if (theirs.has_value()) {
        found = std::move(*theirs);
      } else {
        inner = theirs.error();
      }
    }
    return !found && inner.has_value();
  }));
  TACT_TRY(inner);
  return found;
}

// Since refused, as the profile of today says; a visitor without one allowed nothing.
Result<bool> has_withdrawn(const Store& store, const VisitorId& visitor, const Exposure& row) {
  if (row.follow_up.withdrew) return true;
  TACT_ASSIGN(const auto bytes, store.get(Family::kProfile, keys::profile(visitor)));
  if (!bytes) return true;
  TACT_ASSIGN(const Profile profile, Profile::decode(*bytes));
  const ConsentLedger& consent = profile.core.consent;
  return consent.denied_since(Purpose::kPersonalization).has_value() ||
         consent.denied_since(Purpose::kAnalytics).has_value();
}

class Collector {
 public:
  Collector(const Store& store, const Playbooks& playbooks, const Asked& what)
      : store_(store), playbooks_(playbooks), what_(what) {}

  Status add(const VisitorId& visitor, const Exposure& row) {
    const DecisionsAsked& asked = what_.asked;
    TACT_TRY(check_not_stopped(asked.stop));
    if ((asked.from && row.at < *asked.from) || (asked.until && row.at >= *asked.until))
      return ok();
    TACT_ASSIGN(const bool withdrew, has_withdrawn(store_, visitor, row));
    if (withdrew) return count(table_.withdrew);
    if (row.at + what_.goal.goal.within > asked.now) return count(table_.open);
    TACT_ASSIGN(const auto decision,
                decision_at(store_, visitor, Offset{~0ULL}, asked.moment, row.at, 0));
    if (!decision) return count(table_.not_in_log);
    if (!decision->assignment.experiment.empty()) return count(table_.in_experiment);
    TACT_ASSIGN(const auto playbook, playbooks_.find(decision->playbook));
    const Moment* moment = playbook->find_moment(asked.moment);
    if (moment == nullptr) {
      return make_error(ErrorCode::kCorrupt, "a decision names a moment its playbook has not",
                        asked.moment);
    }
    lines_.push_back(line_of(row, *decision, propensity_of(*decision, moment->hold_back), what_));
    return ok();
  }

  DecisionTable finish() {
    std::sort(lines_.begin(), lines_.end());
    table_.rows = lines_.size();
    table_.csv = kHeader;
    for (const std::string& line : lines_) table_.csv += line;
    return std::move(table_);
  }

 private:
  static Status count(std::uint64_t& left_out) {
    ++left_out;
    return ok();
  }
  const Store& store_;
  const Playbooks& playbooks_;
  const Asked& what_;
  DecisionTable table_;
  std::vector<std::string> lines_;
};

Status scan_rows(const Store& store, const Experiment& experiment, Collector& collector) {
  const std::string prefix = keys::facts_prefix(experiment.id);
  Status problem = ok();
  TACT_TRY(
      store.scan(Family::kFacts, prefix, {}, [&](std::string_view key, std::string_view bytes) {
        ByteReader in(bytes);
        const Exposure row = Exposure::decode(in);
        const auto visitor = keys::parse_visitor(key.substr(prefix.size()));
        if (in.failed() || !visitor) {
          problem =
              make_error(ErrorCode::kCorrupt,
                         "a row of facts cannot be read; run `tact verify`, then `tact rebuild`",
                         "experiment of " + experiment.moment);
          return false;
        }
        problem = collector.add(*visitor, row);
        return problem.has_value();
      }));
  return problem;
}

Result<const WatchedGoal*> goal_of(const Experiment& experiment, const DecisionsAsked& asked) {
  std::string names;
  for (const WatchedGoal& watched : experiment.goals) {
    names += (names.empty() ? "" : ", ") + watched.goal.id;
    if (!asked.goal.empty() && watched.goal.id != asked.goal) continue;
    if (!asked.money || watched.goal.value_from_total) return &watched;
    return make_error(ErrorCode::kInvalid, "the goal has no money", watched.goal.id);
  }
  return make_error(ErrorCode::kNotFound, "the moment counts no such goal; there are " + names,
                    asked.goal);
}

}  // namespace

Result<DecisionTable> decision_table(const Store& store, const Playbooks& playbooks,
                                     const DecisionsAsked& asked) {
  const auto state = playbooks.current();
  const Playbook& current = *state->playbook;
  const Moment* moment = current.find_moment(asked.moment);
  const Experiment* experiment =
      moment == nullptr ? nullptr : state->experiments.of_moment(current.hash, asked.moment);
  if (experiment == nullptr) {
    return make_error(ErrorCode::kNotFound,
                      moment == nullptr ? "the playbook in use has no moment of this name"
                                        : "services and ideas are not held back: nothing is left "
                                          "to chance, so that no other policy can be judged",
                      asked.moment);
  }
  TACT_ASSIGN(const WatchedGoal* goal, goal_of(*experiment, asked));
  const Asked what{asked, *experiment, *goal, current.site.minor_digits};
  Collector collector(store, playbooks, what);
  TACT_TRY(scan_rows(store, *experiment, collector));
  return collector.finish();
}

std::string say_left_out(const DecisionTable& table) {
  std::string out = std::to_string(table.rows) + " decisions";
  std::string rest;
  const auto add = [&](std::uint64_t count, const char* why) {
    if (count > 0) rest += (rest.empty() ? "" : ", ") + std::to_string(count) + " " + why;
  };
  add(table.open, "whose time for the goal is not over");
  // As in a report: who did so is a group by itself.
  if (table.withdrew > 0 && table.withdrew < kFewest) {
    rest += (rest.empty() ? "" : ", ") + std::string("fewer than 50");
    rest += " whose visitors withdrew consent";
  } else {
    add(table.withdrew, "whose visitors withdrew consent");
  }
  add(table.in_experiment, "in an A/B experiment");
  add(table.not_in_log, "no longer in the log");
  return out + (rest.empty() ? "" : "; left out: " + rest);
}

}  // namespace tact
