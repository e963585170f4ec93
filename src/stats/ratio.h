// Two quantities per visitor: what ratio metrics (revenue per session, with the visitor as the
// unit) and adjustment by a covariate (cuped.h) start from.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "stats/moments.h"

namespace tact::stats {

// Beside an outcome y (SampleMoments) a second quantity z of the same visitors. Merging is + of
// each member, as for SampleMoments.
struct SecondSums {
  double sum = 0.0;          // of z
  double sum_squares = 0.0;  // of z^2
  double product_sum = 0.0;  // of y * z

  void add(double y, double z);  // one visitor. O(1)
  SecondSums& operator+=(const SecondSums& other);
  friend bool operator==(const SecondSums&, const SecondSums&) = default;
};

// Sums about the arm's means: of (y - mean y)^2, (z - mean z)^2 and their product.
struct CenteredSums {
  double yy = 0.0;
  double zz = 0.0;
  double yz = 0.0;  // yz^2 <= yy * zz
};

// kInvalid: what summarize() refuses, sums of z no sample can have, or a product that breaks
// Cauchy-Schwarz. Cancellation as in summarize(). O(1).
Result<CenteredSums> centered_sums(const SampleMoments& y, const SecondSums& z);

// The ratio sum y / sum z of one arm as a mean: `mean` is the ratio R, `variance` that of
// (y - R z) / mean z, the delta method (Cochran 1977, ch. 6), so that every test of this module
// can be used on it. n is the number of visitors, not the sum of denominators.
// kInvalid as centered_sums, or for a denominator whose sum is not positive. O(1).
Result<ArmSummary> summarize_ratio(const SampleMoments& numerator, const SecondSums& denominator);

}  // namespace tact::stats
