// Counts of pairs of cells, of few people and of many, against counting each pair by itself.
#include "measure/pair_counts.h"

#include <gtest/gtest.h>

#include <random>

namespace tact {
namespace {

struct Person {
  std::uint32_t arm = 0;
  std::vector<std::int32_t> cells;
};

Plan with_dimensions(std::initializer_list<int> cells) {
  Plan plan;
  plan.arms.resize(3);
  for (const int number : cells) {
    Dimension dimension;
    for (int i = 0; i < number; ++i) dimension.cells.push_back(std::to_string(i));
    plan.dimensions.push_back(dimension);
  }
  return plan;
}

void expect_right(const Plan& plan, const PairMap& map, const PairDay& day,
                  const std::vector<Person>& people) {
  for (std::size_t one = 0; one < plan.dimensions.size(); ++one) {
    for (std::size_t other = 0; other < plan.dimensions.size(); ++other) {
      if (one == other) continue;
      for (std::uint32_t arm = 0; arm < plan.arms.size(); ++arm) {
        std::vector<std::int64_t> expected(std::size_t{map.sets().cells(one)} *
                                           map.sets().cells(other));
        for (const Person& person : people) {
          const std::size_t row = map.sets().place(one, person.cells[one]);
          const std::size_t column = map.sets().place(other, person.cells[other]);
          if (person.arm == arm) ++expected[row * map.sets().cells(other) + column];
        }
        std::vector<std::int64_t> counted(expected.size());
        day.put(map, one, other, arm, counted);
        ASSERT_EQ(counted, expected) << one << " and " << other << ", arm " << arm;
      }
    }
  }
}

void add(const PairMap& map, const Person& person, PairDay& day) {
  std::vector<std::uint32_t> groups;
  for (std::size_t d = 0; d < person.cells.size(); ++d) {
    groups.push_back(map.sets().group(map.sets().of_cell(d, person.cells[d]), person.arm));
  }
  day.add(map, person.arm, person.cells, groups);
}

TEST(PairCounts, AreThoseOfEachPairAlone) {
  std::mt19937_64 random(5);
  for (const auto& sizes : {std::initializer_list<int>{2, 3}, {1, 4, 2, 7}, {200, 3, 1}, {4}, {}}) {
    const Plan plan = with_dimensions(sizes);
    const PairMap map{SetMap(plan)};
    for (const int people : {0, 1, 40, 3'000}) {
      PairDay halves[2];
      std::vector<Person> all;
      for (int i = 0; i < people; ++i) {
        Person person{static_cast<std::uint32_t>(random() % 3), {}};
        for (const Dimension& dimension : plan.dimensions) {
          person.cells.push_back(
              static_cast<std::int32_t>(random() % (dimension.cells.size() + 1)) - 1);
        }
        // Halves of unlike size, so that people and counts are merged either way.
        add(map, person, halves[i % 37 == 0 ? 0 : 1]);
        all.push_back(std::move(person));
      }
      PairDay few_first = halves[0], many_first = halves[1];
      few_first.merge(map, halves[1]);
      many_first.merge(map, halves[0]);
      expect_right(plan, map, few_first, all);
      expect_right(plan, map, many_first, all);
    }
  }
}

TEST(PairCounts, OfFewPeopleTakeTheRoomOfThesePeople) {
  const Plan plan = with_dimensions({200, 200, 200, 200});
  const PairMap map{SetMap(plan)};
  PairDay day;
  for (int i = 0; i < 1'000; ++i) add(map, {0, {i % 200, 1, 2, -1}}, day);
  EXPECT_EQ(day.bytes(), 5'000U);
}

}  // namespace
}  // namespace tact
