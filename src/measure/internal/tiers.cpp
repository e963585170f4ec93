#include "measure/internal/tiers.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "measure/internal/metric_words.h"
#include "measure/internal/totals.h"
#include "stats/inference.h"

namespace tact::internal {
namespace {

// From far from the purchase to near.
constexpr std::array kOrder = {Tier::kBroad, Tier::kCategory, Tier::kConversion, Tier::kNone};

Tier tier_of(const Playbook& current, const Findings& report) {
  const Moment* moment = current.find_moment(report.plan.name);
  return moment == nullptr ? Tier::kNone : moment->tier;
}

Status count(const Findings& report, const Metric& goal, double alpha, TierFinding::Group& group) {
  const MetricFinding* finding = same_goal(report, goal);
  if (!can_be_counted(report, finding)) {
    group.not_counted.push_back({report.plan.name, why_not(report, finding, goal)});
    return ok();
  }
  TACT_ASSIGN(const auto total, total_of(report, *finding, alpha));
  group.moments.push_back(total.name);
  group.credited += finding->arms[1].credited.last;
  group.created = group.created ? plus(*group.created, total.incremental) : total.incremental;
  return ok();
}

std::string say(const TierFinding::Group& group, const std::string& goal) {
  const std::string whose = group.tier.empty() ? "moments without a tier" : group.tier + " moments";
  if (!group.created) {
    return "What " + whose + " create cannot be said yet.";
  }
  const auto whole = [](double x) { return decimal(std::round(std::fabs(x)), 0); };
  const std::string start =
      "Last click credits " + whose + " with " + decimal(group.credited, 0) + " " + goal;
  const Estimate& created = *group.created;
  if (created.high < 0.0)
    return start + "; in truth about " + whole(created.estimate) + " were lost.";
  if (created.low <= 0.0) {
    return start + say_anyway_at_least(std::llround(group.credited), created.high);
  }
  if (created.estimate >= group.credited) {
    return start + "; about " + whole(created.estimate) + " came because of them.";
  }
  return start + "; about " + whole(group.credited - created.estimate) +
         " of those would have come anyway.";
}

// Than what last click credits all messages with, beside which it stands.
bool credits_more(const TierFinding& found, const MetricFinding& everything) {
  double credited = 0.0;
  for (const TierFinding::Group& group : found.groups) credited += group.credited;
  return everything.arms.size() > 1 && credited > everything.arms[1].credited.last;
}

}  // namespace

std::string tier_name(const TierFinding::Group& group) {
  return group.tier.empty() ? "without a tier" : group.tier;
}

std::string say_how_by_tier() {
  return "By tier, created is the sum of the moments' effects, each measured while the others run: "
         "what takes two moments is counted for both, what either would bring for none; all these "
         "intervals hold at once.";
}

Result<std::optional<TierFinding>> by_tier(const Findings& universal,
                                           std::span<const Findings> moments,
                                           const Playbook& current, double alpha) {
  TACT_TRY(stats::check_alpha(alpha));
  const MetricFinding* primary = universal.primary();
  if (primary == nullptr) return std::optional<TierFinding>();
  const Metric& goal = universal.metric(*primary);
  const double share = shared_alpha(alpha, moments.size());
  TierFinding found;
  for (const Tier tier : kOrder) {
    TierFinding::Group group;
    group.tier = to_string(tier);
    for (const Findings& report : moments) {
      if (!report.anybody() || tier_of(current, report) != tier) continue;
      TACT_TRY(count(report, goal, share, group));
    }
    if (group.moments.empty() && group.not_counted.empty()) continue;
    if (group.created) {
      const Estimate& e = *group.created;
      group.captured = {group.credited - e.estimate, group.credited - e.high,
                        group.credited - e.low};
    }
    found.says += (found.says.empty() ? "" : " ") + say(group, goal_name(goal.name));
    found.groups.push_back(std::move(group));
  }
  const bool any = std::any_of(found.groups.begin(), found.groups.end(),
                               [](const auto& group) { return !group.tier.empty(); });
  if (!any) return std::optional<TierFinding>();
  if (credits_more(found, *primary)) {
    found.says +=
        " That is more than everything together is credited with: each moment counts its "
        "own days.";
  }
  return std::optional<TierFinding>(std::move(found));
}

}  // namespace tact::internal
