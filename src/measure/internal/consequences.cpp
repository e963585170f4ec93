#include "measure/internal/consequences.h"

#include <algorithm>
#include <numeric>

#include "measure/internal/words.h"
#include "stats/curves.h"
#include "stats/gate.h"

namespace tact::internal {
namespace {

// Rounded to what may be shown: a point at risk of fewer than kSmallCell units is left out.
std::vector<CurvePoint> points_of(const std::vector<stats::SurvivalPoint>& survival, int horizon) {
  std::vector<CurvePoint> points;
  for (const stats::SurvivalPoint& point : survival) {
    if (point.day > horizon || point.at_risk < kSmallCell) break;
    points.push_back({point.day, around(point.survival, point.interval), point.at_risk});
  }
  return points;
}

// The units of a block are followed alike, through the last day that is over for all of them: else
// a curve would tell of those exposed on one day of it, or in one hour, as they come of age.
std::vector<stats::SurvivalCounts> survival_counts(const Given& given, std::size_t curve) {
  std::vector<stats::SurvivalCounts> counts(given.arms());
  for (const Block& block : given.cut.everybody) {
    const Day over = day_of(given.options.now) - block.end - 1;
    if (over < 0) break;
    std::vector<stats::SurvivalCounts> added(given.arms());
    each_day(given, block, [&](const DaySums& day) {
      for (std::size_t arm = 0; arm < added.size(); ++arm) {
        added[arm] += day.curves[arm * given.plan.curves.size() + curve];
      }
    });
    for (std::size_t arm = 0; arm < added.size(); ++arm) {
      counts[arm] += added[arm].observed_through(over);
    }
  }
  return counts;
}

std::int64_t sum_of(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

Result<CurveFinding> curve_of(const Given& given, std::size_t curve) {
  CurveFinding finding;
  finding.curve = curve;
  if (given.clusters != nullptr) {
    finding.says = given.plan.curves[curve].name + ": not compared, because its intervals would " +
                   "take the " + given.plan.units() + " of one " + given.plan.cluster_name +
                   " as independent.";
    return finding;
  }
  const auto counts = survival_counts(given, curve);
  const bool open = std::all_of(counts.begin(), counts.end(), [](const auto& arm) {
    return std::min(sum_of(arm.events), sum_of(arm.censored)) >= stats::kGateNonzeroVisitors;
  });
  if (!open) {
    finding.says = given.plan.curves[curve].name + ": not enough data yet.";
    return finding;
  }
  const int horizon = given.plan.curves[curve].horizon_days;
  int last = horizon;
  for (const stats::SurvivalCounts& arm : counts) {
    TACT_ASSIGN(const auto survival, stats::kaplan_meier(arm, given.options.alpha));
    finding.arms.push_back(points_of(survival, horizon));
    last = std::min(last, finding.arms.back().empty() ? -1 : finding.arms.back().back().day);
  }
  for (std::size_t arm = 1; arm < counts.size() && last >= 0; ++arm) {
    const auto difference =
        stats::survival_difference(counts[arm], counts[0], last, given.options.alpha);
    if (!difference.has_value()) continue;
    CurveFinding::Difference out;
    out.arm = arm;
    out.day = last;
    out.share = {-difference->estimate, -difference->interval.upper, -difference->interval.lower};
    out.log10_p = difference->p.log10_p;
    finding.differences.push_back(out);
  }
  finding.says = say_curve(given.plan, finding);
  return finding;
}

}  // namespace

CreditFinding credit_of(const Given& given, const MetricFinding& primary,
                        const std::vector<SegmentFinding>& segments) {
  CreditFinding out;
  for (std::size_t arm = 1; arm < primary.arms.size(); ++arm) {
    const Credited& of = primary.arms[arm].credited;
    out.credited.last += of.last;
    out.credited.linear += of.linear;
    out.credited.position += of.position;
  }
  for (const Comparison& comparison : primary.against) {
    const double last = primary.arms[comparison.arm].credited.last;
    const Estimate& created = comparison.incremental;
    out.arms.push_back({comparison.arm,
                        last,
                        created,
                        {last - created.estimate, last - created.high, last - created.low}});
  }
  if (out.arms.size() == 1) {
    out.created = out.arms.front().created;
    out.captured = out.arms.front().captured;
  }
  for (const SegmentFinding& segment : segments) {
    if (!given.plan.dimensions[segment.dimension].propensity || given.arms() != 2) continue;
    out.strata_by = given.plan.dimensions[segment.dimension].name;
    for (const SegmentCell& cell : segment.cells) {
      if (cell.withheld) continue;
      CreditFinding::Stratum stratum;
      stratum.name = cell.name;
      stratum.credited = cell.arms[1].credited.last;
      if (cell.difference[0])
        stratum.created = times(*cell.difference[0], static_cast<double>(cell.arms[1].units));
      out.strata.push_back(std::move(stratum));
    }
  }
  return out;
}

Result<std::vector<CurveFinding>> curves_of(const Given& given, bool blocked) {
  std::vector<CurveFinding> out;
  for (std::size_t curve = 0; curve < given.plan.curves.size() && !blocked; ++curve) {
    TACT_ASSIGN(CurveFinding finding, curve_of(given, curve));
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace tact::internal
