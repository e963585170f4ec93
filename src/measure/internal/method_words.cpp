// By which method each figure of a report is made, and what is for one look.
#include <algorithm>

#include "measure/internal/numbers.h"
#include "measure/internal/words.h"

namespace tact::internal {
namespace {

// What is for one look on a day that was planned, and by which method.
void say_one_look(const Findings& report, std::vector<std::string>& out) {
  const auto once = [](const MetricFinding& finding) {
    return std::any_of(finding.against.begin(), finding.against.end(),
                       [](const Comparison& comparison) { return comparison.one_look; });
  };
  if (std::any_of(report.metrics.begin(), report.metrics.end(), once)) {
    out.push_back("Fewer than 50 " + report.plan.cluster_name +
                  "s in an arm: the difference, too, is for one look on a planned day.");
  }
  if (std::any_of(report.curves.begin(), report.curves.end(),
                  [](const auto& curve) { return !curve.differences.empty(); })) {
    out.emplace_back(
        "Who came back and bought again: Kaplan-Meier by arm (log-log intervals) and their "
        "difference at the last day (Greenwood), for one look on a planned day.");
  }
  if (!report.novelty.empty()) {
    out.emplace_back(
        "Novelty: the trend of the weeks' effects by weighted least squares, for one look on a "
        "planned day.");
  }
  if (report.lifetime && !report.lifetime->against.empty()) {
    out.emplace_back(
        "Lifetime value: Welch, of the forecast on each unit's influence on a BG/NBD model of its "
        "arm, for one look on a planned day.");
  }
}

}  // namespace

std::vector<std::string> say_method(const Findings& report, double alpha) {
  const Plan& plan = report.plan;
  std::vector<std::string> out;
  out.emplace_back(
      "Nothing is compared before each arm has 50 with an outcome (of a share, 50 without, too), "
      "and nothing is shown of fewer than 50.");
  const auto any = [&](auto what) {
    return std::any_of(report.metrics.begin(), report.metrics.end(), [&](const auto& finding) {
      return !finding.against.empty() && what(report.metric(finding));
    });
  };
  if (!any([](const Metric&) { return true; })) return out;
  out.push_back("Intervals hold at " + percent(1.0 - alpha, 0) +
                " however often one looks (asymptotic confidence sequence, arXiv 2103.06476), "
                "except where one look is said; at one fixed time: Welch, relative: Fieller.");
  if (plan.arms.size() > 2) {
    out.emplace_back(
        "Several arms are judged by Holm's steps; each interval has its step's level.");
  }
  if (plan.clustered) {
    out.push_back("Variances count " + plan.cluster_name + "s, not " + plan.units() + ".");
    out.push_back("There are no CUPED or winsorised figures, no return, no curves and no check " +
                  std::string("for novelty: theirs would take the ") + plan.units() + " of one " +
                  plan.cluster_name + " as independent.");
  }
  if (!plan.clustered && any([](const Metric& metric) { return metric.money; })) {
    out.emplace_back(
        "Beside money as it is stands money winsorised at the 99 % quantile of all "
        "arms' amounts.");
  }
  if (!plan.clustered && any([](const Metric& metric) { return metric.covariate; })) {
    out.emplace_back("CUPED: adjusted by a value from before exposure, one slope for both arms.");
  }
  if (any([](const Metric& metric) { return metric.role == MetricRole::kGuardrail; })) {
    out.emplace_back("Guardrails: non-inferiority by a share of control's mean, at every look.");
  }
  if (any([](const Metric& metric) { return metric.standing.has_value(); })) {
    out.emplace_back("Those that every report watches share one level.");
  }
  if (any([](const Metric& metric) { return metric.asked != Asked::kNothing; })) {
    out.emplace_back(
        "Questions: of those who answered within 30 days; whether an arm answers more readily is "
        "not corrected for.");
  }
  if (any([](const Metric& metric) { return !metric.of_whom.empty(); })) {
    out.emplace_back(
        "Hesitated again: of all whose leading intent was likely or sure at the exposure, whether "
        "they came back or not; the same intent led again, by evidence of a later visit, within 30 "
        "days.");
  }
  if (!report.returns.empty()) {
    out.emplace_back(
        "Returns: of each unit's margin less cost, the same sequence; the return on the cost by "
        "inversion.");
  }
  say_one_look(report, out);
  if (!plan.dimensions.empty()) {
    out.emplace_back(
        "Segments: the interaction first; their intervals hold for all segments of a "
        "dimension at once.");
  }
  return out;
}

}  // namespace tact::internal
