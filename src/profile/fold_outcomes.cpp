// Outcomes: goals reached within their window after an exposure, and which messages are credited.
#include <algorithm>
#include <optional>
#include <vector>

#include "profile/attribution.h"
#include "profile/internal/fold_parts.h"
#include "profile/match.h"

namespace tact::fold_parts {
namespace {

// Null when there are too many; the primary goal always has its place.
GoalTally* tally_of(const Core& core, Exposure& exposure, std::uint64_t goal, bool primary) {
  for (GoalTally& tally : exposure.goals) {
    if (tally.goal == goal) return &tally;
  }
  if (exposure.goals.size() + (primary ? 0 : 1) >= kMaxGoals) return nullptr;
  if (!primary && tallies_in(core) >= kMaxTallies) return nullptr;
  exposure.goals.push_back({.goal = goal});
  return &exposure.goals.back();
}

// The messages that led to an outcome at `at`, the oldest first (attribution.h). The record's
// received_at and the outcome's event time are compared as they are, both are the server's.
std::vector<const Contact*> touches_before(const Core& core, Time at) {
  Time last_order{};
  for (const Order& order : core.orders) {
    if (order.at < at) last_order = std::max(last_order, order.at);
  }
  std::vector<const Contact*> touches;
  for (const Contact& contact : core.contacts) {
    const bool is_shown = !contact.withheld && contact.counts();
    if (is_shown && contact.at > last_order && contact.at <= at) touches.push_back(&contact);
  }
  return touches;
}

bool is_of(const Experiment& experiment, const Contact& touch) {
  return experiment.moment_key == 0 || touch.moment == experiment.moment_key;
}

void credit(GoalTally& tally, const Experiment& experiment,
            const std::vector<const Contact*>& touches, Time at, Duration within) {
  if (touches.empty()) return;
  const Contact& last = *touches.back();
  if (at - last.at < within && is_of(experiment, last)) ++tally.attributed;
  const auto first = std::find_if(touches.begin(), touches.end(),
                                  [&](const Contact* touch) { return at - touch->at < within; });
  const auto n = static_cast<std::size_t>(touches.end() - first);
  for (std::size_t i = 0; i < n; ++i) {
    if (!is_of(experiment, *first[static_cast<std::ptrdiff_t>(i)])) continue;
    tally.linear += linear_share(i, n);
    tally.position += position_share(i, n);
  }
}

// An order that was already counted under its id is not another outcome.
bool is_repeated_order(const Core& core, const Event& event) {
  return event.name == "Order Completed" && !event.order_id.empty() &&
         std::any_of(core.orders.begin(), core.orders.end(),
                     [&](const Order& order) { return order.id == event.order_id; });
}

void add_value(GoalTally& tally, const Event& event) {
  tally.value_minor = add_saturated(tally.value_minor, event.value_minor);
  if (!event.has_margin) return;
  tally.told_minor = add_saturated(tally.told_minor, event.value_minor);
  tally.margin_minor = add_saturated(tally.margin_minor, event.margin_minor);
}

void act_on_visit(Core& core, Time at) {
  for (Contact& contact : core.contacts) {
    if (contact.at >= core.visit.started && contact.at <= at && !contact.acted) {
      acted(core, contact);
      core.totals_of(contact.moment).ignored_run = 0;
      core.ignored_run = 0;
    }
  }
}

}  // namespace

std::size_t tallies_in(const Core& core) {
  std::size_t all = 0;
  for (const Exposure& exposure : core.exposures) all += exposure.goals.size();
  return all;
}

void outcomes(Core& core, const Record& record, const Event& event, const FoldContext& context,
              FoldEffects& effects) {
  if (core.exposures.empty() || is_repeated_order(core, event)) return;
  const Time at = record.event_time;
  follow(core, event, at, effects);
  // Once a goal is reached, which is seldom.
  std::optional<std::vector<const Contact*>> touches;
  bool reached = false;
  for (Exposure& exposure : core.exposures) {
    const Experiment* experiment = context.experiments.find(exposure.experiment);
    if (experiment == nullptr || at < exposure.at) continue;
    for (const WatchedGoal& watched : experiment->goals) {
      if (at >= exposure.at + watched.goal.within || !matches(watched.goal.seen, event)) continue;
      const bool primary = &watched == &experiment->goals.front();
      GoalTally* tally = tally_of(core, exposure, watched.key, primary);
      if (tally == nullptr) continue;
      ++tally->count;
      if (watched.goal.value_from_total) add_value(*tally, event);
      if (!touches) touches = touches_before(core, at);
      credit(*tally, *experiment, *touches, at, watched.goal.within);
      effects.changed_experiments.push_back(exposure.experiment);
      reached = true;
    }
  }
  if (reached) act_on_visit(core, at);
}

}  // namespace tact::fold_parts
