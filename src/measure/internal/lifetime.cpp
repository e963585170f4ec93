#include "measure/internal/lifetime.h"

#include <algorithm>
#include <cmath>

#include "measure/internal/lifetime_words.h"
#include "stats/gate.h"
#include "stats/normal.h"
#include "stats/value/lifetime.h"
#include "stats/welch.h"

namespace tact::internal {
namespace {

using State = LifetimeFinding::State;
using stats::LifetimeState;

// Of the days observed: first orders after the first two thirds of them are late.
constexpr int kEarlyParts = 2, kParts = 3;

std::vector<Block> closed_blocks(const Given& given) {
  const Lifetime& of = *given.plan.lifetime;
  Metric window;
  window.within = days(of.days);
  std::vector<Block> blocks = blocks_of(given, {of.dimension, static_cast<std::int32_t>(of.cell)});
  std::erase_if(blocks,
                [&](const Block& block) { return !is_closed(block, window, given.options.now); });
  return blocks;
}

HistorySums sums_of(const Given& given, const std::vector<Block>& blocks, std::size_t arm) {
  HistorySums sums;
  for (const Block& block : blocks) {
    each_day(given, block, [&](const DaySums& day) { sums += day.histories[arm]; });
  }
  return sums;
}

// Amounts in the plan's minor unit. An order is in the middle of its day, so a customer was
// observed half a day less than the days after the first order and its own.
stats::LifetimeArm arm_of(const HistorySums& sums, int observed) {
  stats::LifetimeArm arm;
  arm.value.n = sums.units();
  WideSum value = 0, squares = 0;
  for (const HistorySums::Entry& entry : sums.entries()) {
    value += entry.value;
    squares += entry.value_squares;
    arm.value.nonzero += entry.nonzero;
    if (entry.orders == 0) continue;
    stats::LifetimeCustomers alike;
    alike.history = {static_cast<double>(entry.orders - 1),
                     static_cast<double>(entry.last - entry.first), observed - entry.first - 0.5};
    alike.customers = entry.customers;
    alike.value = static_cast<double>(entry.value);
    alike.value_squares = static_cast<double>(entry.value_squares);
    arm.customers.push_back(alike);
  }
  arm.value.sum = static_cast<double>(value);
  arm.value.sum_squares = static_cast<double>(squares);
  return arm;
}

stats::FirstPurchases first_of(const HistorySums& sums, int observed) {
  stats::FirstPurchases first;
  first.visitors = sums.units();
  for (const HistorySums::Entry& entry : sums.entries()) {
    if (entry.orders == 0) continue;
    const bool early = entry.first * kParts < observed * kEarlyParts;
    (early ? first.early : first.late) += entry.customers;
  }
  return first;
}

class Compared {
 public:
  Compared(const Given& given, const std::vector<Block>& blocks) : given_(given) {
    for (std::size_t arm = 0; arm < given.arms(); ++arm) {
      const HistorySums sums = sums_of(given, blocks, arm);
      arms_.push_back(arm_of(sums, given.plan.lifetime->days));
      first_.push_back(first_of(sums, given.plan.lifetime->days));
    }
  }

  Result<bool> may_compare() const {
    std::vector<stats::SampleMoments> moments;
    for (const stats::LifetimeArm& arm : arms_) moments.push_back(arm.value);
    TACT_ASSIGN(const auto gate, stats::check_gate(moments, stats::OutcomeKind::kMean, 0.0));
    return gate.open;
  }

  Status measure(LifetimeFinding& finding) {
    for (const stats::LifetimeArm& arm : arms_) {
      TACT_ASSIGN(
          const auto found,
          stats::lifetime_forecast(arm, given_.plan.lifetime->horizon_days, given_.options.stop));
      found_.push_back(found);
    }
    finding.state = state(finding);
    for (std::size_t arm = 0; arm < found_.size(); ++arm) put_arm(arm, finding);
    for (std::size_t arm = 1; arm < found_.size(); ++arm) TACT_TRY(put_against(arm, finding));
    return ok();
  }

 private:
  State state(LifetimeFinding& finding) const {
    const auto fewest = std::min_element(
        found_.begin(), found_.end(),
        [](const auto& a, const auto& b) { return a.bought_again < b.bought_again; });
    const auto any = [&](LifetimeState wanted) {
      return std::any_of(found_.begin(), found_.end(),
                         [&](const auto& arm) { return arm.state == wanted; });
    };
    if (any(LifetimeState::kTooFew)) {
      finding.fewest_again = fewest->bought_again;
      return State::kTooFewRepeat;
    }
    if (any(LifetimeState::kNoPeak) || any(LifetimeState::kNotEstimable)) {
      return State::kNotEstimable;
    }
    for (std::size_t arm = 1; arm < first_.size(); ++arm) {
      if (stats::bought_earlier(first_[arm], first_[0])) return State::kBoughtEarlier;
    }
    return State::kForecast;
  }

  double alpha() const { return given_.options.alpha / static_cast<double>(given_.arms() - 1); }
  double unit() const { return std::pow(10.0, given_.plan.minor_digits); }

  Estimate mean_of(const stats::ArmSummary& arm) const {
    const double wide = stats::normal_critical(alpha() / 2.0) * std::sqrt(arm.variance_of_mean());
    return times({arm.mean, arm.mean - wide, arm.mean + wide}, 1.0 / unit());
  }
  Result<Estimate> difference(const stats::ArmSummary& treatment,
                              const stats::ArmSummary& control) const {
    TACT_ASSIGN(const auto found, stats::welch_difference(treatment, control, alpha()));
    return times(around(found.estimate, found.interval), 1.0 / unit());
  }

  void put_arm(std::size_t index, LifetimeFinding& finding) const {
    const stats::LifetimeForecast& found = found_[index];
    LifetimeFinding::Arm arm;
    arm.units = found.observed.n;
    arm.observed = mean_of(found.observed);
    if (finding.state == State::kForecast) {
      arm.customers = found.customers;
      arm.bought_again = found.bought_again;
      arm.purchases = found.purchases;
      arm.per_purchase = found.per_purchase / unit();
      arm.forecast = mean_of(found.forecast);
      arm.total = mean_of(found.total);
    }
    finding.arms.push_back(arm);
  }

  Status put_against(std::size_t index, LifetimeFinding& finding) const {
    LifetimeFinding::Against against;
    against.arm = index;
    TACT_ASSIGN(against.observed, difference(found_[index].observed, found_[0].observed));
    if (finding.state == State::kForecast) {
      TACT_ASSIGN(against.forecast, difference(found_[index].forecast, found_[0].forecast));
      TACT_ASSIGN(against.total, difference(found_[index].total, found_[0].total));
    }
    finding.against.push_back(against);
    return ok();
  }

  const Given& given_;
  std::vector<stats::LifetimeArm> arms_;
  std::vector<stats::FirstPurchases> first_;
  std::vector<stats::LifetimeForecast> found_;
};

}  // namespace

Result<std::optional<LifetimeFinding>> lifetime_of(const Given& given, bool blocked) {
  if (!given.plan.lifetime || blocked) return std::optional<LifetimeFinding>();
  LifetimeFinding finding;
  finding.days = given.plan.lifetime->days;
  finding.horizon_days = given.plan.lifetime->horizon_days;
  const std::vector<Block> blocks = closed_blocks(given);
  if (given.clusters != nullptr) {
    finding.state = State::kClustered;
  } else if (!blocks.empty()) {
    Compared compared(given, blocks);
    TACT_ASSIGN(const bool open, compared.may_compare());
    if (open) {
      finding.counted_from = start_of(blocks.front().begin);
      finding.counted_to = start_of(blocks.back().end - 1);
      TACT_TRY(compared.measure(finding));
    }
  }
  put_lifetime_words(given.plan, finding);
  return std::optional<LifetimeFinding>(std::move(finding));
}

}  // namespace tact::internal
