#include "measure/internal/parts_json.h"

namespace tact::internal {
namespace {

json::value estimate_or_null(const std::optional<Estimate>& e) {
  return e ? json::value(to_json(*e)) : json::value(nullptr);
}

json::object group_json(const TierFinding::Group& group) {
  json::array not_counted;
  for (const AdditivityFinding::NotCounted& one : group.not_counted) {
    not_counted.push_back({{"moment", one.name}, {"why", one.why}});
  }
  const bool counted = group.created.has_value();
  return {{"tier", group.tier.empty() ? json::value(nullptr) : json::value(group.tier)},
          {"moments", json::array(group.moments.begin(), group.moments.end())},
          {"not_counted", std::move(not_counted)},
          {"credited", counted ? whole_or_not(group.credited) : json::value(nullptr)},
          {"created", estimate_or_null(group.created)},
          {"captured", estimate_or_null(group.captured)}};
}

}  // namespace

json::value tiers_json(const Findings& report) {
  if (!report.tiers) return nullptr;
  json::array groups;
  for (const TierFinding::Group& group : report.tiers->groups) groups.push_back(group_json(group));
  return {{"goal", report.plan.metrics.front().name},
          {"says", report.tiers->says},
          {"groups", std::move(groups)}};
}

}  // namespace tact::internal
