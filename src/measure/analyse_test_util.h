// For this module's tests only: units made up in memory.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "measure/analyse.h"

namespace tact {

class UnitList final : public UnitSource {
 public:
  explicit UnitList(const Plan& plan) : plan_(plan) {}

  UnitFacts& add(std::uint32_t arm, Day day, std::int64_t value = 0) {
    UnitFacts facts;
    facts.resize_for(plan_);
    facts.arm = arm;
    facts.at = start_of(day);
    facts.metrics[0].value = value;
    units_.push_back(std::move(facts));
    return units_.back();
  }
  // So many units, the first `reached` of them with `value`.
  void add_many(std::uint32_t arm, Day day, int units, int reached, std::int64_t value = 1) {
    for (int i = 0; i < units; ++i) add(arm, day, i < reached ? value : 0);
  }
  std::vector<UnitFacts>& units() { return units_; }

  std::size_t parts() const override { return 5; }
  Status scan(std::size_t part, const Visit& visit) const override {
    for (std::size_t i = part; i < units_.size(); i += parts()) {
      if (!visit(units_[i])) break;
    }
    return ok();
  }

 private:
  const Plan& plan_;
  std::vector<UnitFacts> units_;
};

inline Plan two_arms() {
  Plan plan;
  plan.name = "trial";
  plan.arms = {{"control", 1.0}, {"treatment", 1.0}};
  Metric metric;
  metric.name = "orders";
  metric.role = MetricRole::kPrimary;
  plan.metrics = {metric};
  return plan;
}

inline Findings found(const Plan& plan, const UnitSource& units, Day now) {
  AnalyseOptions options;
  options.now = start_of(now);
  auto findings = analyse(plan, units, options);
  if (!findings.has_value()) {
    ADD_FAILURE() << findings.error().to_text();
    return {};
  }
  return std::move(*findings);
}

}  // namespace tact
