#include "measure/internal/asked.h"

#include <algorithm>

#include "measure/internal/numbers.h"
#include "measure/internal/words.h"

namespace tact::internal {
namespace {

std::string difference_of(const Metric& metric, const Estimate& e) {
  if (metric.asked == Asked::kShare) return with_interval(e, 1e2) + " points";
  return with_interval(e, 1.0);
}

std::string capitalised(std::string name) {
  if (!name.empty() && name.front() >= 'a' && name.front() <= 'z') name.front() -= 'a' - 'A';
  return name;
}

std::string say_arm(const Findings& report, const Metric& metric, const Comparison& comparison) {
  const Estimate& e = comparison.difference;
  const std::string name = goal_name(metric.name);
  const std::string with =
      report.plan.arms.size() > 2 ? report.plan.arms[comparison.arm].name : std::string("it");
  const std::string figures = ": " + difference_of(metric, e) + ".";
  const bool share = metric.asked == Asked::kShare;
  if (e.low <= 0.0 && e.high >= 0.0) {
    return "No sign that " + (share ? "more or fewer " + name : name + " differs") + " with " +
           with + figures;
  }
  const bool up = e.low > 0.0;
  return (share ? (up ? "More " : "Fewer ") + name
                : capitalised(name) + (up ? " is higher" : " is lower")) +
         " with " + with + figures;
}

}  // namespace

bool is_question(const Findings& report, const MetricFinding& finding) {
  return report.metric(finding).asked != Asked::kNothing &&
         (finding.waiting || is_answered(finding));
}

bool is_answered(const MetricFinding& finding) {
  return std::any_of(finding.arms.begin(), finding.arms.end(),
                     [](const ArmCounts& arm) { return arm.units > 0; });
}

std::string say_asked(const Findings& report, const MetricFinding& finding) {
  const Metric& metric = report.metric(finding);
  std::string says;
  for (const Comparison& comparison : finding.against) {
    says += (says.empty() ? "" : " ") + say_arm(report, metric, comparison);
  }
  if (!says.empty()) return says;
  if (!is_answered(finding)) {
    return capitalised(goal_name(metric.name)) +
           ": too few answers, or too young, to be shown yet.";
  }
  return capitalised(goal_name(metric.name)) + ": " +
         (finding.withheld == Withheld::kNotEnough ? "not enough answers yet"
                                                   : say_metric_difference(report, finding, 1)) +
         ".";
}

std::vector<AskedArm> asked_arms(const Findings& report, const MetricFinding& finding) {
  const Metric& metric = report.metric(finding);
  std::vector<AskedArm> arms;
  if (!is_answered(finding)) return arms;
  for (std::size_t i = finding.arms.size(); i-- > 0;) {
    const ArmCounts& counts = finding.arms[i];
    AskedArm arm{report.plan.arms[i].name, grouped(counts.units), {}, {}};
    const double mean = counts.mean(metric.kind);
    if (!finding.against.empty()) {
      arm.figure = metric.asked == Asked::kShare ? percent(mean, 1) : decimal(mean, 2);
    }
    if (const Comparison* comparison = finding.of(i)) {
      arm.difference = difference_of(metric, comparison->difference);
    }
    arms.push_back(std::move(arm));
  }
  return arms;
}

}  // namespace tact::internal
