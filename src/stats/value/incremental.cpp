#include "stats/value/incremental.h"

#include <algorithm>
#include <cmath>

#include "stats/internal/ratio_set.h"
#include "stats/sequential.h"
#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

// One arm, per visitor.
struct Arm {
  ArmSummary value;
  ArmSummary cost;
  ArmSummary profit;
  double covariance = 0.0;  // of the means of profit and cost
};

Result<Arm> prepare(const ValueAndCost& sums, double margin) {
  TACT_ASSIGN(const CenteredSums centered, centered_sums(sums.value, sums.cost));
  Arm arm;
  TACT_ASSIGN(arm.value, summarize(sums.value, OutcomeKind::kMean));
  const auto n = static_cast<double>(sums.value.n);
  arm.cost = {sums.value.n, sums.cost.sum / n, centered.zz / (n - 1.0)};
  const double whole = margin * margin * centered.yy + centered.zz;
  const double squares = whole - 2.0 * margin * centered.yz;
  arm.profit = {sums.value.n, margin * arm.value.mean - arm.cost.mean, 0.0};
  // A cost that is a fixed part of the value leaves nothing but rounding.
  if (squares > 1e-12 * whole) arm.profit.variance = squares / (n - 1.0);
  arm.covariance = (margin * centered.yz - centered.zz) / (n - 1.0) / n;
  return arm;
}

// What the treatment earned and cost per treated visitor, the fixed cost shared among them.
struct Spent {
  double profit = 0.0;
  double profit_variance = 0.0;
  double cost = 0.0;
  double cost_variance = 0.0;
  double covariance = 0.0;
};

LiftSet return_on(Spent s, double q) {
  if (!(s.cost > 0.0)) return LiftSet{};
  // The unit of money does not matter; with the largest of them as one, no square overflows.
  const double unit = std::max(
      {s.cost, std::fabs(s.profit), std::sqrt(s.profit_variance), std::sqrt(s.cost_variance)});
  s.profit /= unit;
  s.cost /= unit;
  s.profit_variance = s.profit_variance / unit / unit;
  s.cost_variance = s.cost_variance / unit / unit;
  s.covariance = s.covariance / unit / unit;
  const double q2 = q * q;
  internal::Quadratic quadratic;
  quadratic.a = s.cost * s.cost - q2 * s.cost_variance;
  quadratic.b = s.profit * s.cost - q2 * s.covariance;
  quadratic.c = s.profit * s.profit - q2 * s.profit_variance;
  const double first = s.profit_variance * s.cost * s.cost + s.cost_variance * s.profit * s.profit -
                       2.0 * s.covariance * s.profit * s.cost;
  const double second = s.profit_variance * s.cost_variance - s.covariance * s.covariance;
  quadratic.quarter_discriminant = q2 * (first - q2 * second);
  if (quadratic.a > 0.0) {
    quadratic.quarter_discriminant = std::max(quadratic.quarter_discriminant, 0.0);
  }
  LiftSet set = internal::solve(quadratic);
  set.estimate = s.profit / s.cost;
  return set;
}

Result<Difference> difference_of(const ArmSummary& treatment, const ArmSummary& control,
                                 const ReturnOptions& options) {
  TACT_ASSIGN(Difference difference, welch_difference(treatment, control, options.alpha));
  if (options.tuning_visitors) {
    TACT_ASSIGN(
        const auto always,
        sequential_difference(treatment, control, {options.alpha, *options.tuning_visitors}));
    difference.interval = always.interval;
    difference.p = always.p;
  }
  return difference;
}

// Half-width in standard errors of an interval beside the profit's.
Result<double> critical_of(const Difference& profit, std::int64_t visitors,
                           const ReturnOptions& options) {
  if (!options.tuning_visitors) return t_critical(options.alpha / 2.0, profit.df);
  return sequence_critical(static_cast<double>(visitors),
                           {options.alpha, *options.tuning_visitors});
}

}  // namespace

void ValueAndCost::add(double value_of_one, double cost_of_one) {
  value.add(value_of_one);
  cost.add(value_of_one, cost_of_one);
}

ValueAndCost& ValueAndCost::operator+=(const ValueAndCost& other) {
  value += other.value;
  cost += other.cost;
  return *this;
}

Result<IncrementalReturn> incremental_return(const ValueAndCost& treatment,
                                             const ValueAndCost& control,
                                             const ReturnOptions& options) {
  if (!(options.margin > 0.0 && options.margin <= 1.0)) {
    return invalid("a margin lies above 0 and is at most 1");
  }
  if (!(options.fixed_cost >= 0.0) || !std::isfinite(options.fixed_cost)) {
    return invalid("the fixed cost is negative or not finite");
  }
  TACT_ASSIGN(const Arm t, prepare(treatment, options.margin));
  TACT_ASSIGN(const Arm c, prepare(control, options.margin));
  IncrementalReturn result;
  TACT_ASSIGN(result.value, difference_of(t.value, c.value, options));
  TACT_ASSIGN(result.profit, difference_of(t.profit, c.profit, options));
  TACT_ASSIGN(const double critical,
              critical_of(result.profit, treatment.value.n + control.value.n, options));
  Spent spent;
  spent.cost = t.cost.mean - c.cost.mean;
  spent.cost_variance = t.cost.variance_of_mean() + c.cost.variance_of_mean();
  result.cost = {spent.cost, interval_around(spent.cost, critical * std::sqrt(spent.cost_variance),
                                             Alternative::kTwoSided)};
  const auto treated = static_cast<double>(treatment.value.n);
  result.total = {result.profit.estimate * treated - options.fixed_cost,
                  {result.profit.interval.lower * treated - options.fixed_cost,
                   result.profit.interval.upper * treated - options.fixed_cost}};
  spent.cost += options.fixed_cost / treated;
  spent.profit = result.profit.estimate - options.fixed_cost / treated;
  spent.profit_variance = result.profit.standard_error * result.profit.standard_error;
  spent.covariance = t.covariance + c.covariance;
  result.roi = return_on(spent, critical);
  if (!std::isfinite(result.total.value) || !std::isfinite(result.cost.value)) {
    return invalid("the sums are out of a double's range");
  }
  return result;
}

}  // namespace tact::stats
