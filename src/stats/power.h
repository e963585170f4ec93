// Planning: visitors, detectable effect or power, each from the other two, for the tests of
// welch.h.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "stats/inference.h"
#include "stats/moments.h"

namespace tact::stats {

struct PowerPlan {
  OutcomeKind kind = OutcomeKind::kMean;
  double baseline = 0.0;            // control's mean; for kProportion its rate, in (0, 1)
  double standard_deviation = 0.0;  // of one visitor's outcome, both arms; kMean only, > 0
  double alpha = 0.05;              // of all comparisons together
  Alternative alternative = Alternative::kTwoSided;
  int arms = 2;  // control and arms - 1 treatments, each compared with control
  int metrics =
      1;  // primary ones; every comparison gets alpha / ((arms - 1) * metrics), Bonferroni
  double ratio = 1.0;  // visitors of one treatment for each of control, > 0

  double alpha_per_comparison() const { return alpha / ((arms - 1) * metrics); }
};

// Power of one comparison: kMean by the non-central t with equal variances, kProportion by the
// normal with both arms' own variances, as welch_difference uses them; with arms of unequal size
// the estimated standard error's own variation counts (delta method), without which a plan for 80 %
// at 90/10 and a share of 0.5 % finds 77 %. Equal arms cancel it, and keep the textbook's formula.
// `control_visitors` >= 2;
// effect = treatment - control in the outcome's unit. Both rejections count, so that an effect of 0
// gives alpha. kInvalid: a plan out of the ranges above, a rate that leaves (0, 1). O(1), ~20 us.
Result<double> power_of(const PowerPlan& plan, double control_visitors, double effect);

// Fewest visitors of control with at least `power`, in (alpha, 1); kInvalid when no number below
// 10^15 is enough (an effect of 0, or on the side not looked at). About 50 evaluations.
Result<std::int64_t> visitors_for(const PowerPlan& plan, double effect, double power);

// Smallest effect found with `power` by `control_visitors`, > 0, or < 0 for kLess. kInvalid when
// even a rate of 1 (or 0) cannot be told with that power. About 100 evaluations.
Result<double> detectable_effect(const PowerPlan& plan, double control_visitors, double power);

}  // namespace tact::stats
