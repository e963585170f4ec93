#include "stats/ope.h"

#include <algorithm>
#include <cmath>

#include "stats/sequential.h"
#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

PolicyValue with_error(double estimate, double sum_of_squares, double n, double alpha) {
  PolicyValue value;
  value.estimate = estimate;
  value.standard_error = std::sqrt(std::max(0.0, sum_of_squares) / n / (n - 1.0));
  const double half = t_critical(alpha / 2.0, n - 1.0) * value.standard_error;
  value.interval = {estimate - half, estimate + half};
  return value;
}

// Of weight * (reward - origin - level) about its mean.
double spread_at(const OffPolicySums& s, double level) {
  return s.value_spread - 2.0 * level * s.both_spread + level * level * s.weight_spread;
}

// Mean of weight * (reward - origin - level).
double mean_at(const OffPolicySums& s, double level) {
  return s.mean_value - level * s.mean_weight;
}

std::string why_not(const OffPolicySums& s, const OffPolicyReport& report) {
  if (s.mean_weight == 0.0) return "the log never chose what the other policy chooses";
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
  if (s.least == s.most) return "not enough data yet: every decision with a weight earned the same";
  // A share near 1 varies by the few without.
  if (s.amounts == 0 && s.weighted - s.rewarded < static_cast<std::int64_t>(kLeastEffectiveSize)) {
    return "not enough data yet: fewer than 50 decisions with a weight and no reward";
  }
  return {};
}

PolicyValue doubly_robust(const OffPolicySums& s, double alpha) {
  const auto n = static_cast<double>(s.n);
  if (s.modelled == s.n) return with_error(s.mean_model, s.model_spread, n, alpha);
  const double level = s.mean_reward;
  return with_error(s.origin + level + mean_at(s, level), spread_at(s, level), n, alpha);
}

PolicyValue self_normalised(const OffPolicySums& s, double alpha) {
  const double level = s.mean_value / s.mean_weight;
  return with_error(s.origin + level, spread_at(s, level) / (s.mean_weight * s.mean_weight),
                    static_cast<double>(s.n), alpha);
}

// Rewards differ, and yet an estimate does not vary: weights undo what they differ by, or a model
// knows each of them.
bool is_certain(const OffPolicyReport& report) {
  for (const auto& value : {report.ips, report.snips, report.dr}) {
    if (!(value->standard_error > 0.0)) return true;
  }
  return false;
}

void merge_model(OffPolicySums& sums, const OffPolicySums& other) {
  const auto here = static_cast<double>(sums.modelled), there = static_cast<double>(other.modelled);
  sums.modelled += other.modelled;
  if (other.modelled == 0) return;
  const double by = other.mean_model - sums.mean_model;
  sums.model_spread += other.model_spread + by * by * (here / (here + there) * there);
  sums.mean_model += by * (there / (here + there));
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
  const double from = n == 0 ? row.reward : origin;
  const double value = w * (row.reward - from);
  if (!std::isfinite(value * value)) return invalid("rewards are too far apart");
  OffPolicySums one;
  one.n = 1;
  one.rewarded = wr != 0.0 ? 1 : 0;
  one.amounts = row.reward != 0.0 && row.reward != 1.0 ? 1 : 0;
  one.weighted = w > 0.0 ? 1 : 0;
  one.least = one.most = row.reward;
  one.origin = from;
  one.mean_reward = row.reward - from;
  one.mean_weight = w;
  one.mean_value = value;
  one.mean_model = has_model ? d : 0.0;
  one.modelled = has_model ? 1 : 0;
  *this += one;
  return ok();
}

OffPolicySums& OffPolicySums::operator+=(const OffPolicySums& other) {
  if (other.n == 0) return *this;
  if (n == 0) return *this = other;
  if (other.weighted > 0) {
    least = weighted > 0 ? std::min(least, other.least) : other.least;
    most = weighted > 0 ? std::max(most, other.most) : other.most;
  }
  weighted += other.weighted;
  rewarded += other.rewarded;
  amounts += other.amounts;
  // The other's rewards from this origin.
  const double level = origin - other.origin;
  const double apart =
      static_cast<double>(n) / static_cast<double>(n + other.n) * static_cast<double>(other.n);
  const double by_weight = other.mean_weight - mean_weight;
  const double by_value = mean_at(other, level) - mean_value;
  value_spread += spread_at(other, level) + by_value * by_value * apart;
  both_spread += other.both_spread - level * other.weight_spread + by_weight * by_value * apart;
  weight_spread += other.weight_spread + by_weight * by_weight * apart;
  n += other.n;
  const double share = static_cast<double>(other.n) / static_cast<double>(n);
  mean_reward += (other.mean_reward - level - mean_reward) * share;
  mean_weight += by_weight * share;
  mean_value += by_value * share;
  merge_model(*this, other);
  return *this;
}

Result<OffPolicyReport> evaluate_policy(const OffPolicySums& s, double alpha) {
  TACT_TRY(check_alpha(alpha));
  if (s.n < 2) return invalid("not enough data yet: fewer than two decisions");
  if (s.modelled != 0 && s.modelled != s.n) return invalid("some decisions have no prediction");
  for (const double sum :
       {s.mean_reward, s.weight_spread, s.value_spread, spread_at(s, -s.origin), s.model_spread}) {
    if (!std::isfinite(sum)) return invalid("the sums are out of a double's range");
  }
  const auto n = static_cast<double>(s.n);
  OffPolicyReport report;
  const PolicyValue mean_weight = with_error(s.mean_weight, s.weight_spread, n, alpha);
  report.mean_weight = mean_weight.estimate;
  report.mean_weight_interval = mean_weight.interval;
  report.unsupported_mass = std::max(0.0, 1.0 - report.mean_weight);
  if (s.mean_weight > 0.0) {
    report.ess = n / (1.0 + s.weight_spread / n / (s.mean_weight * s.mean_weight));
  }
  report.reason = why_not(s, report);
  report.estimable = report.reason.empty();
  if (!report.estimable) return report;
  report.reason = "the log supports the other policy's choices";
  // From a reward of 0, which is -origin from the origin.
  report.ips = with_error(mean_at(s, -s.origin), spread_at(s, -s.origin), n, alpha);
  report.snips = self_normalised(s, alpha);
  report.dr = doubly_robust(s, alpha);
  if (is_certain(report)) {
    report.ips = report.snips = report.dr = std::nullopt;
    report.estimable = false;
    report.reason = "not enough data yet: an estimate does not vary at all";
    return report;
  }
  SequenceOptions options;
  options.alpha = alpha;
  TACT_ASSIGN(const double critical, sequence_critical(n, options));
  const double half = critical * report.ips->standard_error;
  report.always_valid = Interval{report.ips->estimate - half, report.ips->estimate + half};
  return report;
}

}  // namespace tact::stats
