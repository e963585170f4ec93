// Fewer visitors for the same precision: outcomes adjusted by what was known before exposure.
// Source: Deng, Xu, Kohavi & Walker (2013), "Improving the sensitivity of online controlled
// experiments by utilizing pre-experiment data".
#pragma once

#include <optional>

#include "stats/ratio.h"

namespace tact::stats {

// One arm: an outcome y, optionally a denominator d (then the metric is sum y / sum d), and a
// covariate x from before exposure.
struct CovariateArm {
  SampleMoments outcome;
  std::optional<SecondSums> denominator;           // product_sum is of y * d
  SecondSums covariate;                            // product_sum is of y * x
  double denominator_covariate_product_sum = 0.0;  // of d * x; read where there is a denominator
};

struct CupedArms {
  ArmSummary treatment;  // adjusted: mean y - theta (mean x - mean x of both arms)
  ArmSummary control;
  double theta = 0.0;               // pooled: within-arm products over within-arm squares of x
  double variance_reduction = 0.0;  // of the difference: 1 - adjusted / plain; may be < 0
};

// Ratio metrics are adjusted after linearisation: (y - R d) / mean d takes the place of y.
// A covariate that does not vary changes nothing (theta = 0). Swapping the arms swaps the result
// bit for bit. kInvalid as centered_sums and summarize_ratio, or one arm with and one without a
// denominator. O(1).
Result<CupedArms> adjust_by_covariate(const CovariateArm& treatment, const CovariateArm& control);

}  // namespace tact::stats
