// Which values get a cell of their own, and that nobody can be found by looking again when another
// one has got one.
#include "measure/internal/open_cells.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "measure/analyse_test_util.h"
#include "measure/cut.h"

namespace tact::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Day kDay = 20'000;

void add(OpenValues& values, std::string_view value, Day day, int units) {
  for (int i = 0; i < units; ++i) values.add(value, day);
}

TEST(OpenCells, AValueIsNamedOnTheDayByWhoseEndEnoughUnitsHadIt) {
  OpenValues values;
  add(values, "DE", kDay, 30);
  add(values, "DE", kDay + 3, 20);
  add(values, "DE", kDay + 4, 500);
  add(values, "AT", kDay, 49);
  const OpenCells cells = values.name({});
  EXPECT_THAT(cells.names(), ElementsAre("DE", "other"));
  EXPECT_EQ(cells.cell_of("DE", kDay), 1);
  EXPECT_EQ(cells.cell_of("DE", kDay + 2), 1);
  EXPECT_EQ(cells.cell_of("DE", kDay + 3), 0);
  EXPECT_EQ(cells.cell_of("DE", kDay + 99), 0);
  EXPECT_EQ(cells.cell_of("AT", kDay), 1);
  EXPECT_EQ(cells.cell_of("never met", kDay), 1);
  EXPECT_EQ(cells.cell_of("", kDay), -1);
  EXPECT_THAT(values.name({1}).names(), ElementsAre("AT", "DE", "other"));
}

TEST(OpenCells, TheFirstToGetThereThenTheMostFrequentThenByName) {
  OpenValues values;
  add(values, "late", kDay + 1, 9'000);
  add(values, "b", kDay, 50);
  add(values, "a", kDay, 50);
  add(values, "often", kDay, 51);
  EXPECT_THAT(values.name({}).names(), ElementsAre("often", "a", "b", "late", "other"));
  for (int i = 0; i < 20; ++i) add(values, "x" + std::to_string(i), kDay, 60 + i);
  const auto names = values.name({}).names();
  ASSERT_EQ(names.size(), kMostNamed + 1);
  EXPECT_EQ(names.front(), "x19");
  EXPECT_EQ(names[kMostNamed - 1], "x5");
  EXPECT_EQ(names.back(), "other");
  EXPECT_EQ(values.name({}).cell_of("late", kDay + 9), static_cast<std::int32_t>(kMostNamed));
}

TEST(OpenCells, AValueCalledOtherIsAmongTheOthers) {
  OpenValues values;
  add(values, "other", kDay, 200);
  add(values, "home", kDay, 100);
  const OpenCells cells = values.name({});
  EXPECT_THAT(cells.names(), ElementsAre("home", "other"));
  EXPECT_EQ(cells.cell_of("other", kDay), 1);
}

TEST(OpenCells, WithoutValuesOrWithTooManyThereAreNoCells) {
  OpenValues values;
  add(values, "", kDay, 100);
  EXPECT_THAT(values.name({1}).names(), IsEmpty());
  EXPECT_EQ(values.name({1}).cell_of("DE", kDay), -1);
  add(values, "DE", kDay, 100);
  OpenValues many;
  for (std::size_t i = 0; i < kMostValues; ++i) many.add(std::to_string(i), kDay);
  EXPECT_FALSE(many.name({1}).names().empty());
  many.merge(values);
  EXPECT_THAT(many.name({1}).names(), IsEmpty());
  many.add("one more", kDay);
  values.merge(many);
  EXPECT_THAT(values.name({1}).names(), IsEmpty());
  EXPECT_EQ(values.name({1}).cell_of("DE", kDay), -1);
}

TEST(OpenCells, MergingIsAsIfAllHadBeenCountedTogether) {
  OpenValues all, first, second;
  std::mt19937_64 random(1);
  for (int i = 0; i < 5'000; ++i) {
    const std::string value = "v" + std::to_string(random() % 40);
    const Day day = kDay + static_cast<Day>(random() % 9);
    all.add(value, day);
    (random() % 3 == 0 ? first : second).add(value, day);
  }
  first.merge(second);
  const OpenCells merged = first.name({}), whole = all.name({});
  EXPECT_EQ(merged.names(), whole.names());
  for (int v = 0; v < 40; ++v) {
    const std::string value = "v" + std::to_string(v);
    for (Day day = kDay; day < kDay + 9; ++day)
      EXPECT_EQ(merged.cell_of(value, day), whole.cell_of(value, day));
  }
}

// --- the attack ----------------------------------------------------------------------------------

constexpr int kDays = 60;

using People = std::vector<std::size_t>;  // indexes of units, ascending

struct Person {
  Day day = 0;
  std::uint32_t arm = 0;
  std::string value;
};

// Values of very different frequency, each from a day of its own on.
std::vector<Person> draw_people(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto share = [&] { return std::uniform_real_distribution<double>(0.0, 1.0)(random); };
  const double held_back = 0.1 + 0.4 * share();
  const double pace = std::exp(std::log(100.0) + share() * std::log(15.0));
  std::vector<Day> from(25);
  for (Day& day : from) day = static_cast<Day>(share() * share() * kDays);
  std::vector<Person> people;
  for (Day day = 0; day < kDays; ++day) {
    const int visitors = std::poisson_distribution<int>(pace)(random);
    for (int i = 0; i < visitors; ++i) {
      const auto v = static_cast<std::size_t>(25.0 * std::pow(share(), 1.5));
      const bool known = share() < 0.9 && from[v] <= day;
      people.push_back({kDay + day, share() < held_back ? 0u : 1u,
                        known ? "v" + std::to_string(v) : std::string()});
    }
  }
  return people;
}

// What a report at `now` tells: everybody, then each cell. Of today's only every other one is known
// yet.
struct Look {
  People everybody;
  std::map<std::string, People> cells;
};

Look look_at(const std::vector<Person>& people, Day now) {
  const auto is_known = [&](std::size_t i) {
    return people[i].day < now || (people[i].day == now && i % 2 == 0);
  };
  OpenValues values;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (is_known(i)) values.add(people[i].value, people[i].day);
  }
  const OpenCells cells = values.name({});
  Plan plan = two_arms();
  plan.dimensions = {{"region", cells.names(), false, kMostNamed + 1}};
  UnitList units(plan);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (!is_known(i)) continue;
    units.add(people[i].arm, people[i].day).cells[0] =
        cells.cell_of(people[i].value, people[i].day);
  }
  const auto sums = sum_units(units, plan);
  EXPECT_TRUE(sums.has_value());
  const Cut cut = cut_small_cells(*sums, plan, {start_of(now)});
  Look look;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto holds = [&](const Block& block) {
      return people[i].day >= block.begin && people[i].day < block.end;
    };
    const auto& blocks = cut.dimensions[0];
    if (std::any_of(cut.everybody.begin(), cut.everybody.end(), holds)) look.everybody.push_back(i);
    const std::int32_t cell = cells.cell_of(people[i].value, people[i].day);
    const auto block = std::find_if(blocks.begin(), blocks.end(), holds);
    if (cell < 0 || block == blocks.end() || !block->cells[static_cast<std::size_t>(cell)])
      continue;
    look.cells[cells.names()[static_cast<std::size_t>(cell)]].push_back(i);
  }
  return look;
}

class Attacker {
 public:
  explicit Attacker(const std::vector<Person>& people) : people_(people) {}

  // Whatever was told of a cell is told of it still; what came to everybody, less what came to any
  // cells, is nobody or enough.
  void subtract(const Look& then, const Look& now) const {
    People rest = minus(now.everybody, then.everybody);
    expect_none_or_enough(rest);
    for (const auto& [name, before] : then.cells) {
      const auto after = now.cells.find(name);
      ASSERT_TRUE(after != now.cells.end() && within(before, after->second)) << name;
    }
    for (const auto& [name, after] : now.cells) {
      const auto before = then.cells.find(name);
      const People gain = before == then.cells.end() ? after : minus(after, before->second);
      expect_none_or_enough(gain);
      expect_none_or_enough(after);
      if (!within(gain, rest)) continue;
      rest = minus(rest, gain);
      expect_none_or_enough(rest);
    }
    People all = now.everybody;
    for (const auto& [name, people] : now.cells) all = minus(all, people);
    expect_none_or_enough(all);
  }

 private:
  static People minus(const People& a, const People& b) {
    People out;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
  }
  static bool within(const People& a, const People& b) {
    return std::includes(b.begin(), b.end(), a.begin(), a.end());
  }
  void expect_none_or_enough(const People& some) const {
    std::int64_t arms[2] = {0, 0};
    for (const std::size_t i : some) ++arms[people_[i].arm];
    for (const std::int64_t n : arms) ASSERT_TRUE(n == 0 || n >= kSmallCell) << n;
  }

  const std::vector<Person>& people_;
};

TEST(OpenCells, NoTwoReportsCanBeSubtractedWhenAnotherValueIsNamed) {
  std::size_t named = 0, full = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto people = draw_people(seed);
    const Attacker attacker(people);
    std::vector<Look> looks;
    for (Day now = kDay; now <= kDay + kDays; now += 4) {
      looks.push_back(look_at(people, now));
      for (const Look& then : looks) attacker.subtract(then, looks.back());
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << ", day " << now - kDay;
    }
    named += looks.back().cells.size() - looks[looks.size() / 2].cells.size();
    full += looks.back().cells.size() > kMostNamed ? 1 : 0;
  }
  EXPECT_GE(named, 8u);  // there was something to find
  EXPECT_GE(full, 1u);
}

}  // namespace
}  // namespace tact::internal
