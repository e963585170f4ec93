#include "measure/internal/returns.h"

#include <cmath>

#include "measure/internal/return_words.h"
#include "stats/sequential.h"
#include "stats/value/incremental.h"

namespace tact::internal {
namespace {

stats::ValueAndCost sums_of(const Given& given, std::size_t arm, std::size_t index) {
  const Metric& metric = given.plan.metrics[index];
  const MetricSums sums = closed_sums(given, {}, given.cut.everybody, arm, index);
  return {sums.outcome(), metric.second == SecondIs::kCost ? sums.seconds() : stats::SecondSums{}};
}

Estimate moved(const Estimate& e, double by) { return {e.estimate + by, e.low + by, e.high + by}; }

// The difference in the value itself, where the return reads what is kept of it; at every look.
Result<Estimate> value_beside(const Given& given, std::size_t value, std::size_t arm,
                              double alpha) {
  const double unit = std::pow(10.0, given.plan.metrics[value].digits);
  const auto of = [&](std::size_t which) {
    return stats::summarize(sums_of(given, which, value).value, stats::OutcomeKind::kMean);
  };
  TACT_ASSIGN(const auto treatment, of(arm));
  TACT_ASSIGN(const auto control, of(0));
  stats::SequenceOptions options;
  options.alpha = alpha;
  TACT_ASSIGN(const auto found, stats::sequential_difference(treatment, control, options));
  return times(around(found.estimate, found.interval), 1.0 / unit);
}

Result<ReturnFinding> return_of(const Given& given, std::size_t index, std::size_t arms,
                                const Comparison& comparison) {
  const Economics& economics = given.plan.economics;
  const double unit = std::pow(10.0, given.plan.metrics[index].digits);
  const stats::ValueAndCost treatment = sums_of(given, comparison.arm, index);
  stats::ReturnOptions options;
  options.margin = economics.kept ? 1.0 : economics.margin;
  options.alpha = comparison.alpha;
  options.tuning_visitors = stats::SequenceOptions{}.tuning_visitors;
  options.fixed_cost = (economics.fixed_cost / static_cast<double>(arms) +
                        economics.cost_per_unit * static_cast<double>(treatment.value.n)) *
                       unit;
  TACT_ASSIGN(const auto found,
              stats::incremental_return(treatment, sums_of(given, 0, index), options));
  ReturnFinding finding;
  finding.arm = comparison.arm;
  finding.value = times(around(found.value.estimate, found.value.interval), 1.0 / unit);
  finding.kept = times(finding.value, options.margin);
  if (economics.kept) {
    TACT_ASSIGN(finding.value,
                value_beside(given, *economics.value, comparison.arm, comparison.alpha));
  }
  finding.cost = moved(times(around(found.cost.value, found.cost.interval), 1.0 / unit),
                       economics.cost_per_unit);
  finding.profit = moved(times(around(found.profit.estimate, found.profit.interval), 1.0 / unit),
                         -economics.cost_per_unit);
  finding.total = times(around(found.total.value, found.total.interval), 1.0 / unit);
  finding.roi = found.roi;
  finding.says = say_return(given.plan, finding);
  return finding;
}

}  // namespace

Result<std::vector<ReturnFinding>> returns_of(const Given& given,
                                              const std::vector<MetricFinding>& metrics) {
  std::vector<ReturnFinding> out;
  const Economics& economics = given.plan.economics;
  if (!economics.value || given.clusters != nullptr) return out;
  const std::size_t index = economics.kept.value_or(*economics.value);
  for (const Comparison& comparison : metrics[index].against) {
    TACT_ASSIGN(ReturnFinding finding,
                return_of(given, index, metrics[index].against.size(), comparison));
    out.push_back(std::move(finding));
  }
  return out;
}

std::string say_assumed(const Given& given, const std::vector<ReturnFinding>& returns) {
  const Economics& economics = given.plan.economics;
  if (given.cut.everybody.empty()) return {};
  if (!economics.value || !returns.empty()) return economics.assumed;
  if (given.clusters == nullptr) return {};
  return "No return is reckoned: " + given.plan.units() + " of one " + given.plan.cluster_name +
         " are not independent, and it would be too sure.";
}

}  // namespace tact::internal
