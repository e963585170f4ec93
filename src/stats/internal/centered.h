// Sums about the mean from sums about zero, with the digits that cancel kept by fma.
#pragma once

#include <cmath>
#include <limits>

namespace tact::stats::internal {

inline bool whole(double sum) {
  return std::fabs(sum) < 9007199254740992.0 && std::trunc(sum) == sum;  // 2^53
}

// Sum of (a - mean a)(b - mean b) over n units, from n, sum of a * b, sum of a and sum of b; exact
// to rounding for whole sums below 2^53. `scale` >= |sum of a * b| possible (Cauchy-Schwarz bound):
// what cannot be told from the rounding of n additions counts as 0.
inline double centered_product(double n, double product, double sum_a, double sum_b, double scale) {
  const double p = n * product;
  const double q = sum_a * sum_b;
  const double spread = (p - q) + (std::fma(n, product, -p) - std::fma(sum_a, sum_b, -q));
  if (whole(product) && whole(sum_a) && whole(sum_b)) return spread / n;
  const double rounding = n * std::numeric_limits<double>::epsilon() * n * scale;
  return std::fabs(spread) <= rounding ? 0.0 : spread / n;
}

}  // namespace tact::stats::internal
