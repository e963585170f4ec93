#include "stats/welch.h"

#include <algorithm>
#include <cmath>

#include "stats/t_distribution.h"

namespace tact::stats {

Result<Difference> difference_of_means(const ArmSummary& treatment, const ArmSummary& control) {
  TACT_TRY(check_arm(treatment));
  TACT_TRY(check_arm(control));
  const double a = treatment.variance_of_mean_beside(control);
  const double b = control.variance_of_mean_beside(treatment);
  const double larger = std::max(a, b);
  if (!(larger > 0.0)) {
    return make_error(ErrorCode::kInvalid, "the outcome does not vary in either arm");
  }
  Difference difference;
  difference.estimate = treatment.mean - control.mean;
  difference.standard_error = std::sqrt(a + b);
  // Scaled by the larger one, so that squares neither underflow nor overflow. Only symmetric
  // operations: the arms may be swapped without a bit changing.
  const double ra = a / larger;
  const double rb = b / larger;
  difference.df = (ra + rb) * (ra + rb) /
                  (ra * ra / static_cast<double>(treatment.n - 1) +
                   rb * rb / static_cast<double>(control.n - 1));
  if (!std::isfinite(difference.estimate) || !std::isfinite(difference.standard_error) ||
      !(difference.standard_error > 0.0)) {
    return make_error(ErrorCode::kInvalid, "the means or variances are out of a double's range");
  }
  return difference;
}

Interval interval_around(double estimate, double half_width, Alternative alternative) {
  Interval interval;
  if (alternative != Alternative::kLess) interval.lower = estimate - half_width;
  if (alternative != Alternative::kGreater) interval.upper = estimate + half_width;
  return interval;
}

Result<Difference> welch_difference(const ArmSummary& treatment, const ArmSummary& control,
                                    double alpha, Alternative alternative) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(Difference difference, difference_of_means(treatment, control));
  const double tail = alternative == Alternative::kTwoSided ? alpha / 2.0 : alpha;
  const double half_width = t_critical(tail, difference.df) * difference.standard_error;
  difference.interval = interval_around(difference.estimate, half_width, alternative);
  difference.p =
      t_p_value(difference.estimate / difference.standard_error, difference.df, alternative);
  return difference;
}

}  // namespace tact::stats
