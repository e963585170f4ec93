// When does a customer of the Pareto/NBD leave? The integral over all times of leaving that a
// history allows, and its derivatives, which are means and variances over the posterior of that
// time.
#pragma once

#include "stats/internal/maximise.h"

namespace tact::stats::internal {

// Of one customer: alive at the end, or gone at some time y between the last purchase and the end.
struct Leaving {
  // Of (alpha + T)^-k (beta + T)^-s + s int (alpha + y)^-k (beta + y)^-(s+1) dy, k = r + x.
  double log_total = 0.0;
  Vector<4> slope{};      // of log_total by the logarithms of r, alpha, s, beta
  Matrix<4> curvature{};  // its second derivatives by the same, symmetric
  double alive = 0.0;     // probability
};

// r, alpha, s, beta; x repeat purchases, the last one at `last`, observed until `observed`; times
// in one unit, that of alpha and beta. Gauss-Legendre on a logarithmic scale instead of
// hypergeometric functions: only positive terms, hence no cancellation, whichever of alpha and beta
// is larger. Relative error of the integral < 1e-9. 30 nodes.
Leaving leaving(const Vector<4>& parameters, double repeats, double last, double observed);

}  // namespace tact::stats::internal
