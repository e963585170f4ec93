#include "stats/planner.h"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/sequential.h"
#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

ExperimentPlan plan(std::vector<double> shares, std::vector<std::int64_t> daily) {
  ExperimentPlan p;
  p.shares = std::move(shares);
  p.daily_exposures = std::move(daily);
  return p;
}

OutcomeHistory conversion(double rate) { return {OutcomeKind::kProportion, rate, 0.0, rate}; }

// 1,000 visitors a day: the days are the visitors of power.h, rounded up.
TEST(Planner, AgreesWithTheSampleSizeOfPower) {
  for (const double share : {0.5, 0.1, 0.05}) {
    const ExperimentPlan p = plan({share, 1.0 - share}, {1'000});
    const int days = *days_needed(p, conversion(0.05), 0.01)->fixed;
    PowerPlan classic;
    classic.kind = OutcomeKind::kProportion;
    classic.baseline = 0.05;
    classic.ratio = (1.0 - share) / share;
    const auto controls = static_cast<double>(visitors_for(classic, 0.01, 0.8).value());
    EXPECT_NEAR(days, std::ceil(controls / share / 1'000), 1.0) << share;
  }
}

TEST(Planner, WeekendsWindowsArmsAndOutcomesCount) {
  const ExperimentPlan even = plan({0.5, 0.5}, {1'000});
  ExperimentPlan weekly = plan({0.5, 0.5}, {1'400, 1'400, 1'400, 1'400, 1'400, 0, 0});
  const int days = *days_needed(even, conversion(0.05), 0.01)->fixed;
  const int with_weekends = *days_needed(weekly, conversion(0.05), 0.01)->fixed;
  EXPECT_LE(std::abs(days - with_weekends), 2);
  ExperimentPlan late = even;
  late.window_days = 6.5;
  EXPECT_EQ(*days_needed(late, conversion(0.05), 0.01)->fixed, days + 7);
  // Three outcomes, or three more arms: a smaller alpha each, and longer.
  EXPECT_GT(*days_needed(even, conversion(0.05), 0.01, 3)->fixed, days);
  const ExperimentPlan four = plan({0.25, 0.25, 0.25, 0.25}, {1'000});
  EXPECT_GT(*days_needed(four, conversion(0.05), 0.01)->fixed, 2 * days);
  const DaysNeeded found = days_needed(even, conversion(0.05), 0.01).value();
  EXPECT_GT(*found.always_valid, *found.fixed);
}

// A 5 % holdout at half a percent: 50 buyers need 200,000 visitors, however large the effect.
TEST(Planner, TheGateCanBeWhatTakesLongest) {
  const ExperimentPlan p = plan({0.05, 0.95}, {10'000});
  const DaysNeeded needed = days_needed(p, conversion(0.005), 0.5).value();
  EXPECT_EQ(*needed.gate, 20);
  EXPECT_EQ(*needed.fixed, 20);
  EXPECT_FALSE(days_needed(plan({0.05, 0.95}, {10}), conversion(0.005), 0.5)->gate);
  EXPECT_FALSE(detectable_on_day(p, conversion(0.005), 19)->fixed);
  EXPECT_TRUE(detectable_on_day(p, conversion(0.005), 20)->fixed);
}

TEST(Planner, WhatADayCanShowIsWhatNeedsThatDay) {
  const OutcomeHistory spend{OutcomeKind::kMean, 2.0, 14.5, 0.02};
  for (const OutcomeHistory& outcome : {conversion(0.05), spend}) {
    for (const auto side : {Alternative::kTwoSided, Alternative::kGreater, Alternative::kLess}) {
      ExperimentPlan p = plan({0.2, 0.8}, {900, 1'100});
      p.alternative = side;
      p.window_days = 3;
      const DetectableEffect effect = detectable_on_day(p, outcome, 40).value();
      EXPECT_EQ(*effect.fixed < 0.0, side == Alternative::kLess);
      EXPECT_EQ(*days_needed(p, outcome, 1.0001 * *effect.fixed)->fixed, 40);
      EXPECT_GT(*days_needed(p, outcome, 0.98 * *effect.fixed)->fixed, 40);
      EXPECT_EQ(*days_needed(p, outcome, 1.0001 * *effect.always_valid)->always_valid, 40);
    }
  }
}

// 100 each of 2 % wait for 50 buyers; the same mean with a few large amounts, u = 4.5, for 664
// where the arms differ in size, and for 50 where they do not.
TEST(Planner, UnevenMoneyInUnevenArmsTakesLonger) {
  const OutcomeHistory even{OutcomeKind::kMean, 2.0, 14.0, 0.02};
  const OutcomeHistory uneven{OutcomeKind::kMean, 2.0, 30.0, 0.02};
  const auto gate = [](double share, const OutcomeHistory& outcome) {
    return *days_needed(plan({share, 1.0 - share}, {1'000}), outcome, 1.0).value().gate;
  };
  EXPECT_EQ(gate(0.2, even), 13);
  EXPECT_NEAR(gate(0.2, uneven), 166, 1);
  EXPECT_EQ(gate(0.5, uneven), gate(0.5, even));
}

TEST(Planner, HistoryFromSums) {
  SampleMoments sums;
  for (int i = 0; i < 100; ++i) sums.add(i % 4 == 0 ? 2.0 : 0.0);
  const OutcomeHistory history = history_of(sums, OutcomeKind::kMean).value();
  EXPECT_EQ(history.mean, 0.5);
  EXPECT_EQ(history.nonzero_share, 0.25);
  EXPECT_NEAR(history.standard_deviation, std::sqrt(75.0 / 99.0), 1e-12);
  EXPECT_FALSE(history_of({100, 0.0, 0.0, 0}, OutcomeKind::kMean));
  EXPECT_FALSE(history_of({}, OutcomeKind::kProportion));
}

// What is planned comes true: an effect planted as assumed is found as often as promised.
TEST(Planner, TheEffectIsFoundInTime) {
  Random random(1);
  const ExperimentPlan p = plan({0.1, 0.9}, {2'000});
  const DaysNeeded needed = days_needed(p, conversion(0.05), 0.01).value();
  Share fixed;
  Share sequence;
  const auto draw = [&](int days, double rate, double share) {
    return testing::draw_conversions(random, static_cast<std::int64_t>(2'000 * share) * days, rate);
  };
  const auto sum = [](const SampleMoments& m) {
    return summarize(m, OutcomeKind::kProportion).value();
  };
  for (int world = 0; world < 4'000; ++world) {
    const auto f =
        welch_difference(sum(draw(*needed.fixed, 0.06, 0.9)), sum(draw(*needed.fixed, 0.05, 0.1)));
    fixed.count(f->interval.lower > 0.0);
    const auto s = sequential_difference(sum(draw(*needed.always_valid, 0.06, 0.9)),
                                         sum(draw(*needed.always_valid, 0.05, 0.1)));
    sequence.count(s->interval.lower > 0.0);
  }
  EXPECT_GE(fixed.at_most(), 0.8) << fixed.value();
  EXPECT_LE(fixed.at_least(), 0.83) << fixed.value();
  EXPECT_GE(sequence.at_most(), 0.8) << sequence.value();
  EXPECT_LE(sequence.at_least(), 0.83) << sequence.value();
}

TEST(Planner, RefusesWhatCannotBe) {
  const OutcomeHistory good = conversion(0.05);
  const auto refused = [&](auto change) {
    ExperimentPlan p = plan({0.5, 0.5}, {1'000});
    change(p);
    return !days_needed(p, good, 0.01).has_value() && !detectable_on_day(p, good, 10).has_value();
  };
  EXPECT_TRUE(refused([](auto& p) { p.shares = {0.5, 0.4}; }));
  EXPECT_TRUE(refused([](auto& p) { p.shares = {1.0}; }));
  EXPECT_TRUE(refused([](auto& p) { p.shares = {0.5, std::nan("")}; }));
  EXPECT_TRUE(refused([](auto& p) { p.daily_exposures = {}; }));
  EXPECT_TRUE(refused([](auto& p) { p.daily_exposures = {0, 0}; }));
  EXPECT_TRUE(refused([](auto& p) { p.daily_exposures = {5, -1}; }));
  EXPECT_TRUE(refused([](auto& p) { p.window_days = -1; }));
  EXPECT_TRUE(refused([](auto& p) { p.alpha = 0.5; }));
  EXPECT_TRUE(refused([](auto& p) { p.power = 1.0; }));
  EXPECT_TRUE(refused([](auto& p) { p.days_max = 0; }));
  EXPECT_TRUE(refused([](auto& p) { p.tuning_visitors = 0; }));
  const ExperimentPlan p = plan({0.5, 0.5}, {1'000});
  EXPECT_FALSE(days_needed(p, good, 0.0));
  EXPECT_FALSE(days_needed(p, good, 0.96));
  EXPECT_FALSE(days_needed(p, good, std::nan("")));
  EXPECT_FALSE(days_needed(p, good, 0.01, 0));
  EXPECT_FALSE(days_needed(p, {OutcomeKind::kMean, 1.0, 0.0, 0.5}, 0.01));
  EXPECT_FALSE(days_needed(p, conversion(1.0), 0.01));
  EXPECT_FALSE(detectable_on_day(p, good, 0));
}

}  // namespace
}  // namespace tact::stats
