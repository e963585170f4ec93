// Student's t for any real number of degrees of freedom > 0: critical values and upper tails that
// stay finite in the logarithm. Pure; t without unit.
#pragma once

#include "stats/inference.h"

namespace tact::stats {

// t with P(T > t) = upper_tail; 2.228139 for 0.025 and df = 10. +inf for 0, -inf for 1; NaN for
// an upper_tail outside [0, 1] or df <= 0. Boost.Math; relative error < 1e-12. About 1 us.
double t_critical(double upper_tail, double df);

// log P(T > t), natural logarithm; NaN for df <= 0. Relative error < 1e-11 for df in [1, 1e9].
// From t = 5 on by the continued fraction of the incomplete beta function (Didonato & Morris 1992,
// ACM TOMS 708, eq. 9) with its prefix kept in the logarithm: Boost.Math's tail underflows there.
double t_log_upper_tail(double t, double df);

// kTwoSided: 2 P(T > |t|). kGreater: P(T > t). kLess: P(T < t).
PValue t_p_value(double t, double df, Alternative alternative = Alternative::kTwoSided);

}  // namespace tact::stats
