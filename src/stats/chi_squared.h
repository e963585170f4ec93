// Upper tail of the chi-squared distribution, finite in the logarithm.
#pragma once

#include "stats/inference.h"

namespace tact::stats {

// log P(X > statistic), natural logarithm; NaN for statistic < 0 or df <= 0. Relative error
// < 1e-11. Where Boost.Math's tail underflows, by the continued fraction of the incomplete gamma
// function (DLMF 8.9.2) with its prefix kept in the logarithm. Pure, O(1).
double chi_squared_log_upper_tail(double statistic, double df);

PValue chi_squared_p_value(double statistic, double df);

}  // namespace tact::stats
