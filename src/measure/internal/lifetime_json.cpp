#include "measure/internal/parts_json.h"

namespace tact::internal {
namespace {

using State = LifetimeFinding::State;

std::string_view name_of(State state) {
  switch (state) {
    case State::kForecast:
      return "forecast";
    case State::kNotEnough:
      return "not enough data";
    case State::kClustered:
      return "clustered";
    case State::kTooFewRepeat:
      return "too few repeat customers";
    case State::kNotEstimable:
      return "not estimable";
    case State::kBoughtEarlier:
      return "bought earlier";
  }
  return "";
}

json::value optional(const std::optional<Estimate>& e) {
  return e ? json::value(to_json(*e)) : json::value(nullptr);
}

json::object arm_json(const Findings& report, std::size_t index) {
  const LifetimeFinding::Arm& arm = report.lifetime->arms[index];
  json::object out = {{"arm", report.plan.arms[index].name},
                      {"visitors", arm.units},
                      {"observed", to_json(arm.observed)},
                      {"forecast", optional(arm.forecast)},
                      {"total", optional(arm.total)}};
  if (!arm.forecast) return out;
  out["customers"] = arm.customers;
  out["bought_again"] = arm.bought_again;
  out["orders_ahead"] = number(arm.purchases);
  out["per_order"] = number(arm.per_purchase);
  return out;
}

}  // namespace

json::value lifetime_json(const Findings& report) {
  if (!report.lifetime) return nullptr;
  const LifetimeFinding& finding = *report.lifetime;
  json::object out = {{"state", name_of(finding.state)},
                      {"says", finding.says},
                      {"assumes", finding.assumes},
                      {"one_look", true},
                      {"days", finding.days},
                      {"horizon_days", finding.horizon_days},
                      {"from", time_or_null(finding.counted_from)},
                      {"to", time_or_null(finding.counted_to)}};
  json::array arms, against;
  for (std::size_t arm = 1; arm < finding.arms.size(); ++arm) {
    arms.push_back(arm_json(report, arm));
  }
  if (!finding.arms.empty()) arms.push_back(arm_json(report, 0));
  for (const LifetimeFinding::Against& one : finding.against) {
    against.push_back({{"arm", report.plan.arms[one.arm].name},
                       {"observed", to_json(one.observed)},
                       {"forecast", optional(one.forecast)},
                       {"total", optional(one.total)}});
  }
  out["arms"] = std::move(arms);
  out["against"] = std::move(against);
  return out;
}

}  // namespace tact::internal
