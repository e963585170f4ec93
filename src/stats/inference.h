// The words every test and interval of this module shares: which side, which interval, which p.
#pragma once

#include <limits>

#include "base/result.h"

namespace tact::stats {

// Against which alternative. kGreater: treatment > control; its interval is [lower, +inf).
// kLess: treatment < control; its interval is (-inf, upper].
enum class Alternative { kTwoSided, kGreater, kLess };

// Closed, in the unit of the quantity it covers; an end may be infinite.
struct Interval {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();

  bool contains(double value) const { return lower <= value && value <= upper; }
};

// `p` underflows to 0 below about 1e-308 (two-sided |z| > 37); `log10_p` does not. Print and
// compare the latter: a p-value shown as 0 is wrong.
struct PValue {
  double p = 1.0;
  double log10_p = 0.0;
};

// From a natural logarithm; values above 0 (rounding, or 1/e of weak evidence) become p = 1.
PValue p_from_log(double log_p);

// kInvalid unless 0 < alpha < 0.5. Above, "1 - alpha" intervals and one-sided tuning lose meaning.
Status check_alpha(double alpha);

}  // namespace tact::stats
