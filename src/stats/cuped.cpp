#include "stats/cuped.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/internal/centered.h"

namespace tact::stats {
namespace {

struct Prepared {
  ArmSummary plain;
  double zz = 0.0;  // centered squares of the (linearised) outcome, of x, and their product
  double xx = 0.0;
  double zx = 0.0;
  double covariate_mean = 0.0;
};

// The product of denominator and covariate is checked like every other: as a pair of their own.
Result<double> denominator_product(const CovariateArm& arm) {
  const SampleMoments d{arm.outcome.n, arm.denominator->sum, arm.denominator->sum_squares,
                        arm.denominator->sum_squares > 0.0 ? arm.outcome.n : 0};
  const SecondSums x{arm.covariate.sum, arm.covariate.sum_squares,
                     arm.denominator_covariate_product_sum};
  TACT_ASSIGN(const CenteredSums sums, centered_sums(d, x));
  return sums.yz;
}

Result<Prepared> prepare(const CovariateArm& arm) {
  TACT_ASSIGN(const CenteredSums sums, centered_sums(arm.outcome, arm.covariate));
  const auto n = static_cast<double>(arm.outcome.n);
  Prepared prepared;
  prepared.xx = sums.zz;
  prepared.covariate_mean = arm.covariate.sum / n;
  if (!arm.denominator) {
    TACT_ASSIGN(prepared.plain, summarize(arm.outcome, OutcomeKind::kMean));
    prepared.zx = sums.yz;
  } else {
    TACT_ASSIGN(prepared.plain, summarize_ratio(arm.outcome, *arm.denominator));
    TACT_ASSIGN(const double dx, denominator_product(arm));
    prepared.zx = (sums.yz - prepared.plain.mean * dx) / (arm.denominator->sum / n);
  }
  prepared.zz = prepared.plain.variance * (n - 1.0);
  return prepared;
}

ArmSummary adjusted(const Prepared& arm, double theta, double covariate_mean) {
  ArmSummary result = arm.plain;
  result.mean -= theta * (arm.covariate_mean - covariate_mean);
  const double whole = arm.zz + theta * theta * arm.xx;
  double spread = (arm.zz - theta * arm.zx) + theta * (theta * arm.xx - arm.zx);
  if (spread <= 8.0 * std::numeric_limits<double>::epsilon() * whole) spread = 0.0;
  result.variance = spread / static_cast<double>(arm.plain.n - 1);
  return result;
}

}  // namespace

Result<CupedArms> adjust_by_covariate(const CovariateArm& treatment, const CovariateArm& control) {
  if (treatment.denominator.has_value() != control.denominator.has_value()) {
    return make_error(ErrorCode::kInvalid, "one arm has a denominator and the other has none");
  }
  TACT_ASSIGN(const Prepared t, prepare(treatment));
  TACT_ASSIGN(const Prepared c, prepare(control));
  CupedArms result;
  const double squares = t.xx + c.xx;
  if (squares > 0.0) result.theta = (t.zx + c.zx) / squares;
  const double visitors = static_cast<double>(t.plain.n) + static_cast<double>(c.plain.n);
  const double mean = (treatment.covariate.sum + control.covariate.sum) / visitors;
  result.treatment = adjusted(t, result.theta, mean);
  result.control = adjusted(c, result.theta, mean);
  TACT_TRY(check_arm(result.treatment));
  TACT_TRY(check_arm(result.control));
  const double before = t.plain.variance_of_mean() + c.plain.variance_of_mean();
  const double after = result.treatment.variance_of_mean() + result.control.variance_of_mean();
  if (before > 0.0) result.variance_reduction = 1.0 - after / before;
  return result;
}

}  // namespace tact::stats
