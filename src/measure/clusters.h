// Sums over clusters (accounts, stores) of the units that a report shows. A second scan, because
// which units those are is known only after the first, and a cluster's units have to be together
// before they are squared.
#pragma once

#include <stop_token>
#include <vector>

#include "base/result.h"
#include "measure/cut.h"
#include "measure/unit_facts.h"
#include "stats/clustered.h"

namespace tact {

// Each treatment arm's, beside control: [treatment arm - 1].
using ClusteredArms = std::vector<stats::ClusterSums>;

// More clusters than this, and only the metrics are summed: cells and looks take several times the
// memory (about 1 KB a cluster), and so many clusters are seldom accounts.
inline constexpr std::size_t kMostClustersInDetail = 250'000;
inline constexpr std::size_t kMostLooks = 200;  // over time; evenly spread, the last one is one

struct ClusteredSums {
  // [metric]; of a ratio the denominators stand for visitors. A ratio with units that have a value
  // and no denominator above 0 cannot be clustered: `broken`.
  std::vector<ClusteredArms> metrics;
  std::vector<bool> broken;
  // Primary metric; empty without `detailed`.
  bool detailed = true;
  std::vector<std::vector<ClusteredArms>> cells;  // [dimension][cell]
  std::vector<bool> shared;          // [dimension]: a cluster has units in several of its cells
  std::vector<ClusteredArms> looks;  // [closed block]: all up to it; empty where !is_look
};

// Of `blocks` closed ones, is there a look at the end of this one?
bool is_look(std::size_t block, std::size_t blocks);
// Blocks of everybody that are closed for the primary metric.
std::vector<Block> closed_blocks(const Plan& plan, const Cut& cut, Time now);

// Units without a cluster key are clusters of their own and need no memory. Else O(clusters *
// metrics) memory, and where detailed as much again for each of a cluster's cells and days; time
// O(units + clusters * looks). Errors of the source; kUnavailable once asked to stop.
Result<ClusteredSums> sum_clusters(const UnitSource& source, const Plan& plan, const Cut& cut,
                                   Time now, bool include_simulated,
                                   std::size_t most_in_detail = kMostClustersInDetail,
                                   const std::stop_token& stop = {});

}  // namespace tact
