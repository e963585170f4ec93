// The relative lift and non-inferiority where visitors belong to clusters: the same questions as
// fieller.h and non_inferiority.h, on variances that count clusters and on the covariance of the
// arms' means, which clusters in both arms have.
// Source: Fieller (1954) for two means that are correlated: turned into two that are not by taking
// from the numerator its regression on the denominator.
#pragma once

#include "stats/clustered.h"
#include "stats/fieller.h"
#include "stats/non_inferiority.h"

namespace tact::stats {

// At one fixed time, at the t of the plain difference: excludes a lift of 0 exactly when
// clustered_difference excludes 0 (up to the last bits). Errors as there. O(1).
Result<LiftSet> fieller_clustered(const ClusterSums& sums, double alpha = 0.05);

// For looking every day; time is counted in clusters, as by sequential_clustered. Two-sided, else
// kInvalid.
Result<LiftSet> sequential_clustered_lift(const ClusterSums& sums,
                                          const SequenceOptions& options = {});

// `guardrail.tuning_visitors` is a number of clusters here. Errors as check_non_inferiority and
// clustered_difference.
Result<NonInferiority> check_clustered_non_inferiority(const ClusterSums& sums,
                                                       const Guardrail& guardrail);

}  // namespace tact::stats
