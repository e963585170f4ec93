#include "stats/novelty.h"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

std::vector<PeriodArms> weeks(Random& random, double first, double step, int count = 8) {
  std::vector<PeriodArms> periods;
  for (int week = 0; week < count; ++week) {
    const double lift = first + step * week;
    periods.push_back(
        {static_cast<double>(week),
         summarize(testing::draw_conversions(random, 4'000, 0.05 + lift), OutcomeKind::kProportion)
             .value(),
         summarize(testing::draw_conversions(random, 4'000, 0.05), OutcomeKind::kProportion)
             .value()});
  }
  return periods;
}

// Weeks by hand: effects 3, 2, 1 with equal variance fall by 1 a week.
TEST(Novelty, TheTrendIsAWeightedLine) {
  const ArmSummary control{100, 1.0, 2.0};
  std::vector<PeriodArms> periods;
  for (const double week : {0.0, 1.0, 2.0}) {
    periods.push_back({week, {100, 4.0 - week, 2.0}, control});
  }
  const EffectChange change = effect_by_calendar(periods).value();
  EXPECT_NEAR(change.estimate, -1.0, 1e-12);
  EXPECT_NEAR(change.standard_error, std::sqrt(0.04 / 2.0), 1e-12);  // se^2 / sum (t - mean t)^2
  EXPECT_NEAR(change.early, 3.0, 1e-12);
  EXPECT_NEAR(change.late, 1.0, 1e-12);
  EXPECT_EQ(change.verdict, NoveltyVerdict::kFades);
  // An imprecise week hardly counts: variance a million times as large.
  periods.push_back({3.0, {100, 50.0, 2e6}, {100, 1.0, 2e6}});
  EXPECT_NEAR(effect_by_calendar(periods)->estimate, -1.0, 0.001);
  // A week without visitors is left out.
  periods.push_back({4.0, {0, 0.0, 0.0}, control});
  EXPECT_NEAR(effect_by_calendar(periods)->estimate, -1.0, 0.001);
}

// Residual sum of squares, weighted, is the smallest there: nudging either coefficient raises it.
TEST(Novelty, NoOtherLineFitsBetter) {
  Random random(1);
  std::normal_distribution<double> normal;
  for (int round = 0; round < 100; ++round) {
    std::vector<PeriodArms> periods;
    for (int week = 0; week < 5; ++week) {
      periods.push_back({static_cast<double>(week),
                         {100 + 20 * week, normal(random), 1.0 + week},
                         {90, normal(random), 2.0}});
    }
    const EffectChange change = effect_by_calendar(periods).value();
    const auto misfit = [&](double level, double slope) {
      double sum = 0.0;
      for (const PeriodArms& p : periods) {
        const double variance = p.treatment.variance_of_mean() + p.control.variance_of_mean();
        const double off = p.treatment.mean - p.control.mean - level - slope * p.at;
        sum += off * off / variance;
      }
      return sum;
    };
    const double best = misfit(change.early, change.estimate);
    for (const double nudge : {-1e-4, 1e-4}) {
      EXPECT_GT(misfit(change.early + nudge, change.estimate), best);
      EXPECT_GT(misfit(change.early, change.estimate + nudge), best);
    }
  }
}

TEST(Novelty, SwappingTheArmsFlipsSignsBitForBit) {
  Random random(2);
  for (int round = 0; round < 100; ++round) {
    auto periods = weeks(random, 0.02, -0.002);
    const EffectChange a = effect_by_calendar(periods).value();
    for (PeriodArms& p : periods) std::swap(p.treatment, p.control);
    const EffectChange b = effect_by_calendar(periods).value();
    EXPECT_EQ(a.estimate, -b.estimate);
    EXPECT_EQ(a.early, -b.early);
    EXPECT_EQ(a.late, -b.late);
    EXPECT_EQ(a.interval.lower, -b.interval.upper);
    EXPECT_EQ(a.p.log10_p, b.p.log10_p);
    EXPECT_EQ(a.verdict, b.verdict);
  }
}

TEST(Novelty, SizeAndPowerByCalendar) {
  Random random(3);
  Share alarm;
  Share fades;
  Share grows;
  for (int world = 0; world < 4'000; ++world) {
    alarm.count(effect_by_calendar(weeks(random, 0.02, 0.0))->verdict != NoveltyVerdict::kNotClear);
    if (world % 4 != 0) continue;
    fades.count(effect_by_calendar(weeks(random, 0.03, -0.004))->verdict == NoveltyVerdict::kFades);
    grows.count(effect_by_calendar(weeks(random, 0.0, 0.004))->verdict == NoveltyVerdict::kGrows);
  }
  EXPECT_LE(alarm.at_least(), 0.05) << alarm.value();
  EXPECT_GE(alarm.at_most(), 0.05) << alarm.value();
  EXPECT_GE(fades.at_least(), 0.85) << fades.value();
  EXPECT_GE(grows.at_least(), 0.85) << grows.value();
}

// Visitors have a liking of their own, so that their weeks go together; the treated get `first`
// more in the first week and `second` more in the second.
EarlyLate draw_visitors(Random& random, int n, double first, double second) {
  std::normal_distribution<double> normal;
  EarlyLate arm;
  for (int i = 0; i < n; ++i) {
    const double liking = 2.0 * normal(random);
    arm.add(liking + normal(random) + first, liking + normal(random) + second);
  }
  return arm;
}

TEST(Novelty, SinceExposureIsWelchsTestOnEachVisitorsChange) {
  Random random(4);
  std::normal_distribution<double> normal;
  EarlyLate arms[2];
  EarlyLate parts[2];
  SampleMoments changes[2];
  for (int i = 0; i < 400; ++i) {
    const double early = std::round(100 * normal(random));
    const double late = std::round(50 * normal(random) + 0.5 * early);
    const int arm = i % 2;
    arms[arm].add(early, late);
    changes[arm].add(late - early);
    if (i < 100) parts[arm].add(early, late);
  }
  const EffectChange found = effect_since_exposure(arms[1], arms[0]).value();
  const Difference plain = welch_difference(summarize(changes[1], OutcomeKind::kMean).value(),
                                            summarize(changes[0], OutcomeKind::kMean).value())
                               .value();
  EXPECT_NEAR(found.estimate, plain.estimate, 1e-10);
  EXPECT_NEAR(found.standard_error, plain.standard_error, 1e-10);
  EXPECT_NEAR(found.p.p, plain.p.p, 1e-10);
  EXPECT_NEAR(found.late - found.early, found.estimate, 1e-10);
  const EffectChange other = effect_since_exposure(arms[0], arms[1]).value();
  EXPECT_EQ(found.estimate, -other.estimate);
  EXPECT_EQ(found.interval.lower, -other.interval.upper);
  EarlyLate twice = arms[0];
  twice += arms[0];
  EXPECT_EQ(twice.early.n, 400);
  EXPECT_EQ(twice.late.product_sum, 2 * arms[0].late.product_sum);
}

TEST(Novelty, SizeAndPowerSinceExposure) {
  Random random(5);
  Share alarm;
  Share fades;
  for (int world = 0; world < 1'000; ++world) {
    const auto control = draw_visitors(random, 300, 0.0, 0.0);
    alarm.count(effect_since_exposure(draw_visitors(random, 300, 0.5, 0.5), control)->verdict !=
                NoveltyVerdict::kNotClear);
    fades.count(effect_since_exposure(draw_visitors(random, 300, 0.6, 0.1), control)->verdict ==
                NoveltyVerdict::kFades);
  }
  EXPECT_LE(alarm.at_least(), 0.05) << alarm.value();
  EXPECT_GE(alarm.at_most(), 0.05) << alarm.value();
  // The liking of 2 cancels: without the pairing a change of 0.5 would be found in a third.
  EXPECT_GE(fades.at_least(), 0.95) << fades.value();
}

TEST(Novelty, RefusesWhatCannotBe) {
  const ArmSummary arm{100, 1.0, 2.0};
  const PeriodArms one[] = {{0.0, arm, arm}};
  const PeriodArms same[] = {{1.0, arm, arm}, {1.0, arm, arm}};
  const PeriodArms nan_time[] = {{0.0, arm, arm}, {std::nan(""), arm, arm}};
  const PeriodArms nan_mean[] = {{0.0, arm, arm}, {1.0, {100, std::nan(""), 1.0}, arm}};
  EXPECT_FALSE(effect_by_calendar({}));
  EXPECT_FALSE(effect_by_calendar(one));
  EXPECT_FALSE(effect_by_calendar(same));
  EXPECT_FALSE(effect_by_calendar(nan_time));
  EXPECT_FALSE(effect_by_calendar(nan_mean));
  EXPECT_FALSE(effect_since_exposure({}, {}));
  EarlyLate constant;
  for (int i = 0; i < 10; ++i) constant.add(1.0, 2.0);
  EXPECT_FALSE(effect_since_exposure(constant, constant));
}

}  // namespace
}  // namespace tact::stats
