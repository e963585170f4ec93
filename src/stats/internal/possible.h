// Whether any sample can have these figures. An arm of fewer than two visitors is possible, too: it
// cannot be measured yet, which is for the caller to say.
#pragma once

#include <cmath>

#include "stats/moments.h"

namespace tact::stats::internal {

inline bool is_possible(const ArmSummary& arm) {
  return arm.n >= 0 && std::isfinite(arm.mean) && std::isfinite(arm.variance) &&
         arm.variance >= 0.0;
}

}  // namespace tact::stats::internal
