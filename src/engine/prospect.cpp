#include "engine/prospect.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "base/stop.h"
#include "decide/decide.h"
#include "engine/derive.h"
#include "engine/replay.h"
#include "log/log.h"
#include "profile/match.h"
#include "stats/gate.h"
#include "stats/planner.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr int kLeastDays = 28;
constexpr std::int64_t kFewestVisitors = 50, kFewestOutcomes = 10;
constexpr double kPower = 0.8, kSmallestShare = 0.1;

Time start_of_day(Time at) { return Time{at.time_since_epoch() / days(1) * days(1)}; }

// The playbook as if the moment were live, for ever and for everybody.
Result<Playbook> with_live(const Playbook& current, std::string_view id) {
  Playbook out = current;
  const auto moment = std::find_if(out.moments.begin(), out.moments.end(),
                                   [&](const Moment& one) { return one.id == id; });
  const auto refuse = [&](const char* why) {
    return make_error(ErrorCode::kInvalid, why, std::string(id));
  };
  if (moment == out.moments.end()) {
    return make_error(ErrorCode::kNotFound, "the playbook in use has no moment of this name",
                      std::string(id));
  }
  if (moment->status == MomentStatus::kIdea) return refuse("an idea does not say when it shows");
  if (moment->service) return refuse("services are not held back, so nothing is compared");
  if (!moment->expect) return refuse("it expects nothing: a goal is needed (expect: more orders)");
  if (moment->hold_back.ppm == 0) return refuse("nobody is held back, so nothing is compared");
  moment->status = MomentStatus::kLive;
  moment->from.reset();
  moment->until.reset();
  moment->experiments.clear();
  return out;
}

struct Person {
  bool asked = false;
  std::optional<Time> met;  // first
  std::vector<Time> reached;
};

class LookBack {
 public:
  LookBack(const Store& store, const Playbook& playbook, const ExperimentBook& book,
           std::string_view moment, Time now, const std::stop_token& stop)
      : store_(store),
        playbook_(playbook),
        context_{playbook, book},
        moment_(*playbook.find_moment(moment)),
        index_(static_cast<int>(&moment_ - playbook.moments.data())),
        goal_(playbook.goals[static_cast<std::size_t>(moment_.expect.goal)]),
        stop_(stop) {
    const auto goal_days = (goal_.within + days(1) - Duration{1}) / days(1);
    const auto weeks = (kLeastDays + goal_days + 6) / 7;
    until_ = start_of_day(now);
    from_ = until_ - days(static_cast<int>(7 * weeks));
  }

  Status read() {
    Status problem = ok();
    TACT_TRY(store_.scan(Family::kProfile, {}, {}, [&](std::string_view key, std::string_view row) {
      problem = add(key, row);
      return problem.has_value();
    }));
    return problem;
  }

  Prospect finish() {
    merge();
    Prospect out{.moment = moment_.id,
                 .slot = moment_.slot,
                 .goal = goal_.id,
                 .within = goal_.within,
                 .hold_back = moment_.hold_back.as_double()};
    out.from = std::max(from_, start_of_day(first_asked_));
    auto length = std::max<std::int64_t>(0, (until_ - out.from) / days(1));
    if (length >= 7) length -= length % 7;
    out.daily.assign(static_cast<std::size_t>(length), 0);
    for (const auto& [visitor, person] : people_) add(person, out);
    return out;
  }

 private:
  Status add(std::string_view key, std::string_view row) {
    TACT_TRY(check_not_stopped(stop_));
    const auto visitor = keys::parse_visitor(key);
    if (!visitor) return make_error(ErrorCode::kCorrupt, "the key of a profile cannot be read");
    TACT_ASSIGN(const Profile profile, Profile::decode(row));
    if (profile.core.merged_into != VisitorId{}) merged_[*visitor] = profile.core.merged_into;
    return read_one(*visitor);
  }

  struct Question {
    std::uint64_t before = 0;  // records
    Record record;
  };

  Status read_one(const VisitorId& visitor) {
    std::vector<Question> questions;
    std::set<std::string> orders;
    Person person;
    std::uint64_t records = 0;
    TACT_TRY(read_visitor(store_, visitor, Offset{1}, kToTheEnd, [&](Offset, const Record& record) {
      const auto* question = std::get_if<DecisionRecord>(&record.body);
      const Time at = record.event_time;
      if (question != nullptr && question->slot == moment_.slot && at >= from_ && at < until_)
        questions.push_back({records, record});
      const auto* event = std::get_if<Event>(&record.body);
      if (event != nullptr && at >= from_ && at < until_ && !record.has(record_flags::kNobody) &&
          matches(goal_.seen, *event) &&
          (event->order_id.empty() || orders.insert(event->order_id).second))
        person.reached.push_back(at);
      ++records;
      return true;
    }));
    if (!questions.empty()) TACT_TRY(ask_again(visitor, questions, person));
    if (person.asked || !person.reached.empty()) people_[visitor] = std::move(person);
    return ok();
  }

  Status ask_again(const VisitorId& visitor, const std::vector<Question>& questions,
                   Person& person) {
    Replayed replayed = begin_replay(context_);
    for (const Question& question : questions) {
      const auto missing = static_cast<std::size_t>(question.before - replayed.records);
      if (missing > 0) {
        TACT_ASSIGN([[maybe_unused]] const bool end,
                    continue_replay(store_, visitor, missing, context_, replayed));
      }
      const Decision decision = decide_again(replayed.profile, question.record);
      if (decision.moment == index_ && decision.held_out_universal) return ok();  // no part of it
      if (!person.asked) first_asked_ = std::min(first_asked_, question.record.event_time);
      person.asked = true;
      if (decision.moment != index_) continue;
      person.met = question.record.event_time;
      return ok();
    }
    return ok();
  }

  // As derive.cpp does, under the playbook of today.
  Decision decide_again(Profile& profile, const Record& record) const {
    advance(profile, record.received_at, context_);
    return decide(view_of_question(record, profile, playbook_),
                  std::get<DecisionRecord>(record.body).slot);
  }

  // What a visitor did before a login is the known person's.
  void merge() {
    for (const auto& [loser, next] : merged_) {
      const auto from = people_.find(loser);
      if (from == people_.end()) continue;
      VisitorId winner = next;
      for (std::size_t hops = 0; merged_.contains(winner) && hops < merged_.size(); ++hops)
        winner = merged_.at(winner);
      const Person person = std::move(from->second);
      people_.erase(from);
      Person& to = people_[winner];
      to.asked = to.asked || person.asked;
      if (person.met) to.met = std::min(to.met.value_or(*person.met), *person.met);
      to.reached.insert(to.reached.end(), person.reached.begin(), person.reached.end());
    }
  }

  void add(const Person& person, Prospect& out) const {
    out.asked += person.asked ? 1 : 0;
    if (!person.met) return;
    const Time at = *person.met;
    const auto day = static_cast<std::size_t>((at - out.from) / days(1));
    if (day >= out.daily.size()) return;
    ++out.daily[day];
    ++out.met;
    if (at + goal_.within > until_) return;
    out.outcomes.add(static_cast<double>(
        std::count_if(person.reached.begin(), person.reached.end(),
                      [&](Time t) { return t >= at && t < at + goal_.within; })));
  }

  const Store& store_;
  const Playbook& playbook_;
  FoldContext context_;
  const Moment& moment_;
  int index_;
  const Goal& goal_;
  Time from_{}, until_{}, first_asked_ = Time::max();
  std::stop_token stop_;
  std::map<VisitorId, Person> people_;
  std::map<VisitorId, VisitorId> merged_;
};

double rounded(double x) {  // to two digits
  if (x == 0.0) return x;
  const double step = std::pow(10.0, std::floor(std::log10(std::fabs(x))) - 1.0);
  return step >= 1.0 ? std::round(x / step) * step : std::round(x / step) / std::round(1.0 / step);
}

std::string words(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", x);
  return text;
}

std::optional<int> rounded_days(const std::optional<int>& day) {
  if (!day) return std::nullopt;
  return static_cast<int>(rounded(*day));
}

std::string say_days(const std::optional<int>& day) {
  return day ? "after about " + std::to_string(*day) + " days" : "in no ten years";
}

std::string say(const Prospect& of, const ProspectPlan& plan) {
  const std::string begun = format_time(of.from).substr(0, 10);
  return "Had " + of.moment + " begun on " + begun + ", about " + words(plan.per_day) +
         " visitors a day would have met it; of 100 of them about " +
         words(rounded(100 * plan.rate)) + " " + of.goal + " came within " +
         std::to_string(of.within / days(1)) + " days. With " + words(100 * of.hold_back) +
         " % held back, each arm has its " + std::to_string(stats::kGateNonzeroVisitors) +
         " visitors with an outcome " + say_days(plan.gate) +
         ". A difference of 10 % of that is told, in 80 of 100 cases, " + say_days(plan.every_day) +
         " if one looks every day, " + say_days(plan.one_look) + " if one looks once.";
}

std::string say_too_few(const Prospect& of) {
  return "There is too little history to plan " + of.moment + " with: it takes a week in which " +
         of.slot +
         " was asked about, 50 visitors who would have met it and whose time is over, and 10 of "
         "them who reached " +
         of.goal + ".";
}

// No two answers tell of a visitor by their difference.
std::int64_t in_fifties(std::int64_t count) { return count / 50 * 50; }

json::value or_null(const std::optional<int>& day) {
  return day ? json::value(*day) : json::value(nullptr);
}

}  // namespace

Result<Prospect> look_back(const Store& store, const PlaybookState& state, std::string_view moment,
                           Time now, const std::stop_token& stop) {
  TACT_ASSIGN(const Playbook playbook, with_live(*state.playbook, moment));
  LookBack looking(store, playbook, state.experiments, moment, now, stop);
  TACT_TRY(looking.read());
  return looking.finish();
}

Result<ProspectPlan> plan_of(const Prospect& prospect) {
  ProspectPlan out;
  out.enough = prospect.daily.size() >= 7 && prospect.outcomes.n >= kFewestVisitors &&
               prospect.outcomes.nonzero >= kFewestOutcomes;
  out.says = say_too_few(prospect);
  if (!out.enough) return out;
  TACT_ASSIGN(const stats::OutcomeHistory outcome,
              stats::history_of(prospect.outcomes, stats::OutcomeKind::kMean));
  stats::ExperimentPlan ahead;
  ahead.daily_exposures = prospect.daily;
  ahead.shares = {prospect.hold_back, 1.0 - prospect.hold_back};
  ahead.window_days =
      static_cast<double>(prospect.within.count()) / static_cast<double>(days(1).count());
  ahead.power = kPower;
  TACT_ASSIGN(const auto needed, stats::days_needed(ahead, outcome, kSmallestShare * outcome.mean));
  out.per_day =
      rounded(static_cast<double>(prospect.met) / static_cast<double>(prospect.daily.size()));
  out.rate = rounded(outcome.mean);
  out.worthwhile = rounded(kSmallestShare * outcome.mean);
  out.gate = rounded_days(needed.gate);
  out.one_look = rounded_days(needed.fixed);
  out.every_day = rounded_days(needed.always_valid);
  out.says = say(prospect, out);
  return out;
}

json::object to_json(const Prospect& prospect, const ProspectPlan& plan) {
  json::object out{{"moment", prospect.moment},
                   {"goal", prospect.goal},
                   {"within", format_iso_duration(prospect.within)},
                   {"hold_back", prospect.hold_back},
                   {"says", plan.says},
                   {"enough_history", plan.enough}};
  if (!plan.enough) return out;
  out["from"] = format_time(prospect.from);
  out["of_days"] = prospect.daily.size();
  out["asked"] = in_fifties(prospect.asked);
  out["met"] = in_fifties(prospect.met);
  out["per_day"] = plan.per_day;
  out["rate"] = plan.rate;
  out["worthwhile"] = plan.worthwhile;
  out["power"] = kPower;
  out["gate_days"] = or_null(plan.gate);
  out["days"] = or_null(plan.every_day);
  out["days_one_look"] = or_null(plan.one_look);
  return out;
}

}  // namespace tact
