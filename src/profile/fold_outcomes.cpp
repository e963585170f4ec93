// Outcomes: goals reached within their window after an exposure, and which message was the last
// touch.
#include <algorithm>

#include "profile/internal/fold_parts.h"
#include "profile/match.h"

namespace tact::fold_parts {
namespace {

// The last message really shown before `at`; the record's received_at and the outcome's event time
// are compared as they are, both are the server's.
const Contact* last_touch(const Core& core, Time at) {
  const Contact* last = nullptr;
  for (const Contact& contact : core.contacts) {
    if (!contact.withheld && contact.counts() && contact.at <= at) last = &contact;
  }
  return last;
}

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

bool is_credited(const Experiment& experiment, const Contact* touch, Time at, Duration within) {
  if (touch == nullptr || at - touch->at >= within) return false;
  return experiment.moment_key == 0 || touch->moment == experiment.moment_key;
}

// An order that was already counted under its id is not another outcome.
bool is_repeated_order(const Core& core, const Event& event) {
  return event.name == "Order Completed" && !event.order_id.empty() &&
         std::any_of(core.orders.begin(), core.orders.end(),
                     [&](const Order& order) { return order.id == event.order_id; });
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
  const Contact* touch = last_touch(core, at);
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
      if (watched.goal.value_from_total)
        tally->value_minor = add_saturated(tally->value_minor, event.value_minor);
      if (is_credited(*experiment, touch, at, watched.goal.within)) ++tally->attributed;
      effects.changed_experiments.push_back(exposure.experiment);
      reached = true;
    }
  }
  if (reached) act_on_visit(core, at);
}

}  // namespace tact::fold_parts
