#include "measure/cut.h"

#include <algorithm>
#include <optional>

#include "measure/internal/arm_counts.h"
#include "measure/internal/cut_cells.h"

namespace tact {
namespace {

using internal::ArmCount;
using internal::nobody;

// Neighbours of `blocks` joined until what is counted of them may be shown, or (`always`) somebody
// is, up to the first block that `ends` them. count(day, into) adds `counts` numbers.
template <typename CountDay, typename Ends>
std::vector<Block> join_blocks(const std::vector<Block>& blocks, std::size_t counts, bool always,
                               const CountDay& count, const Ends& ends) {
  std::vector<Block> joined;
  ArmCount pending(counts);
  std::optional<Day> begin;
  for (const Block& block : blocks) {
    if (ends(block)) break;
    if (!begin) begin = block.begin;
    for (Day day = block.begin; day < block.end; ++day) count(day, pending);
    if (nobody(pending) || !(always || may_be_shown(pending))) continue;
    joined.push_back({*begin, block.end, {}});
    begin.reset();
    pending.assign(counts, 0);
  }
  return joined;
}

bool never(const Block&) { return false; }

// The same of the days of [begin, end).
template <typename CountDay>
std::vector<Block> join_days(Day begin, Day end, std::size_t arms, bool small_cells,
                             const CountDay& count) {
  std::vector<Block> days;
  for (Day day = begin; day < end; ++day) days.push_back({day, day + 1, {}});
  return join_blocks(days, 2 * arms, small_cells, count, never);
}

class Cutter {
 public:
  Cutter(const Sums& sums, const Plan& plan, Day end, const CutOptions& options)
      : sums_(sums), plan_(plan), end_(end), options_(options) {}

  std::vector<Block> everybody() const {
    return join_days(sums_.first_day(), end_, plan_.arms.size(), options_.small_cells,
                     [this](Day day, ArmCount& into) { count(day, 0, into); });
  }

  std::vector<Block> of_metric(std::size_t metric, const std::vector<Block>& everybody) const {
    if (options_.small_cells) return everybody;
    const Metric& of = plan_.metrics[metric];
    if (of.of_some() && mixed()) return {};  // who of them is simulated is not kept
    return join_blocks(
        everybody, plan_.arms.size(), false,
        [&](Day day, ArmCount& into) { count_observed(day, metric, into); },
        [&](const Block& block) {
          return of.asked != Asked::kNothing && !is_closed(block, of, options_.now);
        });
  }

  // Of `blocks`, the metric's. Who of those with something before is simulated is not kept.
  std::vector<Block> adjusted(std::size_t metric, const std::vector<Block>& blocks) const {
    if (!plan_.metrics[metric].covariate) return {};
    if (options_.small_cells) return blocks;
    if (mixed()) return {};
    return join_blocks(
        blocks, plan_.arms.size(), false,
        [&](Day day, ArmCount& into) { count_covariates(day, metric, into); }, never);
  }

  std::vector<std::vector<Block>> cells(const std::vector<Block>& everybody) const {
    if (!options_.small_cells) return internal::cut_cells(sums_, plan_, everybody, options_.stop);
    std::vector<std::vector<Block>> all;
    for (const Dimension& dimension : plan_.dimensions) {
      std::vector<Block>& blocks = all.emplace_back(everybody);
      for (Block& block : blocks) block.cells.assign(dimension.cells.size(), true);
    }
    return all;
  }

 private:
  bool mixed() const { return sums_.simulated() > 0 && sums_.simulated() < sums_.units(); }

  void count(Day day, std::size_t set, ArmCount& into) const {
    const DaySums* sums = sums_.day(day);
    if (sums == nullptr) return;
    const std::size_t arms = plan_.arms.size();
    for (std::size_t arm = 0; arm < arms; ++arm) {
      const Count count = sums->groups.count(set * arms + arm);
      into[arm] += count.units;
      into[arms + arm] += count.units - count.simulated;
    }
  }

  void count_observed(Day day, std::size_t metric, ArmCount& into) const {
    const DaySums* sums = sums_.day(day);
    if (sums == nullptr) return;
    for (std::size_t arm = 0; arm < plan_.arms.size(); ++arm) {
      into[arm] += sums->everybody(plan_, arm, metric).units;
    }
  }

  void count_covariates(Day day, std::size_t metric, ArmCount& into) const {
    const DaySums* sums = sums_.day(day);
    if (sums == nullptr) return;
    for (std::size_t arm = 0; arm < plan_.arms.size(); ++arm) {
      into[arm] += sums->everybody(plan_, arm, metric).with_covariate;
    }
  }

  const Sums& sums_;
  const Plan& plan_;
  Day end_;
  const CutOptions& options_;
};

// The first exposure day that is not shown.
Day end_of_days(const CutOptions& options) {
  if (options.small_cells) return day_of(options.now) + 1;  // nothing is to be hidden
  return day_of(std::min(options.now, options.present));
}

}  // namespace

bool may_be_shown(std::span<const std::int64_t> counts) {
  return std::all_of(counts.begin(), counts.end(),
                     [](std::int64_t n) { return n == 0 || n >= kSmallCell; });
}

void DayCounts::add(Day day, std::size_t arm, bool simulated) {
  std::vector<std::int64_t>& counts = days_.at(day, none_);
  ++counts[arm];
  if (!simulated) ++counts[arms_ + arm];
}

void DayCounts::merge(const DayCounts& other) {
  for (const auto& [day, counts] : other.days_) {
    internal::add(days_.at(day, none_), counts);
  }
}

bool DayCounts::all_simulated() const {
  const auto people = static_cast<std::ptrdiff_t>(arms_);
  return std::all_of(days_.begin(), days_.end(), [&](const auto& day) {
    const std::vector<std::int64_t>& counts = day.second;
    return std::all_of(counts.begin() + people, counts.end(),
                       [](std::int64_t n) { return n == 0; });
  });
}

std::vector<Block> DayCounts::everybody(const CutOptions& options) const {
  if (days_.empty()) return {};
  const Day end = std::min(days_.back().first + 1, end_of_days(options));
  return join_days(days_.front().first, end, arms_, options.small_cells,
                   [this](Day day, ArmCount& into) {
                     const auto* found = days_.find(day);
                     if (found != nullptr) internal::add(into, *found);
                   });
}

Cut cut_small_cells(const Sums& sums, const Plan& plan, const CutOptions& options) {
  Cut cut;
  cut.dimensions.resize(plan.dimensions.size());
  cut.metrics.resize(plan.metrics.size());
  cut.adjusted.resize(plan.metrics.size());
  if (sums.empty()) return cut;
  const Day end = std::min(sums.end_day(), end_of_days(options));
  const Cutter cutter(sums, plan, end, options);
  cut.everybody = cutter.everybody();
  cut.dimensions = cutter.cells(cut.everybody);
  for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
    cut.metrics[m] = cutter.of_metric(m, cut.everybody);
    cut.adjusted[m] = cutter.adjusted(m, cut.metrics[m]);
  }
  cut.withheld = cut.everybody.empty() || cut.everybody.back().end < sums.end_day();
  return cut;
}

bool is_closed(const Block& block, const Metric& metric, Time now) {
  return start_of(block.end) + metric.within <= now;
}

}  // namespace tact
