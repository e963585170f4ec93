#include "measure/internal/totals.h"

#include "measure/internal/gather.h"
#include "measure/internal/metric_words.h"
#include "stats/sequential.h"

namespace tact::internal {
namespace {

bool somebody_is_kept(const Findings& report) {
  return !report.ratio.planned.empty() && report.ratio.planned.front() > 0.0;
}

}  // namespace

double shared_alpha(double alpha, std::size_t moments) {
  return alpha / static_cast<double>(moments + 1);
}

const MetricFinding* same_goal(const Findings& report, const Metric& goal) {
  for (const MetricFinding& finding : report.metrics) {
    const Metric& metric = report.metric(finding);
    if (metric.name == goal.name && metric.within == goal.within && metric.kind == goal.kind &&
        metric.money == goal.money)
      return &finding;
  }
  return nullptr;
}

bool can_be_counted(const Findings& report, const MetricFinding* finding) {
  return finding != nullptr && finding->of(1) != nullptr && finding->counted_from &&
         !finding->of(1)->one_look && somebody_is_kept(report);
}

std::string why_not(const Findings& report, const MetricFinding* finding, const Metric& goal) {
  if (finding == nullptr) return "does not count " + goal_name(goal.name);
  if (!somebody_is_kept(report)) return "nobody is held back";
  switch (finding->withheld) {
    case Withheld::kSampleRatio:
      return "its arms are not what they should be";
    case Withheld::kNothingVaries:
      return "all did the same";
    case Withheld::kNotEstimable:
      return "cannot be estimated";
    default:
      return "not enough data yet";
  }
}

Result<AdditivityFinding::Moment> total_of(const Findings& report, const MetricFinding& finding,
                                           double alpha) {
  const Comparison& effect = *finding.of(1);
  stats::SequenceOptions options;
  options.alpha = alpha;
  TACT_ASSIGN(const auto always,
              stats::sequence_around(effect.difference.estimate, effect.standard_error,
                                     effect.behind, options));
  AdditivityFinding::Moment out;
  out.name = report.plan.name;
  out.shown = finding.arms[1].units;
  out.incremental = times(around(always.estimate, always.interval), static_cast<double>(out.shown));
  out.from = *finding.counted_from;
  out.to = *finding.counted_to;
  return out;
}

Estimate plus(const Estimate& a, const Estimate& b) {
  return {a.estimate + b.estimate, a.low + b.low, a.high + b.high};
}

}  // namespace tact::internal
