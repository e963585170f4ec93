#include "measure/internal/moment_returns.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "measure/internal/numbers.h"
#include "measure/sums.h"

namespace tact::internal {
namespace {

constexpr int kFiner = 1'000;  // 10^Costs::kFinerDigits

std::optional<std::size_t> goal_with_money(const Experiment& experiment) {
  for (std::size_t goal = 0; goal < experiment.goals.size(); ++goal) {
    if (experiment.goals[goal].goal.value_from_total) return goal;
  }
  return std::nullopt;
}

std::optional<Costs> costs_of(const Experiment& experiment, std::size_t arm) {
  if (experiment.is_ab()) return experiment.arms[arm].costs;
  return arm == 0 ? Costs{} : experiment.costs;
}

bool costs_known(const Experiment& experiment, const Plan& plan) {
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    if (!costs_of(experiment, arm)) return false;
  }
  return true;
}

std::string amount(std::int64_t cost, const Plan& plan) {
  const double minor = static_cast<double>(cost) / kFiner;
  if (cost % kFiner == 0) return money(minor, plan.minor_digits, plan.currency);
  const double whole = minor / std::pow(10.0, plan.minor_digits);
  return decimal(whole, plan.minor_digits + Costs::kFinerDigits) + " " + plan.currency;
}

// "€0.05 for each visitor shown and €4.50 for each order".
std::string say_costs(const Costs& costs, const Plan& plan) {
  std::string says;
  if (costs.per_visitor != 0) {
    says = amount(costs.per_visitor, plan) + " for each " + plan.unit;
  }
  if (costs.per_order == 0) return says;
  if (!says.empty()) says += " and ";
  return says + amount(costs.per_order, plan) + " for each of their orders";
}

std::string say_assumed(const Experiment& experiment, Probability margin, const Plan& plan) {
  const int digits = margin.ppm % 10'000 == 0 ? 0 : margin.ppm % 1'000 == 0 ? 1 : 2;
  std::string says = "Assumed: " + percent(plan.economics.margin, digits) +
                     " of an order is kept where it does not tell its own margin.";
  bool any = false;
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    const std::optional<Costs> costs = costs_of(experiment, arm);
    if (!costs || !costs->any()) continue;
    says += any ? "; " : " Costs: ";
    says += plan.arms[arm].name + " " + say_costs(*costs, plan);
    any = true;
  }
  says += any ? ", as the messages say." : " No message says that it costs anything.";
  return says + " What was sent back is not taken off.";
}

std::string say_unknown(const Experiment& experiment) {
  const std::string why =
      experiment.is_ab() || !experiment.moment.empty()
          ? "the messages shown cost differently, or are no longer in the playbook"
          : "some messages cost money, and it is not kept which of them somebody met";
  return "No return is reckoned: " + why + ".";
}

std::int64_t rounded(WideSum value) {
  const WideSum most = kLargestFact;
  return static_cast<std::int64_t>(std::clamp<WideSum>(value, -most, most));
}

// In 10^-kFinerDigits of a minor unit. To the nearest, halves away from 0.
std::int64_t kept_of(const GoalTally& tally, double share) {
  const auto ppm = static_cast<std::int64_t>(std::llround(share * 1e6));
  const WideSum untold = WideSum{tally.value_minor} - tally.told_minor;
  const WideSum parts = untold * ppm;  // millionths of a minor unit
  const WideSum assumed = (parts + (parts < 0 ? -500 : 500)) / 1'000;
  return rounded(WideSum{tally.margin_minor} * kFiner + assumed);
}

}  // namespace

void put_returns(const Experiment& experiment, const ReportOptions& options, Plan& plan) {
  const auto goal = goal_with_money(experiment);
  if (!options.margin || !goal || plan.metrics.size() >= kMostMetrics) return;
  if (!costs_known(experiment, plan)) {
    plan.economics.assumed = say_unknown(experiment);
    return;
  }
  const WatchedGoal& watched = experiment.goals[*goal];
  Metric kept;
  kept.name = watched.goal.id + " margin";
  kept.says = "what is kept of " + watched.goal.id + ", before the costs of messages";
  kept.within = watched.goal.within;
  kept.money = true;
  kept.second = SecondIs::kCost;
  kept.digits = kept.second_digits = options.minor_digits + Costs::kFinerDigits;
  const auto of_goal = [&](const Metric& metric) { return metric.value_of == goal; };
  const auto value = std::find_if(plan.metrics.begin(), plan.metrics.end(), of_goal);
  plan.economics.value = static_cast<std::size_t>(value - plan.metrics.begin());
  plan.economics.kept = plan.metrics.size();
  plan.economics.margin = options.margin->ppm / 1e6;
  plan.metrics.push_back(std::move(kept));
  plan.economics.assumed = say_assumed(experiment, *options.margin, plan);
}

void fill_returns(const ExposureView& row, const Experiment& experiment, const Plan& plan,
                  std::uint32_t arm, UnitFacts& facts) {
  if (!plan.economics.kept) return;
  MetricFacts& metric = facts.metrics[*plan.economics.kept];
  metric = MetricFacts{};
  const Costs costs = costs_of(experiment, arm).value_or(Costs{});
  metric.second = costs.per_visitor;
  const std::size_t goal = *plan.metrics[*plan.economics.value].value_of;
  const std::uint64_t key = experiment.goals[goal].key;
  const auto tally = std::find_if(row.goals.begin(), row.goals.end(),
                                  [&](const GoalTally& of) { return of.goal == key; });
  if (tally == row.goals.end()) return;
  metric.value = kept_of(*tally, plan.economics.margin);
  metric.second = rounded(WideSum{costs.per_visitor} + WideSum{costs.per_order} * tally->count);
}

bool costs_by_visitor(const Experiment& experiment, std::uint32_t arm) {
  return costs_of(experiment, arm).value_or(Costs{}).per_visitor != 0;
}

}  // namespace tact::internal
