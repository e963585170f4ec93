// The rule of small cells, as an attacker would try it: with every report that can be made, at any
// time and of any dimension, subtracted from every other.
#include "measure/cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "measure/analyse_test_util.h"

namespace tact {
namespace {

constexpr Day kDay = 20'000;
constexpr int kDays = 60;

using People = std::vector<std::size_t>;  // indexes of units, ascending

People minus(const People& a, const People& b) {
  People out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

bool within(const People& a, const People& b) {
  return std::includes(b.begin(), b.end(), a.begin(), a.end());
}

struct WorldOf {
  Plan plan;
  std::vector<UnitFacts> units;
};

// Few and many visitors a day, small hold-outs, rare cells, days without anybody, cells of which
// nearly everybody is for some days and nobody later, dimensions that say nearly the same.
WorldOf draw_world(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto share = [&] { return std::uniform_real_distribution<double>(0.0, 1.0)(random); };
  WorldOf world;
  world.plan = two_arms();
  world.plan.dimensions = {{"rare", {"a", "b", "c", "d"}},
                           {"even", {"x", "y"}},
                           {"moves", {"first", "then", "last"}},
                           {"nearly rare", {"a", "b", "c", "d"}},
                           {"nearly moves", {"first", "then", "last"}}};
  const double held_back = 0.02 + 0.48 * share();
  const double pace = std::exp(std::log(3.0) + share() * std::log(100.0));
  const double rare = 0.3 * share();
  const double strays = 0.1 * share() * share();
  const double differs = 0.05 * share() * share();
  std::int32_t moves_to = 0;
  UnitList units(world.plan);
  for (int day = 0; day < kDays; ++day) {
    const double today = share() < 0.1 ? 0.0 : pace;
    if (share() < 0.3) moves_to = static_cast<std::int32_t>(random() % 3);
    const int visitors = today == 0.0 ? 0 : std::poisson_distribution<int>(today)(random);
    for (int i = 0; i < visitors; ++i) {
      UnitFacts& unit = units.add(share() < held_back ? 0 : 1, kDay + day);
      unit.cells[0] = share() < rare ? static_cast<std::int32_t>(random() % 4) - 1 : 0;
      unit.cells[1] = static_cast<std::int32_t>(random() % 2);
      unit.cells[2] = share() < strays ? -1 : moves_to;
      unit.cells[3] = share() < differs ? 0 : unit.cells[0];
      unit.cells[4] = share() < differs ? 0 : unit.cells[2];
    }
  }
  world.units = std::move(units.units());
  return world;
}

class Attacker {
 public:
  Attacker(const WorldOf& world, std::size_t dimension) : world_(world), dimension_(dimension) {}

  // What a report at `now` tells of: everybody, and each cell.
  void look(const Sums& sums, Day now) {
    const Cut cut = cut_small_cells(sums, world_.plan, {start_of(now)});
    totals_.push_back(in_blocks(cut.everybody, -2));
    const auto cells = world_.plan.dimensions[dimension_].cells.size();
    std::vector<People> shown;
    for (std::size_t cell = 0; cell < cells; ++cell) {
      shown.push_back(in_blocks(cut.dimensions[dimension_], static_cast<std::int32_t>(cell)));
    }
    cells_.push_back(std::move(shown));
  }

  // Of any two looks: what came to everybody, less any cells whose gain lies within that.
  void subtract() const {
    for (std::size_t then = 0; then < totals_.size(); ++then) {
      for (std::size_t now = then; now < totals_.size(); ++now) {
        ASSERT_TRUE(within(totals_[then], totals_[now]));
        const People came = minus(totals_[now], totals_[then]);
        expect_none_or_enough(came);
        expect_none_or_enough(totals_[now]);
        without_cells(came, then, now, /*from_start=*/false);
        if (then == 0) without_cells(totals_[now], then, now, /*from_start=*/true);
      }
    }
  }
  std::size_t cells_ever_shown() const {
    std::size_t shown = 0;
    for (const People& cell : cells_.back()) shown += cell.empty() ? 0 : 1;
    return shown;
  }
  std::size_t people_shown() const { return totals_.back().size(); }

 private:
  People in_blocks(const std::vector<Block>& blocks, std::int32_t cell) const {
    People people;
    for (std::size_t i = 0; i < world_.units.size(); ++i) {
      const UnitFacts& unit = world_.units[i];
      if (cell >= 0 && unit.cells[dimension_] != cell) continue;
      for (const Block& block : blocks) {
        const Day day = day_of(unit.at);
        if (day < block.begin || day >= block.end) continue;
        if (cell < 0 || block.cells[static_cast<std::size_t>(cell)]) people.push_back(i);
      }
    }
    return people;
  }

  void without_cells(const People& all, std::size_t then, std::size_t now, bool from_start) const {
    std::vector<People> gains;
    for (std::size_t cell = 0; cell < cells_[now].size(); ++cell) {
      ASSERT_TRUE(from_start || within(cells_[then][cell], cells_[now][cell]));
      const People gain =
          from_start ? cells_[now][cell] : minus(cells_[now][cell], cells_[then][cell]);
      expect_none_or_enough(gain);
      if (!gain.empty() && within(gain, all)) gains.push_back(gain);
    }
    for (unsigned which = 1; which < (1u << gains.size()); ++which) {
      People rest = all;
      for (std::size_t i = 0; i < gains.size(); ++i) {
        if ((which >> i & 1u) != 0) rest = minus(rest, gains[i]);
      }
      expect_none_or_enough(rest);
    }
  }

  void expect_none_or_enough(const People& people) const {
    std::int64_t arms[2] = {0, 0};
    for (const std::size_t i : people) ++arms[world_.units[i].arm];
    for (const std::int64_t n : arms) ASSERT_TRUE(n == 0 || n >= kSmallCell) << n;
  }

  const WorldOf& world_;
  std::size_t dimension_;
  std::vector<People> totals_;
  std::vector<std::vector<People>> cells_;
};

TEST(Cut, NoTwoReportsCanBeSubtractedToASmallCell) {
  std::size_t cells = 0, people = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const WorldOf world = draw_world(seed);
    Sums sums(world.plan);
    for (const UnitFacts& unit : world.units) ASSERT_TRUE(sums.add(unit).has_value());
    for (std::size_t dimension = 0; dimension < 3; ++dimension) {
      Attacker attacker(world, dimension);
      for (Day now = kDay; now <= kDay + kDays; now += 2) attacker.look(sums, now);
      attacker.subtract();
      if (HasFatalFailure()) FAIL() << "seed " << seed << ", dimension " << dimension;
      cells += attacker.cells_ever_shown();
      people += attacker.people_shown();
    }
  }
  // It must not be true because nothing is shown.
  EXPECT_GT(cells, 60u);
  EXPECT_GT(people, 40'000u);
}

// Of two dimensions, from one day on which blocks of both end to the next such day: how many of an
// arm are in a cell of a block, or in its others, of each; -1 is in no block.
using Atom = std::pair<Day, std::int32_t>;
const Atom kNowhere = {-1, -1};
using Crossed = std::map<std::pair<Atom, Atom>, std::int64_t>;

Atom atom_of(const std::vector<Block>& blocks, Day day, std::int32_t cell) {
  for (const Block& block : blocks) {
    if (day < block.begin || day >= block.end) continue;
    const bool shown = cell >= 0 && block.cells[static_cast<std::size_t>(cell)];
    return {block.begin, shown ? cell : -1};
  }
  return kNowhere;
}

std::set<Day> ends(const std::vector<Block>& blocks) {
  std::set<Day> days;
  for (const Block& block : blocks) days.insert(block.end);
  return days;
}

// Every union of atoms of the first, less all atoms of the second within it: how many leave a few.
std::optional<std::size_t> rests_of_few(const Crossed& people) {
  std::set<Atom> all;
  for (const auto& [atoms, n] : people) all.insert(atoms.first);
  all.erase(kNowhere);
  const std::vector<Atom> atoms(all.begin(), all.end());
  if (atoms.size() > 14) return std::nullopt;  // too many to try
  std::size_t few = 0;
  for (unsigned which = 1; which < 1U << atoms.size(); ++which) {
    std::set<Atom> taken, leave = {kNowhere};
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if ((which >> i & 1U) != 0) taken.insert(atoms[i]);
    }
    for (const auto& [pair, n] : people) {
      if (taken.count(pair.first) == 0) leave.insert(pair.second);
    }
    std::int64_t rest = 0;
    for (const auto& [pair, n] : people) {
      if (taken.count(pair.first) > 0 && leave.count(pair.second) > 0) rest += n;
    }
    few += rest > 0 && rest < kSmallCell ? 1 : 0;
  }
  return few;
}

struct Tried {
  std::size_t parts = 0, left_out = 0, few = 0;
};

void try_all(const WorldOf& world, const Cut& cut, std::size_t one, std::size_t other,
             Tried& tried) {
  std::set<Day> both;
  const std::set<Day> first = ends(cut.dimensions[one]), second = ends(cut.dimensions[other]);
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                        std::inserter(both, both.end()));
  std::map<std::pair<Day, std::uint32_t>, Crossed> parts;
  for (const UnitFacts& unit : world.units) {
    const Day day = day_of(unit.at);
    const auto end = both.upper_bound(day);
    const Atom a = atom_of(cut.dimensions[one], day, unit.cells[one]);
    const Atom b = atom_of(cut.dimensions[other], day, unit.cells[other]);
    ++parts[{end == both.end() ? kDay + kDays : *end, unit.arm}][{a, b}];
  }
  for (const auto& [where, people] : parts) {
    const auto few = rests_of_few(people);
    ++(few ? tried.parts : tried.left_out);
    tried.few += few.value_or(0);
  }
}

TEST(Cut, NoTwoDimensionsCanBeSubtractedToASmallCell) {
  std::size_t cells = 0;
  Tried tried;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const WorldOf world = draw_world(seed);
    Sums sums(world.plan);
    for (const UnitFacts& unit : world.units) ASSERT_TRUE(sums.add(unit).has_value());
    const std::size_t dimensions = world.plan.dimensions.size();
    for (const int after : {kDays / 3, kDays}) {
      const Cut cut = cut_small_cells(sums, world.plan, {start_of(kDay + after)});
      for (std::size_t one = 0; one < dimensions; ++one) {
        for (std::size_t other = 0; other < dimensions; ++other) {
          if (one == other) continue;
          try_all(world, cut, one, other, tried);
          ASSERT_EQ(tried.few, 0U)
              << "seed " << seed << ", " << one << " less " << other << ", day " << after;
        }
        for (const Block& block : cut.dimensions[one]) {
          cells +=
              static_cast<std::size_t>(std::count(block.cells.begin(), block.cells.end(), true));
        }
      }
    }
  }
  EXPECT_GT(cells, 900U);  // 986 where dimensions are not looked at beside each other
  EXPECT_GT(tried.parts, 10 * tried.left_out) << tried.left_out;
}

// Are the first the beginning of the second?
void expect_begins(const std::vector<Block>& first, const std::vector<Block>& second) {
  ASSERT_LE(first.size(), second.size());
  for (std::size_t b = 0; b < first.size(); ++b) {
    EXPECT_EQ(first[b].end, second[b].end);
    EXPECT_EQ(first[b].cells, second[b].cells);
  }
}

// What later days bring changes no earlier block: else an old report and a new one could differ.
TEST(Cut, BlocksNeverChangeAfterwards) {
  std::size_t blocks = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const WorldOf world = draw_world(seed);
    Sums all(world.plan);
    for (const UnitFacts& unit : world.units) ASSERT_TRUE(all.add(unit).has_value());
    const Cut last = cut_small_cells(all, world.plan, {start_of(kDay + kDays)});
    for (const int after : {kDays / 4, kDays / 2, kDays - 7}) {
      Sums half(world.plan);
      for (const UnitFacts& unit : world.units) {
        ASSERT_TRUE(day_of(unit.at) >= kDay + after || half.add(unit).has_value());
      }
      const Cut then = cut_small_cells(half, world.plan, {start_of(kDay + after)});
      expect_begins(then.everybody, last.everybody);
      for (std::size_t d = 0; d < 5; ++d) {
        expect_begins(then.dimensions[d], last.dimensions[d]);
        blocks += then.dimensions[d].size();
      }
    }
  }
  EXPECT_GT(blocks, 300U);
}

// A model's strata are in some reports of an experiment, and begin at any time. Were "some" to wait
// for them, as it would have to for three of the second arm on the first day, its first block would
// be of 60 of this arm without them and of 107 with them.
TEST(Cut, WhatAModelLearnedChangesNoOtherDimension) {
  Plan plan = two_arms();
  plan.dimensions = {{"orders before", {"some", "none"}}, {"likely anyway", {"less", "more"}}};
  UnitList units(plan);
  const auto add = [&](std::uint32_t arm, Day day, int people,
                       const std::vector<std::int32_t>& cells) {
    for (int i = 0; i < people; ++i) units.add(arm, day).cells = cells;
  };
  const int some[3][2] = {{49, 57}, {11, 3}, {60, 47}};
  for (int day = 0; day < 3; ++day) {
    for (const std::uint32_t arm : {0U, 1U}) {
      add(arm, kDay + day, some[day][arm], {0, day == 0 ? 0 : 1});
      add(arm, kDay + day, 60, {1, 1});
    }
  }
  add(0, kDay, 11, {1, 0});
  std::vector<Cut> cuts;
  for (const bool learned : {true, false}) {
    plan.dimensions[1].learned = learned;
    const auto sums = sum_units(units, plan);
    ASSERT_TRUE(sums.has_value());
    cuts.push_back(cut_small_cells(*sums, plan, {start_of(kDay + 3)}));
  }
  EXPECT_EQ(cuts[0].dimensions[0].front().end, kDay + 2);
  EXPECT_EQ(cuts[1].dimensions[0].front().end, kDay + 3)
      << "one of two that are always there waits";
}

TEST(Cut, SmallCellsAreShownOfSimulatedUnitsAlone) {
  Plan plan = two_arms();
  plan.dimensions = {{"device", {"phone", "desktop"}}};
  UnitList units(plan);
  for (int i = 0; i < 20; ++i) {
    UnitFacts& unit = units.add(static_cast<std::uint32_t>(i % 2), kDay);
    unit.cells = {i % 5 == 0 ? 0 : 1};
    unit.simulated = true;
  }
  AnalyseOptions options;
  options.now = start_of(kDay + 2);
  options.small_cells = true;
  const auto units_shown = [&] { return analyse(plan, units, options)->units(); };
  EXPECT_EQ(units_shown(), 20);
  EXPECT_FALSE(analyse(plan, units, options)->segments[0].cells[0].withheld);
  units.units()[7].simulated = false;
  EXPECT_EQ(units_shown(), 0);
  units.units()[7].simulated = true;
  options.small_cells = false;
  EXPECT_EQ(units_shown(), 0);
}

}  // namespace
}  // namespace tact
