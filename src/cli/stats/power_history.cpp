#include "cli/stats/power_history.h"

#include <algorithm>

#include "stats/planner.h"

namespace tact::cli {
namespace {

Result<stats::OutcomeHistory> outcome_of(const Members& history, const stats::PowerPlan& plan) {
  stats::OutcomeHistory outcome{plan.kind, plan.baseline, plan.standard_deviation, 0.0};
  if (plan.kind == stats::OutcomeKind::kProportion) {
    if (history.has("nonzero_share")) return history.wrong("nonzero_share", "is the rate itself");
    return outcome;
  }
  TACT_ASSIGN(outcome.nonzero_share, history.number("nonzero_share"));
  if (outcome.nonzero_share > 0.0 && outcome.nonzero_share <= 1.0) return outcome;
  return history.wrong("nonzero_share", "must lie above 0 and is at most 1");
}

json::value day_or_null(const std::optional<int>& day) {
  return day ? json::value(*day) : json::value(nullptr);
}

}  // namespace

Result<json::object> days_of_history(const Members& given, const stats::PowerPlan& plan,
                                     double effect, double power) {
  TACT_ASSIGN(const Members history, given.object("history"));
  TACT_TRY(history.only({"daily_exposures", "window_days", "nonzero_share"}));
  TACT_ASSIGN(const stats::OutcomeHistory outcome, outcome_of(history, plan));
  stats::ExperimentPlan ahead;
  TACT_ASSIGN(ahead.daily_exposures, history.counts("daily_exposures"));
  if (std::all_of(ahead.daily_exposures.begin(), ahead.daily_exposures.end(),
                  [](std::int64_t day) { return day == 0; })) {
    return history.wrong("daily_exposures", "needs a day with visitors");
  }
  TACT_ASSIGN(ahead.window_days, history.number_or("window_days", 0.0));
  if (ahead.window_days < 0.0) return history.wrong("window_days", "must be 0 or more");
  const double all = 1.0 + (plan.arms - 1) * plan.ratio;
  ahead.shares.assign(static_cast<std::size_t>(plan.arms), plan.ratio / all);
  ahead.shares.front() = 1.0 / all;
  ahead.alpha = plan.alpha;
  ahead.power = power;
  ahead.alternative = plan.alternative;
  auto needed = stats::days_needed(ahead, outcome, effect, plan.metrics);
  if (!needed.has_value()) return at_field(std::move(needed).error(), "history");
  return json::object{{"gate", day_or_null(needed->gate)},
                      {"fixed", day_or_null(needed->fixed)},
                      {"always_valid", day_or_null(needed->always_valid)}};
}

}  // namespace tact::cli
