#include "stats/ope.h"

#include <algorithm>
#include <cmath>

#include "stats/sequential.h"
#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

struct Centered {
  double weight = 0.0;    // sums about the means: of weights,
  double weighted = 0.0;  // of weight * reward,
  double both = 0.0;      // of their product
};

Centered centered(const OffPolicySums& s) {
  const auto n = static_cast<double>(s.n);
  return {std::max(0.0, s.weight_squares - s.weight * (s.weight / n)),
          std::max(0.0, s.weighted_squares - s.weighted * (s.weighted / n)),
          s.weight_weighted - s.weight * (s.weighted / n)};
}

PolicyValue with_error(double estimate, double sum_of_squares, double n, double alpha) {
  PolicyValue value;
  value.estimate = estimate;
  value.standard_error = std::sqrt(std::max(0.0, sum_of_squares) / n / (n - 1.0));
  const double half = t_critical(alpha / 2.0, n - 1.0) * value.standard_error;
  value.interval = {estimate - half, estimate + half};
  return value;
}

// Of weight * (reward - level) about its mean.
double spread_at(const Centered& c, double level) {
  return c.weighted - 2.0 * level * c.both + level * level * c.weight;
}

std::string why_not(const OffPolicySums& s, const OffPolicyReport& report) {
  if (s.weight == 0.0) return "the log never chose what the other policy chooses";
  if (report.mean_weight_interval.upper < 1.0 - kMostUnsupported) {
    return "the log does not support enough of what the other policy chooses";
  }
  if (report.mean_weight_interval.lower > 1.0 + kMostUnsupported) {
    return "the weights are too large on average: propensities or targets are wrong";
  }
  if (report.ess < kLeastEffectiveSize) return "the effective sample size is below 50";
  if (s.rewarded < static_cast<std::int64_t>(kLeastEffectiveSize)) {
    return "not enough data yet: fewer than 50 rewarded decisions with a weight";
  }
  return {};
}

PolicyValue doubly_robust(const OffPolicySums& s, const Centered& c, double alpha) {
  const auto n = static_cast<double>(s.n);
  if (s.modelled == s.n) {
    return with_error(s.model / n, s.model_squares - s.model * (s.model / n), n, alpha);
  }
  const double level = s.reward / n;
  return with_error(level + s.weighted / n - level * (s.weight / n), spread_at(c, level), n, alpha);
}

}  // namespace

Status OffPolicySums::add(const LoggedDecision& row, bool has_model) {
  if (!std::isfinite(row.reward)) return invalid("a reward is not finite");
  if (!(row.propensity > 0.0 && row.propensity <= 1.0)) {
    return invalid("a propensity must lie above 0 and up to 1: it was chosen");
  }
  if (!(row.target >= 0.0 && row.target <= 1.0)) {
    return invalid("a target probability must lie between 0 and 1");
  }
  const double w = row.target / row.propensity;
  const double wr = w * row.reward;
  const double d = row.predicted_target + w * (row.reward - row.predicted);
  if (!std::isfinite(wr * wr) || !std::isfinite(w * w) || (has_model && !std::isfinite(d * d))) {
    return invalid("a weight, reward or prediction is out of range");
  }
  n += 1;
  rewarded += wr != 0.0 ? 1 : 0;
  reward += row.reward;
  weight += w;
  weight_squares += w * w;
  weighted += wr;
  weighted_squares += wr * wr;
  weight_weighted += w * wr;
  if (!has_model) return ok();
  modelled += 1;
  model += d;
  model_squares += d * d;
  return ok();
}

OffPolicySums& OffPolicySums::operator+=(const OffPolicySums& other) {
  n += other.n;
  rewarded += other.rewarded;
  reward += other.reward;
  weight += other.weight;
  weight_squares += other.weight_squares;
  weighted += other.weighted;
  weighted_squares += other.weighted_squares;
  weight_weighted += other.weight_weighted;
  model += other.model;
  model_squares += other.model_squares;
  modelled += other.modelled;
  return *this;
}

Result<OffPolicyReport> evaluate_policy(const OffPolicySums& s, double alpha) {
  TACT_TRY(check_alpha(alpha));
  if (s.n < 2) return invalid("not enough data yet: fewer than two decisions");
  if (s.modelled != 0 && s.modelled != s.n) return invalid("some decisions have no prediction");
  for (const double sum : {s.reward, s.weight_squares, s.weighted_squares, s.model_squares}) {
    if (!std::isfinite(sum)) return invalid("the sums are out of a double's range");
  }
  const auto n = static_cast<double>(s.n);
  const Centered c = centered(s);
  OffPolicyReport report;
  const PolicyValue mean_weight = with_error(s.weight / n, c.weight, n, alpha);
  report.mean_weight = mean_weight.estimate;
  report.mean_weight_interval = mean_weight.interval;
  report.unsupported_mass = std::max(0.0, 1.0 - report.mean_weight);
  if (s.weight_squares > 0.0) report.ess = s.weight / s.weight_squares * s.weight;
  report.reason = why_not(s, report);
  report.estimable = report.reason.empty();
  if (!report.estimable) return report;
  report.reason = "the log supports the other policy's choices";
  report.ips = with_error(s.weighted / n, c.weighted, n, alpha);
  const double snips = s.weighted / s.weight;
  report.snips =
      with_error(snips, spread_at(c, snips) / (report.mean_weight * report.mean_weight), n, alpha);
  report.dr = doubly_robust(s, c, alpha);
  SequenceOptions options;
  options.alpha = alpha;
  TACT_ASSIGN(const double critical, sequence_critical(n, options));
  const double half = critical * report.ips->standard_error;
  report.always_valid = Interval{report.ips->estimate - half, report.ips->estimate + half};
  return report;
}

}  // namespace tact::stats
