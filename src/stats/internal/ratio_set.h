// The ratios that Fieller's test does not reject, as the solution of a quadratic inequality.
#pragma once

#include "stats/fieller.h"

namespace tact::stats::internal {

// a r^2 - 2 b r + c <= 0, the ratios r of numerator / denominator that are not rejected at q
// standard errors: a = denominator^2 - q^2 var, b = product - q^2 cov, c = numerator^2 - q^2 var.
struct Quadratic {
  double a = 0.0;
  double b = 0.0;
  double c = 0.0;
  double quarter_discriminant = 0.0;  // b^2 - a c, in a form that does not cancel
};

// The solutions, `ends` sorted; `estimate` is left absent. O(1).
LiftSet solve(const Quadratic& quadratic);

}  // namespace tact::stats::internal
