// Every arm against control, one metric: the gate, Holm's steps, and what stands beside an effect.
#pragma once

#include "base/result.h"
#include "measure/internal/gather.h"

namespace tact::internal {

// `blocked`: no comparison is made whatever the data say (a failed sample ratio).
Result<MetricFinding> measure_metric(const Given& given, std::size_t metric, bool blocked);

// One arm's effect from the sums of both, always-valid and fixed at `alpha`; what stands beside it
// is left out. kInvalid as welch_difference.
Result<Comparison> compare_sums(const Metric& metric, const MetricSums& treatment,
                                const MetricSums& control, double alpha);

// The gate of stats/gate.h is open for both arms, and something varies.
bool may_compare(const Metric& metric, const MetricSums& treatment, const MetricSums& control);

}  // namespace tact::internal
