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

// One-pass and mergeable. Rewards count from the first one seen, and sums are about their means
// (Welford 1962; merged as by Chan, Golub & LeVeque 1983): rewards of 10^9 that differ by 1 keep
// their variance.
struct OffPolicySums {
  std::int64_t n = 0;
  std::int64_t rewarded = 0;  // rows with a weight and a non-zero reward
  std::int64_t amounts = 0;   // rows with a reward that is neither 0 nor 1
  std::int64_t weighted = 0;  // rows with a weight; their rewards:
  double least = 0.0, most = 0.0;
  double origin = 0.0;       // the first reward
  double mean_reward = 0.0;  // of reward - origin
  // Of the weight and of weight * (reward - origin): means, and sums about them of squares and
  // of the product.
  double mean_weight = 0.0, weight_spread = 0.0;
  double mean_value = 0.0, value_spread = 0.0;
  double both_spread = 0.0;
  // Of predicted_target + weight * (reward - predicted).
  double mean_model = 0.0, model_spread = 0.0;
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

// Refuses ("not estimable") with an effective size below 50, fewer than 50 rewarded rows (of
// rewards that are all 0 or 1 also fewer than 50 without; as gate.h asks of a share), where nothing
// varies, or when the mean weight says that more than 5 % of the other policy's choices have no
// support in the log, or that propensities are wrong (both beyond chance). DR: with the given model
// if every row has one, else with the mean reward as the model, which spares the variance of the
// mean weight. kInvalid: alpha, fewer than two rows, rows with and without a model. O(1).
Result<OffPolicyReport> evaluate_policy(const OffPolicySums& sums, double alpha = 0.05);

}  // namespace tact::stats
