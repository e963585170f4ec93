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

std::vector<SampleMoments> arms(std::int64_t control, std::int64_t times, double large) {
  return {spent(10 * control, control, 10, large),
          spent(10 * control * times, control * times, 10, large)};
}

TEST(Gate, UnevenAmountsInUnevenArmsNeedMore) {
  // u = (9 + 20^2) 10 / (9 + 20)^2 = 4.863; u^3 (1 - 1/9)^2 / (1 + 1/9) / 0.25^2 = 1,308.6.
  EXPECT_TRUE(check_gate(arms(1'310, 9, 20.0), kDay)->open);
  const GateReport report = check_gate(arms(1'300, 9, 20.0), 13 * kDay).value();
  ASSERT_EQ(report.lacking.size(), 1u);
  EXPECT_EQ(report.lacking[0].arm, 0u);
  EXPECT_EQ(report.lacking[0].have, 1'300);
  EXPECT_EQ(report.lacking[0].missing, 9);
  EXPECT_TRUE(report.lacking[0].uneven);
  EXPECT_NEAR(*report.expected_s, 9 * kDay / 100, 1e-6);
  // The smaller arm waits, whichever it is.
  std::vector<SampleMoments> swapped = arms(1'300, 9, 20.0);
  std::swap(swapped[0], swapped[1]);
  EXPECT_EQ(check_gate(swapped, kDay)->lacking[0].arm, 1u);
  // A quarter of the skewness takes 16 times as many.
  EXPECT_FALSE(check_gate(arms(20'900, 9, 20.0), kDay, 0.0625)->open);
  EXPECT_TRUE(check_gate(arms(20'950, 9, 20.0), kDay, 0.0625)->open);
}

TEST(Gate, EqualArmsAndEvenAmountsNeedFifty) {
  EXPECT_TRUE(check_gate(arms(50, 1, 1'000.0), kDay)->open);
  EXPECT_TRUE(check_gate(arms(50, 19, 1.0), kDay)->open);
  const GateReport few = check_gate(arms(40, 19, 1.0), kDay).value();
  ASSERT_EQ(few.lacking.size(), 1u);
  EXPECT_EQ(few.lacking[0].missing, 10);
  EXPECT_FALSE(few.lacking[0].uneven);
}

// Whether control has met a large amount yet is chance: what all arms have seen counts.
TEST(Gate, ASmallArmWithoutALargeAmountIsAsUnevenAsTheOthers) {
  std::vector<SampleMoments> lucky = arms(500, 9, 20.0);
  lucky[0] = spent(5'000, 500, 10, 1.0);
  EXPECT_FALSE(check_gate(lucky, kDay)->open);
}

TEST(Gate, EveryPairOfThreeArmsCounts) {
  std::vector<SampleMoments> three = arms(1'400, 9, 20.0);
  three.push_back(spent(28'000, 2'800, 10, 20.0));
  EXPECT_TRUE(check_gate(three, kDay)->open);
  three[2] = spent(500, 50, 10, 20.0);
  const GateReport report = check_gate(three, kDay).value();
  ASSERT_EQ(report.lacking.size(), 1u);
  EXPECT_EQ(report.lacking[0].arm, 2u);
}

TEST(Gate, AmountsThatCancelKeepItClosed) {
  // 100 of 1,000 in control, 900 of 9,000; half of them refunds.
  const std::vector<SampleMoments> refunds{{1'000, 0.0, 100.0, 100}, {9'000, 0.0, 900.0, 900}};
  const GateReport report = check_gate(refunds, kDay).value();
  EXPECT_FALSE(report.open);
  EXPECT_GT(report.lacking[0].missing, 1'000'000'000);
  EXPECT_TRUE(std::isfinite(*report.expected_s));
  EXPECT_EQ(check_gate(std::vector<SampleMoments>(2), kDay)->lacking.size(), 2u);
}

TEST(Gate, RefusesSumsThatCannotBe) {
  const auto refused = [](const SampleMoments& arm, double skewness = 0.1) {
    return check_gate(std::vector<SampleMoments>{arm, arm}, kDay, skewness).error().code ==
           ErrorCode::kInvalid;
  };
  EXPECT_TRUE(refused({-1, 0.0, 0.0, 0}));
  EXPECT_TRUE(refused({100, std::nan(""), 60.0, 60}));
  EXPECT_TRUE(refused({100, 60.0, HUGE_VAL, 60}));
  EXPECT_TRUE(refused({100, 60.0, 60.0, 60}, 0.0));
  EXPECT_TRUE(refused({100, 60.0, 60.0, 60}, std::nan("")));
  EXPECT_FALSE(check_gate(std::vector<SampleMoments>{}, kDay));
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
