#include "measure/internal/uplift_words.h"

#include <algorithm>
#include <vector>

#include "base/time.h"
#include "measure/internal/metric_words.h"
#include "measure/internal/numbers.h"
#include "measure/likelihood.h"

namespace tact::internal {
namespace {

std::string start(const Plan& plan, const UpliftFinding& finding) {
  return "Whom " + (plan.arms.size() > 2 ? plan.arms[finding.arm].name : "it") + " persuades";
}

std::string who_reached(const Plan& plan, const Metric& metric) {
  return plan.units() +
         (metric.says.empty() ? " with " + goal_name(metric.name) : " who " + metric.says);
}

// "device, visitor, …": each once, as several metrics carry one covariate.
std::string known(const Plan& plan) {
  std::vector<std::string> names;
  for (const Dimension& dimension : plan.dimensions) {
    if (dimension.name != kLikelihoodDimension) names.push_back(dimension.name);
  }
  for (const Metric& metric : plan.metrics) {
    if (metric.covariate) names.push_back(metric.covariate_name);
  }
  names.insert(names.end(), plan.features.begin(), plan.features.end());
  std::string out;
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) continue;
    out += (out.empty() ? "" : ", ") + *name;
  }
  return out;
}

}  // namespace

Metric uplift_metric(const Plan& plan, const UpliftFinding& finding) {
  Metric metric = plan.metrics[finding.metric];
  if (!finding.reached) return metric;
  metric.name = who_reached(plan, metric);
  metric.kind = MetricKind::kProportion;
  metric.money = false;
  return metric;
}

std::string say_uplift(const Plan& plan, const UpliftFinding& finding) {
  const stats::Area& qini = finding.report.qini;
  const Estimate area{qini.estimate, qini.interval.lower, qini.interval.upper};
  const bool better = area.low > 0.0;
  std::string says = start(plan, finding) + (better ? " can be told" : " cannot be told") +
                     " from what was known before: the order by score is " +
                     (better            ? "better than"
                      : area.high < 0.0 ? "worse than"
                                        : "no better than") +
                     " random (Qini " + say_difference(plan, uplift_metric(plan, finding), area) +
                     ").";
  if (finding.units < finding.of) {
    says += " Learnt from, and judged by, a sample of " + grouped(finding.units) + " of the " +
            grouped(finding.of) + " " + plan.units() + " compared.";
  }
  return says;
}

std::string say_uplift_not_enough(const Plan& plan, const UpliftFinding& finding) {
  const Metric& metric = plan.metrics[finding.metric];
  const std::string closed =
      metric.within > Duration{} ? ", whose " + say_duration(metric.within) + " are over" : "";
  return start(plan, finding) + ": not enough data yet. Each arm needs 50 " +
         who_reached(plan, metric) + ", and 50 others" + closed + ".";
}

std::string say_no_uplift(const Plan& plan, const UpliftFinding& finding, const std::string& why) {
  return start(plan, finding) + ": not told, because " + why + ".";
}

std::string say_too_few_in_sample(const Plan& plan, const UpliftFinding& finding) {
  return say_no_uplift(plan, finding,
                       "of the sample of " + grouped(finding.units) + " of the " +
                           grouped(finding.of) + " " + plan.units() +
                           " compared too few are, in an arm, " +
                           who_reached(plan, plan.metrics[finding.metric]));
}

std::string why_not_judged(const Findings& report) {
  if (report.verdict != Verdict::kCannotBeJudged) return {};
  const bool kept = !report.ratio.planned.empty() && report.ratio.planned.front() > 0.0;
  if (!kept) return "nobody is held back";
  switch (report.primary()->withheld) {
    case Withheld::kNothingVaries:
      return "all did the same";
    case Withheld::kNotEstimable:
      return "the effect cannot be estimated";
    default:
      return "the arms are not what they should be";
  }
}

std::string say_how_persuaded(const Findings& report) {
  const auto told = std::find_if(report.uplift.begin(), report.uplift.end(),
                                 [](const UpliftFinding& found) { return found.report.enough; });
  if (told == report.uplift.end()) return {};
  const Plan& plan = report.plan;
  std::string says =
      "Whom it persuades: a doubly robust learner of boosted trees on what was "
      "known before the exposure (" +
      known(plan) + "), each of the " + plan.units() +
      " scored by models of five that have not seen that outcome";
  if (told->reached) {
    says += "; counted is who reached the goal, however often";
  }
  if (told->units < told->of) {
    says +=
        "; of each arm those whose key's hash is lowest, by halves until few enough, and whole "
        "days on which each arm of the sample gains 50";
  }
  return says +
         "; Qini, the area under the uplift curve and the curve by bootstrap, intervals at " +
         percent(1.0 - told->alpha, told->alpha < 0.05 ? 1 : 0) +
         ", for one look on a planned day.";
}

}  // namespace tact::internal
