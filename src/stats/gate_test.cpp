#include "stats/gate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

namespace tact::stats {
namespace {

using Counts = std::vector<std::int64_t>;
constexpr double kDay = 86'400.0;

TEST(Gate, OpensWhenEveryArmHasFifty) {
  const GateReport report = check_gate(Counts{50, 4'000, 51}, 3 * kDay).value();
  EXPECT_TRUE(report.open);
  EXPECT_TRUE(report.lacking.empty());
  EXPECT_EQ(report.expected_s, 0.0);
}

TEST(Gate, SaysWhichArmLacksHowManyAndHowLongItTakes) {
  const GateReport report = check_gate(Counts{49, 500, 10}, 2 * kDay).value();
  EXPECT_FALSE(report.open);
  ASSERT_EQ(report.lacking.size(), 2u);
  EXPECT_EQ(report.lacking[0].arm, 0u);
  EXPECT_EQ(report.lacking[0].have, 49);
  EXPECT_EQ(report.lacking[0].missing, 1);
  EXPECT_NEAR(report.lacking[0].expected_s.value(), 2 * kDay / 49, 1e-9);
  EXPECT_EQ(report.lacking[1].arm, 2u);
  EXPECT_EQ(report.lacking[1].missing, 40);
  EXPECT_DOUBLE_EQ(report.lacking[1].expected_s.value(), 8 * kDay);  // 5 a day
  EXPECT_DOUBLE_EQ(report.expected_s.value(), 8 * kDay);             // the slowest arm decides
}

TEST(Gate, DoesNotGuessATimeWithoutARate) {
  const GateReport none = check_gate(Counts{30, 0}, kDay).value();
  EXPECT_TRUE(none.lacking[0].expected_s.has_value());
  EXPECT_FALSE(none.lacking[1].expected_s.has_value());
  EXPECT_FALSE(none.expected_s.has_value());
  const GateReport reversed = check_gate(Counts{0, 30}, kDay).value();
  EXPECT_FALSE(reversed.expected_s.has_value());
  EXPECT_FALSE(check_gate(Counts{30, 30}, 0.0)->expected_s.has_value());
}

// `buyers` of n, of whom each `every`-th spends `large` and the others 1.
SampleMoments spent(std::int64_t n, std::int64_t buyers, std::int64_t every, double large) {
  const auto big = static_cast<double>(buyers / every);
  const double small = static_cast<double>(buyers) - big;
  return {n, small + big * large, small + big * large * large, buyers};
}

Result<GateReport> amounts(const std::vector<SampleMoments>& arms, double elapsed_s = kDay,
                           double skewness = kGateSkewness) {
  return check_gate(arms, OutcomeKind::kMean, elapsed_s, skewness);
}

std::vector<SampleMoments> arms(std::int64_t control, std::int64_t times, double large) {
  return {spent(10 * control, control, 10, large),
          spent(10 * control * times, control * times, 10, large)};
}

TEST(Gate, UnevenAmountsInUnevenArmsNeedMore) {
  // u = (9 + 20^2) 10 / (9 + 20)^2 = 4.863; u^3 (1 - 1/9)^2 / (1 + 1/9) / 0.25^2 = 1,308.6.
  EXPECT_TRUE(amounts(arms(1'310, 9, 20.0), kDay)->open);
  const GateReport report = amounts(arms(1'300, 9, 20.0), 13 * kDay).value();
  ASSERT_EQ(report.lacking.size(), 1u);
  EXPECT_EQ(report.lacking[0].arm, 0u);
  EXPECT_EQ(report.lacking[0].have, 1'300);
  EXPECT_EQ(report.lacking[0].missing, 9);
  EXPECT_TRUE(report.lacking[0].uneven);
  EXPECT_NEAR(*report.expected_s, 9 * kDay / 100, 1e-6);
  // The smaller arm waits, whichever it is.
  std::vector<SampleMoments> swapped = arms(1'300, 9, 20.0);
  std::swap(swapped[0], swapped[1]);
  EXPECT_EQ(amounts(swapped)->lacking[0].arm, 1u);
  // A quarter of the skewness takes 16 times as many.
  EXPECT_FALSE(amounts(arms(20'900, 9, 20.0), kDay, 0.0625)->open);
  EXPECT_TRUE(amounts(arms(20'950, 9, 20.0), kDay, 0.0625)->open);
}

TEST(Gate, EqualArmsAndEvenAmountsNeedFifty) {
  EXPECT_TRUE(amounts(arms(50, 1, 1'000.0), kDay)->open);
  EXPECT_TRUE(amounts(arms(50, 19, 1.0), kDay)->open);
  const GateReport few = amounts(arms(40, 19, 1.0), kDay).value();
  ASSERT_EQ(few.lacking.size(), 1u);
  EXPECT_EQ(few.lacking[0].missing, 10);
  EXPECT_FALSE(few.lacking[0].uneven);
}

// Whether control has met a large amount yet is chance: what all arms have seen counts.
TEST(Gate, ASmallArmWithoutALargeAmountIsAsUnevenAsTheOthers) {
  std::vector<SampleMoments> lucky = arms(500, 9, 20.0);
  lucky[0] = spent(5'000, 500, 10, 1.0);
  EXPECT_FALSE(amounts(lucky)->open);
}

TEST(Gate, EveryPairOfThreeArmsCounts) {
  std::vector<SampleMoments> three = arms(1'400, 9, 20.0);
  three.push_back(spent(28'000, 2'800, 10, 20.0));
  EXPECT_TRUE(amounts(three)->open);
  three[2] = spent(500, 50, 10, 20.0);
  const GateReport report = amounts(three).value();
  ASSERT_EQ(report.lacking.size(), 1u);
  EXPECT_EQ(report.lacking[0].arm, 2u);
}

TEST(Gate, AmountsThatCancelKeepItClosed) {
  // 100 of 1,000 in control, 900 of 9,000; half of them refunds.
  const std::vector<SampleMoments> refunds{{1'000, 0.0, 100.0, 100}, {9'000, 0.0, 900.0, 900}};
  const GateReport report = amounts(refunds).value();
  EXPECT_FALSE(report.open);
  EXPECT_GT(report.lacking[0].missing, 1'000'000'000);
  EXPECT_TRUE(std::isfinite(*report.expected_s));
  EXPECT_EQ(amounts(std::vector<SampleMoments>(2))->lacking.size(), 2u);
}

SampleMoments share(std::int64_t n, std::int64_t hits) {
  const auto sum = static_cast<double>(hits);
  return {n, sum, sum, hits};
}
Result<GateReport> shares(const std::vector<SampleMoments>& arms, double skewness = kGateSkewness) {
  return check_gate(arms, OutcomeKind::kProportion, 10 * kDay, skewness);
}

TEST(Gate, OfAShareTheRarerCounts) {
  EXPECT_TRUE(shares({share(1'000, 50), share(19'000, 950)})->open);
  EXPECT_TRUE(shares({share(1'000, 950), share(19'000, 18'050)})->open);
  EXPECT_TRUE(shares({share(100, 50), share(100, 50)})->open);
  EXPECT_FALSE(shares({share(99, 50), share(100, 50)})->open);
  const GateReport report = shares({share(1'000, 990), share(19'000, 40)}).value();
  ASSERT_EQ(report.lacking.size(), 2u);
  EXPECT_EQ(report.lacking[0].have, 10);
  EXPECT_EQ(report.lacking[0].missing, 40);
  EXPECT_TRUE(report.lacking[0].without);
  EXPECT_FALSE(report.lacking[0].uneven);
  EXPECT_NEAR(report.lacking[0].expected_s.value(), 40 * kDay, 1e-6);
  EXPECT_EQ(report.lacking[1].have, 40);
  EXPECT_FALSE(report.lacking[1].without);
  EXPECT_FALSE(shares({share(1'000, 1'000), share(1'000, 1'000)})->expected_s.has_value());
  // Which of both is called the outcome changes nothing.
  for (const std::int64_t hits : {0, 10, 49, 50, 120, 500, 900, 960, 1'000}) {
    const std::vector<SampleMoments> one{share(1'000, hits), share(19'000, 700)};
    const std::vector<SampleMoments> other{share(1'000, 1'000 - hits), share(19'000, 18'300)};
    for (const double skewness : {kGateSkewness, kGateSkewnessOneSided}) {
      const GateReport a = shares(one, skewness).value();
      const GateReport b = shares(other, skewness).value();
      ASSERT_EQ(a.open, b.open) << hits;
      for (std::size_t i = 0; i < a.lacking.size(); ++i) {
        EXPECT_EQ(a.lacking[i].missing, b.lacking[i].missing) << hits;
      }
    }
  }
}

TEST(Gate, AShareIsSeenByItsAmounts) {
  EXPECT_EQ(kind_seen(std::vector{share(10, 9), share(10, 0)}), OutcomeKind::kProportion);
  EXPECT_EQ(kind_seen(std::vector{share(10, 9), {10, 10.0, 12.0, 9}}), OutcomeKind::kMean);
  EXPECT_EQ(kind_seen(std::vector{spent(10, 5, 1, 2.0)}), OutcomeKind::kMean);
}

TEST(Gate, RefusesSumsThatCannotBe) {
  const auto refused = [](const SampleMoments& arm, double skewness = 0.1) {
    return amounts(std::vector<SampleMoments>{arm, arm}, kDay, skewness).error().code ==
           ErrorCode::kInvalid;
  };
  EXPECT_TRUE(refused({-1, 0.0, 0.0, 0}));
  EXPECT_TRUE(refused({100, std::nan(""), 60.0, 60}));
  EXPECT_TRUE(refused({100, 60.0, HUGE_VAL, 60}));
  EXPECT_TRUE(refused({100, 60.0, 60.0, 60}, 0.0));
  EXPECT_TRUE(refused({100, 60.0, 60.0, 60}, std::nan("")));
  EXPECT_TRUE(refused({100, 101.0, 101.0, 101}));
  EXPECT_FALSE(amounts({}));
}

TEST(Gate, Refuses) {
  EXPECT_EQ(check_gate(Counts{}, kDay).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1, -1}, kDay).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1}, -1.0).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1}, std::nan("")).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1}, kDay, 0).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace tact::stats
