// Everything a report reads: sums per arm and exposure day, of all units and of each cell of each
// dimension. Mergeable, and exact: whole numbers of 128 bits, so that neither the order of units
// nor that of merging changes a bit.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "measure/by_day.h"
#include "measure/histories.h"
#include "measure/pair_counts.h"
#include "measure/plan.h"
#include "measure/set_map.h"
#include "measure/unit_facts.h"
#include "stats/clustered.h"
#include "stats/curves.h"
#include "stats/moments.h"
#include "stats/ratio.h"
#include "stats/winsor.h"

namespace tact {

// Of one metric over units. 128 bits hold 10^8 squares of the largest fact. What a unit without an
// outcome changes comes first, in one cache line: most units are such.
struct alignas(64) MetricSums {
  std::int64_t units = 0;           // observed
  std::int64_t nonzero = 0;         // of them with value != 0
  std::int64_t with_covariate = 0;  // of them with covariate != 0; of groups it is not kept
  WideSum covariate = 0, covariate_squares = 0;
  WideSum value = 0, value_squares = 0, value_covariate = 0;
  WideSum second = 0, second_squares = 0, value_second = 0, second_covariate = 0;
  Credit credit;

  void add(const Metric& metric, const MetricFacts& facts) {
    if (!facts.observed) return;
    ++units;
    if ((facts.value | facts.second | facts.covariate) != 0) add_amounts(metric, facts);
  }
  void add_covariate(std::int64_t before) {  // that is not 0
    ++with_covariate;
    const WideSum x = before;
    covariate += x;
    covariate_squares += x * x;
  }
  MetricSums& operator+=(const MetricSums& other);
  bool operator==(const MetricSums&) const = default;

  // In the facts' whole numbers, each sum rounded once; to scale is the reader's.
  stats::SampleMoments outcome() const;
  stats::SecondSums seconds() const;
  stats::SecondSums covariates() const;

 private:
  void add_amounts(const Metric& metric, const MetricFacts& facts);  // that are not all 0
};

Day day_of(Time time);  // floor
Time start_of(Day day);

// Sums of one set of units (all, or a cell) in one arm, exposed on one day.
struct Count {
  std::int64_t units = 0, crossovers = 0, simulated = 0;
  // Most units meet one arm and are of people.
  void add(const UnitFacts& facts) {
    ++units;
    if (!facts.crossover && !facts.simulated) return;
    crossovers += facts.crossover ? 1 : 0;
    simulated += facts.simulated ? 1 : 0;
  }
  Count& operator+=(const Count& other);
  bool operator==(const Count&) const = default;
};

// Units by what became of their exposure (UnitFate).
struct Fate {
  std::int64_t followed = 0, seen = 0, not_seen = 0, withdrew = 0;
  void add(const UnitFate& unit);
  Fate& operator+=(const Fate& other);
  bool operator==(const Fate&) const = default;
};

// Counts and sums of the primary metric by group. Nearly all units are plain: people who met one
// arm, without an outcome, with a small covariate or none. These take 16 bytes a group, so that the
// groups of all days stay near the processor.
class GroupSums {
 public:
  // What a unit adds to each of its groups.
  struct Unit {
    Unit(const UnitFacts& facts, const Metric* primary);  // null: the plan has no metric
    const UnitFacts& facts;
    const Metric* primary;
    bool plain;
    std::uint64_t both = 1, squares = 0;  // of a plain one, as Plain has them
  };
  void resize(std::size_t groups);
  std::size_t size() const { return plain_.size(); }
  void add(std::span<const std::uint32_t> groups, const Unit& unit) {
    if (!unit.plain) return add_rest(groups, unit.facts, unit.primary);
    Plain* const all = plain_.data();
    for (const std::uint32_t group : groups) {
      Plain& plain = all[group];
      plain.both += unit.both;
      plain.squares += unit.squares;
      if ((plain.both & kNearlyFull) != 0) spill(group);
    }
  }
  GroupSums& operator+=(const GroupSums& other);  // of the same size
  Count count(std::size_t group) const;
  MetricSums primary(std::size_t group) const;

 private:
  // Counted at once: units in the lower half, the sum of their covariates in the upper one. Neither
  // gets beyond its own top bit before it is spilt.
  static constexpr std::uint64_t kNearlyFull = std::uint64_t{1} << 63 | std::uint64_t{1} << 31;
  static constexpr std::int64_t kMostCovariate = std::int64_t{1} << 16;
  struct Plain {
    std::uint64_t both = 0;
    std::uint64_t squares = 0;  // of the covariate: < 2^31 * kMostCovariate
    std::uint32_t units() const { return static_cast<std::uint32_t>(both); }
    std::uint64_t covariate() const { return both >> 32; }
  };
  struct Rest {
    MetricSums primary;
    Count count;
  };
  void add_rest(std::span<const std::uint32_t> groups, const UnitFacts& facts,
                const Metric* primary);
  void spill(std::size_t group);  // what is plain to the rest
  Rest& rest_of(std::size_t group);
  std::vector<Plain> plain_;
  std::vector<std::uint32_t> place_;  // of a group's rest, plus 1; 0: it has none
  std::vector<Rest> rest_;
};

// In line, as add() is: what a unit adds stays in registers.
inline GroupSums::Unit::Unit(const UnitFacts& of, const Metric* metric)
    : facts(of), primary(metric), plain(!of.crossover && !of.simulated) {
  if (!plain || metric == nullptr) return;
  const MetricFacts& outcome = of.metrics.front();
  const std::int64_t before = metric->covariate ? outcome.covariate : 0;
  plain = outcome.observed && (outcome.value | outcome.second) == 0 && before >= 0 &&
          before < kMostCovariate;
  if (!plain) return;
  both |= static_cast<std::uint64_t>(before) << 32;
  squares = static_cast<std::uint64_t>(before * before);
}

// One exposure day. Sets: 0 = everybody, then the cells of each dimension in order, each dimension
// with one more cell for those who are in none.
struct DaySums {
  GroupSums groups;                       // [set * arms + arm]
  std::vector<Fate> fates;                // [arm], everybody
  std::vector<std::int64_t> in_clusters;  // [arm]: units with a cluster key
  std::vector<MetricSums> metrics;        // [arm * metrics + metric], everybody
  std::vector<std::int64_t> quiet;     // [arm]: units that `metrics` leaves out, but for covariates
  std::vector<stats::TailSums> tails;  // [arm * metrics + metric], everybody; money only
  std::vector<stats::SurvivalCounts> curves;  // [arm * curves + curve], everybody
  std::vector<HistorySums> histories;         // [arm], with Plan::lifetime
  PairDay pairs;                              // of people
  DaySums& operator+=(const DaySums& other);  // but for pairs
  MetricSums everybody(const Plan& plan, std::size_t arm, std::size_t metric) const;
};

struct SumOptions {
  bool winsorise = true;          // keep the tails of money metrics
  bool include_simulated = true;  // false: as if their units were not there
};

// The plan must outlive its sums. Two threads fill two of them side by side: a cache line in common
// would cost a tenth of a scan.
class alignas(64) Sums {
 public:
  explicit Sums(const Plan& plan, SumOptions options = {});

  // kInvalid: an arm, cell or metric that the plan does not have, a value beyond kLargestFact, or
  // exposures more than kMostDays apart. O(metrics + dimensions).
  Status add(const UnitFacts& facts);
  Status merge(const Sums& other);  // of the same plan
  static constexpr int kMostDays = 3'660;

  // Days in order; a day without units has none.
  bool empty() const { return days_.empty(); }
  Day first_day() const { return first_; }
  Day end_day() const { return first_ + static_cast<Day>(days_.size()); }
  const DaySums* day(Day day) const;  // null: nobody

  std::int64_t units() const { return units_; }
  // Of the units counted; unset while empty().
  Time first() const { return first_at_; }
  Time last() const { return last_at_; }
  std::int64_t left_out_simulated() const { return left_out_simulated_; }
  std::int64_t simulated() const { return simulated_; }
  const SetMap& sets() const { return pairs_.sets(); }
  const PairMap& pairs() const { return pairs_; }

 private:
  bool has_small_values(const UnitFacts& facts) const;
  DaySums* day_for(Day day);  // null: too far away
  void add_to_day(const UnitFacts& facts, DaySums& day) const;
  void add_metrics(const UnitFacts& facts, DaySums& day) const;
  const Plan* plan_;
  std::vector<std::uint32_t> with_covariate_;  // metrics that have one
  std::vector<std::uint32_t> of_some_;         // Metric::of_whom
  std::vector<std::uint32_t> groups_;          // of the unit that is added
  SumOptions options_;
  PairMap pairs_;
  Day first_ = 0;
  Time first_at_ = Time::max(), last_at_ = Time::min();
  std::vector<std::unique_ptr<DaySums>> days_;
  std::int64_t units_ = 0, left_out_simulated_ = 0, simulated_ = 0;
};

// Sums a source's parts in two threads, then merges; how the parts were shared changes no bit.
// Errors of the source and of add().
Result<Sums> sum_units(const UnitSource& source, const Plan& plan, SumOptions options = {});

}  // namespace tact
