// Sums over clusters (accounts, stores) of the units that a report shows. A second scan, because
// which units those are is known only after the first, and a cluster's units have to be together
// before they are squared.
#pragma once

#include <vector>

#include "base/result.h"
#include "measure/cut.h"
#include "measure/unit_facts.h"
#include "stats/clustered.h"

namespace tact {

// [metric][treatment arm - 1]; ratio metrics are left out.
struct ClusteredSums {
  std::vector<std::vector<stats::ClusterSums>> metrics;
};

// Units without a cluster key are clusters of their own and need no memory: O(clusters * metrics).
Result<ClusteredSums> sum_clusters(const UnitSource& source, const Plan& plan, const Cut& cut,
                                   Time now, bool include_simulated);

}  // namespace tact
