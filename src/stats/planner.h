// How long must this experiment run? From the site's own history: visitors first exposed per day,
// and what the outcomes looked like. For several arms, uneven splits (95/5) and several outcomes.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "stats/gate.h"
#include "stats/power.h"

namespace tact::stats {

// What history says of one outcome of one visitor; history_of() fills it from sums.
struct OutcomeHistory {
  OutcomeKind kind = OutcomeKind::kMean;
  double mean = 0.0;                // a rate for kProportion
  double standard_deviation = 0.0;  // kMean only
  double nonzero_share = 0.0;       // of visitors whom the gate counts; kMean only
};
// kInvalid as summarize(), or an outcome that does not vary.
Result<OutcomeHistory> history_of(const SampleMoments& moments, OutcomeKind kind);

struct ExperimentPlan {
  // First exposures on each day of the history, oldest first; at least one above 0. The future
  // repeats them from the start: give whole weeks, so that week-ends count as often as they come.
  std::vector<std::int64_t> daily_exposures;
  std::vector<double> shares;  // of the arms, control first, > 0, adding up to 1 (within 1e-6)
  double window_days = 0.0;    // from exposure until the outcome is known, >= 0
  double alpha = 0.05;         // of all comparisons together: (arms - 1) * outcomes, Bonferroni
  double power = 0.8;          // in (alpha, 1), of each comparison by itself
  Alternative alternative = Alternative::kTwoSided;
  double tuning_visitors = 5000.0;  // N* of sequential.h
  int days_max = 3650;              // further ahead there is no answer, 1 to 36,525
};

// Days are counted from the start until the windows of all who are needed have closed; absent: not
// within days_max. The smallest arm decides.
struct DaysNeeded {
  std::optional<int> gate;          // that of gate.h, as the history has amounts
  std::optional<int> fixed;         // looked at once, then
  std::optional<int> always_valid;  // found by then, looking every day
};

// How long until an effect (treatment - control, in the outcome's unit; not 0; for kGreater > 0,
// for kLess < 0) is found with `power`; `fixed` and `always_valid` are never before `gate`.
// By the normal approximation with the variances of power.h; Holm needs no longer than this.
// kInvalid: a plan or history out of the ranges above, an effect that leads to a rate outside
// (0, 1). `outcomes`: how many share alpha, >= 1. O(days).
Result<DaysNeeded> days_needed(const ExperimentPlan& plan, const OutcomeHistory& outcome,
                               double effect, int outcomes = 1);

// The smallest effect that `day` (>= 1) can show with `power`, > 0, or < 0 for kLess; absent
// before the gate is expected to open, or where no rate is far enough. O(log).
struct DetectableEffect {
  std::optional<double> fixed;
  std::optional<double> always_valid;
};
Result<DetectableEffect> detectable_on_day(const ExperimentPlan& plan,
                                           const OutcomeHistory& outcome, int day,
                                           int outcomes = 1);

}  // namespace tact::stats
