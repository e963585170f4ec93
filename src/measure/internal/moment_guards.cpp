#include "measure/internal/moment_guards.h"

#include <algorithm>
#include <array>

namespace tact::internal {
namespace {

struct Guard {
  const char* says;  // "visitors who" before it is the name: no goal's id has a space
  std::uint32_t FollowUp::* count;
  Duration within;
  bool of_messages;                        // only who was shown one can do it
  std::array<std::string_view, 2> events;  // a goal that sees one of these counts the same
};
constexpr std::array<Guard, 6> kGuards = {{
    {"unsubscribed", &FollowUp::unsubscribes, kReacted, false, {"Unsubscribed"}},
    {"complained",
     &FollowUp::complaints,
     kReacted,
     false,
     {"Email Marked as Spam", "Complaint Made"}},
    {"returned something", &FollowUp::returns, kFollowed, false, {"Order Returned"}},
    {"were refunded", &FollowUp::refunds, kFollowed, false, {"Order Refunded"}},
    {"ignored a message", &FollowUp::ignored, kReacted, true, {}},
    {"dismissed a message", &FollowUp::dismissed, kReacted, true, {"Message Dismissed"}},
}};

// The author's guardrail, if that is a goal of the experiment (put_metrics).
const Metric* named_by_author(const Plan& plan) {
  const auto found =
      std::find_if(plan.metrics.begin(), plan.metrics.end(),
                   [](const Metric& metric) { return metric.role == MetricRole::kGuardrail; });
  return found == plan.metrics.end() ? nullptr : &*found;
}

bool counts_the_same(const Experiment& experiment, const Metric* named, const Guard& guard) {
  if (named == nullptr) return false;
  return std::any_of(
      experiment.goals.begin(), experiment.goals.end(), [&](const WatchedGoal& watched) {
        const Seen& seen = watched.goal.seen;
        return watched.goal.id == named->name && seen.kind == Seen::Kind::kTrack &&
               std::find(guard.events.begin(), guard.events.end(), seen.name) != guard.events.end();
      });
}

}  // namespace

void put_guards(const Experiment& experiment, Plan& plan) {
  const Metric* const named = named_by_author(plan);
  std::vector<Metric> guards;
  for (std::size_t i = 0; i < kGuards.size(); ++i) {
    const Guard& guard = kGuards[i];
    if (guard.of_messages && !experiment.all_arms_show) continue;
    if (counts_the_same(experiment, named, guard)) continue;
    Metric metric;
    metric.name = plan.units() + " who " + guard.says;
    metric.says = guard.says;
    metric.kind = MetricKind::kProportion;
    metric.role = MetricRole::kGuardrail;
    metric.more = false;
    metric.within = guard.within;
    metric.standing = i;
    guards.push_back(std::move(metric));
  }
  if (plan.metrics.size() + guards.size() > kMostMetrics) return;  // room for what authors name
  plan.metrics.insert(plan.metrics.end(), guards.begin(), guards.end());
}

void fill_guard(const ExposureView& row, std::size_t standing, MetricFacts& metric) {
  metric.value = row.follow_up.*kGuards[standing].count > 0 ? 1 : 0;
}

}  // namespace tact::internal
