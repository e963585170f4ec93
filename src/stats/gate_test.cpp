#include "stats/gate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
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

TEST(Gate, Refuses) {
  EXPECT_EQ(check_gate(Counts{}, kDay).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1, -1}, kDay).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1}, -1.0).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1}, std::nan("")).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_gate(Counts{1}, kDay, 0).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace tact::stats
