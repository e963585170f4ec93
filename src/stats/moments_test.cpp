#include "stats/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

SampleMoments of(const std::vector<double>& values) {
  SampleMoments moments;
  for (const double x : values) moments.add(x);
  return moments;
}

void expect_invalid(const SampleMoments& moments, OutcomeKind kind = OutcomeKind::kMean) {
  const auto summary = summarize(moments, kind);
  ASSERT_FALSE(summary.has_value());
  EXPECT_EQ(summary.error().code, ErrorCode::kInvalid);
  EXPECT_FALSE(summary.error().message.empty());
}

TEST(Moments, MeanAndSampleVarianceByHand) {
  const SampleMoments moments = of({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(moments, (SampleMoments{8, 40, 232, 8}));
  const ArmSummary arm = summarize(moments, OutcomeKind::kMean).value();
  EXPECT_EQ(arm.n, 8);
  EXPECT_DOUBLE_EQ(arm.mean, 5.0);
  EXPECT_DOUBLE_EQ(arm.variance, 32.0 / 7.0);
  EXPECT_DOUBLE_EQ(arm.variance_of_mean(), 4.0 / 7.0);
}

TEST(Moments, ProportionDividesByN) {
  const ArmSummary arm = summarize({200, 50, 50, 50}, OutcomeKind::kProportion).value();
  EXPECT_DOUBLE_EQ(arm.mean, 0.25);
  EXPECT_DOUBLE_EQ(arm.variance, 0.1875);
  EXPECT_DOUBLE_EQ(summarize({200, 50, 50, 50}, OutcomeKind::kMean).value().variance,
                   0.1875 * 200 / 199);
}

TEST(Moments, NegativeOutcomesCount) {
  const SampleMoments moments = of({-3, 0, 5});  // a refund, nothing, an order
  EXPECT_EQ(moments.nonzero, 2);
  EXPECT_DOUBLE_EQ(summarize(moments, OutcomeKind::kMean).value().mean, 2.0 / 3.0);
}

TEST(Moments, MergeIsAssociativeAndCommutativeBitForBitOnWholeSums) {
  testing::Random random(7);
  for (int run = 0; run < 2'000; ++run) {
    std::vector<double> cents;
    for (int i = 0; i < 30; ++i) {
      cents.push_back(random() % 3 == 0 ? static_cast<double>(random() % 1'000'000) : 0.0);
    }
    const std::size_t cut = random() % 15;
    const std::size_t second_cut = cut + random() % 15;
    const auto at = [&](std::size_t i) { return cents.begin() + static_cast<std::ptrdiff_t>(i); };
    const SampleMoments a = of({cents.begin(), at(cut)});
    const SampleMoments b = of({at(cut), at(second_cut)});
    const SampleMoments c = of({at(second_cut), cents.end()});
    const SampleMoments all = of(cents);
    EXPECT_EQ((a + b) + c, all);
    EXPECT_EQ(a + (b + c), all);
    EXPECT_EQ((c + a) + b, all);
    EXPECT_EQ(all + SampleMoments{}, all);
  }
}

TEST(Moments, WholeSumsSurviveCancellation) {
  // 20,000,000 ± 1: the textbook formula in plain doubles gives 0 or 2 instead of 1.
  SampleMoments moments;
  for (int i = 0; i < 10; ++i) {
    moments.add(20'000'001);
    moments.add(19'999'999);
  }
  EXPECT_DOUBLE_EQ(summarize(moments, OutcomeKind::kMean).value().variance, 20.0 / 19.0);
}

TEST(Moments, RareMissesAmongManyHitsKeepTheirVariance) {
  // One visitor in a billion did not: variance p (1 - p) = 1e-9 must not drown.
  const double hits = 999'999'999;
  const SampleMoments moments{1'000'000'000, hits, hits, 999'999'999};
  EXPECT_NEAR(summarize(moments, OutcomeKind::kMean).value().variance / 1e-9, 1.0, 1e-8);
  EXPECT_NEAR(summarize(moments, OutcomeKind::kProportion).value().variance / 1e-9, 1.0, 1e-8);
}

TEST(Moments, RoundingIsNotMistakenForVariance) {
  SampleMoments moments;
  for (int i = 0; i < 1'000'000; ++i) moments.add(0.1);  // the sums are off in the 11th digit
  EXPECT_EQ(summarize(moments, OutcomeKind::kMean).value().variance, 0.0);
}

TEST(Moments, AVarianceThatRoundingHidesHasABound) {
  SampleMoments moments;
  for (int i = 0; i < 2'000; ++i) moments.add(1e9 + 0.1 + (i % 2 == 0 ? 1.0 : -1.0));
  const ArmSummary arm = summarize(moments, OutcomeKind::kMean).value();
  EXPECT_EQ(arm.variance, 0.0);  // it is 1
  EXPECT_GE(arm.hidden, 1.0);
  SampleMoments whole;
  for (int i = 0; i < 2'000; ++i) whole.add(3.0);
  EXPECT_EQ(summarize(whole, OutcomeKind::kMean)->hidden, 0.0);  // nothing is hidden there
}

TEST(Moments, RefusesWhatNoSampleCanHave) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  expect_invalid({-1, 0, 0, 0});
  expect_invalid({10, 1, 1, -1});
  expect_invalid({10, 11, 11, 11});  // more converters than visitors
  expect_invalid({10, 5, 1, 5});     // sum^2 > n * sum of squares
  expect_invalid({10, 5, 4, 5});     // possible for 10 visitors, not for 5 with an outcome
  expect_invalid({10, 0, -1, 1});
  expect_invalid({10, 1, 1, 0});  // a sum without anyone who has an outcome
  expect_invalid({10, 0, 0, 3});
  expect_invalid({10, kNan, 1, 1});
  expect_invalid({10, 1, kInfinity, 1});
  expect_invalid({10, 1e200, 1e300, 2});  // overflows when squared
  expect_invalid({0, 0, 0, 0});
  expect_invalid({1, 1, 1, 1});
  expect_invalid({10, 3, 5, 3}, OutcomeKind::kProportion);
  expect_invalid({10, -3, 3, 3}, OutcomeKind::kProportion);
}

TEST(Moments, AcceptsTheEdges) {
  EXPECT_EQ(summarize({2, 0, 0, 0}, OutcomeKind::kMean).value().variance, 0.0);
  EXPECT_EQ(summarize({5, 5, 5, 5}, OutcomeKind::kProportion).value().variance, 0.0);
  EXPECT_EQ(summarize({4, 12, 36, 4}, OutcomeKind::kMean).value().variance, 0.0);
}

}  // namespace
}  // namespace tact::stats
