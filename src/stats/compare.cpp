#include "stats/compare.h"

#include <cmath>
#include <limits>

#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

double tail_of(double alpha, Alternative alternative) {
  return alternative == Alternative::kTwoSided ? alpha / 2.0 : alpha;
}

}  // namespace

Result<DeltaLift> delta_lift(const ArmSummary& treatment, const ArmSummary& control, double alpha,
                             Alternative alternative) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const Difference difference, difference_of_means(treatment, control));
  const double baseline = std::fabs(control.mean);
  if (baseline == 0.0) {
    return make_error(ErrorCode::kInvalid, "a lift needs a control whose mean is not 0");
  }
  DeltaLift lift;
  lift.estimate = difference.estimate / baseline;
  lift.df = difference.df;
  const double ratio = treatment.mean / control.mean;
  lift.standard_error = std::sqrt(treatment.variance_of_mean_beside(control) +
                                  ratio * ratio * control.variance_of_mean_beside(treatment)) /
                        baseline;
  if (!std::isfinite(lift.estimate) || !std::isfinite(lift.standard_error) ||
      !(lift.standard_error > 0.0)) {
    return make_error(ErrorCode::kInvalid, "the lift is out of a double's range");
  }
  const double half = t_critical(tail_of(alpha, alternative), lift.df) * lift.standard_error;
  lift.interval = interval_around(lift.estimate, half, alternative);
  lift.p = t_p_value(lift.estimate / lift.standard_error, lift.df, alternative);
  return lift;
}

Result<LiftSet> lift_on_side(const ArmSummary& treatment, const ArmSummary& control,
                             double critical, Alternative alternative) {
  TACT_ASSIGN(LiftSet set, lift_by_inversion(treatment, control, critical));
  if (alternative == Alternative::kTwoSided) return set;
  const Interval everything;
  if (set.shape != LiftShape::kBounded) {
    set.shape = LiftShape::kWholeLine;
    set.ends = everything;
    return set;
  }
  set.shape = LiftShape::kHalfLine;
  if (alternative == Alternative::kGreater) {
    set.ends.upper = everything.upper;
  } else {
    set.ends.lower = everything.lower;
  }
  return set;
}

Result<Comparison> compare(const ArmSummary& treatment, const ArmSummary& control,
                           const CompareOptions& options) {
  Comparison result;
  TACT_ASSIGN(result.difference,
              welch_difference(treatment, control, options.alpha, options.alternative));
  const double critical =
      t_critical(tail_of(options.alpha, options.alternative), result.difference.df);
  TACT_ASSIGN(result.lift, lift_on_side(treatment, control, critical, options.alternative));
  if (auto delta = delta_lift(treatment, control, options.alpha, options.alternative)) {
    result.delta = *delta;
  }
  if (!options.tuning_visitors) return result;
  const SequenceOptions sequence{options.alpha, *options.tuning_visitors, options.alternative};
  TACT_ASSIGN(result.sequence, sequential_difference(treatment, control, sequence));
  const double visitors = static_cast<double>(treatment.n) + static_cast<double>(control.n);
  TACT_ASSIGN(const double half, sequence_critical(visitors, sequence));
  TACT_ASSIGN(result.sequence_lift, lift_on_side(treatment, control, half, options.alternative));
  return result;
}

std::int64_t nonzero_at_least(double sum, double sum_squares) {
  if (!(sum_squares > 0.0) || sum == 0.0) return 0;
  const double bound = sum / sum_squares * sum;
  if (!std::isfinite(bound) || bound >= 9e18) return 0;
  // A bound that rounding lifted just above a whole number stays that number.
  return static_cast<std::int64_t>(std::ceil(bound * (1.0 - 1e-12)));
}

}  // namespace tact::stats
