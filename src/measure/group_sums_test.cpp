// Groups of plain units and of others hold what MetricSums and Count do, however large they get.
#include <gtest/gtest.h>

#include <random>

#include "measure/sums.h"

namespace tact {
namespace {

Metric with_covariate() {
  Metric metric;
  metric.name = "orders";
  metric.covariate = true;
  return metric;
}

UnitFacts unit(std::int64_t covariate) {
  UnitFacts facts;
  facts.metrics.resize(1);
  facts.metrics[0].covariate = covariate;
  return facts;
}

struct Reference {
  MetricSums primary;
  Count count;
  void add(const UnitFacts& facts, const Metric& metric) {
    primary.add(metric, facts.metrics[0]);
    count.add(facts);
  }
};

TEST(GroupSums, HoldsWhatIsAddedUnitByUnit) {
  const Metric metric = with_covariate();
  constexpr std::size_t kGroups = 5;
  std::array<GroupSums, 2> sums;
  for (GroupSums& half : sums) half.resize(kGroups);
  std::vector<Reference> expected(kGroups);
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    constexpr std::array<std::int64_t, 6> kCovariates = {0, 1, 65'535, 65'536, -1, kLargestFact};
    UnitFacts facts = unit(kCovariates[random() % 6]);
    MetricFacts& outcome = facts.metrics[0];
    outcome.observed = random() % 9 != 0;
    if (random() % 7 == 0) outcome.value = static_cast<std::int64_t>(random() % 100) - 50;
    if (random() % 11 == 0) outcome.second = 3;
    outcome.credit.last = outcome.value != 0 ? 1 : 0;
    facts.crossover = random() % 13 == 0;
    facts.simulated = random() % 17 == 0;
    const auto group =
        static_cast<std::uint32_t>(random() % (kGroups - 1));  // the last one stays empty
    sums[random() % 2].add(std::array{group}, {facts, &metric});
    expected[group].add(facts, metric);
  }
  sums[0] += sums[1];
  for (std::size_t group = 0; group < kGroups; ++group) {
    expected[group].primary.with_covariate = 0;  // of groups it is not kept
    EXPECT_EQ(sums[0].primary(group), expected[group].primary);
    EXPECT_EQ(sums[0].count(group), expected[group].count);
  }
}

// Beyond what 16 bytes hold: 40,000 of the largest plain covariates are more than 2^31.
TEST(GroupSums, SpillsBeforeItOverflows) {
  const Metric metric = with_covariate();
  GroupSums sums, twice;
  sums.resize(1);
  twice.resize(1);
  Reference expected;
  const UnitFacts facts = unit(65'535);
  for (int i = 0; i < 120'000; ++i) {
    sums.add(std::array{0u}, {facts, &metric});
    expected.add(facts, metric);
  }
  expected.primary.with_covariate = 0;
  EXPECT_EQ(sums.primary(0), expected.primary);
  EXPECT_EQ(sums.count(0), expected.count);
  for (int i = 0; i < 3; ++i) twice += sums;
  EXPECT_EQ(twice.primary(0).units, 360'000);
  EXPECT_EQ(twice.primary(0).covariate, 3 * expected.primary.covariate);
  EXPECT_EQ(twice.primary(0).covariate_squares, 3 * expected.primary.covariate_squares);
}

TEST(GroupSums, ACovariateThatIsNotPlannedIsNotSummed) {
  Metric metric = with_covariate();
  metric.covariate = false;
  GroupSums sums;
  sums.resize(1);
  sums.add(std::array{0u}, {unit(7), &metric});
  sums.add(std::array{0u}, {unit(7), nullptr});
  EXPECT_EQ(sums.count(0).units, 2);
  EXPECT_EQ(sums.primary(0).covariate, 0);
}

}  // namespace
}  // namespace tact
