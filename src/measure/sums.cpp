#include "measure/sums.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "measure/internal/two_threads.h"

namespace tact {
namespace {

Error wrong(const char* message, const char* where) {
  return make_error(ErrorCode::kInvalid, message, where);
}

bool in_range(std::int64_t value) { return value >= -kLargestFact && value <= kLargestFact; }

template <typename T>
void add_each(std::vector<T>& into, const std::vector<T>& other) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] += other[i];
}

bool can_be_summed(const MetricFacts& metric) {
  return in_range(metric.value) && in_range(metric.second) && in_range(metric.covariate);
}

bool can_be_summed(const UnitFacts& facts) {
  return std::all_of(facts.metrics.begin(), facts.metrics.end(),
                     [](const MetricFacts& metric) { return can_be_summed(metric); });
}

bool can_be_summed(const HistoryFacts& history, const Plan& plan) {
  return plan.lifetime && in_range(history.value) && is_possible(history) &&
         history.last < plan.lifetime->days;
}

bool is_of(const UnitFacts& facts, const Plan& plan) {
  return facts.metrics.size() == plan.metrics.size() &&
         facts.cells.size() == plan.dimensions.size() && facts.curves.size() == plan.curves.size();
}

}  // namespace

Credit& Credit::operator+=(const Credit& other) {
  last += other.last;
  linear += other.linear;
  position += other.position;
  return *this;
}

void UnitFacts::resize_for(const Plan& plan) {
  arm = 0;
  at = Time{};
  crossover = simulated = quiet = false;
  fate = UnitFate{};
  cluster = key = 0;
  history = HistoryFacts{};
  metrics.assign(plan.metrics.size(), MetricFacts{});
  cells.assign(plan.dimensions.size(), -1);
  curves.assign(plan.curves.size(), CurveFacts{});
  features.assign(plan.features.size(), std::numeric_limits<float>::quiet_NaN());
}

void MetricSums::add_amounts(const Metric& metric, const MetricFacts& facts) {
  const WideSum y = facts.value;
  if (facts.value != 0) {
    ++nonzero;
    value += y;
    value_squares += y * y;
    credit += facts.credit;
  }
  const WideSum z = facts.second;
  if (facts.second != 0 && metric.second != SecondIs::kNothing) {
    second += z;
    second_squares += z * z;
    value_second += y * z;
  }
  if (facts.covariate != 0 && metric.covariate) {
    const WideSum x = facts.covariate;
    add_covariate(facts.covariate);
    if (facts.value != 0) value_covariate += y * x;
    if (facts.second != 0) second_covariate += z * x;
  }
}

MetricSums& MetricSums::operator+=(const MetricSums& other) {
  units += other.units;
  nonzero += other.nonzero;
  with_covariate += other.with_covariate;
  value += other.value;
  value_squares += other.value_squares;
  second += other.second;
  second_squares += other.second_squares;
  value_second += other.value_second;
  covariate += other.covariate;
  covariate_squares += other.covariate_squares;
  value_covariate += other.value_covariate;
  second_covariate += other.second_covariate;
  credit += other.credit;
  return *this;
}

stats::SampleMoments MetricSums::outcome() const {
  return {units, static_cast<double>(value), static_cast<double>(value_squares), nonzero};
}

stats::SecondSums MetricSums::seconds() const {
  return {static_cast<double>(second), static_cast<double>(second_squares),
          static_cast<double>(value_second)};
}

stats::SecondSums MetricSums::covariates() const {
  return {static_cast<double>(covariate), static_cast<double>(covariate_squares),
          static_cast<double>(value_covariate)};
}

Day day_of(Time time) {
  return static_cast<Day>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

Time start_of(Day day) { return Time{days(day)}; }

Count& Count::operator+=(const Count& other) {
  units += other.units;
  crossovers += other.crossovers;
  simulated += other.simulated;
  return *this;
}

void Fate::add(const UnitFate& unit) {
  followed += unit.followed ? 1 : 0;
  seen += unit.seen ? 1 : 0;
  not_seen += unit.not_seen ? 1 : 0;
  withdrew += unit.withdrew ? 1 : 0;
}

Fate& Fate::operator+=(const Fate& other) {
  followed += other.followed;
  seen += other.seen;
  not_seen += other.not_seen;
  withdrew += other.withdrew;
  return *this;
}

DaySums& DaySums::operator+=(const DaySums& other) {
  groups += other.groups;
  add_each(fates, other.fates);
  add_each(in_clusters, other.in_clusters);
  add_each(metrics, other.metrics);
  add_each(quiet, other.quiet);
  add_each(tails, other.tails);
  add_each(curves, other.curves);
  add_each(histories, other.histories);
  return *this;
}

MetricSums DaySums::everybody(const Plan& plan, std::size_t arm, std::size_t metric) const {
  MetricSums sums = metrics[arm * plan.metrics.size() + metric];
  const Metric& of = plan.metrics[metric];
  if (!of.of_some()) sums.units += quiet[arm];
  return sums;
}

Sums::Sums(const Plan& plan, SumOptions options)
    : plan_(&plan), options_(options), pairs_(SetMap(plan)) {
  groups_.resize(plan.dimensions.size() + 1);
  for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
    const Metric& metric = plan.metrics[m];
    if (metric.covariate && metric.asked == Asked::kNothing)
      with_covariate_.push_back(static_cast<std::uint32_t>(m));
    if (!metric.of_whom.empty()) of_some_.push_back(static_cast<std::uint32_t>(m));
  }
}

const DaySums* Sums::day(Day day) const {
  if (day < first_ || day >= end_day()) return nullptr;
  return days_[static_cast<std::size_t>(day - first_)].get();
}

DaySums* Sums::day_for(Day day) {
  if (day >= first_ && day < end_day()) {
    if (DaySums* const known = days_[static_cast<std::size_t>(day - first_)].get()) return known;
  }
  if (days_.empty()) first_ = day;
  const Day from = std::min(first_, day);
  const Day to = std::max(end_day(), day + 1);
  if (to - from > kMostDays) return nullptr;
  if (from < first_) {
    std::vector<std::unique_ptr<DaySums>> more(static_cast<std::size_t>(first_ - from));
    days_.insert(days_.begin(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
    first_ = from;
  }
  days_.resize(static_cast<std::size_t>(to - from));
  auto& found = days_[static_cast<std::size_t>(day - from)];
  if (!found) {
    found = std::make_unique<DaySums>();
    found->groups.resize(std::size_t{sets().sets()} * sets().arms());
    found->fates.resize(sets().arms());
    found->in_clusters.resize(sets().arms());
    found->metrics.resize(sets().arms() * plan_->metrics.size());
    found->quiet.resize(sets().arms());
    const bool money = std::any_of(plan_->metrics.begin(), plan_->metrics.end(),
                                   [](const Metric& metric) { return metric.money; });
    if (options_.winsorise && money) found->tails.resize(sets().arms() * plan_->metrics.size());
    found->curves.resize(sets().arms() * plan_->curves.size());
    if (plan_->lifetime) found->histories.resize(sets().arms());
  }
  return found.get();
}

void Sums::add_metrics(const UnitFacts& facts, DaySums& day) const {
  MetricSums* const everybody = day.metrics.data() + facts.arm * facts.metrics.size();
  if (facts.quiet) {
    ++day.quiet[facts.arm];
    for (const std::uint32_t m : with_covariate_) {
      const std::int64_t before = facts.metrics[m].covariate;
      if (before != 0) everybody[m].add_covariate(before);
    }
    for (const std::uint32_t m : of_some_) everybody[m].units += facts.metrics[m].observed ? 1 : 0;
    return;
  }
  for (std::size_t m = 0; m < facts.metrics.size(); ++m) {
    everybody[m].add(plan_->metrics[m], facts.metrics[m]);
  }
}

void Sums::add_to_day(const UnitFacts& facts, DaySums& day) const {
  const std::size_t metrics = facts.metrics.size();
  day.groups.add(groups_, {facts, metrics > 0 ? &plan_->metrics.front() : nullptr});
  if (!facts.simulated) {
    day.pairs.add(pairs_, facts.arm, facts.cells, std::span(groups_).subspan(1));
  }
  day.fates[facts.arm].add(facts.fate);
  day.in_clusters[facts.arm] += facts.cluster != 0 ? 1 : 0;
  add_metrics(facts, day);
  for (std::size_t m = 0; m < metrics && !day.tails.empty(); ++m) {
    if (plan_->metrics[m].money && facts.metrics[m].observed) {
      day.tails[facts.arm * metrics + m].add(static_cast<double>(facts.metrics[m].value));
    }
  }
  if (facts.history.counts) day.histories[facts.arm].add(facts.history);
  for (std::size_t c = 0; c < facts.curves.size(); ++c) {
    const CurveFacts& curve = facts.curves[c];
    if (!curve.counts) continue;
    day.curves[facts.arm * facts.curves.size() + c].add(curve.day, curve.event);
  }
}

// Nearly all are so small that one comparison tells; of a quiet unit only covariates are read.
bool Sums::has_small_values(const UnitFacts& facts) const {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 49;  // < kLargestFact
  const auto small = [](std::int64_t value) { return static_cast<std::uint64_t>(value) + kHalf; };
  std::uint64_t all = 0;
  for (const std::uint32_t m : with_covariate_) all |= small(facts.metrics[m].covariate);
  for (std::size_t m = 0; m < facts.metrics.size() && !facts.quiet; ++m) {
    const MetricFacts& metric = facts.metrics[m];
    all |= small(metric.value) | small(metric.second) | small(metric.covariate);
  }
  return all < 2 * kHalf;
}

Status Sums::add(const UnitFacts& facts) {
  if (facts.arm >= plan_->arms.size()) return wrong("an arm that is not planned", "arm");
  if (!is_of(facts, *plan_)) return wrong("facts of another plan", "facts");
  if (!has_small_values(facts) && !can_be_summed(facts)) {
    return wrong("a value is beyond what can be summed exactly", "value");
  }
  if (facts.history.counts && !can_be_summed(facts.history, *plan_)) {
    return wrong("orders that cannot be, or are not planned for", "history");
  }
  if (!sets().groups_of(facts.arm, facts.cells, groups_)) {
    return wrong("a cell that is not planned", "cells");
  }
  if (facts.simulated && !options_.include_simulated) {
    ++left_out_simulated_;
    return ok();
  }
  DaySums* const into = day_for(day_of(facts.at));
  if (into == nullptr) return wrong("exposures are more than ten years apart", "at");
  ++units_;
  first_at_ = std::min(first_at_, facts.at);
  last_at_ = std::max(last_at_, facts.at);
  simulated_ += facts.simulated ? 1 : 0;
  add_to_day(facts, *into);
  return ok();
}

Status Sums::merge(const Sums& other) {
  for (Day day = other.first_day(); day < other.end_day(); ++day) {
    const DaySums* from = other.day(day);
    if (from == nullptr) continue;
    DaySums* into = day_for(day);
    if (into == nullptr) return wrong("exposures are more than ten years apart", "at");
    *into += *from;
    into->pairs.merge(pairs_, from->pairs);
  }
  units_ += other.units_;
  first_at_ = std::min(first_at_, other.first_at_);
  last_at_ = std::max(last_at_, other.last_at_);
  simulated_ += other.simulated_;
  left_out_simulated_ += other.left_out_simulated_;
  return ok();
}

namespace {

Status sum_part(const UnitSource& source, std::size_t part, Sums& sums) {
  Status problem = ok();
  TACT_TRY(source.scan(part, [&](const UnitFacts& facts) {
    Status added = sums.add(facts);
    if (added.has_value()) return true;
    problem = std::move(added);
    return false;
  }));
  return problem;
}

}  // namespace

Result<Sums> sum_units(const UnitSource& source, const Plan& plan, SumOptions options) {
  std::array<Sums, 2> sums = {Sums(plan, options), Sums(plan, options)};
  TACT_TRY(internal::in_two_threads(
      "measure-sums", source.parts(),
      [&](std::size_t which, std::size_t part) { return sum_part(source, part, sums[which]); }));
  TACT_TRY(sums[0].merge(sums[1]));
  return std::move(sums[0]);
}

}  // namespace tact
