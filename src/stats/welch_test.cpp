#include "stats/welch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

ArmSummary mean_of(const SampleMoments& m) { return summarize(m, OutcomeKind::kMean).value(); }
ArmSummary share_of(std::int64_t n, std::int64_t hits) {
  const auto sum = static_cast<double>(hits);
  return summarize({n, sum, sum, hits}, OutcomeKind::kProportion).value();
}

TEST(Welch, SmallSamples) {
  // mpmath: exact moments, df and critical value by root finding in 40 digits.
  const Difference d =
      welch_difference(mean_of({12, 300, 7840, 12}), mean_of({9, 171, 3333, 9})).value();
  EXPECT_DOUBLE_EQ(d.estimate, 6.0);
  EXPECT_DOUBLE_EQ(d.standard_error, 1.93453463200435945);
  EXPECT_DOUBLE_EQ(d.df, 18.1121722966476508);
  EXPECT_NEAR(d.interval.lower, 1.93749705218755661, 1e-13);
  EXPECT_NEAR(d.interval.upper, 10.0625029478124434, 1e-13);
  EXPECT_NEAR(d.p.log10_p, -2.21288798779152725, 1e-13);
  EXPECT_NEAR(d.p.p, std::pow(10, -2.21288798779152725), 1e-15);
}

TEST(Welch, ProportionsAtAFivePercentHoldout) {
  const Difference d = welch_difference(share_of(95'000, 665), share_of(5'000, 20)).value();
  EXPECT_NEAR(d.estimate, 0.003, 1e-17);
  EXPECT_NEAR(d.standard_error, 0.000932720977062610927, 1e-17);
  EXPECT_NEAR(d.df, 5956.60495952380183, 1e-8);
  EXPECT_NEAR(d.interval.lower, 0.00117152893864777047, 1e-15);
  EXPECT_NEAR(d.interval.upper, 0.00482847106135222953, 1e-15);
  EXPECT_NEAR(d.p.log10_p, -2.88437120034786688, 1e-12);
  const Difference strict =
      welch_difference(share_of(95'000, 665), share_of(5'000, 20), 0.01).value();
  EXPECT_NEAR(strict.interval.lower, 0.000596699880397944241, 1e-15);
  EXPECT_NEAR(strict.interval.upper, 0.00540330011960205576, 1e-15);
}

void expect_mirrored(const Difference& one, const Difference& other) {
  EXPECT_EQ(one.estimate, -other.estimate);
  EXPECT_EQ(one.standard_error, other.standard_error);
  EXPECT_EQ(one.df, other.df);
  EXPECT_EQ(one.interval.lower, -other.interval.upper);
  EXPECT_EQ(one.interval.upper, -other.interval.lower);
  EXPECT_EQ(one.p.log10_p, other.p.log10_p);
  EXPECT_EQ(one.p.p, other.p.p);
}

TEST(Welch, SwappingTheArmsFlipsSignsBitForBit) {
  testing::Random random(11);
  for (int run = 0; run < 1'000; ++run) {
    const auto a = mean_of(testing::draw_spend(random, 200 + run, 0.3));
    const auto b = mean_of(testing::draw_spend(random, 5'000 - run, 0.03));
    expect_mirrored(welch_difference(a, b).value(), welch_difference(b, a).value());
    expect_mirrored(welch_difference(a, b, 0.05, Alternative::kGreater).value(),
                    welch_difference(b, a, 0.05, Alternative::kLess).value());
  }
}

TEST(Welch, IntervalExcludesZeroExactlyWhenPIsBelowAlpha) {
  testing::Random random(12);
  int excluded = 0;
  for (int run = 0; run < 2'000; ++run) {
    const auto a = share_of(3'000, testing::draw_conversions(random, 3'000, 0.06).nonzero);
    const auto b = share_of(2'000, testing::draw_conversions(random, 2'000, 0.05).nonzero);
    for (const Alternative side :
         {Alternative::kTwoSided, Alternative::kGreater, Alternative::kLess}) {
      const Difference d = welch_difference(a, b, 0.05, side).value();
      EXPECT_EQ(!d.interval.contains(0.0), d.p.p < 0.05);
      excluded += d.interval.contains(0.0) ? 0 : 1;
    }
  }
  EXPECT_GT(excluded, 500);
}

TEST(Welch, OneSidedIntervalsAreOpenAtTheOtherSide) {
  const auto a = share_of(1'000, 120);
  const auto b = share_of(1'000, 100);
  const Difference greater = welch_difference(a, b, 0.025, Alternative::kGreater).value();
  const Difference both = welch_difference(a, b).value();
  EXPECT_EQ(greater.interval.lower, both.interval.lower);
  EXPECT_EQ(greater.interval.upper, std::numeric_limits<double>::infinity());
  EXPECT_NEAR(greater.p.p, both.p.p / 2, 1e-15);
}

TEST(Welch, ScaleChangesNothingButTheUnit) {
  const ArmSummary a{1'000, 1.5e-160, 2e-320};  // squares of these variances underflow
  const ArmSummary b{50, 1.0e-160, 3e-320};
  const ArmSummary a_plain{1'000, 1.5, 2};
  const ArmSummary b_plain{50, 1.0, 3};
  const Difference tiny = welch_difference(a, b).value();
  const Difference plain = welch_difference(a_plain, b_plain).value();
  EXPECT_NEAR(tiny.df, plain.df, 0.1);  // 2e-320 is a denormal: few digits
  EXPECT_NEAR(tiny.p.log10_p, plain.p.log10_p, 0.01);
}

TEST(Welch, Refuses) {
  const ArmSummary good{100, 0.1, 0.09};
  const auto code = [](const Result<Difference>& result) {
    return result.has_value() ? ErrorCode::kInternal : result.error().code;
  };
  EXPECT_EQ(code(welch_difference({1, 0.1, 0.09}, good)), ErrorCode::kInvalid);
  EXPECT_EQ(code(welch_difference(good, {100, 0.1, -1})), ErrorCode::kInvalid);
  EXPECT_EQ(code(welch_difference({100, 0, 0}, {100, 1, 0})), ErrorCode::kInvalid);
  EXPECT_EQ(code(welch_difference({100, std::nan(""), 1}, good)), ErrorCode::kInvalid);
  for (const double alpha : {0.0, -0.05, 0.5, 1.0, std::nan("")}) {
    EXPECT_EQ(code(welch_difference(good, good, alpha)), ErrorCode::kInvalid) << alpha;
  }
  EXPECT_TRUE(welch_difference(good, {100, 0.0, 0.0}).has_value());  // one arm may be constant
}

}  // namespace
}  // namespace tact::stats
