#include "measure/internal/gather.h"

#include <cmath>

#include "stats/ratio.h"

namespace tact::internal {
namespace {

std::size_t set_of(const Given& given, const Place& place) {
  return place.dimension ? given.sums.sets().of_cell(*place.dimension, place.cell) : 0;
}

double power_of_ten(int digits) { return std::pow(10.0, digits); }

stats::ArmSummary scaled(const stats::ArmSummary& arm, double unit) {
  const double squared = unit * unit;
  return {arm.n, arm.mean / unit, arm.variance / squared, arm.hidden / squared};
}

}  // namespace

double unit_of(const Metric& metric) {
  const int second = metric.kind == MetricKind::kRatio ? metric.second_digits : 0;
  return power_of_ten(metric.digits) / power_of_ten(second);
}

std::vector<Block> blocks_of(const Given& given, const Place& place) {
  if (!place.dimension) return given.cut.everybody;
  std::vector<Block> shown;
  for (const Block& block : given.cut.dimensions[*place.dimension]) {
    if (block.cells[static_cast<std::size_t>(place.cell)]) shown.push_back(block);
  }
  return shown;
}

namespace {

// Of a cell only the primary metric is kept.
MetricSums sums_of(const Given& given, const DaySums& day, const Place& place, std::size_t arm,
                   std::size_t metric) {
  if (!place.dimension) return day.everybody(given.plan, arm, metric);
  return day.groups.primary(set_of(given, place) * given.arms() + arm);
}

}  // namespace

MetricSums closed_sums(const Given& given, const Place& place, std::span<const Block> blocks,
                       std::size_t arm, std::size_t metric) {
  MetricSums sums;
  for (const Block& block : blocks) {
    if (!is_closed(block, given.plan.metrics[metric], given.options.now)) continue;
    each_day(given, block,
             [&](const DaySums& day) { sums += sums_of(given, day, place, arm, metric); });
  }
  return sums;
}

Count exposed(const Given& given, const Place& place, std::span<const Block> blocks,
              std::size_t arm) {
  Count count;
  const std::size_t group = set_of(given, place) * given.arms() + arm;
  for (const Block& block : blocks) {
    each_day(given, block, [&](const DaySums& day) { count += day.groups.count(group); });
  }
  return count;
}

SmallCount told(const Given& given, std::int64_t count) {
  if (given.options.small_cells || count == 0) return count;
  const std::int64_t rounded = count - count % kSmallCell;
  return rounded == 0 ? SmallCount() : SmallCount(rounded);
}

ArmCounts arm_counts(const Given& given, const Place& place, std::span<const Block> blocks,
                     std::size_t arm, std::size_t metric) {
  const Metric& of = given.plan.metrics[metric];
  const MetricSums closed = closed_sums(given, place, blocks, arm, metric);
  MetricSums all;
  for (const Block& block : blocks) {
    each_day(given, block,
             [&](const DaySums& day) { all += sums_of(given, day, place, arm, metric); });
  }
  const double unit = power_of_ten(of.digits);
  ArmCounts counts;
  counts.exposed = exposed(given, place, blocks, arm).units;
  counts.units = closed.units;
  counts.reached = closed.nonzero;
  counts.total = static_cast<double>(closed.value) / unit;
  counts.second_total = static_cast<double>(closed.second) / power_of_ten(of.second_digits);
  counts.credited = {static_cast<double>(closed.credit.last),
                     static_cast<double>(closed.credit.linear) / 1e6,
                     static_cast<double>(closed.credit.position) / 1e6};
  counts.provisional_reached = all.nonzero - closed.nonzero;
  counts.provisional_total = static_cast<double>(all.value - closed.value) / unit;
  return counts;
}

Result<stats::ArmSummary> summary_of(const Metric& metric, const MetricSums& sums) {
  if (metric.kind == MetricKind::kRatio) {
    TACT_ASSIGN(const auto ratio, stats::summarize_ratio(sums.outcome(), sums.seconds()));
    return scaled(ratio, unit_of(metric));
  }
  const auto kind = metric.kind == MetricKind::kProportion ? stats::OutcomeKind::kProportion
                                                           : stats::OutcomeKind::kMean;
  TACT_ASSIGN(const auto arm, stats::summarize(sums.outcome(), kind));
  return scaled(arm, unit_of(metric));
}

stats::OutcomeKind counted_as(const Metric& metric, std::span<const stats::SampleMoments> arms) {
  // A unit that answered several times says yes once, here.
  if (metric.kind == MetricKind::kProportion || metric.asked == Asked::kShare) {
    return stats::OutcomeKind::kProportion;
  }
  return metric.kind == MetricKind::kRatio ? stats::OutcomeKind::kMean : stats::kind_seen(arms);
}

Result<stats::GateReport> gate_of(const Metric& metric, std::span<const MetricSums> arms,
                                  double elapsed_s) {
  std::vector<stats::SampleMoments> outcomes;
  bool all_did = true;  // nothing varies: not to be waited for
  for (const MetricSums& arm : arms) {
    outcomes.push_back(arm.outcome());
    all_did = all_did && arm.nonzero == arm.units;
  }
  const auto kind = all_did ? stats::OutcomeKind::kMean : counted_as(metric, outcomes);
  return stats::check_gate(outcomes, kind, elapsed_s);
}

Result<stats::CupedArms> cuped_of(const Metric& metric, const MetricSums& treatment,
                                  const MetricSums& control) {
  const auto arm = [&](const MetricSums& sums) {
    stats::CovariateArm out{sums.outcome(), std::nullopt, sums.covariates(), 0.0};
    if (metric.kind == MetricKind::kRatio) {
      out.denominator = sums.seconds();
      out.denominator_covariate_product_sum = static_cast<double>(sums.second_covariate);
    }
    return out;
  };
  TACT_ASSIGN(stats::CupedArms arms, stats::adjust_by_covariate(arm(treatment), arm(control)));
  arms.treatment = scaled(arms.treatment, unit_of(metric));
  arms.control = scaled(arms.control, unit_of(metric));
  return arms;
}

}  // namespace tact::internal
