#include "measure/internal/moment_lifetime.h"

#include <algorithm>
#include <cstdint>

namespace tact::internal {
namespace {

constexpr int kYear = 365;

}  // namespace

std::int64_t kept_minor(const FollowUp& after) {
  std::int64_t value = 0;
  for (const std::int64_t month : after.value_minor) value = add_clamped(value, month);
  return add_clamped(value, -std::max(after.refund_minor, -INT64_MAX));
}

void put_lifetime(const Experiment& experiment, Plan& plan) {
  const bool money =
      std::any_of(experiment.goals.begin(), experiment.goals.end(),
                  [](const WatchedGoal& watched) { return watched.goal.value_from_total; });
  if (!money) return;
  for (std::size_t i = 0; i < plan.dimensions.size(); ++i) {
    if (plan.dimensions[i].name != "orders before") continue;
    plan.lifetime = {i, 0, static_cast<int>(kFollowedDays),
                     kYear - static_cast<int>(kFollowedDays)};
  }
}

void fill_history(const ExposureView& row, const Plan& plan, Time now, UnitFacts& facts) {
  if (!plan.lifetime) return;
  facts.history = {};
  const auto first_time = static_cast<std::int32_t>(plan.lifetime->cell);
  if (facts.cells[plan.lifetime->dimension] != first_time) return;
  if (now - row.at < kFollowed) return;
  HistoryFacts& history = facts.history;
  history.counts = true;
  history.value = std::clamp(kept_minor(row.follow_up), -kLargestFact, kLargestFact);
  const DaySet& days = row.follow_up.order_days;
  const auto first = days.first(0);
  if (!first) return;
  history.orders = static_cast<std::int32_t>(days.count());
  history.first = static_cast<std::int32_t>(*first);
  history.last = static_cast<std::int32_t>(days.last().value_or(*first));
}

}  // namespace tact::internal
