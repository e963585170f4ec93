#include "stats/sequential.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

ArmSummary share_of(std::int64_t n, std::int64_t hits) {
  const auto sum = static_cast<double>(hits);
  return summarize({n, sum, sum, hits}, OutcomeKind::kProportion).value();
}
const SequenceOptions kGreater{0.05, 5'000, Alternative::kGreater};
const SequenceOptions kLess{0.05, 5'000, Alternative::kLess};

// Reference values: mpmath in 40 digits from eq. 9 as printed (half-width from sigma^2 = N se^2);
// p by solving that equation for alpha with rho held at alpha = 0.05.
TEST(Sequential, ProportionsAtAFivePercentHoldout) {
  const ArmSummary t = share_of(95'000, 665);
  const ArmSummary c = share_of(5'000, 20);
  const SequentialDifference d = sequential_difference(t, c).value();
  EXPECT_NEAR(d.estimate, 0.003, 1e-17);
  EXPECT_NEAR(d.standard_error, 0.000932720977062610927, 1e-17);
  EXPECT_NEAR(d.interval.lower, -0.000112357019232170901, 1e-16);
  EXPECT_NEAR(d.interval.upper, 0.0061123570192321709, 1e-16);
  EXPECT_NEAR(d.p.log10_p, -1.13068391108397795, 1e-13);
  const SequentialDifference one = sequential_difference(t, c, kGreater).value();
  EXPECT_NEAR(one.interval.lower, 0.000118156489461814743, 1e-16);
  EXPECT_EQ(one.interval.upper, std::numeric_limits<double>::infinity());
  EXPECT_NEAR(one.p.log10_p, -1.47439551789945139, 1e-13);
  EXPECT_EQ(sequential_difference(t, c, kLess)->p.p, 1.0);
}

TEST(Sequential, StrongEvidenceKeepsItsLogarithm) {
  const ArmSummary t = share_of(21'307, 3'894);
  const ArmSummary c = share_of(21'306, 2'262);
  const SequentialDifference d = sequential_difference(t, c).value();
  EXPECT_NEAR(d.interval.lower, 0.0656856850549888344, 1e-15);
  EXPECT_NEAR(d.interval.upper, 0.0874934422480736869, 1e-15);
  EXPECT_NEAR(d.p.log10_p, -108.576844512378085, 1e-10);
  const SequentialDifference one = sequential_difference(t, c, kGreater).value();
  EXPECT_NEAR(one.interval.lower, 0.0665465839552151016, 1e-15);
  EXPECT_NEAR(one.p.log10_p, -108.522565069216723, 1e-10);
  const ArmSummary far{1'000'000, 1'000.0, 1.0};
  const ArmSummary near{1'000'000, 0.0, 1.0};
  EXPECT_TRUE(std::isfinite(sequential_difference(far, near)->p.log10_p));
  EXPECT_TRUE(std::isfinite(sequential_difference(far, near, kGreater)->p.log10_p));
}

TEST(Sequential, CriticalValueIsLowestAroundTheTuningPoint) {
  EXPECT_NEAR(sequence_critical(5'000).value(), 3.03520899037625291, 1e-14);
  EXPECT_NEAR(sequence_critical(100'000).value(), 3.33685753378659903, 1e-14);
  // In standard errors of the estimate the price of peeking is least near N*; the paper's choice of
  // rho is a close approximation to the optimum.
  const double at_tuning = sequence_critical(5'000).value();
  for (const double n : {10.0, 100.0, 500.0, 50'000.0, 1e6, 1e9}) {
    EXPECT_GT(sequence_critical(n).value(), at_tuning) << n;
  }
  SequenceOptions late;
  late.tuning_visitors = 100'000;
  EXPECT_NEAR(sequence_critical(100'000, late).value(), at_tuning, 1e-12);
}

TEST(Sequential, SwappingTheArmsFlipsSignsBitForBit) {
  testing::Random random(31);
  for (int run = 0; run < 1'000; ++run) {
    const auto a = summarize(testing::draw_spend(random, 200 + run, 0.3), OutcomeKind::kMean);
    const auto b = summarize(testing::draw_spend(random, 9'000 - run, 0.03), OutcomeKind::kMean);
    const auto check = [&](const SequenceOptions& forth, const SequenceOptions& back) {
      const SequentialDifference one = sequential_difference(*a, *b, forth).value();
      const SequentialDifference other = sequential_difference(*b, *a, back).value();
      EXPECT_EQ(one.estimate, -other.estimate);
      EXPECT_EQ(one.interval.lower, -other.interval.upper);
      EXPECT_EQ(one.interval.upper, -other.interval.lower);
      EXPECT_EQ(one.p.log10_p, other.p.log10_p);
    };
    check({}, {});
    check(kGreater, kLess);
  }
}

TEST(Sequential, IntervalPAndLiftAgreeAboutNoEffect) {
  testing::Random random(32);
  int excluded = 0;
  for (int run = 0; run < 3'000; ++run) {
    const auto a = share_of(6'000, testing::draw_conversions(random, 6'000, 0.07).nonzero);
    const auto b = share_of(4'000, testing::draw_conversions(random, 4'000, 0.05).nonzero);
    for (const SequenceOptions& options : {SequenceOptions{}, kGreater, kLess}) {
      const SequentialDifference d = sequential_difference(a, b, options).value();
      EXPECT_EQ(!d.interval.contains(0.0), d.p.p < 0.05);
    }
    const bool contains = sequential_difference(a, b)->interval.contains(0.0);
    EXPECT_EQ(sequential_lift(a, b)->contains(0.0), contains);
    excluded += contains ? 0 : 1;
  }
  EXPECT_GT(excluded, 500);
  EXPECT_LT(excluded, 2'900);
}

TEST(Sequential, IsWiderThanTheFixedTimeInterval) {
  const auto a = share_of(50'000, 2'600);
  const auto b = share_of(50'000, 2'500);
  const Interval fixed = welch_difference(a, b)->interval;
  const Interval always = sequential_difference(a, b)->interval;
  EXPECT_LT(always.lower, fixed.lower);
  EXPECT_GT(always.upper, fixed.upper);
  EXPECT_LT(always.upper - always.lower, 1.8 * (fixed.upper - fixed.lower));
}

TEST(Sequential, Refuses) {
  const ArmSummary good{100, 0.1, 0.09};
  const auto invalid = [&](const SequenceOptions& options) {
    const auto result = sequential_difference(good, good, options);
    return !result.has_value() && result.error().code == ErrorCode::kInvalid;
  };
  EXPECT_TRUE(invalid({0.0, 5'000, Alternative::kTwoSided}));
  EXPECT_TRUE(invalid({0.5, 5'000, Alternative::kGreater}));
  EXPECT_TRUE(invalid({0.05, 0.0, Alternative::kTwoSided}));
  EXPECT_TRUE(invalid({0.05, std::nan(""), Alternative::kTwoSided}));
  EXPECT_FALSE(sequential_difference(good, {1, 0, 0}).has_value());
  EXPECT_FALSE(sequential_lift(good, good, kGreater).has_value());
  EXPECT_FALSE(sequence_critical(0.0).has_value());
}

}  // namespace
}  // namespace tact::stats
