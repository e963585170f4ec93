#include "measure/internal/metric_words.h"

#include <algorithm>
#include <cmath>

namespace tact::internal {
namespace {

std::string money_with_interval(const Estimate& e, const Plan& plan) {
  return std::string(e.estimate > 0.0 ? "+" : "") + money_of(e.estimate, plan) + " (" +
         money_of(e.low, plan) + " to " + money_of(e.high, plan) + ")";
}

}  // namespace

std::string with_interval(const Estimate& e, double scale) {
  const int digits = digits_for(e.low * scale, e.high * scale);
  return signed_decimal(e.estimate * scale, digits) + " (" + decimal(e.low * scale, digits) +
         " to " + decimal(e.high * scale, digits) + ")";
}

std::string per_thousand(const Estimate& e) { return with_interval(e, 1e3) + " per 1,000"; }

std::string say_lift(const stats::LiftSet& lift) {
  if (!lift.estimate || lift.shape != stats::LiftShape::kBounded) return "the data do not bound it";
  const int digits = digits_for(lift.ends.lower * 100.0, lift.ends.upper * 100.0);
  const double estimate = *lift.estimate;
  const std::string sign = estimate > 0.0 ? "+" : "";
  return sign + percent(estimate, digits) + " (" + percent(lift.ends.lower, digits) + " to " +
         percent(lift.ends.upper, digits) + ")";
}

std::string goal_name(std::string_view id) {
  std::string name(id);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string money_of(double amount, const Plan& plan) {
  return money(amount * std::pow(10.0, plan.minor_digits), plan.minor_digits, plan.currency);
}

std::string say_difference(const Plan& plan, const Metric& metric, const Estimate& e) {
  if (metric.money) return money_with_interval(e, plan);
  return metric.kind == MetricKind::kRatio ? with_interval(e, 1.0) : per_thousand(e);
}

std::string say_mean(const Plan& plan, const Metric& metric, const ArmCounts& arm) {
  const double mean = arm.mean(metric.kind);
  if (metric.money) return money_of(mean, plan);
  return metric.kind == MetricKind::kRatio ? decimal(mean, 3)
                                           : decimal(mean * 1e3, 1) + " per 1,000";
}

std::string say_total(const Plan& plan, const Metric& metric, double total) {
  if (metric.money) return money_of(total, plan);
  return decimal(total, std::abs(total - std::round(total)) < 1e-9 ? 0 : 1);
}

std::string say_total(const Plan& plan, const Metric& metric, const Estimate& e) {
  return metric.money ? money_with_interval(e, plan) : with_interval(e, 1.0);
}

std::string say_anyway_at_least(std::int64_t credited, double most_created) {
  const double left = static_cast<double>(credited) - std::floor(most_created);
  const auto anyway = static_cast<std::int64_t>(std::max(left, 0.0));
  if (anyway == 0) return "; how many would have come anyway cannot be told yet.";
  return "; at least " + grouped(anyway) + " of those would have come anyway, perhaps all.";
}

}  // namespace tact::internal
