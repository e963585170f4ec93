// Off-policy evaluation: what another policy would have earned, from the log of the one that ran.
// Sources: Horvitz & Thompson (1952) for IPS; Swaminathan & Joachims (2015) for SNIPS; Dudík,
// Langford & Li (2011) for DR; Owen, "Monte Carlo theory, methods and examples", ch. 9, for the
// effective size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "stats/inference.h"

namespace tact::stats {

// One decision of the log. weight = target / propensity.
struct LoggedDecision {
  double reward = 0.0;
  double propensity = 0.0;  // of what was chosen, when it was chosen; in (0, 1]
  double target = 0.0;      // the other policy's probability of the same choice; in [0, 1]
  // Of a reward model that did not see this row: of what was chosen, and of what the other policy
  // would choose on average. Read by add() with `modelled` only.
  double predicted = 0.0;
  double predicted_target = 0.0;
};

// One-pass and mergeable.
struct OffPolicySums {
  std::int64_t n = 0;
  std::int64_t rewarded = 0;  // rows with a weight and a non-zero reward
  double reward = 0.0;
  double weight = 0.0, weight_squares = 0.0;
  double weighted = 0.0, weighted_squares = 0.0;  // of weight * reward
  double weight_weighted = 0.0;                   // of weight * (weight * reward)
  double model = 0.0, model_squares = 0.0;  // of predicted_target + weight * (reward - predicted)
  std::int64_t modelled = 0;

  // kInvalid: a probability out of its range, or anything not finite; the sums are unchanged then.
  Status add(const LoggedDecision& row, bool modelled);
  OffPolicySums& operator+=(const OffPolicySums& other);
};

struct PolicyValue {
  double estimate = 0.0;  // reward per decision
  double standard_error = 0.0;
  Interval interval;
};

struct OffPolicyReport {
  bool estimable = false;
  std::string reason;                         // why (not)
  std::optional<PolicyValue> ips, snips, dr;  // absent unless estimable
  std::optional<Interval> always_valid;       // of IPS: covers at every look at once (sequential.h)
  double ess = 0.0;                           // effective sample size (sum w)^2 / sum w^2
  double mean_weight = 0.0;                   // expected: 1, less what the log never chose
  Interval mean_weight_interval;
  double unsupported_mass =
      0.0;  // max(0, 1 - mean weight): the other policy's choices without support
};

inline constexpr double kLeastEffectiveSize = 50.0;
inline constexpr double kMostUnsupported = 0.05;

// Refuses ("not estimable") with an effective size below 50, fewer than 50 rewarded rows, or when
// the mean weight says that more than 5 % of the other policy's choices have no support in the log,
// or that propensities are wrong (both beyond chance). DR: with the given model if every row has
// one, else with the mean reward as the model, which spares the variance of the mean weight.
// kInvalid: alpha, fewer than two rows, rows with and without a model. O(1).
Result<OffPolicyReport> evaluate_policy(const OffPolicySums& sums, double alpha = 0.05);

}  // namespace tact::stats
