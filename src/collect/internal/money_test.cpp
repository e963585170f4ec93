#include "collect/internal/money.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

// -1: absent; -2: refused.
std::int64_t amount(const json::value& value, int digits = 2) {
  const auto read = read_amount(&value, digits, {}, "price");
  if (!read.has_value()) {
    EXPECT_EQ(read.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(read.error().where, "price");
    return -2;
  }
  return read->value_or(-1);
}

TEST(Money, RoundsTheDecimalTextHalfUp) {
  EXPECT_EQ(amount(129), 12'900);
  EXPECT_EQ(amount(129.0), 12'900);
  EXPECT_EQ(amount(129.95), 12'995);
  EXPECT_EQ(amount(1.005), 101);  // as a double it is 1.00499999999999989…
  EXPECT_EQ(amount(2.675), 268);
  EXPECT_EQ(amount(1.004), 100);
  EXPECT_EQ(amount(0.005), 1);
  EXPECT_EQ(amount(0.0049999), 0);
  EXPECT_EQ(amount(0.1 + 0.2), 30);
  EXPECT_EQ(amount(1e-7), 0);
  EXPECT_EQ(amount(1e3), 100'000);
  EXPECT_EQ(amount(0), 0);
  EXPECT_EQ(amount(-0.0), 0);
  EXPECT_EQ(amount("129.00"), 12'900);
  EXPECT_EQ(amount(" 0129.005 "), 12'901);
  EXPECT_EQ(amount("0.00"), 0);
  EXPECT_EQ(amount("1.2e+2"), 12'000);
}

TEST(Money, EveryPriceInCentsSurvives) {
  for (int cents = 0; cents <= 200'000; ++cents) {
    ASSERT_EQ(amount(cents / 100.0), cents);
  }
}

TEST(Money, DependsOnTheCurrency) {
  EXPECT_EQ(amount(1500.5, 0), 1'501);
  EXPECT_EQ(amount(1.2345, 3), 1'235);
}

TEST(Money, RefusesNegativeAndAbsurdAmounts) {
  EXPECT_EQ(amount(-1), -2);
  EXPECT_EQ(amount(-0.001), -2);
  EXPECT_EQ(amount("-5"), -2);
  EXPECT_EQ(amount(std::int64_t{kMaxAmount}), kMaxAmount * 100);
  EXPECT_EQ(amount(std::int64_t{kMaxAmount} + 1), -2);
  EXPECT_EQ(amount(1e12), kMaxAmount * 100);
  EXPECT_EQ(amount(1.0000001e12), -2);
  EXPECT_EQ(amount(1e300), -2);
  EXPECT_EQ(amount("9e9999"), -2);
  EXPECT_EQ(amount(~std::uint64_t{0}), -2);
}

TEST(Money, GuessesNothing) {
  EXPECT_FALSE(read_amount(nullptr, 2, {}, "price")->has_value());
  for (const json::value& value :
       {json::value(nullptr), json::value(true), json::value("free"), json::value("€129"),
        json::value("129,00"), json::value("1.299,00"), json::value("1,299.00"), json::value(""),
        json::value("."), json::value("-"),
        json::value("1."
                    "2.3"),
        json::value("0x10"), json::value("1e"), json::value("1e99999999999"),
        json::value(json::object()), json::value(json::array{1})}) {
    EXPECT_EQ(amount(value), -1) << to_string(value);
  }
}

}  // namespace
}  // namespace tact::internal
