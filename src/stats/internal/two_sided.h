// Turns the log upper tail of a distribution symmetric about 0 into a p-value.
#pragma once

#include <cmath>
#include <numbers>

#include "stats/inference.h"

namespace tact::stats::internal {

// `log_upper_tail(x)` = log P(X > x). Only |x| enters the two-sided case and only ±x the others,
// so that swapping the arms gives the same bits.
template <typename LogUpperTail>
PValue p_from_upper_tail(double x, Alternative alternative, LogUpperTail log_upper_tail) {
  switch (alternative) {
    case Alternative::kTwoSided:
      return p_from_log(std::numbers::ln2 + log_upper_tail(std::fabs(x)));
    case Alternative::kGreater:
      return p_from_log(log_upper_tail(x));
    case Alternative::kLess:
      return p_from_log(log_upper_tail(-x));
  }
  return PValue{};
}

}  // namespace tact::stats::internal
