#include "stats/sequential.h"

#include <cmath>
#include <numbers>

#include "stats/internal/mixing.h"
#include "stats/welch.h"

namespace tact::stats {
namespace internal {

// rho^2, the variance of the mixing Gaussian, that makes the interval about tightest at N*:
// (-2 log a + log(-2 log a + 1)) / N*, with a = alpha, or 2 alpha when one-sided (appendix B).
double mixing_variance(const SequenceOptions& options) {
  const double level =
      options.alternative == Alternative::kTwoSided ? options.alpha : 2.0 * options.alpha;
  const double twice = -2.0 * std::log(level);
  return (twice + std::log1p(twice)) / options.tuning_visitors;
}

Status check_sequence(const SequenceOptions& options) {
  TACT_TRY(check_alpha(options.alpha));
  // Visitors over it must not overflow.
  if (options.tuning_visitors > 1e-100 && std::isfinite(options.tuning_visitors)) return ok();
  return make_error(ErrorCode::kInvalid, "tuning_visitors must be positive");
}

}  // namespace internal

namespace {

double total_visitors(const ArmSummary& a, const ArmSummary& b) {
  return static_cast<double>(a.n) + static_cast<double>(b.n);
}

// Natural logarithm of the level at which the interval ends at 0, for z = estimate / se.
// The interval holds |z| <= sqrt(2 (1 + 1/m) L), m = N rho^2, with L = log(sqrt(m + 1) / alpha)
// two-sided and L = log(1 + sqrt(m + 1) / (2 alpha)) one-sided. Solved for alpha.
double log_level(double z, double m, Alternative alternative) {
  const double evidence = z * z * m / (2.0 * (m + 1.0));  // L at which the interval touches 0
  const double log_root = 0.5 * std::log1p(m);
  if (alternative == Alternative::kTwoSided) return log_root - evidence;
  const double toward = alternative == Alternative::kGreater ? z : -z;
  if (!(toward > 0.0)) return 0.0;
  // alpha = sqrt(m + 1) / (2 (e^L - 1)); log(e^L - 1) = L + log(1 - e^-L) does not overflow.
  return log_root - std::numbers::ln2 - evidence - std::log(-std::expm1(-evidence));
}

}  // namespace

Result<double> sequence_critical(double visitors, const SequenceOptions& options) {
  TACT_TRY(internal::check_sequence(options));
  if (!(visitors > 0.0)) {
    return make_error(ErrorCode::kInvalid, "a sequence needs visitors");
  }
  const double m = visitors * internal::mixing_variance(options);
  const double root = std::sqrt(m + 1.0);
  const double bound = options.alternative == Alternative::kTwoSided
                           ? std::log(root / options.alpha)
                           : std::log1p(root / (2.0 * options.alpha));
  return std::sqrt(2.0 * (1.0 + 1.0 / m) * bound);
}

Result<SequentialDifference> sequence_around(double estimate, double standard_error, double units,
                                             const SequenceOptions& options) {
  if (!std::isfinite(estimate) || !std::isfinite(standard_error) || !(standard_error > 0.0) ||
      !std::isfinite(units)) {
    return make_error(ErrorCode::kInvalid, "a sequence needs an estimate with a standard error");
  }
  TACT_ASSIGN(const double critical, sequence_critical(units, options));
  SequentialDifference result;
  result.estimate = estimate;
  result.standard_error = standard_error;
  result.interval = interval_around(estimate, critical * standard_error, options.alternative);
  const double z = estimate / standard_error;
  result.p =
      p_from_log(log_level(z, units * internal::mixing_variance(options), options.alternative));
  return result;
}

Result<SequentialDifference> sequential_difference(const ArmSummary& treatment,
                                                   const ArmSummary& control,
                                                   const SequenceOptions& options) {
  TACT_ASSIGN(const Difference difference, difference_of_means(treatment, control));
  return sequence_around(difference.estimate, difference.standard_error,
                         total_visitors(treatment, control), options);
}

Result<LiftSet> sequential_lift(const ArmSummary& treatment, const ArmSummary& control,
                                const SequenceOptions& options) {
  if (options.alternative != Alternative::kTwoSided) {
    return make_error(ErrorCode::kInvalid, "the lift's sequence is two-sided");
  }
  TACT_ASSIGN(const double critical,
              sequence_critical(total_visitors(treatment, control), options));
  return lift_by_inversion(treatment, control, critical);
}

}  // namespace tact::stats
