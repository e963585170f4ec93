#include "assign/assign.h"

#include <gtest/gtest.h>

#include <string>

namespace tact {
namespace {

// The published conformance cases of GrowthBook's SDKs for hash version 2.
TEST(Assign, AgreesWithGrowthBooksHashVersion2) {
  EXPECT_EQ(bucket_of("seed", "a"), 505U);
  EXPECT_EQ(bucket_of("seed", "b"), 2696U);
  EXPECT_EQ(bucket_of("foo", "ab"), 2575U);
  EXPECT_EQ(bucket_of("foo", "def"), 2019U);
}

TEST(Assign, HoldsOutTheShareAndSeedsAreIndependent) {
  int first = 0, second = 0, both = 0;
  constexpr int kIds = 100'000;
  for (int i = 0; i < kIds; ++i) {
    const std::string id = "visitor-" + std::to_string(i);
    const bool a = held_out("moment:fit-help", id, {100'000});
    const bool b = held_out(kUniversalSeed, id, {50'000});
    first += a;
    second += b;
    both += a && b;
  }
  // Binomial: five standard deviations are 474, 345 and 112.
  EXPECT_NEAR(first, 10'000, 474);
  EXPECT_NEAR(second, 5'000, 345);
  EXPECT_NEAR(both, 500, 112);
}

TEST(Assign, SplitsEvenly) {
  int counts[3] = {};
  for (int i = 0; i < 90'000; ++i) ++counts[split_evenly("variant:m", std::to_string(i), 3)];
  for (const int count : counts) EXPECT_NEAR(count, 30'000, 707);
  EXPECT_EQ(split_evenly("variant:m", "x", 1), 0);
}

}  // namespace
}  // namespace tact
