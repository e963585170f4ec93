#include "measure/plan.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "measure/histories.h"

namespace tact {
namespace {

Error wrong(std::string message, std::string where) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

template <typename Items>
Status check_names(const Items& items, std::size_t most, const char* what) {
  if (items.size() > most) {
    return wrong("at most " + std::to_string(most) + " are allowed", what);
  }
  std::set<std::string_view> names;
  for (const auto& item : items) {
    if (item.name.empty()) return wrong("a name is empty", what);
    if (!names.insert(item.name).second) return wrong("a name is there twice: " + item.name, what);
  }
  return ok();
}

Status check_arms(const Plan& plan) {
  TACT_TRY(check_names(plan.arms, kMostArms, "arms"));
  if (plan.arms.size() < 2) {
    return wrong("there is only one arm: nothing to compare it with", "arms");
  }
  double sum = 0.0;
  for (const ArmPlan& arm : plan.arms) {
    if (!std::isfinite(arm.weight) || arm.weight < 0.0) {
      return wrong("a weight is negative or not finite: " + arm.name, "weights");
    }
    sum += arm.weight;
  }
  if (!std::isfinite(sum)) return wrong("the weights do not have a finite sum", "weights");
  return ok();
}

Status check_metric(const Metric& metric, bool first) {
  const auto good_digits = [](int digits) { return digits >= 0 && digits <= 6; };
  if ((metric.role == MetricRole::kPrimary) != first) {
    return wrong("the first metric is the primary one, and no other: " + metric.name, "metrics");
  }
  if (!good_digits(metric.digits) || !good_digits(metric.second_digits) ||
      !good_digits(metric.covariate_digits)) {
    return wrong("0 to 6 decimal digits: " + metric.name, "metrics");
  }
  if (!(metric.margin > 0.0 && metric.margin < 1.0)) {
    return wrong("a margin is a share between 0 and 1: " + metric.name, "margin");
  }
  if ((metric.kind == MetricKind::kRatio) != (metric.second == SecondIs::kDenominator)) {
    return wrong("a ratio, and no other metric, has a denominator: " + metric.name, "metrics");
  }
  if (metric.second == SecondIs::kCost && metric.second_digits != metric.digits) {
    return wrong("value and cost are counted in the same unit: " + metric.name, "metrics");
  }
  if (metric.of_some() && (first || metric.money || metric.role != MetricRole::kSecondary)) {
    return wrong("of some only something secondary that is no money is counted: " + metric.name,
                 "metrics");
  }
  return ok();
}

Status check_economics(const Plan& plan) {
  const Economics& given = plan.economics;
  if (given.value && *given.value >= plan.metrics.size()) {
    return wrong("the value is none of the metrics", "economics");
  }
  if (given.kept && (*given.kept >= plan.metrics.size() || !given.value)) {
    return wrong("what is kept is none of the metrics, or of no value", "economics");
  }
  if (!(given.margin > 0.0 && given.margin <= 1.0)) {
    return wrong("the share of the value that is kept is above 0 and at most 1", "margin");
  }
  if (!std::isfinite(given.fixed_cost) || given.fixed_cost < 0.0 ||
      !std::isfinite(given.cost_per_unit) || given.cost_per_unit < 0.0) {
    return wrong("a cost is negative or not finite", "cost");
  }
  return ok();
}

Status check_lifetime(const Plan& plan) {
  if (!plan.lifetime) return ok();
  const Lifetime& of = *plan.lifetime;
  if (of.dimension >= plan.dimensions.size() ||
      of.cell >= plan.dimensions[of.dimension].cells.size()) {
    return wrong("lifetime value is of none of the segments", "lifetime");
  }
  if (of.days < 1 || of.days > kMostHistoryDays || of.horizon_days < 1) {
    return wrong("lifetime value takes days, observed and ahead", "lifetime");
  }
  return ok();
}

}  // namespace

Status check_plan(const Plan& plan) {
  TACT_TRY(check_arms(plan));
  TACT_TRY(check_names(plan.metrics, kMostMetrics, "metrics"));
  TACT_TRY(check_names(plan.dimensions, kMostDimensions, "segments"));
  TACT_TRY(check_names(plan.curves, kMostMetrics, "curves"));
  for (std::size_t i = 0; i < plan.metrics.size(); ++i) {
    TACT_TRY(check_metric(plan.metrics[i], i == 0));
  }
  for (const Dimension& dimension : plan.dimensions) {
    if (dimension.cells.size() > kMostCells) {
      return wrong("at most " + std::to_string(kMostCells) + " values are allowed: " +
                       dimension.name + " has " + std::to_string(dimension.cells.size()),
                   "segments");
    }
    if (dimension.possible_cells() < dimension.cells.size()) {
      return wrong("has more values than it may ever have: " + dimension.name, "segments");
    }
  }
  TACT_TRY(check_lifetime(plan));
  return check_economics(plan);
}

}  // namespace tact
