// One person's rate, drawn towards everybody's: does the interval cover, also of the best of
// several, which is chosen because it looks good?
#include "stats/shrinkage.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

TEST(Shrink, AgreesWithClosedForms) {
  // Prior Beta(1, 1), nothing known: the uniform distribution.
  const auto uniform = shrink(0, 0, {0.5, 2.0}, 0.1);
  ASSERT_TRUE(uniform.has_value());
  EXPECT_DOUBLE_EQ(uniform->rate, 0.5);
  EXPECT_NEAR(uniform->interval.lower, 0.05, 1e-12);
  EXPECT_NEAR(uniform->interval.upper, 0.95, 1e-12);
  // Beta(1, 3): P(p ≤ x) = 1 − (1 − x)³.
  const auto none = shrink(2, 0, {0.5, 2.0}, 0.1);
  ASSERT_TRUE(none.has_value());
  EXPECT_DOUBLE_EQ(none->rate, 0.25);
  EXPECT_NEAR(none->interval.lower, 1 - std::cbrt(0.95), 1e-12);
  EXPECT_NEAR(none->interval.upper, 1 - std::cbrt(0.05), 1e-12);
  // Beta(3, 1): P(p ≤ x) = x³.
  const auto both = shrink(2, 2, {0.5, 2.0}, 0.1);
  ASSERT_TRUE(both.has_value());
  EXPECT_NEAR(both->interval.lower, std::cbrt(0.05), 1e-12);
}

TEST(Shrink, RefusesWhatNobodyCanHave) {
  EXPECT_FALSE(shrink(2, 3, {0.5, 2.0}).has_value());
  for (const PopulationRate prior : {PopulationRate{0.0, 2.0}, {1.0, 2.0}, {0.5, 0.0}})
    EXPECT_FALSE(shrink(2, 1, prior).has_value());
  EXPECT_FALSE(shrink(2, 1, {0.5, 2.0}, 0.7).has_value());
  EXPECT_TRUE(shrink(4'000'000'000, 4'000'000'000, {0.001, 500.0}).has_value());
}

TEST(RateSums, AddRemoveAndMergeAreExact) {
  Random random(3);
  std::uniform_int_distribution<std::uint64_t> draw(0, 4'000'000'000);
  RateSums all, left, right;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> people;
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t n = i % 3 == 0 ? draw(random) : draw(random) % 20;
    const std::uint64_t k = n == 0 ? 0 : draw(random) % (n + 1);
    people.emplace_back(n, k);
    all.add(n, k);
    (i % 2 == 0 ? left : right).add(n, k);
  }
  left.merge(right);
  EXPECT_EQ(left, all);
  for (const auto& [n, k] : people) all.remove(n, k);
  EXPECT_EQ(all, RateSums{});
}

TEST(PopulationRateTest, SaysNothingOfTooFewAndSurvivesTheExtremes) {
  RateSums few;
  few.add(kEnoughTrials - 1, 50);
  EXPECT_FALSE(population_rate(few).has_value());
  RateSums impossible;
  impossible.trials = 1'000;
  impossible.hits = 1'001;
  EXPECT_FALSE(population_rate(impossible).has_value());
  RateSums never, always, once;
  for (int i = 0; i < 100; ++i) {
    never.add(10, 0);
    always.add(10, 10);
  }
  for (int i = 0; i < 1'000; ++i) once.add(1, i % 5 == 0 ? 1 : 0);
  for (const RateSums* sums : {&never, &always, &once}) {
    const auto rate = population_rate(*sums);
    ASSERT_TRUE(rate.has_value());
    EXPECT_TRUE(shrink(3, 1, *rate).has_value());
  }
  EXPECT_LT(population_rate(never)->mean, 0.001);
  EXPECT_NEAR(population_rate(once)->weight, 20.0, 1e-12) << "nobody was tried twice";
}

struct World {
  double mean, weight;
};

double draw_rate(const World& world, Random& random) {
  std::gamma_distribution<double> hit(world.mean * world.weight),
      miss((1 - world.mean) * world.weight);
  const double a = hit(random), b = miss(random);
  return a / (a + b);
}

constexpr int kCells = 4;  // parts of the day, say
struct Person {
  std::array<double, kCells> truth{};
  std::array<std::uint64_t, kCells> n{}, k{};
};

std::vector<Person> people_of(const std::array<World, kCells>& worlds, int count, Random& random) {
  std::vector<Person> people(static_cast<std::size_t>(count));
  std::uniform_int_distribution<std::uint64_t> tries(0, 12);
  for (Person& person : people) {
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      person.truth[cell] = draw_rate(worlds[cell], random);
      person.n[cell] = tries(random);
      std::binomial_distribution<std::uint64_t> hits(person.n[cell], person.truth[cell]);
      person.k[cell] = hits(random);
    }
  }
  return people;
}

struct Outcome {
  Share each, best;
  double shrunk_error = 0, raw_error = 0;
};

// Everybody's sums give the prior of each cell; then each person's estimates are compared with
// what is true of them.
void simulate(const std::array<World, kCells>& worlds, int count, Random& random,
              Outcome& outcome) {
  const std::vector<Person> people = people_of(worlds, count, random);
  std::array<PopulationRate, kCells> priors;
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    RateSums sums;
    for (const Person& person : people) sums.add(person.n[cell], person.k[cell]);
    priors[cell] = *population_rate(sums);
  }
  for (const Person& person : people) {
    double best_rate = -1;
    bool best_covers = false;
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      const auto shrunk = *shrink(person.n[cell], person.k[cell], priors[cell]);
      const bool covers = shrunk.interval.contains(person.truth[cell]);
      outcome.each.count(covers);
      if (person.n[cell] < 3) continue;
      const double raw = static_cast<double>(person.k[cell]) / static_cast<double>(person.n[cell]);
      outcome.raw_error += (raw - person.truth[cell]) * (raw - person.truth[cell]);
      outcome.shrunk_error +=
          (shrunk.rate - person.truth[cell]) * (shrunk.rate - person.truth[cell]);
      if (shrunk.rate <= best_rate) continue;
      best_rate = shrunk.rate;
      best_covers = covers;
    }
    if (best_rate >= 0) outcome.best.count(best_covers);
  }
}

// 95 % intervals, of 20,000 people who live in one population or in many small ones, where the
// prior is itself uncertain. They may cover more where people hardly differ; they must not cover
// less.
TEST(ShrinkCoverage, NinetyFivePercentOfPeopleEvenOfTheBestCellOfEach) {
  const std::array<std::array<World, kCells>, 4> worlds = {{
      {{{0.21, 8}, {0.21, 8}, {0.21, 8}, {0.21, 8}}},         // people differ much
      {{{0.05, 40}, {0.05, 40}, {0.08, 40}, {0.03, 40}}},     // little, and seldom
      {{{0.50, 3}, {0.30, 5}, {0.20, 20}, {0.10, 100}}},      // by part of the day
      {{{0.20, 400}, {0.20, 400}, {0.20, 400}, {0.20, 400}}}  // hardly at all
  }};
  for (std::size_t world = 0; world < worlds.size(); ++world) {
    for (const int count : {20'000, 2'000, 200}) {
      Random random(world + 1);
      Outcome outcome;
      for (int run = 0; run < 20'000 / count; ++run)
        simulate(worlds[world], count, random, outcome);
      const std::string where = "world " + std::to_string(world) + " of " + std::to_string(count);
      EXPECT_GE(outcome.each.value(), 0.94) << where;
      if (world == 0) {
        EXPECT_LE(outcome.each.value(), 0.96) << "no wider than need be, " << where;
      }
      EXPECT_GE(outcome.best.value(), 0.935) << "the best of each, " << where;
      EXPECT_LT(outcome.shrunk_error, 0.7 * outcome.raw_error) << where;
      RecordProperty("covered, " + where, std::to_string(outcome.each.value()) + ", the best " +
                                              std::to_string(outcome.best.value()));
    }
  }
}

// How much people differ is estimated, not assumed.
TEST(ShrinkCoverage, TheWeightIsFoundAgain) {
  for (const World& world : {World{0.21, 8}, {0.05, 40}, {0.5, 3}}) {
    Random random(7);
    RateSums sums;
    for (const Person& person : people_of({world, world, world, world}, 20'000, random))
      sums.add(person.n[0], person.k[0]);
    const auto rate = population_rate(sums);
    ASSERT_TRUE(rate.has_value());
    EXPECT_NEAR(rate->mean, world.mean, 0.01);
    EXPECT_NEAR(rate->weight / world.weight, 1.0, 0.15);
  }
}

}  // namespace
}  // namespace tact::stats
