#include "assign/assign.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/rng.h"

namespace tact {
namespace {

// The published conformance cases of GrowthBook's SDKs for hash version 2.
TEST(Assign, AgreesWithGrowthBooksHashVersion2) {
  EXPECT_EQ(bucket_of("seed", "a"), 505U);
  EXPECT_EQ(bucket_of("seed", "b"), 2696U);
  EXPECT_EQ(bucket_of("foo", "ab"), 2575U);
  EXPECT_EQ(bucket_of("foo", "def"), 2019U);
}

TEST(Assign, HoldsOutTheShareAndSeedsAreIndependent) {
  int first = 0, second = 0, both = 0;
  constexpr int kIds = 100'000;
  for (int i = 0; i < kIds; ++i) {
    const std::string id = "visitor-" + std::to_string(i);
    const bool a = held_out("moment:fit-help", id, {100'000});
    const bool b = held_out(kUniversalSeed, id, {50'000});
    first += a;
    second += b;
    both += a && b;
  }
  // Binomial: five standard deviations are 474, 345 and 112.
  EXPECT_NEAR(first, 10'000, 474);
  EXPECT_NEAR(second, 5'000, 345);
  EXPECT_NEAR(both, 500, 112);
}

TEST(Assign, SplitsEvenly) {
  int counts[3] = {};
  for (int i = 0; i < 90'000; ++i) ++counts[split_evenly("variant:m", std::to_string(i), 3)];
  for (const int count : counts) EXPECT_NEAR(count, 30'000, 707);
  EXPECT_EQ(split_evenly("variant:m", "x", 1), 0);
}

// --- A/B experiments
// ------------------------------------------------------------------------------

constexpr int kIds = 40'000;

std::string id_of(int i) { return "visitor-" + std::to_string(i); }

ExperimentPlan plan_of(std::string id, const std::vector<std::int32_t>& percent,
                       std::string layer = {}, int from_percent = 0, int to_percent = 100) {
  ExperimentPlan plan;
  plan.id = std::move(id);
  plan.layer = std::move(layer);
  plan.from = {from_percent * 10'000};
  plan.to = {to_percent * 10'000};
  for (const std::int32_t share : percent) {
    plan.arms.emplace_back().weight = {share * 10'000};
    plan.arms.back().id = "arm-" + std::to_string(plan.arms.size());
  }
  return plan;
}

// Of n draws with chance p, five standard deviations: a right program fails one such check in two
// million.
void expect_share(int have, double p, int n) {
  EXPECT_NEAR(have, n * p, 5 * std::sqrt(n * p * (1 - p)) + 1) << "of " << n << " with " << p;
}

TEST(ArmOf, TakesTheSharesOfTheArmsAndOfTheTraffic) {
  const std::vector<std::vector<std::int32_t>> splits = {
      {50, 50}, {90, 10}, {34, 33, 33}, {10, 20, 30, 40}, {1, 99}};
  for (const int traffic : {100, 60, 5}) {
    for (std::size_t s = 0; s < splits.size(); ++s) {
      const std::string name = "shares-" + std::to_string(traffic) + "-" + std::to_string(s);
      const ExperimentPlan plan = plan_of(name, splits[s], "", 0, traffic);
      std::vector<int> counts(splits[s].size());
      for (int i = 0; i < kIds; ++i) {
        const int arm = arm_of(plan, id_of(i));
        ASSERT_GE(arm, -1);
        if (arm >= 0) ++counts.at(static_cast<std::size_t>(arm));
      }
      for (std::size_t arm = 0; arm < counts.size(); ++arm) {
        expect_share(counts[arm], traffic / 100.0 * splits[s][arm] / 100.0, kIds);
      }
    }
  }
}

TEST(ArmOf, CountsInTenThousandths) {
  ExperimentPlan plan = plan_of("fine", {50, 50});
  plan.arms[0].weight = {333'300};
  plan.arms[1].weight = {666'700};
  for (int i = 0; i < kIds; ++i) {
    const std::uint32_t drawn = bucket_of("experiment:fine", id_of(i));
    ASSERT_EQ(arm_of(plan, id_of(i)), drawn < 3'333 ? 0 : 1);
  }
}

// Pearson's chi-squared of a table of counts against independence.
double chi_squared(const std::vector<std::vector<int>>& table) {
  double total = 0, sum = 0;
  std::vector<double> rows(table.size()), columns(table[0].size());
  for (std::size_t r = 0; r < table.size(); ++r) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      rows[r] += table[r][c];
      columns[c] += table[r][c];
      total += table[r][c];
    }
  }
  for (std::size_t r = 0; r < table.size(); ++r) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const double expected = rows[r] * columns[c] / total;
      sum += (table[r][c] - expected) * (table[r][c] - expected) / expected;
    }
  }
  return sum;
}

// With 4 degrees of freedom this is exceeded once in ten million, with 2 more rarely.
constexpr double kMostChiSquared = 38.0;

TEST(ArmOf, IsIndependentOfOtherExperimentsAndOfTheHoldouts) {
  for (int pair = 0; pair < 30; ++pair) {
    const std::string n = std::to_string(pair);
    const ExperimentPlan tone = plan_of("tone-" + n, {40, 60}, "one-" + n, 10, 80);
    const ExperimentPlan offer = plan_of("offer-" + n, {50, 25, 25}, pair % 2 == 0 ? "" : "two");
    std::vector<std::vector<int>> both(3, std::vector<int>(3)), universal(2, std::vector<int>(3)),
        moment = universal, evenly = universal;
    for (int i = 0; i < kIds; ++i) {
      const std::string id = id_of(i);
      const int place = arm_of(tone, id) + 1;
      const auto a = static_cast<std::size_t>(place);
      ++both[a][static_cast<std::size_t>(arm_of(offer, id))];
      ++universal[held_out(kUniversalSeed, id, {50'000}) ? 1 : 0][a];
      ++moment[held_out("moment:m-" + n, id, {100'000}) ? 1 : 0][a];
      ++evenly[static_cast<std::size_t>(split_evenly("variant:m-" + n, id, 2))][a];
    }
    EXPECT_LT(chi_squared(both), kMostChiSquared) << pair;
    EXPECT_LT(chi_squared(universal), kMostChiSquared) << pair;
    EXPECT_LT(chi_squared(moment), kMostChiSquared) << pair;
    EXPECT_LT(chi_squared(evenly), kMostChiSquared) << pair;
  }
}

TEST(ArmOf, PutsNobodyIntoTwoExperimentsOfALayer) {
  Rng rng(2026);
  for (int round = 0; round < 20; ++round) {
    const std::string layer = "layer-" + std::to_string(round);
    std::vector<ExperimentPlan> plans;
    for (int from = 0; from < 100;) {
      const int to = std::min<int>(100, from + 1 + static_cast<int>(rng.below(60)));
      const std::string name = layer + "-" + std::to_string(plans.size());
      plans.push_back(plan_of(name, {50, 50}, layer, from, to));
      from = to;
    }
    std::vector<int> in(plans.size());
    for (int i = 0; i < kIds / 4; ++i) {
      int parts = 0;
      for (std::size_t p = 0; p < plans.size(); ++p) {
        const bool takes_part = arm_of(plans[p], id_of(i)) >= 0;
        parts += takes_part;
        in[p] += takes_part;
      }
      ASSERT_EQ(parts, 1) << "the parts cover the layer and do not overlap";
    }
    for (std::size_t p = 0; p < plans.size(); ++p) {
      expect_share(in[p], (plans[p].to.ppm - plans[p].from.ppm) / 1e6, kIds / 4);
    }
  }
}

TEST(ArmOf, StaysAsMoreTakePart) {
  const ExperimentPlan few = plan_of("ramp", {50, 50}, "", 0, 10);
  const ExperimentPlan many = plan_of("ramp", {50, 50}, "", 0, 60);
  int in = 0;
  for (int i = 0; i < kIds; ++i) {
    const int before = arm_of(few, id_of(i));
    if (before < 0) continue;
    ++in;
    ASSERT_EQ(arm_of(many, id_of(i)), before);
  }
  expect_share(in, 0.1, kIds);
}

TEST(ArmOf, MovesOnlyWhoMustMoveWhenTheSplitChanges) {
  const ExperimentPlan before = plan_of("move", {50, 50});
  const ExperimentPlan after = plan_of("move", {40, 60});
  int moved = 0;
  for (int i = 0; i < kIds; ++i) {
    const int from = arm_of(before, id_of(i)), to = arm_of(after, id_of(i));
    if (from == to) continue;
    ASSERT_EQ(from, 0);
    ++moved;
  }
  expect_share(moved, 0.1, kIds);
}

}  // namespace
}  // namespace tact
