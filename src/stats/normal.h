// Standard normal: critical values and upper tails that stay finite in the logarithm.
// Pure; z without unit; every function is O(1).
#pragma once

#include "stats/inference.h"

namespace tact::stats {

// z with P(Z > z) = upper_tail; 1.959964 for 0.025. +inf for 0, -inf for 1, NaN outside [0, 1].
// Taking the tail instead of the probability keeps small tails exact. Relative error < 1e-14.
double normal_critical(double upper_tail);

// log P(Z > z), natural logarithm; relative error < 1e-13. Finite for |z| < 1e154.
// Up to z = 30 through erfc, above by the asymptotic series of Mills' ratio (DLMF 7.12.1).
double normal_log_upper_tail(double z);

// kTwoSided: 2 P(Z > |z|). kGreater: P(Z > z). kLess: P(Z < z).
PValue normal_p_value(double z, Alternative alternative = Alternative::kTwoSided);

}  // namespace tact::stats
