#include "stats/adjust.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace tact::stats {
namespace {

using P = std::vector<double>;

P logs(const P& plain) {
  P result;
  for (const double p : plain) result.push_back(std::log10(p));
  return result;
}

void expect_p(const Result<P>& adjusted, const P& expected) {
  ASSERT_TRUE(adjusted.has_value());
  ASSERT_EQ(adjusted->size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(std::pow(10.0, (*adjusted)[i]), expected[i], 1e-14) << i;
  }
}

// By hand from the papers' definitions (the same as R's p.adjust).
TEST(Adjust, ByHand) {
  const P p = logs({0.01, 0.04, 0.03, 0.005});
  expect_p(bonferroni(p), {0.04, 0.16, 0.12, 0.02});
  expect_p(holm(p), {0.03, 0.06, 0.06, 0.02});
  expect_p(benjamini_hochberg(p), {0.02, 0.04, 0.04, 0.02});
}

TEST(Adjust, StepsAreMonotoneAndCapped) {
  const P p = logs({0.6, 0.5, 0.02});
  expect_p(holm(p), {1.0, 1.0, 0.06});
  expect_p(benjamini_hochberg(p), {0.6, 0.6, 0.06});
  expect_p(bonferroni(p), {1.0, 1.0, 0.06});
}

TEST(Adjust, TinyValuesKeepTheirLogarithm) {
  const P p = {-5'000.0, -std::numeric_limits<double>::infinity(), -1.0};
  const P adjusted = holm(p).value();
  EXPECT_NEAR(adjusted[0], -5'000.0 + std::log10(2.0), 1e-9);
  EXPECT_EQ(adjusted[1], -std::numeric_limits<double>::infinity());
}

TEST(Adjust, EdgesAndErrors) {
  EXPECT_TRUE(holm(P{}).value().empty());
  expect_p(benjamini_hochberg(logs({0.3})), {0.3});
  for (const double bad : {0.5, std::nan("")}) {
    EXPECT_EQ(bonferroni(P{-1.0, bad}).error().code, ErrorCode::kInvalid);
    EXPECT_EQ(holm(P{-1.0, bad}).error().code, ErrorCode::kInvalid);
    EXPECT_EQ(benjamini_hochberg(P{-1.0, bad}).error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace tact::stats
