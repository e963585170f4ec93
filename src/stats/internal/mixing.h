// The variance of the mixing Gaussian of sequential.h, for others that mix by it.
#pragma once

#include "stats/sequential.h"

namespace tact::stats::internal {

// rho^2 per observation; options must be valid.
double mixing_variance(const SequenceOptions& options);

// kInvalid unless alpha lies in (0, 0.5) and tuning_visitors is positive and finite.
Status check_sequence(const SequenceOptions& options);

}  // namespace tact::stats::internal
