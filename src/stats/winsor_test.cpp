#include "stats/winsor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "stats/sequential.h"
#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

std::vector<double> draw_outcomes(Random& random, int n, double rate, double factor = 1.0) {
  std::lognormal_distribution<double> order(testing::kOrderLogMean, 1.5);
  std::vector<double> outcomes;
  for (int i = 0; i < n; ++i) {
    const bool buys = std::bernoulli_distribution(rate)(random);
    outcomes.push_back(buys ? factor * order(random) : 0.0);
  }
  return outcomes;
}

TailSums sums_of(const std::vector<double>& outcomes) {
  TailSums sums;
  for (const double x : outcomes) sums.add(x);
  return sums;
}

// The cap is of all arms together, whichever is called treatment.
TEST(Winsor, SwappingTheArmsFlipsSignsBitForBit) {
  Random random(8);
  for (int round = 0; round < 40; ++round) {
    const TailSums a = sums_of(draw_outcomes(random, 900 + round, 0.3));
    const TailSums b = sums_of(draw_outcomes(random, 300, 0.4, 1.5));
    const Winsorised there = winsorise(std::vector{a, b}).value();
    const Winsorised back = winsorise(std::vector{b, a}).value();
    EXPECT_EQ(there.cap, back.cap);
    EXPECT_EQ(there.capped, back.capped);
    const auto mean = [](const SampleMoments& m) {
      return summarize(m, OutcomeKind::kMean).value();
    };
    const Difference d = welch_difference(mean(there.arms[1]), mean(there.arms[0])).value();
    const Difference e = welch_difference(mean(back.arms[1]), mean(back.arms[0])).value();
    EXPECT_EQ(d.estimate, -e.estimate);
    EXPECT_EQ(d.interval.lower, -e.interval.upper);
    EXPECT_EQ(d.p.log10_p, e.p.log10_p);
    const auto s = sequential_difference(mean(there.arms[1]), mean(there.arms[0])).value();
    const auto t = sequential_difference(mean(back.arms[1]), mean(back.arms[0])).value();
    EXPECT_EQ(s.interval.upper, -t.interval.lower);
    EXPECT_EQ(s.p.log10_p, t.p.log10_p);
  }
}

// Sorted outcomes and a second pass, the plain way.
TEST(Winsor, TheCapIsThePooledQuantileAndTheSumsAreExactForIt) {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    auto a = draw_outcomes(random, 400 + round, 0.3);
    auto b = draw_outcomes(random, 300, 0.5, 2.0);
    for (std::size_t i = 0; i < a.size(); i += 17) a[i] = -a[i];  // refunds
    const double quantile = 0.9 + 0.001 * round;
    const TailSums arms[] = {sums_of(a), sums_of(b)};
    const Winsorised w = winsorise(arms, quantile).value();

    std::vector<double> magnitudes;
    for (const auto* arm : {&a, &b}) {
      for (const double x : *arm) {
        if (x != 0.0) magnitudes.push_back(std::fabs(x));
      }
    }
    std::sort(magnitudes.begin(), magnitudes.end());
    const auto rank =
        static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(magnitudes.size())));
    const double exact = magnitudes[rank - 1];
    EXPECT_GE(w.cap, exact) << round;
    EXPECT_LE(w.cap, exact * (1.0 + 1.0 / 64)) << round;

    std::int64_t capped = 0;
    const std::vector<double>* outcomes[] = {&a, &b};
    for (int arm = 0; arm < 2; ++arm) {
      SampleMoments plain;
      for (const double x : *outcomes[arm]) {
        plain.add(std::clamp(x, -w.cap, w.cap));
        capped += std::fabs(x) >= w.cap ? 1 : 0;
      }
      EXPECT_EQ(w.arms[arm].n, plain.n);
      EXPECT_EQ(w.arms[arm].nonzero, plain.nonzero);
      EXPECT_NEAR(w.arms[arm].sum, plain.sum, 1e-9 * plain.sum_squares);
      EXPECT_NEAR(w.arms[arm].sum_squares / plain.sum_squares, 1.0, 1e-12);
    }
    EXPECT_EQ(w.capped, capped);
  }
}

TEST(Winsor, MergedPartsGiveTheSameBitsInAnyOrder) {
  Random random(2);
  std::vector<double> cents;
  for (const double x : draw_outcomes(random, 5'000, 0.5)) cents.push_back(std::round(100.0 * x));
  TailSums parts[3];
  for (std::size_t i = 0; i < cents.size(); ++i) parts[i * i % 3].add(cents[i]);
  const TailSums whole[] = {sums_of(cents)};
  TailSums forwards = parts[0];
  (forwards += parts[1]) += parts[2];
  TailSums backwards = parts[2];
  (backwards += parts[1]) += parts[0];
  const Winsorised expected = winsorise(whole).value();
  for (const TailSums& merged : {forwards, backwards}) {
    const Winsorised w = winsorise({&merged, 1}).value();
    EXPECT_EQ(w.cap, expected.cap);
    EXPECT_EQ(w.capped, expected.capped);
    EXPECT_EQ(w.arms[0], expected.arms[0]);
    EXPECT_EQ(merged.raw(), whole[0].raw());
  }
}

// Past 2^53, where doubles drop the last digits of whole sums: a million orders of 1,234.56 and
// more.
TEST(Winsor, LargeSumsAreExactInAnyOrder) {
  Random random(4);
  std::vector<double> cents;
  for (int i = 0; i < 20; ++i) cents.push_back(9e14 + i);  // up to the largest fact of a report
  for (int i = 0; i < 200'000; ++i)
    cents.push_back(std::floor(std::uniform_real_distribution<double>(3e9, 4e9)(random)));
  const auto added = [](const std::vector<double>& outcomes) {
    const TailSums one[] = {sums_of(outcomes)};
    return winsorise(one).value().arms[0];
  };
  const SampleMoments forwards = added(cents);
  std::vector<double> sorted = cents;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(added(sorted), forwards);
  std::reverse(sorted.begin(), sorted.end());
  EXPECT_EQ(added(sorted), forwards);
  SampleMoments doubles, others;
  for (const double x : cents) doubles.add(x);
  for (const double x : sorted) others.add(x);
  EXPECT_NE(doubles, others) << "as doubles the order shows";
}

// No arm is favoured: the same cap for all, whichever is called the treatment.
TEST(Winsor, TheOrderOfTheArmsDoesNotMatter) {
  Random random(3);
  const TailSums a = sums_of(draw_outcomes(random, 500, 0.5));
  const TailSums b = sums_of(draw_outcomes(random, 500, 0.5, 3.0));
  const TailSums one[] = {a, b};
  const TailSums other[] = {b, a};
  const Winsorised x = winsorise(one).value();
  const Winsorised y = winsorise(other).value();
  EXPECT_EQ(x.cap, y.cap);
  EXPECT_EQ(x.arms[0], y.arms[1]);
  EXPECT_EQ(x.arms[1], y.arms[0]);
}

TEST(Winsor, FromTheSmallestToTheLargestDouble) {
  TailSums sums;
  for (const double x : {5e-324, 1e-300, 1.0, 2.0, 1e12, 1e150}) sums.add(x);
  EXPECT_LT(sums.memory_bytes(), 10'000'000u);
  const Winsorised w = winsorise({&sums, 1}, 0.5).value();
  EXPECT_GE(w.cap, 1.0);
  EXPECT_LE(w.cap, 1.0 + 1.0 / 64);
  EXPECT_EQ(w.capped, 3);
}

TEST(Winsor, RefusesWhatCannotBeAndCapsNothingWhereNothingIs) {
  const TailSums none[] = {TailSums{}, sums_of({0.0, 0.0})};
  const Winsorised w = winsorise(none).value();
  EXPECT_EQ(w.cap, 0.0);
  EXPECT_EQ(w.capped, 0);
  EXPECT_EQ(w.arms[1].n, 2);
  EXPECT_FALSE(winsorise({}));
  EXPECT_FALSE(winsorise(none, 1.0));
  EXPECT_FALSE(winsorise(none, std::nan("")));
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e200}) {
    const TailSums sums = sums_of({1.0, bad, 2.0});
    EXPECT_FALSE(winsorise({&sums, 1})) << bad;
  }
}

// Heavy tails: the difference of winsorised means has the level it should in A/A, and a narrower
// interval than the raw one.
TEST(Winsor, KeepsItsLevelAndIsNarrower) {
  Random random(4);
  Share alarm;
  double raw = 0.0;
  double winsorised = 0.0;
  for (int world = 0; world < 1'000; ++world) {
    const TailSums arms[] = {sums_of(draw_outcomes(random, 1'000, 0.2)),
                             sums_of(draw_outcomes(random, 1'000, 0.2))};
    const Winsorised w = winsorise(arms, 0.95).value();
    const auto mean = [](const SampleMoments& m) {
      return summarize(m, OutcomeKind::kMean).value();
    };
    const Difference d = welch_difference(mean(w.arms[1]), mean(w.arms[0])).value();
    alarm.count(!d.interval.contains(0.0));
    winsorised += d.standard_error;
    raw += welch_difference(mean(arms[1].raw()), mean(arms[0].raw()))->standard_error;
  }
  EXPECT_LE(alarm.at_least(), 0.05) << alarm.value();
  EXPECT_GE(alarm.at_most(), 0.05) << alarm.value();
  EXPECT_LT(winsorised, 0.75 * raw);
}

}  // namespace
}  // namespace tact::stats
