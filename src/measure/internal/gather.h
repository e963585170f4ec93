// What the parts of an analysis share: which units they may read, and those units' sums.
#pragma once

#include <optional>
#include <vector>

#include "measure/analyse.h"
#include "measure/clusters.h"
#include "measure/cut.h"
#include "stats/cuped.h"
#include "stats/gate.h"

namespace tact::internal {

struct Given {
  const Plan& plan;
  const Sums& sums;
  const Cut& cut;
  const AnalyseOptions& options;
  const ClusteredSums* clusters = nullptr;

  std::size_t arms() const { return plan.arms.size(); }
};

// A set of units: everybody, or a cell of a dimension.
struct Place {
  std::optional<std::size_t> dimension;
  std::int32_t cell = 0;
};

// The sums of its days; of one without anybody there are none.
template <typename Visit>
void each_day(const Given& given, const Block& block, const Visit& visit) {
  for (Day day = block.begin; day < block.end; ++day) {
    if (const DaySums* sums = given.sums.day(day)) visit(*sums);
  }
}

// The blocks in which the set is shown.
std::vector<Block> blocks_of(const Given& given, const Place& place);

// Of those of the blocks (blocks_of the place) that are closed for the metric; of a cell metric 0.
MetricSums closed_sums(const Given& given, const Place& place, std::span<const Block> blocks,
                       std::size_t arm, std::size_t metric);
Count exposed(const Given& given, const Place& place, std::span<const Block> blocks,
              std::size_t arm);
// How many did something, if that may be told; see SmallCount.
SmallCount told(const Given& given, std::int64_t count);
ArmCounts arm_counts(const Given& given, const Place& place, std::span<const Block> blocks,
                     std::size_t arm, std::size_t metric);

// In the metric's own unit. kInvalid as summarize().
Result<stats::ArmSummary> summary_of(const Metric& metric, const MetricSums& sums);
// stats/gate.h of all the arms, control first, as the metric counts: of a share, and of a mean that
// is one because nobody has more than 1, the rarer of who reached it and who did not.
Result<stats::GateReport> gate_of(const Metric& metric, std::span<const MetricSums> arms,
                                  double elapsed_s = 0.0);
stats::OutcomeKind counted_as(const Metric& metric, std::span<const stats::SampleMoments> arms);
// Both arms adjusted by the covariate, in the metric's own unit.
Result<stats::CupedArms> cuped_of(const Metric& metric, const MetricSums& treatment,
                                  const MetricSums& control);
double unit_of(const Metric& metric);  // 10^digits, of a ratio 10^(digits - second digits)

inline Estimate around(double estimate, const stats::Interval& interval) {
  return {estimate, interval.lower, interval.upper};
}
inline Estimate times(const Estimate& e, double factor) {  // factor >= 0
  return {e.estimate * factor, e.low * factor, e.high * factor};
}

}  // namespace tact::internal
