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

// Fewer effective clusters in an arm, and there is no interval for every day.
inline constexpr double kFewestClustersToLook = 50.0;
// Puts what `sums` say, whose variances count clusters, in the place of what compare_sums said of
// the same units at the comparison's alpha. kInvalid: too few clusters (to look every day, unless
// `one_look`), or as clustered_difference.
Status compare_clusters(const Metric& metric, const stats::ClusterSums& sums, bool one_look,
                        Comparison& comparison);

// The gate of stats/gate.h is open for both arms, and something varies.
bool may_compare(const Metric& metric, const MetricSums& treatment, const MetricSums& control);

}  // namespace tact::internal
