#include "measure/internal/again.h"

#include "measure/internal/numbers.h"
#include "measure/internal/words.h"

namespace tact::internal {
namespace {

std::string points(const Estimate& e) { return with_interval(e, 1e2) + " points"; }

std::string say_arm(const Findings& report, const Metric& metric, const Comparison& comparison) {
  const Estimate& e = comparison.difference;
  const std::string with =
      report.plan.arms.size() > 2 ? report.plan.arms[comparison.arm].name : std::string("it");
  const std::string rest =
      " of those who " + metric.of_whom + " did so again on a later visit with " + with + ": ";
  const char* which = e.low > 0.0 ? "More" : e.high < 0.0 ? "Fewer" : "No sign that more or fewer";
  return which + rest + points(e) + ".";
}

}  // namespace

bool is_of_some(const Findings& report, const MetricFinding& finding) {
  return !report.metric(finding).of_whom.empty() && (finding.waiting || is_answered(finding));
}

std::string say_again(const Findings& report, const MetricFinding& finding) {
  const Metric& metric = report.metric(finding);
  std::string says;
  for (const Comparison& comparison : finding.against) {
    says += (says.empty() ? "" : " ") + say_arm(report, metric, comparison);
  }
  if (!says.empty()) return says;
  const std::string who =
      "Of those who " + metric.of_whom + ", who did so again on a later visit: ";
  if (!is_answered(finding)) return who + "too few, or too young, to be shown yet.";
  return who + say_metric_difference(report, finding, 1) + ".";
}

std::vector<AskedArm> again_arms(const Findings& report, const MetricFinding& finding) {
  std::vector<AskedArm> arms;
  if (!is_answered(finding)) return arms;
  for (std::size_t i = finding.arms.size(); i-- > 0;) {
    const ArmCounts& counts = finding.arms[i];
    AskedArm arm{report.plan.arms[i].name, grouped(counts.units), {}, {}};
    if (!finding.against.empty()) arm.figure = percent(counts.mean(), 1);
    if (const Comparison* comparison = finding.of(i))
      arm.difference = points(comparison->difference);
    arms.push_back(std::move(arm));
  }
  return arms;
}

}  // namespace tact::internal
