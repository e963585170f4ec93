#include "stats/power.h"

#include <algorithm>
#include <boost/math/distributions/non_central_t.hpp>
#include <cmath>

#include "stats/internal/boost_policy.h"
#include "stats/internal/shares.h"
#include "stats/normal.h"
#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

constexpr double kMostVisitors = 1e15;
constexpr double kNormalFrom = 1e5;  // df from which t and normal power agree to 1e-6

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

Status check_plan(const PowerPlan& plan) {
  TACT_TRY(check_alpha(plan.alpha));
  if (plan.arms < 2 || plan.arms > 1000) return invalid("arms must be 2 to 1000, with control");
  if (plan.metrics < 1 || plan.metrics > 1000) return invalid("metrics must be 1 to 1000");
  if (!(plan.ratio > 0.0) || !std::isfinite(plan.ratio)) return invalid("ratio must be positive");
  if (!std::isfinite(plan.baseline)) return invalid("the baseline is not finite");
  if (plan.kind == OutcomeKind::kProportion) {
    if (plan.baseline > 0.0 && plan.baseline < 1.0) return ok();
    return invalid("a rate must lie strictly between 0 and 1");
  }
  if (plan.standard_deviation > 0.0 && std::isfinite(plan.standard_deviation)) return ok();
  return invalid("the standard deviation must be positive");
}

double upper_tail(double z) { return std::exp(normal_log_upper_tail(z)); }

// P(T' > t) for the non-central t.
double non_central_tail(double t, double df, double shift) {
  if (df > kNormalFrom || std::fabs(shift) > 30.0) return upper_tail(t - shift);
  const boost::math::non_central_t_distribution<double, internal::NoThrowPolicy> law(df, shift);
  const double tail = boost::math::cdf(boost::math::complement(law, t));
  return std::isfinite(tail) ? std::clamp(tail, 0.0, 1.0) : upper_tail(t - shift);
}

struct Test {
  double shift = 0.0;  // effect in standard errors
  double df = 0.0;
};

double power_of_test(const Test& test, double alpha, Alternative alternative) {
  const double tail = alternative == Alternative::kTwoSided ? alpha / 2.0 : alpha;
  const double critical = t_critical(tail, test.df);
  const auto above = [&](double shift) { return non_central_tail(critical, test.df, shift); };
  if (alternative == Alternative::kGreater) return above(test.shift);
  if (alternative == Alternative::kLess) return above(-test.shift);
  return std::min(1.0, above(test.shift) + above(-test.shift));
}

double power_of_shares(const internal::TwoShares& of, double alpha, Alternative alternative) {
  const double z = normal_critical(alternative == Alternative::kTwoSided ? alpha / 2.0 : alpha);
  const auto found = [&](double side) {
    const double missing = z * of.standard_error() - side * (of.treatment - of.control);
    return upper_tail(missing / of.spread(z, side));
  };
  if (alternative == Alternative::kGreater) return found(1.0);
  if (alternative == Alternative::kLess) return found(-1.0);
  return std::min(1.0, found(1.0) + found(-1.0));
}

double direction(const PowerPlan& plan) {
  return plan.alternative == Alternative::kLess ? -1.0 : 1.0;
}

}  // namespace

Result<double> power_of(const PowerPlan& plan, double control_visitors, double effect) {
  TACT_TRY(check_plan(plan));
  const double n = control_visitors;
  if (!(n >= 2.0) || !(n * plan.ratio >= 2.0) || !std::isfinite(n * plan.ratio)) {
    return invalid("an arm needs at least two visitors");
  }
  if (!std::isfinite(effect)) return invalid("the effect is not finite");
  if (plan.kind == OutcomeKind::kProportion) {
    const double rate = plan.baseline + effect;
    if (!(rate >= 0.0 && rate <= 1.0)) return invalid("the effect leads to a rate outside 0 to 1");
    return power_of_shares({plan.baseline, rate, n, n * plan.ratio}, plan.alpha_per_comparison(),
                           plan.alternative);
  }
  Test test;
  test.df = n * (1.0 + plan.ratio) - 2.0;
  test.shift = effect / plan.standard_deviation / std::sqrt(1.0 / n + 1.0 / (n * plan.ratio));
  return power_of_test(test, plan.alpha_per_comparison(), plan.alternative);
}

Result<std::int64_t> visitors_for(const PowerPlan& plan, double effect, double power) {
  TACT_TRY(check_plan(plan));
  if (!(power > plan.alpha_per_comparison() && power < 1.0)) {
    return invalid("power must lie between alpha and 1");
  }
  double low = std::ceil(std::max(2.0, 2.0 / plan.ratio));
  double high = low;
  for (;;) {
    TACT_ASSIGN(const double reached, power_of(plan, high, effect));
    if (reached >= power) break;
    if (high > kMostVisitors) return invalid("no number of visitors shows this effect");
    low = high + 1.0;
    high *= 2.0;
  }
  while (low < high) {
    const double middle = std::floor(low + (high - low) / 2.0);
    TACT_ASSIGN(const double reached, power_of(plan, middle, effect));
    if (reached >= power) {
      high = middle;
    } else {
      low = middle + 1.0;
    }
  }
  return static_cast<std::int64_t>(high);
}

Result<double> detectable_effect(const PowerPlan& plan, double control_visitors, double power) {
  TACT_TRY(check_plan(plan));
  if (!(power > plan.alpha_per_comparison() && power < 1.0)) {
    return invalid("power must lie between alpha and 1");
  }
  const double sign = direction(plan);
  double high = 0.0;
  if (plan.kind == OutcomeKind::kProportion) {
    high = sign > 0.0 ? 1.0 - plan.baseline : plan.baseline;
  } else {
    high = plan.standard_deviation;
    for (;;) {
      TACT_ASSIGN(const double reached, power_of(plan, control_visitors, sign * high));
      if (reached >= power) break;
      high *= 2.0;
      if (!std::isfinite(high)) return invalid("no effect reaches this power");
    }
  }
  TACT_ASSIGN(const double most, power_of(plan, control_visitors, sign * high));
  if (most < power) return invalid("no effect reaches this power with so few visitors");
  double low = 0.0;
  for (int step = 0; step < 100 && high - low > 1e-13 * high; ++step) {
    const double middle = 0.5 * (low + high);
    TACT_ASSIGN(const double reached, power_of(plan, control_visitors, sign * middle));
    (reached >= power ? high : low) = middle;
  }
  return sign * high;
}

}  // namespace tact::stats
