#include "stats/value/incremental.h"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/sequential.h"
#include "stats/test_support.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

// Buyers get a discount of a tenth in the treated arm, and everybody a mailing of 0.5.
ValueAndCost draw(Random& random, int n, double rate, bool treated) {
  std::lognormal_distribution<double> order(4.0, 0.5);
  ValueAndCost sums;
  for (int i = 0; i < n; ++i) {
    const double value = std::bernoulli_distribution(rate)(random) ? order(random) : 0.0;
    sums.add(value, treated ? 0.1 * value + 0.5 : 0.0);
  }
  return sums;
}

constexpr double kOrder = 61.867809;  // exp(4 + 0.125)

TEST(Incremental, IsWelchsTestOnEachVisitorsProfit) {
  Random random(1);
  std::lognormal_distribution<double> order(4.0, 0.5);
  ValueAndCost arms[2];
  SampleMoments profits[2];
  for (int i = 0; i < 2'000; ++i) {
    const double value = i % 5 == 0 ? order(random) : 0.0;
    const double cost = i % 2 == 1 ? 0.1 * value + 0.01 * (i % 7) : 0.0;
    arms[i % 2].add(value, cost);
    profits[i % 2].add(0.4 * value - cost);
  }
  const auto found = incremental_return(arms[1], arms[0], {0.4, 100.0}).value();
  const Difference plain = welch_difference(summarize(profits[1], OutcomeKind::kMean).value(),
                                            summarize(profits[0], OutcomeKind::kMean).value())
                               .value();
  EXPECT_NEAR(found.profit.estimate, plain.estimate, 1e-10);
  EXPECT_NEAR(found.profit.standard_error, plain.standard_error, 1e-10);
  EXPECT_NEAR(found.profit.df, plain.df, 1e-6);
  EXPECT_NEAR(found.total.value, 1'000 * plain.estimate - 100.0, 1e-7);
  EXPECT_NEAR(found.total.interval.upper, 1'000 * plain.interval.upper - 100.0, 1e-6);
  EXPECT_NEAR(*found.roi.estimate, found.total.value / (1'000 * found.cost.value + 100.0), 1e-10);
}

// A cost without error: the return is the profit's interval in units of the cost.
TEST(Incremental, WithAKnownCostTheReturnIsScaledProfit) {
  Random random(2);
  ValueAndCost arms[2];
  for (int i = 0; i < 4'000; ++i) {
    arms[i % 2].add(i % 3 == 0 ? std::round(std::exp(3 + (i % 17) * 0.1)) : 0.0,
                    i % 2 == 1 ? 0.5 : 0.0);
  }
  const auto found = incremental_return(arms[1], arms[0]).value();
  EXPECT_EQ(found.roi.shape, LiftShape::kBounded);
  EXPECT_NEAR(found.roi.ends.lower, found.profit.interval.lower / 0.5, 1e-9);
  EXPECT_NEAR(found.roi.ends.upper, found.profit.interval.upper / 0.5, 1e-9);
  EXPECT_EQ(found.cost.interval.lower, found.cost.interval.upper);
}

TEST(Incremental, TheReturnExcludesZeroExactlyWhenTheTotalDoes) {
  Random random(3);
  int excluded = 0;
  for (int round = 0; round < 600; ++round) {
    const auto t = draw(random, 400, 0.1 + 0.0002 * round, true);
    const auto c = draw(random, 400, 0.1, false);
    const auto found = incremental_return(t, c, {0.5, round % 2 == 0 ? 0.0 : 150.0}).value();
    EXPECT_EQ(found.roi.contains(0.0), found.total.interval.contains(0.0)) << round;
    excluded += found.roi.contains(0.0) ? 0 : 1;
  }
  EXPECT_GT(excluded, 50);
  EXPECT_LT(excluded, 550);
}

TEST(Incremental, SwappingTheArmsFlipsSignsBitForBit) {
  Random random(4);
  for (int round = 0; round < 50; ++round) {
    const auto t = draw(random, 300, 0.2, true);
    const auto c = draw(random, 350, 0.1, false);
    ReturnOptions options{.margin = 0.4};
    if (round % 2 == 1) options.tuning_visitors = 5'000.0;
    const auto a = incremental_return(t, c, options).value();
    const auto b = incremental_return(c, t, options).value();
    EXPECT_EQ(a.value.estimate, -b.value.estimate);
    EXPECT_EQ(a.profit.estimate, -b.profit.estimate);
    EXPECT_EQ(a.profit.interval.lower, -b.profit.interval.upper);
    EXPECT_EQ(a.cost.value, -b.cost.value);
    EXPECT_EQ(a.cost.interval.lower, -b.cost.interval.upper);
    EXPECT_FALSE(b.roi.estimate);  // what saves money has no return on what was spent
    EXPECT_EQ(b.roi.shape, LiftShape::kWholeLine);
  }
}

TEST(Incremental, MergingIsAddingVisitors) {
  ValueAndCost whole;
  ValueAndCost parts[2];
  for (int i = 0; i < 100; ++i) {
    whole.add(i % 9, i % 4);
    parts[i % 2].add(i % 9, i % 4);
  }
  parts[1] += parts[0];
  EXPECT_EQ(parts[1].value, whole.value);
  EXPECT_EQ(parts[1].cost, whole.cost);
}

// Cost follows value, so that the two go together; Fieller's set and the profit's interval cover.
TEST(Incremental, IntervalsCover) {
  Random random(5);
  Share profit;
  Share roi;
  Share cost;
  const double value = 0.06 * kOrder;
  const double spent = 0.1 * 0.18 * kOrder + 0.5 + 200.0 / 1'500.0;
  const double earned = 0.5 * value - spent;
  for (int world = 0; world < 2'000; ++world) {
    const auto t = draw(random, 1'500, 0.18, true);
    const auto c = draw(random, 1'500, 0.12, false);
    const auto found = incremental_return(t, c, {0.5, 200.0}).value();
    profit.count(found.total.interval.contains(1'500.0 * earned));
    roi.count(found.roi.contains(earned / spent));
    cost.count(found.cost.interval.contains(0.1 * 0.18 * kOrder + 0.5));
  }
  for (const Share& s : {profit, roi, cost}) {
    EXPECT_GE(s.value(), 0.935);
    EXPECT_LE(s.value(), 0.965);
  }
}

// Looked at 40 times. Of one look's intervals, at least one end misses in far more than 5 %.
TEST(Incremental, SequencesHoldAtEveryLook) {
  Random random(7);
  Share total, roi, cost, naive;
  const double spent = 0.1 * 0.18 * kOrder + 0.5;
  const double earned = 0.5 * 0.06 * kOrder - spent;
  for (int world = 0; world < 400; ++world) {
    ValueAndCost t, c;
    bool covered[4] = {true, true, true, true};
    for (int look = 1; look <= 40; ++look) {
      t += draw(random, 150, 0.18, true);
      c += draw(random, 150, 0.12, false);
      if (c.value.nonzero < 50) continue;
      const double treated = 150.0 * look;
      const auto found = incremental_return(t, c, {.margin = 0.5, .tuning_visitors = 5'000.0});
      covered[0] = covered[0] && found->total.interval.contains(treated * earned);
      covered[1] = covered[1] && found->roi.contains(earned / spent);
      covered[2] = covered[2] && found->cost.interval.contains(spent);
      covered[3] =
          covered[3] &&
          incremental_return(t, c, {.margin = 0.5})->total.interval.contains(treated * earned);
    }
    total.count(covered[0]);
    roi.count(covered[1]);
    cost.count(covered[2]);
    naive.count(covered[3]);
  }
  for (const Share& s : {total, roi, cost}) EXPECT_GE(s.value(), 0.95);
  EXPECT_LT(naive.value(), 0.85);
}

// The same figures as by sequential.h on each visitor's profit, and a return that excludes 0 when
// the total does.
TEST(Incremental, AtEveryLookItIsTheSequenceOfTheProfit) {
  ValueAndCost arms[2];
  SampleMoments profits[2];
  for (int i = 0; i < 2'000; ++i) {
    const double value = i % 5 == 0 ? 20.0 + i % 31 : 0.0;
    const double cost = i % 2 == 1 ? 0.1 * value + 0.01 * (i % 7) : 0.0;
    arms[i % 2].add(value, cost);
    profits[i % 2].add(0.4 * value - cost);
  }
  const auto found = incremental_return(
      arms[1], arms[0], {.margin = 0.4, .fixed_cost = 100.0, .tuning_visitors = 5'000.0});
  const auto plain = sequential_difference(summarize(profits[1], OutcomeKind::kMean).value(),
                                           summarize(profits[0], OutcomeKind::kMean).value());
  EXPECT_NEAR(found->profit.interval.lower, plain->interval.lower, 1e-9);
  EXPECT_NEAR(found->profit.interval.upper, plain->interval.upper, 1e-9);
  EXPECT_NEAR(found->profit.p.log10_p, plain->p.log10_p, 1e-9);
  EXPECT_NEAR(found->total.interval.lower, 1'000 * plain->interval.lower - 100.0, 1e-6);
  EXPECT_EQ(found->roi.contains(0.0), found->total.interval.contains(0.0));
  EXPECT_FALSE(incremental_return(arms[1], arms[0], {.tuning_visitors = 0.0}));
}

TEST(Incremental, RefusesWhatCannotBe) {
  Random random(6);
  const auto t = draw(random, 100, 0.5, true);
  const auto c = draw(random, 100, 0.5, false);
  EXPECT_FALSE(incremental_return(t, c, {0.0}));
  EXPECT_FALSE(incremental_return(t, c, {1.5}));
  EXPECT_FALSE(incremental_return(t, c, {0.5, -1.0}));
  EXPECT_FALSE(incremental_return(t, c, {0.5, std::nan("")}));
  EXPECT_FALSE(incremental_return(t, c, {0.5, 0.0, 0.9}));
  EXPECT_FALSE(incremental_return({}, c));
  ValueAndCost bad = t;
  bad.cost.product_sum = 1e12;
  EXPECT_FALSE(incremental_return(bad, c));
}

}  // namespace
}  // namespace tact::stats
